"""One small net with four choices of normalization, trained on small batches, judged on shifted images."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import Dataset, fashion_split
from coursekit.diagnostics.batch_statistics import noise_of_means, with_statistics_of
from coursekit.nets.deep import deep_net
from coursekit.nn import checks
from coursekit.training import evaluate, fit
from coursekit.words import whole_percent

GROUPS = 8
NORMS = {
    "no norm": None,
    "batch norm": nn.BatchNorm,
    "layer norm": nn.LayerNorm,
    "group norm": lambda: nn.GroupNorm(GROUPS),
}
BATCH_SIZES = (2, 4, 8, 16, 32, 64)
WIDTH, DEPTH, RATE = 64, 2, 0.1
EDGES = np.linspace(-3.05, 3.05, 62)  # a bin of its own round 0
PICTURED = 6


@dataclass(frozen=True)
class NormChoice:
    """How four nets fare that differ in their normalization alone.

    Attributes
    ----------
    batch_size : int
        B, of the training.
    brightness, contrast : float
        Of the shift: the images that are judged are contrast · x + brightness.
    names : tuple of str
    errors, shifted : ndarray, shape (4,)
        Share of wrong answers on the test images as they are, and shifted.
    refreshed : float
        The same for batch norm on the shifted images, its running statistics replaced by theirs.
    sizes, noise : ndarray, shape (6,)
        Batch sizes, and how far the mean of such a batch lies from that of all images, in spreads.
    edges : ndarray, shape (62,)
    changes : ndarray, shape (2, 61)
        By how much the shift changes what batch norm and layer norm hand to the first ReLU, over all
        units and images: shares. What lies outside the edges is in the outermost bins.
    photos : ndarray, shape (6, 28, 28)
        The first test images of six classes, shifted: grey values, 0 black and 1 white.
    truth : tuple of str
        Their classes.
    said : tuple of tuple of str, shape (2, 6)
        What batch norm and layer norm say that they are.
    """

    batch_size: int
    brightness: float
    contrast: float
    names: tuple[str, ...]
    errors: np.ndarray
    shifted: np.ndarray
    refreshed: float
    sizes: np.ndarray
    noise: np.ndarray
    edges: np.ndarray
    changes: np.ndarray
    photos: np.ndarray
    truth: tuple[str, ...]
    said: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def is_shifted(self) -> bool:
        """Whether the images that are judged differ from those of the training at all."""
        return self.brightness != 0 or self.contrast != 1


def norm_net(name: str, *, first: bool = False) -> nn.Sequential:
    """Return a net of two hidden layers of 64 ReLU units with the norm of that name before each ReLU.

    Parameters
    ----------
    name : str
        A key of `NORMS`.
    first : bool
        Whether the images themselves pass such a norm too.
    """
    norm = NORMS[checks.one_of("name", name, tuple(NORMS))]
    net = deep_net("relu", DEPTH, WIDTH, norm=norm)
    return nn.Sequential(norm(), *net.layers) if first and norm else net


def train_norm_net(
    name: str, split: Dataset, batch_size: int, seed: int, *, epochs: int = 1, first: bool = False
) -> nn.Sequential:
    """Return the trained net: plain gradient descent, He's start, rate 0.1 · B / 32.

    The rate grows with the batch size B, so that a pass over the images moves the weights about equally
    far at any B (Goyal et al. 2017; Wu & He 2018 do the same).
    """
    net = norm_net(name, first=first).initialize("he_normal", np.random.default_rng(seed))
    rng, rate = np.random.default_rng([seed, 1]), RATE * batch_size / 32
    for _ in fit(
        net, split.x_train, split.y_train, nn.SGD(rate), epochs=epochs, batch_size=batch_size, rng=rng
    ):
        pass
    return net


@lru_cache(maxsize=512)
def quick_net(name: str, batch_size: int, seed: int, first: bool = False) -> nn.Sequential:
    """Return `train_norm_net` after one pass over 1,024 images; each is trained once."""
    return train_norm_net(name, fashion_split(1024, 1000), batch_size, seed, first=first)


def shift(x: np.ndarray, brightness: float, contrast: float = 1.0) -> np.ndarray:
    """Return contrast · x + brightness; a brightness of 1 is one spread of the grey values."""
    return (contrast * x + brightness).astype(x.dtype)


def error(net: nn.Block, x: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of wrong answers in predict mode."""
    wrong = evaluate(net, x, labels).error
    net.forward(x[:1])  # a layer keeps its last batch; a kept net should hold a small one
    return wrong


