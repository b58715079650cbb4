"""Explorers: controls, a picture that follows them, and a diagnosis in words.

An explorer has `.controls` (name to ipywidget), `.result` (the last frozen result), `.diagnosis`
(text) and `.widget`. `ALL` lists every class; the tests drive each of them.
"""

from coursekit.explorers.base import Explorer
from coursekit.explorers.initialization import InitializationExplorer
from coursekit.explorers.one_unit import OneUnitExplorer

ALL: tuple[type[Explorer], ...] = (OneUnitExplorer, InitializationExplorer)

__all__ = ["ALL", "Explorer", "InitializationExplorer", "OneUnitExplorer"]
