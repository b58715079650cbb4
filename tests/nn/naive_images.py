"""Convolution and pooling as loops over single numbers: slow, and nothing in common with coursekit.nn."""

import numpy as np


def pixel(x, n, c, row, column):
    """One pixel of the batch; outside the image lie zeros."""
    inside = 0 <= row < x.shape[2] and 0 <= column < x.shape[3]
    return x[n, c, row, column] if inside else 0.0


def places(size, kernel, stride, padding, dilation):
    """Where windows start: slide while the last pixel of the window is still on the padded image."""
    starts, start = [], -padding
    while start + dilation * (kernel - 1) < size + padding:
        starts.append(start)
        start += stride
    return starts


def convolution(x, w, b, stride, padding, dilation):
    (kh, kw), (dh, dw) = w.shape[2:], dilation
    tops = places(x.shape[2], kh, stride[0], padding[0], dh)
    lefts = places(x.shape[3], kw, stride[1], padding[1], dw)
    y = np.zeros((len(x), len(w), len(tops), len(lefts)))
    for n, o, p, q in np.ndindex(y.shape):
        y[n, o, p, q] = b[o]
        for c, i, j in np.ndindex(w.shape[1:]):
            y[n, o, p, q] += w[o, c, i, j] * pixel(x, n, c, tops[p] + dh * i, lefts[q] + dw * j)
    return y


def convolution_gradients(x, w, dy, stride, padding, dilation):
    """Every product of the forward sum sends its share to its weight and to its pixel."""
    (kh, kw), (dh, dw) = w.shape[2:], dilation
    tops = places(x.shape[2], kh, stride[0], padding[0], dh)
    lefts = places(x.shape[3], kw, stride[1], padding[1], dw)
    dx, d_weight, d_bias = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(w))
    for n, o, p, q in np.ndindex(dy.shape):
        d_bias[o] += dy[n, o, p, q]
        for c, i, j in np.ndindex(w.shape[1:]):
            row, column = tops[p] + dh * i, lefts[q] + dw * j
            d_weight[o, c, i, j] += dy[n, o, p, q] * pixel(x, n, c, row, column)
            if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:
                dx[n, c, row, column] += dy[n, o, p, q] * w[o, c, i, j]
    return dx, d_weight, d_bias


def pooling(x, dy, size, stride, kind):
    """Return y and dC/dx for kind "max" or "mean"; `dy` may be None."""
    tops = places(x.shape[2], size[0], stride[0], 0, 1)
    lefts = places(x.shape[3], size[1], stride[1], 0, 1)
    y, dx = np.zeros((*x.shape[:2], len(tops), len(lefts))), np.zeros(x.shape)
    for n, c, p, q in np.ndindex(y.shape):
        window = [(tops[p] + i, lefts[q] + j) for i in range(size[0]) for j in range(size[1])]
        values = [x[n, c, row, column] for row, column in window]
        if kind == "mean":
            y[n, c, p, q] = sum(values) / len(values)
        else:
            y[n, c, p, q] = max(values)
        if dy is None:
            continue
        winner = values.index(max(values))  # index() finds the first of equals
        for k, (row, column) in enumerate(window):
            share = 1 / len(values) if kind == "mean" else float(k == winner)
            dx[n, c, row, column] += share * dy[n, c, p, q]
    return y, dx
