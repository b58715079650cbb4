"""The checker of lesson 10's `dropout`: both modes, in training and in use, and what goes backward."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked

UP, DOWN = MODES = ("upscale_in_train", "downgrade_in_infer")
# Shapes and p of the problems: a name has to fit both; the last is one for images.
PROBLEMS = (((60, 50), 0.3), ((90, 40), 0.2))
IMAGES = ((40, 3, 5, 6), 0.3)
TURNED = "the mask is turned round: what rng.random(…) < p picks is dropped, so keep where it is >= p."
SWAPPED = "p is taken for the probability of keeping: a unit is dropped with probability p."
IN_USE = "a mask is drawn in use too: with training=False every unit speaks."
EXCHANGED = "the two modes are exchanged: upscale_in_train divides in training, the other scales in use."


@dataclass(frozen=True)
class Answer:
    """What the learner's function made of one x."""

    x: np.ndarray
    p: float
    y: np.ndarray
    factor: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """By what each entry was multiplied."""
        return self.y / self.x

    @property
    def kept(self) -> np.ndarray:
        """Which entries got through."""
        return self.y != 0

    @property
    def scale(self) -> float | None:
        """By what those were multiplied; None if not all by the same."""
        through = self.ratio[self.kept]
        if not through.size or np.ptp(through) > 1e-4 * (1 + abs(through[0])):
            return None
        return float(through[0])


def _inputs(shape):
    return np.random.default_rng(shape[0]).uniform(0.5, 2.0, shape)


def _call(function, x, p, mode, training, rng):
    when = f" with mode={mode!r}, training={training}"
    value = call_on_copies(function, x, p, mode, training, rng, when=when)
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError("return two things: y, and the factor that dC/dy is multiplied by.")
    if np.shape(value[0]) == () and np.shape(value[1]) == x.shape:
        raise AnswerError("the two results stand in the wrong order: y first, then the factor.")
    y = as_array("y", value[0], x.shape)
    factor = value[1]
    try:  # one number does, or one mask for the batch: that is told by another name
        factor = np.broadcast_to(factor, x.shape) if np.asarray(factor).dtype.kind in "iufb" else factor
    except Exception:  # as_array says what it is
        factor = value[1]
    if np.asarray(factor).dtype.kind == "b":
        factor = factor.astype(float)
    return Answer(x, p, y, as_array("the factor", factor, x.shape))


def _same(a, b):
    return a is not None and abs(a - b) < 1e-4 * (1 + abs(b))


@checked
def check_dropout(function: Callable) -> str:
    """Check ``dropout(x, p, mode, training, rng)``, which returns y and the factor of dC/dy, like x.

    Returns
    -------
    Feedback
        Names a missing or doubled scale, p for 1 − p, exchanged modes, a mask that is shared by the
        samples, drawn once for ever, drawn in use, or missing going backward; several of them together.
    """
    found = [list(dict.fromkeys(_slips(function, shape, p))) for shape, p in PROBLEMS]
    if not any(found):
        found = [list(dict.fromkeys(_slips(function, *IMAGES)))]
    if any(found):
        both = [said for said in found[0] if all(said in others for others in found)]
        raise AnswerError(" Also, ".join(both)) if both else UnnamedError(_measured(function))
    _ends(function)
    return "both modes, in training and in use; each entry drawn by itself, and backward by the same mask."


def _slips(function: Callable, shape: tuple[int, ...], p: float) -> Iterator[str]:
    """Yield what is wrong on one problem."""
    x, rng = _inputs(shape), np.random.default_rng(1)
    made = {
        (mode, training): _call(function, x, p, mode, training, rng)
        for mode in MODES
        for training in (True, False)
    }
    turned = _confused_arguments(made)
    if turned:
        yield turned
        return
    swapped = [made[mode, True] for mode in MODES]
    is_swapped = all(abs(a.kept.mean() - p) < 0.06 for a in swapped)
    # What is kept, as the function's scales have it: it may be that only the mask is turned round.
    q = p if is_swapped and _scales_that_fit(made, p) > _scales_that_fit(made, 1 - p) else 1 - p
    if is_swapped:
        yield SWAPPED if q == p else TURNED
    for mode in MODES:
        yield from _mask_slips(made[mode, True], p if is_swapped else 1 - p)
    scales = [made[mode, training].scale for mode in MODES for training in (True, False)]
    if all(_same(a, b) for a, b in zip(scales, (1, q, 1 / q, 1), strict=True)):
        yield EXCHANGED
    else:
        for mode in MODES:
            yield from _scale_slips(mode, made[mode, True], q, training=True)
            yield from _scale_slips(mode, made[mode, False], q, training=False)
    for (_, training), answer in made.items():
        yield from _backward_slips(answer, training)
    yield from _draw_slips(function, x, p)


