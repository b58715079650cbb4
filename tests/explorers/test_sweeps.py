"""Every explorer in explorers.ALL, driven to its limits: nbval moves no slider, so this does.

Results, words and artists are compared at every move, pixels at a few. The tests marked `slow` look at the
pixels of every move. What Explorer and LongExplorer do for all of them is tried on one of each.
"""

import gc
import threading
import tracemalloc
import weakref

import matplotlib.pyplot as plt
import numpy as np
import psutil
import pytest
from ipywidgets import ValueWidget
from ipywidgets.widgets.widget import _instances

from coursekit import explorers
from coursekit.datasets import fashion_mnist
from coursekit.experiments import recipe_run
from coursekit.explorers import board
from tests.artists import differences
from tests.explorers.driving import (
    WALK_BELOW,
    Seen,
    another,
    assert_follows,
    assert_path_does_not_matter,
    cheaply,
    draw_move,
    draw_value,
    extremes,
    forget_finished,
    frames_told,
    is_long,
    same,
    shown_by,
    widest,
)
from tests.explorers.fake_browser import FakeBrowser, drawn_afresh

pytestmark = pytest.mark.gate


@pytest.fixture(autouse=True)
def fewer_images(monkeypatch):
    """Let the board's nets learn from an eighth of the images, judged by a tenth: walks would take minutes.

    Its own tests have all of them. What was made with few must not be found by others, nor the other way.
    """

    def runs(recipe, images, epochs, seed):
        return recipe_run.recipe_runs(recipe, images // 8, epochs, seed)

    def forget():
        recipe_run.split.cache_clear()
        board.BoardExplorer._finished.clear()

    monkeypatch.setattr(board, "recipe_runs", runs)
    monkeypatch.setattr(recipe_run, "VALIDATION", 200)
    monkeypatch.setattr(recipe_run, "fashion_mnist", lambda: fashion_mnist().first(10_000, 200))
    forget()
    yield
    forget()


def each_of(kinds):
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.__name__)


everyone = each_of(explorers.ALL)
one_of_each = each_of((explorers.BatchNormGraphExplorer, explorers.TrainingRaceExplorer))


def assert_looks_like_fresh(explorer, browser):
    """The screen shows, pixel for pixel, what an explorer freshly built at these values shows."""
    values = explorer.values
    fresh = type(explorer)().set(**values)
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
def test_every_end_of_every_control(kind):
    explorer, seen = cheaply(kind), []
    with frames_told(explorer):
        for control in explorer.controls.values():
            start = control.value
            for value in extremes(control):
                control.value = value
                seen.append(Seen.of(explorer))
            control.value = start
    assert_path_does_not_matter(seen, cheaply(kind))


@everyone
def test_the_picture_follows_every_control(kind):
    explorer = cheaply(kind)
    for name in explorer.controls:
        assert_follows(explorer, name)


