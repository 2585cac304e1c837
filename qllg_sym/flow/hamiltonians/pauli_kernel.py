"""Sums of Pauli strings on kets of spins ½, in C: passes, threads and the call."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.flow import native
from qllg_sym.flow.hamiltonians.passes import Pass, Term, passes
from qllg_sym.flow.threads import Threads

Array = NDArray[Any]
WIDTH = 8                           # kets treated side by side
SHORT = 1 << 15                     # amplitudes of all kets together whose tiles are too few for two threads
TILES = 4                           # for each thread at least; fewer are not worth the wait for the last
FLAGS = ("-ffp-contract=fast",)     # sums of products need no particular rounding
_REAL = ctypes.c_double


class _CPass(ctypes.Structure):
    """The C structure `pass`."""

    _fields_ = (*((name, ctypes.c_int64) for name in ("run", "columns", "tile", "outer", "shift", "fresh", "sets")),
                *((name, ctypes.c_void_p) for name in ("rows", "bits", "set", "operation", "string", "coefficient")))


class PauliKernel:
    """Applies Σ f_g(t) c · string to kets of spins ½.

    Args:
        sites: number of spins.
        terms: (basis string, number g of its amplitude, c).
        threads: number of threads; results do not depend on it.

    Raises:
        CodegenError: no compiler works.
    """

    def __init__(self, sites: int, terms: Sequence[Term], threads: int) -> None:
        self._sites, self._terms, self._threads = sites, terms, Threads(threads)
        self._plans: dict[int, list[Pass]] = {}
        self._last: tuple[Array, int, list[_CPass]] | None = None       # replaced as a whole: threads share it
        library = shared_library(self.source(), flags=FLAGS)
        self._run, self._space = library.qllg_action_pass, library.qllg_action_space
        integer, pointer = ctypes.c_int64, ctypes.c_void_p
        self._run.argtypes = [pointer, pointer, pointer, integer, integer, integer, integer, pointer]
        self._run.restype = None
        self._space.argtypes, self._space.restype = [pointer], integer
        self._recursion = library.qllg_chebyshev
        self._recursion.argtypes = [pointer, integer, integer, integer, _REAL, _REAL, integer, integer,
                                    *[pointer] * 4]
        self._recursion.restype = None

    @staticmethod
    def source() -> str:
        """Return the text of the C kernel."""
        return native.source("action.c")

    def apply(self, kets: Array, out: Array, amplitudes: Array) -> None:
        """Write the action on kets (d, r) into `out`, both contiguous."""
        columns = kets.shape[1]
        for first in range(0, columns, WIDTH):
            width = min(WIDTH, columns - first)
            for plan in self._passes(width, amplitudes):
                self._pass(plan, 1 << plan.outer, kets.ctypes.data + 16 * first, out.ctypes.data + 16 * first, columns,
                           width)

    def series(self, amplitudes: Array, line: tuple[float, float], coefficients: Array, ring: Array,
               total: Array) -> bool:
        """Write Σ_k c_k T_k(x) · kets into `total` for each row of coefficients, if the kets are few and short.

        Python would take longer than the arithmetic there. Longer kets are better shared among threads, and are left.

        Args:
            amplitudes: f_g of H.
            line: (middle, factor) of x = factor · (H − middle).
            coefficients: (p, K), complex.
            ring: (b ≥ 3, d, r), contiguous; the kets and x · kets are in the first two places.
            total: (p, d, r), contiguous.
        """
        _, d, columns = ring.shape
        if not 0 < columns <= WIDTH or d * columns > SHORT:
            return False
        plans = self._passes(columns, amplitudes)
        places = (ctypes.c_void_p * len(plans))(*map(ctypes.addressof, plans))
        space = np.empty(max(self._space(place) for place in places))
        numbers = np.ascontiguousarray(coefficients, dtype=complex)
        self._recursion(places, len(plans), columns, 2 * d * columns, *line, numbers.shape[1], len(numbers),
                        *(array.ctypes.data for array in (numbers, ring, total, space)))
        return True

    def _passes(self, width: int, amplitudes: Array) -> list[_CPass]:
        """Return the passes for so many kets side by side, with numbers; those of the same array are at hand."""
        last = self._last
        if last is None or last[0] is not amplitudes or last[1] != width:
            found = [_c_pass(plan, plan.coefficients * amplitudes[plan.amplitudes], number == 0)
                     for number, plan in enumerate(self._plan(width))]
            last = self._last = amplitudes, width, found
        return last[2]

    def _plan(self, width: int) -> list[Pass]:
        """Return the passes for so many kets side by side."""
        power = (width - 1).bit_length()
        if power not in self._plans:
            self._plans[power] = passes(self._sites, self._terms, 1 << power)
        return self._plans[power]

    def _pass(self, plan: _CPass, tiles: int, kets: int, out: int, columns: int, width: int) -> None:
        """Run one pass on all tiles, shared among the threads."""
        def work(begin: int, end: int) -> None:
            """Do the tiles from begin to end."""
            space = np.empty(self._space(address))
            self._run(address, kets, out, columns, width, begin, end, space.ctypes.data)

        address = ctypes.addressof(plan)
        self._threads.share(work, tiles, TILES)


def _c_pass(plan: Pass, coefficients: Array, fresh: bool) -> _CPass:
    """Return a pass as the C structure; the arrays must live as long as it does."""
    arrays = (plan.rows, plan.bits, plan.sets, plan.operations, plan.strings, coefficients)
    result = _CPass(plan.run, plan.columns, plan.tile, plan.outer, plan.shift, fresh, len(plan.sets),
                    *(array.ctypes.data for array in arrays))
    result.arrays = arrays
    return result
