"""Threads: shares of one loop, or chunk after chunk while the calling thread shows progress and takes Ctrl-C."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Any, TypeVar

Chunk = TypeVar("Chunk", bound=Sized)
Outcome = TypeVar("Outcome")
Show = Callable[[float], None]
PATIENCE = 0.05         # seconds between two looks at progress


def available_cores() -> int:
    """Return the number of cores that this process may use.

    >>> available_cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Threads:
    """A number of threads, started on first use.

    >>> done = []; Threads(2).share(lambda begin, end: done.append((begin, end)), 8, least=4); sorted(done)
    [(0, 4), (4, 8)]
    >>> list(Threads(2).each([[0, 1], [2]], lambda chunk, look: len(chunk), lambda rows: None))
    [2, 1]
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._known: tuple[int, ThreadPoolExecutor] | None = None

    def share(self, work: Callable[[int, int], None], items: int, least: int) -> None:
        """Call work(begin, end) for shares of all items, none of which is smaller than `least` unless it is alone."""
        shares = max(1, min(self._count, items // least))
        edges = [items * k // shares for k in range(shares + 1)]
        if shares == 1:
            work(0, items)
        else:
            list(self._pool.map(work, edges[:-1], edges[1:]))

    def each(self, chunks: Sequence[Chunk], solve: Callable[[Chunk, Show], Outcome], show: Show) -> Iterator[Outcome]:
        """Yield solve(chunk, look) in order; a chunk more than there are threads is begun ahead, results never pile up.

        Args:
            chunks: what is to be done.
            solve: calls look(part done), which raises KeyboardInterrupt where the work is over.
            show: called in this thread with the number of rows done; may raise KeyboardInterrupt.

        Raises:
            KeyboardInterrupt: at the end, after Ctrl-C: chunks in work then gave what they had, those after them
                nothing.
        """
        turn: _Turn = _Turn(show)
        begun: deque[Future[Any]] = deque()
        try:
            for k, chunk in enumerate(chunks):
                begun.append(self._pool.submit(turn.one, k, chunk, solve))
                if len(begun) > self._count:
                    yield from turn.result(begun.popleft())
                if turn.ended.is_set():
                    break
            while begun:
                yield from turn.result(begun.popleft())
        finally:                                # an error, or nobody wants more: let threads come to an end
            turn.ended.set()
            self._pool.shutdown()
            self._known = None
        if turn.interrupted:
            raise KeyboardInterrupt

    @property
    def _pool(self) -> ThreadPoolExecutor:
        """The threads; a fork of the process that made them has none of them, and starts its own."""
        if self._known is None or self._known[0] != os.getpid():
            self._known = os.getpid(), ThreadPoolExecutor(self._count, thread_name_prefix="qllg")
        return self._known[1]


class _Turn:
    """Chunks that are in work: how many rows of each are done, and whether the work is over."""

    def __init__(self, show: Show) -> None:
        self._show, self._rows = show, dict[int, float]()
        self.ended, self.interrupted = Event(), False

    def one(self, k: int, chunk: Chunk, solve: Callable[[Chunk, Show], Outcome]) -> Outcome | None:
        """Solve a chunk in a thread; None where the work was over before."""
        def look(part: float) -> None:
            """Take the part done, and end where the work is over."""
            self._rows[k] = part * len(chunk)
            if self.ended.is_set():
                raise KeyboardInterrupt

        if self.ended.is_set():
            return None
        found = solve(chunk, look)
        self._rows[k] = len(chunk)
        return found

    def result(self, future: Future[Any]) -> Iterator[Any]:
        """Wait for a chunk, showing progress; yield what it gave, if anything."""
        try:
            while wait([future], PATIENCE).not_done:
                self._tell()
            self._tell()
        except KeyboardInterrupt:
            self._interrupt()
        try:
            found = future.result()
        except KeyboardInterrupt:               # where `solve` could not keep anything
            self._interrupt()
            return
        if found is not None:
            yield found

    def _interrupt(self) -> None:
        """End the work."""
        self.interrupted = True
        self.ended.set()

    def _tell(self) -> None:
        """Show how many rows are done, unless the work is over."""
        if not self.ended.is_set():
            self._show(sum(list(self._rows.values())))
