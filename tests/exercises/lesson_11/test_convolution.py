"""The checkers of lesson 11: right answers of many styles pass, slips are named, alone and in pairs."""

import itertools

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.exercises import (
    check_conv2d,
    check_max_pool,
    check_mended_stage,
    check_output_size,
    check_receptive_field,
)
from tests.exercises.answers import try_right, try_wrong


def places(n, k, s):
    return (n - k) // s + 1


def conv(x, w, b, stride, padding, *, pad=None, strides=None, count=places, sees=slice(None), bias=None):
    """Loops with room for slips."""
    p = padding
    x = np.pad(x, ((0, 0), (0, 0), *(((p, p), (p, p)) if pad is None else pad(p))))
    (sh, sw), (kh, kw) = strides or (stride, stride), w.shape[2:]
    y = np.zeros((len(x), len(w), count(x.shape[2], kh, sh), count(x.shape[3], kw, sw)))
    for n, o, i, j in np.ndindex(y.shape):
        window = x[n, :, sh * i : sh * i + kh, sw * j : sw * j + kw]
        y[n, o, i, j] = (window[sees] * w[o][sees]).sum() + (b[o] if bias is None else bias(b, o, w))
    return y


def by_windows(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    seen = sliding_window_view(x, w.shape[2:], (2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncpqij,ocij->nopq", seen, w) + b[None, :, None, None]


def by_matrix(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    seen = sliding_window_view(x, w.shape[2:], (2, 3))[:, :, ::stride, ::stride]
    n, c, oh, ow, kh, kw = seen.shape
    columns = seen.transpose(0, 2, 3, 1, 4, 5).reshape(n, oh * ow, c * kh * kw)
    return (columns @ w.reshape(len(w), -1).T + b).transpose(0, 2, 1).reshape(n, len(w), oh, ow)


def by_kernel_pixels(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    oh, ow = places(x.shape[2], kh, stride), places(x.shape[3], kw, stride)
    y = np.tile(b[:, None, None], (len(x), 1, oh, ow)).astype(np.float32)
    for i, j in np.ndindex(kh, kw):
        part = x[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride][:, :, :oh, :ow]
        y = y + np.tensordot(part, w[:, :, i, j], (1, 1)).transpose(0, 3, 1, 2)
    return y.tolist()


CONV_RIGHT = [conv, by_windows, by_matrix, by_kernel_pixels]


def with_(**slip):
    return lambda x, w, b, s, p: conv(x, w, b, s, p, **slip)


def on(weight=lambda w: w, image=lambda x: x, out=lambda y: y):
    return lambda x, w, b, s, p: out(conv(image(x), weight(w), b, s, p))


def not_moved(x, w, b, stride, padding):
    y = conv(x, w, b, 1, padding)
    height, width = (
        places(n + 2 * padding, k, stride) for n, k in zip(x.shape[2:], w.shape[2:], strict=True)
    )
    return y[:, :, :height, :width]


CONV_WRONG = {
    "flipped": (on(lambda w: w[..., ::-1, ::-1]), ("the kernel is flipped",)),
    "flipped top": (on(lambda w: w[..., ::-1, :]), ("from top to bottom",)),
    "flipped left": (on(lambda w: w[..., ::-1]), ("from left to right",)),
    "no padding": (lambda x, w, b, s, p: conv(x, w, b, s, 0), ("padding is missing",)),
    "top left": (with_(pad=lambda p: ((p, 0), (p, 0))), ("at the top and on the left alone",)),
    "bottom right": (with_(pad=lambda p: ((0, p), (0, p))), ("at the bottom and on the right",)),
    "height": (with_(pad=lambda p: ((p, p), (0, 0))), ("only the height is padded",)),
    "width": (with_(pad=lambda p: ((0, 0), (p, p))), ("only the width is padded",)),
    "twice": (with_(pad=lambda p: ((2 * p, 2 * p), (2 * p, 2 * p))), ("twice as wide",)),
    "no stride": (lambda x, w, b, s, p: conv(x, w, b, 1, p), ("the stride is not used",)),
    "stride down": (lambda x, w, b, s, p: conv(x, w, b, s, p, strides=(s, 1)), ("along the height alone",)),
    "stride across": (
        lambda x, w, b, s, p: conv(x, w, b, s, p, strides=(1, s)),
        ("along the width alone",),
    ),
    "no + 1": (with_(count=lambda n, k, s: (n - k) // s), ("with the + 1",)),
    "range": (with_(count=lambda n, k, s: len(range(0, n - k, s))), ("range ends before its end",)),
    "first channel": (with_(sees=slice(0, 1)), ("only the first channel",)),
    "last channel": (with_(sees=slice(-1, None)), ("only the last channel",)),
    "channels turned": (on(lambda w: w[:, ::-1]), ("channels are mixed up",)),
    "one kernel": (on(lambda w: np.repeat(w[:, :1], w.shape[1], 1)), ("use the weights of the first",)),
    "not moved": (not_moved, ("not in where they lie",)),
    "one filter": (on(lambda w: np.repeat(w[:1], len(w), 0)), ("uses the first filter",)),
    "no bias": (with_(bias=lambda b, o, w: 0), ("bias is missing",)),
    "bias often": (with_(bias=lambda b, o, w: b[o] * w[o].size), ("once per pixel",)),
    "bias each channel": (with_(bias=lambda b, o, w: b[o] * w.shape[1]), ("once per channel",)),
    "first bias": (with_(bias=lambda b, o, w: b[0]), ("the first bias",)),
    "relu": (on(out=lambda y: y.clip(0)), ("ReLU is a layer of its own",)),
    "pair": (
        lambda x, w, b, s, p: conv(x, w[..., ::-1, ::-1], b, s, 0),
        ("padding is missing", "Also, the kernel is flipped"),
    ),
    "three": (
        lambda x, w, b, s, p: conv(
            x, w, b, s, p, strides=(s, 1), pad=lambda p: ((p, 0), (p, 0)), bias=lambda *a: 0
        ),
        ("at the top", "the height alone", "bias is missing"),
    ),
    "in place": (lambda x, w, b, s, p: x.__isub__(1), ("changes an array",)),
    "flat": (on(out=np.ravel), ("should have four axes",)),
    "another": (on(out=lambda y: y + 0.5), ("should be",)),
    "whole numbers": (on(out=lambda y: y.astype(int)), ("rounded to whole numbers",)),
    "another shape": (on(out=lambda y: y[..., :1, :1]), ("Count the places",)),
    "nan": (on(out=lambda y: y * np.nan), ("nan or infinite",)),
    "crash": (lambda x, w, b, s, p: x @ w, ("raised ValueError",)),
    "text": (lambda x, w, b, s, p: "y", ("array of numbers",)),
    "dots": (lambda x, w, b, s, p: ..., ("returns nothing yet",)),
}


def pool(x, size, stride, *, how=np.max, strides=None, count=places, k=None):
    sh, sw = strides or (stride, stride)
    k = size if k is None else k
    y = np.zeros((*x.shape[:2], count(x.shape[2], size, sh), count(x.shape[3], size, sw)))
    for n, c, i, j in np.ndindex(y.shape):
        y[n, c, i, j] = how(x[n, c, sh * i : sh * i + k, sw * j : sw * j + k])
    return y


def pool_by_windows(x, size, stride):
    return sliding_window_view(x, (size, size), (2, 3))[:, :, ::stride, ::stride].max((4, 5))


def pool_by_maximum(x, size, stride):
    oh, ow = places(x.shape[2], size, stride), places(x.shape[3], size, stride)
    y = np.full((*x.shape[:2], oh, ow), -np.inf)
    for i, j in np.ndindex(size, size):
        y = np.maximum(y, x[:, :, i::stride, j::stride][:, :, :oh, :ow])
    return y


POOL_RIGHT = [
    pool,
    pool_by_windows,
    pool_by_maximum,
    lambda *a: pool(*a).astype(np.float32),
    lambda *a: pool(*a).tolist(),
]


def pooled(**slip):
    return lambda x, size, stride: pool(x, size, stride, **slip)


POOL_WRONG = {
    "mean": (pooled(how=np.mean), ("the mean is taken",)),
    "min": (pooled(how=np.min), ("the smallest is taken",)),
    "sum": (pooled(how=np.sum), ("is added up",)),
    "from zero": (pooled(how=lambda v: max(0, v.max())), ("starts at 0",)),
    "size of numbers": (pooled(how=lambda v: np.abs(v).max()), ("signs are lost",)),
    "channels": (lambda x, k, s: pool(x, k, s).max(1, keepdims=True), ("over the channels too",)),
    "channels, no axis": (lambda x, k, s: pool(x, k, s).max(1), ("over the channels too",)),
    "images": (
        lambda x, k, s: np.repeat(pool(x, k, s).max(0, keepdims=True), len(x), 0),
        ("over the images too",),
    ),
    "first": (pooled(how=lambda v: v[0, 0]), ("the first pixel",)),
    "first row": (pooled(how=lambda v: v[0].max()), ("only the first row",)),
    "first column": (pooled(how=lambda v: v[:, 0].max()), ("only the first column",)),
    "by size": (lambda x, k, s: pool(x, k, k), ("the window moves by its size",)),
    "by one": (lambda x, k, s: pool(x, k, 1), ("the stride is not used",)),
    "down": (lambda x, k, s: pool(x, k, s, strides=(s, 1)), ("along the height alone",)),
    "across": (lambda x, k, s: pool(x, k, s, strides=(1, s)), ("along the width alone",)),
    "no + 1": (pooled(count=lambda n, k, s: (n - k) // s), ("(n − k) // stride + 1",)),
    "range": (pooled(count=lambda n, k, s: len(range(0, n - k, s))), ("range ends before its end",)),
    "ceil": (pooled(count=lambda n, k, s: -(-(n - k) // s) + 1), ("stick out",)),
    "too large": (lambda x, k, s: pool(x, k, s, k=k + 1), ("a pixel too many",)),
    "too small": (lambda x, k, s: pool(x, k, s, k=k - 1), ("lacks a pixel",)),
    "mean by size": (lambda x, k, s: pool(x, k, k, how=np.mean), ("the mean", "Also, the window moves")),
    "none": (lambda x, k, s: None, ("returns nothing",)),
    "another": (lambda x, k, s: pool(x, k, s) * 2, ("should be",)),
    "x": (lambda x, k, s: x, ("should have the shape",)),
}


def size(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


SIZE_RIGHT = [
    size,
    lambda n, k, s, p, d: np.floor((n + 2 * p - (d * (k - 1) + 1)) / s) + 1,
    lambda n, k, s, p, d: len(range(0, n + 2 * p - d * (k - 1), s)),
    lambda n, k, s, p, d: int((n + 2 * p - d * (k - 1) - 1 + s) / s),
    lambda n, k, s, p, d: np.array((n + 2 * p - d * (k - 1) - 1) // s + 1),
]
SIZE_WRONG = {
    "one side": (lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1, ("counted once",)),
    "no padding": (lambda n, k, s, p, d: (n - d * (k - 1) - 1) // s + 1, ("padding is missing",)),
    "subtracted": (lambda n, k, s, p, d: (n - 2 * p - d * (k - 1) - 1) // s + 1, ("subtracted",)),
    "no dilation": (lambda n, k, s, p, d: (n + 2 * p - k) // s + 1, ("dilation is missing",)),
    "d k": (lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1, ("does not span d·k",)),
    "no last": (lambda n, k, s, p, d: (n + 2 * p - d * (k - 1)) // s + 1, ("its last one is missing",)),
    "holes": (lambda n, k, s, p, d: (n + 2 * p - (d + 1) * (k - 1) - 1) // s + 1, ("not the holes",)),
    "up": (lambda n, k, s, p, d: -(-(n + 2 * p - d * (k - 1) - 1) // s) + 1, ("round up",)),
    "fraction": (lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) / s + 1, ("whole number",)),
    "no stride": (lambda n, k, s, p, d: n + 2 * p - d * (k - 1), ("stride is missing",)),
    "no + 1": (lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s, ("+ 1 is missing",)),
    "two": (lambda n, k, s, p, d: (n + p - k) // s + 1, ("counted once", "Also, the dilation")),
    "three": (lambda n, k, s, p, d: (n + p - k) // s, ("counted once", "dilation", "+ 1 is missing")),
    "text": (lambda *a: "3", ("one finite number",)),
    "pair": (lambda *a: (1, 2), ("one finite number",)),
    "another": (lambda *a: 7, ("should be 26",)),
    "dots": (lambda *a: ..., ("returns nothing yet",)),
}


def field(layers, add=lambda k, s, j: (k - 1) * j, start=1, before=False, step=lambda j, s: j * s):
    r, j = start, 1
    for k, s in layers:
        if before:
            j = step(j, s)
        r += add(k, s, j)
        if not before:
            j = step(j, s)
    return r


def from_the_end(layers):
    r = 1
    for k, s in reversed(layers):
        r = (r - 1) * s + k
    return r


def by_products(layers):
    return 1 + sum((k - 1) * int(np.prod([s for _, s in layers[:i]])) for i, (k, _) in enumerate(layers))


FIELD_RIGHT = [field, from_the_end, by_products, lambda layers: float(field(layers))]
FIELD_WRONG = {
    "no strides": (lambda v: field(v, lambda k, s, j: k - 1), ("strides before a layer are forgotten",)),
    "k": (lambda v: field(v, lambda k, s, j: k * j), ("not k: the first pixel",)),
    "sum of k": (lambda v: field(v, lambda k, s, j: k, start=0), ("kernel sizes are added up",)),
    "own stride": (lambda v: field(v, lambda k, s, j: (k - 1) * s), ("own stride is used",)),
    "too early": (lambda v: field(v, before=True), ("comes after it",)),
    "from zero": (lambda v: field(v, start=0), ("start at 1",)),
    "last first": (lambda v: field(v[::-1]), ("begins at the image",)),
    "added steps": (lambda v: field(v, step=lambda j, s: j + s), ("the steps multiply",)),
    "last step": (lambda v: field(v, step=lambda j, s: s), ("only the last stride",)),
    "squared": (lambda v: field(v) ** 2, ("whole square",)),
    "halves": (lambda v: field(v, lambda k, s, j: 2 * (k // 2) * j), ("odd kernels alone",)),
    "the step": (lambda v: int(np.prod([s for _, s in v])), ("the step between neighbours",)),
    "two": (lambda v: field(v[::-1], lambda k, s, j: k * j), ("not k", "Also, the layers are taken")),
    "another": (lambda v: 100, ("should be 5",)),
    "popped": (lambda v: v.pop() and 5, ("changes the list",)),
    "none": (lambda v: None, ("returns nothing",)),
}


def stage(x, w, b, padding, *slips):
    p, n = padding, len(x)
    pads = ((0, 0), (0, 0), (p, 0), (p, 0)) if "pad" in slips else ((0, 0), (0, 0), (p, p), (p, p))
    x = np.pad(x, pads)
    less = int("places" in slips)
    oh, ow = x.shape[2] - w.shape[2] + 1 - less, x.shape[3] - w.shape[3] + 1 - less
    w = w[..., ::-1, ::-1] if "flip" in slips else w
    y = np.zeros((n, len(w), oh, ow))
    many = w[0, 0 if "channel" in slips else slice(None)].size if "bias" in slips else 1
    for o, i, j in np.ndindex(len(w), oh, ow):
        products = x[:, :, i : i + w.shape[2], j : j + w.shape[3]] * w[o]
        if "channel" in slips:
            products = products[:, -1:]
        y[:, o, i, j] = products.sum((1, 2, 3)) + b[o] * many
    y = y if "relu" in slips else np.maximum(y, 0)
    even = y[:, :, : oh // 2 * 2, : ow // 2 * 2].reshape(n, len(w), oh // 2, 2, ow // 2, 2)
    if "over" in slips:
        return np.repeat(even.max((1, 3, 5))[:, None], len(w), 1)
    return even.mean((3, 5)) if "mean" in slips else even.max((3, 5))


NAMES = {
    "pad": "at the top and on the left",
    "places": "loses its last row and column",
    "flip": "the kernel is flipped",
    "channel": "only the last channel",
    "bias": "once per pixel",
    "relu": "ReLU is missing",
    "over": "over the channels too",
    "mean": "the mean is taken",
}
SLIPS = [s for n in (1, 2) for s in itertools.combinations(NAMES, n) if not {"over", "mean"} <= set(s)]


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (c, a)
        for c, answers in (
            (check_conv2d, CONV_RIGHT),
            (check_max_pool, POOL_RIGHT),
            (check_output_size, SIZE_RIGHT),
            (check_receptive_field, FIELD_RIGHT),
            (check_mended_stage, [stage]),
        )
        for a in answers
    ],
)
def test_right_answers_pass(check, answer):
    try_right(check, answer)


WRONG = [
    (check, table, name)
    for check, table in (
        (check_conv2d, CONV_WRONG),
        (check_max_pool, POOL_WRONG),
        (check_output_size, SIZE_WRONG),
        (check_receptive_field, FIELD_WRONG),
    )
    for name in table
]


@pytest.mark.parametrize(("check", "table", "name"), WRONG, ids=lambda v: v if isinstance(v, str) else "")
def test_wrong_answers_are_named(check, table, name):
    try_wrong(check, table[name])


@pytest.mark.parametrize("slips", SLIPS, ids="-".join)
def test_what_is_left_to_mend_is_told(slips):
    others = [words for name, words in NAMES.items() if name not in slips]
    try_wrong(check_mended_stage, (lambda *a: stage(*a, *slips), [NAMES[s] for s in slips], others))


def test_all_five_of_the_lesson_at_once():
    slips = ("pad", "places", "bias", "channel", "over")
    try_wrong(check_mended_stage, (lambda *a: stage(*a, *slips), [NAMES[s] for s in slips]))


def test_a_convolution_by_hand():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    w, b = np.array([[[[1.0, 0], [0, 2]]]]), np.array([0.5])
    # Upper left: 0·1 + 4·2 + 0.5; and one, three, four further on the others.
    for answer in CONV_RIGHT:
        np.testing.assert_allclose(answer(x, w, b, 1, 0), [[[[8.5, 11.5], [17.5, 20.5]]]])
