"""One image on its way through a net: what every unit puts out, and how wrong the answer is."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from coursekit import nn
from coursekit.datasets import CLASS_NAMES, fashion_split
from coursekit.diagnostics.beside import one_blas_thread
from coursekit.diagnostics.trace import trace
from coursekit.nets.deep import deep_net
from coursekit.nn import checks
from coursekit.training import fit


@dataclass(frozen=True)
class NetDrawing:
    """All numbers of one forward pass with a single image.

    Attributes
    ----------
    image : ndarray, shape (28, 28)
        What goes in, as the net is given it.
    activations : tuple of ndarray, shape (units,)
        What the units of each hidden layer put out.
    logits, probabilities : ndarray, shape (10,)
        The scores of the classes, and their softmax.
    label : int
        The true class.
    loss : float
        -ln(probability of the true class), in nats.
    names : tuple of str
        Of the classes.
    """

    image: np.ndarray
    activations: tuple[np.ndarray, ...]
    logits: np.ndarray
    probabilities: np.ndarray
    label: int
    loss: float
    names: tuple[str, ...] = CLASS_NAMES

    @property
    def brightest(self) -> float:
        """The size of activation that is drawn as white: 1, or the largest of all if that is more."""
        return max(1.0, *(float(np.abs(h).max()) for h in self.activations))


def net_drawing(net: nn.Block, x: np.ndarray, label: int) -> NetDrawing:
    """Send one image through a net, and keep what every hidden unit puts out.

    Parameters
    ----------
    net : Block
        Initialized; ten outputs, without batch norm, for which one image is no batch.
    x : ndarray, shape (784,)
        A row, as `datasets.fashion_samples` gives them.
    label : int
        Its class, 0 to 9.

    Raises
    ------
    ValueError
        If x is no such row, or the net's numbers leave the range of floats.
    """
    x = checks.float_array("x", x)
    if x.shape != (784,):
        raise ValueError(f"x must be one image, a row of 784 numbers; its shape is {x.shape}.")
    labels = np.array([label])
    kept = trace(net, x[None], labels)
    if kept.loss is None:
        raise ValueError(f"layer {kept.diverged_at} left the range of floats: there is nothing to draw.")
    logits = net.forward(x[None])
    return NetDrawing(
        image=x.reshape(28, 28),
        activations=tuple(h[0] for h in kept.h),
        logits=logits[0],
        probabilities=nn.softmax(logits)[0],
        label=int(label),
        loss=float(kept.loss),
    )


def learned_net(depth: int = 10, width: int = 100, steps: int = 100, seed: int = 0) -> nn.Sequential:
    """Return a tanh net that has learned a little from 4,000 images: Xavier's rule, rate 0.1."""
    net = deep_net("tanh", depth, width).initialize("xavier_normal", np.random.default_rng(seed))
    split, rng = fashion_split(), np.random.default_rng(seed)
    steps = checks.positive_int("steps", steps)
    records = fit(net, split.x_train, split.y_train, nn.SGD(0.1), epochs=steps, batch_size=128, rng=rng)
    with one_blas_thread():  # its products are small: on a busy machine two threads wait for each other
        for _ in islice(records, steps):
            pass
    return net
