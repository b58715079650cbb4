"""The sweeps of lesson 13: every technique switched, and the size of a batch, over grids of rates."""

from dataclasses import replace

from coursekit.claims.sweeps import Plan
from coursekit.experiments.recipe_run import last_run
from coursekit.nets.recipe import Recipe

BASE = Recipe()
IMAGES, EPOCHS = 4000, 6
# One switch a row, and the pair of the last two rows for what batch norm and a start of 0.01 do together.
ROWS = {
    "as it stands": BASE,
    "dropout 0.2 / 0.5": replace(BASE, dropout=True),
    "weight decay 0.001": replace(BASE, weight_decay=1e-3),
    "skip connection": replace(BASE, skip=True),
    "not centred": replace(BASE, centre=False),
    "Xavier for He": replace(BASE, scheme="xavier_uniform"),
    "N(0, 0.01²) for He": replace(BASE, scheme="normal_0.01"),
    "no batch norm": replace(BASE, batch_norm=False),
    "neither": replace(BASE, scheme="normal_0.01", batch_norm=False),
}


def accuracy(row: str, rate: float, seed: int) -> float:
    """Return the validation accuracy after six epochs on 4,000 images; chance if the run diverged."""
    run = last_run(replace(ROWS[row], rate=rate), IMAGES, EPOCHS, seed)
    return run.right if run.diverged_at is None else 0.1


ABLATION = Plan(
    "ablation",
    "13",
    "Which technique does how much?",
    "learning rate at the first step",
    "right answers on 2,000 validation images",
    (0.03, 0.1, 0.3, 1.0, 3.0),
    tuple(ROWS),
    accuracy,
    (0, 1, 2, 3, 4, 5),
    0.06,
    sample=1,
)


def accuracy_in_batches(size: str, rate: float, seed: int) -> float:
    """Return the validation accuracy of the base after three epochs in batches of a size."""
    run = last_run(replace(BASE, rate=rate, batch_size=int(size)), IMAGES, 3, seed)
    return run.right if run.diverged_at is None else 0.1


BATCH_SIZE = Plan(
    "batch_size_of_a_recipe",
    "13",
    "Do 256 images a batch do as well as 64?",
    "learning rate at the first step",
    "right answers on 2,000 validation images",
    (0.3, 1.0, 3.0),
    ("64", "256"),
    accuracy_in_batches,
    (0, 1, 2, 3, 4),
    0.06,
    sample=1,
)
