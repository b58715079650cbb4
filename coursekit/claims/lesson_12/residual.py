"""Claims of lesson 12 on skip connections: what arrives in thirty layers, and whether they learn."""

import numpy as np

from coursekit import datasets, nn
from coursekit.claims.claim import claim
from coursekit.diagnostics import Trace, trace
from coursekit.nets import residual_net
from coursekit.nn import initializers
from coursekit.nn.initializers import Scheme
from coursekit.training import fit

HE = "He et al. 2016, Deep residual learning"
SMALL = initializers.normal(0.05)
NET = "thirty tanh layers of 100 units from N(0, 0.05²), 500 images"
LEARNING = "thirty tanh layers of 50 units, 60 steps with all of 500 images"
RATES = (0.03, 0.1, 0.3)
XAVIER_RATES = (0.003, 0.01, 0.03, 0.1)
WIDER_RATES = (0.01, 0.03, 0.1, 0.3)
PLAIN_RATES = (0.1, 0.3, 1.0, 3.0, 10.0)


def journey(seed: int, skip: bool, activation: str = "tanh", scheme: Scheme = SMALL) -> Trace:
    """Send 500 images through thirty fresh layers, and back."""
    net = residual_net(activation, 30, 100, skip=skip)
    return trace(net.initialize(scheme, np.random.default_rng(seed)), *datasets.fashion_samples(500))


def kept(signals: tuple[np.ndarray, ...]) -> float:
    """Return the spread at layer 30 as a multiple of that at layer 1."""
    return float(signals[-1].std() / signals[0].std())


def best_loss(seed: int, skip: bool, scheme: Scheme, rates: tuple[float, ...]) -> float:
    """Return the loss after 60 steps at the best of some rates; a run that diverged has none."""
    x, labels = datasets.fashion_samples(500)
    losses = []
    for rate in rates:
        rng = np.random.default_rng(seed)
        net = residual_net("tanh", 30, 50, skip=skip).initialize(scheme, rng)
        for record in fit(net, x, labels, nn.SGD(rate), epochs=60, batch_size=500, rng=rng):
            loss = np.inf if record.diverged else record.loss
        losses.append(loss)
    return float(min(losses))


@claim(
    says="Without skip connections thirty tanh layers with small weights lose the signal.",
    verdict="holds",
    measured="spread of activations at layer 30 as a multiple of that at layer 1",
    band=(0, 1e-6),
    setting=NET,
    source=HE,
)
def plain_layers_lose_the_signal(seed: int) -> float:
    return kept(journey(seed, skip=False).h)


@claim(
    says="With skip connections it arrives.",
    verdict="holds",
    measured="spread of what tanh puts out in block 30 as a multiple of that in block 1",
    band=(0.5, 4),
    setting=NET,
    source=HE,
    carries=True,
)
def skips_keep_the_signal(seed: int) -> float:
    return kept(journey(seed, skip=True).h)


@claim(
    says="The sum x + f(x) grows in thirty residual blocks.",
    verdict="holds",
    measured="spread behind block 30 as a multiple of that in front of block 1",
    band=(1.5, 8),
    setting=NET,
    source="measured here",
)
def the_sum_grows(seed: int) -> float:
    last, _ = datasets.fashion_samples(500)
    spreads = []
    for layer in residual_net("tanh", 30, 100).initialize(SMALL, np.random.default_rng(seed)).layers[:-1]:
        last = layer.forward(last)
        spreads.append(last.std())
    return float(spreads[-1] / spreads[0])


@claim(
    says="Without skip connections the gradient does not come back either.",
    verdict="holds",
    measured="spread of ∂C/∂s at layer 1 as a multiple of that at layer 30",
    band=(0, 1e-6),
    setting=NET,
    source=HE,
)
def plain_layers_lose_the_gradient(seed: int) -> float:
    return 1 / kept(journey(seed, skip=False).ds)


@claim(
    says="With skip connections it comes back, and grows on its way.",
    verdict="holds",
    measured="spread of ∂C/∂s at layer 1 as a multiple of that at layer 30",
    band=(1, 50),
    setting=NET,
    source=HE,
)
def skips_return_the_gradient(seed: int) -> float:
    return 1 / kept(journey(seed, skip=True).ds)


@claim(
    says="Skip connections do not protect against too much: ReLU from Xavier's scale explodes.",
    verdict="holds",
    measured="spread of activations at layer 30 as a multiple of that at layer 1",
    band=(1e4, 1e7),
    setting="thirty ReLU layers of 100 units from Xavier's rule, 500 images",
    source="measured here",
)
def skips_explode_with_relu(seed: int) -> float:
    return kept(journey(seed, True, "relu", "xavier_normal").h)


@claim(
    says="Thirty tanh layers with small weights learn with skip connections.",
    verdict="holds",
    measured="loss after 60 steps",
    band=(0, 0.3),
    setting=f"{LEARNING} at rate 0.1, N(0, 0.05²)",
    source=HE,
)
def skips_learn(seed: int) -> float:
    return best_loss(seed, True, SMALL, RATES[1:2])


@claim(
    says="The rate 0.1 is the best of its neighbours for them.",
    verdict="holds",
    measured="loss after 60 steps at 0.1, as a share of the better of 0.03 and 0.3",
    band=(0, 0.8),
    setting=f"{LEARNING}, N(0, 0.05²)",
    source="measured here",
)
def skips_learn_best_at_a_tenth(seed: int) -> float:
    return best_loss(seed, True, SMALL, RATES[1:2]) / best_loss(seed, True, SMALL, RATES[::2])


@claim(
    says="Without them they stay at ln 10, at each of five rates from 0.1 to 10.",
    verdict="holds",
    measured="loss after 60 steps at the best rate",
    band=(2.28, 2.31),
    setting=f"{LEARNING}, N(0, 0.05²), best of five rates from 0.1 to 10",
    source=HE,
)
def plain_layers_do_not_learn(seed: int) -> float:
    return best_loss(seed, False, SMALL, PLAIN_RATES)


@claim(
    says="From Xavier's scale they learn without skips too: it is the lost signal that stops them.",
    verdict="holds",
    measured="loss after 60 steps at the best rate",
    band=(0, 2.0),
    setting=f"{LEARNING}, Xavier's rule, best of four rates from 0.003 to 0.1",
    source="the control, measured here",
)
def plain_layers_learn_from_xavier(seed: int) -> float:
    return best_loss(seed, False, "xavier_normal", XAVIER_RATES)


@claim(
    says="From Xavier's scale too, skips bring the loss much lower in as many steps.",
    verdict="holds",
    measured="loss after 60 steps with skips, as a share of that without, each at its own best rate",
    band=(0, 0.1),
    setting=f"{LEARNING}, Xavier's rule, each side at its best of the rates 0.01 … 0.3",
    source=HE,
)
def skips_learn_faster_from_xavier(seed: int) -> float:
    with_skips, plain = (best_loss(seed, skip, "xavier_normal", WIDER_RATES) for skip in (True, False))
    return with_skips / plain
