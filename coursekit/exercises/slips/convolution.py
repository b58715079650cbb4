"""Slips in a convolution, a max-pooling, an output size, a receptive field, and a stage of a CNN."""

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
    }[how]
    return (1 if how == "not moved" else s) * np.arange(max(count, 0))


def cut(
    x: np.ndarray, size: tuple[int, int], strides: tuple[int, int], how: str, fill: float
) -> np.ndarray:
    """Return the windows of x, (N, C, OH, OW, KH, KW); what lies beyond the image is `fill`."""
    rows, columns = (starts(n, k, s, how) for n, k, s in zip(x.shape[2:], size, strides, strict=True))
    beyond = max(size) + max(strides)
    wide = np.pad(x, ((0, 0), (0, 0), (0, beyond), (0, beyond)), constant_values=fill)
    i, j = rows[:, None] + np.arange(size[0]), columns[:, None] + np.arange(size[1])
    if not (rows.size and columns.size) or i.max() >= wide.shape[2] or j.max() >= wide.shape[3]:
        return np.zeros((*x.shape[:2], 0, 0, *size))
    return wide[:, :, i[:, None, :, None], j[None, :, None, :]]


# --- conv2d --------------------------------------------------------------------------------------------


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
        Option("ceil", "windows that stick out of the padded image are kept: divide with //, not up."),
        Option("by stride", "there are n // stride places in yours: the window's size is forgotten."),
        Option(
            "not moved",
            "the stride is in the number of places, not in where they lie: the window begins at "
            "i · stride, not at i.",
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
    places: str,
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


# --- max-pooling ---------------------------------------------------------------------------------------


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
        Option("ceil", "windows that stick out of the image are kept: drop them.", common=True),
        Option("by stride", "there are n // stride places in yours: the window's size is forgotten."),
    ),
}


def pool_answer(
    p: PoolProblem, pool: Callable, stride: Callable, size: Callable, places: str
) -> np.ndarray:
    """Return y, (N, C, OH, OW), as the recipe makes it."""
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


# --- sizes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SizeProblem:
    """n, k, s, p and d."""

    n: int
    k: int
    s: int
    p: int
    d: int


