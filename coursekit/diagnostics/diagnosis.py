"""What the numbers of a report say, in a sentence or two."""

import numpy as np

from coursekit.diagnostics.signals import EXPLODED, QUANTITIES, VANISHED, SignalReport


def percent(share: float) -> str:
    """Write a share with two digits: 61 %, 4.2 %, 0.03 %, 2e-07 %."""
    p = 100 * share
    if p == 0 or p >= 10:
        return f"{p:.0f} %"
    return f"{p:.2g} %"


def times(factor: float) -> str:
    """Write a factor with two digits, such as ×0.22 or ×16; beyond 1000 with one, such as ×7e+04."""
    if factor >= 1000:
        return f"×{factor:.0e}"
    return f"×{factor:.2g}" if factor < 10 else f"×{factor:.0f}"


def diagnose(report: SignalReport) -> str:
    """Say in one or two sentences what happens to the signal of `report`, with its own numbers."""
    if report.diverged_at is not None:
        return _diverged(report)
    start, end = report.start + 1, report.depth - report.start  # layers, counted from 1
    first, last = report.std[start - 1], report.std[end - 1]
    what = {
        QUANTITIES[0]: "the activations",
        QUANTITIES[1]: "the pre-activations",
        QUANTITIES[2]: "∂C/∂s",
        QUANTITIES[3]: "∂C/∂W",
    }[report.quantity]
    if not report.std.any():
        return f"No spread at all: in every layer {what} are one and the same number. No signal passes."
    if first == 0:
        return f"Layer {start} has no spread in {what}: all one number, so there is nothing to follow."
    if not report.backward and report.between[0] == 0:
        return f"Every sample gives the same numbers in layer {start}, so there is no signal to follow."
    sentences = [_spread(report, what, start, end, first, last)]
    if not report.backward:
        sentences.append(_flatness(report))
    if report.quantity == QUANTITIES[3]:
        sentences.append("Look at ∂C/∂s as well: weight gradients can stay level while it vanishes.")
    return " ".join(s for s in sentences if s)


def _diverged(report):
    layer = report.diverged_at
    where = f"layer {layer}" if layer <= report.depth else "the logits (above the last layer)"
    grows = f" Each layer multiplies the spread by {times(report.factor)}." if report.factor > 1 else ""
    if not report.backward:
        return f"Diverged at {where}: the numbers left the range of floats.{grows}"
    # A layer that the forward pass reached has a flat share.
    if layer <= report.depth and np.isfinite(report.flat[layer - 1]):
        return f"The gradient diverged at {where} on its way down.{grows}"
    return f"Diverged at {where} on the way forward, so there is no loss and no gradient."


def _spread(report, what, start, end, first, last):
    if report.depth == 1:
        return f"There is one hidden layer; {what} have a spread of {last:.2g} there."
    ratio = last / first
    if ratio == 0:
        return f"Nothing is left at layer {end}: {what} have no spread there."
    kept = f"Layer {end} keeps {percent(ratio)} of layer {start}'s spread of {what}"
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
        return (
            f"Layer {end} has {times(ratio)} layer {start}'s spread of {what}: "
            f"the signal explodes, about ×{report.factor:.1g} a layer."
        )
    if state == "stuck":
        what_is_stuck = "outputs are saturated" if "saturated" in report.flat_label else "units are dead"
        return f"{kept}, but most of its {what_is_stuck}."
    if ratio < 0.1 or ratio > 10:
        return f"{kept}: drifting, {times(report.factor)} a layer; a deeper net would lose it."
    return f"{kept}: the signal survives."


def _flatness(report):
    worst = int(np.nanargmax(report.flat))
    share, dead = report.flat[worst], report.stuck.max()
    if "saturated" in report.flat_label and share > 0.2:
        return (
            f"{percent(share)} of layer {worst + 1}'s outputs are saturated, "
            "where the slope of the activation is nearly 0."
        )
    if "zero" in report.flat_label and dead > 0.1:
        layer = int(report.stuck.argmax()) + 1
        return f"{percent(dead)} of layer {layer}'s units are zero for every sample: dead."
    return ""
