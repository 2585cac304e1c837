"""Frames under local friction in C: what of H, the spins and the friction a step needs."""

import ctypes
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.bath import Steady
from qllg_sym.ensemble.friction import coupled
from qllg_sym.ensemble.motions.local_friction import LocalFriction
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.frames import FrameLanes, FrameRun, parts
from qllg_sym.ensemble.native.lanes import Interval, moments_of_steps, stride_of

Array = NDArray[Any]


_TABLES = "levels shares begins rows columns re im".split()


class _FrictionRun(ctypes.Structure):
    """`friction_run` of local_friction.c."""

    _fields_ = (("frames", FrameRun), ("spins", ctypes.c_int64), ("share_row", ctypes.c_int64),
                *((name, ctypes.c_void_p) for name in _TABLES))


@dataclass(frozen=True)
class FrictionLanes(FrameLanes):
    """Implicit steps of frames under local friction in C."""

    motion: LocalFriction

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        if self.stepper.NAME != "implicit":
            return f"under local friction implicit steps alone are compiled, not {self.stepper.NAME}"
        return super().refuses()

    @property
    def text(self) -> str:
        """The C text of frames of this dimension, and of what friction does to them."""
        return super().text + source("local_friction.c")

    @property
    def work(self) -> int:
        """Products of entries of a step of one trajectory."""
        return 5 * super().work

    @cached_property
    def steady(self) -> bool:
        """Whether neither H nor friction nor the temperature depends on time."""
        return self.motion.problem.hamiltonian.constant and self._steady_noise

    @property
    def _steady_noise(self) -> bool:
        return isinstance(self.motion.temperature, Steady) and self.motion.constant_damping

    @cached_property
    def _basis(self) -> Array | None:
        """None: where states are as they are, operators of spins have few entries."""
        return None

    def run(self, part: Interval, tables: dict[str, Array]) -> ctypes.Structure:
        """Return the C structure of some steps; the tables live as long as it is used."""
        places = {name: table.ctypes.data for name, table in tables.items() if table.size}
        frames = FrameRun(part, 0, 0, stride_of(tables["h"]), 0, stride_of(tables["sizes"]),
                          **{name: places[name] for name in ("h", "sizes", "turned")})
        return _FrictionRun(frames, self.motion.count, stride_of(tables["shares"]), *(places[name] for name in _TABLES))

    def tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return H, friction and noise at the times that some steps ask for, one row where they are constant."""
        motion, (drifts, noises) = self.motion, moments_of_steps(self.stepper.NAME, t, h, steps, part)
        damped = drifts[:1] if motion.constant_damping else drifts
        warm = noises[:1] if self._steady_noise else noises
        found = {"levels": np.ascontiguousarray(motion.levels, dtype=float),
                 "turned": parts(-1j * coupled(motion.gaps)[None]),
                 "shares": np.array([motion.damping(moment) / motion.lengths for moment in damped]),
                 "sizes": np.sqrt(h) * np.array([motion.sizes(moment) for moment in warm])}
        constant = motion.problem.hamiltonian.constant
        return found | self._hamiltonians(drifts[:1] if constant else drifts) | _entries(motion.spins)


def _entries(operators: Array) -> dict[str, Array]:
    """Return where each operator of (n, d, d) begins in a list of entries that are not zero, their places and parts.

    >>> _entries(np.array([[[0, 2j], [-2j, 0]]]))["im"].tolist()
    [2.0, -2.0]
    """
    number, rows, columns = (np.ascontiguousarray(places, dtype=np.int64) for places in np.nonzero(operators))
    values = operators[number, rows, columns]
    return {"begins": np.searchsorted(number, np.arange(len(operators) + 1)), "rows": rows, "columns": columns,
            "re": np.ascontiguousarray(values.real), "im": np.ascontiguousarray(values.imag)}
