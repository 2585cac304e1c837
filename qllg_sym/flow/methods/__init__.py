"""One method a file, found by itself; no list of them is kept elsewhere.

A file has NAME, and GROWTH: where errors grow unseen from step to step, whether it is read off "kets" or "matrices" how
much they did, else None. refuses(problem) -> a reason, or None; cost(problem) -> about how many seconds it takes,
infinite where that is done only when asked for; shape(problem) of one state as it is held; together(problem) -> whether
rows run side by side; run(problem, watch) -> Outcome of every row, of one alone where they do not. One row and many are
moved by the same lines.

Here may live one way each to move a state. Methods do not know each other; which one is taken is decided above.
"""

from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from qllg_sym import plugs

if TYPE_CHECKING:
    from qllg_sym.flow.problem import Problem, Watch
    from qllg_sym.flow.results.outcome import Outcome


class Method(Protocol):
    """What a file of this folder has; see above."""

    @property
    def NAME(self) -> str:
        """What it is asked for by."""

    @property
    def GROWTH(self) -> str | None:
        """What the growth of errors is read off."""

    def refuses(self, problem: "Problem", /) -> str | None:
        """Return why it does not fit a problem, or None."""

    def cost(self, problem: "Problem", /) -> float:
        """Return about how many seconds it takes."""

    def shape(self, problem: "Problem", /) -> tuple[int, ...]:
        """Return that of one state as it is held."""

    def together(self, problem: "Problem", /) -> bool:
        """Return whether rows run side by side."""

    def run(self, problem: "Problem", watch: "Watch", /) -> "Outcome":
        """Solve every row; of several it is asked only where they run side by side."""


def names() -> tuple[str, ...]:
    """Return the names of all methods.

    >>> "frame" in names()
    True
    """
    return tuple(sorted(module.NAME for module in _modules()))


@cache
def find(name: str) -> Method:
    """Return the method of a name in `names()`.

    >>> find("exact").NAME
    'exact'
    """
    return next(module for module in _modules() if name == module.NAME)


@cache
def _modules() -> tuple[Method, ...]:
    """Return the modules of this folder, listed once: `solve` takes less time than listing does."""
    return tuple(cast(Method, module) for module in plugs.modules(__name__))
