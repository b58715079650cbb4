"""Where a point of a landscape comes to lie on the page, and the tiles that its surface is made of."""

import numpy as np

# Seen from above a corner: a grows to the right and b to the left, both away from the viewer; then all is
# turned about the vertical axis.
ACROSS, BACK, UP = 0.5, 0.24, 0.5
CORNERS = 26  # a side: more would be drawn finer than one can see


def turned(a: np.ndarray, b: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """Turn points of the plane about its centre, against the clock as seen from above."""
    angle = np.radians(degrees)
    return a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)


def on_page(a: np.ndarray, b: np.ndarray, height: np.ndarray, degrees: float) -> np.ndarray:
    """Return the places on the page, shape (..., 2), of points with a and b from -1 to 1, height 0 to 1."""
    a, b = turned(a, b, degrees)
    return np.stack(np.broadcast_arrays((a - b) * ACROSS, (a + b) * BACK + (2 * height - 1) * UP), axis=-1)


def tiles_of(z: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the four-cornered tiles of a surface on the page, the farthest first, and their colours.

    Parameters
    ----------
    z : ndarray, shape (n, n)
        Heights, 0 to 1 within the scale; rows are b, columns a.
    degrees : float

    Returns
    -------
    tiles : ndarray, shape (T, 4, 2)
    colours : ndarray, shape (T,)
        The mean of z at two corners that lie across from each other, not cut off at the scale's ends.
    """
    step = max(1, (len(z) - 1) // (CORNERS - 1))
    z = z[::step, ::step]
    b, a = np.meshgrid(*[np.linspace(-1, 1, len(z))] * 2, indexing="ij")
    corners = on_page(a, b, np.clip(z, 0, 1), degrees)
    tiles = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
    half = (a[0, 1] - a[0, 0]) / 2
    away = np.add(*turned(a[:-1, :-1] + half, b[:-1, :-1] + half, degrees))
    far_first = np.argsort(-away.ravel().round(9), kind="stable")
    colours = (z[:-1, :-1] + z[1:, 1:]) / 2
    return tiles.reshape(-1, 4, 2)[far_first], colours.ravel()[far_first]
