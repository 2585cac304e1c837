"""Threads of this process: compiled batches leave Python's lock, so that they share all cores."""

from typing import Any

from qllg_sym.flow.threads import Threads, available_cores
from qllg_sym.parallel.chunked import Look
from qllg_sym.parallel.executors import Chunk, Chunked, Chunks, Keep, Show, Solve

NAME = "threads of this process"


def takes(executor: Any) -> bool:
    """Return whether nobody else is asked.

    >>> takes(None)
    True
    """
    return executor is None


def each(executor: None, solve: Solve, whole: Chunked, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Solve chunks on all cores."""
    def one(chunk: Chunk, look: Look) -> bool:
        keep(solve(whole, chunk, look))
        return True

    for _ in Threads(min(available_cores(), len(chunks))).each(chunks, one, show):
        pass
