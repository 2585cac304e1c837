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
from qllg_sym.ensemble.normals import BLOCK, Joined, Normals, span_of

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


class NormalsInC:
    """The numbers of `Normals` or `Joined`, made in C, for steps in NumPy.

    Args:
        numbers: which.
        sets: of which a step consists.

    Raises:
        CodegenError: no C compiler works.

    >>> numbers = Normals(3, range(2), 5)
    >>> bool(abs(NormalsInC(numbers, 1).at(8) - numbers.at(8)).max() < 1e-14)
    True
    """

    def __init__(self, numbers: Normals | Joined, sets: int) -> None:
        self._numbers, self._stream, self._draw = numbers, stream(numbers, sets), _normals(compiler.find())
        self._span, self._begin = span_of(numbers.count, len(numbers.trajectories)), -1
        self._held: NDArray[np.float64] = np.empty((0, 0, 0))

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a step, (m, count)."""
        numbers, begin = self._numbers, step - step % self._span
        if begin != self._begin:
            m, size = len(numbers.trajectories), room_of(numbers)
            drawn, room = aligned(self._span * size * LANES), aligned(size * LANES if numbers.joined else 0)
            self._held, self._begin = np.empty((self._span, -(-m // LANES), LANES, size)), begin
            for k in range(-(-m // LANES)):
                self._stream.first = numbers.trajectories.start + LANES * k
                self._draw(ctypes.byref(self._stream), begin, self._span, drawn.ctypes.data, room.ctypes.data)
                self._held[:, k] = drawn.reshape(self._span, size, LANES).swapaxes(1, 2)
            self._held = self._held.reshape(self._span, -1, size)[:, :m]
        return np.asarray(self._held[step - begin, :, :numbers.count])


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
    function.argtypes, function.restype = [ctypes.POINTER(Stream), _WORD, _WORD, _PLACE, _PLACE], None
    return function
