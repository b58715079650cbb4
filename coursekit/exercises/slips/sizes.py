"""What goes wrong with the size of a convolution's output, and with a receptive field."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option


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
            "the window does not span d·k: k pixels have k − 1 gaps between them, so d(k − 1) + 1.",
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
        Option(
            lambda q: q.k + q.d - 1,
            "the dilation widens every gap, not one: the window spans d(k − 1) + 1 pixels.",
        ),
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
        Option(
            lambda a, q: -(-a // q.s) - 1,
            "the window that ends exactly at the border is left out: a range ends before its end, so "
            "range(0, last + 1, s); in a while, <=.",
        ),
        Option(
            lambda a, q: (a + 1) // q.s - 1,
            "the + 1 stands inside of the division (or the − 1 of the window's span was cancelled by it): "
            "divide first, then + 1.",
        ),
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


# What takes the place of a sum where fields are multiplied: from the field so far, k and s.
MULTIPLIED = (lambda r, k, s: r * k, lambda r, k, s: r * k // s, lambda r, k, s: r * k * s)


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
        Option(
            lambda k, s, j: k // 2 * j, "k // 2 is one side alone: a layer adds k − 1 steps, both sides."
        ),
        *(
            Option(how, "fields do not multiply: each layer adds (k − 1) times the strides before it.")
            for how in MULTIPLIED
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
    "jump": (
        Option(1),
        Option(0, "j starts at 1: neighbours in the image are one pixel apart.", common=True),
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
    layers: list[tuple[int, int]],
    add: Callable,
    step: str,
    start: float,
    jump: int,
    order: int,
    give: Callable,
) -> np.ndarray:
    """Return the receptive field, as the recipe has it."""
    span, j = start, jump
    for k, s in layers[::order]:
        old = j
        j = {"after": j * s, "before": j * s, "sum": j + s, "last": s}[step]
        span = add(span, k, s) if add in MULTIPLIED else span + add(k, s, j if step == "before" else old)
    return np.array(float(give(span, j)))
