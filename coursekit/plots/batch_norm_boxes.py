"""Where the boxes and arrows of batch norm's graph stand. All lengths are pixels of an 880 × 490 figure."""

WIDTH, HEIGHT = 880, 490
BOX_WIDTH = 116
HEAD, LINE, PAD = 35, 15, 5  # name and formula; one row of numbers; air around numbers
_COLUMNS = (72, 246, 420, 594, 768)
_ROWS = (36, 216, 396)

# node: (column, row, rows of numbers)
_PLACES = {
    "x": (0, 0, 3), "centred": (1, 0, 3), "x_hat": (2, 0, 3), "scaled": (3, 0, 3), "y": (4, 0, 3),
    "mean": (0, 1, 1), "squared": (1, 1, 3), "inverse_std": (2, 1, 1), "gamma": (3, 1, 1),
    "beta": (4, 1, 1), "variance": (1, 2, 1), "std": (2, 2, 1),
}  # fmt: skip


class Box:
    """The place of one node: a head, then a field for the value, then one for the gradient."""

    def __init__(self, column: int, row: int, lines: int):
        self.field = lines * LINE + 2 * PAD
        self.left = _COLUMNS[column] - BOX_WIDTH / 2
        self.top = _ROWS[row]
        self.height = HEAD + 2 * self.field
        self.middle = _COLUMNS[column]
        self.right, self.bottom = self.left + BOX_WIDTH, self.top + self.height
        self.value_y = self.top + HEAD + self.field / 2
        self.gradient_y = self.value_y + self.field


BOXES = {name: Box(*place) for name, place in _PLACES.items()}


def arrow(parent: str, child: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where the arrow from `parent` to `child` starts and ends, on the borders of their boxes."""
    a, b = BOXES[parent], BOXES[child]
    if (parent, child) == ("mean", "centred"):
        return (a.right + 3, a.top + 24), (b.left + 16, b.bottom + 3)
    if a.top == b.top:
        y = a.top + (HEAD + a.field if a.field > 30 else a.height / 2)
        return (a.right, y), (b.left, y)
    down = a.top < b.top
    return (a.middle, a.bottom if down else a.top), (b.middle, b.top if down else b.bottom)


def lane(start: tuple, end: tuple, shift: float, gap: float = 3) -> tuple[tuple, tuple]:
    """Move an arrow sideways by `shift`, to its right as it points, and keep its ends off the boxes."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx**2 + dy**2) ** 0.5
    ux, uy = dx / length, dy / length
    move_x, move_y = -uy * shift, ux * shift
    return (
        (start[0] + move_x + gap * ux, start[1] + move_y + gap * uy),
        (end[0] + move_x - gap * ux, end[1] + move_y - gap * uy),
    )
