"""Sums of Pauli strings on kets of a sector of total S_z, in C: numbers, threads and the call."""

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.sector import SpinSector
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.flow import native
from qllg_sym.flow.hamiltonians.passes import Term
from qllg_sym.flow.hamiltonians.sector_plan import SectorPlan
from qllg_sym.flow.threads import Threads

Array = NDArray[Any]
FLAGS = ("-ffp-contract=fast",)     # sums of products need no particular rounding
SHARE = 1 << 13                     # amplitudes of all kets together that are worth a thread of their own
_INTEGERS = ("low", "down", "flips", "lists", "signs")
_POINTERS = ("upper", "start", "first", "flip", "list", "sign", "string", "pairs", "pair", "turn", "signed")
_LAST = ("diagonal", "real", "imaginary")


class _CSector(ctypes.Structure):
    """The C structure `sector`."""

    _fields_ = (*((name, ctypes.c_int64) for name in _INTEGERS), *((name, ctypes.c_void_p) for name in _POINTERS),
                *((name, ctypes.c_void_p * 2) for name in ("begin", "row", "column", "value")),
                *((name, ctypes.c_void_p) for name in _LAST),
                ("own", ctypes.c_int64), ("complex", ctypes.c_int64))


class SectorKernel:
    """Applies Σ f_g(t) c · string, a sum that keeps the total S_z, to kets of a sector.

    Args:
        sector: the kets.
        terms: (basis string, number g of its amplitude, c).
        threads: number of threads; results do not depend on it.

    Raises:
        CodegenError: no compiler works.
    """

    def __init__(self, sector: SpinSector, terms: Sequence[Term], threads: int) -> None:
        self._plan, self._threads = SectorPlan(sector, terms), Threads(threads)
        self._last: tuple[Array, _CSector] | None = None        # replaced as a whole: threads share it
        library = shared_library(self.source(), flags=FLAGS)
        self._run = library.qllg_sector_apply
        integer, pointer = ctypes.c_int64, ctypes.c_void_p
        real = ctypes.c_double
        self._run.argtypes = [pointer, pointer, pointer, integer, integer, integer, real, real, pointer, pointer]
        self._run.restype = None
        self._still = _still(self._plan)

    @staticmethod
    def source() -> str:
        """Return the text of the C kernel."""
        return native.source("sector.c")

    def apply(self, kets: Array, out: Array, amplitudes: Array, line: tuple[float, float] = (0.0, 1.0),
              before: Array | None = None) -> None:
        """Write the action on kets (d, r) into `out`, both contiguous.

        Args:
            kets: to be acted on.
            out: where to.
            amplitudes: f_g of H.
            line: (middle, factor): factor · (H − middle) acts.
            before: kets that are taken off twice that, as in Chebyshev's recursion.
        """
        middle, factor = line
        last = None if before is None else before.ctypes.data
        columns = kets.shape[1]
        address = ctypes.addressof(self._numbers(amplitudes))
        shares = max(1, kets.size // SHARE)
        edges = self._plan.edges(shares) if shares > 1 else [0, len(self._plan.upper)]

        def work(begin: int, end: int) -> None:
            """Do the blocks from one edge to another."""
            space = np.empty(5 * self._plan.widest * columns)
            self._run(address, kets.ctypes.data, out.ctypes.data, columns, edges[begin], edges[end], factor, middle,
                      last, space.ctypes.data)

        if columns:
            self._threads.share(work, shares, 1)

    def _numbers(self, amplitudes: Array) -> _CSector:
        """Return the structure with numbers; that of the same array is at hand."""
        if self._last is None or self._last[0] is not amplitudes:
            self._last = amplitudes, _filled(self._plan, self._still, amplitudes)
        return self._last[1]


def _still(plan: SectorPlan) -> dict[str, Any]:
    """Return what does not depend on the amplitudes, by its name in C; pairs for the real and the imaginary part."""
    shift = plan.low
    table, ends, pairs, turns = plan.tables()
    flips = np.cumsum([len(group) for group in plan.flips])
    signs = sum(len(group) for group in (*plan.flips, *plan.lists))
    both = [plan.matrices(imaginary) for imaginary in (False, True)]
    return {
        "upper": plan.upper, "start": plan.start, "first": plan.first.astype(np.int64),
        "flip": np.array([(group[0].x >> shift, end) for group, end in zip(plan.flips, flips, strict=True)],
                         dtype=np.int64).reshape(-1, 2),
        "list": table, "sign": signs + np.cumsum([len(group) for group in plan.signs]).astype(np.int64),
        "string": np.array([s.z >> shift for s in plan.strings], dtype=np.int64), "pairs": ends, "pair": pairs,
        "turn": turns, "signed": plan.signed(), "begin": [m.begin for m in both], "row": [m.row for m in both],
        "column": [m.column for m in both], "matrices": both}


def _filled(plan: SectorPlan, still: dict[str, Any], amplitudes: Array) -> _CSector:
    """Return the structure with the numbers of some amplitudes; the arrays live as long as it does."""
    numbers = np.array([s.coefficient * amplitudes[s.amplitude] for s in plan.strings], dtype=float)
    turned = np.array([s.imaginary for s in plan.strings], dtype=bool)
    kept = np.asarray(amplitudes[:plan.groups], dtype=float)
    moving = {"value": [m.values @ kept for m in still["matrices"]], "diagonal": plan.diagonal @ kept,
              "real": np.where(turned, 0.0, numbers), "imaginary": np.where(turned, numbers, 0.0)}
    arrays = {**{name: still[name] for name in still if name != "matrices"}, **moving}
    found = _CSector(plan.low, plan.sector.down, len(plan.flips), len(plan.lists), len(plan.signs),
                     own=plan.own, complex=plan.complex)
    for name, array in arrays.items():
        setattr(found, name, (ctypes.c_void_p * 2)(*(a.ctypes.data for a in array)) if isinstance(array, list) else
                array.ctypes.data)
    found.arrays = arrays
    return found
