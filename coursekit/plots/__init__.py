"""Pictures of results: one picture a file, artists made once and moved by ``update(result)``."""

from coursekit.plots.ablation import AblationRows
from coursekit.plots.activation_curves import ActivationCurves
from coursekit.plots.batch_norm_graph import BatchNormGraph
from coursekit.plots.batch_norm_steps import BatchNormTable
from coursekit.plots.builder import BuilderTable
from coursekit.plots.error_surface import ErrorSurfaces
from coursekit.plots.learned_scales import LearnedScalePicture
from coursekit.plots.loss_curves import LossCurves
from coursekit.plots.net_drawing import NetDrawing
from coursekit.plots.norm_choice import NormChoicePicture
from coursekit.plots.one_unit import UnitSum
from coursekit.plots.perturbation import PerturbationPicture
from coursekit.plots.photographs import Photographs
from coursekit.plots.picture import Picture
from coursekit.plots.race import RaceCurves
from coursekit.plots.running_statistics import RunningLines
from coursekit.plots.sequence_norm import SequenceNormPicture
from coursekit.plots.signals import LayerSignals
from coursekit.plots.statistics_axes import StatisticsAxes
from coursekit.plots.sweep import SweepLines
from coursekit.plots.verdicts import VerdictDots

__all__ = [
    "AblationRows",
    "ActivationCurves",
    "BatchNormGraph",
    "BatchNormTable",
    "BuilderTable",
    "ErrorSurfaces",
    "LayerSignals",
    "LearnedScalePicture",
    "LossCurves",
    "NetDrawing",
    "NormChoicePicture",
    "PerturbationPicture",
    "Photographs",
    "Picture",
    "RaceCurves",
    "RunningLines",
    "SequenceNormPicture",
    "StatisticsAxes",
    "SweepLines",
    "UnitSum",
    "VerdictDots",
]
