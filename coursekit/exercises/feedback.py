"""The answer of a checker, and how it calls a learner's function."""

import contextlib
import functools
import html
import inspect
import io
import re
import reprlib
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from coursekit import palette
from coursekit.exercises.asking import asking_only
from coursekit.exercises.repair.search import BROKEN, place_of, repaired


@dataclass(frozen=True)
class Feedback:
    """What a checker found.

    Attributes
    ----------
    passed : bool
    message : str
        On success what was confirmed; otherwise the likely bug and what to look at.
    """

    passed: bool
    message: str

    def __repr__(self) -> str:
        return f"{'Right' if self.passed else 'Not yet'}: {self.message}"

    def _repr_html_(self) -> str:
        colour, word = (palette.RIGHT, "Right.") if self.passed else (palette.WRONG, "Not yet.")
        return (
            f'<div role="status" style="border-left:5px solid {colour}; padding:6px 12px; margin:4px; '
            f'max-width:60em"><b>{word}</b> {html.escape(self.message)}</div>'
        )


# How long an answer may take, and what of it is left for the search at least.
SECONDS, AT_LEAST = 1.0, 0.4

# What is shown of a wrong thing that is handed in; how many letters of what an error says.
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
LONGEST = 300
_ONE_PRINTS = threading.RLock()  # what is printed belongs to the whole process

ALSO = " Also, "  # joins the slips of an answer that has several


class AnswerError(Exception):
    """Raised inside a checker with the message for the learner."""


class UnnamedError(AnswerError):
    """An `AnswerError` that says what was measured, or what broke, and not yet why.

    Parameters
    ----------
    message : str
    stays : bool
        Whether the message is told even where the reason is found: what Python said, a wrong shape.
    advice : str
        What is told behind it, after a colon, where no reason is found.
    """

    def __init__(self, message: str, *, stays: bool = False, advice: str = "") -> None:
        super().__init__(f"{message}: {advice}" if advice else message)
        self.message, self.stays = f"{message}." if advice else message, stays


def checked(check: Callable[..., str]) -> Callable[..., Feedback]:
    """Turn a checker that raises `AnswerError` or returns a message into one that returns Feedback.

    Whatever the learner's code raises becomes feedback too: a checker never fails. Where no slip is known
    by name, the change is searched that makes the learner's own program right.
    """

    def checker(*args: object, **kwargs: object) -> Feedback:
        start = time.thread_time()
        try:
            return Feedback(True, check(*args, **kwargs))
        except AnswerError as wrong:
            return Feedback(False, _named(check, args, kwargs, wrong, time.thread_time() - start))

    functools.update_wrapper(checker, check, assigned=("__name__", "__doc__"), updated=())
    return checker


def _named(check, args, kwargs, wrong, spent):
    """Return the message, with the change that would make the program right if there is one.

    Two slips may come out by chance as what one slip gives: where a single change mends the program, that
    is the reason. Of one slip that has a name only the place is told.
    """
    unnamed, single = isinstance(wrong, UnnamedError), ALSO not in str(wrong)

    def ask(changed):
        with asking_only():
            try:
                check(changed, *args[1:], **kwargs)
            except UnnamedError as error:
                return BROKEN if error.stays else _stage(str(error))
            except AnswerError as error:
                return _stage(str(error))
            except Exception:
                return BROKEN
        return None

    if not args:
        return str(wrong)
    left = max(AT_LEAST, SECONDS - spent)
    if single and not unnamed:
        place = place_of(args[0], ask, left)
        return " ".join(filter(None, [str(wrong), place]))
    found = repaired(args[0], ask, left, most=2 if unnamed else 1)
    if not found:
        return str(wrong)
    return (
        f"{wrong.message} In your program {found}"
        if unnamed and wrong.stays
        else f"in your program {found}"
    )


def _stage(message):
    """Return how far a check came: what it says up to the first number."""
    return re.split(r"[\d\[]", message)[0]


def call(function: Callable, *args: object, when: str = "") -> object:
    """Call the learner's function; say in words what went wrong if it raises or returns nothing.

    Parameters
    ----------
    when : str
        In which of several calls, such as " in training".

    Raises
    ------
    AnswerError
        If it is no function, raises, or returns None.
    """
    if not callable(function):
        raise AnswerError(f"hand in the function itself, without brackets; got {_shown(function)}.")
    printed = io.StringIO()
    try:
        with _ONE_PRINTS, contextlib.redirect_stdout(printed):
            value = function(*args)
    except (Exception, SystemExit) as error:
        raise UnnamedError(raised(error, function), stays=True) from error
    finally:
        print(printed.getvalue(), end="")
    if inspect.iscoroutine(value):
        value.close()
        raise AnswerError("your function is an async one, which returns no result: write def alone.")
    if value is None and printed.getvalue().strip():
        raise AnswerError("your function prints its result and returns nothing: write return, not print.")
    if value is Ellipsis or (value is None and _unfinished(function)):
        raise AnswerError("your function returns nothing yet: replace the ... and return the result.")
    if value is None:
        raise UnnamedError(
            f"your function returns nothing{when}",
            stays=True,
            advice="a return is missing. End it with return and the result, in every branch.",
        )
    return value


def raised(error: BaseException, function: Callable) -> str:
    """Say what a learner's function raised, what that is in NumPy, and in which of its lines."""
    said = _words_of(error)
    return (
        f"your function raised {type(error).__name__}: {said.rstrip('.')}.{in_numpy(said)}"
        f"{line_of(error, function)}"
    )


