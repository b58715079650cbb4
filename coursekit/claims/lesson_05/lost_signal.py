"""Claims of lesson 05 on spread that carries no signal: what differs between samples, and what does not."""

from coursekit.claims.claim import claim
from coursekit.claims.lesson_05.signals import ratio, run
from coursekit.diagnostics import spread_between_samples

HERE = "measured here"
SETTING = "ten layers of 500 units, 500 images"


def between_shares(activation: str, scheme: str, seed: int) -> list[float]:
    """Return the spread between samples over the spread of all values, layer by layer."""
    return [spread_between_samples(h) / h.std(dtype="float64") for h in run(activation, scheme, seed).h]


@claim(
    says="If the spread is kept, the signal is (sigmoid, LeCun's rule: more than half is kept).",
    verdict="folklore",
    measured="spread between samples, layer 10 ÷ layer 1",
    band=(0, 1e-4),
    setting=SETTING,
    source=HERE,
)
def spread_is_not_signal(seed: int) -> float:
    h = run("sigmoid", "lecun_normal", seed).h
    return spread_between_samples(h[-1]) / spread_between_samples(h[0])


@claim(
    says="Under tanh and Xavier the spread between samples stays in proportion to that of all values.",
    verdict="holds",
    measured="their quotient in ten layers, largest ÷ smallest",
    band=(1, 1.15),
    setting=SETTING,
    source=HERE,
)
def tanh_squares_follow(seed: int) -> float:
    return ratio(between_shares("tanh", "xavier_uniform", seed))


@claim(
    says="Under ReLU it falls behind, to half of it in ten layers.",
    verdict="holds",
    measured="between samples ÷ of all values, layer 10 (layer 1: 0.86)",
    band=(0.4, 0.6),
    setting=SETTING,
    source=HERE,
)
def relu_squares_fall_behind(seed: int) -> float:
    return between_shares("relu", "he_normal", seed)[-1]
