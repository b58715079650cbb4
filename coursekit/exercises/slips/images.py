"""What goes wrong with images (N, C, H, W): axes, rows that gather wrong numbers, γ and β along an axis."""

from itertools import permutations

import numpy as np

from coursekit.exercises.slips.normalization import right_answer
from coursekit.exercises.slips.search import Option, near
from coursekit.exercises.slips.statistics import Problem, Shared, Statistics, axis_slips, count

AXES = ("images", "channels", "rows of pixels", "columns of pixels")
CHANNEL = "each channel takes its statistics over axes (0, 2, 3)."


def problem(shape: tuple, eps: float, axes: tuple) -> Problem:
    """Draw images whose every channel of every image has a mean and a spread of its own."""
    rng = np.random.default_rng(shape[0])
    images, channels = shape[:2]
    x = rng.normal(
        rng.uniform(-3, 3, (images, channels, 1, 1)), rng.uniform(0.5, 2, (images, channels, 1, 1)), shape
    )
    x[:, -1] *= 0.004  # so narrow that a constant written in for ε shows, whatever it is
    gamma, beta = rng.uniform(0.5, 2, channels), rng.uniform(-3, 3, channels)
    return Problem(x, gamma, beta, eps, axes, gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1))


def shape_hints(shape: tuple) -> dict[tuple, str]:
    """Say of every order of the axes of `shape` how to come back from it."""
    names = "NCHW"
    hints: dict[tuple, str] = {}
    for order in permutations(range(4)):
        turned = tuple(shape[i] for i in order)
        back = tuple(int(i) for i in np.argsort(order))
        hints.setdefault(
            turned,
            f"Its axes are turned, ({', '.join(names[i] for i in order)}): "
            f"transpose{back} brings them back.",
        )
    n, c, h, w = shape
    hints[n * h * w, c] = "You return the rows of pixels: bring them back to the shape of x, and transpose."
    hints[c, n * h * w] = (
        "You return the gathered channels: bring them back to the shape of x, and transpose."
    )
    return hints


def averaged(inner: tuple, outer: tuple, power: float = 1) -> Statistics:
    """Return statistics whose spread is the average over `outer` of the variances over `inner`."""

    def statistics(p):
        mean = p.x.mean(axis=p.axes, keepdims=True)
        var = (p.x.var(axis=inner, keepdims=True) ** power).mean(axis=outer, keepdims=True) ** (1 / power)
        return Shared(p.x, mean, var, count(p.x, p.axes), p.scale, p.shift)

    return statistics


def _fewer(n_of):
    """Return right statistics whose sums are divided by another number than all that share them."""

    def statistics(p):
        mean, n, other = p.x.mean(axis=p.axes, keepdims=True), count(p.x, p.axes), n_of(*p.x.shape)
        return Shared(p.x, mean, p.x.var(axis=p.axes, keepdims=True) * n / other, n, p.scale, p.shift)

    return statistics


def _short_mean(n_of, around):
    """Return statistics with a mean whose sum is divided by another number (the variance around it)."""

    def statistics(p):
        n = count(p.x, p.axes)
        mean = p.x.sum(axis=p.axes, keepdims=True) / n_of(*p.x.shape)
        var = (np.square(p.x - mean).mean(axis=p.axes, keepdims=True) if around
               else p.x.var(axis=p.axes, keepdims=True))  # fmt: skip
        return Shared(p.x, mean, var, n, p.scale, p.shift)

    return statistics


def _of_cut(p, first):
    c = p.x.shape[1]
    rows = p.x.reshape(c, -1) if first else p.x.reshape(-1, c).T
    mean, var = (f(axis=1).reshape(1, -1, 1, 1) for f in (rows.mean, rows.var))
    return Shared(p.x, mean, var, rows.shape[1], p.scale, p.shift)


def _spread_of_means(p):
    means = p.x.mean(axis=(2, 3), keepdims=True)
    return Shared(
        p.x, means.mean(0, keepdims=True), means.var(0, keepdims=True), len(p.x), p.scale, p.shift
    )


