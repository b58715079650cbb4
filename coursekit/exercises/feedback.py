"""The answer of a checker, and how it calls a learner's function."""

import contextlib
import html
import io
from collections.abc import Callable
from dataclasses import dataclass


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
        colour, word = ("#009E73", "Right.") if self.passed else ("#D55E00", "Not yet.")
        return (
            f'<div role="status" style="border-left:5px solid {colour}; padding:6px 12px; margin:4px; '
            f'max-width:60em"><b>{word}</b> {html.escape(self.message)}</div>'
        )


class AnswerError(Exception):
    """Raised inside a checker with the message for the learner."""


def checked(check: Callable) -> Callable:
    """Turn a checker that raises `AnswerError` or returns a message into one that returns Feedback.

    Whatever the learner's code raises becomes feedback too: a checker never fails.
    """

    def checker(*args: object, **kwargs: object) -> Feedback:
        try:
            return Feedback(True, check(*args, **kwargs))
        except AnswerError as wrong:
            return Feedback(False, str(wrong))

    checker.__name__, checker.__doc__ = check.__name__, check.__doc__
    checker.__wrapped__ = check
    return checker


def call(function: Callable, *args: object) -> object:
    """Call the learner's function; say in words what went wrong if it raises or returns nothing.

    Raises
    ------
    AnswerError
        If it is no function, raises, or returns None.
    """
    if not callable(function):
        raise AnswerError(f"hand in the function itself, without brackets; got {function!r}.")
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            value = function(*args)
    except (Exception, SystemExit) as error:
        raise AnswerError(f"your function raised {type(error).__name__}: {error}.") from error
    finally:
        print(printed.getvalue(), end="")
    if value is None and printed.getvalue().strip():
        raise AnswerError("your function prints its result and returns nothing: write return, not print.")
    if value is None or value is Ellipsis:
        raise AnswerError("your function returns nothing yet: replace the ... and return the result.")
    return value
