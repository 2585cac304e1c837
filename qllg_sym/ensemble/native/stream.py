"""Normal variates as compiled steps draw them: of which seed, trajectories and steps."""

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def drawn_in_c(numbers: Normals | Joined, sets: int, steps: range) -> NDArray[np.float64]:
    """Return the variates of some steps of at most eight trajectories, (steps, m, count).

    Raises:
        CodegenError: no C compiler works.

    >>> numbers = Normals(3, range(2), 5)
    >>> bool(abs(drawn_in_c(numbers, 1, range(7, 9))[1] - numbers.at(8)).max() < 1e-14)
    True
    """
    m, count = len(numbers.trajectories), numbers.count
    found = np.empty((len(steps), room_of(numbers), LANES))
    _normals()(ctypes.byref(stream(numbers, sets)), steps.start, len(steps), found.ctypes.data)
    return found[:, :count, :m].swapaxes(1, 2)


@cache
def _normals() -> Any:
    """The C function."""
    function = shared_library(noisy_head(), flags=integrator.FLAGS).qllg_normals
    function.argtypes, function.restype = [ctypes.POINTER(Stream), _WORD, _WORD, _PLACE], None
    return function
