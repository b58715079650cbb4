"""The error surface over a plane in weight space, from coarse to fine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from coursekit.diagnostics.beside import one_blas_thread
from coursekit.diagnostics.plane import Plane
from coursekit.nn import checks

# Points that go through the net together: fewer mean more calls, more no longer fit a core's cache.
TOGETHER = 48
COARSE, SIDES = 5, (11, 21, 31, 41, 51)
_TWO = ThreadPoolExecutor(max_workers=2, thread_name_prefix="surface")


@dataclass(frozen=True)
class Surface:
    """The loss on a square grid of a plane, as far as it is known.

    Attributes
    ----------
    reach : float
        The grid runs from -reach to reach along both directions.
    losses : ndarray, shape (n, n)
        Mean cross-entropy; row i is b, column j is a. inf where the net diverged, nan where unknown yet.
    coarse : ndarray, shape ((n - 1) / 5 + 1,) * 2
        Every fifth row and column of it, known first.
    done : float
        Share of the points that are known, 0 to 1.
    """

    reach: float
    losses: np.ndarray
    coarse: np.ndarray
    done: float

    @property
    def centre(self) -> float:
        """The loss at the weights themselves."""
        return float(self.coarse[len(self.coarse) // 2, len(self.coarse) // 2])

    @property
    def known(self) -> np.ndarray:
        """All finite losses that are known, shape (M,)."""
        values = np.concatenate([self.coarse.ravel(), self.losses.ravel()])
        return values[np.isfinite(values)]


def surface(plane: Plane, reach: float, points: int = 51) -> Surface:
    """Return the whole surface: `surfaces` to its end."""
    *_, last = surfaces(plane, reach, points)
    return last


def surfaces(plane: Plane, reach: float, points: int = 51, rows: int = 13) -> Iterator[Surface]:
    """Yield the surface as it grows: first every fifth point of it, then `rows` more rows at a time.

    Parameters
    ----------
    plane : Plane
    reach : float
        How far to go along each direction, above 0; 1 changes every unit by its own length.
    points : int
        n, the number of points along each side: 11, 21, 31, 41 or 51, so that the middle is a point.
    rows : int
        Rows between two yields.

    Raises
    ------
    ValueError
        If reach is not positive and finite, or n is no such number.
    """
    reach = checks.positive("reach", reach, "the surface would be a point")
    if checks.positive_int("points", points) not in SIDES:
        raise ValueError(f"points must be one of {', '.join(map(str, SIDES))}; got {points}.")
    rows = checks.positive_int("rows", rows)
    along = np.linspace(-reach, reach, points)
    losses = np.full((points, points), np.nan)
    coarse = _losses(plane, along[::COARSE], along[::COARSE])
    yield Surface(reach, losses.copy(), coarse, coarse.size / losses.size)
    for first in range(0, points, rows):
        losses[first : first + rows] = _losses(plane, along, along[first : first + rows])
        yield Surface(reach, losses.copy(), coarse, min(first + rows, points) / points)


def _losses(plane, a, b):
    """Return the losses on the grid a × b, shape (len(b), len(a)), on two cores."""
    b_all, a_all = (grid.ravel() for grid in np.meshgrid(b, a, indexing="ij"))
    pieces = [slice(i, i + TOGETHER) for i in range(0, a_all.size, TOGETHER)]
    with one_blas_thread():
        parts = plane.parts() if plane.is_chain else None
        found = list(_TWO.map(lambda piece: plane.losses(a_all[piece], b_all[piece], parts), pieces))
    return np.concatenate(found).reshape(len(b), len(a))
