"""The checker of lesson 05 for a σ found by hand."""

import math

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_samples
from coursekit.diagnostics import signal_report
from coursekit.exercises.feedback import AnswerError, checked
from coursekit.nets import deep_net
from coursekit.nn import checks
from coursekit.words import whole_percent


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
        if callable(sigma):
            raise TypeError("sigma must be a number: hand in the σ itself, not a function.")
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
        hint = _hint(sigma, activation, depth, width)
        raise AnswerError(
            f"too wide: the signal left the range of floats at layer {report.diverged_at}. {hint}"
        )
    if report.std[0] == 0 or report.std[-1] == 0:
        hint = _hint(sigma, activation, depth, width)
        raise AnswerError(f"too narrow: no spread is left at layer {depth}. {hint}")
    kept = report.std[-1] / report.std[0]
    flat = report.flat.max() if activation in ("tanh", "sigmoid") else 0
    digits = 4 if 0.09 < kept < 0.11 or 9 < kept < 11 else 2  # at the borders two would tell nothing
    said = f"layer {depth} has {kept:.{digits}g} × the spread of layer 1"
    if kept < 0.1:
        raise AnswerError(f"too narrow: {said}. {_share(sigma, activation, depth, width)}")
    if kept > 10:
        raise AnswerError(
            f"too wide: {said}. {_hint(sigma, activation, depth, width) or 'Try a smaller σ.'}"
        )
    if flat > 0.5:
        hint = _hint(sigma, activation, depth, width)
        raise AnswerError(
            f"too wide: {said}, but {whole_percent(flat)} of a layer's outputs are saturated. {hint}"
        )
    if report.states[-1] == "vanished":
        raise AnswerError(f"too narrow: {said}, but hardly any of its spread between samples is left.")
    rule = math.sqrt((2 if activation == "relu" else 1) / width)
    beside = f" The rule gives {rule:.3f}; yours is {sigma / rule:.2g} times that."
    return f"{said}: the signal survives {depth} layers.{'' if 0.77 < sigma / rule < 1.3 else beside}"


def _share(sigma, activation, depth, width):
    """Return what a known σ stands for, else what a layer keeps of the spread."""
    hint = _hint(sigma, activation, depth, width)
    if hint != "Try a larger σ.":
        return hint
    words, n = ("√(n / 2)", width / 2) if activation == "relu" else ("√n", width)
    return f"A layer keeps about {words} σ = {math.sqrt(n) * sigma:.2g} of the spread. {hint}"


def _hint(sigma, activation, depth, width):
    """Return what a known σ stands for, or nothing."""
    n, inputs = width, 784
    known = [
        (2 / n, "2 / n is He's variance: σ is its root."),
        (1 / n, "1 / n is a variance: σ is its root."),
        ((2 / n) ** 2, "(2 / n)² squares where the root belongs."),
        (math.sqrt(2) / n, "√2 / n: root the whole fraction."),
        (
            math.sqrt(6 / n),
            "√(6 / n) is the limit of a uniform law: σ is a standard deviation, √3 times smaller.",
        ),
        (
            math.sqrt(3 / n),
            "√(3 / n) is the limit of a uniform law: σ is a standard deviation, √3 times smaller.",
        ),
        (
            math.sqrt(1 / (3 * n)),
            "√(1 / (3n)) is the spread of U(±1/√n), PyTorch's default: a third of the variance.",
        ),
        (math.sqrt(n / 2), "√(n / 2) is upside down."),
        (math.sqrt(n), "√n is upside down."),
        (
            math.sqrt(2 / inputs),
            "√(2 / 784) takes the number of pixels: the layers between have n units each.",
        ),
        (
            math.sqrt(1 / inputs),
            "√(1 / 784) takes the number of pixels: the layers between have n units each.",
        ),
        (
            math.sqrt(2 / (n + inputs)),
            "√(2 / (n + 784)) takes the number of pixels: the layers between have n units.",
        ),
        (math.sqrt(2 / depth), "√(2 / depth) takes the number of layers: n is the number of units in one."),
        (math.sqrt(1 / depth), "√(1 / depth) takes the number of layers: n is the number of units in one."),
        (1.0, "1 is no width for every size: σ has to shrink with n."),
        *((value, "") for value in (0.01, 0.02, 0.05, 0.1)),  # round numbers stand for no rule
    ]
    if activation == "relu":
        known.insert(0, (math.sqrt(1 / n),
            "√(1 / n) is tanh's rule; ReLU loses half of the mean square at every layer."))  # fmt: skip
        known.append((2 / math.sqrt(n), "2 / √n: the 2 belongs under the root."))
        known.append((math.sqrt(1 / (2 * n)), "√(1 / (2n)): the 2 belongs in the numerator."))
    else:
        known.insert(0, (math.sqrt(2 / n), "√(2 / n) is ReLU's rule."))
        known.append(
            (
                math.sqrt(1 / (2 * n)),
                "√(1 / (2n)) has half the variance of equation (2): n counts once (or, with both fans, n + "
                "n, a 2 stands on top).",
            )
        )
    close = [(abs(sigma / value - 1), words) for value, words in known if abs(sigma / value - 1) < 0.02]
    direction = {True: " Try a larger σ.", False: " Try a smaller σ."}[sigma < math.sqrt(1.5 / n)]
    return (min(close)[1] + direction if close else direction).strip()
