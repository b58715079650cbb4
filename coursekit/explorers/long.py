"""An explorer that works for seconds: a progress bar, a Stop button, and partial results that stay."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from coursekit.explorers.base import Explorer


class LongExplorer(Explorer):
    """An explorer whose `results` come in pieces, each shown as soon as it is there.

    A subclass gives `pieces(**values)`, a generator of frozen results whose attribute ``done`` grows from 0
    to 1, and the rest as any `Explorer`. A control that is moved starts the work afresh; Stop leaves the
    piece that is shown. What was finished once is kept: coming back to it takes no time.

    One that sets `waits_for_play` shows its first piece and waits until somebody presses Play or moves a
    control: what moves by itself should be seen from its start. Replay runs it once more.
    """

    KEPT = 100
    waits_for_play = False
    _finished: dict[tuple, object]

    def __init_subclass__(cls):
        cls._finished = {}

    def __init__(self, **more: Any):
        self._stopped = False
        self._waits = self.waits_for_play
        self._replays = False
        layout = widgets.Layout(width="80px", visibility="hidden")  # shown while there is progress to see
        self.progress = widgets.FloatProgress(value=0, min=0, max=1, description="", layout=layout)
        self.progress.add_class("coursekit-progress")
        self.stop_button = _button("Stop", "stop", self.stop)
        self.stop_button.disabled = True
        self.play_button = _button("Play", "play", self.play)
        super().__init__(**more)

    def pieces(self, **values: Any) -> Iterator[Any]:
        """Yield results for the controls' values, each further along than the one before."""
        raise NotImplementedError

    def settings(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return those of the controls' values that the result depends on: all that are not greyed."""
        greyed = self.greyed(**values)
        return {name: value for name, value in values.items() if name not in greyed}

    def results(self, **values: Any) -> Iterator[Any]:
        """Yield the finished result at once if it is known, else piece by piece."""
        key = tuple(self.settings(values).items())
        if key in self._finished and not self._replays:
            yield self._finished[key]
            return
        self._replays = False
        for piece in self.pieces(**values):
            if piece.done == 1:
                self._finished[key] = piece
                while len(self._finished) > self.KEPT:
                    del self._finished[next(iter(self._finished))]
            yield piece

    def stop(self) -> None:
        """Leave the work where it is; what is there stays. Play, or any control, starts it again."""
        self._stopped = True

    def play(self) -> None:
        """Run the work from its start, even if its end is known."""
        self._stopped, self._waits, self._replays, self._outdated = False, False, True, True
        if not self._waiting:
            self._waiting = True
            self._worker.submit(self._refresh)

    def arrange(self, *extra: widgets.Widget) -> widgets.Widget:
        """Put Play, Stop and progress behind the controls that are seen at once."""
        play = [self.play_button] if self.waits_for_play else []
        return super().arrange(*extra, *play, self.stop_button, self.progress)

    def set(self, **values: Any) -> "LongExplorer":
        """Set several controls at once and run the work to its end; see `Explorer.set`."""
        self._outdated |= self._waits
        self._stopped = self._waits = False
        super().set(**values)
        return self

    def _on_change(self, change):
        self._stopped = self._waits = False
        super()._on_change(change)

    def _follow(self):
        self.stop_button.disabled = False
        self.progress.value = 0
        self.progress.layout.visibility = "visible"
        try:
            super()._follow()
        finally:
            if not self._closed:
                self.stop_button.disabled = True
                self.progress.layout.visibility = "visible" if 0 < self.progress.value < 1 else "hidden"

    def _show(self, result):
        super()._show(result)
        self.progress.value = result.done
        if self.waits_for_play:
            self.play_button.description = "Replay" if result.done == 1 else "Play"

    def _enough(self):
        return self._stopped or self._waits


def _button(words, icon, act):
    button = widgets.Button(description=words, icon=icon, layout=widgets.Layout(width="80px"))
    button.on_click(lambda clicked: act())
    return button
