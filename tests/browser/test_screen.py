"""What the kernel believes to be on the screen is on the screen: after drags, under load, in every view."""

import base64
import io
import json
import time

import nbformat
import numpy as np
import pytest
from PIL import Image

from coursekit import explorers
from coursekit.plots import UnitSum
from tools.lab import ADVICE, READY, find_browser, open_notebook, running_browser, running_lab

pytestmark = pytest.mark.browser
everyone = pytest.mark.parametrize("kind", explorers.ALL, ids=lambda kind: kind.__name__)

# In the kernel: wait until nothing is under way, then tell all that the screen ought to show.
IN_KERNEL = """
import base64, io, json, threading, time
import numpy as np
from coursekit import explorers
from PIL import Image

def everything(kind):
    e = kind()
    names = tuple(e.controls)
    e.close()
    return names

def rest(e):
    while e._waiting or e._outdated:
        time.sleep(0.01)
    with e._work:
        pass

def truth(e):
    with e._lock:
        e.picture.figure.canvas.draw()
        file = io.BytesIO()
        Image.fromarray(np.array(e.picture.figure.canvas.buffer_rgba())).save(file, "png")
    controls = {}
    for c in e.controls.values():
        sliding = hasattr(c, "readout_format")
        controls[c.description] = [
            bool(getattr(c, "disabled", False)),
            float(format(c.value, c.readout_format)) if sliding else None,
        ]
    progress = getattr(e, "progress", None)
    print(json.dumps({
        "picture": base64.b64encode(file.getvalue()).decode(),
        "sentence": e.diagnosis,
        "controls": controls,
        "progress": progress and progress.value,
        "stoppable": progress and not e.stop_button.disabled,
    }))
"""
EXECUTE = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({code, store_history: false});
  let text = '';
  future.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') text += message.content.text;
    if (message.header.msg_type === 'error') text += message.content.traceback.join('\\n');
  };
  await future.done;
  return text;
}"""
RUN_CELL = """async ([index, source]) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.widgets[index].model.sharedModel.setSource(source);
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, 'auto');
  await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
START_CELL = RUN_CELL.replace("await window", "window")
COMMAND = "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }"
SHOWN = """(canvas) => {
  const box = canvas.closest('.jp-OutputArea-output').querySelector('.widget-vbox');
  const controls = {};
  for (const control of box.querySelectorAll('.widget-slider, .widget-toggle-buttons, .widget-checkbox')) {
    const label = control.querySelector(
      control.matches('.widget-checkbox') ? '.widget-label-basic' : ':scope > .widget-label');
    const readout = control.querySelector('.widget-readout');
    controls[label.textContent.trim()] = [
      control.querySelector('[disabled]') !== null,
      readout === null ? null : Number(readout.textContent.replace('\\u2212', '-')),
    ];
  }
  const bar = box.querySelector('.progress-bar');
  return {
    picture: canvas.toDataURL('image/png').split(',')[1],
    sentence: box.querySelector('[role=status]').textContent.replaceAll('\u00a0', ' '),
    label: canvas.getAttribute('aria-label'),
    role: canvas.getAttribute('role'),
    controls,
    progress: bar && parseFloat(bar.style.width) / 100,
    stoppable: bar && !box.querySelector('.fa-stop').parentElement.disabled,
  };
}"""
# The room to the right of the canvas in the narrowest of the boxes around it.
FITS = """(canvas) => {
  const right = (e) => e.getBoundingClientRect().right;
  const boxes = ['.widget-vbox', '.jp-OutputArea-output', '.jp-Cell', '.jp-WindowedPanel-outer'];
  return Math.min(innerWidth, ...boxes.map(name => right(canvas.closest(name)))) + 0.5 - right(canvas);
}"""
VARIED = """(canvas) => {
  if (!canvas?.width) return false;
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(data.buffer)).size > 3;
}"""


