"""QuTiP's progress bars by their names."""

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from time import perf_counter
from typing import Any

from qllg_sym.errors import InputError, InputTypeError

Show = Callable[[float], None]
WIDTH = 25


def bar_of(name: Any, given: Any = None) -> bool | Show:
    """Return what `solve` takes as `progress`.

    Args:
        name: "tqdm" or True, "text", "enhanced", "html"; "" or False or None for none; or a function of the fraction
            done.
        given: {"chunk_size": percents between two signs of life}, 10 if it is None.

    Raises:
        InputError: a name that is none, chunks that are none, or no notebook for "html".
        InputTypeError: `given` is no mapping.

    >>> bar_of("tqdm"), bar_of("")
    (True, False)
    """
    chunk = _chunk(given)
    if callable(name):
        return name
    if name is None or name is False or name == "":
        return False
    if name is True or name == "tqdm":
        return True
    if not isinstance(name, str) or name not in WRITERS:
        raise InputError(f"`options['progress_bar']` must be of \"\", tqdm, {', '.join(WRITERS)}, a bool or a function "
                         f"of the fraction done, but is {name!r}; write \"text\".")
    return Bar(WRITERS[name](), chunk / 100)


class Bar:
    """A function of the fraction done that writes at every chunk.

    Args:
        write: function of the fraction done and the seconds since the beginning.
        chunk: fraction between two lines.

    >>> seen = []
    >>> bar = Bar(lambda done, seconds: seen.append(done), 0.5)
    >>> [bar(done) for done in (0.2, 0.5, 0.6, 1.0)] and seen
    [0.5, 1.0]
    """

    def __init__(self, write: Callable[[float, float], None], chunk: float) -> None:
        self._write, self._chunk, self._next = write, chunk, chunk
        self._began = perf_counter()

    def __call__(self, done: float) -> None:
        """Take the fraction done."""
        if done >= min(self._next, 1.0) and self._next < 1.0 + self._chunk:
            self._write(done, perf_counter() - self._began)
            self._next = self._chunk * (int(done / self._chunk + 1e-9) + 1) if done < 1 else 1.0 + self._chunk


def _chunk(given: Any) -> float:
    """Return the percents between two lines."""
    if not isinstance(given, Mapping | None):
        raise InputTypeError(f"`options['progress_kwargs']` must be a mapping, but is {given!r}; write "
                             "{\"chunk_size\": 10}.")
    known = dict(given or {})
    chunk = known.pop("chunk_size", 10)
    if known or not isinstance(chunk, int | float) or not 0 < chunk <= 100:
        raise InputError("`options['progress_kwargs']` must hold a chunk_size above 0 and up to 100 alone, but is "
                         f"{given!r}; write {{\"chunk_size\": 10}}.")
    return float(chunk)


def _left(done: float, seconds: float) -> str:
    """Return the time that is left, as hours, minutes and seconds."""
    rest = round(seconds * (1 - done) / done)
    return f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def _text() -> Callable[[float, float], None]:
    """A line each."""
    return lambda done, seconds: print(f"{100 * done:.1f}%. Run time: {seconds:7.2f}s. "
                                       f"Est. time left: {_left(done, seconds)}", flush=True)


def _drawn(done: float, seconds: float) -> str:
    """A bar of stars."""
    stars = "*" * round(WIDTH * done)
    return f"[{stars:{WIDTH}}] {100 * done:3.0f}%  elapsed {seconds:.2f}s, left {_left(done, seconds)}"


def _enhanced() -> Callable[[float, float], None]:
    """One line that is written over."""
    def write(done: float, seconds: float) -> None:
        sys.stdout.write(f"\r{_drawn(done, seconds)}" + "\n" * (done >= 1))
        sys.stdout.flush()
    return write


def _html() -> Callable[[float, float], None]:
    """A bar in a notebook."""
    if find_spec("IPython") is None:
        raise InputError("`options['progress_bar']` must not be html without a notebook, but IPython is missing; write "
                         "\"text\", or `pip install ipython`.")
    from IPython.display import HTML, display
    shown = display(HTML(""), display_id=True)

    def write(done: float, seconds: float) -> None:
        if shown is not None:
            shown.update(HTML(f'<progress max="1" value="{done:.4f}"></progress> {_drawn(done, seconds)[WIDTH + 3:]}'))
    return write


WRITERS = {"text": _text, "enhanced": _enhanced, "html": _html}
