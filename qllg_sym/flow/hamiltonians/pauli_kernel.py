"""Sums of Pauli strings on kets of spins ½, in C: passes, threads and the call."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import native
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.flow.hamiltonians.passes import Pass, Term, passes
from qllg_sym.flow.hamiltonians.team import Team

Array = NDArray[Any]
WIDTH = 8                           # kets treated side by side
TILES = 4                           # for each thread at least; fewer are not worth the wait for the last
FLAGS = ("-ffp-contract=fast",)     # sums of products need no particular rounding


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
        self._sites, self._terms, self._team = sites, terms, Team(threads)
        self._plans: dict[int, list[Pass]] = {}
        library = shared_library(self.source(), flags=FLAGS)
        self._run, self._space = library.qllg_action_pass, library.qllg_action_space
        integer, pointer = ctypes.c_int64, ctypes.c_void_p
        self._run.argtypes = [pointer, pointer, pointer, integer, integer, integer, integer, pointer]
        self._run.restype = None
        self._space.argtypes, self._space.restype = [pointer], integer

    @staticmethod
    def source() -> str:
        """Return the text of the C kernel."""
        return native.source("action.c")

    def apply(self, kets: Array, out: Array, amplitudes: Array) -> None:
        """Write the action on kets (d, r) into `out`, both contiguous."""
        columns = kets.shape[1]
        for first in range(0, columns, WIDTH):
            width = min(WIDTH, columns - first)
            for number, plan in enumerate(self._plan(width)):
                coefficients = plan.coefficients * amplitudes[plan.amplitudes]
                self._pass(_c_pass(plan, coefficients, number == 0), 1 << plan.outer, kets.ctypes.data + 16 * first,
                           out.ctypes.data + 16 * first, columns, width)

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
        self._team.share(work, tiles, TILES)


def _c_pass(plan: Pass, coefficients: Array, fresh: bool) -> _CPass:
    """Return a pass as the C structure; the arrays must live as long as it does."""
    arrays = (plan.rows, plan.bits, plan.sets, plan.operations, plan.strings, coefficients)
    result = _CPass(plan.run, plan.columns, plan.tile, plan.outer, plan.shift, fresh, len(plan.sets),
                    *(array.ctypes.data for array in arrays))
    result.arrays = arrays
    return result
