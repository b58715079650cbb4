"""Claims of lesson 08 on internal covariate shift: the shift, and batch norm with noise behind it."""

from functools import lru_cache
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, mean_of
from coursekit.claims.lesson_08.trainings import along_training, settled, start
from coursekit.datasets import fashion_split
from coursekit.diagnostics import trace
from coursekit.diagnostics.smoothness import layer_shift
from coursekit.experiments.race import race
from coursekit.nets.noise import noisy_batch_norm

IOFFE, SANTURKAR, HERE = "Ioffe & Szegedy 2015", "Santurkar et al. 2018", "measured here"
FIVE = "five tanh layers of 50 units, 4,000 images in batches of 128, 200 steps at rate 0.3"
DRIFT = "five tanh layers of 50 units from σ = 0.05, batches of 128, 100 steps at rate 0.3"
SHIFT = "five layers of 50 units, 100 steps, judged at five of them"

# Where batch norm has a benefit to lose: five tanh layers from weights that are too narrow. And where it
# has little: from Xavier's.
NARROW: dict[str, Any] = {"activation": "tanh", "scheme": nn.initializers.normal(0.05)}
GOOD: dict[str, Any] = {"activation": "tanh"}


def noise_of(seed: int) -> np.random.Generator:
    """Return the generator of the noise."""
    return np.random.default_rng([seed, 2])


def lost_to_noise(seed: int, strength: float = 1.0, **net: Any) -> float:
    """Return the test accuracy of plain batch norm − that of batch norm with noise behind it, rate 0.3."""
    rng = noise_of(seed)
    noisy = settled(lambda: noisy_batch_norm(rng, strength), seed, rate=0.3, **net)
    return settled(nn.BatchNorm, seed, rate=0.3, **net) - noisy


@claim(
    says="From too narrow weights a tanh net learns as well with noisy batch norm as with plain one.",
    verdict="holds",
    measured="test accuracy lost to noise that shifts and scales anew each step, mean of three trainings",
    band=(-0.06, 0.02),
    setting=f"{FIVE}, σ = 0.05",
    source=f"{SANTURKAR}, sec. 2.1; the sizes of the noise are this course's",
)
@mean_of(3)
def bn_noise_costs_nothing(seed: int) -> float:
    return lost_to_noise(seed, **NARROW)


@claim(
    says="From Xavier's start a tanh net learns as well with noisy batch norm as with plain one.",
    verdict="holds",
    measured="test accuracy lost to noise that shifts and scales anew each step, mean of three trainings",
    band=(-0.06, 0.02),
    setting=f"{FIVE}, Xavier's start",
    source=f"{SANTURKAR}, sec. 2.1; the sizes of the noise are this course's",
)
@mean_of(3)
def bn_noise_costs_nothing_from_a_good_start(seed: int) -> float:
    return lost_to_noise(seed, **GOOD)


@claim(
    says="Noise three times as strong behind batch norm does harm.",
    verdict="holds",
    measured="test accuracy lost to shifts up to 1½ spreads and scales up to 1¾, renewed at each step",
    band=(0.05, 0.4),
    setting=f"{FIVE}, σ = 0.05",
    source=HERE,
)
def bn_strong_noise_costs(seed: int) -> float:
    return lost_to_noise(seed, 3.0, **NARROW)


@claim(
    says="Noise three times as strong takes nearly all of the benefit.",
    verdict="holds",
    measured="test accuracy with that noise behind batch norm − without any, mean of three trainings",
    band=(-0.2, 0.06),
    setting=f"{FIVE}, σ = 0.05",
    source=HERE,
)
@mean_of(3)
def bn_strong_noise_takes_all(seed: int) -> float:
    rng = noise_of(seed)
    noisy = settled(lambda: noisy_batch_norm(rng, 3.0), seed, rate=0.3, **NARROW)
    return noisy - settled(None, seed, rate=0.3, **NARROW)