@lru_cache(maxsize=512)
def quick_error(name: str, batch_size: int, seed: int, first: bool = False) -> float:
    """Return the error of `quick_net` on 1,000 other images."""
    split = fashion_split(1024, 1000)
    return error(quick_net(name, batch_size, seed, first), split.x_test, split.y_test)


def norm_choice(
    batch_size: int, brightness: float = 0.0, contrast: float = 1.0, seed: int = 0, *, first: bool = False
) -> NormChoice:
    """Train the four nets on 1,024 images and judge them on 1,000 others, as they are and shifted."""
    split = fashion_split(1024, 1000)
    moved = shift(split.x_test, brightness, contrast)
    nets = {name: quick_net(name, batch_size, seed, first) for name in NORMS}
    errors = [quick_error(name, batch_size, seed, first) for name in NORMS]
    shifted = [error(net, moved, split.y_test) for net in nets.values()]
    fresh = with_statistics_of(nets["batch norm"], moved)
    both = [nets["batch norm"], nets["layer norm"]]
    return NormChoice(
        batch_size, brightness, contrast, tuple(NORMS), np.array(errors), np.array(shifted),
        error(fresh, moved, split.y_test), np.array(BATCH_SIZES), batch_noise(seed), EDGES,
        np.array([_change(net, split.x_test, moved) for net in both]), *_pictured(split, moved, both),
    )  # fmt: skip


def _pictured(split, moved, nets):
    """Return the first images of six classes as grey values, their classes, and what the nets say."""
    which = np.sort(np.unique(split.y_test, return_index=True)[1])[:PICTURED]
    black, white = split.x_test.min(), split.x_test.max()
    grey = np.clip((moved[which] - black) / (white - black), 0, 1).reshape(-1, 28, 28)
    names = [[split.class_names[k] for k in net.forward(moved[which]).argmax(axis=1)] for net in nets]
    truth = tuple(split.class_names[k] for k in split.y_test[which])
    return grey, truth, (tuple(names[0]), tuple(names[1]))


@lru_cache(maxsize=32)
def batch_noise(seed: int, sizes: tuple[int, ...] = BATCH_SIZES) -> np.ndarray:
    """Return the noise of batch means of 64 pre-activations of an untrained layer on 1,024 images."""
    layer = nn.Dense(WIDTH).initialize("he_normal", np.random.default_rng(seed))
    s = layer.forward(fashion_split(1024, 1000).x_train)
    return noise_of_means(s, sizes, np.random.default_rng([seed, 2]))


def _change(net, x, moved):
    """Return the shares, in bins, of the change of what the first ReLU is given, from x to moved."""
    end = next(i for i, layer in enumerate(net.layers) if isinstance(layer, nn.ReLU))
    below = nn.Sequential(*net.layers[:end])
    change = below.forward(moved) - below.forward(x)
    below.forward(x[:1])
    return np.histogram(np.clip(change, EDGES[0], EDGES[-1]), EDGES)[0] / change.size


def _from_to(shares):
    """Return the range of some shares in words."""
    ends = [whole_percent(min(shares)), whole_percent(max(shares))]
    return " to ".join(dict.fromkeys(ends))


def diagnose_norm_choice(result: NormChoice) -> str:
    """Say who fails: on small batches, on shifted images; and what fresh statistics would give."""
    now = dict(zip(result.names, result.errors, strict=True))
    others = [now[name] for name in ("layer norm", "group norm")]
    noise = result.noise[list(result.sizes).index(result.batch_size)]
    text = (
        f"Batches of {result.batch_size}: a batch's mean is off by {noise:.2f} spreads. Wrong answers: "
        f"batch norm {whole_percent(now['batch norm'])}, layer and group norm {_from_to(others)}, "
        f"no norm {whole_percent(now['no norm'])}."
    )
    if not result.is_shifted:
        return text
    moved = ", ".join(
        f"{name} {whole_percent(value)}" for name, value in zip(result.names, result.shifted, strict=True)
    )
    refreshed = whole_percent(result.refreshed)
    return f"{text} On shifted images: {moved}; batch norm with fresh statistics {refreshed}."
