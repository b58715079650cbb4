"""What goes wrong with groups of channels: which numbers share a statistic, and how x is cut up."""

import numpy as np

from coursekit.exercises.slips.search import How, Option
from coursekit.exercises.slips.statistics import STATISTICS, Shared, Statistics, axis_slips, count, over


def grouped(inner: Statistics) -> Statistics:
    """Return statistics taken of x cut into (N, groups, channels of a group, H, W) by `inner`."""

    def statistics(p):
        cut = cut_up(p.x, p.more["groups"])
        scale, shift = (
            cut_up(np.broadcast_to(one, p.x.shape), p.more["groups"]) for one in (p.scale, p.shift)
        )
        inside = type(p)(cut, p.gamma, p.beta, p.eps, (2, 3, 4), scale, shift, p.more)
        s = inner(inside)
        full = [np.broadcast_to(one, cut.shape).reshape(p.x.shape) for one in (s.mean, s.var)]
        return Shared(p.x, *full, s.n, p.scale, p.shift)

    return statistics


def cut_up(x: np.ndarray, groups: int) -> np.ndarray:
    """View x as (N, groups, channels of a group, H, W)."""
    n, c, h, w = x.shape
    return x.reshape(n, groups, c // groups, h, w)


def _cut(shape_of, axes, order=None):
    """Return statistics over `axes` of x, turned by `order` and cut into a shape, and put back.

    `shape_of` takes n, c, h, w and the number of groups.
    """

    def statistics(p):
        turned = p.x if order is None else p.x.transpose(order)
        n, c, h, w = p.x.shape
        cut = turned.reshape(shape_of(n, c, h, w, p.more["groups"]))

        def back(one):
            one = np.broadcast_to(one, cut.shape).reshape(turned.shape)
            return one if order is None else one.transpose(np.argsort(order))

        mean, var = (back(f(axis=axes, keepdims=True)) for f in (cut.mean, cut.var))
        return Shared(p.x, mean, var, count(cut, axes), p.scale, p.shift)

    return lambda p: _or_nothing(statistics, p)


def _straight_back(shape_of, order):
    """Return statistics of x cut, and turned by `order`, if the way back is a reshape with no transpose."""

    def statistics(p):
        cut = p.x.reshape(shape_of(*p.x.shape, p.more["groups"])).transpose(order)
        full = (
            np.broadcast_to(f(axis=(2, 3, 4), keepdims=True), cut.shape).reshape(p.x.shape)
            for f in (cut.mean, cut.var)
        )
        return Shared(cut.reshape(p.x.shape), *full, count(cut, (2, 3, 4)), p.scale, p.shift)

    return lambda p: _or_nothing(statistics, p)


def _or_nothing(statistics, p):
    """Return the statistics, or nan where NumPy could not cut x so."""
    try:
        return statistics(p)
    except ValueError:
        return Shared(p.x, np.nan, np.nan, 2, p.scale, p.shift)


NEIGHBOURS = (
    "A group holds neighbouring channels of one sample: reshape(N, groups, −1), statistics over axis 2."
)
RULE = f"after reshape(N, groups, C / groups, H, W) they go over axes (2, 3, 4). {NEIGHBOURS}"
BATCH = "your statistics run over the batch: that is batch norm. " + NEIGHBOURS

CUTS = (
    Option(_cut(lambda n, c, h, w, g: (n, c // g, g, h, w), (1, 3, 4)),
        f"your groups are interleaved (channels 0, groups, 2 · groups …). {NEIGHBOURS}", common=True),
    Option(_cut(lambda n, c, h, w, g: (n, c * h * w // g, g), (1,)),
        "after reshape(N, −1, groups) every number goes to another group than "
        f"the one beside it. {NEIGHBOURS}", common=True),
    Option(_cut(lambda n, c, h, w, g: (n, g, c * h * w // g), (1,)),
        f"your statistics run over the groups, axis 1 of (N, groups, …). {NEIGHBOURS}", common=True),
    Option(_cut(lambda n, c, h, w, g: (g, n * c * h * w // g), (1,)),
        "your groups reach across the samples: keep axis 0, "
        f"reshape(N, groups, −1). {NEIGHBOURS}", common=True),
    Option(_cut(lambda n, c, h, w, g: (g, n, c * h * w // g), (1, 2)),
        f"reshape(groups, N, −1) mixes up samples and groups. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n * g, c * h * w // g), (0,)),
        f"after reshape(N · groups, −1) your statistics run over axis 0, samples and groups. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, c // g, g, h, w), (2, 3, 4)),
        "you make C / groups groups of as many channels as there should be groups: size and number are "
        f"swapped, groups is their number. {NEIGHBOURS}",
           common=True),
    Option(_cut(lambda n, c, h, w, g: (n, h, w, g, c // g), (1, 2, 4)),
        f"your reshape takes x for (N, H, W, C), channels last; here it is (N, C, H, W). {NEIGHBOURS}"),
    Option(_straight_back(lambda n, c, h, w, g: (n, c // g, g, h, w), (0, 2, 1, 3, 4)),
        f"your groups are interleaved, and the order of the axes is not turned back. {NEIGHBOURS}"),
    Option(_straight_back(lambda n, c, h, w, g: (n, h, w, g, c // g), (0, 3, 4, 1, 2)),
        "your reshape takes x for (N, H, W, C), channels last, and the way back is no transpose; here it "
        f"is (N, C, H, W). {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, g, c * h * w // g), (2,), (0, 2, 3, 1)),
        "x is turned to (N, H, W, C) before it is cut, so that a group holds rows of pixels: do not "
        f"transpose. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, c * h * w // g, g), (1,), (0, 2, 3, 1)),
        "x is turned to (N, H, W, C), so reshape(N, −1, groups) interleaves the channels: do not "
        f"transpose. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, g, c * h * w // g), (2,), (0, 2, 1, 3)),
        f"x is turned by a transpose before it is cut: do not transpose. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, g, c * h * w // g), (2,), (1, 0, 2, 3)),
        f"channels and samples change places before x is cut: keep axis 0. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (g, -1), (1,), (1, 0, 2, 3)),
        f"the samples share their statistics: keep axis 0, the batch, out. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, c, g, h * w // g), (3,)),
        f"you cut the pixels into groups, not the channels. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, c, h, g, w // g), (1, 2, 4)),
        f"you cut the last axis, W, into groups, not the channels. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n, c, g, h // g, w), (1, 3, 4)),
        f"you cut the rows of pixels into groups, not the channels. {NEIGHBOURS}"),
    Option(_cut(lambda n, c, h, w, g: (n // g, g, c, h, w), (0, 2, 3, 4)),
        f"you cut the batch into groups, not the channels. {NEIGHBOURS}"),
)  # fmt: skip

FIXED = tuple(
    Option(
        _cut(lambda n, c, h, w, g, number=number: (n, number, c * h * w // number), (2,)),
        f"you make {number} groups whatever is handed in: use groups, the argument.",
    )
    for number in (2, 6, 4, 3, 8, 12)
) + tuple(
    Option(
        _cut(lambda n, c, h, w, g, size=size: (n, c // size, size * h * w), (2,)),
        f"your groups hold {size} channels whatever is handed in: groups is their number, the argument.",
    )
    for size in (2, 4, 3, 6)
)

KNOWN = {
    (3, 4): "every channel has statistics of its own: that is instance norm, as many groups as channels. "
    + NEIGHBOURS,
    (1, 2, 3, 4): "all channels of a sample share their statistics: that is layer norm, one group. "
    + NEIGHBOURS,
    (0, 3, 4): BATCH,
    (0,): BATCH,
    (0, 2, 3, 4): "the samples share their statistics, over the batch too: leave the batch, axis 0, out. "
    + NEIGHBOURS,
    (0, 1, 2, 3, 4): "one mean and one variance for all entries: each group of each sample has its own. "
    + NEIGHBOURS,
    (2,): "every pixel has statistics of its own: average over the pixels of a group too. " + NEIGHBOURS,
    (1, 2): "every pixel has statistics of its own, over all its channels. " + NEIGHBOURS,
}
NAMES = ("samples of the batch", "groups", "channels of a group", "rows of pixels", "columns of pixels")


def _averaged(power):
    """Take the average of the channels' variances (or stds), in place of the variance of the group."""

    def statistics(p):
        mean = p.x.mean(axis=p.axes, keepdims=True)
        var = (p.x.var(axis=(3, 4), keepdims=True) ** power).mean(axis=2, keepdims=True) ** (1 / power)
        return Shared(p.x, mean, var, count(p.x, p.axes), p.scale, p.shift)

    return statistics


def _spread_of_means(p):
    """Take the variance of the channels' means, in place of that of all pixels of the group."""
    mean = p.x.mean(axis=p.axes, keepdims=True)
    var = p.x.mean(axis=(3, 4), keepdims=True).var(axis=2, keepdims=True)
    return Shared(p.x, mean, var, count(p.x, p.axes), p.scale, p.shift)


def _fewer_in_mean(number, around):
    def statistics(p):
        mean = p.x.sum(axis=p.axes, keepdims=True) / number(*p.x.shape)
        var = (np.square(p.x - mean).mean(axis=p.axes, keepdims=True) if around
               else p.x.var(axis=p.axes, keepdims=True))  # fmt: skip
        return Shared(p.x, mean, var, count(p.x, p.axes), p.scale, p.shift)

    return statistics


COUNTS = (
    (lambda n, g, s, h, w: h * w, "H · W"), (lambda n, g, s, h, w: g, "groups"),
    (lambda n, g, s, h, w: s, "C / groups"), (lambda n, g, s, h, w: g * s * h * w, "C · H · W"),
    (lambda n, g, s, h, w: g * s, "C"), (lambda n, g, s, h, w: n, "N"),
)  # fmt: skip


def _fewer(number):
    def statistics(p):
        mean, n = p.x.mean(axis=p.axes, keepdims=True), count(p.x, p.axes)
        var = p.x.var(axis=p.axes, keepdims=True) * n / number(*p.x.shape)
        return Shared(p.x, mean, var, n, p.scale, p.shift)

    return statistics


WITHIN = (
    *axis_slips(NAMES, (2, 3, 4), RULE, KNOWN),
    Option(_averaged(0.5),
        "you average the standard deviations of the channels: that leaves out how far their means lie "
        f"apart. {NEIGHBOURS}"),
    Option(_averaged(1),
        "you average the variances of the channels: that leaves out how far "
        f"their means lie apart. {NEIGHBOURS}"),
    *(Option(_fewer(number),
        f"the sum of squares is divided by {words}, not by the number of values "
        "in a group, C / groups · H · W.")
      for number, words in COUNTS),
    *(Option(_fewer_in_mean(number, around),
        f"the sum in your mean is divided by {words}, not by the number of values "
        "in a group, C / groups · H · W.")
      for number, words in COUNTS for around in (False, True)),
    Option(_spread_of_means,
        "your variance is that of the channels' means: the spread of the "
        f"pixels is left out. {NEIGHBOURS}"),
)  # fmt: skip


def statistics() -> tuple:
    """Return the right statistics of groups, and all slips with them."""
    right = grouped(over((2, 3, 4)))
    return right, (
        *CUTS,
        *FIXED,
        *(Option(grouped(o.how), o.says, o.common) for o in (*WITHIN, *STATISTICS)),
    )


def per_group(change: How, says: str) -> Option:
    """Return a slip with γ and β for each group."""

    def how(x_hat, scale, shift, p):
        size = p.x.shape[1] // p.more["groups"]
        g, b = (change(one, p.more["groups"], size).reshape(1, -1, 1, 1) for one in (p.gamma, p.beta))
        return g * x_hat + b

    return Option(how, says)


EACH = "each channel has its own: γ and β as reshape(1, C, 1, 1)."
AFFINES = (
    per_group(lambda v, g, s: np.repeat(v[:g], s), f"γ and β act on groups: {EACH}"),
    per_group(lambda v, g, s: np.tile(v[:g], s), f"γ and β act on interleaved groups: {EACH}"),
    per_group(lambda v, g, s: np.tile(v[:s], g), f"γ and β are the same in every group: {EACH}"),
    per_group(lambda v, g, s: np.repeat(v[:s], g),
        f"γ and β act on neighbouring channels together: {EACH}"),
    per_group(lambda v, g, s: np.repeat(v.reshape(g, s).mean(axis=1), s),
        f"γ and β are averaged over a group: {EACH}"),
    per_group(lambda v, g, s: v.reshape(g, s).T.ravel(),
        f"γ and β lie in another order than the channels: {EACH}"),
    per_group(lambda v, g, s: v.reshape(s, g).T.ravel(),
        f"γ and β lie in another order than the channels: {EACH}"),
)  # fmt: skip
