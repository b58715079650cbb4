"""The checker of lesson 02's `data_iter`: every sample once an epoch, in batches."""

from collections.abc import Callable, Iterable
from itertools import islice, pairwise

import numpy as np

from coursekit.exercises.feedback import ALSO, AnswerError, UnnamedError, call, checked, raised

N, SIZE = 23, 4
MANY = 200  # more batches than any honest slip makes


def _problem(n=N):
    """Return samples whose first feature is their place, and targets 100 above it."""
    at = np.arange(n, dtype=float)
    return np.stack([at, -at], axis=1), at + 100


def _batches(function, x, targets, size, rng):
    """Return the batches as lists of places, after the checks on each."""
    untouched = x.copy(), targets.copy()
    try:
        value = call(function, x, targets, size, rng)
    except AnswerError as wrong:
        if "a return is missing" in str(wrong):
            raise AnswerError(
                "your function returns nothing: it should yield a batch at each turn of the loop."
            ) from None
        raise
    if isinstance(value, dict | str | bytes) or not isinstance(value, Iterable):
        raise AnswerError(
            f"the function should yield batches one after another; yours returns a {type(value).__name__}: "
            "write yield inside the loop."
        )
    if isinstance(value, tuple) and len(value) == 2 and np.shape(value[0])[1:] == (2,):
        raise AnswerError("only one batch comes: return ends the function. Write yield inside the loop.")
    try:
        pairs = list(islice(value, MANY))
    except (Exception, SystemExit) as error:
        raise AnswerError(raised(error, function)) from None
    if not (np.array_equal(x, untouched[0]) and np.array_equal(targets, untouched[1])):
        raise AnswerError(
            "your function shuffles the arrays that it was given: draw an order of places instead, "
            "rng.permutation(len(x)), and index with it."
        )
    if len(pairs) == MANY:
        raise AnswerError("the batches never end: stop after each sample has come once.")
    if not pairs:
        raise AnswerError("no batch comes: let the loop run over the starts 0, batch_size and so on.")
    return [_places(pair) for pair in pairs]


