"""Claims of lesson 10 on what dropout hands on: its mean, its norm, and what use is an average of."""

import math

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.experiments.overfitting import regularized_net, split
from coursekit.nn.dropout import MODES

HERE = "measured here"
SRIVASTAVA = "Srivastava et al., Dropout, JMLR 2014"
PADDLE = "notes on Paddle's two modes"
SETTING = "500 outputs of ReLU units for one input from N(0, 1), p drawn from 0.1 to 0.9, 1,000 draws"
DRAWS = 1000


def drawn(mode: str, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return what a layer hands on in many draws, (draws, 500), and in use, (500,), and its p."""
    rng = np.random.default_rng(seed)
    p = float(rng.uniform(0.1, 0.9))
    h = np.maximum(rng.standard_normal(500), 0)
    layer = nn.Dropout(p, mode, rng=rng)
    trained = layer.forward(np.tile(h, (DRAWS, 1)), training=True)
    return trained, layer.forward(h[None])[0], p


def off_in_errors(mode: str, seed: int) -> float:
    """Return how far the mean of the sum of outputs is from that in use, in standard errors."""
    trained, in_use, _ = drawn(mode, seed)
    sums = trained.sum(axis=1)
    return abs(sums.mean() - in_use.sum()) / (sums.std(ddof=1) / math.sqrt(DRAWS))


@claim(
    says="In both modes the mean of the outputs in training is the output in use.",
    verdict="holds",
    measured="distance of the two in standard errors, the larger of the two modes",
    band=(0, 3),
    setting=SETTING,
    source=PADDLE,
    carries=True,
)
def mean_is_that_of_use(seed: int) -> float:
    return max(off_in_errors(mode, seed) for mode in MODES)


@claim(
    says="In both modes the norm in training is 1/√(1 − p) times that in use.",
    verdict="holds",
    measured="ratio of the norms (root mean square) times √(1 − p), the mode that is farther off",
    band=(0.98, 1.02),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def norm_is_larger_in_training(seed: int) -> float:
    ratios = []
    for mode in MODES:
        trained, in_use, p = drawn(mode, seed)
        squares = (trained**2).sum(axis=1).mean()
        ratios.append(math.sqrt(squares * (1 - p)) / np.linalg.norm(in_use))
    return float(max(ratios, key=lambda ratio: abs(ratio - 1)))


@claim(
    says="The modes mend that the output in training has another norm than in use.",
    verdict="folklore",
    measured="norm in training ÷ norm in use at p = ½, the mode that is closer to 1",
    band=(1.35, 1.48),
    setting="500 outputs of ReLU units for one input from N(0, 1), 1,000 draws",
    source=PADDLE,
)
def modes_do_not_mend_the_norm(seed: int) -> float:
    rng = np.random.default_rng(seed)
    h = np.maximum(rng.standard_normal(500), 0)
    ratios = []
    for mode in MODES:
        layer = nn.Dropout(0.5, mode, rng=rng)
        trained = layer.forward(np.tile(h, (DRAWS, 1)), training=True)
        ratios.append(np.linalg.norm(trained, axis=1).mean() / np.linalg.norm(layer.forward(h[None])))
    return float(min(ratios))


@claim(
    says="In use a net with dropout answers the same at every call.",
    verdict="holds",
    measured="largest difference of two calls",
    band=(0, 0),
    setting="784-64-64-10 from He's start, p = ½, 100 photographs",
    source="a course note on Gluon, 7.3",
)
def use_is_deterministic(seed: int) -> float:
    net, x = regularized_net(64, 0.5, 0.5, seed=seed), split(100).x_train
    return float(np.abs(net.forward(x) - net.forward(x)).max())


@claim(
    says="In training it does not.",
    verdict="holds",
    measured="mean difference of two calls as a share of the spread of the logits",
    band=(0.3, 3),
    setting="784-64-64-10 from He's start, p = ½, 100 photographs",
    source=HERE,
)
def training_is_not(seed: int) -> float:
    net, x = regularized_net(64, 0.5, 0.5, seed=seed), split(100).x_train
    one, two = (net.forward(x, training=True) for _ in range(2))
    return float(np.abs(one - two).mean() / one.std())


@claim(
    says="What a net says in use is about the average over its subnetworks.",
    verdict="holds only approximately, as ReLU bends the average",
    measured="correlation of the logits in use with the mean of 400 draws",
    band=(0.93, 0.9999),
    setting="784-64-64-10 from He's start, p = ½, 100 photographs",
    source=SRIVASTAVA,
)
def use_is_about_an_average(seed: int) -> float:
    return mean_and_use(regularized_net(64, 0.5, 0.5, seed=seed))


def mean_and_use(net: nn.Sequential) -> float:
    """Return the correlation of a net's logits in use with their mean over 400 draws."""
    x = split(100).x_train
    mean = np.mean([net.forward(x, training=True) for _ in range(400)], axis=0)
    return float(np.corrcoef(mean.ravel(), net.forward(x).ravel())[0, 1])


@claim(
    says="Without ReLU it is the average.",
    verdict="holds",
    measured="correlation of the logits in use with the mean of 400 draws, which still scatters",
    band=(0.99, 1),
    setting="the same net without its ReLUs",
    source="the control of the claim before",
)
def without_relu_use_is_the_average(seed: int) -> float:
    layers = [layer for layer in regularized_net(64, 0.5, 0.5).layers if not isinstance(layer, nn.ReLU)]
    return mean_and_use(nn.Sequential(*layers).initialize("he_normal", np.random.default_rng(seed)))
