"""Explorers: controls, a picture that follows them, and a diagnosis in words.

An explorer has `.controls` (name to ipywidget), `.result` (the last frozen result), `.diagnosis`
(text) and `.widget`. Each stands in a file of its own and is found there, not listed; `ALL` holds every
class, and the tests drive each of them.
"""

from coursekit.discovery import made_in
from coursekit.explorers.base import Explorer
from coursekit.explorers.long import LongExplorer

ALL: tuple[type[Explorer], ...] = tuple(
    kind
    for _, kind in made_in(__name__, type)
    if issubclass(kind, Explorer) and kind not in (Explorer, LongExplorer)
)
globals().update({kind.__name__: kind for kind in ALL})

__all__ = ["ALL", "Explorer", "LongExplorer", *(kind.__name__ for kind in ALL)]
