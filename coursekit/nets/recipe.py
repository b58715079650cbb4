"""A LeNet in which every technique of the course is a switch."""

from dataclasses import dataclass

from coursekit import nn
from coursekit.nets.residual import Residual
from coursekit.nn import checks, initializers

SCHEMES = {
    "he_normal": "he_normal",
    "xavier_uniform": "xavier_uniform",
    "normal_0.01": initializers.normal(0.01),
}
NAMES = {"he_normal": "He", "xavier_uniform": "Xavier", "normal_0.01": "N(0, 0.01²)"}


@dataclass(frozen=True)
class Recipe:
    """How a net is built and trained: one choice of every technique.

    Attributes
    ----------
    scheme : str
        A key of `SCHEMES`: how the weights start.
    batch_norm : bool
        Whether a batch norm stands between each layer and its ReLU.
    dropout : bool
        Whether 0.2 of the first dense layer's outputs and 0.5 of the second's are dropped.
    weight_decay : float
        λ, 0 or more.
    skip : bool
        Whether the second dense layer adds to its input instead of replacing it.
    centre : bool
        Whether the mean image of the training split is subtracted from every image.
    rate : float
        η at the first step; it falls to 0 along half a cosine wave.
    batch_size : int

    Raises
    ------
    TypeError, ValueError
        If a value is out of its range.
    """

    scheme: str = "he_normal"
    batch_norm: bool = True
    dropout: bool = False
    weight_decay: float = 0.0
    skip: bool = False
    centre: bool = True
    rate: float = 0.1
    batch_size: int = 64

    @property
    def words(self) -> str:
        """The recipe in a line, such as "He, batch norm, η 1"; what is as in most recipes is not said."""
        said = [NAMES[self.scheme], "batch norm" if self.batch_norm else "no norm"]
        said += ["dropout"] * self.dropout + [f"λ {self.weight_decay:g}"] * (self.weight_decay > 0)
        said += ["skip"] * self.skip + ["not centred"] * (not self.centre)
        said += [f"batch {self.batch_size}"] * (self.batch_size != 64)
        return ", ".join([*said, f"η {self.rate:.2g}"])

    def __post_init__(self) -> None:
        checks.one_of("scheme", self.scheme, tuple(SCHEMES))
        for name in ("batch_norm", "dropout", "skip", "centre"):
            checks.flag(name, getattr(self, name))
        checks.finite("weight_decay", self.weight_decay, low=0)
        checks.finite("rate", self.rate, low=0)
        checks.positive_int("batch_size", self.batch_size)


def recipe_net(recipe: Recipe, *, classes: int = 10) -> nn.Sequential:
    """Return the net of a recipe, not yet initialized, for images (N, 1, 28, 28).

    Two convolutions with pooling, as in `lenet`, then two dense layers of 120 units: of one width, so that
    the second can add to its input.

    Parameters
    ----------
    recipe : Recipe
    classes : int
        Number of logits.
    """

    def block(layer: nn.Block) -> list[nn.Block]:
        return [layer, *([nn.BatchNorm()] if recipe.batch_norm else []), nn.ReLU()]

    second = block(nn.Dense(120))
    layers = [
        *block(nn.Conv2D(6, 5, padding=2)),
        nn.MaxPool2D(2),
        *block(nn.Conv2D(16, 5)),
        nn.MaxPool2D(2),
        nn.Flatten(),
        *block(nn.Dense(120)),
        *([nn.Dropout(0.2)] if recipe.dropout else []),
        *([Residual(*second)] if recipe.skip else second),
        *([nn.Dropout(0.5)] if recipe.dropout else []),
        nn.Dense(classes),
    ]
    return nn.Sequential(*layers)
