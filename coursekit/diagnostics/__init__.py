"""Instruments: numbers about any network. Arrays and nets in, frozen results out. Nothing here draws."""

from coursekit.diagnostics.curvature import Curvature, curvature
from coursekit.diagnostics.diagnosis import diagnose
from coursekit.diagnostics.histogram import Histograms, count_in_bins, count_sizes
from coursekit.diagnostics.moments import mean_and_std, spread_between_samples
from coursekit.diagnostics.signals import QUANTITIES, Quantity, SignalReport, signal_report
from coursekit.diagnostics.smoothness import LayerShift, Smoothness, layer_shift, smoothness
from coursekit.diagnostics.trace import Trace, trace

__all__ = [
    "QUANTITIES",
    "Curvature",
    "Histograms",
    "LayerShift",
    "Quantity",
    "SignalReport",
    "Smoothness",
    "Trace",
    "count_in_bins",
    "count_sizes",
    "curvature",
    "diagnose",
    "layer_shift",
    "mean_and_std",
    "signal_report",
    "smoothness",
    "spread_between_samples",
    "trace",
]
