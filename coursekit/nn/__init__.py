"""Neural network layers in NumPy, written to be read beside their formulas.

Every layer has ``forward(x, *, training=False)``, ``backward(dy)`` and the dictionaries ``params``,
``grads`` and ``buffers``. This package imports NumPy and the standard library, nothing else.
"""

from coursekit.nn import initializers
from coursekit.nn.activations import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from coursekit.nn.block import Block, Sequential
from coursekit.nn.dense import Dense
from coursekit.nn.gradcheck import check_gradients
from coursekit.nn.losses import softmax, softmax_cross_entropy
from coursekit.nn.normalization import BatchNorm

__all__ = [
    "BatchNorm",
    "Block",
    "Dense",
    "Identity",
    "LeakyReLU",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "check_gradients",
    "initializers",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
]
