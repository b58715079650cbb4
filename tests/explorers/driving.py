"""Drive an explorer as a learner does, and compare it with another one that came to the same place."""

import contextlib
import dataclasses

import numpy as np

from coursekit import explorers
from tests.artists import artists_data, differences, frame_data

# Where training or drawing weights takes long, a walk starts small and stays so; the ends are tried alone.
CHEAP = {"width": 100, "units": 16, "steps": 20, "points": 11, "learn_from": 1000, "epochs": 2}
CHEAP |= {"net": "softmax"}
WALK_BELOW = {"width": 200, "units": 64, "steps": 40, "seed": 1, "epochs": 2, "learn_from": 1000}
# Each new value of these may be a training of its own: they are moved less often.
DEAR = {"share_long", "batch_size", "first", "position", "points", "steps", "learn_from", "net", "epochs"}


def cheaply(kind, **values):
    """Return an explorer whose moves take little."""
    explorer = kind()
    small = {name: value for name, value in CHEAP.items() if name in explorer.controls}
    return explorer.set(**{**small, **values})


def extremes(control):
    """The values that a control has to survive: all options, or both ends and the start."""
    if hasattr(control, "options"):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if hasattr(control, "base"):
        return [control.base**control.min, control.value, control.base**control.max]
    if hasattr(control, "min"):
        return [control.min, control.value, control.max]
    if isinstance(control.value, bool):
        return [False, True]
    raise AssertionError(f"no idea how to drive a {type(control).__name__}")


def draw_value(control, rng):
    """A random value that the control's own slider or menu could give."""
    if hasattr(control, "options") or isinstance(control.value, bool):
        return extremes(control)[rng.integers(len(extremes(control)))]
    steps = round((control.max - control.min) / control.step)
    value = control.min + control.step * int(rng.integers(steps + 1))
    return control.base**value if hasattr(control, "base") else value


def draw_move(explorer, rng):
    """The name of a control, and a value of it that takes little."""
    names = list(explorer.controls)
    name = names[rng.integers(len(names))]
    while name in DEAR and rng.random() < 0.7:
        name = names[rng.integers(len(names))]
    value = draw_value(explorer.controls[name], rng)
    return name, min(value, WALK_BELOW[name]) if name in WALK_BELOW else value


def another(control):
    """A value that a control does not have now."""
    return next(value for value in extremes(control) if value != control.value)


def widest(explorer):
    """The name of the slider with the most values; sweeps that drag need one with more than ten."""
    sliders = {name: c for name, c in explorer.controls.items() if hasattr(c, "min")}
    return max(sliders, key=lambda name: (sliders[name].max - sliders[name].min) / sliders[name].step)


def awake(explorer, name):
    """Press buttons until a control that is greyed listens."""
    choices = [c for c in explorer.controls.values() if hasattr(c, "options")]
    for choice, option in ((c, option) for c in choices for option in extremes(c)):
        if not explorer.controls[name].disabled:
            return
        start, choice.value = choice.value, option
        if explorer.controls[name].disabled:
            choice.value = start
    assert not explorer.controls[name].disabled, f"nothing wakes {name}"


def shown_by(explorer):
    """All that the picture shows."""
    return artists_data(explorer.picture.figure)


def is_long(explorer):
    """Whether it works in pieces."""
    return isinstance(explorer, explorers.LongExplorer)


def forget_finished(explorer):
    """Make a long explorer work again for what it has finished before."""
    if is_long(explorer):
        type(explorer)._finished.clear()


def same(a, b):
    """Whether two frozen results hold the same numbers."""
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(
            same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a)
        )
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (a != a and b != b)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What an explorer held, said, showed and greyed after a move."""

    values: dict
    result: object
    words: str
    artists: dict
    greyed: tuple

    @classmethod
    def of(cls, explorer):
        """Look at it now."""
        words = explorer.diagnosis
        assert words == explorer.describe(explorer.result), "the words are not those of the result"
        assert words.strip()
        assert "nan" not in words
        assert "could not" not in words, words
        if is_long(explorer):
            assert (explorer.progress.value, explorer.stop_button.disabled) == (1, True)
        greyed = tuple(name for name, control in explorer.controls.items() if control.disabled)
        return cls(explorer.values, explorer.result, words, shown_by(explorer), greyed)

    def agrees_with(self, other):
        """Fail where the two differ."""
        assert self.values == other.values
        assert same(self.result, other.result), f"another result at {self.values}"
        assert self.words == other.words, self.values
        assert self.greyed == other.greyed, self.values
        found = differences(self.artists, other.artists)
        assert not found, f"at {self.values}: {found[:5]}"


def assert_path_does_not_matter(seen, judge):
    """Take another explorer to the same places in the opposite order: there it has to be the same.

    What one has kept from before, a stale artist or a stale result, the other has from after. So nothing
    has to be built for each place. What neither would ever move is found by `assert_follows`, and by the
    tests of each picture, which know the numbers.
    """
    forget_finished(judge)
    for place in reversed(seen):
        judge.set(**place.values)
        Seen.of(judge).agrees_with(place)


def assert_follows(explorer, name):
    """A control moves the picture, unless it is greyed: then neither picture nor words."""
    start, control = explorer.values, explorer.controls[name]
    if control.disabled:
        before, words = shown_by(explorer), explorer.diagnosis
        control.value = another(control)
        assert not differences(before, shown_by(explorer)), f"{name} is greyed and moves the picture"
        assert explorer.diagnosis == words, f"{name} is greyed and changes the words"
        control.value = start[name]
        awake(explorer, name)
    before = shown_by(explorer)
    control.value = [value for value in extremes(control) if value != control.value][-1]
    assert differences(before, shown_by(explorer)), f"{name} moves nothing"
    explorer.set(**start)


@contextlib.contextmanager
def frames_told(explorer):
    """See that a picture asks for a full draw whenever anything changes but its moving artists."""
    picture, lies = explorer.picture, []
    move = picture.move

    def watched(result):
        before = frame_data(picture.figure)
        told = move(result)
        found = differences(before, frame_data(picture.figure))
        if found and not told:
            lies.append(f"at {explorer.values}: {found[:3]}")
        return told

    picture.move = watched
    yield
    del picture.move
    assert not lies, f"the frame changed, and `move` did not say so: {lies[0]}"