def _confused_arguments(made):
    """Say so where training or mode is not heeded, or turned round; None else."""
    trained, used = ([made[mode, training] for mode in MODES] for training in (True, False))
    if all(a.kept.all() for a in trained) and not any(a.kept.all() for a in used):
        return "training and use are exchanged: masks are drawn if training is true."
    scales = [(a.scale, b.scale) for a, b in zip(trained, used, strict=True)]
    if any(None in pair for pair in scales) or any(a.kept.all() for a in trained):
        return None
    if all(_same(*pair) for pair in scales) and not any(b.kept.all() for b in used):
        return "training plays no part: with training=False nothing is drawn, every unit speaks."
    if all(map(_same, *scales)) and all(b.kept.all() for b in used):
        for mode in MODES:
            wanted = [_right_scale(mode, t, 1 - trained[0].p) for t in (True, False)]
            if all(map(_same, scales[0], wanted)):
                return f"mode plays no part: both do what {mode} should do."
    return None


def _scales_that_fit(made, q):
    return sum(_same(a.scale, _right_scale(mode, training, q)) for (mode, training), a in made.items())


def _mask_slips(answer, q):
    """Yield what is wrong with where the zeros stand."""
    kept = answer.kept.reshape(len(answer.kept), -1)
    if kept.all():
        yield "nothing is dropped in training: compare rng.random(x.shape), not x or one number, with p."
    elif not kept.any():
        yield "everything is dropped in training: compare rng.random(x.shape), not x or one number, with p."
    elif (kept == kept[0]).all():
        yield "one mask serves the whole batch: draw one entry for each of x, rng.random(x.shape)."
    elif (kept == kept[:, :1]).all():
        yield "whole samples are dropped: draw one entry for each of x, rng.random(x.shape)."
    elif answer.x.ndim == 4 and _by_channel(answer.kept):
        yield "whole channels are dropped: here each entry is drawn by itself, rng.random(x.shape)."
    elif (kept.sum(axis=1) == kept[0].sum()).all():
        yield "each sample loses equally many units: each entry is drawn by itself, whatever the others do."
    elif abs(kept.mean() - q) > 0.06:
        yield "another share than p is dropped: compare rng.random(x.shape), which is uniform, with p."


def _by_channel(kept):
    return bool((kept == kept[:, :, :1, :1]).all())


def _scale_slips(mode, answer, q, training):
    """Yield what is wrong with the number that entries are multiplied by."""
    if not training and not answer.kept.all():
        yield IN_USE
    scale, right = answer.scale, _right_scale(mode, training, q)
    if _same(scale, right) or not answer.kept.any():
        return
    place = f"{mode}, {'in training' if training else 'in use'}"
    if scale is None:
        yield _uneven(place, answer)
        return
    known = [
        (1, "the scale is missing"),
        (q, "x is multiplied by 1 − p"),
        (1 / q, "x is divided by 1 − p"),
        (1 - q, "p stands where 1 − p belongs"),
        (1 / (1 - q), "x is divided by p"),
        (q * q, "x is multiplied by 1 − p twice"),
        (1 / q**2, "x is divided by 1 − p twice"),
        (2, "x is multiplied by 2, which suits p = ½ alone"),
        (0.5, "x is multiplied by ½, which suits p = ½ alone"),
        (-1, "the sign is turned"),
    ]
    wanted = {1: "x as it is", q: "x · (1 − p)", 1 / q: "x · mask / (1 − p)"}[right]
    if training and right == 1:
        wanted = "x · mask"
    said = next((words for value, words in known if _same(scale, value)), None)
    yield f"{place}: {said or f'what is kept is multiplied by {scale:.3g}'}; it should be {wanted}."


