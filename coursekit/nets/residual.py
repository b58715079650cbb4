"""Residual blocks: each adds to its input instead of replacing it."""

import numpy as np

from coursekit import nn
from coursekit.nets.deep import ACTIVATIONS
from coursekit.nn import checks


class Residual(nn.Composite):
    r"""A block with a skip connection, :math:`y = x + f(x)` (He et al. 2016, "Deep residual learning").

    Backward, :math:`\partial C/\partial x = \delta + f'(\delta)`: the gradient has a way past f that
    nothing shrinks.

    Parameters
    ----------
    *layers : Block
        f, one layer after another. What comes out must have the shape of what goes in.
    """

    def __init__(self, *layers: nn.Block):
        self.body = nn.Sequential(*layers)

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x + f(x).

        Raises
        ------
        ValueError
            If f changes the shape.
        """
        f = self.body.forward(x, training=training)
        if f.shape != np.shape(x):
            raise ValueError(
                f"a residual block adds f(x) to x, so both must have one shape; got {f.shape} and "
                f"{np.shape(x)}."
            )
        return x + f

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx, the sum of what comes back past f and through it."""
        return dy + self.body.backward(dy)


def residual_net(
    activation: str, depth: int, width: int, *, skip: bool = True, classes: int = 10
) -> nn.Sequential:
    """Return a dense layer of `width` units, `depth` blocks of a dense layer and an activation, the logits.

    Parameters
    ----------
    activation : str
        A key of `ACTIVATIONS`.
    depth, width : int
        Blocks, and units in each.
    skip : bool
        Whether each block adds to its input (`Residual`); without, the blocks follow each other plainly.
    classes : int
        Number of logits.
    """
    make = ACTIVATIONS[checks.one_of("activation", activation, tuple(ACTIVATIONS))]
    join = Residual if checks.flag("skip", skip) else nn.Sequential
    blocks = [join(nn.Dense(width), make()) for _ in range(checks.positive_int("depth", depth))]
    return nn.Sequential(nn.Dense(width), *blocks, nn.Dense(classes))
