"""Numbers about a network: arrays and nets in, frozen result objects out. Nothing here draws."""

from coursekit.diagnostics.diagnosis import diagnose
from coursekit.diagnostics.histogram import Histograms, count_in_bins
from coursekit.diagnostics.moments import mean_and_std, spread_between_samples
from coursekit.diagnostics.one_unit import UnitReport, diagnose_unit, unit_report
from coursekit.diagnostics.signals import QUANTITIES, SignalReport, signal_report
from coursekit.diagnostics.trace import ACTIVATIONS, Trace, deep_net, trace
from coursekit.diagnostics.weight_bank import WeightBank

__all__ = [
    "ACTIVATIONS",
    "QUANTITIES",
    "Histograms",
    "SignalReport",
    "Trace",
    "UnitReport",
    "WeightBank",
    "count_in_bins",
    "deep_net",
    "diagnose",
    "diagnose_unit",
    "mean_and_std",
    "signal_report",
    "spread_between_samples",
    "trace",
    "unit_report",
]
