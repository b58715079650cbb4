"""The checker of lesson 05 for a σ found by hand."""

import math

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_samples
from coursekit.diagnostics import deep_net, signal_report
from coursekit.exercises.feedback import AnswerError, checked
from coursekit.nn import checks


@checked
def check_sigma(sigma: float, activation: str = "relu", depth: int = 20, width: int = 300) -> str:
    """Check a σ found by hand: N(0, σ²) should keep the spread from layer 1 to the last one.

    Passes if the last layer keeps between 1/10 and 10 times the first one's spread on 500 images, and
    more than 1/100 of the spread between images.

    Returns
    -------
    Feedback
        With what was measured, and in which direction to go.
    """
    try:
        sigma = checks.finite("sigma", sigma)
        if sigma < 0:
            raise ValueError(f"σ is a standard deviation, which is never negative; got {sigma:g}.")
        net = deep_net(activation, depth, width)
    except (TypeError, ValueError, OverflowError) as error:
        raise AnswerError(str(error)) from None
    x, _ = fashion_samples(500)
    net.initialize(nn.initializers.normal(sigma), np.random.default_rng(5))
    report = signal_report(net, x)
    if report.diverged_at is not None:
        raise AnswerError(f"too wide: the signal left the range of floats at layer {report.diverged_at}.")
    if report.std[0] == 0 or report.std[-1] == 0:
        raise AnswerError(f"too narrow: no spread is left at layer {depth}.")
    kept = report.std[-1] / report.std[0]
    flat = report.flat.max() if activation in ("tanh", "sigmoid") else 0
    digits = 4 if 0.09 < kept < 0.11 or 9 < kept < 11 else 2  # at the borders two would tell nothing
    said = f"layer {depth} has {kept:.{digits}g} × the spread of layer 1"
    if kept < 0.1:
        hint = "Try a larger σ."
        if activation == "relu" and abs(sigma * math.sqrt(width) - 1) < 0.02:
            hint = "√(1 / n) is tanh's rule; ReLU loses half of the mean square at every layer."
        raise AnswerError(f"too narrow: {said}. {hint}")
    if kept > 10:
        raise AnswerError(f"too wide: {said}. Try a smaller σ.")
    if flat > 0.5:
        raise AnswerError(f"too wide: {said}, but {100 * flat:.0f} % of a layer's outputs are saturated.")
    if report.states[-1] == "vanished":
        raise AnswerError(f"too narrow: {said}, but hardly any of its spread between samples is left.")
    return f"{said}: the signal survives {depth} layers."
