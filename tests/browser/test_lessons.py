"""Every lesson in a real JupyterLab in a real Chromium: run all cells, move every explorer by keyboard."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from tools.lab import ADVICE, find_browser, open_notebook, run_all_cells, running_browser, running_lab

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHOTS = ROOT / "screenshots"
pytestmark = pytest.mark.browser

# Pictures, and what JupyterLab itself complains of, are no errors of ours.
NOT_OURS = re.compile(
    r"favicon|ResizeObserver|WebSocket|404|Failed to load resource|pyright|language server", re.I
)

COLOURS = """(canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4 * 37)
    if (data[i + 3] > 0) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen.size;
}"""
CHANGED = """([canvas, before]) => new Promise(resolve => {
  const end = performance.now() + 30000;
  const look = () => {
    const now = canvas.toDataURL();
    if (now !== before) resolve(true);
    else if (performance.now() > end) resolve(false);
    else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    if find_browser() is None:
        pytest.fail(ADVICE)
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
    SHOTS.mkdir(exist_ok=True)
    with running_lab(folder, tmp_path_factory.mktemp("jupyter")) as url, running_browser() as page:
        yield page, url


def expected_explorers(path):
    """How many explorers the stored page shows: one that a cell sets is shown there once more."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/plain", "") for output in outputs]
    return sum(re.match(r"\w+Explorer: ", text) is not None for text in shown)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_its_explorers_move(lab, path):
    page, url = lab
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_notebook(page, url(path.name))
    assert run_all_cells(page) == []
    explorers = page.locator(".jp-OutputArea-output > .widget-vbox:has(.jupyter-matplotlib)")
    found = scroll_to_all(page, explorers)
    assert len(found) == expected_explorers(path)
    met = set()
    for explorer in found:
        explorer.scroll_into_view_if_needed()
        wait_until_drawn(page, explorer)
    # Two views of one explorer look alike; the second would be driven from wherever the first was left.
    looks = [
        explorer.query_selector("canvas").evaluate("canvas => canvas.toDataURL()") for explorer in found
    ]
    for number, (explorer, look) in enumerate(zip(found, looks, strict=True)):
        if look not in met:
            drive(page, explorer)
        met.add(look)
        explorer.screenshot(path=SHOTS / f"{path.stem}-{number}.png")
    assert [text for text in complaints if not NOT_OURS.search(text)] == []


def scroll_to_all(page, locator):
    """JupyterLab renders cells as they come into view: scroll through, then hold what there is."""
    page.evaluate(
        """async () => {
          const cells = window.jupyterapp.shell.currentWidget.content;
          for (let i = 0; i < cells.widgets.length; i++) {
            await cells.scrollToItem(i, 'auto');
            await new Promise(done => setTimeout(done, 60));
          }
        }"""
    )
    return locator.element_handles()


def wait_until_drawn(page, explorer):
    canvas = explorer.query_selector("canvas")
    page.wait_for_function(f"(canvas) => ({COLOURS})(canvas) > 3", arg=canvas, timeout=30_000)


def drive(page, explorer):
    """Move what is seen at once: each slider, box and choice; the picture has to change.

    What stands behind "more …" is driven by tests/explorers/test_sweeps.py, where it can be told at which
    settings a control rightly changes nothing.
    """
    explorer.scroll_into_view_if_needed()
    canvas = explorer.query_selector("canvas")
    # Sliders first: after a button such as "zeros" the seed rightly changes nothing.
    kinds = (".noUi-handle", "input[type=checkbox]", ".widget-toggle-buttons")
    for control in (c for kind in kinds for c in explorer.query_selector_all(kind)):
        greyed = control.evaluate("e => e.closest('.jupyter-widgets').querySelector('[disabled]') !== null")
        if greyed or not control.is_visible():
            continue
        label = control.evaluate("e => e.closest('.jupyter-widgets').innerText.slice(0, 40)")
        before = canvas.evaluate("canvas => canvas.toDataURL()")
        press(page, control)
        assert page.evaluate(CHANGED, [canvas, before]), f"the picture did not follow {label!r}"
    assert canvas.evaluate(COLOURS) > 3, "blank canvas"


def press(page, control):
    """Use the keyboard as a person would: arrows on a slider, Space on a box or another button."""
    if control.evaluate("e => e.classList.contains('noUi-handle')"):
        control.focus()
        at_end = control.evaluate("e => +e.ariaValueNow === +e.ariaValueMax")
        page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
        return
    button = control.query_selector("button:not(.mod-active)") or control
    button.focus()
    page.keyboard.press("Space")
