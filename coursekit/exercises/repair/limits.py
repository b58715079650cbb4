"""What a changed program may take: so much time, so much memory.

A change can make a loop turn for ever, or an array fill the machine. The loops of the program call `tick`,
which ends it when the time is over; the system refuses what goes beyond the memory.
"""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

MEMORY = 2**30
BUSY = 2  # how many times longer than it works a search may last


class TooLateError(BaseException):
    """Raised when the time is over, also inside a changed program: no `except Exception` may catch it."""


class Clock:
    """When to give up: by the time that was worked, and at `BUSY` times that if the machine is busy."""

    def __init__(self, seconds: float) -> None:
        self.worked, self.late = time.thread_time() + seconds, time.perf_counter() + BUSY * seconds

    def tick(self) -> None:
        """End the search, or the program that runs in it, if the time is over."""
        if time.thread_time() > self.worked or time.perf_counter() > self.late:
            raise TooLateError


def memory_held() -> int:
    """Return how many bytes the process has asked for; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmData:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    """Let a changed program that asks for gigabytes fail, where the system can do that."""
    held = memory_held()
    if resource is None or not held:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = held + MEMORY if soft < 0 else min(soft, held + MEMORY)
    try:
        with contextlib.suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
