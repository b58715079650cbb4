"""Every explorer in explorers.ALL, driven to its limits: nbval moves no slider, so this does."""

import dataclasses
import gc
import threading

import matplotlib.pyplot as plt
import numpy as np
import psutil
import pytest
from ipywidgets import ValueWidget

from coursekit import explorers
from tests.explorers.fake_browser import FakeBrowser, drawn_afresh

everyone = pytest.mark.parametrize("kind", explorers.ALL, ids=lambda kind: kind.__name__)


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


# A walk need not dwell where a move is seconds of training or of drawing weights; the ends are tried above.
WALK_BELOW = {"width": 400, "steps": 40, "seed": 1}


def widest(explorer):
    """The name of the slider with the most values; sweeps that drag need one with more than ten."""
    sliders = {name: c for name, c in explorer.controls.items() if hasattr(c, "min")}
    return max(sliders, key=lambda name: (sliders[name].max - sliders[name].min) / sliders[name].step)


def another(control):
    """A value that a control does not have now."""
    return next(value for value in extremes(control) if value != control.value)


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


def assert_agrees_with_fresh(explorer, browser):
    """The driven explorer shows, says and holds exactly what one freshly built at its values does."""
    values = {name: control.value for name, control in explorer.controls.items()}
    fresh = type(explorer)(**values)
    assert same(explorer.result, fresh.result), values
    assert explorer.diagnosis == fresh.diagnosis == explorer.describe(explorer.result), values
    assert "nan" not in explorer.diagnosis
    assert "could not" not in explorer.diagnosis, explorer.diagnosis
    pixels, expected = browser.pixels(), drawn_afresh(fresh)
    assert pixels.shape == expected.shape
    assert (pixels == expected).all(), f"the picture differs from a fresh one at {values}"
    assert pixels[..., :3].std() > 5, f"blank at {values}"
    fresh.close()


@everyone
def test_controls_are_labelled_and_reachable(kind):
    for name, control in kind().controls.items():
        assert isinstance(control, ValueWidget), name
        assert control.description.strip(), name
        assert getattr(control, "tabbable", None) is not False, name


@everyone
def test_every_extreme_of_every_control(kind):
    explorer = kind()
    browser = FakeBrowser(explorer)
    for control in explorer.controls.values():
        start = control.value
        for value in extremes(control):
            control.value = value
            assert_agrees_with_fresh(explorer, browser)
        control.value = start


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


@everyone
def test_the_picture_follows_every_control(kind):
    """A picture that is frozen equals a fresh frozen one; so both ends have to look different too."""
    explorer = kind()
    browser = FakeBrowser(explorer)
    start = {name: control.value for name, control in explorer.controls.items()}
    for name, control in explorer.controls.items():
        before = browser.pixels()
        if control.disabled:
            control.value = another(control)
            assert (browser.pixels() == before).all(), f"{name} is greyed, and yet it moves the picture"
            control.value = start[name]
            awake(explorer, name)
            before = browser.pixels()
        ends = [value for value in extremes(control) if value != control.value]
        control.value = ends[-1]
        assert (browser.pixels() != before).any(), name
        explorer.set(**start)


@everyone
def test_a_random_walk_of_200_moves(kind):
    rng = np.random.default_rng(20261121)
    explorer = kind()
    browser = FakeBrowser(explorer)
    names = list(explorer.controls)
    figures = plt.get_fignums()
    artists = len(explorer.picture.figure.findobj())
    for _ in range(200):
        name = names[rng.integers(len(names))]
        value = draw_value(explorer.controls[name], rng)
        explorer.controls[name].value = min(value, WALK_BELOW[name]) if name in WALK_BELOW else value
        assert_agrees_with_fresh(explorer, browser)
    assert plt.get_fignums() == figures
    # Ticks come and go with the depth; artists of the picture itself do not.
    assert len(explorer.picture.figure.findobj()) < artists + 400


@everyone
def test_all_combinations_of_the_ends_are_survived(kind):
    """Extreme sliders together: σ = 10, thirty layers, identity and the like."""
    explorer = kind()
    browser = FakeBrowser(explorer)
    rng = np.random.default_rng(7)
    ends = {name: extremes(c)[:: max(1, len(extremes(c)) - 1)] for name, c in explorer.controls.items()}
    if "width" in ends:
        ends["width"] = [50, 300]
    for _ in range(25):
        explorer.set(**{name: values[rng.integers(len(values))] for name, values in ends.items()})
        assert explorer.diagnosis
        assert "could not" not in explorer.diagnosis
        assert "nan" not in explorer.diagnosis
        browser.answer()
    assert_agrees_with_fresh(explorer, browser)


