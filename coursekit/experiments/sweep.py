"""One number, measured over a range of settings, for several nets and seeds."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks


@dataclass(frozen=True)
class Sweep:
    """What a sweep has measured.

    Attributes
    ----------
    question : str
        The title of its picture.
    x_label, y_label : str
    x : ndarray, shape (X,)
        The settings, ascending.
    names : tuple of str
        One a series, S of them.
    values : ndarray, shape (S, X, R)
        The number for each series, setting and seed; nan or inf where a run diverged.
    seeds : tuple of int
        R of them.
    provenance : str
        How the numbers were made, and with what.
    log_y : bool
        Whether the numbers span decades.
    """

    question: str
    x_label: str
    y_label: str
    x: np.ndarray
    names: tuple[str, ...]
    values: np.ndarray
    seeds: tuple[int, ...]
    provenance: str
    log_y: bool = False

    def series(self, name: str) -> np.ndarray:
        """Return the numbers of one series, shape (X, R)."""
        return self.values[self.names.index(name)]

    def only(self, *names: str) -> "Sweep":
        """Return the sweep of some of its series.

        Raises
        ------
        ValueError
            If one of them was not measured.
        """
        values = np.stack([self.series(checks.one_of("name", name, self.names)) for name in names])
        return dataclasses.replace(self, names=names, values=values)

    def median(self, name: str) -> np.ndarray:
        """Return the middle one of the seeds at each setting, shape (X,)."""
        return np.median(self.series(name), axis=1)
