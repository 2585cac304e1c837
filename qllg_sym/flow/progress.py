"""Progress of an integration: a bar on the terminal, or a function of the fraction done."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from warnings import catch_warnings, simplefilter


def quiet(done: float) -> None:
    """Show no progress.

    >>> quiet(0.5)
    """


class Progress:
    """A context manager that gives a function of the fraction done.

    >>> seen = []
    >>> with Progress(seen.append) as show: show(0.5)
    >>> seen
    [0.5]
    """

    def __init__(self, progress: Any, name: str = "solve") -> None:
        self._progress, self._name = progress, name
        self._bar: Any = None

    def __enter__(self) -> Callable[[float], None]:
        if self._progress is True:
            with catch_warnings():
                simplefilter("ignore")          # of notebooks without ipywidgets, which get the bar as text
                tqdm: Any = import_module("tqdm.auto").tqdm
            shape = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
            self._bar = tqdm(total=1.0, desc=self._name, bar_format=shape, leave=False)
        return self._show if self._progress else quiet

    def _show(self, done: float) -> None:
        """Show the fraction done."""
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif callable(self._progress):
            self._progress(done)

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()
