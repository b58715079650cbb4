"""A recurrent net that reads sequences of unequal length and says what they show."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks


def sequences(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return padded sequences (N, T, K) with their lengths written beside them, (N, T, K + 1).

    The last number of each step is 1 as long as the sequence goes on, and 0 behind its end: so a batch of
    sequences is one array, as any other batch.
    """
    x, lengths = checks.float_array("x", x, ndim=3), np.asarray(lengths)
    goes_on = np.arange(x.shape[1]) < lengths[:, None]
    return np.concatenate([x, goes_on[..., None].astype(x.dtype)], axis=2)


class Reader(nn.Composite):
    """A recurrent layer, and a dense layer that reads its last state.

    Parameters
    ----------
    units : int
        Of the recurrent layer.
    norm : str or None
        Its normalization: "batch", "layer" or none; see `SimpleRNN`.
    classes : int
    """

    def __init__(self, units: int, norm: str | None = None, classes: int = 10):
        self.rnn, self.head = nn.SimpleRNN(units, norm=norm), nn.Dense(classes)

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the scores, (N, classes), of what `sequences` made, (N, T, K + 1)."""
        x = checks.float_array("x", x, ndim=3)
        lengths = x[..., -1].sum(axis=1).astype(int)
        state = self.rnn.forward(x[..., :-1], training=training, lengths=lengths)
        return self.head.forward(state, training=training)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill all gradients; return dC/dx, which is 0 for the marks of the lengths."""
        dx = self.rnn.backward(self.head.backward(dy))
        return np.concatenate([dx, np.zeros_like(dx[..., :1])], axis=2)