SIZE = {
    "image": (
        Option(lambda q: q.n + 2 * q.p),
        Option(
            lambda q: q.n + q.p, "the padding is counted once: it stands on both sides, 2p.", common=True
        ),
        Option(lambda q: q.n, "the padding is missing: n + 2p pixels.", common=True),
        Option(lambda q: q.n - 2 * q.p, "the padding is subtracted: it makes the image larger."),
        Option(lambda q: q.n + 2 * q.p * q.d, "the padding does not grow with the dilation: it is 2p."),
    ),
    "span": (
        Option(lambda q: q.d * (q.k - 1) + 1),
        Option(
            lambda q: q.k, "the dilation is missing: the window spans d(k − 1) + 1 pixels.", common=True
        ),
        Option(
            lambda q: q.d * q.k,
            "the window does not span d·k: between k pixels there are k − 1 gaps.",
            common=True,
        ),
        Option(
            lambda q: q.d * (q.k - 1),
            "the window spans d(k − 1) + 1 pixels: its last one is missing.",
            common=True,
        ),
        Option(
            lambda q: (q.d + 1) * (q.k - 1) + 1,
            "d counts the steps between pixels, not the holes: d = 1 has none.",
        ),
        Option(lambda q: q.d * (q.k + 1) + 1, "there are k − 1 gaps between k pixels, not k + 1."),
    ),
    "divide": (
        Option(lambda a, q: a // q.s),
        Option(
            lambda a, q: -(-a // q.s),
            "you round up: a window that sticks out is dropped, so //.",
            common=True,
        ),
        Option(lambda a, q: a / q.s, "a size is a whole number: divide with //.", common=True),
        Option(lambda a, q: round(a / q.s), "you round to the nearest: round down, with //."),
        Option(lambda a, q: a, "the stride is missing: divide by it.", common=True),
        Option(lambda a, q: a * q.s, "you multiply by the stride: divide by it."),
    ),
    "one": (
        Option(lambda a, q: a + 1),
        Option(lambda a, q: a, "the + 1 is missing: the first place counts too.", common=True),
        Option(lambda a, q: a + 2, "there is one place too many."),
        Option(lambda a, q: a + q.s, "you add the stride: it is + 1, after the division."),
    ),
}


def size_answer(
    q: SizeProblem, image: Callable, span: Callable, divide: Callable, one: Callable
) -> np.ndarray:
    """Return the number of places, as the recipe has it."""
    return np.array(float(one(divide(image(q) - span(q), q), q)))


ADDED = {
    "add": (
        Option(lambda k, s, j: (k - 1) * j),
        Option(
            lambda k, s, j: k - 1,
            "the strides before a layer are forgotten: a step there is j pixels.",
            common=True,
        ),
        Option(
            lambda k, s, j: k * j,
            "each layer adds (k − 1) steps, not k: the first pixel was seen before.",
            common=True,
        ),
        Option(
            lambda k, s, j: k,
            "the kernel sizes are added up: add (k − 1) times the strides before.",
            common=True,
        ),
        Option(
            lambda k, s, j: (k - 1) * s, "the layer's own stride is used: it is those of the layers before."
        ),
        Option(lambda k, s, j: (k + 1) * j, "each layer adds (k − 1) steps, not k + 1."),
        Option(
            lambda k, s, j: 2 * (k // 2) * j,
            "k // 2 on both sides is k − 1 for odd kernels alone: add k − 1.",
        ),
    ),
    "step": (
        Option("after"),
        Option(
            "before",
            "a layer's own stride comes after it: multiply j once the layer is added.",
            common=True,
        ),
        Option("sum", "the steps multiply from layer to layer: j = j · s, not j + s."),
        Option("last", "only the last stride is kept: j is the product of all before."),
    ),
    "start": (
        Option(1.0),
        Option(0.0, "start at 1: without a layer a unit sees one pixel.", common=True),
        Option(2.0, "start at 1: without a layer a unit sees one pixel, not two."),
    ),
    "order": (
        Option(1),
        Option(
            -1,
            "the layers are taken in the wrong order: adding (k − 1) times the step begins at the image; "
            "(r − 1) · s + k begins at the last layer.",
            common=True,
        ),
    ),
    "give": (
        Option(lambda r, j: r),
        Option(lambda r, j: r * r, "the pixels are counted on the whole square: give one side."),
        Option(lambda r, j: j, "you return the step between neighbours: return what one unit sees."),
        Option(lambda r, j: r - 1, "one pixel is missing at the end."),
    ),
}


def field_answer(
    layers: list[tuple[int, int]], add: Callable, step: str, start: float, order: int, give: Callable
) -> np.ndarray:
    """Return the receptive field, as the recipe has it."""
    span, j = start, 1
    for k, s in layers[::order]:
        old = j
        j = {"after": j * s, "before": j * s, "sum": j + s, "last": s}[step]
        span += add(k, s, j if step == "before" else old)
    return np.array(float(give(span, j)))


# --- a stage of a CNN: padding, convolution, bias, ReLU, pooling ----------------------------------------

STAGE = {
    "pad": (CONV["pad"][0], CONV["pad"][2]),
    "weight": (CONV["weight"][0], CONV["weight"][1]),
    "channels": (CONV["channels"][0], CONV["channels"][3]),
    "bias": (CONV["bias"][0], CONV["bias"][2], CONV["bias"][3]),
    "places": (
        Option("right"),
        Option("range", "the convolution loses its last row and column: range ends before its end."),
    ),
    "relu": (
        Option(lambda y: np.maximum(y, 0)),
        Option(lambda y: y, "the ReLU is missing: np.maximum(y, 0) between convolution and pooling."),
        Option(lambda y: np.minimum(y, 0), "the ReLU keeps the negative half: np.maximum(y, 0)."),
    ),
    "pool": (POOL["pool"][0], POOL["pool"][8], POOL["pool"][1], POOL["pool"][2]),
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
    return pool(cut(relu(y), (2, 2), (2, 2), "right", 0.0)) if y.size else NONE
