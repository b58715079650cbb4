"""The explorer of lesson 09 on sequences of unequal length."""

import ipywidgets as widgets

from coursekit.diagnostics.sequences import (
    LONGEST,
    SequenceReport,
    diagnose_sequences,
    sequence_report,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.sequence_norm import SequenceNormPicture

SHARES = {"5 %": 0.05, "10 %": 0.1, "20 %": 0.2, "50 %": 0.5, "all": 1.0}


class SequenceNormExplorer(Explorer):
    """Images read row by row in 4 to 14 rows: who is left at a late step, and what that does to errors.

    A recurrent layer of 32 units with batch norm, and one with layer norm, 250 steps of training.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the share of long sequences, the batch size, the step looked at, and the seed."""
        share = controls.choice("long ones", tuple(SHARES), button="60px")
        share.value = "10 %"
        size = controls.choice("batch size", (8, 16, 32), button="60px")
        size.value = 32
        return {
            "share_long": share,
            "batch_size": size,
            "step": controls.whole("step", 12, 1, LONGEST, width="250px"),
            "seed": controls.whole("seed", 0, 0, 2, width="190px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put buttons above sliders."""
        c = self.controls
        return controls.rows((c["share_long"], c["batch_size"]), (c["step"], c["seed"]))

    def make_picture(self) -> SequenceNormPicture:
        """Return the three panels."""
        return SequenceNormPicture()

    def compute(self, share_long: str, batch_size: int, step: int, seed: int) -> SequenceReport:
        """Measure the statistics of each step; train, once for each setting."""
        return sequence_report(batch_size, SHARES[share_long], seed, step)

    def describe(self, result: SequenceReport) -> str:
        """Say who is left, and who errs."""
        return diagnose_sequences(result)
