"""One thread of BLAS where matrices are small: several wait for each other longer than they work.

OpenBLAS shares a matrix of some 65 rows and more among all cores, and each core spins until the last one is done. Where
other processes have the cores, too, a diagonalisation of d = 128 then took 5.6 s, on one thread 70 ms; with the machine
to itself 7 ms and 2.3 ms. The number of threads belongs to the process: it is set once, however many solve at the same
time, and given back when the last of them is done. threadpoolctl knows the libraries; without it (`pip install
'qllg-sym[threads]'`) they keep their threads, unless OPENBLAS_NUM_THREADS=1 stands in the environment.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from threading import Lock
from typing import Any

SMALLEST, LARGEST = 33, 256         # dimensions of matrices: smaller ones are not shared, larger ones gain by it


def one_thread(dimension: int) -> AbstractContextManager[Any]:
    """Return a context in which BLAS works on one thread, if matrices of this dimension gain by that.

    >>> with one_thread(128): pass
    """
    small = SMALLEST <= dimension <= LARGEST
    return _OneThread() if small and _libraries() is not None else nullcontext()


class _OneThread:
    """A context that the first to enter sets and the last to leave takes back."""

    lock = Lock()
    inside = 0
    limit: Any = None

    def __enter__(self) -> None:
        """Set one thread."""
        with self.lock:
            if _OneThread.inside == 0:
                _OneThread.limit = _libraries().limit(limits=1)
            _OneThread.inside += 1

    def __exit__(self, *error: object) -> None:
        """Give back what was there."""
        with self.lock:
            _OneThread.inside -= 1
            if _OneThread.inside == 0:
                _OneThread.limit.restore_original_limits()


@cache
def _libraries() -> Any:
    """Return the BLAS libraries of this process as threadpoolctl finds them, in 3 ms; None without it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")
