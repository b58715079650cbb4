"""A ball on an error surface: gradient descent that knows two directions only."""

from dataclasses import dataclass

import numpy as np

from coursekit.diagnostics.surface import Surface
from coursekit.nn import checks

START = (0.75, -0.55)  # where a ball is set down, in parts of the reach


@dataclass(frozen=True)
class Walk:
    """The way of a ball over a plane.

    Attributes
    ----------
    a, b, losses : tuple of float
        Where the ball was, from its start on, and the loss there. A ball that left the plane is last seen
        at its border.
    left_at : int or None
        The step, counted from 1, that led out of the plane, or to where the loss is no number.
    """

    a: tuple[float, ...]
    b: tuple[float, ...]
    losses: tuple[float, ...]
    left_at: int | None = None

    @property
    def steps(self) -> int:
        """How many steps the ball has taken."""
        return len(self.a) - 1


def walk(surface: Surface, rate: float, steps: int) -> Walk:
    r"""Let a ball take gradient steps on a surface.

    .. math:: (a, b) \leftarrow (a, b) - \text{rate} \cdot (\partial C/\partial a, \partial C/\partial b)

    Loss and slopes are interpolated (bilinearly) between the points of the grid, slopes there are central
    differences. While the surface is still being computed its coarse grid is used.

    Parameters
    ----------
    surface : Surface
    rate : float
        Of the two coordinates; a step of 1 along a changes every weight by d₁.
    steps : int
        At most; fewer if the ball leaves the plane.
    """
    rate = checks.finite("rate", rate, low=0)
    grid = surface.losses if surface.done == 1 else surface.coarse
    spacing = 2 * surface.reach / (len(grid) - 1)
    with np.errstate(invalid="ignore", over="ignore"):
        along_b, along_a = np.gradient(grid, spacing)
    at = surface.reach * np.array(START)
    way, left_at = [at], None
    for step in range(1, steps + 1):
        slope = np.array([_between(field, at, surface.reach) for field in (along_a, along_b)])
        with np.errstate(over="ignore"):
            target = at - rate * slope
        if not np.isfinite(target).all():
            left_at = step
            break
        if np.abs(target).max() > surface.reach:
            left_at = step
            way.append(_border(at, target, surface.reach))
            break
        at = target
        way.append(at)
    a, b = (tuple(map(float, values)) for values in zip(*way, strict=True))
    return Walk(a, b, tuple(float(_between(grid, point, surface.reach)) for point in way), left_at)


def _between(grid, point, reach):
    """Return the value of a grid at a point (a, b) between its own: rows are b, columns a."""
    top = len(grid) - 1
    place = (np.asarray(point) / reach + 1) / 2 * top
    j, i = np.clip(np.floor(place).astype(int), 0, top - 1)
    x, y = place - (j, i)
    corners = grid[i : i + 2, j : j + 2]
    weights = np.outer([1 - y, y], [1 - x, x])
    known = weights > 0  # inf at a corner that has no part is no matter
    return (corners[known] * weights[known]).sum()


def _border(start, target, reach):
    """Return where the way from one point to another, outside, crosses the border of the plane."""
    way = target - start
    outside = np.abs(target) > reach
    part = ((np.sign(way) * reach - start)[outside] / way[outside]).min()
    return np.clip(start + part * way, -reach, reach)
