"""Weights for nets whose scale is moved by a slider: patterns drawn once, scaled at each move."""

import numpy as np

from coursekit import nn
from coursekit.nn.initializers import PATTERNS, Initializer


class WeightBank:
    """Initializes any net, keeping the random patterns of the last time.

    A weight is ``scale(shape) * pattern``. Drawing 2.5 million normals takes as long as the whole
    forward pass of ten layers; multiplying the kept ones takes a tenth of that.
    """

    def __init__(self) -> None:
        self._patterns: dict[int, np.ndarray] = {}
        self._key: tuple[str, int] | None = None

    def fill(self, net: nn.Block, scheme: str | Initializer, seed: int = 0) -> None:
        """Write weights by `scheme` into `net`, whatever blocks its layers stand in; biases stay.

        The pattern of the i-th weights depends on `seed`, i and their shape alone, not on how many follow.

        Parameters
        ----------
        net : Block
            Its sizes must be known.
        scheme : str or Initializer
        seed : int
            Another seed draws other patterns.

        Raises
        ------
        ValueError
            For an unknown scheme, or a net whose sizes are unknown.
        """
        scheme = nn.initializers.get(scheme)
        weights = [leaf.params["W"] for leaf in net.leaves().values() if leaf.learns and "W" in leaf.params]
        if not weights:
            raise ValueError("the net has no weights yet: initialize it, and run one forward pass.")
        for index, weight in enumerate(weights):
            pattern = self._pattern(scheme.pattern, seed, index, weight.shape)
            np.multiply(pattern, weight.dtype.type(scheme.scale(weight.shape)), out=weight)

    def _pattern(self, name, seed, index, shape):
        if self._key != (name, seed):
            self._patterns, self._key = {}, (name, seed)
        kept = self._patterns.get(index)
        if kept is None or kept.shape != shape:
            rng = np.random.default_rng([seed, index])
            kept = self._patterns[index] = PATTERNS[name](shape, rng, np.dtype(np.float32))
        return kept
