"""Dropout (Hinton et al. 2012; Srivastava et al. 2014)."""

from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer

MODES = ("upscale_in_train", "downgrade_in_infer")


class Dropout(Block):
    r"""Silence each entry with probability p in training; keep the expected output the same in prediction.

    With a mask m of independent entries, 0 with probability p and else 1:

    ======================  ==========================  ======================
    mode                    training                    prediction
    ======================  ==========================  ======================
    ``upscale_in_train``    :math:`x \cdot m / (1-p)`   :math:`x`
    ``downgrade_in_infer``  :math:`x \cdot m`           :math:`x \cdot (1-p)`
    ======================  ==========================  ======================

    In either mode the training output, averaged over masks, is the prediction.

    Parameters
    ----------
    p : float
        Probability of dropping an entry, 0 ≤ p < 1. (Some libraries ask for the probability of keeping.)
    mode : {"upscale_in_train", "downgrade_in_infer"}
        PyTorch and TensorFlow scale up in training. Scaling down in prediction is Srivastava et al. 2014,
        section 4, whose p is the probability of keeping.
    rng : numpy.random.Generator, optional
        Where masks come from. Left out, it is the generator that `initialize` is given.

    Notes
    -----
    x has any shape. Each training forward draws a new mask, and `backward` uses that same mask. With
    p = 0 nothing is drawn, and x passes through in both modes.
    """

    def __init__(self, p: float, mode: str = "upscale_in_train", rng: np.random.Generator | None = None):
        super().__init__()
        self.p = checks.below_one("p", p, "nothing would be left to scale")
        self.mode = checks.one_of("mode", mode, MODES)
        self.rng = None if rng is None else checks.generator(rng)
        self._has_own_rng = rng is not None
        self._kept: tuple[np.ndarray, tuple[int, ...]] | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Take `rng` as the source of masks, unless the layer was made with one of its own."""
        super().initialize(scheme, rng)
        if not self._has_own_rng:
            self.rng = rng
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x times the mask and the mode's scale, in the shape of x.

        Raises
        ------
        RuntimeError
            In training with p > 0, if the layer has no generator.
        """
        x, training = checks.float_array("x", x), checks.flag("training", training)
        factor = self._masked(x) if training and self.p else self._scale(training)
        self._kept = factor, x.shape
        return x * factor

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx = dC/dy times what x was multiplied by, the shape of x."""
        factor, shape = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, shape)
        return dy * np.asarray(factor, dy.dtype)

    def _scale(self, training):
        if self.mode == "upscale_in_train":
            return 1 / (1 - self.p) if training else 1.0
        return 1.0 if training else 1 - self.p

    def _masked(self, x):
        if self.rng is None:
            raise RuntimeError(
                "this Dropout has no generator to draw its mask from: make it with Dropout(p, rng=rng), "
                "or call initialize(scheme, rng)."
            )
        kept = self.rng.random(x.shape, dtype=x.dtype) >= self.p
        return kept * x.dtype.type(self._scale(training=True))

    def __repr__(self) -> str:
        return f"Dropout({self.p:g}, mode={self.mode!r})"
