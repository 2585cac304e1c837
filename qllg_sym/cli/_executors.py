"""Who does the work of a command, and lines of progress: what several commands share."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qllg_sym.cli._console import progress_wanted
from qllg_sym.errors import InputError


def add_executors(parser: ArgumentParser, what: str) -> None:
    """Declare --scheduler, --processes and --checkpoint."""
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, such as tcp://127.0.0.1:8786")
    parser.add_argument("--processes", metavar="N", type=int, help="how many (default: threads of this one)")
    parser.add_argument("--checkpoint", metavar="DIR", help=f"folder from which {what} that was killed goes on")


def check_executors(args: Namespace) -> None:
    """Refuse both at once.

    Raises:
        InputError: a scheduler and processes.
    """
    if args.scheduler and args.processes is not None:
        raise InputError("`--scheduler` must stand without `--processes`, but both are given; drop one.")


@contextmanager
def executor_of(args: Namespace) -> Iterator[Any]:
    """Yield who does the work; a cluster is left at the end."""
    if not args.scheduler:
        yield args.processes
        return
    from qllg_sym.parallel.executors.dask import connected
    client = connected(args.scheduler)
    try:
        yield client
    finally:
        client.close(timeout=2)


def progress_of(args: Namespace) -> Any:
    """Return how progress is shown: a bar, lines, or not at all where a program reads along."""
    return True if progress_wanted(args) else False if args.json else _Lines(args.command)


class _Lines:
    """Progress where no terminal shows a bar: a line for each tenth that is done."""

    def __init__(self, command: str) -> None:
        self._command, self._told = command, 0

    def __call__(self, done: float) -> None:
        """Tell the fraction done, if it is a tenth more."""
        if int(10 * done) > self._told:
            self._told = int(10 * done)
            print(f"qllg {self._command}: {10 * self._told} % done", file=sys.stderr, flush=True)
