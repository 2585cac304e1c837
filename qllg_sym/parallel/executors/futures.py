"""Any executor of the standard library's kind: of concurrent.futures, mpi4py, loky and others."""

from concurrent.futures import Executor
from typing import Any

from qllg_sym.parallel.executors import Chunked, Chunks, Keep, Show, Solve
from qllg_sym.parallel.executors._futures import collect

NAME = "a concurrent.futures Executor"


def takes(executor: Any) -> bool:
    """Return whether this is an executor.

    >>> takes(2)
    False
    """
    return isinstance(executor, Executor)


def each(executor: Executor, solve: Solve, whole: Chunked, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Have chunks solved; the executor stays open."""
    collect(executor, solve, whole, chunks, keep, show)
