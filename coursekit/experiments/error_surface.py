"""The same weights with and without batch norm: two error surfaces, and what their numbers say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.diagnostics.curvature import Curvature, curvature
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.surface import Surface, surfaces
from coursekit.diagnostics.weights import random_direction, weight_direction
from coursekit.experiments.surface_walk import Walk, walk
from coursekit.nets.deep import deep_net
from coursekit.nn import checks
from coursekit.training import fit
from coursekit.words import number

# A position along training, and how many steps come before it.
POSITIONS = {"before": 0, "during": 20, "after": 150}
TRAINED = ("plain", "batch_norm")
DIRECTIONS = ("random", "two_weights")
VIEWS = ("landscape", "map")
DEPTH, WIDTH, SAMPLES = 5, 32, 256
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
    view : str
        How they are to be looked at, one of `VIEWS`: as landscapes, or from above.
    turn : float
        By how many degrees a landscape is turned.
    rate : float
        Of the two balls.
    off_walk, on_walk : Walk or None
        The ways of two balls that take gradient steps.
    curvature : bool
        Whether the curvatures are told beside.
    """

    off: Surface
    on: Surface
    off_bend: Curvature
    on_bend: Curvature
    done: float
    view: str = "map"
    turn: float = 0.0
    rate: float = 0.0
    off_walk: Walk | None = None
    on_walk: Walk | None = None
    curvature: bool = False


def twin_nets(
    activation: str,
    depth: int,
    width: int,
    x: np.ndarray,
    labels: np.ndarray,
    *,
    trained: str = TRAINED[0],
    position: str = "before",
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
        One of `TRAINED`: the net without batch norm, or the one with it.
    position : str
        A key of `POSITIONS`.
    seed : int
        Of the weights and the order of the samples.
    """
    checks.one_of("trained", trained, TRAINED)
    steps = POSITIONS[checks.one_of("position", position, tuple(POSITIONS))]
    scheme = "he_normal" if activation == "relu" else "xavier_uniform"
    off, on = (deep_net(activation, depth, width, norm=norm) for norm in (None, nn.BatchNorm))
    for net in (off, on):
        net.initialize(scheme, np.random.default_rng(seed)).forward(x[:2])
    chosen, other = (off, on) if trained == TRAINED[0] else (on, off)
    rng = np.random.default_rng([seed, 1])
    for _ in islice(fit(chosen, x, labels, nn.SGD(RATE), epochs=1000, batch_size=BATCH, rng=rng), steps):
        pass
    for mine, its in zip(_dense(other), _dense(chosen), strict=True):
        for name, array in its.params.items():
            mine.params[name][...] = array
    return off, on


def _dense(net):
    return [leaf for leaf in net.leaves().values() if isinstance(leaf, nn.Dense)]


def bends_of(nets: tuple[nn.Sequential, nn.Sequential], x: np.ndarray, labels: np.ndarray) -> tuple:
    """Return the curvature of both nets."""
    return tuple(curvature(net, x, labels) for net in nets)


def pairs(
    off: Plane, on: Plane, bends: tuple[Curvature, Curvature], reach: float, points: int = 51
) -> Iterator[SurfacePair]:
    """Yield the pair as it grows: both coarse surfaces first, then row by row."""
    for left, right in zip(surfaces(off, reach, points), surfaces(on, reach, points), strict=True):
        yield SurfacePair(left, right, *bends, (left.done + right.done) / 2)


@lru_cache(maxsize=32)
def _place(activation, trained, position):
    """Return the two nets at a place along training, and their curvatures; found once for each place."""
    split = fashion_split()
    nets = twin_nets(
        activation, DEPTH, WIDTH, split.x_train, split.y_train, trained=trained, position=position
    )
    return *nets, bends_of(nets, split.x_train[:SAMPLES], split.y_train[:SAMPLES])


def cut(
    activation: str,
    trained: str,
    position: str,
    directions: str,
    reach: float,
    points: int,
    seed: int,
    layer: int,
    unit: int,
    weight_a: int,
    weight_b: int,
) -> Iterator[SurfacePair]:
    """Yield the surfaces over one plane for a net of five layers of 32 units on 256 images, growing.

    Parameters
    ----------
    activation, trained, position : str
        See `twin_nets`.
    directions : str
        One of `DIRECTIONS`: both random, or along two weights of one unit.
    reach, points
        See `pairs`.
    seed : int
        Of the random directions.
    layer, unit, weight_a, weight_b : int
        Which two weights; see `weight_direction`.
    """
    off, on, bends = _place(activation, trained, position)
    if checks.one_of("directions", directions, DIRECTIONS) == "random":
        rng = np.random.default_rng([seed, 3])  # not the draws that made the weights
        d1, d2 = random_direction(off, rng), random_direction(off, rng)
    else:
        d1, d2 = (weight_direction(off, layer, unit, rank) for rank in (weight_a, weight_b))
    split = fashion_split()
    x, labels = split.x_train[:SAMPLES], split.y_train[:SAMPLES]
    first, second = (Plane(net, d1, d2, x, labels) for net in (off, on))
    yield from pairs(first, second, bends, reach, points)


def looked_at(
    pair: SurfacePair, view: str, turn: float, rate: float, steps: int, curvature: bool = False
) -> SurfacePair:
    """Return the same surfaces seen in another way, with a ball on each that has taken `steps` steps."""
    checks.one_of("view", view, VIEWS)
    off, on = (walk(surface, rate, steps) for surface in (pair.off, pair.on))
    return replace(pair, view=view, turn=turn, rate=rate, off_walk=off, on_walk=on, curvature=curvature)


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
    return (
        f"In this plane the loss spans {number(low_off)} … {number(high_off)} without batch norm and "
        f"{number(low_on)} … {number(high_on)} with it, {verdict}.{_say_bends(pair)}{_say_walks(pair)}"
    )


def _say_bends(pair):
    off, on = pair.off_bend, pair.on_bend
    if not pair.curvature:
        return ""
    return (
        f" Along the gradient it bends by {number(off.along_gradient)} without and "
        f"{number(on.along_gradient)} with, in its sharpest direction by {number(off.top)} and "
        f"{number(on.top)}."
    )


def _say_walks(pair):
    walks = [found for found in (pair.off_walk, pair.on_walk) if found is not None]
    if not any(found.steps or found.left_at for found in walks):
        return ""
    without, with_it = (say_walk(found) for found in walks)
    return (
        f" At a rate of {number(pair.rate)} in this plane the ball without it {without}, the ball with it "
        f"{with_it}."
    )


def say_walk(walk: Walk) -> str:
    """Say how a ball fared: "goes from 9.6 to 3.3 in 30 steps"."""
    first, last = walk.losses[0], walk.losses[-1]
    if walk.left_at is not None:
        fate = "rolls downhill out" if walk.steps and last < first else "is thrown out"
        return f"{fate} of the plane at step {walk.left_at}"
    steps = "1 step" if walk.steps == 1 else f"{walk.steps} steps"
    if number(first) == number(last):
        return f"stays near {number(last)} for {steps}"
    return f"goes from {number(first)} to {number(last)} in {steps}"


def _span(surface):
    values = surface.known
    return (values.min(), values.max()) if values.size else (0.0, 0.0)
