"""The explorer of lesson 09 on sequences of unequal length."""

import ipywidgets as widgets

from coursekit.experiments.sequence_norm import (
    LONGEST,
    SequenceReport,
    diagnose_sequences,
    sequence_report,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.sequence_norm import SequenceNormPicture

SHARES = (("5 %", 0.05), ("10 %", 0.1), ("20 %", 0.2), ("50 %", 0.5), ("all", 1.0))
SIZES = (("8", 8), ("16", 16), ("32", 32))


class SequenceNormExplorer(Explorer):
    """Images read row by row in 4 to 14 rows: who is left at a late step, and what that does to errors.

    A recurrent layer of 32 units with batch norm, and one with layer norm, 250 steps of training.
    """

    first = ("step", "share_long")
    lines = (("step",), ("share_long",), ("batch_size", "seed"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the share of long sequences, the batch size, the step looked at, and the seed."""
        return {
            "share_long": controls.choice("long ones", SHARES, button="60px", value=0.1),
            "batch_size": controls.choice("batch size", SIZES, button="60px", value=32),
            "step": controls.whole("step", 12, 1, LONGEST, width="420px"),
            "seed": controls.whole("seed", 0, 0, 2, width="190px"),
        }

    def make_picture(self) -> SequenceNormPicture:
        """Return the three panels."""
        return SequenceNormPicture()

    def compute(self, share_long: float, batch_size: int, step: int, seed: int) -> SequenceReport:
        """Measure the statistics of each step; train, once for each setting."""
        return sequence_report(batch_size, share_long, seed, step)

    def describe(self, result: SequenceReport) -> str:
        """Say who is left, and who errs."""
        return diagnose_sequences(result)
