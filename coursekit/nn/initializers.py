"""How weights start: one variance-scaling rule, and the field's named cases of it.

Every initializer draws ``W = scale(shape) * pattern(shape, rng)``. The pattern is random and knows no
sizes; the scale is a number and knows no randomness. The whole art of initialization is the scale.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (fan_in, fan_out): how many numbers feed one output, and how many outputs one feeds.

    Parameters
    ----------
    shape : tuple of int
        (n_in, n_out) of a dense weight, or (C_out, C_in, KH, KW) of a convolution's.

    Raises
    ------
    ValueError
        For any other number of axes, or a size below 1.
    TypeError
        If it is no tuple of whole numbers.
    """
    if not np.iterable(shape):
        raise TypeError(f"shape must be a tuple such as (784, 500); got {shape!r}.")
    shape = tuple(checks.positive_int("a size in shape", n) for n in shape)
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        window = shape[2] * shape[3]
        return shape[1] * window, shape[0] * window
    raise ValueError(f"a weight is (n_in, n_out) or (C_out, C_in, KH, KW); got the shape {shape}.")


def _standard_normal(shape, rng, dtype):
    return rng.standard_normal(shape, dtype=dtype)


def _unit_uniform(shape, rng, dtype):
    # U(-a, a) has the variance a²/3, so a = √3 makes it 1.
    return (2 * rng.random(shape, dtype=dtype) - 1) * dtype.type(math.sqrt(3))


def _ones(shape, rng, dtype):
    return np.ones(shape, dtype)


def _orthogonal(shape, rng, dtype):
    # QR of a Gaussian matrix; the signs of R's diagonal make the draw uniform (Mezzadri 2007).
    fan_in, _ = fans(shape)
    rows, columns = (fan_in, shape[1]) if len(shape) == 2 else (shape[0], fan_in)
    gauss = rng.standard_normal((max(rows, columns), min(rows, columns)), dtype=dtype)
    q, r = np.linalg.qr(gauss)
    q *= np.sign(np.diag(r))
    return np.ascontiguousarray(q if rows >= columns else q.T).reshape(shape)


PATTERNS: dict[str, Callable] = {
    "normal": _standard_normal,
    "uniform": _unit_uniform,
    "constant": _ones,
    "orthogonal": _orthogonal,
}


@dataclass(frozen=True)
class Initializer:
    """A rule that draws a weight of any shape: ``W = scale(shape) * pattern(shape, rng)``.

    Attributes
    ----------
    name : str
        What to call it in a table or a picture.
    pattern : str
        A key of `PATTERNS`; "normal" and "uniform" have mean 0 and variance 1.
    scale : callable
        From a shape to a number; for "normal" and "uniform" it is the standard deviation of W.
    """

    name: str
    pattern: str
    scale: Callable[[tuple[int, ...]], float]

    def __post_init__(self):
        checks.one_of("pattern", self.pattern, tuple(PATTERNS))
        if not callable(self.scale):
            raise TypeError(f"scale must be a function from a shape to a number; got {self.scale!r}.")

    def __call__(
        self, shape: tuple[int, ...], rng: np.random.Generator, dtype: np.dtype | type = np.float32
    ) -> np.ndarray:
        """Draw a weight of the given shape and dtype (float32 or float64)."""
        dtype = np.dtype(dtype)
        if dtype not in (np.float32, np.float64):
            raise TypeError(f"dtype must be float32 or float64; got {dtype}.")
        checks.generator(rng)
        fans(shape)
        scale = checks.finite("the scale", self.scale(shape))
        return PATTERNS[self.pattern](shape, rng, dtype) * dtype.type(scale)


Scheme = str | Initializer  # a name, or the thing itself
# What a layer of unknown size waits with: how to draw, and from what.
Plan = tuple[Initializer, np.random.Generator]


