"""Fashion-MNIST without a network, the full set from a folder or a mirror, and mini-batches.

Source of the images: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
Benchmarking Machine Learning Algorithms", 2017, arXiv:1708.07747. See data/README.md.
"""

from coursekit.datasets.batches import minibatches
from coursekit.datasets.dataset import CLASS_NAMES, Dataset
from coursekit.datasets.fetch import fetch_fashion_mnist
from coursekit.datasets.full import fashion_mnist_full, read_originals
from coursekit.datasets.idx import read_idx
from coursekit.datasets.pictures import load_picture
from coursekit.datasets.preprocessing import (
    constant_features,
    fit_centring,
    fit_components,
    fit_min_max,
    fit_standardization,
    fit_whitening,
)
from coursekit.datasets.published import FILES, MIRROR, PACKED_SHA256, UNPACKED_SHA256
from coursekit.datasets.subset import (
    SUBSET_PATH,
    SUBSET_SHA256,
    fashion_mnist,
    fashion_samples,
    fashion_split,
)
from coursekit.datasets.toy import gaussian, two_gaussians

__all__ = [
    "CLASS_NAMES",
    "FILES",
    "MIRROR",
    "PACKED_SHA256",
    "SUBSET_PATH",
    "SUBSET_SHA256",
    "UNPACKED_SHA256",
    "Dataset",
    "constant_features",
    "fashion_mnist",
    "fashion_mnist_full",
    "fashion_samples",
    "fashion_split",
    "fetch_fashion_mnist",
    "fit_centring",
    "fit_components",
    "fit_min_max",
    "fit_standardization",
    "fit_whitening",
    "gaussian",
    "load_picture",
    "minibatches",
    "read_idx",
    "read_originals",
    "two_gaussians",
]
