"""The sweeps of lesson 08: starts, rates and what lies ahead without and with batch norm; its noise."""

from coursekit import nn
from coursekit.claims.lesson_08.statistics_noise import right_answers
from coursekit.claims.lesson_08.trainings import run, start
from coursekit.claims.sweeps import Plan
from coursekit.datasets import fashion_split
from coursekit.diagnostics.smoothness import smoothness
from coursekit.experiments.race import race

NORMS = {"without batch norm": None, "with batch norm": nn.BatchNorm}


def accuracy_from_scale(name: str, sigma: float, seed: int) -> float:
    """Return the test accuracy after 100 steps from N(0, σ²) weights, five ReLU layers, rate 0.3."""
    return float(run(NORMS[name], seed, rate=0.3, scheme=nn.initializers.normal(sigma)).accuracies[-1])


def accuracy_at_rate(name: str, rate: float, seed: int) -> float:
    """Return the test accuracy after 100 steps at a learning rate, eight ReLU layers from He's start."""
    return float(run(NORMS[name], seed, rate=rate, depth=8).accuracies[-1])


def loss_range_after(name: str, steps: float, seed: int) -> float:
    """Return the range of the loss along the gradient after some steps, five ReLU layers, rate 0.1."""
    split, net = fashion_split(), start(NORMS[name], seed, "relu", 5)
    race({"": net}, split, 0.1, steps=int(steps), seed=seed, every=int(steps))
    return smoothness(net, split.x_train[:256], split.y_train[:256], 0.1).loss_range


INIT_SCALE = Plan(
    "init_scale",
    "08",
    "How much does the start matter?",
    "σ of the initial weights",
    "right answers on unseen images",
    (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.06, 0.1, 0.14, 0.2, 0.3, 0.5, 1.0),
    tuple(NORMS),
    accuracy_from_scale,
    (0, 1, 2, 3, 4),
    0.2,
)

LEARNING_RATE = Plan(
    "learning_rate",
    "08",
    "How large may the learning rate be?",
    "learning rate",
    "right answers on unseen images",
    tuple(10 ** (k / 4) for k in range(-12, 5)),
    tuple(NORMS),
    accuracy_at_rate,
    (0, 1, 2, 3, 4),
    0.2,
)

LOSS_RANGE = Plan(
    "loss_range",
    "08",
    "How far does the loss jump along the gradient?",
    "training step",
    "range of the loss over steps of ¼ … 4 rates",
    (1, 2, 5, 10, 20, 50, 100, 200),
    tuple(NORMS),
    loss_range_after,
    (0, 1, 2, 3, 4),
    0.9,
    log_y=True,
)

STATISTICS_NOISE = Plan(
    "statistics_noise",
    "08",
    "What does the noise of the statistics do?",
    "images that share their statistics, of 64 in a step",
    "right answers",
    (4, 8, 16, 64),
    ("training images", "unseen images"),
    right_answers,
    (0, 1, 2, 3, 4),
    0.05,
)
