"""Photographs rebuilt from a few principal components, and noise that whitening makes large."""

import functools
from dataclasses import dataclass

import numpy as np

from coursekit.datasets import fashion_mnist
from coursekit.datasets.preprocessing import Components, fit_components
from coursekit.nn import checks
from coursekit.words import digits, number, percent

TRAIN, CHOICE, MOST = 2000, 40, 500
SHOWN = (0, 1, 2, 3, 29, 299)  # components that are seen as pictures, counted from 0


@dataclass(frozen=True)
class ComponentsReport:
    """One photograph, rebuilt from k components; and how whitening multiplies each of them.

    Attributes
    ----------
    k : int
        How many components.
    noise : float
        Spread of grey noise on each pixel.
    photograph, rebuilt : ndarray, shape (28, 28)
        A test image, with its noise; and the mean image plus its first k components.
    mean : ndarray, shape (28, 28)
        The mean of the training images.
    pictures : ndarray, shape (6, 28, 28)
        The components of `SHOWN`.
    spreads : ndarray, shape (500,)
        Of the training images along each component, in grey values.
    total : float
        The variance of all 784.
    """

    k: int
    noise: float
    photograph: np.ndarray
    rebuilt: np.ndarray
    mean: np.ndarray
    pictures: np.ndarray
    spreads: np.ndarray
    total: float

    @property
    def kept(self) -> float:
        """The share of the training images' variance in the first k components."""
        return float((self.spreads[: self.k].astype(float) ** 2).sum() / self.total)

    @property
    def off(self) -> float:
        """The root of the mean square by which a pixel of the rebuilt image is off."""
        return float(np.sqrt(np.mean((self.photograph - self.rebuilt) ** 2)))

    @property
    def factors(self) -> np.ndarray:
        """By how much whitening multiplies each component, shape (500,)."""
        return 1 / self.spreads

    @property
    def noise_after(self) -> np.ndarray:
        """Spread of the noise along each component after whitening; the training images have 1 there."""
        return self.noise * self.factors


@functools.cache
def clothes_components() -> Components:
    """Return the first 500 components of 2,000 training images, found once."""
    return fit_components(fashion_mnist().flat().x_train[:TRAIN], MOST)


def components_report(k: int, image: int, noise: float = 0.05) -> ComponentsReport:
    """Rebuild a test image from k components.

    Parameters
    ----------
    k : int
        1 to 500.
    image : int
        Which of 40 test images.
    noise : float
        Spread of the noise on each pixel, 0 or more; the same draw for every spread.

    Raises
    ------
    TypeError, ValueError
        If a number is out of its range.
    """
    if checks.positive_int("k", k) > MOST:
        raise ValueError(f"k must be at most {MOST}; got {k}.")
    if not 0 <= checks.whole("image", image) < CHOICE:
        raise ValueError(f"image must be 0 to {CHOICE - 1}; got {image}.")
    noise = checks.finite("noise", noise, low=0)
    found = clothes_components()
    drawn = np.random.default_rng(image).standard_normal((1, 784)).astype(np.float32)
    photograph = fashion_mnist().flat().x_test[image : image + 1] + np.float32(noise) * drawn
    rebuilt = found.back(found(photograph)[:, :k])
    return ComponentsReport(
        k,
        noise,
        photograph.reshape(28, 28),
        rebuilt.reshape(28, 28),
        found.mean.reshape(28, 28),
        found.directions[:, SHOWN].T.reshape(-1, 28, 28),
        np.sqrt(found.variances),
        found.total,
    )


def diagnose_components(report: ComponentsReport) -> str:
    """Say how much is kept, how far off the image is, and what whitening does to component k."""
    some = "the first" if report.k == 1 else f"{report.k}"
    more = (
        ""
        if report.k == 1
        else f" and component {report.k} by {digits(float(report.factors[report.k - 1]), 2)}"
    )
    text = (
        f"The mean image and {some} of 784 components: {percent(report.kept)} of the training images' "
        f"variance; this image is off by {number(report.off)} grey values a pixel (1 is black). Whitening "
        f"multiplies component 1 by {digits(float(report.factors[0]), 2)}{more}"
    )
    if not report.noise:
        return f"{text}."
    after = number(float(report.noise_after[report.k - 1]))
    return f"{text}: there noise of {number(report.noise)} becomes {after}, beside images of spread 1."
