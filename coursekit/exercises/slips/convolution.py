"""Slips in a convolution: in the padding, the places of the window, the sums."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.exercises.slips.search import Option

NONE = np.zeros((0, 0, 0, 0))  # where a recipe finds no place for a window


def starts(n: int, k: int, s: int, how: str) -> np.ndarray:
    """Return where windows start along an axis of n pixels, as a way of counting them has it."""
    count = {
        "right": (n - k) // s + 1,
        "no one": (n - k) // s,
        "range": -(-(n - k) // s),
        "cut kernel": (n - k - 1) // s + 1,
        "ceil": -(-(n - k) // s) + 1,
        "by stride": n // s,
        "not moved": (n - k) // s + 1,
        "every": -(-n // s),
        "inside": (n - k + 1) // s,
    }[how]
    return (1 if how == "not moved" else s) * np.arange(max(count, 0))


def cut(
    x: np.ndarray, size: tuple[int, int], strides: tuple[int, int], how: str | tuple[str, str], fill: float
) -> np.ndarray:
    """Return the windows of x, (N, C, OH, OW, KH, KW); what lies beyond the image is `fill`.

    `how` the places are counted may differ between the height and the width.
    """
    both = (how, how) if isinstance(how, str) else how
    rows, columns = (
        starts(n, k, s, h) for n, k, s, h in zip(x.shape[2:], size, strides, both, strict=True)
    )
    beyond = max(size) + max(strides)
    wide = np.pad(x, ((0, 0), (0, 0), (0, beyond), (0, beyond)), constant_values=fill)
    i, j = rows[:, None] + np.arange(size[0]), columns[:, None] + np.arange(size[1])
    if not (rows.size and columns.size) or i.max() >= wide.shape[2] or j.max() >= wide.shape[3]:
        return np.zeros((*x.shape[:2], 0, 0, *size))
    return wide[:, :, i[:, None, :, None], j[None, :, None, :]]


@dataclass(frozen=True)
class ConvProblem:
    """What a convolution is asked for."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    stride: int
    padding: int


def padder(top: int, bottom: int, left: int, right: int, **how: Any) -> Callable:
    """Return a function that pads x by these multiples of p on its four sides."""
    return lambda x, p: np.pad(x, ((0, 0), (0, 0), (top * p, bottom * p), (left * p, right * p)), **how)


def _only_first(x):
    kept = np.zeros_like(x)
    kept[:, 0] = x[:, 0]
    return kept


def _last(x):
    kept = np.zeros_like(x)
    kept[:, -1] = x[:, -1]
    return kept


