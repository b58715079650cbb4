"""The losses of several training runs, step by step."""

import math
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks


@dataclass(frozen=True)
class LossCurves:
    """R runs of the same number of steps.

    Attributes
    ----------
    names : tuple of str
        What each run is called, R of them, all different.
    losses : ndarray, shape (R, steps)
        The loss before each step, first step first. nan where a run had diverged.
    classes : int or None
        K, if the loss is a cross-entropy of K classes.

    Raises
    ------
    ValueError
        If names and losses do not match, or there is nothing in them.
    """

    names: tuple[str, ...]
    losses: np.ndarray
    classes: int | None = 10

    def __post_init__(self):
        names, losses = tuple(self.names), np.array(self.losses, np.float64)
        if losses.ndim != 2 or len(names) != len(losses) or losses.size == 0:
            raise ValueError(
                f"losses must be (runs, steps), a row for each of the {len(names)} names; "
                f"their shape is {losses.shape}."
            )
        if len(set(names)) < len(names):
            raise ValueError(f"the names must be all different; got {names}.")
        if self.classes is not None:
            checks.positive_int("classes", self.classes)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "losses", losses)

    @property
    def guessing(self) -> float:
        """Ln K, the loss of a net that gives each class the same probability; nan without classes."""
        return math.nan if self.classes is None else math.log(self.classes)
