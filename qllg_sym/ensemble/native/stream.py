"""Normal variates as compiled steps draw them: of which seed, trajectories and steps."""

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import compiler
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.codegen.native.integrator import LANES
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.normals import BLOCK, Joined, Normals

_WORD, _UNSIGNED, _PLACE = ctypes.c_int64, ctypes.c_uint64, ctypes.c_void_p


class Stream(ctypes.Structure):
    """`stream` of normals.c."""

    _fields_ = (("seed", _UNSIGNED), ("first", _UNSIGNED), ("count", _WORD), ("sets", _WORD), ("joined", _WORD))


def stream(numbers: Normals | Joined, sets: int) -> Stream:
    """Return the numbers of trajectories one after the other, a step's in so many sets."""
    return Stream(numbers.seed, numbers.trajectories.start, numbers.count, sets, numbers.joined)


def room_of(numbers: Normals | Joined) -> int:
    """Return how many variates a step draws: whole blocks of them.

    >>> room_of(Normals(0, range(1), 9))
    16
    """
    return 2 * BLOCK * -(-numbers.count // (2 * BLOCK))


def noisy_head() -> str:
    """Return the C text that stands above motions.

    >>> "#define LANES 8" in noisy_head()
    True
    """
    return "\n".join([integrator.head(LANES), source("normals.c")])


def aligned(count: int) -> NDArray[np.float64]:
    """Return an array of doubles that begins at a multiple of 64 bytes.

    >>> aligned(3).ctypes.data % 64
    0
    """
    held = np.empty(count + 8)
    skipped = -held.ctypes.data % 64 // 8
    return held[skipped:skipped + count]


class NormalsInC(Normals):
    """The numbers of `Normals` made in C, for steps in NumPy.

    Raises:
        CodegenError: no C compiler works.

    >>> bool(abs(NormalsInC(3, range(2), 5).at(8) - Normals(3, range(2), 5).at(8)).max() < 1e-14)
    True
    """

    def fill(self, trajectory: int, counter: int, out: NDArray[np.float64]) -> None:
        """Write the variates of one trajectory from a counter on into an array, whole blocks of them."""
        _normals(compiler.find())(self.seed, trajectory, counter, out.size // (2 * BLOCK), out.ctypes.data)


def in_c(numbers: Normals | Joined) -> Normals | Joined:
    """Return the same numbers, made in C.

    >>> type(in_c(Normals(3, range(2), 5))).__name__
    'NormalsInC'
    """
    given = numbers.seed, numbers.trajectories, numbers.count
    return Joined(*given, numbers.sets, NormalsInC) if isinstance(numbers, Joined) else NormalsInC(*given)


def prepare_numbers() -> None:
    """Compile random numbers, or take them from the cache.

    Raises:
        CodegenError: no C compiler works.

    >>> prepare_numbers()
    """
    _normals(compiler.find())


@cache
def _normals(_: compiler.Compiler) -> Any:
    """The C function."""
    function = shared_library(noisy_head(), flags=integrator.FLAGS).qllg_normals
    function.argtypes, function.restype = [*[_UNSIGNED] * 3, _WORD, _PLACE], None
    return function
