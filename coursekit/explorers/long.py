"""An explorer that works for seconds: a progress bar, a Stop button, and partial results that stay."""

from collections.abc import Iterator

import ipywidgets as widgets

from coursekit.explorers import controls
from coursekit.explorers.base import Explorer


class LongExplorer(Explorer):
    """An explorer whose `results` come in pieces, each shown as soon as it is there.

    A subclass gives `pieces(**values)`, a generator of frozen results whose attribute ``done`` grows from 0
    to 1, and the rest as any `Explorer`. A control that is moved starts the work afresh; Stop leaves the
    piece that is shown. What was finished once is kept: coming back to it takes no time.
    """

    KEPT = 100
    _finished: dict[tuple, object]

    def __init_subclass__(cls):
        cls._finished = {}

    def __init__(self, **values: object):
        self._stopped = False
        self.progress = widgets.FloatProgress(
            value=0, min=0, max=1, description="progress", layout=widgets.Layout(width="260px")
        )
        self.stop_button = widgets.Button(
            description="Stop", disabled=True, icon="stop", layout=widgets.Layout(width="90px")
        )
        self.stop_button.on_click(lambda button: self.stop())
        super().__init__(**values)

    def pieces(self, **values: object) -> Iterator[object]:
        """Yield results for the controls' values, each further along than the one before."""
        raise NotImplementedError

    def settings(self, values: dict[str, object]) -> dict[str, object]:
        """Return those of the controls' values that the result depends on: all, unless a subclass knows."""
        return values

    def results(self, **values: object) -> Iterator[object]:
        """Yield the finished result at once if it is known, else piece by piece."""
        key = tuple(self.settings(values).items())
        if key in self._finished:
            yield self._finished[key]
            return
        for piece in self.pieces(**values):
            if piece.done == 1:
                self._finished[key] = piece
                while len(self._finished) > self.KEPT:
                    del self._finished[next(iter(self._finished))]
            yield piece

    def stop(self) -> None:
        """Leave the work where it is; what is there stays. Any control starts it again."""
        self._stopped = True

    def arrange(self) -> widgets.Widget:
        """Put progress and Stop below the controls."""
        return widgets.VBox([self.arrange_controls(), controls.rows((self.progress, self.stop_button))])

    def arrange_controls(self) -> widgets.Widget:
        """Return the controls laid out; by default they flow in rows."""
        return controls.rows(tuple(self.controls.values()))

    def _on_change(self, change):
        self._stopped = False
        super()._on_change(change)

    def _follow(self):
        self.stop_button.disabled = False
        self.progress.value = 0
        try:
            super()._follow()
        finally:
            self.stop_button.disabled = True

    def _show(self, result):
        super()._show(result)
        self.progress.value = result.done

    def _enough(self):
        return self._stopped