@claim(
    says="From too narrow weights a tanh net with noisy batch norm is far ahead of one without any.",
    verdict="holds",
    measured="test accuracy with noisy batch norm − without any",
    band=(0.05, 0.4),
    setting=f"{FIVE}, σ = 0.05",
    source=f"{SANTURKAR}, sec. 2.1",
)
def bn_noise_still_gains(seed: int) -> float:
    rng = noise_of(seed)
    noisy = settled(lambda: noisy_batch_norm(rng), seed, rate=0.3, **NARROW)
    return noisy - settled(None, seed, rate=0.3, **NARROW)


@lru_cache(maxsize=16)
def drift(kind: str, seed: int, frozen: bool = False) -> float:
    """Return how far the distribution that reaches the fourth activation wanders in 100 steps.

    The standard deviation over time of a unit's mean on a fixed batch ÷ the unit's spread, averaged over
    units: in spreads of the unit. `kind` is "none", "plain" or "noisy". `frozen` looks at the net with the
    same draws of the noise each time, so that what is left is what training has moved.
    """
    split, rng, images = fashion_split(), noise_of(seed), fashion_split().x_train[:256]
    norm = {"none": None, "plain": nn.BatchNorm, "noisy": lambda: noisy_batch_norm(rng)}[kind]
    net = start(norm, seed, depth=5, **NARROW)
    means, spreads = [], []
    for step in range(20):
        before = rng.bit_generator.state
        if frozen:
            rng.bit_generator.state = np.random.default_rng(1).bit_generator.state
        s = trace(net, images).s[3]
        if frozen:
            rng.bit_generator.state = before
        means.append(s.mean(axis=0))
        spreads.append(s.std(axis=0))
        race({"": net}, split, 0.3, steps=5, seed=1000 * seed + step, every=5)
    return float((np.std(means, axis=0) / np.mean(spreads, axis=0)).mean())


@claim(
    says="Without batch norm the unit means that reach the fourth activation wander while the net trains.",
    verdict="holds",
    measured="standard deviation over time of a unit's mean, in spreads of the unit",
    band=(0.1, 0.4),
    setting=DRIFT,
    source=f"{IOFFE}, sec. 1",
)
def bn_drift_without(seed: int) -> float:
    return drift("none", seed)


@claim(
    says="With batch norm the unit means that reach the fourth activation stand nearly still: they are β.",
    verdict="holds",
    measured="standard deviation over time of a unit's mean, in spreads of the unit",
    band=(0, 0.02),
    setting=DRIFT,
    source=f"{IOFFE}, sec. 1",
)
def bn_drift_plain(seed: int) -> float:
    return drift("plain", seed)


@claim(
    says="With noisy batch norm the unit means wander as far as they do without batch norm.",
    verdict="holds",
    measured="standard deviation over time of a unit's mean, in spreads of the unit",
    band=(0.15, 0.35),
    setting=DRIFT,
    source=f"{SANTURKAR}, fig. 2",
)
def bn_drift_noisy(seed: int) -> float:
    return drift("noisy", seed)


@claim(
    says="Nearly all of the drift behind noisy batch norm is injected; training moves the means little.",
    verdict="holds",
    measured="the drift with the noise's draws frozen while it is looked at, in spreads of the unit",
    band=(0, 0.02),
    setting=DRIFT,
    source=HERE,
)
def bn_drift_noisy_by_training(seed: int) -> float:
    return drift("noisy", seed, frozen=True)


def shift_ratio(seed: int, measure: str = "difference", **more: Any) -> float:
    """Return the shift of layers' gradients with batch norm ÷ without, mean over layers and training."""
    off, on = along_training(layer_shift, seed, **more)
    off, on = (np.mean([getattr(shift, measure)[1:] for shift in shifts]) for shifts in (off, on))
    return on / off


@claim(
    says="Batch norm helps by reducing internal covariate shift: for it, ReLU layers at rate 0.1.",
    verdict="contested",
    measured="‖G − G'‖ ÷ ‖G‖ of the layers, with ÷ without: about half",
    band=(0, 0.8),
    setting=f"{SHIFT}, ReLU, He's start, rate 0.1",
    source=f"{IOFFE}, sec. 1; against it: {SANTURKAR}, sec. 2.2",
    carries=True,
)
def bn_shift_relu(seed: int) -> float:
    return shift_ratio(seed)


