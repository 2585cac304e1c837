"""Chunks of a batch on several threads, while the calling thread shows progress and takes Ctrl-C."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Any, TypeVar

Chunk = TypeVar("Chunk", bound=Sized)
Found = TypeVar("Found")
Show = Callable[[float], None]
PATIENCE = 0.05         # seconds between two looks at progress


class Crew:
    """Threads that solve chunk after chunk.

    Args:
        threads: how many.
        show: called in the calling thread with the number of rows done; may raise KeyboardInterrupt.

    Attributes:
        interrupted: whether Ctrl-C ended the work; chunks in work then gave what they had, those after them nothing.

    >>> crew = Crew(2, lambda rows: None)
    >>> list(crew.each([[0, 1], [2]], lambda chunk, look: len(chunk)))
    [2, 1]
    """

    def __init__(self, threads: int, show: Show) -> None:
        self._threads, self._show = threads, show
        self._ended, self.interrupted = Event(), False
        self._rows: dict[int, float] = {}

    def each(self, chunks: Sequence[Chunk], solve: Callable[[Chunk, Show], Found]) -> Iterator[Found]:
        """Yield solve(chunk, look) in order; `solve` calls look(part done), which raises KeyboardInterrupt at the end.

        A chunk more than there are threads is begun ahead, so that results never pile up.
        """
        begun: deque[Future[Any]] = deque()
        with ThreadPoolExecutor(self._threads, thread_name_prefix="qllg-batch") as pool:
            try:
                for k, chunk in enumerate(chunks):
                    begun.append(pool.submit(self._one, k, chunk, solve))
                    if len(begun) > self._threads:
                        yield from self._result(begun.popleft())
                    if self._ended.is_set():
                        break
                while begun:
                    yield from self._result(begun.popleft())
            finally:                            # an error, or nobody wants more: let threads come to an end
                self._ended.set()

    def _one(self, k: int, chunk: Chunk, solve: Callable[[Chunk, Show], Found]) -> Found | None:
        """Solve a chunk in a thread; None where the work was over before."""
        def look(part: float) -> None:
            """Take the part done, and end where the work is over."""
            self._rows[k] = part * len(chunk)
            if self._ended.is_set():
                raise KeyboardInterrupt

        if self._ended.is_set():
            return None
        found = solve(chunk, look)
        self._rows[k] = len(chunk)
        return found

    def _result(self, future: Future[Any]) -> Iterator[Any]:
        """Wait for a chunk, showing progress; yield what it gave, if anything."""
        try:
            while wait([future], PATIENCE).not_done:
                self._tell()
            self._tell()
        except KeyboardInterrupt:
            self.interrupted = True
            self._ended.set()
        try:
            found = future.result()
        except KeyboardInterrupt:               # where `solve` could not keep anything
            self.interrupted = True
            self._ended.set()
            return
        if found is not None:
            yield found

    def _tell(self) -> None:
        """Show how many rows are done, unless the work is over."""
        if not self._ended.is_set():
            self._show(sum(list(self._rows.values())))
