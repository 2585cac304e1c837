"""Chunks as futures: handed out, waited for in any order, called back where somebody ends it all."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import Any

from qllg_sym.errors import QllgError
from qllg_sym.parallel.chunked import ChunkResults, sentence
from qllg_sym.parallel.executors import Chunked, Chunks, Keep, Show, Solve

PATIENCE = 0.2          # seconds between two looks at whether all is well


class ExecutorError(QllgError, RuntimeError):
    """An executor lost chunks."""


def collect(executor: Executor, solve: Solve, whole: Chunked, chunks: Chunks, keep: Keep, show: Show,
            check: Callable[[], None] = lambda: None) -> None:
    """Have chunks done by an executor, and keep each when it comes.

    Args:
        executor: of the standard library's kind.
        solve: a function that other processes can import.
        whole: whose chunks they are.
        chunks: what is to be done.
        keep: takes what a chunk gave.
        show: takes how much is done.
        check: called while waiting; raises where the executor is gone.

    Raises:
        ExecutorError: chunks were lost: a process ended, or cannot run this code; what was done is kept.
    """
    try:
        open_ = {executor.submit(solve, whole, chunk): chunk for chunk in chunks}
    except Exception as error:
        raise chunk_lost(whole, error) from error
    done = 0
    try:
        for future in _completed(set(open_), check):
            keep(_result(whole, future))
            done += len(open_[future])
            show(done)
    finally:
        for future in open_:
            future.cancel()


def _completed(waiting: set[Future[Any]], check: Callable[[], None]) -> Iterator[Future[Any]]:
    """Yield futures as they end, those that gave something first: it is kept before the others are told."""
    while waiting:
        ended, waiting = wait(waiting, PATIENCE, FIRST_COMPLETED)
        yield from sorted(ended, key=lambda future: future.cancelled() or future.exception() is not None)
        if not ended:
            check()


def _result(whole: Chunked, future: Future[ChunkResults]) -> ChunkResults:
    """Return what a chunk gave; what is raised there and is no error of ours is of the executor."""
    try:
        return future.result()
    except QllgError:
        raise
    except (Exception, CancelledError) as error:
        raise chunk_lost(whole, error) from error


def chunk_lost(whole: Chunked, error: BaseException) -> ExecutorError:
    """Return what to say of an executor that failed."""
    return ExecutorError(f"`executor` must solve every chunk, but one was lost ({sentence(error)}); mend that and "
                         f"start the {whole.noun} again, with `checkpoint` it goes on where it was.")
