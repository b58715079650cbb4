"""Which entries of an array share one mean and one variance, and what normalization makes of them."""

from dataclasses import dataclass

import numpy as np

from coursekit import datasets
from coursekit.diagnostics.histogram import Histograms, count_in_bins
from coursekit.nn import checks
from coursekit.words import two_decimals, whole_percent

# A layout, and what each of its axes counts.
LAYOUTS = {
    "(N, C, H, W)": ("image", "channel", "pixel row", "pixel column"),
    "(N, H, W, C)": ("image", "pixel row", "pixel column", "channel"),
    "(N, K)": ("image", "feature"),
}
# In (N, C, H, W) order every layout has its axis at one of these places.
PLACES = {"image": 0, "channel": 1, "feature": 1, "pixel row": 2, "pixel column": 3}
SCALE = np.array([10.0, 6.0, 6.0]).reshape(1, 3, 1, 1)
REACH, BINS = 3.0, 30  # of the histograms: ± 3 spreads


def feature_maps(images: np.ndarray) -> np.ndarray:
    """Return three maps of each image, (N, 3, 7, 7): brightness, and edges to the right and downwards.

    The 28 × 28 pixels in [0, 1] are averaged in blocks of 4 × 4 first. Brightness is scaled to 0 … 10, so
    that the channels differ in mean and spread, as those of a network do.
    """
    small = images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4))
    right = np.diff(small, axis=2, append=small[:, :, -1:])
    down = np.diff(small, axis=1, append=small[:, -1:])
    return np.stack([small, right, down], axis=1) * SCALE


def example_photos(which: int, images: int) -> np.ndarray:
    """Return `images` photographs of the batch number `which`, counted from 1: (N, 1, 28, 28) in [0, 1]."""
    first = 8 * (checks.positive_int("which", which) - 1)
    return datasets.fashion_mnist().x_train[first : first + images]


@dataclass(frozen=True)
class SharedStatistics:
    """Feature maps normalized with the statistics of one axis.

    Attributes
    ----------
    layout : str
        One of `LAYOUTS`.
    shape : tuple of int
        The shape of the array in that layout.
    axis : int
        The axis that keeps its own statistics, 0 or more; they run over all others.
    kind : str
        What that axis counts: "image", "channel", "feature", "pixel row" or "pixel column".
    photos : ndarray, shape (N, 28, 28), or None
        The photographs that the maps were made of, if they are to be seen.
    maps, normalized : ndarray, shape (N, C, H, W)
        Before and after, always in this order; H = W = 1 for (N, K).
    groups : ndarray of int, shape (N, C, H, W)
        Number of the statistic that an entry belongs to.
    mean, var : ndarray, shape (G,)
        Of each of the G groups, over all its entries.
    within, between : ndarray, shape (G,)
        Average over images of the variance inside an image, and variance of the images' means:
        ``within + between == var``, the law of total variance.
    averaged : bool
        Whether `within` was used in the place of `var`.
    before, after : Histograms
        One row a channel, of its values less its mean, in units of its spread: from -3 to 3.
    skewness : tuple of ndarray, shape (C,)
        Before and after: the mean cube of those, 0 for a symmetric histogram; nan without a spread.
    """

    layout: str
    shape: tuple[int, ...]
    axis: int
    kind: str
    maps: np.ndarray
    normalized: np.ndarray
    groups: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    within: np.ndarray
    between: np.ndarray
    averaged: bool
    before: Histograms
    after: Histograms
    skewness: tuple[np.ndarray, np.ndarray]
    photos: np.ndarray | None = None

    @property
    def axes(self) -> tuple[str, ...]:
        """What each axis of the layout counts, in the order of the axes."""
        return LAYOUTS[self.layout]

    @property
    def entries(self) -> int:
        """How many entries share one statistic."""
        return self.maps.size // len(self.mean)

    @property
    def channel_means(self) -> np.ndarray:
        """Mean of each channel after normalization, shape (C,)."""
        return self.normalized.mean(axis=(0, 2, 3))

    @property
    def channel_spreads(self) -> np.ndarray:
        """Standard deviation of each channel after normalization, shape (C,)."""
        return self.normalized.std(axis=(0, 2, 3))