@claim(
    says="Batch norm helps by reducing internal covariate shift: against it, tanh layers at rate 0.03.",
    verdict="contested",
    measured="‖G − G'‖ ÷ ‖G‖ of the layers, with ÷ without: it doubles, in a net that learns faster",
    band=(1.3, 6),
    setting=f"{SHIFT}, tanh, Xavier's start, rate 0.03",
    source=f"{IOFFE}, sec. 1; against it: {SANTURKAR}, sec. 2.2",
    carries=True,
)
def bn_shift_tanh_slow(seed: int) -> float:
    return shift_ratio(seed, activation="tanh", rate=0.03)


@claim(
    says="Batch norm helps by reducing internal covariate shift: neither way, tanh layers at rate 0.3.",
    verdict="contested",
    measured="‖G − G'‖ ÷ ‖G‖ of the layers, with ÷ without: equal",
    band=(0.75, 1.3),
    setting=f"{SHIFT}, tanh, Xavier's start, rate 0.3",
    source=f"{IOFFE}, sec. 1; against it: {SANTURKAR}, sec. 2.2",
)
def bn_shift_tanh_fast(seed: int) -> float:
    return shift_ratio(seed, activation="tanh", rate=0.3)


@claim(
    says="By the paper's own, absolute distance the shift in ReLU layers at rate 0.1 shrinks even more.",
    verdict="contested",
    measured="‖G − G'‖ of the layers, with ÷ without",
    band=(0, 0.4),
    setting=f"{SHIFT}, ReLU, He's start, rate 0.1",
    source=f"{SANTURKAR}, def. 2.1",
)
def bn_shift_relu_absolute(seed: int) -> float:
    return shift_ratio(seed, "distance")


@claim(
    says="By the paper's own, absolute distance the shift in tanh layers at rate 0.03 grows even more.",
    verdict="contested",
    measured="‖G − G'‖ of the layers, with ÷ without",
    band=(2, INF),
    setting=f"{SHIFT}, tanh, Xavier's start, rate 0.03",
    source=f"{SANTURKAR}, def. 2.1",
)
def bn_shift_tanh_slow_absolute(seed: int) -> float:
    return shift_ratio(seed, "distance", activation="tanh", rate=0.03)


@claim(
    says="By the paper's own, absolute distance the shift in tanh layers at rate 0.3 grows.",
    verdict="contested",
    measured="‖G − G'‖ of the layers, with ÷ without",
    band=(1.05, 4),
    setting=f"{SHIFT}, tanh, Xavier's start, rate 0.3",
    source=f"{SANTURKAR}, def. 2.1",
)
def bn_shift_tanh_fast_absolute(seed: int) -> float:
    return shift_ratio(seed, "distance", activation="tanh", rate=0.3)


@claim(
    says="Counted per length of the step, two fifths or more of the fall in ReLU layers is gone.",
    verdict="holds",
    measured=(
        "share of the logarithm of ‖G − G'‖ ÷ ‖G‖, with ÷ without, that is gone per length of the step "
        "before the layer, mean of four"
    ),
    band=(0.4, 1),
    setting=f"{SHIFT}, ReLU, He's start, rate 0.1",
    source=HERE,
)
@mean_of(4)
def bn_shift_relu_per_length(seed: int) -> float:
    return float(1 - np.log(shift_ratio(seed, "per_length")) / np.log(shift_ratio(seed)))


@claim(
    says="In tanh layers at rate 0.03 the shift grows per length of the step as well.",
    verdict="holds",
    measured="‖G − G'‖ ÷ ‖G‖ per length of the step before the layer, with ÷ without, mean of four",
    band=(1.15, 2.2),
    setting=f"{SHIFT}, tanh, Xavier's start, rate 0.03",
    source=HERE,
)
@mean_of(4)
def bn_shift_tanh_slow_per_length(seed: int) -> float:
    return shift_ratio(seed, "per_length", activation="tanh", rate=0.03)
