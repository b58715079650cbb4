"""Interactive lessons on how signals survive a neural network, over a tested NumPy package."""

__version__ = "0.6.1"
