"""An explorer on its page: there at once, with a still picture, and gone when its cell runs again."""

import base64
import threading
import weakref
from typing import TYPE_CHECKING

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

if TYPE_CHECKING:
    from coursekit.explorers.base import Explorer

# A picture that takes longer than this many seconds is not waited for: its controls are shown before it.
PATIENCE = 0.25


class ExplorerBox(widgets.VBox):
    """The explorer's widget, which also stores a still picture and the diagnosis as text.

    So a page that has no kernel (a web view of the notebook) shows the picture instead of nothing.
    """

    def __init__(self, explorer: "Explorer", children: list[widgets.Widget]):
        super().__init__(children)
        self.add_class("coursekit-box")
        self._explorer = explorer

    def __repr__(self) -> str:
        return repr(self._explorer)

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude)
        text = repr(self._explorer)  # computes what nobody has asked for yet
        with self._explorer._lock:
            still = self._explorer._picture.png()
            self._explorer._canvas.present(still)
            image = base64.b64encode(still).decode("ascii")
            return {**bundle, "text/plain": text, "image/png": image}


def show(explorer: "Explorer") -> None:
    """Display an explorer in the running cell.

    Where a person looks on, and the first picture takes a while, the controls are on the page before it;
    when it is done, still picture and text are stored beside them.
    """
    if explorer._closed:
        print(f"{explorer!r}\n(This explorer was closed when its cell ran again: make a new one.)")
        return
    cell, run = running_cell()
    _let_go_of_the_last_run(explorer, cell, run)
    handle = None
    if cell is not None and not _is_done_soon(explorer):
        box = explorer.widget
        view = widgets.VBox._repr_mimebundle_(box)
        handle = display({**view, "text/plain": "Computing …"}, raw=True, display_id=True)
    bundle = explorer._repr_mimebundle_()
    if handle is None:
        display(bundle, raw=True)
    else:
        handle.update(bundle, raw=True)


def _is_done_soon(explorer):
    done = threading.Event()

    def work():
        explorer._begin()
        done.set()

    explorer._worker.submit(work)
    return done.wait(PATIENCE)


def running_cell() -> tuple[str | None, str | None]:
    """Return the identity of the running cell and of this run; None where nobody tells, as in a test."""
    shell = get_ipython()
    if shell is None or not hasattr(shell, "get_parent"):
        return None, None
    parent = shell.get_parent() or {}
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


# For each cell its latest run, and the explorers which that run has shown.
_shown: dict[str, tuple[str | None, "weakref.WeakSet[Explorer]"]] = {}


def _let_go_of_the_last_run(explorer, cell, run):
    """Close the explorers that this cell showed in its last run, unless another cell shows them too."""
    if cell is None:
        return
    last_run, last = _shown.get(cell, (None, weakref.WeakSet()))
    if last_run != run:
        _shown[cell] = run, weakref.WeakSet()
        for old in list(last):
            if old is not explorer and not any(old in shown for _, shown in _shown.values()):
                old.close()
    _shown[cell][1].add(explorer)
