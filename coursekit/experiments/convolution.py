"""One window on one image: the arithmetic of a convolution or a pooling at a chosen place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit.datasets import fashion_mnist
from coursekit.experiments.kernel_descent import SOBEL, learned_kernel
from coursekit.experiments.trained_cnn import FILTERS, trained_filters
from coursekit.nn import checks
from coursekit.nn.windows import windows
from coursekit.words import two_decimals

IMAGES = ("boot", "shirt", "digit", "grid")
KERNELS = ("edges_across", "edges_down", "blur", "learned", "filter")
POOLS: dict[str, Callable[..., np.ndarray]] = {"max": np.max, "mean": np.mean, "min": np.min}
OPERATIONS = (*KERNELS, *POOLS)
SMALLEST, LARGEST = 13, 28  # pixels along each side of an image: every window fits
MOST_PADDING = 3
LIMITS = {
    "size": (2, 5),
    "stride": (1, 4),
    "padding": (0, MOST_PADDING),
    "dilation": (1, 3),
    "filter_number": (0, FILTERS - 1),
}
SIZED = ("blur", *POOLS)  # whose window may have any size; the other kernels are 3 × 3
_SEVEN = ("0000000", "0111110", "0000010", "0000100", "0001000", "0010000", "0010000")


@dataclass(frozen=True)
class Convolution:
    """What a window does to an image, and at one place in detail.

    Attributes
    ----------
    image : ndarray, shape (H, W)
        Grey values, 0 to 1.
    operation : str
        One of `OPERATIONS`.
    kernel : ndarray, shape (k, k), or None
        The weights as they are laid on the image; None for a pooling.
    stride, padding, dilation : int
    place : (int, int)
        Row and column of the output that is looked at.
    output : ndarray, shape (OH, OW)
    window : ndarray, shape (k, k)
        The pixels that are seen from the place.
    rows, columns : ndarray of int, shape (k,)
        Where in the image they are; below 0, or H and more, lies the padding.
    """

    image: np.ndarray
    operation: str
    kernel: np.ndarray | None
    stride: int
    padding: int
    dilation: int
    place: tuple[int, int]
    output: np.ndarray
    window: np.ndarray
    rows: np.ndarray
    columns: np.ndarray

    @property
    def size(self) -> int:
        """The pixels of the window along each side, k."""
        return len(self.window)

    @property
    def covered(self) -> int:
        """The pixels between its first and its last, both included, d (k - 1) + 1."""
        return self.dilation * (self.size - 1) + 1

    @property
    def products(self) -> np.ndarray | None:
        """Pixel times weight, shape (k, k); None for a pooling."""
        return None if self.kernel is None else self.window * self.kernel

    @property
    def value(self) -> float:
        """The output at the place."""
        return float(self.output[self.place])

    @property
    def overlap(self) -> int:
        """By how many pixels the spans of two neighbouring windows lie on each other, 0 or more."""
        return max(0, self.covered - self.stride)

    @property
    def hangs_over(self) -> bool:
        """Whether the window at the place sees padding."""
        inside = [
            (at >= 0).all() and (at < n).all()
            for at, n in zip((self.rows, self.columns), self.image.shape, strict=True)
        ]
        return not all(inside)

    @property
    def overhanging(self) -> int:
        """How many of all windows see padding."""
        inside = 1
        for n, places in zip(self.image.shape, self.output.shape, strict=True):
            first = np.arange(places) * self.stride - self.padding
            inside *= int(((first >= 0) & (first + self.covered <= n)).sum())
        return self.output.size - inside

    @property
    def unseen(self) -> int:
        """Rows at the lower edge of the padded image that no window reaches."""
        last = (self.output.shape[0] - 1) * self.stride + self.covered
        return self.image.shape[0] + 2 * self.padding - last


@lru_cache(maxsize=len(IMAGES))
def picture_of(name: str) -> np.ndarray:
    """Return one of `IMAGES`: two photographs, 28 × 28; a seven, 13 × 13; a grid of thin lines, 15 × 15.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    checks.one_of("image", name, IMAGES)
    if name == "digit":
        image = np.pad([[float(pixel) for pixel in row] for row in _SEVEN], 3)
    elif name == "grid":
        image = np.zeros((15, 15))
        image[2::5] = image[:, 2::5] = 1
    else:
        data = fashion_mnist().first(100, 1)
        label = {"boot": 9, "shirt": 0}[name]
        image = data.x_train[int(np.argmax(data.y_train == label)), 0].astype(float)
    image.flags.writeable = False
    return image


