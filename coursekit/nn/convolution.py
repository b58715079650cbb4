"""The convolutional layer: one small filter, laid on every place of an image."""

from collections.abc import Iterator
from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer, Plan, get
from coursekit.nn.windows import output_size, pair, windows

# The windows of a whole batch, written out, are KH · KW times as large as the batch. So they are written
# out tile by tile: this many numbers (1 MB in float32) stay in a processor's cache.
TILE = 2**18


class Conv2D(Block):
    r"""Every output sees one window of the image, and all windows share the weights.

    .. math:: y_{n,o,u,v} = b_o + \sum_{c,a,e} W_{o,c,a,e}\; \tilde x_{n,\, c,\, s u + d a,\, s v + d e}

    with x̃ the image x in a frame of zeros, `padding` wide; n counts images, o filters and c channels, u and
    v are row and column of the output, a and e those of the kernel. (Mathematics flips W and calls that a
    convolution; the field does not.)

    Parameters
    ----------
    channels : int
        Number of filters, C_out.
    kernel_size, stride, padding, dilation : int or (int, int)
        In pixels; a pair is (along the height, along the width). The stride s lies between two
        windows, the dilation d between two pixels of a window.
    in_channels : int, optional
        C_in. Left out, it is read off the first batch.
    bias : bool
        Whether b is there, one number per filter. It starts at zero.

    Notes
    -----
    Shapes: x (N, C_in, H, W), W (C_out, C_in, KH, KW), b (C_out,), y (N, C_out, OH, OW); OH and OW are
    `output_size` of H and W.

    With the pixels of each window as one column, X of shape (C_in · KH · KW, OH · OW), and W as a
    matrix (C_out, C_in · KH · KW), an image's output is W X + b (Chellapilla et al. 2006).

    Backward, with :math:`\delta = \partial C/\partial y`: ∂C/∂W = Σ δ Xᵀ over the images, ∂C/∂b is the
    sum of δ over images and places, and each weight sends δ back to the pixels that it saw:
    :math:`\partial C/\partial \tilde x_{n,\, c,\, s u + d a,\, s v + d e} \mathrel{+}=
    \sum_o W_{o,c,a,e}\, \delta_{n,o,u,v}`.
    """

    learns = True

    def __init__(
        self,
        channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        in_channels: int | None = None,
        bias: bool = True,
    ):
        super().__init__()
        self.channels = checks.positive_int("channels", channels)
        self.kernel_size = pair("kernel_size", kernel_size)
        self.stride = pair("stride", stride)
        self.padding = pair("padding", padding, low=0)
        self.dilation = pair("dilation", dilation)
        self.in_channels = None if in_channels is None else checks.positive_int("in_channels", in_channels)
        self.bias = checks.flag("bias", bias)
        self._plan: tuple[Initializer, np.random.Generator] | None = (
            None  # (initializer, rng) waiting for C_in
        )
        self._x: np.ndarray | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Draw W by `scheme` and set b to zero: now if C_in is known, else at the first forward."""
        self._plan = get(scheme), checks.generator(rng)
        if self.in_channels is not None:
            self._build(self._plan, self.in_channels, np.float32)
        return self

    def _build(self, plan: Plan, c_in: int, dtype: np.dtype | type) -> None:
        scheme, rng = plan
        self.params["W"] = scheme((self.channels, c_in, *self.kernel_size), rng, dtype)
        if self.bias:
            self.params["b"] = np.zeros(self.channels, dtype)
        self.in_channels, self._plan = c_in, None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, shape (N, C_out, OH, OW), for x of shape (N, C_in, H, W). Both modes are the same.

        Raises
        ------
        ValueError
            If x is not (N, C_in, H, W), or the window is larger than the padded image.
        RuntimeError
            If `initialize` has not been called.
        """
        x = checks.float_array("x", x, ndim=4)
        if self.in_channels not in (None, x.shape[1]):
            raise ValueError(
                f"this Conv2D layer takes {self.in_channels} channels; x has {x.shape[1]}, its shape is "
                f"{x.shape}: it must be (N, C, H, W)."
            )
        shape = self._output_shape(x)
        if not self.params:
            if self._plan is None:
                raise RuntimeError("this Conv2D layer has no weights: call initialize(scheme, rng).")
            self._build(self._plan, x.shape[1], x.dtype)
        self._x = x

        weight = self._weight(x.dtype).reshape(self.channels, -1)
        y = np.empty(shape, x.dtype)
        for tile, columns in self._unrolled(x):
            # The rows of a piece lie in one run, so this is a view, and matmul writes into y itself.
            np.matmul(weight, columns, out=_by_place(y[tile]))
            if self.bias:
                y[tile] += self.params["b"][:, None, None]
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["W"] (and "b") from dC/dy of shape (N, C_out, OH, OW); return dC/dx, shape of x."""
        x = checks.after_forward(self, self._x)
        dy = checks.same_shape("dy", dy, self._output_shape(x))
        self.grads["W"] = self._weight_gradient(x, dy)
        if self.bias:
            self.grads["b"] = dy.sum(axis=(0, 2, 3))
        return self._input_gradient(x, dy)

    def _weight_gradient(self, x, dy):
        d_weight = 0
        for tile, columns in self._unrolled(x):
            d_weight += (_by_place(dy[tile]) @ columns.transpose(0, 2, 1)).sum(axis=0)
        return d_weight.reshape(self.params["W"].shape)

    def _input_gradient(self, x, dy):
        dx = np.empty(x.shape, dy.dtype)
        # (KH, KW, C_in, C_out): each kernel pixel's matrix in one piece, as matmul is fastest on.
        weight = np.ascontiguousarray(self._weight(dy.dtype).transpose(2, 3, 1, 0))
        images = min(len(x), max(1, TILE // max(x[0].size, dy[0].size)))
        for block in _slices(len(x), images):
            delta = _by_place(dy[block])
            padded, inside = self._frame(dx[block])
            seen = self._windows(padded, writeable=True)
            for i, j in np.ndindex(self.kernel_size):
                seen[..., i, j] += (weight[i, j] @ delta).reshape(seen.shape[:4])
            dx[block] = inside
        return dx

    def _unrolled(self, x: np.ndarray) -> Iterator[tuple[tuple[slice, ...], np.ndarray]]:
        """Yield pieces of the output, and the windows seen from each as columns.

        A piece is an index into y, some images or some rows of one. Its columns have the shape
        (images, C_in · KH · KW, rows · OW), and are overwritten by the next.
        """
        n, _, height, width = self._output_shape(x)
        window = x.shape[1] * self.kernel_size[0] * self.kernel_size[1]
        images = min(n, max(1, TILE // (window * width * height)))
        rows = min(height, max(1, TILE // (window * width)))
        framed = self.padding != (0, 0)  # without padding the windows of x itself do, and nothing is copied
        padded, inside = self._frame(x[:images]) if framed else (x, x)
        seen = self._windows(padded).transpose(0, 1, 4, 5, 2, 3)  # (images, C, KH, KW, OH, OW)
        memory = np.empty(images * window * rows * width, x.dtype)
        for block in _slices(n, images):
            here = slice(len(x[block])) if framed else block
            if framed:
                inside[here] = x[block]
            for band in _slices(height, rows):
                part = seen[here, ..., band, :]
                columns = memory[: part.size].reshape(part.shape)
                columns[...] = part
                yield (block, slice(None), band), columns.reshape(len(part), window, -1)

    def _frame(self, x):
        """Return zeros as large as x with its padding, and the view of them without it."""
        n, c, height, width = x.shape
        top, left = self.padding
        padded = np.zeros((n, c, height + 2 * top, width + 2 * left), x.dtype)
        return padded, padded[:, :, top : top + height, left : left + width]

    def _output_shape(self, x):
        sizes = zip(x.shape[2:], self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        return len(x), self.channels, *(output_size(*size) for size in sizes)

    def _weight(self, dtype):
        return self.params["W"].astype(dtype, copy=False)

    def _windows(self, padded, writeable=False):
        return windows(padded, self.kernel_size, self.stride, self.dilation, writeable)

    def __repr__(self) -> str:
        c_in = "?" if self.in_channels is None else self.in_channels
        usual = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1)}
        rest = [f", {name}={getattr(self, name)}" for name in usual if getattr(self, name) != usual[name]]
        return f"Conv2D({c_in} -> {self.channels}, kernel_size={self.kernel_size}{''.join(rest)})"


def _slices(size: int, step: int) -> list[slice]:
    return [slice(start, start + step) for start in range(0, size, step)]


def _by_place(y: np.ndarray) -> np.ndarray:
    """View images (n, C, h, w) as matrices (n, C, h · w)."""
    return y.reshape(*y.shape[:2], -1)
