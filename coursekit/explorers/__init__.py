"""Explorers: controls, a picture that follows them, and a diagnosis in words.

An explorer has `.controls` (name to ipywidget), `.result` (the last frozen result), `.diagnosis`
(text) and `.widget`. `ALL` lists every class; the tests drive each of them.
"""

from coursekit.explorers.base import Explorer
from coursekit.explorers.batch_norm_graph import BatchNormGraphExplorer
from coursekit.explorers.batch_norm_steps import BatchNormStepsExplorer
from coursekit.explorers.error_surface import ErrorSurfaceExplorer
from coursekit.explorers.initialization import InitializationExplorer
from coursekit.explorers.long import LongExplorer
from coursekit.explorers.norm_choice import NormChoiceExplorer
from coursekit.explorers.one_unit import OneUnitExplorer
from coursekit.explorers.perturbation import PerturbationExplorer
from coursekit.explorers.running_statistics import RunningStatisticsExplorer
from coursekit.explorers.sequence_norm import SequenceNormExplorer
from coursekit.explorers.statistics_axes import StatisticsAxesExplorer
from coursekit.explorers.training_race import TrainingRaceExplorer

ALL: tuple[type[Explorer], ...] = (
    OneUnitExplorer,
    InitializationExplorer,
    BatchNormStepsExplorer,
    StatisticsAxesExplorer,
    RunningStatisticsExplorer,
    BatchNormGraphExplorer,
    PerturbationExplorer,
    ErrorSurfaceExplorer,
    TrainingRaceExplorer,
    NormChoiceExplorer,
    SequenceNormExplorer,
)

__all__ = [
    "ALL",
    "BatchNormGraphExplorer",
    "BatchNormStepsExplorer",
    "ErrorSurfaceExplorer",
    "Explorer",
    "InitializationExplorer",
    "LongExplorer",
    "NormChoiceExplorer",
    "OneUnitExplorer",
    "PerturbationExplorer",
    "RunningStatisticsExplorer",
    "SequenceNormExplorer",
    "StatisticsAxesExplorer",
    "TrainingRaceExplorer",
]
