"""A question to answer before looking."""

import html

import ipywidgets as widgets

from coursekit import palette

# Long answers go on in a second line: none is cut off.
STYLE = (
    "<style>.coursekit-prediction .widget-toggle-button { width: 34em; max-width: 95%; height: auto;"
    " min-height: 28px; padding: 2px 10px; white-space: normal; line-height: 1.3;"
    " text-align: left; margin: 3px 4px 3px 0 }</style>"
)


class Prediction:
    """Pick an answer first; the picture below then tells, and this says why.

    Parameters
    ----------
    question : str
    options : list of str
        At least two.
    answer : int
        The index of the right one.
    because : str
        The reason, shown once an option is picked.
    picked : dict of str to str, optional
        Where answers are kept by question, so that a cell that runs again shows the answer it had.

    Attributes
    ----------
    choice : ipywidgets.ToggleButtons
        Nothing is picked at first.
    verdict : str
        Empty until something is picked.
    widget : ipywidgets.VBox

    Raises
    ------
    ValueError
        If there are fewer than two options or two equal ones, or `answer` is no index of one.
    """

    def __init__(
        self,
        question: str,
        options: list[str],
        answer: int,
        because: str,
        picked: dict[str, str] | None = None,
    ):
        if len(options) < 2 or len(set(options)) < len(options):
            raise ValueError(f"a prediction needs at least two options, all different; got {options!r}.")
        if type(answer) is not int or answer not in range(len(options)):
            raise ValueError(
                f"answer must be the index of an option, 0 to {len(options) - 1}; got {answer!r}."
            )
        self.question, self.options, self.answer, self.because = (
            question,
            list(options),
            answer,
            because,
        )
        self.verdict = ""
        # Buttons, since JupyterLab takes the arrow keys away from radio buttons.
        self.choice = widgets.ToggleButtons(
            options=self.options, value=None, style={"description_width": "0", "button_width": ""}
        ).add_class("coursekit-prediction")
        self.choice.observe(self._picked, names="value")
        self._says = widgets.HTML()
        asks = widgets.HTML(
            f'{STYLE}<div style="line-height:1.4"><b>Predict.</b> {html.escape(question)}</div>'
        )
        self.widget = widgets.VBox([asks, self.choice, self._says])
        self._kept = {} if picked is None else picked
        if self._kept.get(question) in self.options:
            self.choice.value = self._kept[question]

    def _picked(self, change):
        if change["new"] is None:
            return
        self._kept[self.question] = change["new"]
        right = self.options.index(change["new"]) == self.answer
        head = "Yes." if right else f"Not quite. Right is: {self.options[self.answer]}."
        self.verdict = f"{head} {self.because}"
        colour = palette.RIGHT if right else palette.WRONG
        self._says.value = (
            f'<div role="status" aria-live="polite" style="border-left:5px solid {colour}; '
            f'padding:4px 12px; max-width:60em; line-height:1.4">{html.escape(self.verdict)}</div>'
        )

    def __repr__(self) -> str:
        options = "\n".join(f"  ( ) {option}" for option in self.options)
        return f"Predict. {self.question}\n{options}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.widget._repr_mimebundle_(include=include, exclude=exclude)
        return {**bundle, "text/plain": repr(self)}
