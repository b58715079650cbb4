"""What checkers of array-valued answers share: turn what came into an array, and name what it equals."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from coursekit.exercises.feedback import AnswerError, UnnamedError, call, code_of, is_ours, line_of


def call_on_copies(
    function: Callable,
    *args: object,
    if_shapes_clash: str = "",
    may_write: Sequence[int] = (),
    when: str = "",
) -> object:
    """Call the learner's function on copies of the arrays among `args`, which have to stay as they are.

    Parameters
    ----------
    if_shapes_clash : str
        What to say in the place of NumPy's own words on shapes that cannot be broadcast.
    may_write : sequence of int
        The places of those that the function may write into, as one may that keeps running statistics.
    when : str
        In which of several calls, such as " in training": it is told if nothing is returned there.

    Raises
    ------
    AnswerError
        As `call` does, and if an array was changed.
    """
    given = [np.array(a) if isinstance(a, np.ndarray) else a for a in args]
    try:
        value = call(function, *given, when=when)
    except AnswerError as error:
        if if_shapes_clash and any(said in str(error) for said in ("broadcast", "shape-mismatch")):
            where = line_of(error.__cause__ or error, function)
            raise UnnamedError(f"shapes do not fit: {if_shapes_clash}{where}", stays=True) from None
        raise
    for place, (mine, handed) in enumerate(zip(args, given, strict=True)):
        if place in may_write or not isinstance(mine, np.ndarray):
            continue
        if not np.array_equal(mine, np.asarray(handed)):
            raise AnswerError(
                f"your function changes an array that it was given{_called(function, place)}: make a new "
                "one (a = a - b, not a -= b)."
            )
    return _copied(value)


def _copied(value):
    """Return arrays of their own: a function may fill the same one at each call."""
    if type(value) in (tuple, list):
        return type(value)(part.copy() if type(part) is np.ndarray else part for part in value)
    return value.copy() if type(value) is np.ndarray else value


def _called(function, place):
    """Return how the learner calls the argument at that place, if that can be seen."""
    code = None if is_ours(function) else code_of(function)
    return f", {code.co_varnames[place]}" if code and place < code.co_argcount else ""


def as_array(
    name: str, value: object, shape: tuple[int, ...], hints: Mapping[tuple, str] | None = None
) -> np.ndarray:
    """Return `value` as a finite float array of that shape, else say what is wrong with it.

    Parameters
    ----------
    name : str
        What the value should be.
    shape : tuple of int
        () for a single number.
    hints : mapping from tuple to str, optional
        For wrong shapes that one can explain, a sentence each.

    Raises
    ------
    AnswerError
        If it is no array of real numbers, has another shape, or holds nan or inf.
    """
    if value is Ellipsis or value is None:
        raise AnswerError(f"{name} is not there yet: replace the ... by your formula, and return it.")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iufO":
            raise TypeError("no real numbers")
        array = array.astype(float)  # a copy: a function may fill the same array at each call
    except Exception:
        kind = (
            f"an array of {value.dtype}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"
        )
        raise AnswerError(f"{name} should be an array of numbers; yours is {kind}.") from None
    if array.shape != shape:
        wanted = f"have the shape {shape}" if shape else "be one number"
        of_shape = f"yours has {array.shape}" if shape else f"yours has the shape {array.shape}"
        hint = _hint(array.shape, shape, hints or {})
        said = f"{name} should {wanted}; {of_shape}.{hint}"
        raise AnswerError(said) if hint else UnnamedError(said, stays=True)
    if not np.isfinite(array).all():
        raise UnnamedError(
            f"{name} holds nan or infinite numbers",
            stays=True,
            advice="look at what a root or log is taken of (a negative number?), at what divides (0?), and "
            "at what is raised to a power.",
        )
    return array


def _hint(came, wanted, hints):
    """Return what may have led to a wrong shape."""
    if came in hints:
        return f" {hints[came]}"
    if came != wanted and sorted(d for d in came if d != 1) == sorted(d for d in wanted if d != 1):
        if len(came) > len(wanted):
            return " An axis of length 1 is left (by keepdims=True, or square brackets): leave it out here."
        if len(came) == len(wanted) >= 2:
            return " Its axes are in another order: transpose it back."
    if came == ():
        return " It is summed or averaged over everything: say over which axis."
    if np.prod(came) == np.prod(wanted):
        return " It has as many numbers as it should: reshape it back."
    return ""


def equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree to what float32 can hold."""
    return np.allclose(a, b, rtol=1e-4, atol=1e-4)