PAD_FIRST = "the padding stands at the top and on the left alone: it belongs on both sides of each axis."
FLIPPED = (
    "the kernel is flipped: that is the convolution of mathematics. Here w[o, c, i, j] meets the pixel "
    "(i, j) of the window."
)
ONE_SHORT = (
    "the last row and column are missing: there are (n + 2p − k) // stride + 1 places, with the + 1."
)
BIAS_MANY = "the bias is added once per pixel of the window: add it once, after the sum."
FIRST_CHANNEL = "only the first channel of x is seen: the sum runs over all channels."
CONV = {
    "pad": (
        Option(padder(1, 1, 1, 1)),
        Option(
            padder(0, 0, 0, 0), "the padding is missing: put p zeros round each image first.", common=True
        ),
        Option(padder(1, 0, 1, 0), PAD_FIRST, common=True),
        Option(
            padder(0, 1, 0, 1),
            "the padding stands at the bottom and on the right alone: both sides need it.",
            common=True,
        ),
        Option(padder(1, 1, 0, 0), "only the height is padded: the width needs its zeros too."),
        Option(padder(0, 0, 1, 1), "only the width is padded: the height needs its zeros too."),
        Option(padder(1, 1, 1, 1, mode="edge"), "the padding repeats the border: it should be zeros."),
        Option(padder(1, 1, 1, 1, mode="reflect"), "the padding mirrors the image: it should be zeros."),
        Option(padder(2, 2, 2, 2), "the padding is twice as wide as it should be: p on each side."),
    ),
    "stride": (
        Option(lambda s: (s, s)),
        Option(lambda s: (1, 1), "the stride is not used: the window moves by it.", common=True),
        Option(lambda s: (s, 1), "the stride is used along the height alone.", common=True),
        Option(lambda s: (1, s), "the stride is used along the width alone.", common=True),
    ),
    "places": (
        Option("right"),
        Option("no one", ONE_SHORT, common=True),
        Option(
            "range", "the last place is missing: range ends before its end, so n + 2p − k + 1.", common=True
        ),
        Option(
            "cut kernel", "a place is lost where the window ends at the border: n + 2p − k still counts."
        ),
        Option("inside", "the + 1 stands inside of the division: (n + 2p − k) // stride + 1 places."),
        Option("ceil", "windows that stick out of the padded image are kept: divide with //, not up."),
        Option("by stride", "there are n // stride places in yours: the window's size is forgotten."),
        Option(
            "not moved",
            "the stride is in the number of places, not in where they lie: the window begins at "
            "i · stride, not at i.",
        ),
        Option(
            ("right", "not moved"),
            "along the width the window begins at j: it begins at j · stride, as along the height.",
        ),
        Option(
            ("not moved", "right"),
            "along the height the window begins at i: it begins at i · stride, as along the width.",
        ),
    ),
    "weight": (
        Option(lambda w: w),
        Option(lambda w: w[:, :, ::-1, ::-1], FLIPPED, common=True),
        Option(lambda w: w[:, :, ::-1], "the kernel is flipped from top to bottom: leave it as it is."),
        Option(lambda w: w[:, :, :, ::-1], "the kernel is flipped from left to right: leave it as it is."),
        Option(
            lambda w: w[:, ::-1],
            "the channels are mixed up: w[o, c] belongs to channel c of x.",
            common=True,
        ),
        Option(lambda w: w[::-1], "the filters come in the wrong order: output o belongs to w[o]."),
        Option(
            lambda w: np.repeat(w[:1], len(w), 0), "every output uses the first filter: output o uses w[o]."
        ),
        Option(
            lambda w: np.repeat(w[:, :1], w.shape[1], 1),
            "all channels use the weights of the first: channel c uses w[o, c].",
            common=True,
        ),
    ),
    "channels": (
        Option(lambda x: x),
        Option(lambda x: _only_first(x), FIRST_CHANNEL, common=True),
        Option(lambda x: x / x.shape[1], "the channels are averaged: add them up.", common=True),
        Option(_last, "only the last channel counts: add up over the channels (+=, not =)."),
    ),
    "bias": (
        Option(lambda y, b, k: y + b[:, None, None]),
        Option(lambda y, b, k: y, "the bias is missing: add b[o] to every place of output o.", common=True),
        Option(lambda y, b, k: y + k[0] * b[:, None, None], BIAS_MANY, common=True),
        Option(
            lambda y, b, k: y + k[1] * b[:, None, None],
            "the bias is added once per channel: add it once, after the sum over them.",
            common=True,
        ),
        Option(lambda y, b, k: y + b[0], "every output gets the first bias: output o gets b[o]."),
        Option(lambda y, b, k: y + b.sum(), "each output gets all biases: output o gets b[o] alone."),
        Option(lambda y, b, k: y - b[:, None, None], "the bias is subtracted: add it."),
        Option(
            lambda y, b, k: (y + b[:, None, None]).clip(0),
            "negative outputs are cut off: ReLU is a layer of its own.",
        ),
    ),
    "sum": (
        Option(lambda seen, w: np.einsum("ncpqij,ocij->nopq", seen, w)),
        Option(
            lambda seen, w: np.einsum("ncpqij,ocij->nopq", seen, w) / w[0].size,
            "the products are averaged: add them up.",
        ),
        Option(
            lambda seen, w: (seen[:, None] * w[:, :, None, None]).max(axis=(2, 5, 6)),
            "the largest product is kept: add them up.",
        ),
    ),
}


def conv_answer(
    p: ConvProblem,
    pad: Callable,
    stride: Callable,
    places: str | tuple[str, str],
    weight: Callable,
    channels: Callable,
    bias: Callable,
    sum: Callable,
) -> np.ndarray:
    """Return y, (N, C_out, OH, OW), as the recipe makes it."""
    w, x = weight(p.w), pad(channels(p.x), p.padding)
    seen = cut(x, w.shape[2:], stride(p.stride), places, 0.0)
    # How many products a bias could be added to, and how many channels.
    many = (w[0, 0].size, 1) if channels is _last else (w[0].size, w.shape[1])
    return bias(sum(seen, w), p.b, many) if seen.size else NONE
