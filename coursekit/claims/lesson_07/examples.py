"""What lesson 07's claims measure: a mini-batch with its upstream, and nets on images with batch norm."""

import numpy as np

from coursekit import datasets, nn
from coursekit.nn import checks
from coursekit.nn.gradcheck import numerical_gradient

EPS = 1e-5


def batch(seed: int, samples: int = 12, features: int = 4, ones: bool = False) -> dict[str, np.ndarray]:
    """Return x, gamma, beta, dy in float64; the upstream is random, or all ones."""
    rng = np.random.default_rng(seed)
    shape = (samples, features)
    x, dy = rng.normal(2, 3, shape), rng.standard_normal(shape)
    gamma, beta = rng.normal(1, 0.3, features), rng.standard_normal(features)
    return {"x": x, "gamma": gamma, "beta": beta, "dy": np.ones(shape) if ones else dy}


def layer_of(given: dict[str, np.ndarray], eps: float = EPS) -> nn.BatchNorm:
    """Return a layer with the γ and β given."""
    layer = nn.BatchNorm(eps=eps)
    layer.forward(given["x"])
    layer.params["gamma"][...], layer.params["beta"][...] = given["gamma"], given["beta"]
    return layer


def numerical_input_gradient(given: dict[str, np.ndarray]) -> np.ndarray:
    """Return ∂C/∂x of C = Σ δ y by central differences."""
    x, layer = given["x"].copy(), layer_of(given)
    return numerical_gradient(lambda: float((given["dy"] * layer.forward(x, training=True)).sum()), x)


class ConstantStatistics(nn.BatchNorm):
    """A batch norm whose backward pass in training forgets that μ and v depend on x."""

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads as ever; return γ δ / s."""
        super().backward(dy)
        _, inv_std, _ = checks.after_forward(self, self._kept)
        return (self.params["gamma"] * inv_std).astype(dy.dtype, copy=False) * dy


def net_on_images(
    seed: int, norm: type[nn.BatchNorm], layers: int, dtype: type = np.float64
) -> tuple[nn.Sequential, np.ndarray, np.ndarray]:
    """Return a net of 100 ReLU units a layer, each behind a batch norm, with images and labels for it."""
    x, labels = datasets.fashion_samples(200)
    hidden = [part for _ in range(layers) for part in (nn.Dense(100), norm(eps=EPS), nn.ReLU())]
    net = nn.Sequential(*hidden, nn.Dense(10)).initialize("he_normal", np.random.default_rng(seed))
    return net, x.astype(dtype), labels


def backward(net: nn.Block, x: np.ndarray, labels: np.ndarray) -> float:
    """Fill the net's gradients in training mode; return the loss."""
    loss, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    net.backward(dlogits)
    return loss


def first_weight_gradient(
    seed: int, scale: float = 1.0, norm: type[nn.BatchNorm] = nn.BatchNorm, layers: int = 1
) -> np.ndarray:
    """Return ∂C/∂W of the first layer, whose weights are He's times `scale`, on 200 images."""
    net, x, labels = net_on_images(seed, norm, layers)
    net.forward(x, training=True)
    net.params["0.W"][...] *= scale
    backward(net, x, labels)
    return net.grads["0.W"]


def train(seed: int, norm: type[nn.BatchNorm], steps: int = 60, rate: float = 0.05) -> tuple[float, float]:
    """Train ten layers on 200 images, all of them at each step; return the loss and max |b| of layer 1."""
    net, x, labels = net_on_images(seed, norm, 10, dtype=np.float32)
    for _ in range(steps):
        loss = backward(net, x, labels)
        for name, value in net.params.items():
            value -= rate * net.grads[name]
    return loss, float(np.abs(net.params["0.b"]).max())
