"""Ways to the lowest levels, one a file, found by listing the folder.

A file has NAME, OPTIONS (the names of its own), TOL where residuals are not as exact as kets give them, and
search(asked) -> `LowestLevels`, whose residuals it need not trust: they are what `LevelSearch.levels` measures.

Here may live one way each; ways do not know each other.
"""

from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from qllg_sym import plugs

if TYPE_CHECKING:
    from qllg_sym.searches.asked import LevelSearch
    from qllg_sym.searches.result import LowestLevels


class Way(Protocol):
    """What a file of this folder has; see above."""

    @property
    def NAME(self) -> str:
        """What it is asked for by."""

    @property
    def OPTIONS(self) -> tuple[str, ...]:
        """The names of its own options."""

    def search(self, asked: "LevelSearch", /) -> "LowestLevels":
        """Find the levels."""


@cache
def ways() -> dict[str, Way]:
    """Return every way by its name.

    >>> {"lanczos", "q-llg"} <= set(ways())
    True
    """
    return {module.NAME: module for module in (cast(Way, one) for one in plugs.modules(__name__))}
