"""Claims of lesson 11 on windows: loops and matrix products, shifts, flipped kernels, pooling, padding."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.experiments.convolution import convolve
from coursekit.experiments.kernel_descent import learn_kernel

HERE = "measured here"
S2 = "course notes on feature normalization, batch normalization and CNN, Task 3.2"


def loops(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """Return a convolution number by number."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    y = np.empty((len(x), len(w), (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1))
    for n, o, p, q in np.ndindex(y.shape):
        window = x[n, :, stride * p : stride * p + kh, stride * q : stride * q + kw]
        y[n, o, p, q] = sum((window * w[o]).ravel().tolist()) + b[o]
    return y


@claim(
    says="A convolution computed as a matrix product is the naive loops.",
    verdict="holds",
    measured="largest difference of two outputs",
    band=(0, 1e-12),
    setting="coursekit's Conv2D, float64, 2 images of 3 × 9 × 11, 4 filters of 3 × 2, stride 2, padding 1",
    source="Chellapilla, Puri & Simard 2006",
    carries=True,
)
def loops_are_a_matrix_product(seed: int) -> float:
    rng = np.random.default_rng(seed)
    layer = nn.Conv2D(4, (3, 2), stride=2, padding=1).initialize("he_normal", rng)
    x = rng.standard_normal((2, 3, 9, 11))
    y = layer.forward(x)
    return float(np.abs(y - loops(x, layer.params["W"], layer.params["b"], 2, 1)).max())


def follow(seed: int, shuffle: bool) -> float:
    """Return by how much a feature map differs from the moved one, as a share of its largest value."""
    rng = np.random.default_rng(seed)
    layer = nn.Conv2D(8, 3).initialize("he_normal", rng)
    x, order = rng.standard_normal((1, 1, 20, 20)), rng.permutation(400)
    moved = np.roll(x, 3, axis=3)
    if shuffle:
        x, moved = (a.reshape(-1)[order].reshape(a.shape) for a in (x, moved))
    still, now = layer.forward(x).copy(), layer.forward(moved)
    return float(np.abs(now[..., 3:] - still[..., :-3]).max() / np.abs(still).max())


@claim(
    says="If the input is shifted, the feature map shifts with it.",
    verdict="holds",
    measured="largest difference from the moved feature map, as a share of the largest value",
    band=(0, 1e-12),
    setting="8 drawn filters of 3 × 3, stride 1, one drawn image, moved by 3 pixels; away from the border",
    source="LeCun et al. 1989",
    carries=True,
)
def feature_maps_follow_a_shift(seed: int) -> float:
    return follow(seed, shuffle=False)


@claim(
    says="With all pixels shuffled it does not.",
    verdict="holds",
    measured="largest difference from the moved feature map, as a share of the largest value",
    band=(0.5, 3),
    setting="the same, both images shuffled in one order",
    source=HERE,
)
def shuffled_maps_do_not_follow(seed: int) -> float:
    return follow(seed, shuffle=True)


@claim(
    says="Gradient descent finds the edge detector from images and their edges.",
    verdict="holds",
    measured="largest difference of a learned weight from −2 … 2 of the Sobel kernel",
    band=(0, 0.05),
    setting="32 photographs, 100 steps of SGD with rate 1 and momentum 0.9, kernel drawn from N(0, 1)",
    source=HERE,
    carries=True,
)
def descent_finds_the_edge_detector(seed: int) -> float:
    return learn_kernel(100, np.random.default_rng(seed)).distance


@claim(
    says="A layer's “convolution” with its kernel flipped is the convolution of mathematics.",
    verdict="holds",
    measured="largest difference from numpy.convolve",
    band=(0, 1e-12),
    setting="one row of 30 drawn numbers, a kernel of 5",
    source="Dumoulin & Visin 2016",
)
def flipped_is_mathematics(seed: int) -> float:
    rng = np.random.default_rng(seed)
    layer = nn.Conv2D(1, (1, 5), bias=False).initialize("he_normal", rng)
    row = rng.standard_normal(30)
    y = layer.forward(row[None, None, None])
    return float(np.abs(y.ravel() - np.convolve(row, layer.params["W"].ravel()[::-1], "valid")).max())


def thin(seed: int) -> np.ndarray:
    """Return an image, 28 × 28, with three bright rows and three bright columns one pixel wide."""
    rng, image = np.random.default_rng(seed), np.zeros((28, 28))
    image[rng.choice(9, 3, replace=False) * 3 + 1] = 1
    image[:, rng.choice(9, 3, replace=False) * 3 + 1] = 1
    return image


@claim(
    says="Min pooling wipes out shapes of high numbers that are thinner than its window.",
    verdict="holds",
    measured="largest number that is left",
    band=(0, 0),
    setting="six lines of ones, one pixel wide, on zeros, 28 × 28, windows of 2 × 2",
    source=HERE,
    carries=True,
)
def min_pooling_wipes_thin_shapes(seed: int) -> float:
    return float(convolve(thin(seed), "min", size=2, stride=2).output.max())


@claim(
    says="Max pooling thickens them instead.",
    verdict="holds",
    measured="share of ones after max pooling, as a multiple of that before",
    band=(1.5, 2.1),
    setting="the same",
    source=HERE,
)
def max_pooling_thickens(seed: int) -> float:
    image = thin(seed)
    return float(convolve(image, "max", size=2, stride=2).output.mean() / image.mean())


@claim(
    says="Where windows overlap, something sticks out that padding has to fill.",
    verdict="folklore",
    measured="windows that hang over the edge, of kernels that overlap, without padding",
    band=(0, 0),
    setting="kernel 3 to 5, stride below it, sizes drawn from 13 to 28",
    source=f"said by {S2}; overlap is stride < kernel, overhang is padding",
)
def overlap_needs_no_padding(seed: int) -> float:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 6))
    image = np.zeros(rng.integers(13, 29, size=2))
    return float(convolve(image, "blur", size=size, stride=int(rng.integers(1, size))).overhanging)