AVERAGE = (
    "you average the {} of the images: that leaves out how far the images' means lie apart. Take one "
    "variance over all images and pixels of a channel, axes (0, 2, 3)."
)
CHANNEL_STATISTICS = (
    *(
        Option(_short_mean(number, around),
            f"the sum in your mean is divided by {words}, not by N · H · W, the "
            "number of values that share it.")
        for number, words in ((lambda n, c, h, w: n, "N"), (lambda n, c, h, w: h * w, "H · W"),
                              (lambda n, c, h, w: n * h, "N · H"), (lambda n, c, h, w: n * w, "N · W"))
        for around in (False, True)
    ),
    *(
        Option(
            lambda p, first=first: _of_cut(p, first),
            f"your statistics come from {words} of x as it lies, which gathers numbers of several "
            "channels: transpose first, or take axes (0, 2, 3).",
        )
        for first, words in ((True, "reshape(C, -1)"), (False, "reshape(-1, C)"))
    ),
    Option(averaged((2, 3), (0,)), AVERAGE.format("variances"), common=True),
    Option(averaged((2, 3), (0,), 0.5), AVERAGE.format("standard deviations"), common=True),
    Option(averaged((0,), (2, 3)),
        "you average the variances of the pixels, each over the images: that leaves out how far the "
        f"pixels' means lie apart. One variance over all: {CHANNEL}"),
    Option(averaged((0,), (2, 3), 0.5),
        "you average the standard deviations of the pixels: that leaves out how far their means lie "
        f"apart. One variance over all: {CHANNEL}"),
    Option(averaged((0, 2), (3,)),
        f"you average variances over the columns of pixels: take one variance over all, {CHANNEL}"),
    Option(averaged((0, 3), (2,)),
        f"you average variances over the rows of pixels: take one variance over all, {CHANNEL}"),
    Option(_spread_of_means,
        "your variance is that of the images' means: the spread of the pixels is left out. One variance "
        f"over all: {CHANNEL}"),
    *axis_slips(AXES, (0, 2, 3), CHANNEL, {
        (2, 3): f"every image is normalized by itself (that is instance norm): {CHANNEL}",
        (0,): f"every pixel has its own statistics, over the batch alone (axis 0): {CHANNEL}",
        (1, 2, 3): "all channels of an image are taken together (that is layer "
            f"norm, axes (1, 2, 3)): {CHANNEL}",
        (0, 1, 2): f"your statistics belong to the last axis, W, as if x were (N, H, W, C): {CHANNEL}",
        (0, 1, 2, 3): f"one mean and one variance for all entries: {CHANNEL}",
        (1,): f"your statistics run over the channels of each pixel (axis 1): {CHANNEL}",
    }),
    *(
        Option(_fewer(number),
            f"the sum of squares is divided by {words}, not by N · H · W, the "
            "number of values that share it.")
        for number, words in (
            (lambda n, c, h, w: n, "N"), (lambda n, c, h, w: h * w, "H · W"),
            (lambda n, c, h, w: n * h, "N · H"), (lambda n, c, h, w: n * w, "N · W"),
            (lambda n, c, h, w: n * c * h * w, "N · C · H · W"),
            (lambda n, c, h, w: c, "C"), (lambda n, c, h, w: n - 1, "N - 1"),
            (lambda n, c, h, w: h * w - 1, "H · W - 1"),
        )
    ),
)  # fmt: skip

NOT_GATHERED = (
    "the channels are not gathered: {} takes the numbers as they lie, with the last axis, W, running "
    "fastest, so that numbers of several channels share a {}. First x.transpose(0, 2, 3, 1), then "
    "reshape(-1, C), and back the same way: reshape to (N, H, W, C), transpose(0, 3, 1, 2)."
)


def _in_rows(order: tuple, last: bool = True, in_rows: bool = True, straight: bool = False) -> Statistics:
    """Return statistics of the columns (or rows) of a matrix that x is reshaped to after a transpose.

    With `straight` the way back is a reshape without a transpose. With `in_rows`, γ and β are applied
    there; otherwise in the shape of x, after the way back.
    """

    def statistics(p):
        turned = p.x.transpose(order)
        c = p.x.shape[1]
        rows = turned.reshape(-1, c) if last else turned.reshape(c, -1).T
        rows_back = (lambda y: y) if last else (lambda y: y.T)
        there = lambda y: rows_back(y).reshape(turned.shape).transpose(np.argsort(order))  # noqa: E731
        if straight:
            there = lambda y: rows_back(y).reshape(p.x.shape)  # noqa: E731
        mean, var = rows.mean(axis=0), rows.var(axis=0)
        if in_rows:
            return Shared(rows, mean, var, len(rows), p.gamma, p.beta, there)
        full = (there(np.broadcast_to(one, rows.shape)) for one in (mean, var))
        return Shared(p.x, *full, len(rows), p.scale, p.shift)

    return statistics


