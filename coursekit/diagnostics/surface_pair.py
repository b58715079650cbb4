"""The same weights with and without batch norm: two error surfaces, and what their numbers say."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from coursekit import nn
from coursekit.diagnostics.curvature import Curvature, curvature
from coursekit.diagnostics.plane import Plane, dense_layers
from coursekit.diagnostics.stack import stacked_net
from coursekit.diagnostics.surface import Surface, surfaces
from coursekit.diagnostics.words import number
from coursekit.nn import checks
from coursekit.training import fit

# A position along training, and how many steps come before it.
POSITIONS = {"before training": 0, "during (20 steps)": 20, "after (150 steps)": 150}
TRAINED = ("without batch norm", "with batch norm")
RATE, BATCH = 0.1, 128
# A loss that spans less than this share of itself does not move: float32 holds seven digits.
STILL = 1e-5


@dataclass(frozen=True)
class SurfacePair:
    """Two surfaces over the same plane, at the same weights, on the same data.

    Attributes
    ----------
    off, on : Surface
        Without and with batch norm.
    off_bend, on_bend : Curvature
    done : float
        Share of both that is known, 0 to 1.
    """

    off: Surface
    on: Surface
    off_bend: Curvature
    on_bend: Curvature
    done: float


def twin_nets(
    activation: str,
    depth: int,
    width: int,
    x: np.ndarray,
    labels: np.ndarray,
    *,
    trained: str = TRAINED[0],
    position: str = "before training",
    seed: int = 0,
) -> tuple[nn.Sequential, nn.Sequential]:
    """Return two nets with the same weights, without and with batch norm.

    One of them has been trained up to `position`, by plain gradient descent; the other takes over its
    weights and biases. γ and β are those it learned, or 1 and 0 if the net without batch norm was trained.

    Parameters
    ----------
    activation, depth, width
        Of the hidden layers; weights start by He's rule under ReLU, by Xavier's otherwise.
    x, labels : ndarray
        What to train on.
    trained : str
        One of `TRAINED`.
    position : str
        A key of `POSITIONS`.
    seed : int
        Of the weights and the order of the samples.
    """
    checks.one_of("trained", trained, TRAINED)
    steps = POSITIONS[checks.one_of("position", position, tuple(POSITIONS))]
    scheme = "he_normal" if activation == "relu" else "xavier_uniform"
    off, on = (stacked_net(activation, depth, width, norm=norm) for norm in (None, nn.BatchNorm))
    for net in (off, on):
        net.initialize(scheme, np.random.default_rng(seed)).forward(x[:2])
    chosen, other = (off, on) if trained == TRAINED[0] else (on, off)
    rng = np.random.default_rng([seed, 1])
    for _ in islice(fit(chosen, x, labels, nn.SGD(RATE), epochs=1000, batch_size=BATCH, rng=rng), steps):
        pass
    for mine, its in zip(dense_layers(other), dense_layers(chosen), strict=True):
        for name, array in its.params.items():
            mine.params[name][...] = array
    return off, on


def bends_of(nets: tuple[nn.Sequential, nn.Sequential], x: np.ndarray, labels: np.ndarray) -> tuple:
    """Return the curvature of both nets."""
    return tuple(curvature(net, x, labels) for net in nets)


def pairs(
    off: Plane, on: Plane, bends: tuple[Curvature, Curvature], reach: float, points: int = 51
) -> Iterator[SurfacePair]:
    """Yield the pair as it grows: both coarse surfaces first, then row by row."""
    for left, right in zip(surfaces(off, reach, points), surfaces(on, reach, points), strict=True):
        yield SurfacePair(left, right, *bends, (left.done + right.done) / 2)


def diagnose_pair(pair: SurfacePair) -> str:
    """Say how rough the two surfaces are, and how they bend, with their own numbers."""
    (low_off, high_off), (low_on, high_on) = _span(pair.off), _span(pair.on)
    span_off, span_on = (
        span if (span := high - low) > STILL * low else 0.0
        for low, high in ((low_off, high_off), (low_on, high_on))
    )
    ratio = span_off / span_on if span_on else 1.0
    if not span_off or not span_on:
        still = [name for name, span in (("without", span_off), ("with", span_on)) if not span]
        verdict = f"so it hardly moves {' and '.join(still)} batch norm"
    elif ratio > 1.5:
        verdict = f"a span {number(ratio)} times smaller: flatter with it"
    elif ratio < 1 / 1.5:
        verdict = f"a span {number(1 / ratio)} times larger: rougher with it"
    else:
        verdict = "much the same"
    off, on = pair.off_bend, pair.on_bend
    return (
        f"In this plane the loss spans {number(low_off)} … {number(high_off)} without batch norm and "
        f"{number(low_on)} … {number(high_on)} with it, {verdict}. Along the gradient it bends by "
        f"{number(off.along_gradient)} without and {number(on.along_gradient)} with, "
        f"in its sharpest direction by {number(off.top)} and {number(on.top)}."
    )


def _span(surface):
    values = surface.known
    return (values.min(), values.max()) if values.size else (0.0, 0.0)
