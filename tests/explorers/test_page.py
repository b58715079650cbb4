"""An explorer on its page: controls in two stages, reasons for what is greyed, and the life of a cell."""

import gc
import weakref

import ipywidgets as widgets
import pytest
from ipywidgets import ToggleButton

from coursekit import explorers
from coursekit.explorers import (
    InitializationExplorer,
    OneUnitExplorer,
    TrainingRaceExplorer,
    controls,
    page,
)


def inside(widget):
    """All widgets on the page below one, those that are hidden left out."""
    if widget.layout.display == "none":
        return []
    return [widget, *(w for child in getattr(widget, "children", ()) for w in inside(child))]


def seen(explorer):
    return {name for name, control in explorer.controls.items() if control in inside(explorer.widget)}


def more(explorer):
    return next(w for w in inside(explorer.widget) if isinstance(w, ToggleButton))


def notes(explorer):
    return [note.value for note in explorer._why if note in inside(explorer.widget)]


def test_some_controls_are_seen_at_once_and_more_on_request():
    explorer = InitializationExplorer()
    assert seen(explorer) == {"sigma"}
    more(explorer).value = True
    assert seen(explorer) == set(explorer.controls)
    more(explorer).value = False
    assert seen(explorer) == {"sigma"}


def test_a_lesson_chooses_which_ones():
    explorer = InitializationExplorer(show=("sigma", "depth"), depth=20)
    assert seen(explorer) == {"sigma", "depth"}
    everything = InitializationExplorer(show=tuple(explorer.controls))
    assert seen(everything) == set(everything.controls)
    with pytest.raises(ValueError, match="there is no control 'colour'"):
        InitializationExplorer(show=("colour",))


def test_what_is_greyed_says_why_where_it_is_seen():
    explorer = InitializationExplorer()
    assert notes(explorer) == []
    explorer.set(scheme="lecun_normal")
    assert explorer.controls["sigma"].disabled
    assert explorer.enabled(**explorer.values) == set(explorer.controls) - {"sigma"}
    assert len(notes(explorer)) == 1
    assert "LeCun normal sets the width" in notes(explorer)[0]
    behind = InitializationExplorer(show=("scheme",), scheme="lecun_normal")
    assert notes(behind) == []
    more(behind).value = True
    assert "LeCun normal sets the width" in notes(behind)[0]


def test_the_race_waits_for_play_and_replays():
    race = TrainingRaceExplorer(depth=1, steps=20)
    assert race.result.done == 0
    assert race.play_button.description == "Play"
    race.play()
    race._worker.submit(lambda: None).result(60)  # after the work that play has sent for
    assert race.result.done == 1
    assert race.play_button.description == "Replay"
    pieces = []
    show = race._show
    race._show = lambda result: (pieces.append(result.done), show(result))
    race.play()
    race._worker.submit(lambda: None).result(60)
    assert pieces[0] == 0
    assert pieces[-1] == 1


def test_a_value_between_two_steps_stays_and_lies_on_a_step():
    explorer = OneUnitExplorer(sigma=3.0)
    sigma = explorer.controls["sigma"]
    assert sigma.value == 3.0
    sigma.set_state({"value": 3.0000000000000004})  # the browser's arithmetic
    assert sigma.value == 3.0
    sigma.set_state({"value": 0.5})
    assert sigma.value == 0.5
    explorer.set(sigma=10**-3)
    assert sigma.min == -3
    width = InitializationExplorer(width=777).controls["width"]
    assert (width.value - width.min) % width.step == 0
    with pytest.raises(ValueError, match=r"sigma cannot be 50: the nearest it takes is 10\.0"):
        explorer.set(sigma=50)
    assert sigma.value == 10**-3


@pytest.fixture
def running(monkeypatch):
    """Pretend to be JupyterLab, which tells the running cell; return where to set it."""
    now = {"cell": "one", "run": "a"}
    monkeypatch.setattr(page, "running_cell", lambda: (now["cell"], now["run"]))
    monkeypatch.setattr(page, "display", lambda *args, **more: None)
    monkeypatch.setattr(page, "_is_done_soon", lambda explorer: True)
    monkeypatch.setattr(page, "_shown", {})
    return now


def test_a_cell_that_runs_again_lets_go_of_its_explorer(running):
    first = OneUnitExplorer()
    page.show(first)
    picture = weakref.ref(first.picture)
    running["run"] = "b"
    second = OneUnitExplorer()
    page.show(second)
    gc.collect()
    assert first._closed
    assert picture() is None
    assert first.diagnosis.startswith("A unit with 10 inputs")
    assert not second._closed


def test_one_that_another_cell_shows_too_stays(running):
    explorer = OneUnitExplorer()
    page.show(explorer)
    running.update(cell="two", run="b")
    page.show(explorer)
    running.update(cell="one", run="c")
    page.show(OneUnitExplorer())
    assert not explorer._closed
    running.update(cell="two", run="d")
    page.show(OneUnitExplorer())
    assert explorer._closed


def test_the_same_one_shown_again_stays(running):
    explorer = OneUnitExplorer()
    page.show(explorer)
    running["run"] = "b"
    page.show(explorer)
    assert not explorer._closed


def test_a_closed_one_is_not_shown_as_if_it_lived(capsys):
    explorer = OneUnitExplorer()
    assert explorer.result is not None
    explorer.close()
    page.show(explorer)
    assert "was closed when its cell ran again" in capsys.readouterr().out


@pytest.mark.parametrize("kind", explorers.ALL, ids=lambda kind: kind.__name__)
def test_no_widget_that_is_left_refers_to_one_that_was_closed(kind):
    # A page that is loaded again would show "Loading widget…" for ever.
    kind().close()
    left = [w for w in gc.get_objects() if isinstance(w, widgets.Widget) and w.comm is not None]
    assert not [w for w in left if any(other.comm is None for other in _referred_to(w))]


def _referred_to(widget):
    values = [getattr(widget, name) for name in widget.keys]
    inner = [part for value in values for part in (value if isinstance(value, list | tuple) else [value])]
    return [part for part in inner if isinstance(part, widgets.Widget)]


def test_keys_and_words_of_a_choice_are_apart():
    choice = controls.choice("scheme", (("He normal", "he_normal"), ("zeros", "zeros")), button="90px")
    assert choice.value == "he_normal"
    choice.value = "zeros"
    assert choice.label == "zeros"


def test_a_number_and_its_percent_sign_stay_on_one_line():
    explorer = explorers.TemperatureExplorer()
    assert " %" in explorer.diagnosis
    assert "\N{NO-BREAK SPACE}%" in explorer._words.value
    assert " %" not in explorer._words.value
