"""Numerical slopes by another rule than the one in coursekit.nn.gradcheck."""

import numpy as np


def slopes(f, array, h=1e-3):
    """Return df/d(array) by five-point differences, whose error is of order h⁴."""
    out = np.zeros(array.shape)
    flat = array.reshape(-1)
    assert np.shares_memory(flat, array)
    for i in range(flat.size):
        kept, values = flat[i], []
        for steps in (-2, -1, 1, 2):
            flat[i] = kept + steps * h
            values.append(f())
        flat[i] = kept
        out.flat[i] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
    return out
