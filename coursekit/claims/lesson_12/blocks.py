"""Claims of lesson 12 on layers of one's own: batch-mates, deferred sizes, sharing, saving."""

from itertools import pairwise

import numpy as np

from coursekit import datasets, nn
from coursekit.claims.claim import claim
from coursekit.nets import Centring, deep_net
from coursekit.training import evaluate, fit

GLUON = "a course note on Gluon, section 10.3"
HERE = "measured here"


def centred_answers(seed: int, over: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes of 500 unseen images, each alone, and all in one batch."""
    data, rng = datasets.fashion_split(1000, 500), np.random.default_rng(seed)
    net = nn.Sequential(Centring(over), nn.Dense(64), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
    for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=3, batch_size=50, rng=rng):
        pass
    alone = np.concatenate([net.forward(image[None]) for image in data.x_test])
    return alone.argmax(axis=1), net.forward(data.x_test).argmax(axis=1)


def lost_without_statistics(seed: int, depth: int) -> float:
    """Return by how much accuracy falls if running statistics are those of a fresh net."""
    data, rng = datasets.fashion_split(1000, 500), np.random.default_rng(seed)
    net = deep_net("relu", depth, 64, norm=nn.BatchNorm).initialize("he_normal", rng)
    for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=5, batch_size=50, rng=rng):
        pass
    whole = evaluate(net, data.x_test, data.y_test).right
    for name, array in net.buffers.items():
        array[...] = name.endswith("var")
    return whole - evaluate(net, data.x_test, data.y_test).right


@claim(
    says="A layer that subtracts x.mean() makes a sample's answer depend on its batch-mates.",
    verdict="holds",
    measured="share of images whose predicted class differs alone and in a batch of 500",
    band=(0.05, 0.3),
    setting="such a layer, 64 ReLU units; 1,000 images, three passes, rate 0.1, batch 50",
    source=GLUON,
    carries=True,
)
def centring_the_batch_mixes_samples(seed: int) -> float:
    alone, together = centred_answers(seed, "batch")
    return float((alone != together).mean())


@claim(
    says="With each row's own mean it does not.",
    verdict="holds",
    measured="share of images whose predicted class differs alone and in a batch of 500",
    band=(0, 0.002),
    setting="the same with each row's own mean",
    source=HERE,
)
def centring_rows_keeps_samples_apart(seed: int) -> float:
    alone, together = centred_answers(seed, "row")
    return float((alone != together).mean())


@claim(
    says="A file without running statistics costs a deep net with batch norm much of its accuracy.",
    verdict="holds",
    measured="accuracy with the statistics less accuracy without them",
    band=(0.3, 0.8),
    setting="eight ReLU layers of 64 units with batch norm; 1,000 images, five passes, rate 0.1, batch 50",
    source=HERE,
    carries=True,
)
def a_file_without_statistics(seed: int) -> float:
    return lost_without_statistics(seed, 8)


@claim(
    says="With one layer it costs less.",
    verdict="holds",
    measured="accuracy lost by one layer, as a share of what eight lose",
    band=(0.05, 0.6),
    setting="the same with one layer and with eight",
    source=HERE,
)
def one_layer_loses_less(seed: int) -> float:
    return lost_without_statistics(seed, 1) / lost_without_statistics(seed, 8)


def deferred_difference(seed: int, sizes: tuple[int, ...]) -> float:
    """Return the largest difference of weights between declared and deferred sizes, from one seed."""
    x = np.zeros((1, sizes[0]), np.float32)
    nets = [
        nn.Sequential(*(nn.Dense(b, a if declared else None) for a, b in pairwise(sizes)))
        for declared in (True, False)
    ]
    for net in nets:
        net.initialize("he_normal", np.random.default_rng(seed)).forward(x)
    one, two = (net.params for net in nets)
    return max(float(np.abs(one[name] - two[name]).max()) for name in one)


@claim(
    says="A net that takes its sizes from the first batch draws the weights it would have drawn before.",
    verdict="holds",
    measured="largest difference of a weight",
    band=(0, 0),
    setting="three dense layers, sizes declared or deferred, one generator each of the same seed",
    source=f"{GLUON.partition(',')[0]}, section 8.3",
)
def deferred_sizes_draw_the_same(seed: int) -> float:
    return deferred_difference(seed, (30, 20, 10, 5))


@claim(
    says="The gradient of a shared layer is the sum over its places.",
    verdict="holds",
    measured="gradient along a random direction against the slope of the loss, relative difference",
    band=(0, 1e-6),
    setting="dense, tanh, the same dense again, tanh, logits; float64, central difference",
    source="the chain rule",
    carries=True,
)
def shared_gradients_add_up(seed: int) -> float:
    rng = np.random.default_rng(seed)
    hidden = nn.Dense(8, 8)
    net = nn.Sequential(hidden, nn.Tanh(), nn.Shared(hidden), nn.Tanh(), nn.Dense(3, 8))
    net = net.initialize("xavier_normal", rng).astype(np.float64)
    x, labels = rng.standard_normal((20, 8)), rng.integers(3, size=20)
    _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    net.backward(dlogits)
    W, direction = net.params["0.W"], rng.standard_normal((8, 8))
    told, start, losses = float((net.grads["0.W"] * direction).sum()), W.copy(), []
    for step in (1e-5, -1e-5):
        W[...] = start + step * direction
        losses.append(nn.softmax_cross_entropy(net.forward(x), labels)[0])
    slope = (losses[0] - losses[1]) / 2e-5
    return abs(told - slope) / abs(slope)
