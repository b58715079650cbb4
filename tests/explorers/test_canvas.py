"""The kernel's half of the canvas: what a view is sent, and what its messages do."""

import contextvars
import gc
import io
import json
import threading
import time
import weakref

import numpy as np
import pytest
from PIL import Image

from coursekit.explorers import OneUnitExplorer, png
from coursekit.explorers.canvas import LiveCanvas
from coursekit.plots import UnitSum
from tests.explorers.fake_browser import FakeBrowser, drawn_afresh

# Height and width of its picture in pixels.
SIZE = tuple(int(100 * inches) for inches in reversed(UnitSum.size))


@pytest.fixture
def explorer():
    return OneUnitExplorer()


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (64, 33)])
def test_a_written_png_is_read_back_by_pillow(shape):
    rgba = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    image = Image.open(io.BytesIO(png.encode(rgba)))
    assert image.mode == "RGBA"
    assert (np.array(image) == rgba).all()


def test_the_screen_shows_the_picture_at_every_move(explorer):
    browser = FakeBrowser(explorer)
    assert browser.screen.shape == (*SIZE, 4)
    for sigma in (1.0, 0.1, 0.1, 0.01, 10.0):
        explorer.set(sigma=sigma)
        assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_a_browser_that_does_not_paint_is_sent_one_frame_and_then_the_last(explorer):
    browser = FakeBrowser(explorer)
    explorer._canvas._delivery.PATIENCE = 60
    frames = browser.frames
    for sigma in 10 ** np.linspace(-1, 0.5, 31):
        explorer.set(sigma=sigma)
    assert browser.frames == frames + 1
    shown = browser.pixels()
    assert browser.frames == frames + 2
    assert (shown == drawn_afresh(explorer)).all()


def test_a_second_view_gets_frames_and_neither_waits_for_the_other(explorer):
    first = FakeBrowser(explorer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorer.picture, "_is_drawn", lambda: pytest.fail("drawn again for another view"))
        second = FakeBrowser(explorer)
    assert (second.screen == first.screen).all()
    explorer.set(sigma=1.0)
    explorer.set(sigma=10**0.3)
    assert (first.pixels() == drawn_afresh(explorer)).all()
    assert not (second.screen == first.screen).all()
    assert (second.pixels() == first.screen).all()


def test_nothing_is_drawn_for_a_view_that_has_gone_and_all_of_it_when_one_comes(explorer, monkeypatch):
    browser = FakeBrowser(explorer)
    browser.say("bye")
    monkeypatch.setattr(explorer.picture, "_is_drawn", lambda: pytest.fail("drawn for nobody"))
    explorer.set(sigma=10**0.5, n_in=100)
    monkeypatch.undo()
    assert (FakeBrowser(explorer).screen == drawn_afresh(explorer)).all()


