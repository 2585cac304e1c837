"""One output language a file: `emit` prints a Kernel, `load` makes it callable where that is possible.

A new language is one new file here with `SUFFIX` and `emit`, and what else it has of what `Target` lists;
one that is only printed has no `load`, and its contract test reads the text back. This folder is listed, nothing is
registered. Files that begin with an underscore are not targets.

Here may live what is peculiar to one language; what all share is done before, in `passes`.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from qllg_sym import plugs
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.errors import InputError, meant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Routines(NamedTuple):
    """A loaded kernel; arrays come in checked, C-contiguous and of `dtype`, and go out fresh.

    Args:
        single: (t, y (n,), p (k,)) -> (n_outputs,).
        batch: (t, Y (n, m), P (k,) or (k, m)) -> (n_outputs, m).
        dtype: type of the entries.
        address: machine address of the compiled function for one state, for callers in C; None for other languages.
        batch_address: gives that of the one for a batch, which may be compiled then.
        rows: as `batch` for states that lie row by row, (t, Y (m, n), P) -> (m, n_outputs); None where that takes no
            less than turning the arrays before and after.
    """

    single: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]]"
    batch: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]]"
    dtype: "np.dtype[Any]"
    address: int | None = None
    batch_address: Callable[[], int] | None = None
    rows: "Callable[[Any, NDArray[Any], NDArray[Any]], NDArray[Any]] | None" = None


@dataclass(frozen=True)
class Target:
    """What a file of this folder offers: `SUFFIX` and `emit`, and where it can, `beside` and `load`.

    Args:
        name: that of the file.
        suffix: of the files that hold the text.
        emit: the source text; pure: same kernel, same bytes.
        beside: other texts that belong to the source, by the ending of their file; none for most languages.
        load: the callable kernel, of so many digits; None where the language is only printed.
        traced: the kernel as a pure function f(t, y, p) of a library that traces it; None for most languages.
    """

    name: str
    suffix: str
    emit: Callable[[Kernel], str]
    beside: Callable[[Kernel], dict[str, str]]
    load: Callable[[Kernel, int | None], Routines] | None
    traced: Callable[[Kernel], Callable[[Any, Any, Any], Any]] | None = None


def names() -> tuple[str, ...]:
    """The targets there are, by listing the folder.

    Example:
        >>> names()
        ('c', 'fortran', 'javascript', 'jax', 'mpmath', 'numpy', 'wolfram')
    """
    return tuple(plugs.names(__name__))


def loadable() -> tuple[str, ...]:
    """The targets that can run here, not only be printed.

    Example:
        >>> "numpy" in loadable()
        True
    """
    return tuple(name for name in names() if find(name).load is not None)


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
        raise InputError(f"`target` must be one of {', '.join(names())}, but is {name!r}{meant(name, names())}; "
                         "choose one of those.")
    return _target(known or plugs.module(__name__, name))


@lru_cache
def _target(module: ModuleType) -> Target:
    """What a file offers."""
    name = module.__name__.rpartition(".")[2]
    return Target(name, module.SUFFIX, module.emit, getattr(module, "beside", _nothing), getattr(module, "load", None),
                  getattr(module, "traced", None))


def _nothing(kernel: Kernel) -> dict[str, str]:
    """Nothing stands beside the source."""
    return {}
