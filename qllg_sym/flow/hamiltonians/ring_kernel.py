"""Sums of Pauli strings on kets of one wave number on a ring, in C: numbers, threads and the call."""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.flow import native
from qllg_sym.flow.hamiltonians.ring_strings import RingStrings
from qllg_sym.flow.threads import Threads

Array = NDArray[Any]
FLAGS = ("-ffp-contract=fast",)     # sums of products need no particular rounding
SHARE = 1 << 13                     # amplitudes of all kets together that are worth a thread of their own
_POINTERS = ("states", "root", "begin", "column", "factor", "flip", "table", "end", "z", "real", "imaginary")


class _CRing(ctypes.Structure):
    """The C structure `ring`."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in _POINTERS)


class RingKernel:
    """Applies Σ f_g(t) c · string, a sum that is the same all around a ring, to kets of one wave number.

    Args:
        strings: the sum, with its images.
        threads: number of threads; results do not depend on it.

    Raises:
        CodegenError: no compiler works.
    """

    def __init__(self, strings: RingStrings, threads: int) -> None:
        self._strings, self._threads = strings, Threads(threads)
        self._last: tuple[Array, _CRing] | None = None      # replaced as a whole: threads share it
        self._run = shared_library(self.source(), flags=FLAGS).qllg_ring_apply
        integer, pointer, real = ctypes.c_int64, ctypes.c_void_p, ctypes.c_double
        self._run.argtypes = [pointer, pointer, pointer, integer, integer, integer, real, real, pointer]
        self._run.restype = None

    @staticmethod
    def source() -> str:
        """Return the text of the C kernel."""
        return native.source("ring.c")

    def apply(self, kets: Array, out: Array, amplitudes: Array, line: tuple[float, float] = (0.0, 1.0),
              before: Array | None = None) -> None:
        """Write the action on kets (d, r) into `out`, both contiguous; as `SectorKernel.apply`."""
        middle, factor = line
        last = None if before is None else before.ctypes.data
        address, columns = ctypes.addressof(self._numbers(amplitudes)), kets.shape[1]

        def work(begin: int, end: int) -> None:
            """Do the kets' entries from begin to end."""
            self._run(address, kets.ctypes.data, out.ctypes.data, columns, begin, end, factor, middle, last)

        if columns:
            self._threads.share(work, len(kets), max(1, SHARE // columns))

    def _numbers(self, amplitudes: Array) -> _CRing:
        """Return the structure with numbers; that of the same array is at hand."""
        if self._last is None or self._last[0] is not amplitudes:
            self._last = amplitudes, _with_numbers(self._strings, amplitudes)
        return self._last[1]


def _with_numbers(strings: RingStrings, amplitudes: Array) -> _CRing:
    """Return the structure with the numbers of some amplitudes; the arrays live as long as it does."""
    numbers = np.array([s.coefficient * amplitudes[s.amplitude] for s in strings.strings], dtype=float)
    turned = np.array([s.imaginary for s in strings.strings], dtype=bool)
    own = {
        "end": np.cumsum([0, *map(len, strings.groups)]).astype(np.int64),
        "z": np.array([s.z for s in strings.strings], dtype=np.int64),
        "real": np.where(turned, 0.0, numbers), "imaginary": np.where(turned, numbers, 0.0)}
    arrays = {name: own[name] if name in own else getattr(strings.images, name) for name in _POINTERS}
    result = _CRing(*(array.ctypes.data for array in arrays.values()))
    result.arrays = arrays
    return result
