"""A number of fresh processes: spawned, so that they hold no lock and no thread of this one."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.reduction import ForkingPickler
from numbers import Integral
from typing import Any

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.parallel.executors import Chunked, Chunks, Keep, Show, Solve
from qllg_sym.parallel.executors._futures import collect

NAME = "a number of processes"


def takes(executor: Any) -> bool:
    """Return whether this is a number of processes.

    >>> takes(2), takes(True)
    (True, False)
    """
    return isinstance(executor, Integral) and not isinstance(executor, bool)


def each(executor: int, solve: Solve, whole: Chunked, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Have chunks solved by processes, which end with the last of them.

    Raises:
        InputError: less than one process.
        InputTypeError: something in them cannot be sent to another process.
    """
    if executor < 1:
        raise InputError(f"`executor` must be at least one process, but is {executor}; write executor=2.")
    _check_travels(whole)
    pool = ProcessPoolExecutor(min(int(executor), len(chunks)), get_context("spawn"))
    try:
        collect(pool, solve, whole, chunks, keep, show)
    except BaseException:               # Ctrl-C among others: nobody waits for what was begun
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _check_travels(whole: Chunked) -> None:
    """Refuse functions that another process cannot import, each by its name."""
    for name, part in whole.sent.items():
        try:
            ForkingPickler.dumps(part)
        except Exception as error:
            raise InputTypeError(f"`{name}` must be something that can be sent to another process, but is not "
                                 f"({error}); define functions at the top of a module, or leave out "
                                 "`executor`.") from None
