"""Frames in C, under invariant or local noise: what of H, W and the noise a step needs."""

import ctypes
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.bath import Steady
from qllg_sym.ensemble.friction import coupled
from qllg_sym.ensemble.motions.frames import COMPILED, Frames
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.lanes import Interval, Lanes, moments_of_steps, stride_of

Array = NDArray[Any]
UNROLLED = 4                # dimension up to which loops over entries are unrolled
_NUMBERS = "pairs fields h_row w_row size_row".split()
_TABLES = "upper diagonal h w sizes turned local".split()


class FrameRun(ctypes.Structure):
    """`frame_run` of frames.c."""

    _fields_ = (("part", Interval), *((name, ctypes.c_int64) for name in _NUMBERS),
                *((name, ctypes.c_void_p) for name in _TABLES))


@dataclass(frozen=True)
class FrameLanes(Lanes):
    """Steps of frames in C; with a constant H in its eigenbasis."""

    motion: Frames

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        if self._d > COMPILED:
            return f"matrices have dimension {self._d}, and compiled steps {COMPILED} at most"
        return None

    @property
    def _d(self) -> int:
        return len(self.motion.levels)

    @property
    def text(self) -> str:
        """The C text of frames of this dimension."""
        unrolled = "UNROLL" if self._d <= UNROLLED else ""
        return f"#define D {self._d}\n#define UNROLLED {unrolled}\n" + source("frames.c")

    @property
    def work(self) -> int:
        """Products of entries of a step of one trajectory."""
        return self._d**3

    @cached_property
    def steady(self) -> bool:
        """Whether neither H nor W nor the temperature depends on time."""
        return self._basis is not None and self._steady_noise

    @property
    def _steady_noise(self) -> bool:
        return isinstance(self.motion.temperature, Steady) and self.motion.problem.constant_weight

    @cached_property
    def _basis(self) -> Array | None:
        """Eigenvectors of a constant H, in columns."""
        problem = self.motion.problem
        return problem.diagonal[1][0] if problem.hamiltonian.constant else None

    def packed(self, states: Array) -> Array:
        """Return frames as real and imaginary parts, in a fresh array (m, 2d²)."""
        return parts(states if self._basis is None else self._basis.conj().T @ states).reshape(len(states), -1)

    def unpacked(self, rows: Array) -> Array:
        """Return the frames of such rows."""
        re, im = rows.reshape(len(rows), 2, self._d, self._d).swapaxes(0, 1)
        moved = re + 1j * im
        return np.asarray(moved if self._basis is None else self._basis @ moved)

    def run(self, part: Interval, tables: dict[str, Array]) -> ctypes.Structure:
        """Return the C structure of some steps; the tables live as long as it is used."""
        places = {name: table.ctypes.data for name, table in tables.items() if table.size}
        return FrameRun(part, len(self.motion.pairs[0]), len(tables["local"]),
                         *(stride_of(tables[name]) for name in ("h", "w", "sizes")), **places)

    def tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return H, W and the noise at the times that some steps ask for, one row where they do not depend on them."""
        motion, (drifts, noises) = self.motion, moments_of_steps(self.stepper.NAME, t, h, steps, part)
        found = self._noise(h, noises[:1] if self._steady_noise else noises)
        weights = drifts[:1] if motion.problem.constant_weight else drifts
        found["w"] = parts(np.stack([-1j * motion.weight(moment) for moment in weights]))
        found["upper"] = np.ascontiguousarray(motion.pairs, dtype=np.int64)
        return found | self._hamiltonians(drifts)

    def _hamiltonians(self, times: list[float]) -> dict[str, Array]:
        """Return H at some times, or its eigenvalues where it is constant."""
        problem = self.motion.problem
        if self._basis is None:
            return {"h": parts(np.stack([problem.matrices(moment)[0] for moment in times]))}
        return {"h": np.empty((0, 0)), "diagonal": problem.diagonal[0][0]}

    def _noise(self, h: float, times: list[float]) -> dict[str, Array]:
        """Return the sizes of the noise, and the fields of local noise with what they are weighted by."""
        motion = self.motion
        if not isinstance(motion, LocalFrames):
            return {"sizes": np.sqrt(h) * np.stack([motion.sizes(t) for t in times]), "local": np.empty(0)}
        sizes = np.sqrt(h) * np.array([[np.sqrt(motion.strength(t))] for t in times])
        turned = np.empty(0) if motion.inside else parts(-1j * coupled(motion.gaps)[None])
        return {"sizes": sizes, "local": self._in_basis(motion.fields), "turned": turned}

    def _in_basis(self, operators: Array) -> Array:
        """Return operators in the basis of the states, (n, 2, d, d)."""
        basis = self._basis
        return parts(operators if basis is None else basis.conj().T @ operators @ basis)


def parts(matrices: Array) -> Array:
    """Return complex matrices (n, d, d) as real and imaginary parts, (n, 2, d, d).

    >>> parts(np.array([[[1 + 2j]]])).ravel().tolist()
    [1.0, 2.0]
    """
    return np.ascontiguousarray(np.stack([matrices.real, matrices.imag], axis=1))
