"""Explorers that work in pieces: progress, Stop, what stays, and what is kept."""

import threading
from dataclasses import dataclass, replace

import pytest

from coursekit.explorers import ErrorSurfaceExplorer, LongExplorer, TrainingRaceExplorer, controls
from coursekit.plots import Picture
from tests.explorers.fake_browser import FakeBrowser


@dataclass(frozen=True)
class Piece:
    value: int
    done: float


class Blank(Picture):
    shown = None

    def build(self):
        self._text = self.moving(self.figure.add_axes((0, 0, 1, 1)).text(0.5, 0.5, ""))

    def move(self, result):
        self._text.set_text(f"{result.value}: {result.done}")
        self.shown = (*(self.shown or ()), result)
        return False


class Slow(LongExplorer):
    """Four pieces; `gate` holds up each but the first."""

    def __init__(self, **values):
        self.gate, self.begun = threading.Event(), 0
        self.gate.set()
        super().__init__(**values)

    def make_controls(self):
        return {"value": controls.whole("value", 1, 0, 100, width="200px")}

    def make_picture(self):
        return Blank()

    def pieces(self, value):
        self.begun += 1
        self.at_first = self.progress.value, self.stop_button.disabled
        self.bar_at_first = self.progress.layout.visibility
        for part in range(1, 5):
            if part > 1:
                assert self.gate.wait(20)
            yield Piece(value, part / 4)

    def describe(self, result):
        return f"{result.value} at {result.done}"


@pytest.fixture
def slow():
    Slow._finished.clear()
    explorer = Slow()
    yield explorer
    explorer.close()


def wait_for(condition):
    for _ in range(2000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


def from_browser(explorer, value):
    explorer.controls["value"].set_state({"value": value})


def test_a_cell_gets_the_finished_result_and_every_piece_was_shown(slow):
    slow.set(value=7)
    assert slow.result == Piece(7, 1.0)
    assert [p.done for p in slow.picture.shown if p.value == 7] == [0.25, 0.5, 0.75, 1.0]
    assert slow.progress.value == 1
    assert slow.stop_button.disabled


def test_new_work_begins_with_an_empty_bar_and_a_button_that_stops_it(slow):
    slow.set(value=3)
    slow.set(value=4)
    assert slow.at_first == (0, False)
    assert slow.bar_at_first == "visible"
    assert slow.progress.layout.visibility == "hidden", "there is no progress to see any more"
    assert (slow.progress.value, slow.stop_button.disabled) == (1, True)


def test_stop_leaves_the_piece_that_is_shown(slow):
    slow.gate.clear()
    from_browser(slow, 9)
    wait_for(lambda: slow.result == Piece(9, 0.25))
    assert not slow.stop_button.disabled
    slow.stop_button.click()
    slow.gate.set()
    wait_for(lambda: slow.stop_button.disabled)
    assert slow.result.done < 1
    assert slow.diagnosis == f"9 at {slow.result.done}"
    assert slow.progress.value == slow.result.done
    assert slow.progress.layout.visibility == "visible"
    # It is not taken for finished: the same value again starts over.
    begun = slow.begun
    slow.set(value=8)
    slow.set(value=9)
    assert slow.begun == begun + 2
    assert slow.result == Piece(9, 1.0)


def test_after_a_stop_the_next_move_runs_to_its_end(slow):
    slow.stop_button.click()
    from_browser(slow, 10)
    wait_for(lambda: slow.result == Piece(10, 1.0))


def test_a_control_that_moves_leaves_the_work_and_starts_the_new_one(slow):
    slow.gate.clear()
    from_browser(slow, 20)
    wait_for(lambda: slow.result == Piece(20, 0.25))
    from_browser(slow, 21)
    slow.gate.set()
    wait_for(lambda: slow.result == Piece(21, 1.0))
    assert Piece(20, 1.0) not in slow.picture.shown


def test_a_cell_that_sets_during_the_work_gets_its_own_result(slow):
    slow.gate.clear()
    from_browser(slow, 30)
    wait_for(lambda: slow.result == Piece(30, 0.25))
    threading.Timer(0.05, slow.gate.set).start()
    slow.set(value=31)
    assert slow.result == Piece(31, 1.0)


def test_the_browser_may_fetch_the_picture_between_pieces(slow):
    browser = FakeBrowser(slow)
    slow.gate.clear()
    from_browser(slow, 40)
    wait_for(lambda: slow.result == Piece(40, 0.25))
    threading.Timer(0.2, slow.gate.set).start()
    before = browser.pixels()
    wait_for(lambda: slow.result == Piece(40, 1.0))
    assert (browser.pixels() != before).any()


def test_what_was_finished_is_kept_for_the_next_of_its_kind(slow, monkeypatch):
    slow.set(value=50)
    begun = slow.begun
    slow.set(value=51)
    slow.set(value=50)
    assert slow.begun == begun + 1
    other = Slow(value=50)
    assert (other.begun, other.result) == (0, Piece(50, 1.0))
    monkeypatch.setattr(Slow, "KEPT", 10)
    for value in range(20):
        slow.set(value=value)
    assert len(Slow._finished) == 10
    assert ErrorSurfaceExplorer._finished is not TrainingRaceExplorer._finished


def test_an_error_in_the_middle_is_said_and_stop_is_off(slow):
    def broken(value):
        yield Piece(value, 0.25)
        raise RuntimeError("out of marbles")

    slow.pieces = broken
    slow.set(value=60)
    assert "out of marbles" in slow.diagnosis
    assert slow.stop_button.disabled
    assert slow.result == Piece(60, 0.25)


def test_the_view_of_a_surface_is_changed_without_computing_it_again(monkeypatch):
    explorer = ErrorSurfaceExplorer(points=11)
    first = explorer.result

    def never(self, **values):
        raise AssertionError("computed again")

    monkeypatch.setattr(ErrorSurfaceExplorer, "pieces", never)
    explorer.set(view="landscape", unit=5)  # random directions do not listen to the unit
    assert explorer.result == replace(first, view="landscape")
    assert explorer.result.on is first.on


def test_the_same_race_run_twice_gives_the_same_numbers():
    values = {"steps": 20, "depth": 2, "noise": True}
    TrainingRaceExplorer._finished.clear()
    one = TrainingRaceExplorer().set(**values).result
    TrainingRaceExplorer._finished.clear()
    two = TrainingRaceExplorer().set(**values).result
    assert one is not two
    for a, b in zip(one.lanes, two.lanes, strict=True):
        assert (a.losses == b.losses).all()
