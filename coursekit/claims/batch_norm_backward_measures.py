"""The measurements behind the claims of lesson 07, each from a seed to a number."""

import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics.perturbation import input_gradient
from coursekit.nn.gradcheck import numerical_gradient, relative_error
from coursekit.nn.graph import Graph, batch_norm_graph

EPS = 1e-5


class ConstantStatistics(nn.BatchNorm):
    """A batch norm whose backward pass in training forgets that μ and v depend on x."""

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads as ever; return γ δ / s."""
        super().backward(dy)
        _, inv_std, _ = self._kept
        return (self.params["gamma"] * inv_std).astype(dy.dtype, copy=False) * dy


def batch(seed, samples=12, features=4, ones=False) -> dict[str, np.ndarray]:
    """Return x, gamma, beta, dy in float64; the upstream is random, or all ones."""
    rng = np.random.default_rng(seed)
    shape = (samples, features)
    x, dy = rng.normal(2, 3, shape), rng.standard_normal(shape)
    gamma, beta = rng.normal(1, 0.3, features), rng.standard_normal(features)
    return {"x": x, "gamma": gamma, "beta": beta, "dy": np.ones(shape) if ones else dy}


def layer_of(given, eps=EPS) -> nn.BatchNorm:
    """Return the layer, after a forward and a backward pass of the batch."""
    layer = nn.BatchNorm(eps=eps)
    layer.forward(given["x"])
    layer.params["gamma"][...], layer.params["beta"][...] = given["gamma"], given["beta"]
    return layer


def staged_against_closed(seed) -> float:
    """Return the largest relative difference between the graph and the layer: y, dx, dγ, dβ."""
    given = batch(seed)
    graph, layer = batch_norm_graph(**given, eps=EPS), layer_of(given)
    pairs = [
        (layer.forward(given["x"], training=True), graph.y.value),
        (layer.backward(given["dy"]), graph.x.gradient),
        (layer.grads["gamma"], graph.gamma.gradient),
        (layer.grads["beta"], graph.beta.gradient),
    ]
    return max(relative_error(a, b) for a, b in pairs)


def numerical_input_gradient(given) -> np.ndarray:
    """Return ∂C/∂x of C = Σ δ y by central differences."""
    x, layer = given["x"].copy(), layer_of(given)
    return numerical_gradient(lambda: float((given["dy"] * layer.forward(x, training=True)).sum()), x)


def staged_against_numerical(seed) -> float:
    """Return the relative error of the graph's ∂C/∂x."""
    given = batch(seed)
    return relative_error(batch_norm_graph(**given, eps=EPS).x.gradient, numerical_input_gradient(given))


def layer_against_numerical(seed) -> float:
    """Return the worst relative error of the layer in training mode, by `check_gradients`."""
    # Another seed than the batch's: with the same one δ would be x itself, and ∂C/∂x nearly 0.
    rng = np.random.default_rng(seed + 1000)
    return nn.check_gradients(nn.BatchNorm(), batch(seed)["x"], rng, training=True).worst


def broken_and_true(given) -> tuple[np.ndarray, np.ndarray]:
    """Return ∂C/∂x without its variance path, and by central differences."""
    broken = input_gradient(batch_norm_graph(**given, eps=EPS), "no variance path")
    return broken, numerical_input_gradient(given)


def broken_on_ones(seed, equal_gamma=False) -> float:
    """Return the largest error of a backward pass without variance path, all-ones upstream."""
    given = batch(seed, ones=True)
    if equal_gamma:
        given["gamma"][:] = 1
    broken, true = broken_and_true(given)
    return np.abs(broken - true).max()


def broken_on_random(seed) -> float:
    """Return its relative error with a random upstream."""
    return relative_error(*broken_and_true(batch(seed)))


def constant_on_ones(seed) -> float:
    """Return the largest error of constant statistics with the all-ones upstream."""
    given = batch(seed, ones=True)
    constant = input_gradient(batch_norm_graph(**given, eps=EPS), "constant statistics")
    return np.abs(constant - numerical_input_gradient(given)).max()


def column_sums(seed) -> float:
    """Return max |Σ dx| over the batch, relative to Σ |dx|."""
    dx = batch_norm_graph(**batch(seed), eps=EPS).x.gradient
    return (np.abs(dx.sum(axis=0)) / np.abs(dx).sum(axis=0)).max()


def cosine_with_x_hat(graph: Graph) -> np.ndarray:
    """Return |cos| of the angle between dx and x̂, feature by feature."""
    dx, x_hat = graph.x.gradient, graph.x_hat.value
    lengths = np.linalg.norm(dx, axis=0) * np.linalg.norm(x_hat, axis=0)
    return np.abs((dx * x_hat).sum(axis=0)) / lengths


def orthogonal_to_x_hat(seed, eps=EPS) -> float:
    """Return the largest cosine."""
    return cosine_with_x_hat(batch_norm_graph(**batch(seed), eps=eps)).max()


