"""What every explorer does: watch controls, compute the newest state, show it, say it in words."""

import base64
import html
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as widgets

from coursekit.explorers import controls
from coursekit.explorers.canvas import LiveCanvas
from coursekit.plots import Picture


class Explorer:
    """Controls, a picture and a diagnosis that always belong together.

    A subclass gives four things and wires nothing by itself:

    - `make_controls()`: a dict from name to ipywidget; any change of a ``value`` is followed,
    - `make_picture()`: a `Picture`,
    - `compute(**values)`: from the controls' values to a frozen result,
    - `describe(result)`: the diagnosis.

    One that works for long gives `results(**values)` in place of `compute`: see `LongExplorer`.

    Parameters
    ----------
    **values : object
        Where controls start, by name: ``InitializationExplorer(activation="relu", depth=30)``.

    Attributes
    ----------
    controls : dict of str to ipywidget
    result : object
        The last frozen result; the picture and the diagnosis show this very object.
    diagnosis : str
        What the picture says, in words; or why it could not be computed.
    widget : ipywidgets.VBox
        Controls, picture and diagnosis, to be displayed.
    """

    def __init__(self, **values: object):
        # Browser messages and cells run on different threads. Whoever holds the work computes and draws
        # until nothing is out of date; whoever waited finds it done and leaves. So of a burst of changes
        # only the newest state is computed. The lock is held for one result at a time: in between the
        # browser may fetch the picture.
        self._work = threading.RLock()
        self._lock = threading.RLock()
        self._outdated = True
        # One thread for what the browser asks for, and whether it has been sent for. A new thread for
        # each move would start with fresh memory each time, which costs more than the computation.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="explorer")
        self._waiting = False
        self._gathering = False
        self._closed = False
        self.result = None
        self.diagnosis = ""
        self.controls = self.make_controls()
        self._set_all(values)
        self.picture = self.make_picture()
        self._canvas = LiveCanvas(self.picture, self._lock)
        self._words = widgets.HTML()
        for control in self.controls.values():
            control.observe(self._on_change, names="value")
        self._refresh()
        self.widget = ExplorerBox(self, [self.arrange(), self._canvas, self._words])

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the controls by name."""
        raise NotImplementedError

    def make_picture(self) -> Picture:
        """Return the picture, still empty."""
        raise NotImplementedError

    def compute(self, **values: object) -> object:
        """Return the frozen result for the controls' values."""
        raise NotImplementedError

    def results(self, **values: object) -> Iterator[object]:
        """Yield the result for the controls' values: one, unless a subclass works in pieces."""
        yield self.compute(**values)

    def describe(self, result: object) -> str:
        """Return the diagnosis of `result`."""
        raise NotImplementedError

    def arrange(self) -> widgets.Widget:
        """Return the controls laid out; by default they flow in rows."""
        return controls.rows(tuple(self.controls.values()))

    def set(self, **values: object) -> "Explorer":
        """Set several controls at once and draw once: ``explorer.set(activation="relu", depth=30)``.

        Raises
        ------
        ValueError
            For a name that is no control, or a value that its control refuses; nothing is changed then.
        """
        self._gathering = True
        try:
            self._set_all(values)
        finally:
            self._gathering = False
            self._refresh()  # also after a refusal: the browser may have moved something meanwhile
        return self

    def close(self) -> None:
        """Take the explorer off the page and free what it holds: its thread, its widgets, its picture."""
        self._closed = True
        self._worker.shutdown()
        self._canvas.toolbar.close()
        _close_with_children(self.widget)

    def _set_all(self, values):
        unknown = sorted(set(values) - set(self.controls))
        if unknown:
            known = ", ".join(self.controls)
            raise ValueError(f"there is no control {unknown[0]!r}; the controls are {known}.")
        before = {name: control.value for name, control in self.controls.items()}
        try:
            for name, value in values.items():
                self._set_one(name, value)
        except ValueError:
            for name, value in before.items():
                self.controls[name].value = value
            raise

    def _set_one(self, name, value):
        control = self.controls[name]
        try:
            control.value = value
        except Exception as error:
            raise ValueError(f"{name} cannot be {value!r}: {error}") from error
        # Sliders move a value that is out of range to the border; a script should hear of it.
        if control.value != value:
            kept, control.value = control.value, control.value
            raise ValueError(f"{name} cannot be {value!r}; the nearest it takes is {kept!r}.")

    def _on_change(self, change):
        if self._closed:
            return
        self._outdated = True
        if self._gathering:
            return
        # A change from a cell is done when the assignment returns. One from the browser must not keep
        # its messages waiting: a dragged slider sends dozens, and only the last one counts.
        if getattr(change["owner"], "_property_lock", None):
            if not self._waiting:
                self._waiting = True
                self._worker.submit(self._refresh)
        else:
            self._refresh()

    def _refresh(self):
        with self._work:
            self._waiting = False
            while self._outdated and not self._closed:
                self._follow()

    def _follow(self):
        """Show the results for the present values, one after another, until a control moves again."""
        pieces = None
        while True:
            with self._lock:
                try:
                    if pieces is None:
                        self._outdated = False
                        pieces = self.results(**{name: c.value for name, c in self.controls.items()})
                    result = next(pieces, None)
                    if result is None:
                        return
                    self._show(result)
                except Exception as error:
                    # A traceback in a callback ends in a log that nobody reads, so it is said here.
                    self.picture.veil()
                    self._say(
                        f"This could not be computed ({type(error).__name__}: {error}). "
                        "The greyed picture is the last one that could."
                    )
                    return
                except BaseException:
                    # Interrupted (■, Ctrl-C): what is shown is not what the controls say.
                    self._outdated = True
                    self.picture.veil()
                    raise
            if self._outdated or self._closed or self._enough():
                return
            time.sleep(0.001)  # whoever waits for the lock gets it

    def _enough(self):
        """Whether to leave it at the result just shown."""
        return False

    def _show(self, result):
        text = self.describe(result)
        self.picture.update(result)
        self.result = result
        self._say(text)

    def _say(self, text):
        self.diagnosis = text
        # A live region: screen readers speak the new diagnosis after each move.
        self._words.value = (
            '<p role="status" aria-live="polite" style="font-size:1.08em; line-height:1.45; '
            f'max-width:62em; margin:2px 0 8px 0">{html.escape(text)}</p>'
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.diagnosis}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.widget._repr_mimebundle_(include=include, exclude=exclude)


def _close_with_children(widget):
    for child in getattr(widget, "children", ()):
        _close_with_children(child)
    widget.close()


class ExplorerBox(widgets.VBox):
    """The explorer's widget, which also stores a still picture and the diagnosis as text.

    So a page that has no kernel (a web view of the notebook) shows the picture instead of nothing.
    """

    def __init__(self, explorer: Explorer, children: list[widgets.Widget]):
        super().__init__(children)
        self._explorer = explorer

    def __repr__(self) -> str:
        return repr(self._explorer)

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude)
        with self._explorer._lock:
            still = base64.b64encode(self._explorer.picture.png()).decode("ascii")
            return {**bundle, "text/plain": repr(self._explorer), "image/png": still}