def test_a_view_that_was_forgotten_comes_back_by_its_late_word(explorer):
    browser = FakeBrowser(explorer)
    explorer._canvas._delivery.bye(browser.name)  # as after two minutes of silence
    explorer.set(sigma=10**0.5)
    browser.say("shown", number=browser.shown)
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_a_view_that_comes_during_a_change_is_not_forgotten(explorer, monkeypatch):
    """Its hello is answered with a drawing; what moves right after that is drawn for it too."""
    delivery = explorer._canvas._delivery
    hello, mover = delivery.hello, threading.Thread(target=explorer.set, kwargs={"sigma": 10**0.7})

    def move_and_hello(*args):
        mover.start()
        mover.join(0.3)  # it must wait for the lock; if not, it is done by now
        hello(*args)

    monkeypatch.setattr(delivery, "hello", move_and_hello)
    browser = FakeBrowser(explorer)
    mover.join(10)
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_a_finer_screen_gets_more_pixels(explorer):
    browser = FakeBrowser(explorer, ratio=1.5)
    assert browser.screen.shape == (3 * SIZE[0] // 2, 3 * SIZE[1] // 2, 4)
    assert (browser.screen == drawn_afresh(explorer)).all()
    browser.say("screen", ratio=1.0, dark=False)
    assert browser.pixels().shape == (*SIZE, 4)
    browser.say("screen", ratio=9.0, dark=False)
    assert browser.pixels().shape == (2 * SIZE[0], 2 * SIZE[1], 4)
    assert (browser.screen == drawn_afresh(explorer)).all()
    assert explorer._canvas.css_size == (SIZE[1], SIZE[0])


def test_the_page_tells_whether_it_is_dark(explorer):
    seen = []
    explorer._canvas.observe(lambda change: seen.append(change["new"]), "dark")
    browser = FakeBrowser(explorer, dark=True)
    assert explorer._canvas.dark is True
    browser.say("screen", ratio=1.0, dark=False)
    assert seen == [True, False]


def test_the_alternative_text_is_the_diagnosis(explorer):
    for sigma in (0.01, 10.0):
        explorer.set(sigma=sigma)
        assert explorer._canvas.label == explorer.diagnosis


def test_the_pointer_is_heard_only_by_who_listens(explorer):
    browser, heard = FakeBrowser(explorer), []
    browser.say("pointer", kind="move", x=1.5, y=2.5)
    assert not explorer._canvas.listens
    explorer._canvas.on_pointer(lambda *event: heard.append(event))
    assert explorer._canvas.listens
    browser.say("pointer", kind="down", x=3.5, y=4.5)
    assert heard == [("down", 3.5, 4.5)]


def test_an_error_of_a_pointer_callback_is_said(explorer):
    browser = FakeBrowser(explorer)
    explorer._canvas.on_pointer(lambda kind, x, y: 1 / 0)
    browser.say("pointer", kind="down", x=0, y=0)
    assert "ZeroDivisionError" in explorer.diagnosis


def break_drawing(explorer, monkeypatch):
    """Make every draw fail, the veil's too, as a label that cannot be set does."""

    def broken(artist):
        raise RuntimeError("no ink")

    monkeypatch.setattr(explorer.picture.figure, "draw_artist", broken)


def test_an_error_while_drawing_is_said_and_the_browser_greys_what_it_has(explorer, monkeypatch):
    browser = FakeBrowser(explorer)
    good = browser.pixels()
    break_drawing(explorer, monkeypatch)
    explorer.set(sigma=10**0.5)
    assert "no ink" in explorer.diagnosis
    assert explorer._canvas.greyed
    assert (browser.pixels() == good).all()
    monkeypatch.undo()
    explorer.set(sigma=10**0.3)
    assert not explorer._canvas.greyed
    assert "no ink" not in explorer.diagnosis
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_an_error_while_drawing_for_a_new_view_is_said_and_the_view_kept(explorer, monkeypatch):
    break_drawing(explorer, monkeypatch)
    browser = FakeBrowser(explorer)
    assert "no ink" in explorer.diagnosis
    monkeypatch.undo()
    explorer.set(sigma=10**0.3)
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_a_move_that_was_interrupted_leaves_no_old_frame(explorer, monkeypatch):
    """Limits may have moved already, so the kept frame is not to be trusted."""
    browser, picture = FakeBrowser(explorer), explorer.picture
    move = picture.move

    def interrupted(result):
        move(result)
        picture.figure.axes[0].set_title("half moved")
        raise KeyboardInterrupt

    monkeypatch.setattr(picture, "move", interrupted)
    with pytest.raises(KeyboardInterrupt):
        explorer.set(sigma=10**0.3)
    assert (browser.pixels() == drawn_afresh(explorer)).all()
    monkeypatch.setattr(picture, "move", lambda result: move(result) and False)
    explorer.set(sigma=1.0)
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_what_a_cell_draws_by_hand_is_shown(explorer):
    browser = FakeBrowser(explorer)
    explorer.picture.figure.axes[0].set_title("my own title")
    explorer.picture.figure.canvas.draw()
    assert (browser.pixels() == np.array(explorer.picture.figure.canvas.buffer_rgba())).all()
    assert (browser.screen == drawn_afresh(explorer)).all()


def test_a_cell_draws_only_between_moves(explorer):
    drawn = threading.Event()

    def draw():
        explorer.picture.figure.canvas.draw()
        drawn.set()

    with explorer._lock:
        threading.Thread(target=draw).start()
        assert not drawn.wait(0.2)
    assert drawn.wait(10)


def test_whatever_is_sent_is_sent_as_an_answer_to_the_browser(explorer, monkeypatch):
    """Its next word then comes to the thread of its messages, not to the one that runs a cell."""
    thread = contextvars.ContextVar("thread", default="cell")
    browser = contextvars.Context()
    browser.run(thread.set, "messages")
    view = browser.run(FakeBrowser, explorer)
    sent = []
    for widget in (explorer._canvas, explorer._words, *explorer.controls.values()):
        monkeypatch.setattr(widget.comm, "send", lambda **message: sent.append(thread.get()))
    explorer.set(sigma=3.0)  # the slider itself is told by the cell
    assert sent[0] == "cell"
    assert len(sent) > 2
    assert set(sent[1:]) == {"messages"}
    browser.run(view.answer)
    sent.clear()
    browser.run(FakeBrowser, explorer)
    assert len(sent) > len(explorer.controls)
    assert set(sent) == {"messages"}


def still(explorer):
    return np.array(Image.open(io.BytesIO(explorer._canvas.still)))


def test_where_hello_has_to_wait_the_page_has_a_still_picture(explorer, monkeypatch):
    """A kernel without a second thread for messages is busy until its cell ends."""
    assert explorer._canvas.still == b""
    explorer._repr_mimebundle_()
    first = still(explorer)
    assert first.shape == (*SIZE, 4)
    monkeypatch.setattr(LiveCanvas, "STILL_EVERY", 0)
    explorer.set(sigma=10**0.5)
    assert (still(explorer) == drawn_afresh(explorer)).all()
    monkeypatch.setattr(LiveCanvas, "STILL_EVERY", 60)
    before = explorer._canvas.still
    explorer.set(sigma=1.0)
    assert explorer._canvas.still == before
    assert (FakeBrowser(explorer).screen == drawn_afresh(explorer)).all()
    assert explorer._canvas.still == b""


def test_a_view_beside_others_never_starts_from_an_old_still_picture(explorer):
    browser = FakeBrowser(explorer)
    explorer._repr_mimebundle_()
    assert explorer._canvas.still
    explorer.set(sigma=10**0.5)
    assert explorer._canvas.still == b""
    assert (browser.pixels() == drawn_afresh(explorer)).all()


def test_a_closed_canvas_hears_and_sends_nothing(explorer):
    browser = FakeBrowser(explorer)
    picture, canvas = explorer.picture, explorer._canvas
    explorer.close()
    frames = browser.frames
    picture.figure.canvas.draw()
    browser.say("shown", number=browser.shown)
    assert browser.frames == frames
    assert canvas.comm is None


def test_nothing_keeps_a_closed_explorer(explorer):
    """Neither anywidget's watch over files nor a timer that waits for word from the browser."""
    other = OneUnitExplorer()
    FakeBrowser(other)
    other.set(sigma=10**0.5)
    kept = weakref.ref(other._canvas), weakref.ref(other.picture)
    other.close()  # the notebook's Out may hold on to the explorer itself
    end = time.monotonic() + 5
    while any(ref() for ref in kept) and time.monotonic() < end:
        gc.collect()
        time.sleep(0.05)
    assert [ref() for ref in kept] == [None, None]


def test_messages_are_plain_json(explorer):
    browser = FakeBrowser(explorer)
    explorer.set(sigma=10**0.3)
    content, data = browser.under_way[-1]
    assert json.loads(json.dumps(content)) == content
    assert content["type"] == "frame"
    assert content["css_width"] == SIZE[1]
    assert data.startswith(b"\x89PNG")


def test_every_traitlet_of_the_javascript_is_there(explorer):
    state = explorer._canvas.get_state()
    for name in ("label", "listens", "greyed", "css_size", "still"):
        assert f'model.get("{name}")' in state["_esm"]
        assert name in state
    assert "import(" not in state["_esm"]
    assert "http" not in state["_esm"]


def test_whoever_draws_the_figure_waits_until_it_is_not_being_moved(explorer):
    FakeBrowser(explorer)
    drawn = threading.Event()

    def draw():
        explorer.picture.figure.canvas.draw()
        drawn.set()

    thread = threading.Thread(target=draw)
    with explorer._lock:
        thread.start()
        assert not drawn.wait(0.3)
    assert drawn.wait(20)
    thread.join()
