"""Weights for a net whose scale is moved by a slider: patterns drawn once, scaled at each move."""

import numpy as np

from coursekit import nn
from coursekit.diagnostics.trace import deep_net
from coursekit.nn.initializers import PATTERNS, Initializer


class WeightBank:
    """Makes initialized deep nets, keeping the random patterns of the last one.

    A weight is ``scale(shape) * pattern``. Drawing 2.5 million normals takes as long as the whole
    forward pass of ten layers; multiplying the kept ones takes a tenth of that.
    """

    def __init__(self):
        self._patterns: dict[int, np.ndarray] = {}
        self._patterns_key = None
        self._net = None
        self._net_key = None

    def net(
        self,
        scheme: str | Initializer,
        in_units: int,
        activation: str,
        depth: int,
        width: int,
        *,
        batch_norm: bool = False,
        seed: int = 0,
    ) -> nn.Sequential:
        """Return `deep_net(activation, depth, width)` initialized by `scheme`, biases zero.

        The i-th layer's pattern depends on `seed`, i and its shape alone, not on the depth. The net
        is the same object as long as its architecture is; its weights are written anew.
        """
        scheme = nn.initializers.get(scheme)
        key = (in_units, activation, depth, width, batch_norm)
        if key != self._net_key:
            self._net = deep_net(activation, depth, width, batch_norm=batch_norm)
            self._net.initialize("zeros", np.random.default_rng(0))
            self._net.forward(np.zeros((1, in_units), np.float32))  # now the sizes are known
            self._net_key = key
        dense = [layer for layer in self._net.layers if isinstance(layer, nn.Dense)]
        for index, layer in enumerate(dense):
            weight = layer.params["W"]
            pattern = self._pattern(scheme.pattern, seed, index, weight.shape)
            np.multiply(pattern, weight.dtype.type(scheme.scale(weight.shape)), out=weight)
        return self._net

    def _pattern(self, name, seed, index, shape):
        if self._patterns_key != (name, seed):
            self._patterns, self._patterns_key = {}, (name, seed)
        kept = self._patterns.get(index)
        if kept is None or kept.shape != shape:
            rng = np.random.default_rng([seed, index])
            kept = self._patterns[index] = PATTERNS[name](shape, rng, np.dtype(np.float32))
        return kept