class Screen:
    """One page with one notebook, and what a test does there."""

    def __init__(self, page):
        self.page = page
        self.cells = 0

    def run(self, code):
        """Run code in the kernel, beside the notebook; return what it prints."""
        return self.page.evaluate(EXECUTE, code)

    def run_cell(self, source, *, wait=True):
        """Run `source` in the next cell."""
        self.cells += 1
        self.page.evaluate(RUN_CELL if wait else START_CELL, [self.cells - 1, source])

    def canvas(self, cell=None):
        """Return the canvas of a cell, the last one run by default, once it shows something."""
        index = (self.cells if cell is None else cell) - 1
        find = f"""() => window.jupyterapp.shell.currentWidget.content.widgets[{index}].node
            .querySelector('.jupyter-matplotlib canvas')"""
        self.page.wait_for_function(f"() => ({VARIED})(({find})())", timeout=60_000)
        return self.page.evaluate_handle(find).as_element()

    def show(self, kind):
        """Make an explorer `e` and show it with all its controls; return its canvas."""
        self.run_cell(f"e = explorers.{kind}(show=everything(explorers.{kind}))\ne")
        return self.canvas()

    def drag_all(self, canvas, seconds=2.0):
        """Drag every slider to and fro as fast as a mouse tells, for so long in all."""
        box = canvas.evaluate_handle("c => c.closest('.jp-OutputArea-output')").as_element()
        handles = box.query_selector_all(".noUi-handle")
        for handle in handles:
            if handle.evaluate("h => h.closest('.jupyter-widgets').querySelector('[disabled]') !== null"):
                continue
            if not handle.is_visible():  # behind "more …"
                continue
            handle.scroll_into_view_if_needed()
            place = handle.bounding_box()
            x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            end, step = time.monotonic() + seconds / len(handles), 0
            while time.monotonic() < end:
                step += 1
                self.page.mouse.move(x + 60 * np.sin(step / 6), y)
                time.sleep(0.012)
            self.page.mouse.up()

    def assert_true(self, canvas):
        """At rest, all that is on the screen is what the kernel says."""
        self.page.wait_for_timeout(200)
        assert self.run("rest(e)") == ""
        self.page.wait_for_timeout(400)
        shown = self.page.evaluate(SHOWN, canvas)
        answer = self.run("truth(e)")
        assert answer.startswith("{"), answer
        true = json.loads(answer)
        screen, buffer = pixels(shown["picture"]), pixels(true["picture"])
        assert screen.shape == buffer.shape
        assert (screen != buffer).any(axis=2).sum() == 0, "wrong pixels"
        assert shown["role"] == "img"
        assert shown["label"] == shown["sentence"] == true["sentence"]
        for name, state in true["controls"].items():
            assert shown["controls"][name] == state, name
        if true["progress"] is not None:
            assert shown["progress"] == pytest.approx(true["progress"])
            assert shown["stoppable"] == true["stoppable"]


def pixels(data):
    return np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    if find_browser() is None:
        pytest.fail(ADVICE)
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [nbformat.v4.new_code_cell("") for _ in range(60)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "page.ipynb")
    with (
        running_lab(folder, tmp_path_factory.mktemp("jupyter")) as url,
        running_browser((1366, 900)) as page,
    ):
        open_notebook(page, url("page.ipynb"))
        screen = Screen(page)
        screen.url = url("page.ipynb")
        assert screen.run(IN_KERNEL) == ""
        yield screen


@pytest.fixture(autouse=True)
def closed_afterwards(screen):
    yield
    assert screen.run("e.close()") == ""


@everyone
def test_after_fast_drags_the_screen_is_true(screen, kind):
    canvas = screen.show(kind.__name__)
    screen.drag_all(canvas)
    screen.assert_true(canvas)


def test_while_a_cell_runs_the_picture_follows(screen):
    canvas = screen.show("OneUnitExplorer")
    before = canvas.evaluate("c => c.toDataURL()")
    screen.run_cell("end = time.time() + 4\nwhile time.time() < end: sum(range(10_000))", wait=False)
    screen.drag_all(canvas, seconds=1)
    state = (
        f"window.jupyterapp.shell.currentWidget.content.widgets[{screen.cells - 1}].model.executionState"
    )
    assert screen.page.evaluate(f"() => {state}") == "running", "the cell was to run longer than the drags"
    assert canvas.evaluate("c => c.toDataURL()") != before
    screen.assert_true(canvas)


