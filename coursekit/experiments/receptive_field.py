"""How much of the image a unit sees, layer by layer, and what its layer costs beside a dense one."""

from dataclasses import dataclass

import numpy as np

from coursekit.experiments.convolution import picture_of
from coursekit.nn import checks
from coursekit.nn.windows import output_size
from coursekit.words import number, percent

SIDE = 28  # pixels of the image
SMALL = 6  # pixels along each side of the image that the matrix is for


@dataclass(frozen=True)
class ReceptiveField:
    """What a unit in the last layer sees, and the numbers of the first layer.

    Attributes
    ----------
    image : ndarray, shape (28, 28)
    spans : tuple of int
        Pixels of the image along each side that a unit of layer 1, 2, … sees, as if it had no border.
    steps : tuple of int
        Pixels of the image between two neighbours of each layer.
    pooled : bool
        Whether a pooling by 2 follows each convolution; `spans` are those behind it.
    size, stride, channels : int
        k, s, and the filters of the first layer.
    matrix : ndarray of int, shape (OH · OW, 36)
        The layer written as a dense one, for an image of 6 × 6: 0 is a zero, i the i-th weight.
    """

    image: np.ndarray
    spans: tuple[int, ...]
    steps: tuple[int, ...]
    pooled: bool
    size: int
    stride: int
    channels: int
    matrix: np.ndarray

    @property
    def outputs(self) -> int:
        """Units of the first layer's feature maps, C · OH · OW, without padding."""
        return self.channels * output_size(SIDE, self.size, self.stride) ** 2

    @property
    def weights(self) -> tuple[int, int]:
        """Weights and biases of a dense layer with as many outputs, and of the convolution."""
        dense = SIDE**2 * self.outputs + self.outputs
        return dense, self.channels * (self.size**2 + 1)

    @property
    def products(self) -> tuple[int, int]:
        """Multiplications for one image, of the dense layer and of the convolution."""
        return SIDE**2 * self.outputs, self.size**2 * self.outputs


def span_of_layers(layers: list[tuple[int, int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    r"""Return for each layer how many pixels a unit sees along each side, and how far neighbours lie apart.

    .. math:: r_l = r_{l-1} + d_l (k_l - 1)\, j_{l-1}, \qquad j_l = j_{l-1} s_l, \qquad r_0 = j_0 = 1

    Parameters
    ----------
    layers : list of (k, s, d)
        Window, stride and dilation of each, from the image on.

    Notes
    -----
    Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks", Distill.
    """
    span, step, spans, steps = 1, 1, [], []
    for k, s, d in layers:
        span, step = span + d * (k - 1) * step, step * s
        spans.append(span)
        steps.append(step)
    return tuple(spans), tuple(steps)


def as_matrix(size: int, stride: int) -> np.ndarray:
    """Return which weight joins each output to each pixel of a 6 × 6 image, 0 for none, (OH · OW, 36)."""
    places = output_size(SMALL, size, stride)
    matrix = np.zeros((places, places, SMALL, SMALL), int)
    numbers = 1 + np.arange(size**2).reshape(size, size)
    for p, q in np.ndindex(places, places):
        matrix[p, q, stride * p : stride * p + size, stride * q : stride * q + size] = numbers
    return matrix.reshape(places**2, SMALL**2)


def receptive_field(
    layers: int,
    size: int = 3,
    *,
    stride: int = 1,
    dilation: int = 1,
    pooled: bool = False,
    channels: int = 16,
) -> ReceptiveField:
    """Stack equal convolutions, perhaps each with a pooling by 2, and tell what the last unit sees.

    Parameters
    ----------
    layers : int
        1 to 8.
    size : int
        k, 1 to 6.
    stride, dilation : int
        1 to 3, of each convolution.
    pooled : bool
    channels : int
        Filters of the first layer, 1 to 64.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    limits = {"layers": (layers, 8), "size": (size, 6), "stride": (stride, 3), "dilation": (dilation, 3)}
    for name, (value, most) in {**limits, "channels": (channels, 64)}.items():
        if checks.positive_int(name, value) > most:
            raise ValueError(f"{name} must be at most {most}; got {value}.")
    one = [(size, stride, dilation)] + ([(2, 2, 1)] if checks.flag("pooled", pooled) else [])
    spans, steps = span_of_layers(one * layers)
    return ReceptiveField(
        picture_of("boot"), spans[len(one) - 1 :: len(one)], steps[len(one) - 1 :: len(one)], pooled, size,
        stride, channels, as_matrix(size, stride),
    )  # fmt: skip


def diagnose_receptive_field(r: ReceptiveField) -> str:
    """Say what a unit sees, and what the first layer costs."""
    span, count = r.spans[-1], len(r.spans)
    behind = "the first layer" if count == 1 else f"{count} layers"
    behind += f" and {'its' if count == 1 else 'their'} pooling" * r.pooled
    seen = "more than the whole image" if span > SIDE else f"{percent(span**2 / SIDE**2)} of the image"
    text = f"A unit behind {behind} sees {span:,} × {span:,} pixels: {seen}."
    (dense, conv), (products, saved) = r.weights, r.products
    text += (
        f" The first layer has {number(conv)} parameters; a dense layer with the same {number(r.outputs)} "
        f"outputs has {number(dense)}, and multiplies {number(products / saved)} times as often."
    )
    return text
