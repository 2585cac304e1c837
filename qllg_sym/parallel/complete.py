"""All chunks of what is computed: those that a checkpoint keeps, and the others by an executor."""

import os
from typing import Any

from qllg_sym.flow.progress import quiet
from qllg_sym.parallel.checkpoint import Checkpoint
from qllg_sym.parallel.chunked import Chunked, ChunkResults, Solve
from qllg_sym.parallel.executors import Keep, Show, executor_kind


def complete(whole: Chunked, solve: Solve, put: Keep, executor: Any = None,
             checkpoint: str | os.PathLike[str] | None = None, show: Show = quiet) -> None:
    """Have every chunk solved that is not kept yet, and hand on what each gave.

    Args:
        whole: what is computed.
        solve: a function that other processes can import.
        put: takes what a chunk gave, from any thread, in any order.
        executor: as of `sweep`.
        checkpoint: a folder; a chunk is a file there before it is handed on.
        show: takes the fraction done.

    Raises:
        QllgError: no executor, or one that lost chunks; a checkpoint of something else.
        KeyboardInterrupt: where `show` raised it.
    """
    kind, kept = executor_kind(executor), None if checkpoint is None else Checkpoint(checkpoint, whole)
    total, known = sum(map(len, whole.chunks)), set[int]()
    for part in kept.done(whole.chunks) if kept else ():
        put(part)
        known.add(part.number)
    rest = [chunk for chunk in whole.chunks if chunk.number not in known]
    before = total - sum(map(len, rest))

    def keep(part: ChunkResults) -> None:
        """Write a chunk before it counts as done."""
        if kept:
            kept.keep(part)
        put(part)

    show(before / total)
    if rest:
        kind.each(executor, solve, whole, rest, keep, lambda done: show((before + done) / total))