def left_along_x_hat(seed) -> float:
    """Return dx·x̂ over what the direct path alone would have, divided by ε / (v + ε), with ε = 1."""
    graph = batch_norm_graph(**batch(seed), eps=1.0)
    direct, x_hat = graph.centred.sent_by("x_hat"), graph.x_hat.value
    left = (graph.x.gradient * x_hat).sum(axis=0) / (direct * x_hat).sum(axis=0)
    return (left / (1 / (graph.variance.value + 1))).mean()


def first_weight_gradient(seed, scale, norm=nn.BatchNorm, layers=1, eps=EPS) -> np.ndarray:
    """Return ∂C/∂W of the first layer, whose weights are He's times `scale`, on 200 images."""
    net, x, labels = _net(seed, norm, layers, eps)
    net.forward(x, training=True)
    net.params["0.W"][...] *= scale
    _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    net.backward(dlogits)
    return net.grads["0.W"]


def _net(seed, norm, layers, eps=EPS, samples=200, dtype=np.float64):
    x, labels = datasets.fashion_samples(samples)
    hidden = [part for _ in range(layers) for part in (nn.Dense(100), norm(eps=eps), nn.ReLU())]
    net = nn.Sequential(*hidden, nn.Dense(10)).initialize("he_normal", np.random.default_rng(seed))
    return net, x.astype(dtype), labels


def shrinks_with_weights(seed, scale=10.0) -> float:
    """Return scale · ‖∂C/∂W at scale·W‖ / ‖∂C/∂W at W‖; 1 if the gradient shrinks by 1/scale."""
    small, large = (np.linalg.norm(first_weight_gradient(seed, a)) for a in (1.0, scale))
    return scale * large / small


def orthogonal_to_weights(seed) -> float:
    """Return the largest |cos| between a unit's weights and their gradient."""
    net, x, labels = _net(seed, nn.BatchNorm, 1)
    _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    net.backward(dlogits)
    w, g = net.params["0.W"], net.grads["0.W"]
    lengths = np.linalg.norm(w, axis=0) * np.linalg.norm(g, axis=0)
    return (np.abs((w * g).sum(axis=0)) / lengths).max()


def bias_gradient(seed) -> float:
    """Return the largest |∂C/∂b| in front of a batch norm, over the largest |∂C/∂β| behind it."""
    net, x, labels = _net(seed, nn.BatchNorm, 1)
    _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    net.backward(dlogits)
    return np.abs(net.grads["0.b"]).max() / np.abs(net.grads["1.beta"]).max()


def removed_from_random(seed, samples=20) -> float:
    """Return the share of ‖dx‖² that the two extra terms remove from random δ, times n/2; 1000 features."""
    graph = batch_norm_graph(**batch(seed, samples, 1000), eps=EPS)
    direct = graph.centred.sent_by("x_hat")
    return (1 - np.square(graph.x.gradient).sum() / np.square(direct).sum()) * samples / 2


def left_of_two(seed) -> float:
    """Return ‖dx‖ over that of the direct path for a batch of two samples, median of 1000 features."""
    graph = batch_norm_graph(**batch(seed, 2, 1000), eps=EPS)
    left, direct = graph.x.gradient, graph.centred.sent_by("x_hat")
    return float(np.median(np.linalg.norm(left, axis=0) / np.linalg.norm(direct, axis=0)))


def removed_on_images(seed) -> float:
    """Return the share of ‖dx‖² that the extra terms remove at the first of ten batch norms."""
    net, x, labels = _net(seed, nn.BatchNorm, 10, dtype=np.float32)
    _, dy = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    for layer in reversed(net.layers[2:]):
        dy = layer.backward(dy)
    norm = net.layers[1]
    _, inv_std, _ = norm._kept
    direct = norm.params["gamma"] * inv_std * dy
    return 1 - float(np.square(norm.backward(dy)).sum() / np.square(direct).sum())


def weight_gradient_cosine(seed) -> float:
    """Return the cosine between ∂C/∂W of the first layer with the complete and the constant backward."""
    a, b = (first_weight_gradient(seed, 1.0, norm, 10) for norm in (nn.BatchNorm, ConstantStatistics))
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b)))


def train(seed, norm, steps=60, rate=0.05) -> tuple[float, float]:
    """Train ten layers on 200 images, all of them at each step; return the loss and max |b| of layer 1."""
    net, x, labels = _net(seed, norm, 10, dtype=np.float32)
    for _ in range(steps):
        loss, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
        net.backward(dlogits)
        for name, value in net.params.items():
            value -= rate * net.grads[name]
    return loss, float(np.abs(net.params["0.b"]).max())


def constant_statistics_loss(seed) -> float:
    """Return the loss after training with constant statistics over that with the complete gradient."""
    return train(seed, ConstantStatistics)[0] / train(seed, nn.BatchNorm)[0]


def constant_statistics_bias(seed) -> float:
    """Return how far a bias that no output depends on has moved meanwhile."""
    return train(seed, ConstantStatistics)[1]
