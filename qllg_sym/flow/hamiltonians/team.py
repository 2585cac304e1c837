"""Threads that share the items of a loop in C, where Python's lock is released."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def available_cores() -> int:
    """Return the number of cores that this process may use.

    >>> available_cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Team:
    """A number of threads, started on first use.

    >>> done = []; Team(2).share(lambda begin, end: done.append((begin, end)), 8, least=4); sorted(done)
    [(0, 4), (4, 8)]
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._known: tuple[int, ThreadPoolExecutor] | None = None

    def share(self, work: Callable[[int, int], None], items: int, least: int) -> None:
        """Call work(begin, end) for shares of all items, none of which is smaller than `least` unless it is alone."""
        shares = max(1, min(self._threads, items // least))
        edges = [items * k // shares for k in range(shares + 1)]
        if shares == 1:
            work(0, items)
        else:
            list(self._pool.map(work, edges[:-1], edges[1:]))

    @property
    def _pool(self) -> ThreadPoolExecutor:
        """The threads; a fork of the process that made them has none of them, and starts its own."""
        if self._known is None or self._known[0] != os.getpid():
            self._known = os.getpid(), ThreadPoolExecutor(self._threads, thread_name_prefix="qllg-action")
        return self._known[1]
