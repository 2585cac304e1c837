"""One output language a file: `emit` prints a Kernel, `load` makes it callable where that is possible.

A new language is one new file here with the attributes of `Target`; this folder is listed, nothing is registered.
Files that begin with an underscore are not targets.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from qllg_sym import plugs
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Routines(NamedTuple):
    """A loaded kernel; arrays come in checked, C-contiguous and of `dtype`, and go out fresh.

    Args:
        single: (t, y (n,), p (k,)) -> (n_outputs,).
        batch: (t, Y (n, m), P (k,) or (k, m)) -> (n_outputs, m).
        dtype: type of the entries.
        addresses: machine addresses of the compiled functions, for callers in C; None for other languages.
        rows: as `batch` for states that lie row by row, (t, Y (m, n), P) -> (m, n_outputs); None where that takes no
            less than turning the arrays before and after.
    """

    single: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]]"
    batch: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]]"
    dtype: "np.dtype[Any]"
    addresses: tuple[int, int] | None = None
    rows: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]] | None" = None


class Target(Protocol):
    """What every file of this folder offers."""

    name: str
    suffix: str

    def emit(self, kernel: Kernel) -> str:
        """The source text; pure: same kernel, same bytes."""

    def beside(self, kernel: Kernel) -> dict[str, str]:
        """Other texts that belong to the source, by the ending of their file; none for most languages."""

    def load(self, kernel: Kernel, digits: int | None) -> Routines | None:
        """The callable kernel, or None where the language is only printed."""


def names() -> tuple[str, ...]:
    """The targets there are, by listing the folder.

    Example:
        >>> names()
        ('c', 'mpmath', 'numpy')
    """
    return tuple(plugs.names(__name__))


def find(name: str) -> Target:
    """The target of that name.

    Raises:
        InputError: there is no such target.

    Example:
        >>> find("c").suffix
        '.c'
    """
    known = sys.modules.get(f"{__name__}.{name}")       # every solution asks, and listing a folder takes 0.1 ms
    if known is None and name not in names():
        raise InputError(f"`target` must be one of {', '.join(names())}, but is {name!r}; choose one of those.")
    return cast(Target, known or plugs.load(__name__, name))
