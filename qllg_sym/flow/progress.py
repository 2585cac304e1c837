"""Progress of an integration: a bar on the terminal, or a function of the fraction done."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray


class Progress:
    """A context manager that gives a function of time to call after every step.

    >>> import numpy as np
    >>> seen = []
    >>> with Progress(seen.append, np.array([0.0, 2.0])) as watch: watch(1.0)
    >>> seen
    [0.5]
    """

    def __init__(self, progress: Any, times: NDArray[Any]) -> None:
        self._progress, self._first = progress, float(times[0])
        self._span = float(times[-1] - times[0]) or 1.0
        self._bar: Any = None

    def __enter__(self) -> Callable[[float], None]:
        if self._progress is True:
            from tqdm import tqdm
            shape = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
            self._bar = tqdm(total=1.0, desc="solve", bar_format=shape, leave=False)
        return self._watch

    def _watch(self, t: float) -> None:
        """Show the fraction done at a time."""
        done = (t - self._first) / self._span
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif callable(self._progress):
            self._progress(done)

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()
