"""What the numbers of a report say, in a sentence or two."""

import numpy as np

from coursekit.diagnostics.signals import EXPLODED, VANISHED, Quantity, SignalReport
from coursekit.words import digits, percent, times

# A layer that multiplies the spread by less than FADING, or by more than 1 / FADING, is one that a deeper
# net cannot have many of, however much is left in this one. (Xavier's rule under ReLU: 0.71, and 0.65
# between samples; under tanh 0.76 at first and nearer to 1 with each layer.)
FADING = 2 / 3


def many(ratio: float) -> str:
    """Say how much of a spread there is: "keeps 23 % of", or "has ×15" where it grew."""
    return f"keeps {percent(ratio)} of" if ratio < 1.1 else f"has {times(ratio)}"


def diagnose(report: SignalReport) -> str:
    """Say in one or two sentences what happens to the signal of `report`, with its own numbers."""
    if report.diverged_at is not None:
        return _diverged(report)
    start, end = report.start + 1, report.depth - report.start  # layers, counted from 1
    first, last = report.std[start - 1], report.std[end - 1]
    what = {
        Quantity.ACTIVATIONS: "the activations",
        Quantity.PRE_ACTIVATIONS: "the pre-activations",
        Quantity.GRADIENTS: "∂C/∂s",
        Quantity.WEIGHT_GRADIENTS: "∂C/∂W",
    }[report.quantity]
    if not report.std.any():
        number = "one and the same number" if report.mean.any() else "exactly 0"
        return f"No spread at all: in every layer {what} are {number}. No signal passes."
    if first == 0:
        return f"Layer {start} has no spread in {what}: all one number, so there is nothing to follow."
    if not report.backward and report.between[0] == 0:
        return f"Every sample gives the same numbers in layer {start}, so there is no signal to follow."
    sentences = [_spread(report, what, start, end, first, last)]
    if not report.backward:
        sentences.append(_flatness(report))
    if report.quantity == Quantity.WEIGHT_GRADIENTS:
        sentences.append("Look at ∂C/∂s as well: it may tell another story.")
    return " ".join(s for s in sentences if s)


def _diverged(report):
    layer = report.diverged_at
    where = f"layer {layer}" if layer <= report.depth else "the logits (behind the last layer)"
    grows = f" Each layer multiplies the spread by {times(report.factor)}." if report.factor > 1 else ""
    if not report.backward:
        return f"Diverged at {where}: the numbers left the range of floats.{grows}"
    # A layer that the forward pass reached has a flat share.
    if layer <= report.depth and np.isfinite(report.flat[layer - 1]):
        return f"The gradient diverged at {where} on its way back.{grows}"
    return f"Diverged at {where} on the way forward, so there is no loss and no gradient."


def _spread(report, what, start, end, first, last):
    if report.depth == 1:
        return f"There is one hidden layer; {what} have a spread of {digits(last, 2)} there."
    ratio = last / first
    if ratio == 0:
        return f"Nothing is left at layer {end}: {what} have no spread there."
    kept = f"Layer {end} {many(ratio)} layer {start}'s spread of {what}"
    state = report.states[end - 1]
    between_ratio = report.between[end - 1] / report.between[start - 1]
    if state == "vanished" and ratio >= VANISHED:
        return (
            f"{kept}, but only {percent(between_ratio)} of the spread between samples: "
            "whichever input goes in, nearly the same numbers come out. The signal vanished."
        )
    if state == "vanished":
        return f"{kept}: the signal vanished, {times(report.factor)} a layer."
    if state == "exploded" and ratio <= EXPLODED and not report.backward:
        return f"{kept}, but {times(between_ratio)} the spread between samples: small differences explode."
    if state == "exploded":
        # An erratic signal's factor differs in its second digit between processors; near 1 it counts.
        factor = digits(report.factor, 1 if report.factor > 2 else 2)
        return f"{kept}: the signal explodes, about ×{factor} a layer."
    if state == "stuck":
        what_is_stuck = "outputs are saturated" if "saturated" in report.flat_label else "units are dead"
        return f"{kept}, but most of its {what_is_stuck}."
    return f"{kept}{_drift(report, ratio)}"


def _drift(report, ratio):
    """Say whether a signal that is still there would be so in a deeper net."""
    for factor, name in (
        (report.factor, ":"),
        (report.signal_factor, ", but the spread between samples is"),
    ):
        if factor < FADING or (name == ":" and ratio < 0.1):
            return f"{name} fading, {times(factor)} a layer; a deeper net would lose it."
        if factor > 1 / FADING or (name == ":" and ratio > 10):
            return f"{name} growing, {times(factor)} a layer; in a deeper net it would explode."
    return ": the signal survives."


def _flatness(report):
    worst = int(np.nanargmax(report.flat))
    share, dead = report.flat[worst], report.stuck.max()
    saturates = "saturated" in report.flat_label and share > 0.2
    others = np.delete(report.flat, worst)
    if saturates and others.size and share > 2 * np.nanmax(others):
        return (
            f"Only in layer {worst + 1} are many outputs saturated, {percent(share)}: there the slope of "
            "the activation is nearly 0."
        )
    if saturates:
        return (
            f"{percent(share)} of layer {worst + 1}'s outputs are saturated, "
            "where the slope of the activation is nearly 0."
        )
    if "zero" in report.flat_label and dead > 0.1:
        layer = int(report.stuck.argmax()) + 1
        return f"{percent(dead)} of layer {layer}'s units are zero for every sample: dead."
    return ""
