"""The checker of lesson 01 for a softmax that survives large scores."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, cut_short, equal, partly, say_where
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.slips.search import SHORT_ROUNDS, explain, near
from coursekit.exercises.slips.softmax import (
    SOFTMAX_OTHERS,
    SOFTMAX_PARTS,
    STABLE,
    safe_softmax,
    softmax_of,
)

SHAPES = ((3, 5), (4, 2))
# Far from 0 either way, and rows far from each other.
LARGE = np.array(
    [
        [-1000.0, -1001.0, -999.0],
        [1000.0, 1001.0, 999.0],
        [-800.0, 900.0, -899.0],
        [0.0, 0.0, 900.0],
        [1.0, 2.0, 0.0],
        [-720.0, -721.0, -719.0],
    ]
)
KEEPDIMS = (
    "z has the shape (N, K), and one number a row the shape (N,), which NumPy lines up with the columns. "
    "With keepdims=True it has (N, 1)."
)


def problems() -> list[np.ndarray]:
    """Return two arrays of scores that no overflow threatens; every row has a positive score on top."""
    rng = np.random.default_rng(1)
    return [rng.normal(1, 1.5, shape) for shape in SHAPES]


def as_raw(name: str, value: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return `value` as a float array of that shape, nan allowed; else say what is wrong as `as_array`."""
    try:
        array = np.asarray(value, float)
    except Exception:
        return as_array(name, value, shape)
    return array if array.shape == shape else as_array(name, value, shape)


def same_or_nan(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree, nan with nan."""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-4, equal_nan=True)


@checked
def check_softmax(function: Callable) -> str:
    """Check ``softmax(z)`` for scores of shape (N, K), row by row, also for large ones.

    Returns
    -------
    Feedback
        Names a wrong axis, a missing or a wrong shift, a wrong power, a sum over everything and the like.
    """
    given = problems()
    with np.errstate(all="ignore"):
        came = [call_on_copies(function, z, if_shapes_clash=KEEPDIMS) for z in given]
        came = [as_array("the result", v, z.shape, _hints(z)) for v, z in zip(came, given, strict=True)]
    _check_small(given, came)
    _check_large(function)
    _check_whole_numbers(function)
    return (
        "every row sums to 1, and scores of 1000 do no harm, since each row's "
        "largest is taken off before exp."
    )


def _hints(z):
    return {
        z.T.shape: "It stands on its side: return it with a row a sample.",
        z.shape[:1]: "One number a row came: return all K probabilities.",
    }


def _check_small(given, came):
    rights = [safe_softmax(z) for z in given]
    if all(map(equal, came, rights)):
        _refuse_bases(given, came)
        return
    found = explain(SOFTMAX_PARTS, softmax_of, given, came, rounds=((1, False),))
    found = found or explain(
        {"how": SOFTMAX_OTHERS}, lambda z, how: how(z), given, came, rounds=((1, False),)
    )
    found = found or explain(SOFTMAX_PARTS, softmax_of, given, came, rounds=SHORT_ROUNDS[1:])
    found = found or cut_short(came, rights) or _tempered(given, came)
    if found:
        raise AnswerError(found)
    first = next(i for i, (p, r) in enumerate(zip(came, rights, strict=True)) if not equal(p, r))
    total = came[first].sum(axis=1)[0]
    seen = partly(came[first], rights[first], ("row", "class"))
    where = " ".join(filter(None, [say_where("p", came[first], rights[first]), seen]))
    raise UnnamedError(
        f"{where} The first row sums to {total:.3g}; it should make 1. Look at what is raised to a power, "
        "and at what divides."
    )


def _refuse_bases(given, came):
    """Refuse 2.718 and 2.72 for e: near to right on small scores."""
    for base in (2.718, 2.72, 2.71828):
        with np.errstate(all="ignore"):
            if all(
                np.allclose(p, safe_softmax(z * np.log(base)), rtol=1e-8)
                for z, p in zip(given, came, strict=True)
            ):
                raise AnswerError(f"nearly: {base} is e, cut off. np.exp(z) takes all of its digits.")


def _tempered(given, came):
    """Say so if each row is a softmax of the scores times a number."""
    factors = []
    for z, p in zip(given, came, strict=True):
        if (p <= 0).any() or not equal(p.sum(axis=1), np.ones(len(p))):
            return ""
        logs, scores = (a - a.mean(axis=1, keepdims=True) for a in (np.log(p), z))
        factors.append((logs * scores).sum() / (scores**2).sum())
        if not np.allclose(logs, factors[-1] * scores, rtol=1e-6, atol=1e-9):
            return ""
    if abs(factors[0] - factors[1]) > 1e-6:
        return ""
    return (
        f"what is raised to a power is {factors[0]:.4g} times what it should be: the scores are multiplied "
        f"or divided by a number, or the base is {np.exp(factors[0]):.4g} and not e."
    )


def _check_large(function):
    with np.errstate(all="ignore"):
        p = as_raw("the result", call_on_copies(function, LARGE, if_shapes_clash=KEEPDIMS), LARGE.shape)
    if near(p, safe_softmax(LARGE)):
        return
    intro = "right on small scores; not on scores near ±1000: "
    found = explain({"how": STABLE}, lambda z, how: how(z), [LARGE], [p], same_or_nan, ((1, False),))
    if found:
        raise AnswerError(intro + found)
    rows = [k for k in range(len(p)) if not near(p[k], safe_softmax(LARGE)[k])]
    said = ", ".join(f"{value:.3g}" for value in p[rows[0]])
    raise UnnamedError(f"{intro}the row {LARGE[rows[0]].tolist()} becomes {said}. Take each row's largest "
                      "score off before np.exp.")  # fmt: skip


def _check_whole_numbers(function):
    z = np.array([[1, 2, 3], [0, 5, 5]])
    with np.errstate(all="ignore"):
        p = as_raw("the result", call_on_copies(function, z), z.shape)
    if not near(p, safe_softmax(z)):
        raise AnswerError(
            "right on decimals; not on whole numbers, z = [[1, 2, 3], …]: does an array made by "
            "np.zeros_like(z) or np.empty_like(z) take the result? It holds whole numbers then, and cuts "
            "off what comes behind the point."
        )