def _places(pair):
    """Return which samples a batch holds."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise AnswerError("yield two arrays each time: yield x[rows], targets[rows].")
    try:
        rows, targets = (np.asarray(part, dtype=float) for part in pair)
    except Exception:
        raise AnswerError("yield two arrays of numbers each time: yield x[rows], targets[rows].") from None
    if rows.ndim == 1 and targets.ndim == 2:
        raise AnswerError("the two stand in the wrong order: yield x[rows] first, then targets[rows].")
    if rows.ndim != 2 or rows.shape[1] != 2 or targets.ndim != 1:
        raise AnswerError(
            f"a batch of x should have the shape (B, 2) here and its targets (B,); {rows.shape} and "
            f"{targets.shape} came. Index with an array of places: x[rows], targets[rows]."
        )
    _refuse_values("x", rows, _problem()[0])
    _refuse_values("targets", targets, _problem()[1])
    if len(rows) != len(targets) or not np.array_equal(rows[:, 0] + 100, targets):
        raise AnswerError(
            "samples and targets do not belong together: shuffle places once, and index both with them."
        )
    return rows[:, 0].astype(int).tolist()


def _refuse_values(name, came, given):
    """Refuse a batch with values that are none of those that were given."""
    if not np.isin(came, given).all():
        raise UnnamedError(
            f"the values of {name} are changed on the way: yield {name}[rows] as they "
            "were given, without arithmetic."
        )


def _refuse_sizes(batches, size=SIZE, n=N):
    """Name the slip that shows in how large the batches are."""
    sizes = [len(batch) for batch in batches]
    right = [size] * (n // size) + [n % size]
    if sizes == right:
        return
    if sizes == right[:-1]:
        raise AnswerError(
            f"the last batch, of {n % size}, is missing: {n} samples in batches of {size} are {len(right)} "
            f"batches. Let the starts run up to len(x).{_beside(batches)}"
        )
    if len(batches) > 1 and len(batches[0]) < n and all(batch == batches[0] for batch in batches):
        raise AnswerError(
            "the same batch comes each time: a slice begins at start, start : start + batch_size."
        )
    if _overlap(batches):
        raise AnswerError("the batches overlap: the next one starts batch_size places on.")
    if sizes == [size] * len(right):
        raise AnswerError(
            "the last batch is filled up with samples that came before: let it be shorter. A slice that "
            "ends beyond the array does so by itself."
        )
    _refuse_starts(batches, sizes, right, size, n)
    _refuse_lengths(batches, sizes, right, size, n)


def _beside(batches):
    """Return what is said of the order beside a batch that is missing."""
    flat = [place for batch in batches for place in batch]
    if len(set(flat)) < len(flat):
        return f"{ALSO}samples come twice: rng.permutation gives each place once."
    if flat == sorted(flat):
        return f"{ALSO}the samples come in their old order: shuffle with rng.permutation(len(x))."
    return ""


def _overlap(batches):
    """Whether each batch begins with what the one before has behind its first sample."""
    pairs = list(pairwise(batches))
    return bool(pairs) and all(a[1:] and a[1:] == b[: len(a) - 1] for a, b in pairs)


def _refuse_starts(batches, sizes, right, size, n):
    """Name the slip that shows in where the batches begin."""
    total, flat = sum(sizes), [place for batch in batches for place in batch]
    if sorted(sizes) == sorted(right):
        _refuse_contents(batches)
        raise AnswerError("the short batch does not come last: let the starts run in order.")
    if 0 in sizes:
        raise AnswerError(
            "some batches are empty: a slice runs from start to start + batch_size, not to batch_size."
        )
    if sizes == right[1:]:
        raise AnswerError(
            "the first batch is left out, or the starts lie more than batch_size apart: they are 0, "
            "batch_size, 2 batch_size and so on."
        )
    if (
        sizes == [n - size * i for i in range(len(right))]
        and batches[0][size : 2 * size] == batches[1][:size]
    ):
        raise AnswerError("each batch runs to the end: it ends at start + batch_size.")
    if max(flat) < 2:
        raise AnswerError(
            "only as many samples come as x has features: n is the number of samples, len(x) or x.shape[0]."
        )
    if len(batches) == size and len(set(flat)) < len(flat):
        raise AnswerError(
            "batch_size is taken for the number of batches, and they overlap: range(0, n, batch_size)."
        )
    if sizes == right[: len(sizes)]:
        raise AnswerError(
            f"only {len(sizes)} of {len(right)} batches come: a return or break may stand inside the loop."
        )
    if total == n - 1 and max(sizes) == size and set(flat) == set(range(n - 1)):
        raise AnswerError(
            "the last sample never comes: the order has n − 1 places, rng.permutation(len(x))."
        )
    if total == n - 1 and max(sizes) == size and len(set(flat)) == total:
        raise AnswerError("the first sample of the order never comes: the starts begin at 0.")


def _refuse_lengths(batches, sizes, right, size, n):
    """Name the slip that shows in how long the batches are."""
    total = sum(sizes)
    if len(batches) == n // size and total == n and max(sizes) - min(sizes) <= 1:
        raise AnswerError(
            f"the batches have {', '.join(map(str, sizes))} samples: np.array_split shares them out "
            f"evenly. All have {size} but the last: cut the order at 0, {size}, {2 * size} and so on."
        )
    if len(batches) == size:
        raise AnswerError("batch_size is taken for the number of batches: it is that of samples in one.")
    if max(sizes) == size - 1:
        raise AnswerError(
            "each batch lacks one sample: a slice ends before its end, so start + batch_size."
        )
    if max(sizes) == size + 1:
        raise AnswerError("each batch has one sample too many: a slice ends before its end.")
    if total > n and max(sizes) == size:
        raise AnswerError("the batches overlap: the next one starts batch_size places on.")
    if max(sizes) == n:
        raise AnswerError("a batch holds all samples: take batch_size of them at a time.")
    raise AnswerError(f"the batches have the sizes {sizes}; they should have {right}.")


def _refuse_contents(batches):
    """Name the slip that shows in what the batches hold."""
    flat = [place for batch in batches for place in batch]
    if flat == list(range(N)):
        raise AnswerError("the samples come in their old order: shuffle with rng.permutation(len(x)).")
    if sorted(flat) != list(range(N)):
        if all(len(set(batch)) == len(batch) for batch in batches) and len(set(flat)) < N:
            raise AnswerError(
                f"{N - len(set(flat))} samples never come and others come again: each batch is drawn anew. "
                "Draw one order for the whole epoch."
            )
        raise AnswerError(
            f"{N - len(set(flat))} samples never come and others come twice: they are drawn with "
            "replacement. rng.permutation gives each once."
        )
    if flat == list(range(N))[::-1]:
        raise AnswerError("the samples come in reverse order: shuffle with rng.permutation(len(x)).")
    if all(batch == list(range(batch[0], batch[0] + len(batch))) for batch in batches):
        raise AnswerError("neighbours stay together: only the batches are shuffled. Shuffle the samples.")
    if all(sorted(batch) == list(range(min(batch), min(batch) + len(batch))) for batch in batches):
        raise AnswerError(
            "you shuffle inside each batch alone: shuffle all samples, then cut into batches."
        )


@checked
def check_data_iter(function: Callable) -> str:
    """Check ``data_iter(x, targets, batch_size, rng)``, which yields x[rows], targets[rows].

    Returns
    -------
    Feedback
        Names a lost or filled-up last batch, a missing or broken shuffle, drawing with replacement.
    """
    x, targets = _problem()
    batches = _batches(function, x, targets, SIZE, np.random.default_rng(0))
    _refuse_sizes(batches)
    _refuse_contents(batches)
    again, other = (_batches(function, x, targets, SIZE, np.random.default_rng(s)) for s in (0, 1))
    if batches == other:
        raise AnswerError("another rng gives the same order: draw from the rng handed in.")
    if batches != again:
        raise AnswerError("the same rng gives another order each time: draw from the rng handed in.")
    x, targets = _problem(20)
    whole = _batches(function, x, targets, 5, np.random.default_rng(0))
    if [len(batch) for batch in whole] != [5] * 4:
        raise AnswerError(
            f"20 samples in batches of 5 are 4 batches; yours have {[len(b) for b in whole]}."
        )
    x, targets = _problem(21)
    alone = _batches(function, x, targets, 4, np.random.default_rng(0))
    if [len(batch) for batch in alone] != [4] * 5 + [1]:
        raise AnswerError(
            "of 21 samples in batches of 4 the last is alone in its batch, and yours have the sizes "
            f"{[len(b) for b in alone]}: let the starts run up to len(x), not to len(x) − 1."
        )
    return "each sample once, in a new order, the last batch shorter."