def say_where(name: str, value: np.ndarray, right: np.ndarray) -> str:
    """Return what the entry that is farthest off should be; entries are counted from 0, as in NumPy."""
    place = np.unravel_index(np.abs(value - right).argmax(), right.shape)
    where = ", ".join(map(str, place))
    wanted, got = told_apart(float(right[place]), float(value[place]))
    return f"{name}[{where}] should be {wanted}; yours is {got}."


def told_apart(right: float, value: float) -> tuple[str, str]:
    """Return two numbers in words, with four digits, or more if they would look alike."""
    digits = next((d for d in (4, 6, 8, 12) if f"{value:.{d}g}" != f"{right:.{d}g}"), 17)
    return f"{right:.{digits}g}", f"{value:.{digits}g}"


def name_the_bug(value: np.ndarray, likely: Iterable[tuple[np.ndarray, str]]) -> None:
    """Raise AnswerError with the message of the first array that `value` equals."""
    for wrong, message in likely:
        if equal(value, wrong):
            raise AnswerError(message)


BENDS: tuple[tuple[Callable, str], ...] = (
    (
        lambda r: np.maximum(r, 0),
        "The numbers are right, but negative ones are set to 0, as ReLU does: leave that out.",
    ),
    (np.abs, "The numbers are right but for their sign: negative ones have lost it."),
    (np.tanh, "The numbers are right, put through a tanh: leave that out."),
    (lambda r: 1 / (1 + np.exp(-r)), "The numbers are right, put through a sigmoid: leave that out."),
    (np.square, "The numbers are right, and squared at the end: leave that out."),
    (np.exp, "The numbers are right, and raised to a power of e at the end: leave that out."),
    (lambda r: r[::-1], "The numbers are right, in reverse order along the first axis."),
)


def cut_short(values: Sequence[np.ndarray], rights: Sequence[np.ndarray]) -> str:
    """Return a sentence if all values are the right ones rounded, cut or bent at the end, else nothing."""
    pairs = list(zip(values, rights, strict=True))
    for cut in (np.trunc, np.round, np.floor):
        if all(np.array_equal(v, cut(r)) for v, r in pairs) and any(np.any(v) for v in values):
            return (
                "The numbers are right, cut to whole numbers: an array of whole numbers (dtype=int, or "
                "made like one) drops what comes behind the point."
            )
    with np.errstate(all="ignore"):
        for bend, says in BENDS:
            if all(np.ndim(v) and equal(v, bend(r)) for v, r in pairs):
                return says
    for digits in range(1, 5):
        if all(np.allclose(v, np.round(r, digits), rtol=0, atol=1e-9) for v, r in pairs):
            return f"The numbers are right, rounded to {digits} digits: return them as they are."
    return ""


def partly(value: np.ndarray, right: np.ndarray, names: Sequence[str]) -> str:
    """Return a sentence if a part of the value is right, a whole slice along an axis, else nothing.

    Parameters
    ----------
    names : sequence of str
        What each axis counts, such as "sample" and "feature".
    """
    with np.errstate(invalid="ignore"):
        good = np.abs(value - right) <= 1e-4 * (1 + np.abs(right))
    for axis, name in enumerate(names):
        others = tuple(i for i in range(good.ndim) if i != axis)
        fine, spread = good.all(axis=others), right.std(axis=others)
        known = ~fine | (spread > 0.05 * spread.max())  # where nothing varies, any formula looks right
        if fine.all() or not (fine & known).any():
            continue
        right_ones, wrong_ones = (np.flatnonzero(one).tolist() for one in (fine & known, ~fine))
        last = len(fine) - 1
        if wrong_ones == [last]:
            return f"All is right but the last {name}: see whether it is left out."
        if wrong_ones == [0]:
            return f"All is right but the first {name}: see whether it is left out; counting starts at 0."
        if right_ones in ([0], [last]) and len(wrong_ones) > 1:
            which = "first" if right_ones == [0] else "last"
            return f"Only the {which} {name} is right: see whether what belongs to it is used for all."
        return (
            f"Right: {name} {', '.join(map(str, right_ones))}; wrong: {name} "
            f"{', '.join(map(str, wrong_ones))}. Look at what those have in common."
        )
    return ""
