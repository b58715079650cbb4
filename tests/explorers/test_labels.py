"""What stands on a control is what it does: its label, and the words on buttons that stand for keys.

Where the words are the key itself (`words_of` turns an underscore into a space) nothing has to be listed.
"""

import pytest

from coursekit import explorers
from coursekit.diagnostics import Quantity

# Labels that are not the control's own name.
LABELS = {
    "BatchNormGraphExplorer": {"upstream": "δ"},
    "BoardExplorer": {
        "rate": "η",
        "scheme": "weights",
        "skip": "skip connection",
        "centre": "centred",
        "weight_decay": "λ",
        "batch_size": "batch",
        "learn_from": "images",
    },
    "BatchNormStepsExplorer": {
        **{f"{sample}{k}": f"{sample.upper()}, {k}" for sample in "abc" for k in (1, 2)},
        **{
            f"{name}{k}": f"{symbol}, {k}"
            for name, symbol in (("gamma", "γ"), ("beta", "β"))
            for k in (1, 2)
        },
        "eps": "ε",
        "scale": "γ and β",
        "view": "look at",
    },
    "BuilderExplorer": {
        "at": "layer",
        "forward": "first forward done",
        "stack": "start from",
        "entry": "input",
    },
    "ClassifierExplorer": {"batch_size": "batch", "view": "show", "falling": "the rate falls to 0"},
    "PeekExplorer": {"seed": "draw", "candidates": "who"},
    "ComponentsExplorer": {},
    "ConvolutionExplorer": {"operation": "window", "filter_number": "filter", "flip": "flip the kernel"},
    "DescentExplorer": {
        "rate": "η",
        "batch_size": "batch",
        "momentum": "β",
        "w1": "w₁",
        "w2": "w₂",
        "axis": "count",
        "replacement": "draw with replacement",
    },
    "DropoutExplorer": {"phase": "drawn in", "mode": "scaled"},
    "ErrorSurfaceExplorer": {"position": "weights", "turn": "turn °", "curvature": "tell the curvature"},
    "InitializationExplorer": {"sigma": "σ", "width": "units", "quantity": "show"},
    "MomentumExplorer": {"rate": "η", "momentum": "β", "condition": "κ"},
    "NormChoiceExplorer": {"first": "normalize the image too"},
    "OneUnitExplorer": {"n_in": "inputs n", "sigma": "σ"},
    "OverfittingExplorer": {"decay": "λ"},
    "PerturbationExplorer": {"upstream": "δ"},
    "TraceExplorer": {"program": "function"},
    "PreprocessingExplorer": {
        "method": "features",
        "rate": "η",
        "best": "at the best rate",
        "outlier": "one outlier",
        "turn": "turn °",
    },
    "TrainingRaceExplorer": {
        "sigma": "σ",
        "placement": "batch norm",
        "noise": "third lane: noise after batch norm",
    },
    "ReceptiveFieldExplorer": {
        "size": "kernel",
        "channels": "filters",
        "pooled": "a pooling by 2 after each",
    },
    "ShiftExplorer": {"shuffled": "shuffle the pixels of all images", "filter_number": "filter"},
    "RunningStatisticsExplorer": {
        "momentum": "m",
        "batch_size": "batch",
        "drift": "the mean drifts",
        "start": "start at",
        "variance": "divide by",
        "compare": "show",
    },
    "SequenceNormExplorer": {"share_long": "long ones"},
    "SoftmaxExplorer": {
        "temperature": "T",
        "label": "it is a",
        "method": "computed",
        "dtype": "in",
    },
    "TemperatureExplorer": {"temperature": "T"},
    "StatisticsAxesExplorer": {"images": "N images", "which": "batch no."},
}
# Words on buttons that are not the key itself.
WORDS = {
    "BoardExplorer": {
        "own": "your own",
        "gluon": "Gluon notes",
        "cs231n": "CS231n notes",
        "batch_norm_notes": "batch norm notes",
        "he_normal": "He",
        "xavier_uniform": "Xavier",
        "normal_0.01": "N(0, 0.01²)",
        0.0: "0",
        1e-4: "0.0001",
        1e-3: "0.001",
        1e-2: "0.01",
        1000: "1,000",
        4000: "4,000",
        8000: "8,000",
    },
    "ConvolutionExplorer": {
        "edges_across": "edges |",
        "edges_down": "edges –",
        "filter": "trained",
        "grid": "thin lines",
    },
    "BatchNormGraphExplorer": {"ones": "all ones"},
    "BatchNormStepsExplorer": {
        "sliders": "from the sliders",
        "undo": "undo: γ = √(v + ε), β = μ",
        "table": "every number of the steps",
        "sigmoid": "x and y on a sigmoid",
    },
    "BuilderExplorer": {
        "dense relu logits": "two layers",
        "dense residual residual residual residual logits": "residual",
        "conv relu max_pool conv relu max_pool flatten dense relu logits": "CNN",
        "dense relu dense relu shared relu logits": "shared",
    },
    "ClassifierExplorer": {
        "mlp": "MLP, 256 hidden units",
        "softmax": "softmax regression",
        "training": "while it learns",
        "confusion": "confusion matrix",
        "mistakes": "surest mistakes",
        500: "500",
        2000: "2,000",
        9000: "9,000",
    },
    "PeekExplorer": {"nets": "nets of one recipe", "shuffled": "mistakes of their own", 1000: "1,000"},
    "DropoutExplorer": {
        "upscale_in_train": "up in training",
        "downgrade_in_infer": "down in use",
        "before": "before the ReLU",
        "behind": "behind dropout",
    },
    "ErrorSurfaceExplorer": {
        "before": "before training",
        "during": "during (20 steps)",
        "after": "after (150 steps)",
        "plain": "without batch norm",
        "batch_norm": "with batch norm",
        "relu": "ReLU",
        "random": "random, filter-normalised",
        "two_weights": "two weights of a unit",
    },
    "InitializationExplorer": {
        "relu": "ReLU",
        "leaky_relu": "leaky ReLU",
        "normal": "normal, σ",
        "constant": "constant, σ",
        "uniform_0.07": "U(±0.07)",
        "standard_uniform": "U(±1/√fan_in)",
        "lecun_normal": "LeCun normal",
        "xavier_uniform": "Xavier uniform",
        "xavier_normal": "Xavier normal",
        "he_uniform": "He uniform",
        "he_normal": "He normal",
        "fashion_mnist": "Fashion-MNIST",
        "gaussian": "Gaussian N(0, 1)",
        Quantity.PRE_ACTIVATIONS: "pre-activations",
        Quantity.GRADIENTS: "gradients ∂C/∂s",
        Quantity.WEIGHT_GRADIENTS: "weight gradients ∂C/∂W",
    },
    "OverfittingExplorer": {0.0: "0", 1000: "1,000"},
    "PerturbationExplorer": {"ones": "all ones"},
    "TraceExplorer": {
        "branch_on_shape": "if on the shape",
        "branch_on_data": "if on the data",
        "choice_by_where": "where",
        "numpy_mask": "NumPy mask",
        "mask_handed_in": "given mask",
    },
    "PreprocessingExplorer": {"min_max": "min–max", "pca": "PCA"},
    "TrainingRaceExplorer": {
        "relu": "ReLU",
        "before": "before the activation",
        "after": "after the activation",
    },
    "RunningStatisticsExplorer": {
        0.0: "0 (both)",
        1.0: "mean 0, variance 1",
        "biased": "n (biased)",
        "unbiased": "n − 1 (unbiased)",
        "mean": "the mean",
        "variance": "mean and variance",
        "libraries": "three libraries",
    },
    "SequenceNormExplorer": {0.05: "5 %", 0.1: "10 %", 0.2: "20 %", 0.5: "50 %", 1.0: "all"},
    "TemperatureExplorer": {"new": "new ones", "training": "its training images"},
    "SoftmaxExplorer": {0: "coat", 1: "shirt", 2: "bag"},
    "StatisticsAxesExplorer": {
        1: "axis=1",
        -1: "axis=-1, the last",
        0: "axis=0",
        "all": "of all its entries",
        "averaged": "average over images",
    },
}


def words_of(key):
    return str(key).replace("_", " ")


@pytest.mark.parametrize("name", LABELS)
def test_a_control_says_what_it_is(name):
    controls = getattr(explorers, name)().controls
    expected = {control: LABELS[name].get(control, words_of(control)) for control in controls}
    assert {control: widget.description for control, widget in controls.items()} == expected
    assert set(LABELS[name]) <= set(controls)


@pytest.mark.parametrize("name", LABELS)
def test_a_button_says_what_it_stands_for(name):
    named, met = WORDS.get(name, {}), set()
    for control, widget in getattr(explorers, name)().controls.items():
        for words, key in getattr(widget, "options", ()):
            assert words == named.get(key, words_of(key)), control
            met.add(key)
    assert set(named) <= met
