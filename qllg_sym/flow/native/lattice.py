"""Fields and velocities of a lattice in C, in threads, and the same in NumPy."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.flow.native import source
from qllg_sym.flow.threads import Threads, available_cores

Array = NDArray[Any]
LEAST = 512             # blocks of eight sites that are worth a thread: some ten microseconds
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p


class _Lattice(ctypes.Structure):
    """`lattice` of lattice.c."""

    _fields_ = (*((name, _WORD) for name in "blocks stride slots".split()),
                *((name, _PLACE) for name in "neighbour kind distance shared matrices own own_shared onsite".split()),
                ("precession", _REAL), ("damping", _REAL))


class _Meeting(ctypes.Structure):
    """`meeting` of lattice.c."""

    _fields_ = tuple((name, _WORD) for name in "arrived turn threads".split())


@dataclass(frozen=True, eq=False)
class Coupled:
    """What a lattice of n moments is at one time: their fields are b + A m + Σ M m_j.

    Attributes:
        count: n.
        neighbour: (slots, padded), 32-bit integers.
        kind: (slots, padded), which matrix.
        distance: (slots, blocks), what C reads of a block at once.
        shared: (slots, blocks), its kind.
        matrices: (kinds, 3, 3); the first is zero.
        own: (padded,), which of `onsite`.
        own_shared: (blocks,), what a block has in common.
        onsite: (own kinds, 4, 3), b and the rows of A.
    """

    count: int
    neighbour: Array
    kind: Array
    distance: Array
    shared: Array
    matrices: Array
    own: Array
    own_shared: Array
    onsite: Array


class LatticeKernel:
    """The loops over a lattice; moments, fields and velocities are rows x, y, z of all sites, (3, padded).

    Args:
        threads: how many; every core when None.

    Raises:
        CodegenError: no C compiler works.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._count = int(threads or available_cores())
        self._library, self._threads = _library(), Threads(self._count)

    def fields(self, coupled: Coupled, moments: Array, out: Array) -> None:
        """Write the fields of all moments into `out`."""
        self._each("lattice_fields", self._of(coupled), moments, out)

    def velocities(self, rates: tuple[float, float], moments: Array, fields: Array, out: Array) -> None:
        """Write the velocities in given fields, by (precession, damping), into `out`."""
        none = _Lattice(moments.shape[1] // 8, moments.shape[1], 0, *[None] * 8, *rates)
        self._each("lattice_velocities", none, moments, fields, out)

    def slopes(self, coupled: Coupled, rates: tuple[float, float], moments: Array, out: Array) -> None:
        """Write the velocities in the fields of the lattice into `out`."""
        self._each("lattice_slopes", self._of(coupled, rates), moments, out)

    def heun(self, coupled: Coupled, rates: tuple[float, float], steps: int, h: float, moments: Array,
             ahead: Array, slopes: Array) -> None:
        """Take Heun's steps, each back to length 1, with coefficients that do not change; `moments` move."""
        lattice = self._of(coupled, rates)
        shares = max(1, min(self._count, lattice.blocks // LEAST))
        meeting = _Meeting(0, 0, shares)
        places = [array.ctypes.data for array in (moments, ahead, slopes)]

        def steps_of(begin: int, end: int) -> None:
            self._library.lattice_heun(ctypes.byref(lattice), _WORD(begin), _WORD(end), _WORD(steps), _REAL(h),
                                       *map(_PLACE, places), ctypes.byref(meeting))

        self._threads.share(steps_of, lattice.blocks, LEAST)

    def predict(self, coupled: Coupled, rates: tuple[float, float], h: float, moments: Array, ahead: Array,
                slopes: Array) -> None:
        """Write velocities into `slopes`, and where Euler's step ends into `ahead`."""
        self._each("lattice_predict", self._of(coupled, rates), _REAL(h), moments, ahead, slopes)

    def correct(self, coupled: Coupled, rates: tuple[float, float], h: float, moments: Array, ahead: Array,
                slopes: Array) -> None:
        """Move `moments` by the mean of `slopes` and the velocities `ahead`."""
        self._each("lattice_correct", self._of(coupled, rates), _REAL(h), moments, ahead, slopes)

    def _each(self, name: str, lattice: _Lattice, *given: Any) -> None:
        """Call a function for shares of all blocks."""
        function: Callable[..., None] = getattr(self._library, name)
        rest = [_PLACE(x.ctypes.data) if isinstance(x, np.ndarray) else x for x in given]

        def call(begin: int, end: int) -> None:
            function(ctypes.byref(lattice), _WORD(begin), _WORD(end), *rest)

        self._threads.share(call, lattice.blocks, LEAST)

    @staticmethod
    def _of(c: Coupled, rates: tuple[float, float] = (0.0, 0.0)) -> _Lattice:
        """The structure that C reads; the arrays live as long as `c` does."""
        arrays = c.neighbour, c.kind, c.distance, c.shared, c.matrices, c.own, c.own_shared, c.onsite
        padded = len(c.own)
        return _Lattice(padded // 8, padded, len(c.neighbour), *(a.ctypes.data for a in arrays), *rates)


class PlainLattice:
    """The same in NumPy, where no compiler works."""

    def fields(self, coupled: Coupled, moments: Array, out: Array) -> None:
        """Write the fields of all moments into `out`."""
        own = coupled.onsite[coupled.own]
        out[:] = own[:, 0].T + np.einsum("nij,jn->in", own[:, 1:], moments)
        for neighbour, kind in zip(coupled.neighbour, coupled.kind, strict=True):
            out += np.einsum("nij,jn->in", coupled.matrices[kind], moments[:, neighbour])

    def velocities(self, rates: tuple[float, float], moments: Array, fields: Array, out: Array) -> None:
        """Write the velocities in given fields into `out`."""
        turn = np.cross(moments, fields, axis=0)
        out[:] = rates[0] * turn - rates[1] * np.cross(moments, turn, axis=0)

    def slopes(self, coupled: Coupled, rates: tuple[float, float], moments: Array, out: Array) -> None:
        """Write the velocities in the fields of the lattice into `out`."""
        self.fields(coupled, moments, out)
        self.velocities(rates, moments, out.copy(), out)

    def predict(self, coupled: Coupled, rates: tuple[float, float], h: float, moments: Array, ahead: Array,
                slopes: Array) -> None:
        """Write velocities into `slopes`, and where Euler's step ends into `ahead`."""
        self.slopes(coupled, rates, moments, slopes)
        _unit(moments + h * slopes, ahead)

    def correct(self, coupled: Coupled, rates: tuple[float, float], h: float, moments: Array, ahead: Array,
                slopes: Array) -> None:
        """Move `moments` by the mean of `slopes` and the velocities `ahead`."""
        later = np.empty_like(slopes)
        self.slopes(coupled, rates, ahead, later)
        _unit(moments + h / 2 * (slopes + later), moments)

    def heun(self, coupled: Coupled, rates: tuple[float, float], steps: int, h: float, moments: Array,
             ahead: Array, slopes: Array) -> None:
        """Take Heun's steps, each back to length 1; `moments` move."""
        for _ in range(steps):
            self.predict(coupled, rates, h, moments, ahead, slopes)
            self.correct(coupled, rates, h, moments, ahead, slopes)


def _unit(moments: Array, out: Array) -> None:
    """Write moments of length 1."""
    np.divide(moments, np.sqrt((moments**2).sum(axis=0)), out=out)


def _library() -> ctypes.CDLL:
    """The compiled loops."""
    library = shared_library(integrator.head(8) + source("lattice.c"), flags=integrator.FLAGS)
    for name in "fields velocities slopes heun predict correct".split():
        getattr(library, f"lattice_{name}").restype = None
    return library
