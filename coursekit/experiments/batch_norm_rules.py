"""What one step through batch norm's graph does: its rule, its numbers, and in words."""

from dataclasses import dataclass

import numpy as np

from coursekit.experiments.batch_norm_graph import EPS, STEPS, GraphStep
from coursekit.nn.batch_norm_graph import FORMULAS
from coursekit.words import short

PARENTS_OF = {name: parents for name, (_, parents) in FORMULAS.items()}

# Forward: what is computed, in words. The formula stands on the node.
FORWARD = {
    "mean": "The mean of each feature over the samples: three rows become one.",
    "centred": "The mean is taken off every sample. x has now been used twice: here and in μ.",
    "squared": "Every entry is squared.",
    "variance": "The mean of the squares: three rows become one.",
    "std": "ε is added to the variance, and the root taken: the standard deviation.",
    "inverse_std": "One divided by it, so that a product can follow.",
    "x_hat": "The centred input times 1/s. c has now been used twice: here and in q.",
    "scaled": "Every feature is given its own width γ.",
    "y": "And its own place β. The forward pass is done.",
}
# Backward: (parent, what it gets) for each parent, then the reason.
BACKWARD = {
    "y": ((("z", "δ"), ("β", "Σ δ")),
          "A sum hands its gradient to both terms. β was added to all three samples, so it gets the sum of "
          "their gradients."),
    "scaled": ((("x̂", "γ · ∂C/∂z"), ("γ", "Σ x̂ · ∂C/∂z")),
               "A product gives each factor the gradient times the other factor; γ sums over the samples."),
    "x_hat": ((("c", "r · ∂C/∂x̂"), ("r", "Σ c · ∂C/∂x̂")),
              "A product again. What c gets is only the first of two contributions: it was used in q too."),
    "inverse_std": ((("s", "−∂C/∂r / s²"),), "1/s has the slope −1/s²."),
    "std": ((("v", "∂C/∂s / (2 s)"),), "√(v + ε) has the slope 1 / (2 √(v + ε)) = 1/(2s)."),
    "variance": ((("q", "∂C/∂v / n"),), "In a mean every sample has the slope 1/n: three equal rows."),
    "squared": ((("c", "2 c · ∂C/∂q"),),
                "c² has the slope 2c. This is the second contribution to c, and the two add up."),
    "centred": ((("x", "∂C/∂c"), ("μ", "−Σ ∂C/∂c")),
                "x − μ has the slopes 1 and −1. μ was taken off all three samples, so their gradients are "
                "summed. What x gets is the first of two contributions."),
    "mean": ((("x", "∂C/∂μ / n"),),
             "In a mean every sample has the slope 1/n. The second contribution to x, and the two add up."),
}  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """One step in words: `title`, the `rules` as formulas, `worked` for feature 1, the `reason`."""

    title: str
    rules: tuple[str, ...]
    worked: tuple[str, ...]
    reason: str


def _sign(*numbers):
    """Return "=" if two decimals write all these numbers out in full, else "≈"."""
    hundredths = 100 * np.concatenate([np.ravel(n) for n in numbers])
    return "=" if np.abs(hundredths - hundredths.round()).max() < 1e-6 else "≈"


def _term(value):
    """Write a number inside a sum or product: a negative one in brackets."""
    return f"({short(value)})" if short(value).startswith("−") else short(value)


def _sum(values):
    return " + ".join(_term(value) for value in values)


def _products(a, b):
    return " + ".join(f"{_term(p)}·{_term(q)}" for p, q in zip(a, b, strict=True))


def _worked_forward(name, v):
    """Return the arithmetic behind the first entry of a node; `v` holds column 1 of every value."""
    n = len(v["x"])
    c, s = _term(v["centred"][0]), short(v["std"])
    text = {
        "mean": f"({_sum(v['x'])}) / {n}",
        "centred": f"{short(v['x'][0])} − {_term(v['mean'])}",
        "squared": f"{c}²",
        "variance": f"({_sum(v['squared'])}) / {n}",
        "std": f"√({short(v['variance'])} + {EPS:g})",
        "inverse_std": f"1 / {s}",
        "x_hat": f"{c} · {short(v['inverse_std'])}",
        "scaled": f"{short(v['gamma'])} · {_term(v['x_hat'][0])}",
        "y": f"{short(v['scaled'][0])} + {_term(v['beta'])}",
    }[name]
    sign = _sign(v[name], *(v[parent] for parent in PARENTS_OF[name]))
    return (f"{text} {sign} {short(np.ravel(v[name])[0])}",)