def _words_of(error):
    """Return what an error says, as one line that any page can show."""
    try:
        said = " ".join(str(error).split())
    except Exception:
        return "it cannot say why"
    said = "".join(letter for letter in said if letter.isprintable())
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} …"


def _shown(value):
    """Return a value as Python would write it, cut short."""
    try:
        return _SHORT.repr(value)
    except Exception:
        return f"a {type(value).__name__}"


def code_of(function: object) -> CodeType | None:
    """Return the code of a function, if that is what it is."""
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def line_of(error: BaseException, function: Callable) -> str:
    """Return in which line of the learner's function an error was raised, in words; nothing if in none."""
    code = code_of(function)
    if code is None or is_ours(function):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.line for frame in frames if frame.filename == code.co_filename and frame.line]
    return f" That was in the line `{lines[-1][:LONGEST]}`." if lines else ""


def is_ours(function: Callable) -> bool:
    """Whether a function was written here, round one of the learner's."""
    code = code_of(function)
    return code is not None and code.co_filename.startswith(str(Path(__file__).parent))


def _unfinished(function):
    """Whether dots are still left in the function, or nothing is written in it at all."""
    code = code_of(function)
    return (
        code is None
        or Ellipsis in code.co_consts
        or not (code.co_names or code.co_nlocals > code.co_argcount)
    )


IN_NUMPY = (
    (r"keyword argument 'keepdim'", "In NumPy it is keepdims=True."),
    (r"keyword argument 'dim'|missing required argument.*dim", "In NumPy it is axis=."),
    (r"operand type.*for \^", "In Python a power is written **: x ** 2."),
    (r"'generator'", "np.mean and np.sum take a list: put square brackets round … for … in …."),
    (r"name '(sqrt|exp|log|sum|mean|maximum|zeros|ones)' is not defined",
     "It is NumPy's: write np. before it."),
    (r"keyword argument 'unbiased'", "In NumPy it is ddof=0, which is what you get without it."),
    (r"keyword argument 'correction'.*std", "In NumPy it is ddof."),
    (r"no attribute 'view'", "In NumPy it is reshape."),
    (r"no attribute 'permute'", "In NumPy it is transpose."),
    (r"no attribute 'unsqueeze'", "In NumPy it is x[:, None], or keepdims=True."),
    (r"no attribute '(rsqrt|sqrt|square|pow|exp)'", "In NumPy it is np.sqrt(x), and x ** 2."),
    (r"no attribute 'randn'", "A generator has rng.standard_normal(size), or rng.normal(mean, std, size)."),
    (r"no attribute 'rand'", "A generator has rng.random(size), or rng.uniform(low, high, size)."),
    (r"name '(torch|tf|keras|paddle|tnp|jnp|F|nn)' is not defined", "Write it with NumPy, np."),
    (r"name 'np' is not defined|name 'numpy' is not defined",
     "Run the cell that says import numpy as np first."),
    (r"^'int' object is not callable|'tuple' object is not callable", "In NumPy x.shape and x.size are no "
     "functions: x.shape[0], without round brackets."),
    (r"'NoneType' object is not subscriptable",
     "Something is nothing: rng.shuffle(a) and a.sort() change a and return nothing; rng.permutation(n) "
     "returns the order."),
    (r"too many values to unpack|not enough values to unpack",
     "Look at how many things a function or a shape has: n, k = x.shape takes two."),
    (r"does not have enough dimensions \(has 0", "One side of @ is a single number: see whether a mean or "
     "a sum comes too early."),
    (r"math range error|OverflowError", "Take each row's largest off before exp."),
    (r"return arrays must be of ArrayType", "A second argument stands where / or * may be meant."),
    (r"high <= 0|low >= high", "rng.integers draws whole numbers: rng.uniform and rng.normal draw all."),
    (r"'float' object cannot be interpreted as an integer", "A count has to be whole: / makes a float, // "
     "does not; range takes a step as its third argument."),
    (r"index (\d+) is out of bounds for axis \d with size \1$", "Places run from 0 to n − 1. To pick one "
     "of each row takes np.arange(n), not n."),
    (r"matmul: Input operand|not aligned", "In a @ b the last length of a has to be the first of b: see "
     "whether a transpose, x.T, is missing or one too many."),
    (r"cannot reshape array", "The lengths of the new shape have to multiply to the number of entries."),
    (r"axis \d is out of bounds",
        "An array of two axes has axis 0 and axis 1; see whether one was summed away already."),
    (r"'list' object|unsupported operand type.*'list'", "A list is no array: np.array(it) is one."),
    (r"only integer scalar arrays|only integers, slices|arrays used as indices",
     "Places to index with have to be whole numbers."),
    (r"truth value of an array", "An if, and, or, not takes one truth value, and an array "
     "has many: np.where, a mask in square brackets, or .mean(), .any(), .all() of it. A parameter such as "
     "training is True or False: is an array handed over in its place?"),
    (r"unsupported operand type.*'ellipsis'|'ellipsis'", "Some ... are left: replace each of them."),
    (r"not defined|referenced before assignment|not associated with a value", "It is used before it is "
     "made: is it made only in a branch that was not taken, or spelled otherwise?"),
)  # fmt: skip


def in_numpy(said: str) -> str:
    """Return what helps against an error that NumPy or Python raised, or nothing."""
    return next((f" {help_}" for pattern, help_ in IN_NUMPY if re.search(pattern, said)), "")
