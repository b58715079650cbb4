"""LeNet, the small convolutional net that many courses begin with."""

from coursekit import nn


def lenet(activation: type[nn.Block] = nn.ReLU, *, classes: int = 10) -> nn.Sequential:
    """Return a LeNet for images (N, 1, 28, 28): two convolutions with pooling, and three dense layers.

    After LeCun et al. 1998, "Gradient-based learning applied to document recognition", fig. 2, in the form
    that is usual today: full connections between feature maps, max-pooling, a softmax behind the logits.

    Parameters
    ----------
    activation : type
        Makes the activation of each layer.
    classes : int
        Number of logits.
    """
    return nn.Sequential(
        nn.Conv2D(6, 5, padding=2),
        activation(),
        nn.MaxPool2D(2),
        nn.Conv2D(16, 5),
        activation(),
        nn.MaxPool2D(2),
        nn.Flatten(),
        nn.Dense(120),
        activation(),
        nn.Dense(84),
        activation(),
        nn.Dense(classes),
    )