@everyone
def test_a_random_walk(kind):
    rng = np.random.default_rng(20261121)
    explorer, seen = cheaply(kind), []
    browser = FakeBrowser(explorer)
    figures, artists = plt.get_fignums(), len(explorer.picture.figure.findobj())
    with frames_told(explorer):
        moves = 18 if is_long(explorer) else 36
        for move in range(1, moves + 1):
            name, value = draw_move(explorer, rng)
            explorer.controls[name].value = value
            seen.append(Seen.of(explorer))
            if move % (moves // 3) == 0:
                assert_looks_like_fresh(explorer, browser)
    assert plt.get_fignums() == figures
    # Ticks come and go with the depth; artists of the picture itself do not.
    assert len(explorer.picture.figure.findobj()) < artists + 400
    assert_path_does_not_matter(seen, cheaply(kind))


def combination_of_ends(explorer, rng):
    """One end of every control: σ = 10, thirty layers, identity and the like."""
    chosen = {}
    for name, control in explorer.controls.items():
        ends = extremes(control)
        value = ends[-rng.integers(2)]  # the first or the last
        chosen[name] = min(value, WALK_BELOW[name]) if name in WALK_BELOW else value
    return chosen


@everyone
def test_extreme_sliders_together_are_survived_and_drawn(kind):
    explorer = cheaply(kind)
    browser, rng, seen = FakeBrowser(explorer), np.random.default_rng(7), []
    for _ in range(4 if is_long(explorer) else 6):
        explorer.set(**combination_of_ends(explorer, rng))
        seen.append(Seen.of(explorer))
        browser.answer()
    assert_looks_like_fresh(explorer, browser)
    assert_path_does_not_matter(seen, cheaply(kind))


@everyone
def test_a_burst_from_two_threads_ends_at_the_last_values(kind):
    explorer = cheaply(kind)
    browser = FakeBrowser(explorer)
    sliders = [name for name, c in explorer.controls.items() if hasattr(c, "min")]
    failures = []

    def push(seed):
        rng = np.random.default_rng(seed)
        try:
            for _ in range(12):
                name, value = draw_move(explorer, rng)
                if name in sliders:
                    explorer.controls[name].value = value
                    browser.answer()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=push, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures
    assert_looks_like_fresh(explorer, browser)
    assert_path_does_not_matter([Seen.of(explorer)], cheaply(kind))


@everyone
@pytest.mark.slow
def test_every_move_of_a_walk_of_200_pixel_for_pixel(kind):
    rng = np.random.default_rng(20261121)
    explorer = kind().set()  # one that waits for Play is run
    browser = FakeBrowser(explorer)
    for _ in range(200):
        name, value = draw_move(explorer, rng)
        explorer.controls[name].value = value
        assert_looks_like_fresh(explorer, browser)


@everyone
@pytest.mark.slow
def test_every_end_of_every_control_pixel_for_pixel(kind):
    explorer = kind().set()  # one that waits for Play is run
    browser = FakeBrowser(explorer)
    for control in explorer.controls.values():
        start = control.value
        for value in extremes(control):
            control.value = value
            assert_looks_like_fresh(explorer, browser)
        control.value = start


def works_by(explorer):
    """The name of the method that does the work: long explorers yield pieces."""
    return "pieces" if is_long(explorer) else "compute"


def outcome(explorer, work):
    """What the work comes to for the controls' present values."""
    result = work(**explorer.values)
    return list(result)[-1] if is_long(explorer) else result


def hold_up(explorer):
    """Make the work wait; return what tells that it has started, what lets it go on, and its states."""
    started, release, states = threading.Event(), threading.Event(), []
    work = getattr(explorer, works_by(explorer))
    forget_finished(explorer)

    def slow(**values):
        states.append(values)
        started.set()
        release.wait(30)
        return work(**values)

    setattr(explorer, works_by(explorer), slow)
    return started, release, states


@one_of_each
def test_of_a_burst_only_the_newest_state_is_computed(kind):
    explorer = cheaply(kind)
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


@one_of_each
def test_dragging_in_the_browser_never_queues_up(kind):
    """Sixty moves that come while one is computed: the messages return at once, the last one is drawn."""
    explorer = cheaply(kind)
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


@one_of_each
def test_nobody_draws_or_looks_while_another_draws(kind):
    """Two cells and a page that is saved, all at once: one after another they get a whole picture."""
    explorer = cheaply(kind)
    control, rng = explorer.controls[widest(explorer)], np.random.default_rng(9)
    busy, crowds, failures = [], [], []

    def alone(work):
        def done_alone(*args):
            busy.append(1)
            crowds.append(len(busy))
            pause.wait(0.01)  # long enough for the others to come in, if nothing keeps them out
            made = work(*args)
            busy.pop()
            return made

        return done_alone

    pause = threading.Event()
    picture = explorer.picture
    picture.move, picture.png = alone(picture.move), alone(picture.png)
    places = [[draw_value(control, rng) for _ in range(4)] for _ in range(2)]

    def turn(values):
        for value in values:
            control.value = value

    def save():
        for _ in range(3):
            explorer.widget._repr_mimebundle_()
            with explorer._lock:
                if explorer.diagnosis != explorer.describe(explorer.result):
                    failures.append("the words are not those of the result")

    threads = [threading.Thread(target=turn, args=(values,)) for values in places]
    threads.append(threading.Thread(target=save))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert set(crowds) == {1}
    assert len(crowds) >= 4


@everyone
def test_a_move_keeps_nothing(kind):
    """Going to and fro between two places leaves no more behind than going there once."""
    explorer = cheaply(kind)
    browser, control = FakeBrowser(explorer), explorer.controls[widest(explorer)]
    places = (another(control), control.value)

    def counts_after_going_to_and_fro():
        for place in places:
            forget_finished(explorer)
            control.value = place
            browser.answer()
        gc.collect()
        artists = explorer.picture.figure.findobj()
        workers = [thread for thread in threading.enumerate() if "explorer" in thread.name]
        return {"widgets": len(_instances), "artists": len(artists), "workers": len(workers)}

    assert counts_after_going_to_and_fro() == counts_after_going_to_and_fro()
    forget_finished(explorer)
    old = weakref.ref(explorer.result)
    control.value = places[0]
    gc.collect()
    assert old() is None, "the result before is still kept"


@one_of_each
def test_a_move_leaves_no_bytes_behind(kind):
    explorer = cheaply(kind)
    browser, control = FakeBrowser(explorer), explorer.controls[widest(explorer)]
    places = (another(control), control.value)

    def bytes_after(times):
        for place in places * times:
            forget_finished(explorer)
            control.value = place
            browser.answer()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        sizes = [bytes_after(2), *(bytes_after(1) for _ in range(3))]  # caches of fonts and paths fill
    finally:
        tracemalloc.stop()
    assert np.diff(sizes).min() < 40_000, "bytes that each going leaves"


@everyone
def test_nothing_keeps_the_picture_of_a_closed_explorer(kind):
    explorer, others = cheaply(kind), len(_instances)
    FakeBrowser(explorer)
    mine = weakref.ref(explorer.picture), weakref.ref(explorer._canvas)
    explorer.close()
    for _ in range(100):
        gc.collect()
        if not any(ref() for ref in mine):
            break
        threading.Event().wait(0.02)  # a timer that is told to stop takes a moment
    assert [ref() for ref in mine] == [None, None]
    assert len(_instances) < others


@everyone
@pytest.mark.slow
def test_memory_stays_flat_on_a_long_walk(kind):
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
    some, more = (10, 30) if is_long(explorer) else (50, 150)
    before = move(some)
    assert move(more) - before < 3, f"MiB in {more} moves"


@one_of_each
def test_an_error_is_said_and_the_old_picture_greyed(kind):
    explorer = cheaply(kind)
    browser = FakeBrowser(explorer)
    good, shown, result = browser.pixels(), shown_by(explorer), explorer.result
    control = explorer.controls[widest(explorer)]
    work, start = getattr(explorer, works_by(explorer)), control.value

    def broken(**values):
        raise RuntimeError("out of marbles")

    forget_finished(explorer)
    setattr(explorer, works_by(explorer), broken)
    control.value = another(control)
    assert "out of marbles" in explorer.diagnosis
    assert "out of marbles" in explorer._words.value
    assert explorer.result is result
    changed = differences(shown, shown_by(explorer))
    assert any(line.endswith("visible is False, not True") for line in changed)
    assert len({line.split(":")[0] for line in changed}) == 1, "the veil, and nothing else"
    assert browser.pixels().mean() > good.mean() + 1
    setattr(explorer, works_by(explorer), work)
    control.value = start
    assert (browser.pixels() == good).all()
    Seen.of(explorer)


@one_of_each
def test_nothing_is_drawn_before_the_browser_is_there(kind, monkeypatch):
    explorer = cheaply(kind)
    drawn, is_drawn = [], explorer.picture._is_drawn
    monkeypatch.setattr(explorer.picture, "_is_drawn", lambda: drawn.append(1) or is_drawn())
    control = explorer.controls[widest(explorer)]
    for value in extremes(control):
        control.value = value
    assert not drawn
    assert_looks_like_fresh(explorer, FakeBrowser(explorer))
    assert len(drawn) == 1


@everyone
def test_a_page_without_a_kernel_shows_a_still_picture(kind):
    explorer = kind()
    for shown in (explorer, explorer.widget):
        bundle = shown._repr_mimebundle_()
        assert explorer.diagnosis in bundle["text/plain"]
        assert bundle["image/png"].startswith("iVBORw0KGgo")
        assert "application/vnd.jupyter.widget-view+json" in bundle


@one_of_each
def test_a_still_picture_in_between_does_not_spoil_the_live_one(kind):
    explorer = cheaply(kind)
    browser = FakeBrowser(explorer)
    browser.say("screen", ratio=2.0, dark=False)
    browser.answer()
    explorer._repr_mimebundle_()
    control = explorer.controls[widest(explorer)]
    control.value = another(control)
    shown = browser.pixels()
    assert (shown == drawn_afresh(explorer)).all()


@everyone
def test_set_refuses_and_changes_nothing(kind):
    explorer = kind()
    values = explorer.values
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
    assert explorer.values == values


def test_pyplot_is_left_alone():
    assert "ipympl" not in plt.get_backend()
    for kind in explorers.ALL:
        kind()
    assert plt.get_fignums() == []
