r"""Shift, scale and turn the features of a data set; whatever is learned, the training split teaches it.

Each `fit_…` looks at the training samples, shape (N, K), and returns a frozen map. Called on other samples
of K features it gives them the same treatment: ``ready = fit_standardization(x_train); ready(x_test)``.

Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998, section 4.3.
"""

from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks


def _samples(x, features=None):
    """Return x as a float array (N, K), finite, with the K wanted."""
    x = checks.float_array("x", x, ndim=2)
    if features is not None and x.shape[1] != features:
        raise ValueError(
            f"these statistics were taken of {features} features; x has {x.shape[1]}. "
            "Give it samples of the same kind."
        )
    if not np.isfinite(x).all():
        raise ValueError("x holds nan or infinite numbers: find and mend them first.")
    return x


def constant_features(x: np.ndarray) -> np.ndarray:
    """Return which features never change, bool of shape (K,): the smallest value is the largest.

    ``x.std(axis=0) == 0`` asks the same, but the mean of equal numbers may be rounded, and then it misses.
    """
    x = _samples(x)
    return x.min(axis=0) == x.max(axis=0)


@dataclass(frozen=True, eq=False)
class Centring:
    """x − mean.

    Attributes
    ----------
    mean : ndarray, shape (K,)
    """

    mean: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return x less the training mean, shape (N, K)."""
        return _samples(x, len(self.mean)) - self.mean


def fit_centring(x: np.ndarray) -> Centring:
    """Learn the mean of each feature.

    Raises
    ------
    TypeError, ValueError
        If x is no finite array of shape (N, K), as for all functions here.
    """
    return Centring(_samples(x).mean(axis=0))


@dataclass(frozen=True, eq=False)
class Standardization:
    r"""(x − mean) / (std + ε), cut off at ±clip, without the features that were constant if `drop`.

    Attributes
    ----------
    mean, std : ndarray, shape (K,)
        The biased standard deviation, divided by N.
    eps : float
    clip : float or None
    kept : ndarray of bool, shape (K,)
        Which features are there afterwards.
    """

    mean: np.ndarray
    std: np.ndarray
    eps: float
    clip: float | None
    kept: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return x in training spreads from the training mean, shape (N, features kept)."""
        x, scale = _samples(x, len(self.mean))[:, self.kept], self.std[self.kept] + self.eps
        with np.errstate(divide="ignore", invalid="ignore"):
            ready = (x - self.mean[self.kept]) / scale
        return ready if self.clip is None else np.clip(ready, -self.clip, self.clip)


def fit_standardization(
    x: np.ndarray, *, eps: float = 0.0, clip: float | None = None, drop: bool = False
) -> Standardization:
    """Learn mean and spread of each feature.

    Parameters
    ----------
    x : ndarray, shape (N, K)
        The training samples.
    eps : float
        ε, added to every spread: a feature that hardly changes is not blown up.
    clip : float, optional
        Farther from 0 no value may lie.
    drop : bool
        Whether features that never change are left out.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    x = _samples(x)
    checks.finite("eps", eps, low=0)
    if clip is not None:
        checks.positive("clip", clip, "nothing would be left of x")
    kept = ~constant_features(x) if checks.flag("drop", drop) else np.ones(x.shape[1], bool)
    return Standardization(x.mean(axis=0), x.std(axis=0), eps, clip, kept)


@dataclass(frozen=True, eq=False)
class MinMax:
    """(x − low) / (high − low): the training samples lie between 0 and 1. A constant feature becomes 0.

    Attributes
    ----------
    low, high : ndarray, shape (K,)
    """

    low: np.ndarray
    high: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return x on the training range; other samples may lie beyond 0 and 1."""
        span = np.where(self.high > self.low, self.high - self.low, 1)
        return (_samples(x, len(self.low)) - self.low) / span.astype(self.low.dtype)


def fit_min_max(x: np.ndarray) -> MinMax:
    """Learn the smallest and the largest value of each feature."""
    x = _samples(x)
    return MinMax(x.min(axis=0), x.max(axis=0))


@dataclass(frozen=True, eq=False)
class Components:
    """The directions in which the training samples spread most, at right angles to each other.

    Attributes
    ----------
    mean : ndarray, shape (K,)
    directions : ndarray, shape (K, k)
        A **column** for each component, of length 1; the widest spread first.
    variances : ndarray, shape (k,)
        Of the training samples along each, divided by N.
    total : float
        The variance of all K components.
    """

    mean: np.ndarray
    directions: np.ndarray
    variances: np.ndarray
    total: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return how far each sample lies along each component, shape (N, k)."""
        return (_samples(x, len(self.mean)) - self.mean) @ self.directions

    def back(self, along: np.ndarray) -> np.ndarray:
        """Return samples, shape (N, K), from the first components of theirs, shape (N, at most k)."""
        along = checks.float_array("along", along, ndim=2)
        if along.shape[1] > self.directions.shape[1]:
            raise ValueError(
                f"there are {self.directions.shape[1]} components; along has {along.shape[1]} columns."
            )
        return along @ self.directions[:, : along.shape[1]].T + self.mean


def fit_components(x: np.ndarray, k: int | None = None) -> Components:
    """Learn the k principal components (PCA): eigenvectors of the covariance, largest eigenvalue first.

    Parameters
    ----------
    x : ndarray, shape (N, K)
        The training samples.
    k : int, optional
        How many; all K by default. Signs are such that each component's largest entry is positive.

    Raises
    ------
    TypeError, ValueError
        If k is no whole number from 1 to K.
    """
    x = _samples(x)
    if k is not None and checks.positive_int("k", k) > x.shape[1]:
        raise ValueError(f"k must be at most {x.shape[1]}, the number of features; got {k}.")
    mean = x.mean(axis=0)
    centred = (x - mean).astype(np.float64)
    variances, directions = np.linalg.eigh(centred.T @ centred / len(x))
    variances, directions = np.maximum(variances[::-1], 0), directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(len(largest))])
    shown, spread = directions[:, :k].astype(x.dtype), variances[:k].astype(x.dtype)
    return Components(mean, shown, spread, float(variances.sum()))


@dataclass(frozen=True, eq=False)
class Whitening:
    r"""Along each component, divided by :math:`\sqrt{\lambda + \varepsilon}`; turned back if `zca`.

    Attributes
    ----------
    components : Components
    eps : float
    zca : bool
    """

    components: Components
    eps: float
    zca: bool

    @property
    def factors(self) -> np.ndarray:
        """By how much each component is multiplied, shape (k,)."""
        with np.errstate(divide="ignore"):
            return 1 / np.sqrt(self.components.variances + self.components.variances.dtype.type(self.eps))

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return x whitened, (N, k), or (N, K) if it is turned back."""
        with np.errstate(invalid="ignore"):
            white = self.components(x) * self.factors
        return white @ self.components.directions.T if self.zca else white


def fit_whitening(x: np.ndarray, k: int | None = None, *, eps: float = 0.0, zca: bool = False) -> Whitening:
    """Learn to make all features of variance 1 and uncorrelated.

    Parameters
    ----------
    x, k
        As for `fit_components`.
    eps : float
        ε, added to each variance: components that hardly spread are not blown up.
    zca : bool
        Whether to turn back afterwards, so that images look like images.
    """
    checks.finite("eps", eps, low=0)
    return Whitening(fit_components(x, k), eps, checks.flag("zca", zca))