def _worked_backward(name, v, g):
    """Return the arithmetic of what each parent gets, in the order of BACKWARD; `g` are gradients.

    Each with the numbers that stand in it.
    """
    n, s, gn = len(v["x"]), v["std"], np.atleast_1d(g[name])
    first = gn[0]
    return {
        "y": lambda: ((short(first), first), (_sum(gn), gn)),
        "scaled": lambda: ((f"{short(v['gamma'])} · {_term(first)}", v["gamma"], first),
                   (_products(v["x_hat"], gn), v["x_hat"], gn)),
        "x_hat": lambda: ((f"{short(v['inverse_std'])} · {_term(first)}", v["inverse_std"], first),
                  (_products(v["centred"], gn), v["centred"], gn)),
        "inverse_std": lambda: ((f"−{_term(first)} / {short(s)}²", first, s),),
        "std": lambda: ((f"{short(first)} / (2 · {short(s)})", first, s),),
        "variance": lambda: ((f"{short(first)} / {n}", first),),
        "squared": lambda: ((f"2 · {_term(v['centred'][0])} · {_term(first)}", v["centred"][0], first),),
        "centred": lambda: ((short(first), first), (f"−({_sum(gn)})", gn)),
        "mean": lambda: ((f"{short(first)} / {n}", first),),
    }[name]()  # fmt: skip


def explain(step: GraphStep) -> Explanation:
    """Return the rule of this step, its arithmetic for sample 1 and feature 1, and the reason."""
    nodes = step.graph.nodes
    if not step.node:
        return Explanation(
            "Step 0 · what is given",
            (f"x, γ, β and ε = {EPS:g};  δ = ∂C/∂y",),
            (),
            "Three samples (rows) of two features (columns) are given, and the gradient δ of the loss. "
            "Every other box is still empty. Press ▶, or move the slider.",
        )
    formula = nodes[step.node].formula
    column = {name: node.value[..., 0] for name, node in nodes.items()}
    if not step.backward:
        title = f"Step {step.step} of {STEPS} · forward: {formula}"
        return Explanation(title, (formula,), _worked_forward(step.node, column), FORWARD[step.node])
    gradients = {name: node.gradient[..., 0] for name, node in nodes.items()}
    gets, reason = BACKWARD[step.node]
    symbols = {nodes[p].formula.split(" ")[0]: p for p in nodes}
    worked = _worked_backward(step.node, column, gradients)
    results = [np.ravel(nodes[symbols[symbol]].sent_by(step.node)[..., 0])[0] for symbol, _ in gets]
    return Explanation(
        f"Step {step.step} of {STEPS} · backward through {formula}",
        tuple(f"{symbol} gets  {rule}" for symbol, rule in gets),
        tuple(
            f"{symbol}: {text}" + ("" if text == short(out) else f" {_sign(out, *shown)} {short(out)}")
            for (symbol, _), (text, *shown), out in zip(gets, worked, results, strict=True)
        ),
        reason,
    )


def diagnose_graph(step: GraphStep) -> str:
    """Say what this step does, and what the gradient has come to at the end."""
    told = explain(step)
    rules = "; ".join(told.rules)
    if not step.node:
        return told.reason
    title = told.title if not step.backward else f"{told.title}. {rules}"
    text = f"{title}. {told.reason}"
    if told.worked:
        text += f" For sample 1 and feature 1: {'; '.join(told.worked)}."
    if step.step < STEPS:
        return text
    if np.abs(step.graph.x.gradient).max() < 1e-12:
        return f"{text} Everything cancels: ∂C/∂x is 0. These δ say nothing about whether a path is right."
    return f"{text} Done: each column of ∂C/∂x adds up to 0."