def shared_statistics(
    maps: np.ndarray,
    layout: str = "(N, C, H, W)",
    axis: int = 1,
    *,
    averaged: bool = False,
    eps: float = 1e-5,
    photos: np.ndarray | None = None,
) -> SharedStatistics:
    r"""Lay `maps` out, take one mean and one variance along `axis`, and normalize.

    Parameters
    ----------
    maps : ndarray, shape (N, C, H, W)
        N images of C channels. For "(N, K)" each map is first replaced by its mean.
    layout : str
        How the array is laid out before the axis is counted.
    axis : int
        As in `nn.BatchNorm`; negative ones count from the end.
    averaged : bool
        Use the average of the images' own variances, which leaves out how far the images lie apart.
    eps : float
        ε, added to the variance inside the root.
    photos : ndarray, shape (N, 1, 28, 28), optional
        The photographs behind the maps; they are kept to be shown.

    Raises
    ------
    TypeError, ValueError
        If maps are not (N, C, H, W), the layout is unknown or has no such axis.
    """
    maps = checks.float_array("maps", maps, ndim=4).astype(np.float64)
    names = LAYOUTS[checks.one_of("layout", layout, tuple(LAYOUTS))]
    axis = _counted(axis, layout)
    if layout == "(N, K)":
        maps = maps.mean(axis=(2, 3), keepdims=True)
    place = PLACES[names[axis]]
    mean, var, within = _statistics(maps, place)
    normalized = (maps - mean) / np.sqrt((within if averaged else var) + eps)
    groups = np.arange(maps.shape[place]).reshape(mean.shape)
    return SharedStatistics(
        layout=layout,
        shape=_shape(maps, layout),
        axis=axis,
        kind=names[axis],
        maps=maps,
        normalized=normalized,
        groups=np.broadcast_to(groups, maps.shape),
        mean=mean.ravel(),
        var=var.ravel(),
        within=within.ravel(),
        between=(var - within).ravel(),
        averaged=averaged,
        before=_histograms(maps),
        after=_histograms(normalized),
        skewness=(_skewness(maps), _skewness(normalized)),
        photos=None if photos is None else photos[:, 0],
    )


def _counted(axis, layout):
    """Return the axis counted from 0; ValueError if the layout has none such."""
    count = len(LAYOUTS[layout])
    if axis not in range(-count, count):
        raise ValueError(f"{layout} has the axes 0 to {count - 1}; there is no axis {axis}.")
    return axis % count


def _statistics(maps, place):
    """Return mean and variance of what shares them, and the mean variance inside an image."""
    others = tuple(i for i in range(4) if i != place)
    mean = maps.mean(axis=others, keepdims=True)
    var = np.square(maps - mean).mean(axis=others, keepdims=True)
    means = maps.mean(axis=tuple(i for i in others if i != 0), keepdims=True)
    within = np.square(maps - means).mean(axis=others, keepdims=True)
    return mean, var, within


def _shape(maps, layout):
    n, c, h, w = maps.shape
    return {"(N, K)": (n, c), "(N, C, H, W)": (n, c, h, w), "(N, H, W, C)": (n, h, w, c)}[layout]


def _in_spreads(maps):
    """Return each channel less its mean, in units of its spread; 0 where it has none."""
    centred = maps - maps.mean(axis=(0, 2, 3), keepdims=True)
    spread = maps.std(axis=(0, 2, 3), keepdims=True)
    return np.divide(centred, spread, out=np.zeros_like(maps), where=spread > 1e-12)


def _histograms(maps):
    u = _in_spreads(maps)
    counted = [count_in_bins(u[:, c], -REACH, REACH, BINS) for c in range(maps.shape[1])]
    counts, below, above = (np.array(part) for part in zip(*counted, strict=True))
    return Histograms(np.linspace(-REACH, REACH, BINS + 1), counts, below, above)


def _skewness(maps):
    cubes = (_in_spreads(maps) ** 3).mean(axis=(0, 2, 3))
    return np.where(maps.std(axis=(0, 2, 3)) > 1e-12, cubes, np.nan)


def diagnose_shared(s: SharedStatistics) -> str:
    """Say what shares a statistic, whether that is the right axis, and what is missing."""
    count = f"{s.entries} entries" if s.entries > 1 else "1 entry"
    text = (
        f"x has the shape {s.shape}; axis {s.axis} counts {s.kind}s: "
        f"{len(s.mean)} statistics, each from {count}."
    )
    if s.kind in ("channel", "feature"):
        return f"{text} {_variance(s)}"
    off = int(np.abs(s.channel_means).argmax())
    wrong = (
        "Each image is judged alone, and its channels together"
        if s.kind == "image"
        else f"Every {s.kind} mixes all channels"
    )
    return (
        f"{text} {wrong}: channel {off + 1} comes out with mean {two_decimals(s.channel_means[off])} and "
        f"spread {two_decimals(s.channel_spreads[off])} instead of 0 and 1. "
        "The wrong axis for batch normalization."
    )


def _variance(s):
    if s.entries == 1:
        return "A single number is its own mean, so x̂ is 0 whatever goes in."
    if not s.averaged:
        alike = np.flatnonzero(s.channel_spreads < 0.995)
        if not alike.size:
            return f"Each {s.kind} comes out with mean 0 and spread 1."
        k = alike[0]
        return (
            f"Each {s.kind} comes out with mean 0 and spread 1, unless its values hardly differ: "
            f"{s.kind} {k + 1} had variance {two_decimals(s.var[k])}, next to ε, and comes out with spread "
            f"{two_decimals(s.channel_spreads[k])}."
        )
    if s.layout == "(N, K)":
        return (
            "Inside an image there is one number a feature, so the images' variances are all 0, and so is "
            "their average: x̂ is divided by √ε alone."
        )
    missing = s.between / s.var
    k = int(missing.argmax())
    if missing[k] < 1e-9:
        return "With a single image, or images of equal mean, nothing is missing from the average."
    return (
        f"In channel {k + 1} the images' variances average {two_decimals(s.within[k])}, the batch's "
        f"variance is {two_decimals(s.var[k])}: {whole_percent(missing[k])} is missing, the variance of "
        "the images' means. So the channel comes out with spread "
        f"{two_decimals(s.channel_spreads[k])}, not 1."
    )
