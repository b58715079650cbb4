"""What goes wrong with max-pooling, and with a stage of a CNN that ends in it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.convolution import CONV, NONE, ConvProblem, conv_answer, cut, starts
from coursekit.exercises.slips.search import Option


@dataclass(frozen=True)
class PoolProblem:
    """What a pooling is asked for."""

    x: np.ndarray
    size: int
    stride: int


OVER_CHANNELS = "the largest is taken over the channels too: each channel is pooled by itself."
POOL = {
    "pool": (
        Option(lambda seen: seen.max(axis=(4, 5))),
        Option(
            lambda seen: seen.mean(axis=(4, 5)),
            "the mean is taken: the largest was asked for.",
            common=True,
        ),
        Option(lambda seen: seen.min(axis=(4, 5)), "the smallest is taken: the largest was asked for."),
        Option(lambda seen: seen.sum(axis=(4, 5)), "the window is added up: take its largest number."),
        Option(
            lambda seen: seen.max(axis=(4, 5)).clip(0),
            "the search starts at 0, so negative numbers never win: start at −∞, or take .max().",
            common=True,
        ),
        Option(
            lambda seen: np.abs(seen).max(axis=(4, 5)), "signs are lost: take the largest number, not size."
        ),
        Option(lambda seen: seen.max(axis=(1, 4, 5), keepdims=True)[..., 0, 0], OVER_CHANNELS, common=True),
        Option(lambda seen: seen.max(axis=(1, 4, 5)), OVER_CHANNELS, common=True),
        Option(
            lambda seen: np.repeat(seen.max(axis=(1, 4, 5))[:, None], seen.shape[1], 1),
            OVER_CHANNELS,
        ),
        Option(
            lambda seen: np.repeat(seen.max(axis=(0, 4, 5))[None], len(seen), 0),
            "the largest is taken over the images too: each image is pooled by itself.",
        ),
        Option(lambda seen: seen[..., 0, 0], "the first pixel of each window is kept: take the largest."),
        Option(
            lambda seen: np.ma.median(seen, axis=(4, 5)),
            "the middle one is taken: the largest was asked for.",
        ),
        Option(
            lambda seen: seen.reshape(*seen.shape[:4], -1).argmax(axis=4).astype(float),
            "argmax gives the place of the largest: take the number itself, max.",
        ),
        Option(lambda seen: seen.max(axis=5)[..., 0], "only the first row of each window is searched."),
        Option(lambda seen: seen.max(axis=4)[..., 0], "only the first column of each window is searched."),
    ),
    "stride": (
        Option(lambda k, s: (s, s)),
        Option(
            lambda k, s: (k, k), "the window moves by its size: here it moves by the stride.", common=True
        ),
        Option(lambda k, s: (1, 1), "the stride is not used: the window moves by it.", common=True),
        Option(lambda k, s: (s, 1), "the stride is used along the height alone.", common=True),
        Option(lambda k, s: (1, s), "the stride is used along the width alone.", common=True),
    ),
    "size": (
        Option(lambda k, s: k),
        Option(lambda k, s: s, "the window is as large as the stride: its size is `size`.", common=True),
        Option(lambda k, s: k + 1, "the window has a pixel too many: a slice ends before its end."),
        Option(lambda k, s: k - 1, "the window lacks a pixel: a slice ends before its end, so i + size."),
    ),
    "places": (
        Option("right"),
        Option("no one", "the last row and column are missing: (n − k) // stride + 1 places.", common=True),
        Option("range", "the last place is missing: range ends before its end, so n − k + 1.", common=True),
        Option("cut kernel", "a place is lost where the window ends at the border: n − k still counts."),
        Option("inside", "the + 1 stands inside of the division: (n − k) // stride + 1 places."),
        Option("ceil", "windows that stick out of the image are kept: drop them.", common=True),
        Option("by stride", "there are n // stride places in yours: the window's size is forgotten."),
        Option(
            "every",
            "windows that stick out of the image are kept: range(0, h − size + 1, stride) ends with the "
            "last that fits.",
        ),
        Option("not moved", "the window begins at i: it begins at i · stride."),
        Option(
            "exchanged", "size and stride are exchanged: the window is `size` wide and moves by `stride`."
        ),
    ),
}


def pool_answer(
    p: PoolProblem, pool: Callable, stride: Callable, size: Callable, places: str
) -> np.ndarray:
    """Return y, (N, C, OH, OW), as the recipe makes it."""
    if places == "exchanged":
        p, places = PoolProblem(p.x, p.stride, p.size), "right"
    k = size(p.size, p.stride)
    wide = np.full((*p.x.shape[:2], p.x.shape[2] + 9, p.x.shape[3] + 9), np.nan)
    wide[:, :, : p.x.shape[2], : p.x.shape[3]] = p.x
    counts = stride(p.size, p.stride)
    rows, columns = (starts(n, p.size, s, places) for n, s in zip(p.x.shape[2:], counts, strict=True))
    if not (k and rows.size and columns.size) or max(rows.max(), columns.max()) + k > min(wide.shape[2:]):
        return NONE
    i, j = rows[:, None] + np.arange(k), columns[:, None] + np.arange(k)
    seen = np.ma.masked_invalid(wide[:, :, i[:, None, :, None], j[None, :, None, :]])
    return np.ma.filled(pool(seen), np.nan)


def _torn(seen):
    """Pool by 2 cells that are no neighbours, as reshape(…, 2, OH, 2, OW) cuts them."""
    n, c, h, w = seen.shape[:4]
    y = seen.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2, h, 2, w)
    return y.max(axis=(2, 4))


# --- a stage of a CNN: padding, convolution, bias, ReLU, pooling ----------------------------------------

STAGE = {
    "pad": (CONV["pad"][0], CONV["pad"][2]),
    "weight": (CONV["weight"][0], CONV["weight"][1]),
    "channels": (CONV["channels"][0], CONV["channels"][3]),
    "bias": (CONV["bias"][0], CONV["bias"][2], CONV["bias"][3]),
    "places": (
        Option("right"),
        Option("range", "the convolution loses its last row and column: there are h + 2p − kh + 1 rows."),
    ),
    "relu": (
        Option(lambda y, b: np.maximum(y, 0)),
        Option(lambda y, b: y, "the ReLU is missing: np.maximum(y, 0) between convolution and pooling."),
        Option(lambda y, b: np.minimum(y, 0), "the ReLU keeps the negative half: np.maximum(y, 0)."),
        Option(
            lambda y, b: np.maximum(y - b, 0) + b, "the bias comes behind the ReLU: it belongs before it."
        ),
    ),
    "pool": (
        *(POOL["pool"][0], POOL["pool"][8], POOL["pool"][1], POOL["pool"][2]),
        Option(
            _torn,
            "the cells are torn: reshape to (N, O, OH, 2, OW, 2), and take the max over axes 3 and 5.",
        ),
    ),
}


def stage_answer(
    p: ConvProblem,
    pad: Callable,
    weight: Callable,
    channels: Callable,
    bias: Callable,
    places: str,
    relu: Callable,
    pool: Callable,
) -> np.ndarray:
    """Return what comes out of the stage, (N, C_out, OH/2, OW/2), as the recipe makes it."""
    plain = CONV["stride"][0].how
    y = conv_answer(p, pad, plain, places, weight, channels, bias, CONV["sum"][0].how)
    return pool(cut(relu(y, p.b[:, None, None]), (2, 2), (2, 2), "right", 0.0)) if y.size else NONE
