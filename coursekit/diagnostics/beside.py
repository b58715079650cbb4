"""Two cores for one picture: matrix products on one, the statistics of finished layers on the other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from threadpoolctl import ThreadpoolController

# One worker: what is handed to it is done in order. It is kept, since a new thread starts with fresh
# memory each time, which costs more than the statistics.
BESIDE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="statistics")
_BLAS = ThreadpoolController().select(user_api="blas")


class _OneThread:
    """Counts who asks for one thread: the first of several sets the limit, the last one lifts it."""

    def __init__(self):
        self._lock, self._users, self._limit = threading.Lock(), 0, None

    def __enter__(self):
        with self._lock:
            if not self._users:
                self._limit = _BLAS.limit(limits=1)
                self._limit.__enter__()
            self._users += 1

    def __exit__(self, *error):
        with self._lock:
            self._users -= 1
            if not self._users:
                self._limit.__exit__(None, None, None)


_ONE_THREAD = _OneThread()


def one_blas_thread() -> AbstractContextManager:
    """Keep matrix products on one core for the length of a ``with`` block, which may overlap others.

    The threads of a BLAS wait for one another at every product. Where something else runs too, a browser
    that paints for one, two of them take longer than one: up to four times, on two cores.
    """
    return _ONE_THREAD