def _right_scale(mode, training, q):
    if mode == UP:
        return 1 / q if training else 1
    return 1 if training else q


def _uneven(place, answer):
    """Say how what is kept is scaled unevenly."""
    rows = answer.kept.reshape(len(answer.kept), -1).mean(axis=1)
    by_row = [answer.ratio[i][answer.kept[i]] for i in range(len(rows)) if answer.kept[i].any()]
    shares = rows[rows > 0]
    if all(np.allclose(r, 1 / s, rtol=1e-3) for r, s in zip(by_row, shares, strict=True)):
        return f"{place}: you divide by the share that was kept by chance; divide by 1 − p."
    return f"{place}: what is kept is not all multiplied by the same number."


def _backward_slips(answer, training):
    """Yield what is wrong with the factor; it should be that of the forward pass."""
    ratio, factor = answer.ratio, answer.factor
    if np.allclose(factor, ratio, rtol=1e-4, atol=1e-6):
        return
    if np.allclose(factor, answer.y, rtol=1e-4, atol=1e-6):
        yield "the factor is y itself: backward multiplies dC/dy by what x was multiplied by."
    elif training and np.ptp(factor) < 1e-6:
        yield "the mask is missing going backward: the factor is zero wherever y is."
    elif np.array_equal(factor != 0, answer.kept):
        yield (
            "the scale differs going backward: the factor is what x was multiplied by, so mask / (1 − p) "
            "where training divides by 1 − p."
        )
    elif training and np.array_equal(factor == 0, answer.kept):
        yield "the factor is zero where units were kept: take the mask itself, not its opposite."
    elif training and np.allclose(factor, 1 - ratio, rtol=1e-4, atol=1e-6):
        yield "the factor is 1 − what x was multiplied by: take that itself, not its opposite."
    elif training:
        yield "backward has another mask than forward: draw it once, and keep it in a variable."
    elif not np.array_equal(factor != 0, np.ones(factor.shape, dtype=bool)):
        yield "in use the factor still holds a mask: there every unit speaks."
    else:
        yield "in use the factor is not what x was multiplied by."


def _draw_slips(function, x, p):
    """Yield what is wrong with where masks come from."""
    rng = np.random.default_rng(7)
    one, two = (_call(function, x, p, UP, True, rng).kept for _ in range(2))
    again = _call(function, x, p, UP, True, np.random.default_rng(7)).kept
    if one.all() or not one.any():
        return
    if np.array_equal(one, two):
        yield "the same mask comes at every call: draw a new one from the rng handed in."
    elif np.ptp(one.sum(axis=1)) and _count(function, x, p) == 1:
        yield "equally many entries are dropped each time: each is drawn by itself, whatever the others do."
    elif not np.array_equal(one, again):
        yield "the mask does not come from the rng handed in: rng.random(x.shape)."


def _count(function, x, p):
    """Return how many different numbers of entries are kept in five draws."""
    rng = np.random.default_rng(8)
    return len({int(_call(function, x, p, UP, True, rng).kept.sum()) for _ in range(5)})


def _measured(function):
    """Say what was seen where no name fits both problems."""
    shape, p = PROBLEMS[0]
    answer = _call(function, _inputs(shape), p, UP, True, np.random.default_rng(1))
    share = 1 - answer.kept.mean()
    return (
        f"not by a slip that is known here. At p = {p:g} in training {share:.2f} of y is zero, and the "
        f"mean of y is {answer.y.mean() / answer.x.mean():.2f} times that of x; it should be 1."
    )


def _ends(function):
    """Refuse what fails at p = 0, or for one sample."""
    for shape, p in (((4, 3), 0.0), ((1, 6), 0.5)):
        x = _inputs((max(shape[0], 1), *shape[1:]))
        for mode in MODES:
            answer = _call(function, x, p, mode, True, np.random.default_rng(0))
            if p == 0 and not np.allclose(answer.y, x):
                raise AnswerError("at p = 0 nothing is dropped, and y is x.")
            scales = {round(float(r), 6) for r in answer.ratio.ravel()}
            allowed = {0.0, round(_right_scale(mode, True, 1 - p), 6)}
            if not scales <= allowed:
                first, *_ = sorted(scales - allowed)
                raise AnswerError(f"at p = {p:g}, {mode}, an entry is multiplied by {first:g} in training.")
