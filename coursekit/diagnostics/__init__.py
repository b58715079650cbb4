"""Numbers about a network: arrays and nets in, frozen result objects out. Nothing here draws."""

from coursekit.diagnostics.activation_curves import ActivationCurves, activation_curves
from coursekit.diagnostics.batch_norm_graph import GraphStep, graph_step
from coursekit.diagnostics.batch_norm_rules import diagnose_graph
from coursekit.diagnostics.batch_norm_steps import BatchNormSteps, batch_norm_steps, diagnose_steps
from coursekit.diagnostics.curvature import Curvature, curvature
from coursekit.diagnostics.diagnosis import diagnose
from coursekit.diagnostics.histogram import Histograms, count_in_bins
from coursekit.diagnostics.loss_curves import LossCurves
from coursekit.diagnostics.moments import mean_and_std, spread_between_samples
from coursekit.diagnostics.one_unit import UnitReport, diagnose_unit, unit_report
from coursekit.diagnostics.perturbation import Perturbation, diagnose_perturbation, perturb
from coursekit.diagnostics.race import Race, race
from coursekit.diagnostics.running_statistics import (
    RunningStatistics,
    diagnose_running,
    running_rules,
    running_statistics,
)
from coursekit.diagnostics.shared_statistics import SharedStatistics, diagnose_shared, shared_statistics
from coursekit.diagnostics.signals import QUANTITIES, SignalReport, signal_report
from coursekit.diagnostics.smoothness import LayerShift, Smoothness, layer_shift, smoothness
from coursekit.diagnostics.stack import stacked_net
from coursekit.diagnostics.surface_pair import twin_nets
from coursekit.diagnostics.sweep import Sweep
from coursekit.diagnostics.trace import ACTIVATIONS, Trace, deep_net, trace
from coursekit.diagnostics.weight_bank import WeightBank

__all__ = [
    "ACTIVATIONS",
    "QUANTITIES",
    "ActivationCurves",
    "BatchNormSteps",
    "Curvature",
    "GraphStep",
    "Histograms",
    "LayerShift",
    "LossCurves",
    "Perturbation",
    "Race",
    "RunningStatistics",
    "SharedStatistics",
    "SignalReport",
    "Smoothness",
    "Sweep",
    "Trace",
    "UnitReport",
    "WeightBank",
    "activation_curves",
    "batch_norm_steps",
    "count_in_bins",
    "curvature",
    "deep_net",
    "diagnose",
    "diagnose_graph",
    "diagnose_perturbation",
    "diagnose_running",
    "diagnose_shared",
    "diagnose_steps",
    "diagnose_unit",
    "graph_step",
    "layer_shift",
    "mean_and_std",
    "perturb",
    "race",
    "running_rules",
    "running_statistics",
    "shared_statistics",
    "signal_report",
    "smoothness",
    "spread_between_samples",
    "stacked_net",
    "trace",
    "twin_nets",
    "unit_report",
]
