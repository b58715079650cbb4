"""The controls that explorers are made of: labelled, and usable by mouse and by keyboard.

Menus (`Dropdown`) are not among them: in JupyterLab the arrow keys on a menu move to another cell instead
(ipywidgets issue 3912). A row of buttons needs one click, or Tab and Space.
"""

import html
import math
import time
from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets

LABEL = "70px"
LATE = 20.0  # seconds for which the browser may still answer to a value that was replaced
# A long row of buttons would otherwise squeeze its label to "sch…".
STYLE = (
    "<style>.coursekit-choice > .widget-label { flex-shrink: 0 }"
    ".coursekit-box .widget-readout { border: 1px solid var(--jp-border-color2, #bbb); border-radius: 2px }"
    "</style>"
)


class _Exact:
    """A slider that keeps the value it was given, where the browser's differs by rounding alone.

    The browser sends back what it was sent, rounded, and it may do so late: an answer to the value before,
    which a script has replaced meanwhile, is no move either.
    """

    value: Any
    replaced: tuple[float, float] = (math.nan, 0.0)  # the value that a script has replaced, and when

    def set_state(self, sync_data: dict) -> None:
        """Take a message from the browser."""
        value = sync_data.get("value")
        if isinstance(value, int | float) and (_rounded(value, self.value) or self._is_late(value)):
            sync_data = {name: state for name, state in sync_data.items() if name != "value"}
        super().set_state(sync_data)  # type: ignore[misc]  # the slider's, which comes next in line

    def _is_late(self, value):
        before, when = self.replaced
        return value != before and _rounded(value, before) and time.monotonic() < when + LATE


def _rounded(value, given):
    return math.isclose(value, given, rel_tol=1e-9)


class IntSlider(_Exact, widgets.IntSlider):
    """A slider over whole numbers."""


class FloatSlider(_Exact, widgets.FloatSlider):
    """A slider over evenly spaced numbers."""


class FloatLogSlider(_Exact, widgets.FloatLogSlider):
    """A slider over powers of a base."""


def _slider_label(text):
    """Return the width of a slider's label: no word is cut, and short ones leave room to the slider."""
    return "44px" if len(text) <= 5 else "70px"


def whole(label: str, value: int, low: int, high: int, *, step: int = 1, width: str) -> IntSlider:
    """Return a slider over whole numbers, `width` wide in all."""
    return IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def decimal(
    label: str, value: float, low: float, high: float, *, step: float, width: str, digits: int = 2
) -> FloatSlider:
    """Return a slider over evenly spaced numbers, `width` wide in all."""
    return FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format=f".{digits}f",
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def logarithmic(label: str, value: float, low: float, high: float, *, width: str) -> FloatLogSlider:
    """Return a slider from 10**low to 10**high, twenty steps a decade."""
    return FloatLogSlider(
        value=value,
        min=low,
        max=high,
        step=0.05,
        description=label,
        readout_format=".2g",
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def choice(
    label: str, options: Iterable[tuple[str, object]], *, button: str, value: object = None
) -> widgets.ToggleButtons:
    """Return a row of buttons, one of which is chosen: the first, to begin with, or that of `value`.

    Parameters
    ----------
    options : iterable of (str, object)
        The words on a button, and the key that it stands for.
    button : str
        The width of each.
    """
    options = tuple(options)
    buttons = widgets.ToggleButtons(
        options=options,
        value=options[0][1] if value is None else value,
        description=label,
        tooltips=[words for words, _ in options],
        style={"description_width": LABEL, "button_width": button},
        # The label stays beside the buttons, which wrap among themselves.
        layout=widgets.Layout(display="flex", flex_flow="row nowrap", align_items="flex-start"),
    )
    return buttons.add_class("coursekit-choice")


def switch(label: str, value: bool = False) -> widgets.Checkbox:
    """Return a box to tick, unticked to begin with."""
    return widgets.Checkbox(
        value=value, description=label, indent=False, layout=widgets.Layout(width="auto")
    )


def put(control: widgets.Widget, value: object) -> None:
    """Give a control a value from a script; the browser will leave it at that.

    A slider takes any value in its range: one between two steps moves the steps, so that it lies on one.
    (The browser would move it to the nearest step, and the picture would change by itself.)

    Raises
    ------
    ValueError
        If the control refuses the value, or would move it to the end of its range.
    """
    with control.hold_sync():
        if hasattr(control, "step") and hasattr(control, "min"):
            control.min = getattr(control, "first_step", control.min)
        if isinstance(control, _Exact) and control.value != value:
            control.replaced = (control.value, time.monotonic())
        control.value = value
        # Sliders move a value that is out of range to the border; a script should hear of it.
        if control.value != value:
            raise ValueError(f"the nearest it takes is {control.value!r}.")
        _put_steps_under(control)


def _put_steps_under(control):
    """Move a slider's first step up, by less than a step, so that its value lies on one."""
    if not hasattr(control, "step") or not hasattr(control, "min"):
        return
    base = getattr(control, "base", None)
    at = control.value if base is None else math.log(control.value, base)
    beyond = (at - control.min) % control.step
    if min(beyond, control.step - beyond) > 1e-6 * control.step:
        control.first_step = control.min
        control.min += beyond


def rows(*lines: Iterable[widgets.Widget]) -> widgets.VBox:
    """Stack lines of controls; a line wraps where the page is narrow."""
    flow = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "0 8px"}
    style = widgets.HTML(STYLE, layout=widgets.Layout(display="none"))
    return widgets.VBox([style, *(widgets.HBox(line, layout=widgets.Layout(**flow)) for line in lines)])


def staged(
    named: Mapping[str, widgets.Widget],
    lines: Iterable[Iterable[str]],
    shown: Iterable[str],
    extra: Iterable[widgets.Widget] = (),
    notes: Iterable[widgets.Widget] = (),
) -> widgets.VBox:
    """Lay controls out in two stages: those of `shown`, and all others behind a button *more*.

    Parameters
    ----------
    named : dict of str to Widget
    lines : iterable of iterable of str
        All names, line by line.
    shown : iterable of str
        Names of the controls that are seen at once; all of them, if it is empty.
    extra : iterable of Widget
        What stands behind the controls that are seen at once.
    notes : iterable of Widget
        What stands below those that are seen at once, and below all others.
    """
    lines, shown = [list(line) for line in lines], set(shown or named)
    below = [[note] for note in notes]
    front = [[named[name] for name in line if name in shown] for line in lines]
    behind = [[named[name] for name in line if name not in shown] for line in lines]
    front, behind = [line for line in front if line] or [[]], [line for line in behind if line]
    front[-1] += extra
    if behind:
        rest = rows(*behind, *below[1:])
        front[-1].append(_more(rest))
        return widgets.VBox([rows(*front, *below[:1]), rest])
    return rows(*front, *below[:1])


def _more(rest):
    button = widgets.ToggleButton(
        description="more …", tooltip="more controls", layout=widgets.Layout(width="80px")
    )
    rest.layout.display = "none"

    def follow(change):
        rest.layout.display = "" if change["new"] else "none"
        button.description = "less" if change["new"] else "more …"

    button.observe(follow, names="value")
    return button


def note(text: str) -> str:
    """Return a remark in small print."""
    return f'<span style="font-size:0.9em; opacity:0.75">{html.escape(text)}</span>'
