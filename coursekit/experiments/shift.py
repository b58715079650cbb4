"""Which net notices that photographs are shifted, or that all their pixels are shuffled."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_mnist
from coursekit.experiments.convolution import picture_of
from coursekit.nets import deep_net, small_cnn
from coursekit.nn import checks
from coursekit.training import evaluate, fit
from coursekit.words import percent, with_minus

NETS = ("MLP", "CNN", "CNN, averaged")
IMAGES = ("boot", "shirt")
SHIFTS = tuple(range(9))
MOST = SHIFTS[-1]
FILTERS, TRAIN, TEST, EPOCHS = 8, 2000, 300, 2
RATES = (0.01, 0.02, 0.05)


@dataclass(frozen=True)
class Shift:
    """A shifted photograph, a feature map of it, and how often three nets are right on such.

    Attributes
    ----------
    shift : int
        To the right, in pixels.
    shuffled : bool
        Whether the pixels of all images stand in one new order.
    image : ndarray, shape (28, 28)
        As the nets see it, grey values 0 to 1.
    feature_map : ndarray, shape (28, 28)
        Of this image: one filter of the CNN's first layer.
    moved_map : ndarray, shape (28, 28)
        The feature map of the image that is not shifted, moved by as many pixels.
    accuracies : ndarray, shape (3, 9)
        Of the nets `NETS` on 300 new images that are shifted by 0, 1, … 8 pixels.
    """

    shift: int
    shuffled: bool
    image: np.ndarray
    feature_map: np.ndarray
    moved_map: np.ndarray
    accuracies: np.ndarray

    @property
    def difference(self) -> float:
        """The largest difference of the two maps where both are known, as a share of the largest value."""
        inside = (slice(1, -1), slice(MOST + 2, -2))
        largest = np.abs(self.moved_map).max()
        return float(np.abs(self.feature_map - self.moved_map)[inside].max() / largest)


def shifted(images: np.ndarray, by: int) -> np.ndarray:
    """Move images (…, H, W) to the right by 0 to 27 pixels; the ground, 0, fills what becomes free."""
    moved = np.zeros_like(images)
    moved[..., by:] = images[..., : images.shape[-1] - by]
    return moved


@lru_cache(maxsize=1)
def _order():
    return np.random.default_rng(11).permutation(28 * 28)


def _seen(images, shuffled):
    """Return images as the nets see them, with their pixels shuffled or not."""
    if not shuffled:
        return images
    return images.reshape(*images.shape[:-2], -1)[..., _order()].reshape(images.shape)


@lru_cache(maxsize=1)
def _split():
    """Return the photographs, and the mean and the spread of their grey values, to standardize them."""
    data = fashion_mnist().first(TRAIN, TEST)
    return data, float(data.x_train.mean()), float(data.x_train.std())


def trained(net: nn.Sequential, rate: float, seed: int = 0, shuffled: bool = False) -> nn.Sequential:
    """Train a net for two passes over 2,000 photographs that stand in the middle, and return it."""
    data, mean, spread = _split()
    x, rng = (_seen(data.x_train, shuffled) - mean) / spread, np.random.default_rng(seed)
    net.initialize("he_normal", rng)
    sgd = nn.SGD(rate, momentum=0.9)
    for _ in fit(net, x, data.y_train, sgd, epochs=EPOCHS, batch_size=32, rng=rng):
        pass
    return net


def right_when_shifted(net: nn.Sequential, by: int, shuffled: bool = False) -> float:
    """Return how often a net is right on 300 new images that are shifted by so many pixels."""
    data, mean, spread = _split()
    x = (_seen(shifted(data.x_test, by), shuffled) - mean) / spread
    return evaluate(net, x, data.y_test).right


@lru_cache(maxsize=4)
def trained_nets(shuffled: bool, seed: int = 0) -> tuple[nn.Sequential, ...]:
    """Return the three nets, trained. Made once and kept."""
    mlp = nn.Sequential(nn.Flatten(), *deep_net("relu", 1, 256).layers)
    averaged = small_cnn((FILTERS, 16), batch_norm=True, any_size=True)
    nets = mlp, small_cnn((FILTERS, 16)), averaged
    return tuple(trained(net, rate, seed, shuffled) for net, rate in zip(nets, RATES, strict=True))


@lru_cache(maxsize=4)
def accuracies(shuffled: bool, seed: int = 0) -> np.ndarray:
    """Return how often the nets are right on shifted images, shape (3, 9). Measured once and kept."""
    nets = trained_nets(shuffled, seed)
    found = np.array([[right_when_shifted(net, by, shuffled) for by in SHIFTS] for net in nets])
    found.flags.writeable = False
    return found


def shift_report(image: str, shift: int, filter_number: int = 0, shuffled: bool = False) -> Shift:
    """Shift a photograph, and tell what a filter and three nets make of it.

    Parameters
    ----------
    image : str
        One of `IMAGES`.
    shift : int
        To the right, 0 to 8 pixels.
    filter_number : int
        0 to 7.
    shuffled : bool
        Whether the pixels of all images stand in one new order, in training too.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    checks.one_of("image", image, IMAGES)
    checks.flag("shuffled", shuffled)
    for name, value, most in (("shift", shift, MOST), ("filter_number", filter_number, FILTERS - 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            raise TypeError(f"{name} must be a whole number; got {value!r}.")
        if not 0 <= value <= most:
            raise ValueError(f"{name} must be from 0 to {most}; got {value}.")
    grey = picture_of(image).astype(np.float32)
    _, mean, spread = _split()
    convolution = trained_nets(shuffled)[1].layers[0]
    both = np.stack([_seen(grey, shuffled), _seen(shifted(grey, shift), shuffled)])
    still, now = convolution.forward(((both - mean) / spread)[:, None])[:, filter_number]
    moved = np.full_like(still, still[2, 2]) if shift else still.copy()
    moved[:, shift:] = still[:, : 28 - shift]
    return Shift(int(shift), shuffled, both[1], now, moved, accuracies(shuffled))


def diagnose_shift(s: Shift) -> str:
    """Say whether the feature map follows, and what the nets lose."""
    at = s.accuracies[:, s.shift]
    follows = s.difference < 1e-5
    if s.shift:
        text = f"Shifted by {s.shift} pixel{'s' * (s.shift > 1)}: the feature map "
        text += "is that of the unshifted image, moved along (inside the border). " if follows else (
            f"is another one; it differs by {percent(s.difference)} of its largest value. "
        )  # fmt: skip
    else:
        text = "Not shifted. "
    rights = ", ".join(f"{name} {100 * share:.0f} %" for name, share in zip(NETS, at, strict=True))
    text += f"Right on {TEST} such images: {rights}"
    if s.shift:
        lost = 100 * (s.accuracies[:, 0] - at)
        text += f"; lost by the shift: {', '.join(with_minus(f'{x:.0f}') for x in lost)} points"
    return text + (". All pixels are shuffled, in training too." if s.shuffled else ".")