def _gathered_wrongly():
    """Yield an Option for every order of the axes that gathers several channels in one column or row."""
    for order in sorted(permutations(range(4)), key=lambda o: o != (0, 1, 2, 3)):
        before = "" if order == (0, 1, 2, 3) else f"transpose{order} and "
        for last, size, what in ((True, "reshape(-1, C)", "column"), (False, "reshape(C, -1)", "row")):
            if order[-1 if last else 0] == 1:
                continue
            says = NOT_GATHERED.format(f"{before}{size}", what)
            if order != (0, 1, 2, 3):
                says = (
                    f"{says} After your transpose the channels are not on the "
                    f"{'last' if last else 'first'} axis."
                )
            yield Option(_in_rows(order, last), says)
            yield Option(_in_rows(order, last, straight=True), says)
            if order == (0, 1, 2, 3):
                yield Option(_in_rows(order, last, in_rows=False), says)


GATHERED = tuple(_gathered_wrongly())


def put_back_wrongly(problems: list, ys: list) -> str | None:
    """Say so if the numbers of the right answer lie in wrong places, after a reshape and no transpose."""
    turned = (
        "the numbers are right and lie in wrong places: after x.transpose{} and reshape, transpose back "
        "before you return."
    )
    rights = [right_answer(p) for p in problems]
    for order in ((1, 0, 2, 3), (0, 2, 3, 1), *permutations(range(4))):
        if all(near(y, r.transpose(order).reshape(r.shape)) for y, r in zip(ys, rights, strict=True)):
            return turned.format(order)
    for order in permutations(range(4)):  # to what shape the rows are brought back
        for back in permutations(range(4)):
            for first in ((0, 2, 3, 1), (1, 0, 2, 3)):
                if all(map(lambda y, r: _lands(y, r, first, order, back), ys, rights)):
                    return (
                        f"{turned.format(first)} What undoes transpose{first} is "
                        f"transpose{tuple(int(i) for i in np.argsort(first))}, not transpose{back}."
                    )
    if all(near(np.sort(y, axis=None), np.sort(r, axis=None)) for y, r in zip(ys, rights, strict=True)):
        return "the numbers are right and lie in wrong places: look at the order of reshape and transpose."
    return None


def _lands(y, right, first, order, back):
    """Whether right values in rows, shaped by `order` and turned by `back`, are what came."""
    rows = right.transpose(first)
    shaped = rows.reshape([right.shape[i] for i in order]).transpose(back)
    return near(y, shaped)


def _scaled(change, says):
    """Return a slip with γ and β in another shape; it does not exist where NumPy could not line them up."""

    def how(x_hat, scale, shift, p):
        if x_hat.shape != p.x.shape:
            return np.full(p.x.shape, np.nan)
        try:
            return change(p.gamma, p.x.shape) * x_hat + change(p.beta, p.x.shape)
        except ValueError:
            return np.full(p.x.shape, np.nan)

    return Option(how, says)


ACROSS = "each channel has its own γ and β: give them the shape (1, C, 1, 1), reshape(1, -1, 1, 1)."
AFFINES = (
    _scaled(lambda v, s: np.resize(v, s),
        f"γ and β are repeated in the wrong order: they run along the pixels, not the channels; {ACROSS}"),
    _scaled(lambda v, s: np.repeat(v, np.prod(s) // len(v)).reshape(s),
        "γ and β are repeated in the wrong order, by blocks that reach across "
        f"the images and channels; {ACROSS}"),
    _scaled(lambda v, s: np.repeat(v, s[2] * s[3] // len(v) or 1)[: s[2] * s[3]].reshape(1, 1, s[2], s[3]),
            f"γ and β run along the pixels, not the channels; {ACROSS}"),
    _scaled(lambda v, s: np.resize(v, s[2:]), f"γ and β run along the pixels, not the channels; {ACROSS}"),
    _scaled(lambda v, s: np.resize(v, s[0]).reshape(-1, 1, 1, 1),
        f"γ and β act on images, not channels; {ACROSS}"),
    _scaled(lambda v, s: np.resize(v, s[2]).reshape(1, 1, -1, 1),
        f"γ and β act on rows of pixels; {ACROSS}"),
    _scaled(lambda v, s: np.resize(v, s[3]).reshape(1, 1, 1, -1),
        f"γ and β act on columns of pixels; {ACROSS}"),
    _scaled(lambda v, s: v.mean(), f"γ and β are averaged over the channels; {ACROSS}"),
    _scaled(lambda v, s: v[0], f"the γ and β of the first channel are used for all; {ACROSS}"),
    _scaled(lambda v, s: v[::-1].reshape(1, -1, 1, 1), f"γ and β are in reverse order; {ACROSS}"),
)  # fmt: skip
