"""The controls that explorers are made of: labelled, and usable by mouse and by keyboard.

Menus (`Dropdown`) are not among them: in JupyterLab the arrow keys on a menu move to another cell instead
(ipywidgets issue 3912). A row of buttons needs one click, or Tab and Space.
"""

import ipywidgets as widgets

LABEL = "70px"
# A long row of buttons would otherwise squeeze its label to "sch…".
STYLE = "<style>.coursekit-choice > .widget-label { flex-shrink: 0 }</style>"


def _slider_label(text):
    """Return the width of a slider's label: no word is cut, and short ones leave room to the slider."""
    return "44px" if len(text) <= 6 else "60px"


def whole(label: str, value: int, low: int, high: int, *, step: int = 1, width: str) -> widgets.IntSlider:
    """Return a slider over whole numbers, `width` wide in all."""
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def decimal(
    label: str, value: float, low: float, high: float, *, step: float, width: str
) -> widgets.FloatSlider:
    """Return a slider over evenly spaced numbers, `width` wide in all."""
    return widgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format=".2f",
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def logarithmic(label: str, value: float, low: int, high: int, *, width: str) -> widgets.FloatLogSlider:
    """Return a slider from 10**low to 10**high, twenty steps a decade."""
    return widgets.FloatLogSlider(
        value=value,
        min=low,
        max=high,
        step=0.05,
        description=label,
        readout_format=".2g",
        style={"description_width": _slider_label(label)},
        layout=widgets.Layout(width=width),
    )


def choice(label: str, options: tuple[str, ...], *, button: str) -> widgets.ToggleButtons:
    """Return a row of buttons, one of which is chosen: the first, to begin with."""
    buttons = widgets.ToggleButtons(
        options=options,
        description=label,
        style={"description_width": LABEL, "button_width": button},
        # The label stays beside the buttons, which wrap among themselves.
        layout=widgets.Layout(display="flex", flex_flow="row nowrap", align_items="flex-start"),
    )
    return buttons.add_class("coursekit-choice")


def switch(label: str) -> widgets.Checkbox:
    """Return a box to tick, unticked."""
    return widgets.Checkbox(
        value=False, description=label, indent=False, layout=widgets.Layout(width="auto")
    )


def rows(*lines: tuple[widgets.Widget, ...]) -> widgets.VBox:
    """Stack lines of controls; a line wraps where the page is narrow."""
    flow = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "0 8px"}
    style = widgets.HTML(STYLE, layout=widgets.Layout(display="none"))
    return widgets.VBox([style, *(widgets.HBox(line, layout=widgets.Layout(**flow)) for line in lines)])
