"""Neural network layers in NumPy, written to be read beside their formulas.

Every layer has ``forward(x, *, training=False)``, ``backward(dy)`` and the dictionaries ``params``,
``grads`` and ``buffers``. This package imports NumPy and the standard library, nothing else.
"""

from coursekit.nn import initializers, schedules
from coursekit.nn.activations import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid
from coursekit.nn.batch_norm import BatchNorm
from coursekit.nn.batch_norm_graph import batch_norm_graph
from coursekit.nn.block import Block
from coursekit.nn.composite import Composite
from coursekit.nn.convolution import Conv2D
from coursekit.nn.dense import Dense
from coursekit.nn.dropout import Dropout
from coursekit.nn.flatten import Flatten
from coursekit.nn.gradcheck import check_gradients
from coursekit.nn.group_norm import GroupNorm
from coursekit.nn.layer_norm import LayerNorm
from coursekit.nn.local_response_norm import LocalResponseNorm
from coursekit.nn.losses import binary_cross_entropy, softmax, softmax_cross_entropy, squared_error
from coursekit.nn.optimizer import Optimizer
from coursekit.nn.optimizers import SGD, Adam, AdamW, RMSProp
from coursekit.nn.pooling import AvgPool2D, MaxPool2D
from coursekit.nn.recurrent import SimpleRNN
from coursekit.nn.saving import load_parameters, save_parameters
from coursekit.nn.schedules import cosine, exponential_decay, step_decay
from coursekit.nn.sequential import Sequential
from coursekit.nn.shared import Shared
from coursekit.nn.windows import output_size

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "AvgPool2D",
    "BatchNorm",
    "Block",
    "Composite",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GroupNorm",
    "Identity",
    "LayerNorm",
    "LeakyReLU",
    "LocalResponseNorm",
    "MaxPool2D",
    "Optimizer",
    "RMSProp",
    "ReLU",
    "Sequential",
    "Shared",
    "Sigmoid",
    "SimpleRNN",
    "Tanh",
    "batch_norm_graph",
    "binary_cross_entropy",
    "check_gradients",
    "cosine",
    "exponential_decay",
    "initializers",
    "load_parameters",
    "output_size",
    "save_parameters",
    "schedules",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "squared_error",
    "step_decay",
]
