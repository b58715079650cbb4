"""Claims of lesson 11 on nets: a small CNN beside an MLP, shuffled, shifted, and of any image size."""

import numpy as np

from coursekit import nn
from coursekit.claims import sweeps
from coursekit.claims.claim import claim
from coursekit.claims.lesson_11.sweeps import SHUFFLE
from coursekit.experiments.receptive_field import receptive_field
from coursekit.experiments.shift import accuracies
from coursekit.nets import deep_net, small_cnn

HERE = "measured here"
SETTING = (
    "10,000 photographs, four passes in batches of 32, SGD with momentum 0.9, each net at its best rate of "
    "0.003, 0.01 and 0.03, 2,000 test images"
)


def best(name: str, seed: int) -> float:
    """Return a kept accuracy at the rate that is best in the median of the seeds.

    Five seeds were measured, and others are led back to them: a training takes a minute.
    `python -m tools.run_sweeps --check shuffle` measures all anew.
    """
    kept = sweeps.load(SHUFFLE)
    return float(kept.series(name)[np.argmax(kept.median(name)), seed % len(kept.seeds)])


def count(net: nn.Sequential, x: np.ndarray) -> int:
    """Return how many parameters a net has."""
    net.initialize("he_normal", np.random.default_rng(0)).forward(x)
    return sum(p.size for p in net.params.values())


@claim(
    says="A small CNN reaches 87 % on new images.",
    verdict="holds",
    measured="accuracy",
    band=(0.87, 1),
    setting=f"20,490 parameters; {SETTING}",
    source=HERE,
    carries=True,
)
def cnn_accuracy(seed: int) -> float:
    return best("CNN", seed)


@claim(
    says="It needs a tenth of the parameters of an MLP that is worse.",
    verdict="holds",
    measured="parameters of the CNN as a share of those of the MLP, if it is more often right; else 1",
    band=(0.09, 0.11),
    setting=f"CNN of 16 and 32 filters, MLP of 784, 256 and 10 units; {SETTING}",
    source=HERE,
)
def fewer_parameters(seed: int) -> float:
    x = np.zeros((1, 1, 28, 28), np.float32)
    share = count(small_cnn(), x) / count(deep_net("relu", 1, 256), x.reshape(1, -1))
    return share if best("CNN", seed) > best("MLP", seed) else 1.0


@claim(
    says="If all pixels are shuffled, the MLP does not notice.",
    verdict="holds",
    measured="points of accuracy that it loses",
    band=(-1, 1),
    setting=SETTING,
    source=HERE,
)
def shuffle_spares_the_mlp(seed: int) -> float:
    return 100 * (best("MLP", seed) - best("MLP, shuffled", seed))


@claim(
    says="The CNN loses points, and its lead.",
    verdict="holds",
    measured="points of accuracy that it loses",
    band=(2, 15),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def shuffle_costs_the_cnn(seed: int) -> float:
    return 100 * (best("CNN", seed) - best("CNN, shuffled", seed))


@claim(
    says="The MLP overfits more than the CNN.",
    verdict="not seen here",
    measured="gap of the MLP between training and test images, in points, less that of the CNN",
    band=(-1, 2.5),
    setting=SETTING,
    source="course notes on CNN: fully connected nets overfit easily",
)
def mlp_overfits_more(seed: int) -> float:
    gaps = [best(f"{name}, training images", seed) - best(name, seed) for name in ("MLP", "CNN")]
    return 100 * (gaps[0] - gaps[1])


@claim(
    says="A dense layer with as many outputs has thousands of times the parameters of a convolution.",
    verdict="holds",
    measured="its parameters as a multiple of the convolution's",
    band=(1e4, 1e6),
    setting="28 × 28 pixels, 1 to 64 filters and a kernel of 3 to 5, drawn",
    source=HERE,
)
def dense_needs_thousands_of_times(seed: int) -> float:
    rng = np.random.default_rng(seed)
    report = receptive_field(1, int(rng.integers(3, 6)), channels=int(rng.integers(1, 65)))
    return report.weights[0] / report.weights[1]


def accepted(any_size: bool) -> int:
    """Return how many of five sizes of images a net takes, once it has seen 28 × 28."""
    net = small_cnn((4, 8), any_size=any_size).initialize("he_normal", np.random.default_rng(0))
    net.forward(np.zeros((1, 1, 28, 28), np.float32))
    taken = 0
    for side in (12, 20, 28, 36, 60):
        try:
            net.forward(
                np.zeros((1, 1, side, side + 4), np.float32)
                if any_size
                else np.zeros((1, 1, side, side), np.float32)
            )
        except ValueError:
            continue
        taken += 1
    return taken


@claim(
    says="A CNN needs images of one fixed size.",
    verdict="holds only if its maps are flattened; with global average pooling any size fits",
    measured="of five sizes, how many fit with averaging less how many fit with flatten",
    band=(4, 4),
    setting="two convolutions, images of 12 to 60 pixels a side",
    source="course notes on CNN: “input size fixed”; Lin, Chen & Yan 2014 for the average",
    carries=True,
)
def averaging_takes_any_size(seed: int) -> float:
    return float(accepted(True) - accepted(False))


@claim(
    says="Feature maps follow a shift, and the answer of a CNN with a flatten does not.",
    verdict="holds",
    measured="points of accuracy lost if new images are shifted by 4 pixels",
    band=(25, 70),
    setting="8 and 16 filters, 2,000 photographs, two passes, SGD 0.02 with momentum 0.9, 300 new images",
    source=HERE,
)
def shift_costs_flatten(seed: int) -> float:
    shares = accuracies(False, seed)[1]
    return 100 * float(shares[0] - shares[4])


@claim(
    says="Global average pooling loses less by a shift.",
    verdict="holds",
    measured="points lost with it by 4 pixels, as a share of those lost with a flatten",
    band=(0, 0.75),
    setting="the same; with batch norm and rate 0.05, without which it hardly learns in two passes",
    source=HERE,
)
def averaging_loses_less_by_a_shift(seed: int) -> float:
    shares = accuracies(False, seed)
    return float((shares[2, 0] - shares[2, 4]) / (shares[1, 0] - shares[1, 4]))


@claim(
    says="In a CNN batch norm has one mean and one variance per channel, over images and pixels.",
    verdict="holds",
    measured="largest mean of a channel, or difference of its spread from 1, behind batch norm in training",
    band=(0, 1e-3),
    setting="first convolution of a CNN, drawn images of mean 3 and spread 5",
    source="Ioffe & Szegedy 2015, section 3.2",
)
def batch_norm_per_channel(seed: int) -> float:
    rng = np.random.default_rng(seed)
    net = small_cnn((5, 8), batch_norm=True).initialize("he_normal", rng)
    x = rng.normal(3, 5, (16, 1, 12, 12))
    y = net.layers[1].forward(net.layers[0].forward(x), training=True)
    off = np.abs(y.mean(axis=(0, 2, 3))), np.abs(y.std(axis=(0, 2, 3)) - 1)
    return float(np.max(off)) if net.layers[1].buffers["mean"].shape == (5,) else np.inf
