"""The recurrent reader: one block, whose lengths travel with the batch."""

import numpy as np

from coursekit import nn
from coursekit.nets.reader import Reader, sequences

RNG = np.random.default_rng


def batch():
    x, lengths = RNG(0).standard_normal((5, 4, 3)), np.array([4, 1, 2, 4, 3])
    return x, lengths, sequences(x, lengths)


def test_lengths_are_written_beside_the_steps():
    x, lengths, marked = batch()
    assert marked.shape == (5, 4, 4)
    np.testing.assert_array_equal(marked[..., :3], x)
    np.testing.assert_array_equal(marked[..., 3].sum(axis=1), lengths)
    assert marked[1, :, 3].tolist() == [1, 0, 0, 0]


def test_it_is_its_two_layers_one_after_the_other():
    x, lengths, marked = batch()
    reader = Reader(6, "layer").initialize("xavier_uniform", RNG(1))
    y = reader.forward(marked)
    np.testing.assert_array_equal(y, reader.head.forward(reader.rnn.forward(x, lengths=lengths)))
    changed = marked.copy()
    changed[1, 1:, :3] = 99  # padding is never read
    np.testing.assert_array_equal(reader.forward(changed), y)


def test_its_gradients_are_slopes():
    *_, marked = batch()
    for norm in (None, "batch", "layer"):
        reader = Reader(4, norm).initialize("xavier_uniform", RNG(1))
        reader.forward(marked)
        wide = reader.astype(np.float64)
        logits = wide.forward(marked, training=True)
        dy = RNG(2).standard_normal(logits.shape)
        wide.backward(dy)
        for name, array in wide.params.items():
            grad = wide.grads[name]
            index = tuple(RNG(3).integers(n) for n in array.shape)
            ends = []
            for step in (1e-5, -2e-5):
                array[index] += step
                ends.append((dy * wide.forward(marked, training=True)).sum())
            array[index] += 1e-5
            np.testing.assert_allclose((ends[0] - ends[1]) / 2e-5, grad[index], rtol=1e-5, atol=1e-8)


def test_one_step_of_an_optimizer_moves_both_layers():
    _, _, marked = batch()
    reader = Reader(4).initialize("xavier_uniform", RNG(1))
    logits = reader.forward(marked, training=True)
    reader.fill_grads(np.ones_like(logits))
    before = {name: array.copy() for name, array in reader.params.items()}
    optimizer = nn.SGD(0.1)
    optimizer.step(reader)
    assert optimizer.steps == 1
    assert list(before) == ["rnn.Wx", "rnn.Wh", "rnn.b", "head.W", "head.b"]
    for name, array in reader.params.items():
        np.testing.assert_allclose(array, before[name] - 0.1 * reader.grads[name], rtol=1e-6)
