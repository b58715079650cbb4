"""Where a window stands on an image: what convolution and pooling have in common."""

import numbers

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.nn import checks


def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    r"""Return at how many places a window can stand along one axis of an image.

    .. math:: \left\lfloor \frac{n + 2p - d (k - 1) - 1}{s} \right\rfloor + 1

    A window of k pixels, d apart, covers d (k - 1) + 1 pixels. The image has n of them, and p zeros on
    each side. The window starts at the edge and moves by s; where it would stick out it is dropped.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        n, k, s, p and d, in pixels.

    Raises
    ------
    TypeError
        If one of them is no whole number.
    ValueError
        If padding is negative, another below 1, or the window larger than the padded image.

    Notes
    -----
    Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning", dilated convolutions.
    """
    n = checks.positive_int("size", size)
    k = checks.positive_int("kernel_size", kernel_size)
    s = checks.positive_int("stride", stride)
    p = _whole("padding", padding, low=0)
    d = checks.positive_int("dilation", dilation)
    covered = d * (k - 1) + 1
    if covered > n + 2 * p:
        raise ValueError(
            f"a window of {k} (dilation {d}) covers {covered} pixels; the image has {n}, "
            f"{n + 2 * p} with its padding: take a smaller window or a larger image."
        )
    return (n + 2 * p - covered) // s + 1


def pair(name: str, value: object, low: int = 1) -> tuple[int, int]:
    """Return `value`, a whole number or a pair of them, as (along the height, along the width).

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If one of the two is below `low`.
    """
    both = value if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(_is_whole(number) for number in both):
        raise TypeError(f"{name} must be a whole number, or two as (height, width); got {value!r}.")
    return tuple(_whole(name, number, low) for number in both)


def _is_whole(value):
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _whole(name, value, low):
    if not _is_whole(value):
        raise TypeError(f"{name} must be a whole number, {low} or more; got {value!r}.")
    if value < low:
        raise ValueError(f"{name} must be {low} or more; got {value}.")
    return int(value)


def windows(
    x: np.ndarray,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int] = (1, 1),
    writeable: bool = False,
) -> np.ndarray:
    """Return a view in which every window of `x` stands by itself; nothing is copied.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    kernel_size, stride, dilation : pair of int
        (along the height, along the width).
    writeable : bool
        Whether one may write through the view into `x`. Windows overlap, so write into one
        ``view[..., i, j]`` at a time: in that no pixel occurs twice.

    Returns
    -------
    ndarray, shape (N, C, OH, OW, KH, KW)
        ``view[n, c, p, q, i, j] = x[n, c, stride * p + dilation * i, stride * q + dilation * j]``.
    """
    (kh, kw), (sh, sw), (dh, dw) = kernel_size, stride, dilation
    covered = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    everywhere = sliding_window_view(x, covered, axis=(2, 3), writeable=writeable)
    return everywhere[:, :, ::sh, ::sw, ::dh, ::dw]
