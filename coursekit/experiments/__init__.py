"""The numbers behind each explorer: a frozen result, the function that computes it, and its words."""

from coursekit.experiments.ablation import Ablation, ablation_of, diagnose_ablation
from coursekit.experiments.activation_curves import ActivationCurves, activation_curves
from coursekit.experiments.batch_mates import BatchMates, shirt_among_coats
from coursekit.experiments.batch_norm_graph import GraphStep, graph_step
from coursekit.experiments.batch_norm_rules import diagnose_graph
from coursekit.experiments.batch_norm_steps import BatchNormSteps, batch_norm_steps, diagnose_steps
from coursekit.experiments.builder import Built, build_stack, diagnose_built
from coursekit.experiments.error_surface import twin_nets
from coursekit.experiments.learned_scales import LearnedScales, learned_scales
from coursekit.experiments.loss_curves import LossCurves
from coursekit.experiments.net_drawing import NetDrawing, learned_net, net_drawing
from coursekit.experiments.one_unit import UnitReport, diagnose_unit, unit_report
from coursekit.experiments.perturbation import Perturbation, diagnose_perturbation, perturb
from coursekit.experiments.photographs import Photographs, photographs
from coursekit.experiments.race import Race, race
from coursekit.experiments.running_statistics import (
    RunningStatistics,
    diagnose_running,
    running_rules,
    running_statistics,
)
from coursekit.experiments.statistics_axes import SharedStatistics, diagnose_shared, shared_statistics
from coursekit.experiments.sweep import Sweep
from coursekit.experiments.verdicts import Verdicts, count_verdicts, diagnose_verdicts

__all__ = [
    "Ablation",
    "ActivationCurves",
    "BatchMates",
    "BatchNormSteps",
    "Built",
    "GraphStep",
    "LearnedScales",
    "LossCurves",
    "NetDrawing",
    "Perturbation",
    "Photographs",
    "Race",
    "RunningStatistics",
    "SharedStatistics",
    "Sweep",
    "UnitReport",
    "Verdicts",
    "ablation_of",
    "activation_curves",
    "batch_norm_steps",
    "build_stack",
    "count_verdicts",
    "diagnose_ablation",
    "diagnose_built",
    "diagnose_graph",
    "diagnose_perturbation",
    "diagnose_running",
    "diagnose_shared",
    "diagnose_steps",
    "diagnose_unit",
    "diagnose_verdicts",
    "graph_step",
    "learned_net",
    "learned_scales",
    "net_drawing",
    "perturb",
    "photographs",
    "race",
    "running_rules",
    "running_statistics",
    "shared_statistics",
    "shirt_among_coats",
    "twin_nets",
    "unit_report",
]
