"""Threads of this process: compiled batches leave Python's lock, so that they share all cores."""

from typing import Any

from qllg_sym.flow.threads import Threads, available_cores
from qllg_sym.studies.chunk_results import Look, solve_chunk
from qllg_sym.studies.executors import Chunk, Chunks, Keep, ParameterStudy, Show

NAME = "threads of this process"


def takes(executor: Any) -> bool:
    """Return whether nobody else is asked.

    >>> takes(None)
    True
    """
    return executor is None


def each(executor: None, study: ParameterStudy, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Solve chunks on all cores."""
    def one(chunk: Chunk, look: Look) -> bool:
        keep(solve_chunk(study, chunk, look))
        return True

    for _ in Threads(min(available_cores(), len(chunks))).each(chunks, one, show):
        pass
