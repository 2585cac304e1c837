"""A Dask cluster: its client hands chunks to workers, and to others where a worker is lost."""

from importlib import import_module
from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.parallel.executors import Chunked, Chunks, Keep, Show, Solve
from qllg_sym.parallel.executors._futures import ExecutorError, collect

NAME = "a dask.distributed Client"
RETRIES = 2             # of a chunk whose worker raised; one whose worker is lost goes to another anyway
SECONDS = 5.0           # in which a scheduler must answer


def takes(executor: Any) -> bool:
    """Return whether this is a client, told by what it can do: Dask need not be installed.

    >>> takes(None)
    False
    """
    return all(hasattr(executor, name) for name in ("get_executor", "scheduler_info", "submit", "gather"))


def each(executor: Any, solve: Solve, whole: Chunked, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Have chunks solved by the workers; the client stays open.

    Raises:
        ExecutorError: the client has lost its scheduler.
    """
    def check() -> None:
        """Raise where the scheduler is gone: its futures would wait for ever."""
        if executor.status != "running":
            raise ExecutorError("`executor` must be connected to its scheduler, but is not any more "
                                f"({executor.status}); start the {whole.noun} again with a new Client.")

    check()
    pool = executor.get_executor(pure=False, retries=RETRIES)
    try:
        collect(pool, solve, whole, chunks, keep, show, check)
    finally:
        pool.shutdown(wait=False)


def connected(address: str) -> Any:
    """Return a client of the scheduler at an address, such as tcp://127.0.0.1:8786.

    Raises:
        InputError: Dask is missing, or no scheduler answers there within a few seconds.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InputError("A scheduler needs dask.distributed, but it is not installed; run pip install "
                         "qllg_sym[cluster].") from None
    try:
        return distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"A scheduler must answer at {address}, but none does ({sentence_of(error)}); start one with "
                         "`dask scheduler`, or look at the address.") from None


def sentence_of(error: BaseException) -> str:
    """Return the first line of an error of another library, without its last dot."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