def test_stop_is_heard_while_a_cell_works(screen):
    canvas = screen.show("TrainingRaceExplorer")
    assert screen.run("rest(e)") == ""
    screen.run_cell(
        "e.set(steps=e.controls['steps'].max, depth=e.controls['depth'].max, seed=5)", wait=False
    )
    stop = canvas.evaluate_handle("c => c.closest('.widget-vbox').querySelector('.fa-stop').parentElement")
    screen.page.wait_for_function("(button) => !button.disabled", arg=stop)
    stop.as_element().click()
    assert screen.run("print(e.result.done < 1)") == "True\n"
    screen.assert_true(canvas)


def test_without_a_second_thread_for_messages_nothing_is_blank(screen):
    """Voilà and older kernels answer the browser only when the cell has ended."""
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    usual = screen.page.evaluate(f"() => {kernel}.commsOverSubshells")
    screen.page.evaluate(f"() => {{ {kernel}.commsOverSubshells = 'disabled'; }}")
    screen.run_cell(
        "e = explorers.OneUnitExplorer(); display(e)\n"
        "for k in range(40): e.set(n_in=10 + k); time.sleep(0.1)",
        wait=False,
    )
    canvas = screen.canvas()
    first = canvas.evaluate("c => c.toDataURL()")
    screen.page.wait_for_timeout(1500)
    assert screen.run("1") == ""  # queued behind the cell, so by now it has ended
    assert canvas.evaluate("c => c.toDataURL()") != first
    screen.assert_true(canvas)
    screen.page.evaluate(f"(usual) => {{ {kernel}.commsOverSubshells = usual; }}", usual)


