"""The sweep of lesson 03: softmax regression and an MLP at many rates, with the notes' other settings."""

from coursekit.claims.lesson_03.trainings import trained
from coursekit.claims.sweeps import Plan

NETS = {"softmax regression": "softmax", "MLP": "mlp"}


def right_at(name: str, rate: float, seed: int) -> float:
    """Return the validation accuracy after five epochs on 9,000 images, batch 256, constant rate."""
    last = trained(NETS[name], rate, 256, 5, seed=seed, falling=False)
    return float(last.validation_accuracies[-1])


CLASSIFIER_RATE = Plan(
    "classifier_rate",
    "03",
    "Which net is better after five epochs?",
    "learning rate",
    "right answers on validation images",
    (0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    tuple(NETS),
    right_at,
    (0, 1, 2, 3, 4),
    0.12,
)
