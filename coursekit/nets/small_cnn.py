"""A small convolutional net: two convolutions with pooling, and one dense layer behind them."""

from coursekit import nn
from coursekit.nets.global_average import GlobalAverage
from coursekit.nn import checks


def small_cnn(
    channels: tuple[int, int] = (16, 32),
    *,
    batch_norm: bool = False,
    any_size: bool = False,
    classes: int = 10,
) -> nn.Sequential:
    """Return a net for images (N, C, H, W); with the defaults and (1, 28, 28) it has 20,490 parameters.

    Each of the two stages is a 3 × 3 convolution with one pixel of padding, perhaps a batch norm per
    channel, ReLU, and max-pooling by 2.

    Parameters
    ----------
    channels : (int, int)
        Filters of the first and of the second convolution.
    batch_norm : bool
        Whether a batch norm, with one mean and variance for each channel, stands before each ReLU.
    any_size : bool
        Whether the mean of each feature map goes to the dense layer (global average pooling), so that
        images of any size fit. Else the maps are flattened, and one size fits.
    classes : int
        Number of logits.

    Raises
    ------
    TypeError, ValueError
        If a number is no whole number of at least 1.
    """
    layers: list[nn.Block] = []
    for count in channels:
        norm = [nn.BatchNorm()] if checks.flag("batch_norm", batch_norm) else []
        layers += [nn.Conv2D(count, 3, padding=1), *norm, nn.ReLU(), nn.MaxPool2D(2)]
    last = GlobalAverage() if checks.flag("any_size", any_size) else nn.Flatten()
    return nn.Sequential(*layers, last, nn.Dense(checks.positive_int("classes", classes)))
