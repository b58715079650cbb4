"""The nets that lessons build, from the layers of `coursekit.nn`."""

from coursekit.nets.bare_weights import BareWeights
from coursekit.nets.centring import Centring
from coursekit.nets.deep import ACTIVATIONS, PLACEMENTS, deep_net
from coursekit.nets.global_average import GlobalAverage
from coursekit.nets.lenet import lenet
from coursekit.nets.mystery import mystery_nets
from coursekit.nets.noise import ShiftingNoise, noisy_batch_norm
from coursekit.nets.residual import Residual, residual_net
from coursekit.nets.small_cnn import small_cnn
from coursekit.nets.weight_bank import WeightBank

__all__ = [
    "ACTIVATIONS",
    "PLACEMENTS",
    "BareWeights",
    "Centring",
    "GlobalAverage",
    "Residual",
    "ShiftingNoise",
    "WeightBank",
    "deep_net",
    "lenet",
    "mystery_nets",
    "noisy_batch_norm",
    "residual_net",
    "small_cnn",
]
