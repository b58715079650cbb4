"""How wide should weights start? A deep net at any start, and what becomes of the signal in it."""

import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics.signals import Quantity, SignalReport, signal_report
from coursekit.nets import WeightBank, deep_net
from coursekit.nn import checks
from coursekit.nn.initializers import Initializer, constant, get, normal

SAMPLES, PIXELS = 500, 784
INPUTS = ("fashion_mnist", "gaussian")
# Schemes whose width the learner chooses; all others are names that `initializers.get` knows.
BY_SIGMA = {"normal": normal, "constant": constant}
SCHEMES = (
    *BY_SIGMA,
    *("zeros", "uniform_0.07", "standard_uniform", "lecun_normal", "xavier_uniform", "xavier_normal"),
    *("he_uniform", "he_normal", "orthogonal"),
)


def scheme_of(name: str, sigma: float) -> Initializer:
    """Return the initializer of that name; only those of `BY_SIGMA` listen to σ."""
    checks.one_of("scheme", name, SCHEMES)
    return BY_SIGMA[name](sigma) if name in BY_SIGMA else get(name)


class Initialization:
    """A deep net whose start can be changed quickly: the net of the last time and its patterns are kept.

    500 inputs of 784 numbers pass through; for gradients, the softmax cross-entropy of ten classes comes
    back. The i-th layer draws the same pattern at any depth, so that one setting changes one thing.
    """

    def __init__(self) -> None:
        self._bank = WeightBank()
        self._net, self._key = None, None
        self._inputs: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def report(
        self,
        activation: str,
        scheme: str,
        sigma: float,
        depth: int,
        width: int,
        *,
        input: str = INPUTS[0],
        batch_norm: bool = False,
        quantity: str = Quantity.ACTIVATIONS,
        seed: int = 0,
        samples: int = SAMPLES,
    ) -> SignalReport:
        """Return what `signal_report` says of the net at this start.

        Parameters
        ----------
        activation : str
            A key of `nets.ACTIVATIONS`.
        scheme : str
            One of `SCHEMES`.
        sigma : float
            σ, for the schemes of `BY_SIGMA`.
        depth, width : int
            Hidden layers, and units in each.
        input : str
            One of `INPUTS`: photographs, or numbers from N(0, 1).
        batch_norm : bool
            Whether each activation has a batch norm before it.
        quantity : str
            One of `diagnostics.Quantity`.
        seed : int
            Of the weights' patterns.
        samples : int
            How many inputs pass; fewer are a first look.
        """
        initializer = scheme_of(scheme, sigma)
        x, labels = self._samples(input)
        net = self._net_of(activation, depth, width, batch_norm)
        self._bank.fill(net, initializer, seed)
        return signal_report(net, x[:samples], labels[:samples], quantity=quantity)

    def _net_of(self, *key):
        activation, depth, width, batch_norm = key
        if key != self._key:
            net = deep_net(activation, depth, width, norm=nn.BatchNorm if batch_norm else None)
            net.initialize("zeros", np.random.default_rng(0))
            net.forward(np.zeros((1, PIXELS), np.float32))  # now the sizes are known
            self._net, self._key = net, key
        return self._net

    def _samples(self, name):
        checks.one_of("input", name, INPUTS)
        if name not in self._inputs:
            self._inputs[name] = (
                datasets.fashion_samples(SAMPLES)
                if name == "fashion_mnist"
                else datasets.gaussian(SAMPLES, PIXELS, np.random.default_rng(0))
            )
        return self._inputs[name]
