"""What every explorer does: watch controls, compute the newest state, show it, say it in words."""

import html
import re
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ipywidgets as widgets

from coursekit.explorers import controls
from coursekit.explorers.canvas import LiveCanvas
from coursekit.explorers.page import ExplorerBox, show
from coursekit.plots import Picture


class Explorer:
    """Controls, a sentence and a picture that always belong together.

    A subclass gives four things and wires nothing by itself:

    - `make_controls()`: a dict from name to ipywidget; any change of a ``value`` is followed,
    - `make_picture()`: a `Picture`,
    - `compute(**values)`: from the controls' values to a frozen result, and nothing else,
    - `describe(result)`: the diagnosis, from the result alone.

    It says how its controls stand in `lines` (names, line by line) and which of them are on the page at
    once in `first`; all others wait behind a button *more*. What is greyed is told by `greyed(**values)`.
    One that works for long gives `pieces(**values)` in place of `compute`: see `LongExplorer`.

    Parameters
    ----------
    show : iterable of str, optional
        Which controls are on the page at once, in place of `first`.
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
        Controls, diagnosis and picture, to be displayed.
    """

    first: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()

    def __init__(self, *, show: Iterable[str] | None = None, **values: Any):
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
        self._result: Any = None
        self._diagnosis = ""
        self.controls = self.make_controls()
        self._set_all(values)
        self._picture = self.make_picture()
        self._canvas = LiveCanvas(self._picture, self._lock, self._failed, self._welcomed)
        self._words = widgets.HTML()
        # Why controls are greyed: of those that are seen at once, and of those behind *more*.
        self._why = [widgets.HTML(layout=widgets.Layout(display="none")) for _ in range(2)]
        self._say("Computing …")
        for control in self.controls.values():
            control.observe(self._on_change, names="value")
        self._shown = tuple(self.first if show is None else show) or tuple(self.controls)
        self._check_names(self._shown)
        self.widget = ExplorerBox(self, [self.arrange(), self._words, self._canvas])
        self._grey()

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the controls by name."""
        raise NotImplementedError

    def make_picture(self) -> Picture:
        """Return the picture, still empty."""
        raise NotImplementedError

    def compute(self, *args: Any, **values: Any) -> object:
        """Return the frozen result for the controls' values; it changes nothing of the explorer.

        Each explorer names its controls here; they come as keywords.
        """
        raise NotImplementedError

    def results(self, **values: Any) -> Iterator[Any]:
        """Yield the result for the controls' values: one, unless a subclass works in pieces."""
        yield self.compute(**values)

    def describe(self, result: Any) -> str:
        """Return the diagnosis of `result`."""
        raise NotImplementedError

    def greyed(self, *args: Any, **values: Any) -> dict[str, str]:
        """Return the controls that play no part at these values, each with the reason in a few words."""
        return {}

    def enabled(self, **values: Any) -> set[str]:
        """Return the names of the controls that play a part at these values."""
        return set(self.controls) - set(self.greyed(**values))

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def result(self) -> Any:
        """The last frozen result; it is computed now if nobody has asked for it yet."""
        self._begin()
        return self._result

    @property
    def diagnosis(self) -> str:
        """What the picture says, in words; it is computed now if nobody has asked for it yet."""
        self._begin()
        return self._diagnosis

    @property
    def picture(self) -> Picture:
        """The picture of the last result."""
        self._begin()
        return self._picture

    def arrange(self, *extra: widgets.Widget) -> widgets.Widget:
        """Return the controls laid out: some at once, then `extra`, and all others behind *more*."""
        lines = self.lines or (tuple(self.controls),)
        return controls.staged(self.controls, lines, self._shown, extra, self._why)

    def set(self, **values: Any) -> "Explorer":
        """Set several controls at once and draw once: ``explorer.set(activation="relu", depth=30)``.

        As the last line of a cell it shows the explorer there too.

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
        """Take the explorer off the page and free what it holds: its thread, its widgets, its picture.

        Its last result and diagnosis stay.
        """
        if self._closed:
            return
        self._closed = True
        self._worker.shutdown()
        # Links as well: a page that is loaded again asks for every widget that is left, and gives up
        # altogether if one of them refers to one that is closed. Layouts and styles stay: JupyterLab (4.6)
        # may stop listening to new widgets once it has seen the last of the old ones close.
        loose = [thing for thing in (*vars(self).values(), *self._why) if isinstance(thing, widgets.Widget)]
        for widget in [*_with_children(self.widget), *loose]:
            widget.close()
        kept = {name: vars(self)[name] for name in ("_closed", "_work", "_lock", "_result", "_diagnosis")}
        vars(self).clear()  # the notebook's Out[…] holds on to the explorer, but not to its picture
        vars(self).update(kept, _outdated=False)

    def _check_names(self, names):
        unknown = sorted(set(names) - set(self.controls))
        if unknown:
            known = ", ".join(self.controls)
            raise ValueError(f"there is no control {unknown[0]!r}; the controls are {known}.")

    def _set_all(self, values):
        self._check_names(values)
        before = self.values
        try:
            for name, value in values.items():
                self._set_one(name, value)
        except ValueError:
            for name, value in before.items():
                controls.put(self.controls[name], value)
            raise

    def _set_one(self, name, value):
        try:
            controls.put(self.controls[name], value)
        except Exception as error:
            raise ValueError(f"{name} cannot be {value!r}: {error}") from error

    def _begin(self):
        """Compute what nobody has asked for yet."""
        if self._result is None and not self._closed:
            with self._work:  # who is at it already comes to an end first
                self._refresh()

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
            if self._closed:
                return
            # As an answer to the browser, so that it is heard meanwhile: further moves, and Stop.
            self._canvas.reply(self._follow_all)

    def _follow_all(self):
        while self._outdated and not self._closed:
            self._follow()

    def _follow(self):
        """Bring picture and words to the present values; say so where that cannot be done."""
        try:
            self._show_results()
        except Exception as error:
            self._failed(error)
        except BaseException:
            # Interrupted (■, Ctrl-C): what is shown is not what the controls say.
            with self._lock:
                self._outdated = True
                self._picture.veil()
            raise

    def _show_results(self):
        """Show the results for the present values, one after another, until a control moves again."""
        with self._lock:
            self._outdated = False
            self._grey()
            pieces = self.results(**self.values)
        while True:
            with self._lock:
                result = next(pieces, None)
                if result is None:
                    return
                self._show(result)
            if self._outdated or self._closed or self._enough():
                return
            time.sleep(0.001)  # whoever waits for the lock gets it

    def _failed(self, error):
        """Say what went wrong: a traceback in a callback ends in a log that nobody reads."""
        with self._lock:
            self._say(
                f"This could not be computed ({type(error).__name__}: {error}). "
                "The greyed picture is the last one that could."
            )
            try:
                self._picture.veil()
            except Exception:
                self._canvas.greyed = True  # it is the drawing that fails: let the browser do it

    def _welcomed(self):
        """Let the browser's thread be the one that hears of the controls: see `LiveCanvas.reply`."""
        for widget in _with_children(self.widget):
            if widget.has_trait("disabled"):
                widget.send_state("disabled")

    def _enough(self):
        """Whether to leave it at the result just shown."""
        return False

    def _show(self, result):
        text = self.describe(result)
        self._picture.update(result)
        self._result = result
        self._say(text)

    def _grey(self):
        """Grey the controls that play no part now, and say why below them."""
        reasons = self.greyed(**self.values)
        for name, control in self.controls.items():
            control.disabled = name in reasons
        at_once = {why: None for name, why in reasons.items() if name in self._shown}
        behind = {why: None for name, why in reasons.items() if name not in self._shown}
        for note, told in zip(self._why, (at_once, behind), strict=True):
            note.value = controls.note(" · ".join(told))
            note.layout.display = "" if told else "none"

    def _say(self, text):
        self._diagnosis = text
        self._canvas.label = text
        # A live region: screen readers speak the new diagnosis after each move.
        self._words.value = (
            '<p role="status" aria-live="polite" style="font-size:1.05em; line-height:1.35; '
            f'max-width:62em; margin:0 0 4px 0">{_unbroken(html.escape(text))}</p>'
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.diagnosis}"

    def _ipython_display_(self):
        show(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.widget._repr_mimebundle_(include=include, exclude=exclude)


def _unbroken(text):
    """Keep a number and its % on one line."""
    return re.sub(r"(\d) %", "\\1\N{NO-BREAK SPACE}%", text)


def _with_children(widget):
    for child in getattr(widget, "children", ()):
        yield from _with_children(child)
    yield widget