def test_hidden_and_shown_again(screen):
    """A hidden tab has no animation frames; headless Chromium cannot hide one, so they are taken away."""
    canvas = screen.show("OneUnitExplorer")
    hide = """(hidden) => {
      window.framesOf ??= window.requestAnimationFrame;
      window.requestAnimationFrame = hidden ? () => 0 : window.framesOf;
      Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    screen.page.evaluate(hide, True)
    screen.run("for k in range(50): e.set(n_in=10 + k)")
    screen.assert_true(canvas)
    screen.run("for k in range(50): e.set(n_in=100 + k)")
    screen.page.evaluate(hide, False)
    screen.assert_true(canvas)


def test_a_frozen_page_is_right_when_it_wakes(screen):
    """As a laptop's lid: no script runs for longer than the kernel's patience."""
    canvas = screen.show("OneUnitExplorer")
    screen.run("e._canvas._delivery.PATIENCE = 0.1; e._canvas._delivery.TRIES = 2")
    screen.run("threading.Timer(0.5, lambda: [e.set(n_in=10 + k) for k in range(50)]).start()")
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    session.detach()
    screen.assert_true(canvas)


def test_two_views(screen):
    first = screen.show("OneUnitExplorer")
    screen.run_cell("e.set(n_in=300)\ne")
    second = screen.canvas()
    screen.assert_true(first)
    screen.assert_true(second)
    screen.drag_all(second, seconds=1)
    screen.assert_true(first)
    screen.assert_true(second)


def test_a_view_that_is_cleared_away_is_no_longer_drawn_for(screen):
    screen.show("OneUnitExplorer")
    assert screen.run("print(e._canvas._delivery.is_watched())") == "True\n"
    screen.page.evaluate(COMMAND, ["notebook:clear-cell-output", {}])
    # The farewell and this code reach the kernel by two ways: which one is first is not said.
    end = time.monotonic() + 30
    while screen.run("print(e._canvas._delivery.is_watched())") == "True\n":
        assert time.monotonic() < end, "the view that was cleared away is still drawn for"
        screen.page.wait_for_timeout(100)
    screen.run_cell("e.set(n_in=300)\ne")
    screen.assert_true(screen.canvas())


def test_a_notebook_that_is_closed_and_opened_again(screen):
    screen.show("OneUnitExplorer")
    screen.page.evaluate(COMMAND, ["docmanager:save", {}])
    screen.page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    screen.page.wait_for_timeout(500)
    screen.page.evaluate(COMMAND, ["docmanager:open", {"path": "page.ipynb"}])
    screen.page.wait_for_function(READY)
    screen.run("e.set(n_in=200)")
    scroll = f"window.jupyterapp.shell.currentWidget.content.scrollToItem({screen.cells - 1}, 'auto')"
    screen.page.evaluate(f"() => {scroll}")
    canvas = screen.canvas()
    screen.assert_true(canvas)
    screen.drag_all(canvas, seconds=1)
    screen.assert_true(canvas)


def test_a_page_that_is_loaded_again(screen):
    screen.show("OneUnitExplorer")
    screen.page.evaluate(COMMAND, ["docmanager:save", {}])
    screen.run("e.set(n_in=200)")
    open_notebook(screen.page, screen.url)
    screen.page.evaluate(
        f"() => window.jupyterapp.shell.currentWidget.content.scrollToItem({screen.cells - 1}, 'auto')"
    )
    screen.assert_true(screen.canvas())
    screen.run("e.set(n_in=400)")
    screen.assert_true(screen.canvas())


@pytest.fixture
def window(screen):
    """Give a function that sets width, height and zoom; afterwards all is as before."""
    session = screen.page.context.new_cdp_session(screen.page)

    def resize(width, height, zoom):
        metrics = {"width": round(width / zoom), "height": round(height / zoom), "deviceScaleFactor": zoom}
        session.send("Emulation.setDeviceMetricsOverride", {**metrics, "mobile": False})

    yield resize
    resize(1366, 900, 1)
    session.detach()


@pytest.mark.parametrize("kind", ["ErrorSurfaceExplorer"])
def test_zoomed_or_narrow_nothing_is_cut_off(screen, window, kind):
    canvas = screen.show(kind)
    width, height = canvas.evaluate("c => [c.width, c.height]")
    for size, zoom in (((1366, 900), 1.5), ((900, 800), 1), ((1366, 900), 1)):
        window(*size, zoom)
        wide = "([c, width]) => c.width === width"
        screen.page.wait_for_function(wide, arg=[canvas, int(zoom * width)], timeout=10_000)
        assert screen.page.evaluate(FITS, canvas) >= 0
        canvas.scroll_into_view_if_needed()
        shape = canvas.bounding_box()
        assert shape["height"] / shape["width"] == pytest.approx(height / width, rel=0.01)
        screen.assert_true(canvas)


def test_a_number_typed_into_the_box_of_a_slider_is_taken(screen):
    canvas = screen.show("OneUnitExplorer")
    first = "c => c.closest('.widget-vbox').querySelector('.widget-readout')"
    box = canvas.evaluate_handle(first).as_element()
    box.click()
    screen.page.keyboard.press("Control+A")
    screen.page.keyboard.type("321")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_timeout(500)
    assert screen.run("print(321 in [c.value for c in e.controls.values()])") == "True\n"
    screen.assert_true(canvas)


def test_a_dark_page_and_the_pointer_are_told(screen):
    canvas = screen.show("OneUnitExplorer")
    for theme, dark in (("JupyterLab Dark", "True\n"), ("JupyterLab Light", "False\n")):
        screen.page.evaluate(COMMAND, ["apputils:change-theme", {"theme": theme}])
        screen.page.wait_for_timeout(1000)
        assert screen.run("print(e._canvas.dark)") == dark
    screen.run("heard = []; e._canvas.on_pointer(lambda *event: heard.append(event))")
    screen.page.wait_for_timeout(200)
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    screen.page.mouse.move(place["x"] + 30, place["y"] + 20)
    screen.page.mouse.down()
    screen.page.mouse.up()
    screen.page.mouse.move(place["x"] - 30, place["y"] + 20)
    screen.page.wait_for_timeout(300)
    heard = json.loads(screen.run("print(json.dumps(heard))"))
    assert [kind for kind, *_ in heard if kind != "move"] == ["down", "leave"]
    _, x, y = next(event for event in heard if event[0] == "down")
    assert x == pytest.approx(30, abs=1)
    assert y == pytest.approx(100 * UnitSum.size[1] - 20, abs=1)  # counted from below
