"""Mini-batches: each sample once, by the generator alone."""

import numpy as np
import pytest

from coursekit import datasets


@pytest.mark.parametrize(("n", "size"), [(10, 3), (10, 5), (10, 10), (10, 99), (1, 1), (7, 1)])
def test_minibatches_give_each_sample_once(n, size):
    x, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    batches = list(datasets.minibatches(x, y, size, np.random.default_rng(0)))
    assert [len(b) for b, _ in batches] == [size] * (n // size) + [n % size] * (n % size > 0)
    assert sorted(np.concatenate([labels for _, labels in batches])) == list(range(n))
    for inputs, labels in batches:
        np.testing.assert_array_equal(inputs[:, 0], 2 * labels)


def test_minibatches_shuffle_by_rng_alone_and_copy():
    x, y = np.arange(50.0).reshape(50, 1), np.arange(50)

    def order(rng):
        return np.concatenate([labels for _, labels in datasets.minibatches(x, y, 8, rng)]).tolist()

    rng = np.random.default_rng(3)
    first, second = order(rng), order(rng)
    assert first == order(np.random.default_rng(3))
    assert first != second
    assert first != list(range(50))
    next(datasets.minibatches(x, y, np.int64(8), rng))[0][...] = -1
    assert x.min() == 0


def test_minibatches_refuse_at_the_call():
    x, y, rng = np.zeros((4, 2)), np.zeros(4), np.random.default_rng(0)
    before = rng.bit_generator.state
    for bad, error, sentence in [
        ((x, y[:3], 2), ValueError, "got 4 and 3"),
        ((x[:0], y[:0], 2), ValueError, "at least one; got 0 and 0"),
        ((x, y, 0), ValueError, "batch_size must be 1 or more; got 0"),
        ((x, y, -1), ValueError, "got -1"),
        ((x, y, 2.0), TypeError, r"got 2\.0"),
        ((x, y, True), TypeError, "got True"),
        ((x, y, "2"), TypeError, "got '2'"),
        ((x.tolist(), y, 2), TypeError, "got list and ndarray"),
        ((x, np.array(1), 2), TypeError, "a row for each sample"),
    ]:
        with pytest.raises(error, match=sentence):
            datasets.minibatches(*bad, rng)
    assert rng.bit_generator.state == before
    with pytest.raises(TypeError, match=r"default_rng\(0\)"):
        datasets.minibatches(x, y, 2, np.random.RandomState(0))


def test_with_replacement_a_pass_meets_63_per_cent():
    """1 - (1 - 1/N)^N of N samples, 1 - 1/e for large N; the mean of 40 passes scatters by 0.1 %."""
    x = np.arange(2000)[:, None].astype(float)
    rng, shares = np.random.default_rng(0), []
    for _ in range(40):
        drawn = [xb for xb, _ in datasets.minibatches(x, x[:, 0], 300, rng, replacement=True)]
        assert [len(xb) for xb in drawn] == [300] * 6 + [200]
        shares.append(len(np.unique(np.concatenate(drawn))) / 2000)
    assert np.mean(shares) == pytest.approx(1 - 1 / np.e, abs=0.004)
    with pytest.raises(TypeError, match="replacement must be True or False"):
        datasets.minibatches(x, x[:, 0], 3, rng, replacement=1)
