"""Each control reaches the argument that it is named after: results, from the explorer and by hand."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit import experiments, explorers
from coursekit.experiments.builder import build_stack
from coursekit.experiments.classifier import train_classifier
from coursekit.experiments.components import components_report
from coursekit.experiments.convolution import convolve, picture_of
from coursekit.experiments.descent import descend
from coursekit.experiments.dropout import dropout_report
from coursekit.experiments.momentum import momentum_report
from coursekit.experiments.norm_choice import norm_choice
from coursekit.experiments.overfitting import overfit
from coursekit.experiments.peek import peek
from coursekit.experiments.preprocessing import prepared_problem
from coursekit.experiments.receptive_field import receptive_field
from coursekit.experiments.sequence_norm import sequence_report
from coursekit.experiments.shift import shift_report
from coursekit.experiments.softmax import scores
from coursekit.experiments.statistics_axes import example_photos, feature_maps
from coursekit.experiments.temperature import temper
from coursekit.experiments.tracing import trace_calls
from tests.explorers.driving import same


def trained_and_seen(view, *setting, **more):
    *_, last = train_classifier(*setting, **more)
    return replace(last, view=view)


# Values of the controls, none of them alike, and the same result by hand.
PHOTOS = example_photos(7, 5)
CASES = {
    "BuilderExplorer": (
        {"units": 7, "at": 2, "forward": True, "stack": "conv flatten relu dense", "entry": "images"},
        lambda: build_stack("conv flatten relu dense", 7, entry="images", forward=True, at=2),
    ),
    "OneUnitExplorer": (
        {"n_in": 37, "sigma": 10**-0.25, "seed": 4},
        lambda: experiments.unit_report(37, 10**-0.25, np.random.default_rng(4)),
    ),
    "SoftmaxExplorer": (
        {"coat": 1.5, "shirt": -2.0, "bag": 4.0, "temperature": 0.5, "label": 2}
        | {"head": "sigmoid", "method": "naive", "dtype": "float64"},
        lambda: scores((1.5, -2.0, 4.0), 0.5, 2, "sigmoid", "naive", "float64"),
    ),
    "TemperatureExplorer": (
        {"temperature": 2.0, "images": "training", "passes": 10, "seed": 1},
        lambda: temper(2.0, 10, 1, "training"),
    ),
    "ComponentsExplorer": (
        {"k": 33, "image": 9, "noise": 0.12},
        lambda: components_report(33, 9, 0.12),
    ),
    "DescentExplorer": (
        {"rate": 10**-0.3, "batch_size": 7, "momentum": 0.4, "decay": 0.15, "w1": -0.5, "w2": 2.1}
        | {"seed": 3, "axis": "updates", "replacement": True},
        lambda: descend(
            10**-0.3, 7, np.random.default_rng(3), momentum=0.4, decay=0.15, start=(-0.5, 2.1),
            replacement=True, axis="updates",
        ),
    ),
    "ClassifierExplorer": (
        {"rate": 10**-0.8, "epochs": 4, "seed": 2, "net": "softmax", "batch_size": 128, "images": 500}
        | {"falling": False, "view": "mistakes"},
        lambda: trained_and_seen("mistakes", "softmax", 10**-0.8, 128, 4, 500, 2, falling=False),
    ),
    "PeekExplorer": (
        {"k": 37, "seed": 3, "images": 300, "candidates": "shuffled"},
        lambda: peek(37, 300, "shuffled", 3),
    ),
    "ConvolutionExplorer": (
        {"row": 5, "column": 2, "operation": "filter", "image": "shirt", "stride": 2, "padding": 3}
        | {"dilation": 3, "size": 4, "filter_number": 6, "flip": True},
        lambda: convolve(
            picture_of("shirt"), "filter", row=5, column=2, size=4, stride=2, padding=3, dilation=3,
            filter_number=6, flip=True,
        ),
    ),
    "ReceptiveFieldExplorer": (
        {"layers": 4, "size": 5, "stride": 2, "dilation": 3, "channels": 7, "pooled": True},
        lambda: receptive_field(4, 5, stride=2, dilation=3, channels=7, pooled=True),
    ),
    "ShiftExplorer": (
        {"shift": 3, "shuffled": True, "image": "shirt", "filter_number": 5},
        lambda: shift_report("shirt", 3, 5, True),
    ),
    "MomentumExplorer": (
        {"rate": 10**0.25, "momentum": 0.37, "condition": 10**1.5},
        lambda: momentum_report(10**0.25, 0.37, 10**1.5),
    ),
    "PreprocessingExplorer": (
        {"method": "min_max", "rate": 10**0.25, "ratio": 10**0.5, "correlation": -0.35, "mean": 1.1}
        | {"outlier": True, "best": False, "turn": 35},
        lambda: prepared_problem(
            "min_max", 10**0.25, ratio=10**0.5, correlation=-0.35, mean=1.1, outlier=True, turn=35.0
        ),
    ),
    "DropoutExplorer": (
        {"p": 0.3, "draws": 17, "phase": "use", "mode": "downgrade_in_infer", "norm": "behind", "seed": 4},
        lambda: dropout_report(0.3, 17, "downgrade_in_infer", "use", "behind", 4),
    ),
    "OverfittingExplorer": (
        {"p": 0.2, "decay": 0.003, "images": 100, "units": 4, "seed": 3},
        lambda: list(overfit(4, 0.003, 0.2, 100, 3))[-1],
    ),
    "PerturbationExplorer": (
        {"sample": 5, "feature": 2, "nudge": 0.1, "upstream": "ones", "backward": "no_variance_path"},
        lambda: experiments.perturb(5, 2, 0.1, "ones", "no_variance_path"),
    ),
    "BatchNormStepsExplorer": (
        {"a1": 1.0, "a2": 2.0, "b1": 3.0, "b2": 5.5, "c1": 8.0, "c2": 13.0, "gamma1": 0.5, "gamma2": 1.5,
         "beta1": -1.0, "beta2": 4.0, "eps": 0.1},
        lambda: experiments.batch_norm_steps(
            [[1.0, 2.0], [3.0, 5.5], [8.0, 13.0]], [0.5, 1.5], [-1.0, 4.0], 0.1
        ),
    ),
    "BatchNormGraphExplorer": (
        {"step": 13, "batch": 3, "upstream": "one_entry"},
        lambda: experiments.graph_step(13, 3, "one_entry"),
    ),
    "RunningStatisticsExplorer": (
        {"momentum": 0.7, "batch_size": 9, "seed": 3, "drift": True}
        | {"start": 1.0, "variance": "unbiased", "compare": "libraries"},
        lambda: experiments.running_statistics(
            0.7, 9, np.random.default_rng(3), start_var=1.0, unbiased=True, drift=True
        ),
    ),
    "StatisticsAxesExplorer": (
        {"which": 7, "images": 5, "layout": "(N, H, W, C)", "axis": -1, "variance": "averaged"},
        lambda: experiments.shared_statistics(
            feature_maps(PHOTOS), "(N, H, W, C)", -1, averaged=True, photos=PHOTOS
        ),
    ),
    "NormChoiceExplorer": (
        {"batch_size": 64, "brightness": 0.3, "contrast": 0.5, "first": True, "seed": 2},
        lambda: norm_choice(64, 0.3, 0.5, 2, first=True),
    ),
    "TraceExplorer": (
        {"calls": 7, "sizes": 3, "program": "numpy_mask"},
        lambda: trace_calls("numpy_mask", 7, 3),
    ),
    "SequenceNormExplorer": (
        {"share_long": 0.2, "batch_size": 16, "step": 9, "seed": 1},
        lambda: sequence_report(16, 0.2, 1, 9),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_value_arrives_where_it_belongs(name):
    values, by_hand = CASES[name]
    explorer = getattr(explorers, name)(**values)
    if isinstance(explorer, explorers.LongExplorer):
        explorer.set(**values)  # to its end
    assert same(explorer.result, by_hand())