def variance_scaling(scale: float, mode: str, distribution: str) -> Initializer:
    r"""Draw W with mean 0 and :math:`\mathrm{var}(W) = \mathrm{scale} / n`.

    Parameters
    ----------
    scale : float
        1 for LeCun and Xavier, 2 for He.
    mode : {"fan_in", "fan_out", "fan_avg"}
        What n is: fan_in keeps the spread forward, fan_out backward, their average is Xavier's bargain.
    distribution : {"normal", "uniform"}
        The uniform law reaches to ±√(3 scale / n).

    Raises
    ------
    ValueError
        For an unknown mode or distribution, or a scale that is negative or not finite.
    """
    scale = checks.finite("scale", scale, low=0)
    checks.one_of("mode", mode, ("fan_in", "fan_out", "fan_avg"))
    checks.one_of("distribution", distribution, ("normal", "uniform"))

    def std(shape):
        fan_in, fan_out = fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
        return math.sqrt(scale / n)

    return Initializer(f"variance_scaling({scale:g}, {mode}, {distribution})", distribution, std)


def normal(sigma: float) -> Initializer:
    """Draw from N(0, sigma²), whatever the sizes; ValueError if sigma is negative or not finite."""
    sigma = checks.finite("sigma", sigma, low=0)
    return Initializer(f"normal({sigma:g})", "normal", lambda shape: sigma)


def uniform(limit: float) -> Initializer:
    """Draw from U(-limit, limit), variance limit²/3; ValueError if limit is negative or not finite."""
    limit = checks.finite("limit", limit, low=0)
    return Initializer(f"uniform({limit:g})", "uniform", lambda shape: limit / math.sqrt(3))


def constant(c: float) -> Initializer:
    """Set every weight to c: all units of a layer stay twins."""
    c = checks.finite("c", c)
    return Initializer(f"constant({c:g})", "constant", lambda shape: c)


def orthogonal(gain: float = 1.0) -> Initializer:
    """Draw gain × a random orthogonal matrix (Saxe et al. 2014): lengths are kept exactly at gain 1.

    W as the matrix (n_in, n_out), for a convolution (C_out, fan_in), has orthonormal rows where it is
    wider than tall, else orthonormal columns.
    """
    gain = checks.finite("gain", gain, low=0)
    return Initializer(f"orthogonal({gain:g})", "orthogonal", lambda shape: gain)


SCHEMES: dict[str, Initializer] = {
    "zeros": constant(0),
    # Gluon's default when net.initialize() is given nothing.
    "uniform_0.07": uniform(0.07),
    # The old heuristic U(±1/√fan_in), called "standard" in Glorot & Bengio 2010, eq. 1.
    "standard_uniform": variance_scaling(1 / 3, "fan_in", "uniform"),
    # LeCun et al. 1998, "Efficient BackProp", eq. 16. Notes and slides after CS231n call it Xavier.
    "lecun_normal": variance_scaling(1, "fan_in", "normal"),
    # Glorot & Bengio 2010, eq. 16: U(±√(6 / (fan_in + fan_out))).
    "xavier_uniform": variance_scaling(1, "fan_avg", "uniform"),
    "xavier_normal": variance_scaling(1, "fan_avg", "normal"),
    # He et al. 2015, eq. 10: std √(2 / fan_in).
    "he_uniform": variance_scaling(2, "fan_in", "uniform"),
    "he_normal": variance_scaling(2, "fan_in", "normal"),
    "orthogonal": orthogonal(),
}


def get(scheme: str | Initializer) -> Initializer:
    """Return the initializer called `scheme`, or `scheme` itself if it is one.

    Raises
    ------
    ValueError
        If no scheme has that name; the sentence lists those that exist.
    TypeError
        If it is neither a name nor an initializer.
    """
    if isinstance(scheme, Initializer):
        return scheme
    if not isinstance(scheme, str):
        raise TypeError(f"scheme must be a name or an initializer like normal(0.01); got {scheme!r}.")
    return SCHEMES[checks.one_of("scheme", scheme, tuple(SCHEMES))]


# Each named case is importable by itself: initializers.he_normal((784, 500), rng).
zeros = SCHEMES["zeros"]
standard_uniform = SCHEMES["standard_uniform"]
lecun_normal = SCHEMES["lecun_normal"]
xavier_uniform = SCHEMES["xavier_uniform"]
xavier_normal = SCHEMES["xavier_normal"]
he_uniform = SCHEMES["he_uniform"]
he_normal = SCHEMES["he_normal"]