@everyone
def test_a_burst_from_two_threads_ends_at_the_last_values(kind):
    explorer = kind()
    browser = FakeBrowser(explorer)
    sliders = [c for c in explorer.controls.values() if hasattr(c, "min")]
    failures = []

    def push(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(20):
                control = sliders[rng.integers(len(sliders))]
                control.value = draw_value(control, rng)
                browser.canvas._handle_message(None, {"type": "draw"}, None)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=push, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert_agrees_with_fresh(explorer, browser)


def works_by(explorer):
    """The name of the method that does the work: long explorers yield pieces."""
    return "pieces" if isinstance(explorer, explorers.LongExplorer) else "compute"


def outcome(explorer, work):
    """What the work comes to for the controls' present values."""
    result = work(**{name: control.value for name, control in explorer.controls.items()})
    return list(result)[-1] if works_by(explorer) == "pieces" else result


def hold_up(explorer):
    """Make the work wait; return what tells that it has started, what lets it go on, and its states."""
    started, release, states = threading.Event(), threading.Event(), []
    work = getattr(explorer, works_by(explorer))
    getattr(explorer, "_finished", {}).clear()

    def slow(**values):
        states.append(values)
        started.set()
        release.wait(30)
        return work(**values)

    setattr(explorer, works_by(explorer), slow)
    return started, release, states


@everyone
def test_of_a_burst_only_the_newest_state_is_computed(kind):
    explorer = kind()
    control = explorer.controls[widest(explorer)]
    work = getattr(explorer, works_by(explorer))
    started, release, states = hold_up(explorer)
    rng = np.random.default_rng(3)
    values = []
    while len(values) < 10:
        value = draw_value(control, rng)
        if value not in (*values, control.value):
            values.append(value)
    threads = [threading.Thread(target=setattr, args=(control, "value", value)) for value in values]
    threads[0].start()
    assert started.wait(10)
    for thread in threads[1:]:
        thread.start()
        thread.join(0.05)
    release.set()
    for thread in threads:
        thread.join(60)
    assert len(states) == 2, "of nine changes that came during a computation, only the last is wanted"
    assert list(states[-1].values())[list(explorer.controls.values()).index(control)] == control.value
    assert same(explorer.result, outcome(explorer, work))


@everyone
def test_dragging_in_the_browser_never_queues_up(kind):
    """Sixty moves that come while one is computed: the messages return at once, the last one is drawn."""
    explorer = kind()
    control = explorer.controls[widest(explorer)]
    work = getattr(explorer, works_by(explorer))
    started, release, states = hold_up(explorer)
    rng = np.random.default_rng(3)
    last = control.value
    for _ in range(60):
        value = draw_value(control, rng)
        control.set_state({"value": value})  # what a message from the browser does
        last = value
    assert started.wait(10)
    release.set()
    with explorer._lock:
        pass
    deadline = threading.Event()
    while explorer._waiting or explorer._outdated:
        deadline.wait(0.01)
    with explorer._lock:
        assert control.value == last
        assert len(states) <= 3
        assert same(explorer.result, outcome(explorer, work))


@everyone
def test_memory_stays_flat(kind):
    explorer = kind()
    browser = FakeBrowser(explorer)
    control = explorer.controls[widest(explorer)]
    rng = np.random.default_rng(5)
    process = psutil.Process()

    def move(times):
        for _ in range(times):
            control.value = draw_value(control, rng)
            browser.answer()
        gc.collect()
        return process.memory_info().rss / 2**20

    # A move of a long explorer is as much work as ten of another.
    some, more = (10, 30) if works_by(explorer) == "pieces" else (50, 150)
    before = move(some)
    assert move(more) - before < 3, f"MiB in {more} moves"


@everyone
def test_an_error_is_said_and_the_old_picture_greyed(kind):
    explorer = kind()
    browser = FakeBrowser(explorer)
    good, result = browser.pixels(), explorer.result
    control = explorer.controls[widest(explorer)]
    work, start = getattr(explorer, works_by(explorer)), control.value

    def broken(**values):
        raise RuntimeError("out of marbles")

    getattr(explorer, "_finished", {}).clear()
    setattr(explorer, works_by(explorer), broken)
    control.value = another(control)
    assert "out of marbles" in explorer.diagnosis
    assert explorer.result is result
    grey = browser.pixels()
    assert grey.mean() > good.mean() + 1
    setattr(explorer, works_by(explorer), work)
    control.value = start
    assert (browser.pixels() == good).all()


@everyone
def test_nothing_is_blitted_before_the_browser_is_there(kind, monkeypatch):
    explorer = kind()
    blits = []
    monkeypatch.setattr(explorer._canvas, "blit", lambda *args: blits.append(args))
    control = explorer.controls[widest(explorer)]
    for value in extremes(control):
        control.value = value
    assert not blits
    browser = FakeBrowser(explorer)
    browser.answer()
    explorer.picture.update(explorer.result)  # the same frame: nothing but moved artists to draw
    assert blits


@everyone
def test_a_page_without_a_kernel_shows_a_still_picture(kind):
    explorer = kind()
    for shown in (explorer, explorer.widget):
        bundle = shown._repr_mimebundle_()
        assert explorer.diagnosis in bundle["text/plain"]
        assert bundle["image/png"].startswith("iVBORw0KGgo")
        assert "application/vnd.jupyter.widget-view+json" in bundle


@everyone
def test_a_still_picture_in_between_does_not_spoil_the_live_one(kind):
    explorer = kind()
    browser = FakeBrowser(explorer)
    explorer._canvas._handle_message(
        None, {"type": "set_device_pixel_ratio", "device_pixel_ratio": 2}, None
    )
    browser.answer()
    explorer._repr_mimebundle_()
    control = explorer.controls[widest(explorer)]
    control.value = another(control)
    shown = browser.pixels()
    explorer._canvas.draw()
    assert (shown == np.array(explorer._canvas.buffer_rgba())).all()


@everyone
def test_set_refuses_and_changes_nothing(kind):
    explorer = kind()
    values = {name: control.value for name, control in explorer.controls.items()}
    name = widest(explorer)
    control = explorer.controls[name]
    top = control.base**control.max if hasattr(control, "base") else control.max
    with pytest.raises(ValueError, match="there is no control 'colour'"):
        explorer.set(**{name: top, "colour": 1})
    for wrong in (top * 10, "wide", None):
        with pytest.raises(ValueError, match=f"{name} cannot be"):
            explorer.set(**{name: wrong})
    with pytest.raises(ValueError, match="there is no control"):
        kind(colour=1)
    assert {name: control.value for name, control in explorer.controls.items()} == values


def test_pyplot_is_left_alone():
    assert "ipympl" not in plt.get_backend()
    for kind in explorers.ALL:
        kind()
    assert plt.get_fignums() == []