def kernel_of(operation: str, size: int, filter_number: int = 0) -> np.ndarray | None:
    """Return the weights of an operation, (k, k), before they are flipped; None for a pooling."""
    checks.one_of("operation", operation, OPERATIONS)
    if operation in POOLS:
        return None
    if operation == "blur":
        return np.full((size, size), 1 / size**2)
    if operation == "learned":
        return learned_kernel()
    if operation == "filter":
        return trained_filters()[filter_number]
    return SOBEL.astype(float) if operation == "edges_across" else SOBEL.T.astype(float)


def convolve(
    image: np.ndarray,
    operation: str = "edges_across",
    *,
    row: int = 0,
    column: int = 0,
    size: int = 3,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    filter_number: int = 0,
    flip: bool = False,
) -> Convolution:
    """Lay a window on every place of an image, and tell of one place.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        13 to 28 pixels along each side.
    operation : str
        One of `OPERATIONS`.
    row, column : int
        The output to look at, 0 or more; beyond the last one, it is the last one.
    size : int
        k, 2 to 5, of a blur or a pooling.
    stride, dilation : int
        1 to 4 and 1 to 3.
    padding : int
        0 to 3 pixels of zeros on each side.
    filter_number : int
        Which of the trained net's filters, 0 to 7.
    flip : bool
        Whether the kernel is turned by half a turn first: convolution as mathematics has it.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    image = _image(image)
    _in_range(size=size, stride=stride, padding=padding, dilation=dilation, filter_number=filter_number)
    kernel = kernel_of(operation, size, filter_number)
    if checks.flag("flip", flip) and kernel is not None:
        kernel = kernel[::-1, ::-1]
    seen = _seen(image, size if kernel is None else len(kernel), stride, padding, dilation)
    output = POOLS[operation](seen, axis=(2, 3)) if kernel is None else np.tensordot(seen, kernel, 2)
    u, v = (
        min(_whole(name, at, 0), places - 1)
        for name, at, places in zip(("row", "column"), (row, column), output.shape, strict=True)
    )
    rows, columns = (stride * at - padding + dilation * np.arange(len(seen[u, v])) for at in (u, v))
    return Convolution(
        image,
        operation,
        kernel,
        stride,
        padding,
        dilation,
        (u, v),
        output,
        seen[u, v].copy(),
        rows,
        columns,
    )


def _image(image):
    """Return the image as floats, if its size is one that every window fits into."""
    image = np.asarray(image, dtype=float)
    if image.ndim != 2 or not SMALLEST <= min(image.shape) <= max(image.shape) <= LARGEST:
        raise ValueError(
            f"the image must be (H, W), {SMALLEST} to {LARGEST} pixels a side; got {image.shape}."
        )
    return image


def _in_range(**numbers):
    """Refuse a number that no control can give."""
    for name, value in numbers.items():
        _whole(name, value, *LIMITS[name])


def _seen(image, k, stride, padding, dilation):
    """Return what the window sees from each place, shape (OH, OW, k, k)."""
    padded = np.pad(image, padding)[None, None]
    return windows(padded, (k, k), (stride, stride), (dilation, dilation))[0, 0]


def _whole(name, value, low, high=None):
    """Return a whole number in its range."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number; got {value!r}.")
    if value < low or (high is not None and value > high):
        ends = f"{low} or more" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be {ends}; got {value}.")
    return int(value)


def size_formula(c: Convolution) -> str:
    """Return the formula of the output's height with its numbers."""
    n, k, s, p, d = c.image.shape[0], c.size, c.stride, c.padding, c.dilation
    return f"⌊({n} + 2·{p} − {d}·({k} − 1) − 1) / {s}⌋ + 1 = {c.output.shape[0]}"


def diagnose_convolution(c: Convolution) -> str:
    """Say what comes out at the place, how large the output is, and what overlaps and what hangs over."""
    p, q = c.place
    how = (
        f"the sum of {c.size**2} products"
        if c.kernel is not None
        else f"the {c.operation} of {c.size**2} pixels"
    )
    over = ", some of them zeros of the padding" if c.hangs_over else ""
    text = f"Output ({p}, {q}) is {two_decimals(c.value)}, {how}{over}. "
    text += f"{c.image.shape[0]} rows become {c.output.shape[0]}: {size_formula(c)}. "
    text += (
        f"Neighbouring windows overlap by {c.overlap} pixel{'s' * (c.overlap != 1)}"
        if c.overlap
        else "Neighbouring windows do not overlap"
    )
    text += (
        f" (span {c.covered}, stride {c.stride}); {c.overhanging} of {c.output.size} hang over the edge, "
    )
    text += "into the padding." if c.padding else "as there is no padding."
    if c.unseen > 0:
        text += f" The last {f'{c.unseen} rows are' if c.unseen > 1 else 'row is'} never seen."
    return text
