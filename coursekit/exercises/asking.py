"""Whether a checker is only asked if an answer is right, as the search for a mending change does."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

TENTHS = "tenths right:"  # then comes a letter, a later one if more is right
_ONLY = ContextVar("only", default=False)


def only_asked() -> bool:
    """Whether nobody will read what is said of a wrong answer, so that no slip need be searched."""
    return _ONLY.get()


@contextlib.contextmanager
def asking_only() -> Iterator[None]:
    """Let checkers say whether an answer is right, and no more."""
    token = _ONLY.set(True)
    try:
        yield
    finally:
        _ONLY.reset(token)
