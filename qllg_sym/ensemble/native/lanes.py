"""Whole intervals of steps in C, eight trajectories side by side, with the random numbers made there.

A kind of lanes lays out what its motion needs; what all have in common is here.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar

from numpy.typing import NDArray

from qllg_sym.codegen import compiler
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.codegen.native.integrator import LANES
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.stream import Stream, aligned, noisy_head, room_of, stream
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.steppers import POLISH

Array = NDArray[Any]
TABLED = 256                # steps whose tables are laid out at once, where they depend on time
KEPT = 1 << 26              # bytes of tables that are kept
CALL = 1 << 22              # products of entries of one call: some ten milliseconds
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p


class Interval(ctypes.Structure):
    """`interval` of lanes.c."""

    _fields_ = (*((name, _WORD) for name in "count size begin end steps first polish".split()), ("t", _REAL),
                ("length", _REAL), ("states", _PLACE), ("room", _PLACE), ("numbers", Stream))


@dataclass(frozen=True)
class Lanes:
    """Steps of a motion in C.

    Attributes:
        motion: what moves; see `motions`.
        stepper: a scheme that it can take.
    """

    motion: Any
    stepper: Any
    name: ClassVar[str] = "compiled lanes"
    reason: ClassVar[str] = "eight trajectories side by side in C"

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        raise NotImplementedError

    @property
    def steady(self) -> bool:
        """Whether nothing in the tables depends on time."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The C text of the motion."""
        raise NotImplementedError

    @property
    def work(self) -> int:
        """Products of entries of a step of one trajectory."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """Vectors that a step needs beside the state and its random numbers."""
        return 0

    def packed(self, states: Array) -> Array:
        """Return states as doubles, a row each, in a fresh array."""
        raise NotImplementedError

    def unpacked(self, rows: Array) -> Array:
        """Return the states of such rows."""
        raise NotImplementedError

    def tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return the tables of some of the steps of an interval, one row where nothing depends on time."""
        raise NotImplementedError

    def run(self, part: Interval, tables: dict[str, Array]) -> ctypes.Structure:
        """Return the C structure of some steps; the tables live as long as it is used."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Compile, or take it from the cache.

        Raises:
            CodegenError: no C compiler works.
        """
        _ = self._step

    @cached_property
    def _step(self) -> Any:
        """The C function."""
        whole = "\n".join([noisy_head(), source("lanes.c"), self.text])
        return _loaded(whole, f"qllg_{self.stepper.NAME}", compiler.find())

    def advance(self, states: Array, t: float, h: float, steps: int, numbers: Normals | Joined, first: int,
                watch: Callable[[float], None]) -> Array:
        """Return the states after some steps; see `paths`."""
        step, rows, drawn = self._step, self.packed(states), stream(numbers, self.stepper.SETS)
        room = aligned(LANES * (rows.shape[1] + 2 * room_of(numbers) + self.room))
        for part in self._calls(len(states), steps):
            common = Interval(*rows.shape, part.start, part.stop, steps, first, POLISH, t, h, rows.ctypes.data,
                              room.ctypes.data, drawn)
            tables = self._kept_tables(t, h, steps, part)
            step(ctypes.byref(self.run(common, tables)))
            watch(part.stop / steps)
        return self.unpacked(rows)

    def _kept_tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return tables; those that all chunks ask for are made once, as far as they are small."""
        key = (h,) if self.steady else (h, t, steps, part)
        if (found := self._known.get(key)) is None:
            found = self.tables(t, h, steps, part[:1] if self.steady else part)
            self._known.keep(key, found)
        return found

    @cached_property
    def _known(self) -> "_Known":
        return _Known()

    def _calls(self, count: int, steps: int) -> Iterator[range]:
        """Return the steps in parts, so that a call is short and its tables are small where there are any."""
        size = max(1, min(CALL // (LANES * -(-count // LANES) * self.work), steps if self.steady else TABLED))
        return (range(begin, min(begin + size, steps)) for begin in range(0, steps, size))


def moments_of_steps(scheme: str, t: float, h: float, steps: int, part: range) -> tuple[list[float], list[float]]:
    """Return at which times some steps ask for the drift, and for the noise.

    >>> moments_of_steps("strang", 0.0, 1.0, 2, range(1, 2))
    ([1.5, 1.75], [1.5])
    """
    middles = [t + (k + 0.5) * h for k in part]
    if scheme == "euler":
        return [t + k * h for k in part], middles
    if scheme in ("midpoint", "implicit"):
        return [moment for middle in middles for moment in (middle - h / 2, middle)], middles
    begins = [(t, h / 2)] if part.start == 0 else []
    begins += [(middle, h if k + 1 < steps else h / 2) for k, middle in zip(part, middles, strict=True)]
    return [moment for begin, length in begins for moment in (begin, begin + length / 2)], middles


def stride_of(table: Array) -> int:
    """Return how far apart the rows of a table lie in C: 0 where there is one for all times.

    >>> import numpy as np
    >>> stride_of(np.zeros((1, 5))), stride_of(np.zeros((2, 5)))
    (0, 5)
    """
    return int(table[0].size) if len(table) > 1 else 0


class _Known(dict[Any, dict[str, Array]]):
    """Tables that are kept, while there is room; threads may make the same ones twice."""

    left = KEPT

    def keep(self, key: Any, tables: dict[str, Array]) -> None:
        """Keep tables that fit."""
        size = sum(table.nbytes for table in tables.values())
        if size <= self.left:
            self.left -= size
            self[key] = tables


@cache
def _loaded(text: str, name: str, _: compiler.Compiler) -> Any:
    """Return a C function."""
    function = shared_library(text, flags=integrator.FLAGS)[name]
    function.argtypes, function.restype = [_PLACE], None
    return function
