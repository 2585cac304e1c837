"""Classical moments in C: the generated velocity in lanes, and the turns that noise makes."""

import ctypes
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.bath import Steady
from qllg_sym.ensemble.motions.moments import Moments
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.lanes import Interval, Lanes, moments_of_steps, stride_of

Array = NDArray[Any]


class _MomentRun(ctypes.Structure):
    """`moment_run` of moments.c."""

    _fields_ = (("part", Interval), *((name, ctypes.c_int64) for name in "sites width p_row size_row".split()),
                *((name, ctypes.c_void_p) for name in "velocity p sizes".split()))


@dataclass(frozen=True)
class MomentLanes(Lanes):
    """Steps of unit moments in C."""

    motion: Moments

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        if self.motion.velocity.address is None:
            return "the right-hand side is not compiled, since no C compiler works"
        return None

    def prepare(self) -> None:
        """Compile, or take it from the cache.

        Raises:
            CodegenError: no C compiler works.
        """
        super().prepare()
        _ = self.motion.velocity.batch_address

    @property
    def text(self) -> str:
        """The C text of moments."""
        return source("moments.c")

    @property
    def work(self) -> int:
        """Operations of a step of one trajectory, about."""
        return self.motion.velocity.kernel.operations + 100 * len(self.motion.start)

    @property
    def room(self) -> int:
        """Vectors for slopes, turns and moved moments, and for parameters."""
        return 9 * len(self.motion.start) + len(self.motion.velocity.kernel.parameters)

    @cached_property
    def steady(self) -> bool:
        """Whether neither parameters nor noise depend on time; velocities may."""
        return not self.motion.moving_values and self._steady_noise

    @property
    def _steady_noise(self) -> bool:
        return isinstance(self.motion.temperature, Steady) and self.motion.constant_damping

    def packed(self, states: Array) -> Array:
        """Return a fresh array (m, 3N)."""
        return np.array(states, dtype=float, order="C").reshape(len(states), -1)

    def unpacked(self, rows: Array) -> Array:
        """Return moments (m, N, 3)."""
        return rows.reshape(len(rows), -1, 3)

    def tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return parameters and sizes of the noise at the times that some steps ask for."""
        motion, (drifts, noises) = self.motion, moments_of_steps(self.stepper.NAME, t, h, steps, part)
        names = motion.velocity.kernel.parameters
        looked, warm = drifts if motion.moving_values else drifts[:1], noises[:1] if self._steady_noise else noises
        return {"p": np.stack([motion.problem.parameters(names, moment)[:, 0] for moment in looked]),
                "sizes": np.sqrt(h) * np.stack([motion.sizes(moment)[:, 0] for moment in warm])}

    def run(self, part: Interval, tables: dict[str, Array]) -> ctypes.Structure:
        """Return the C structure of some steps; the tables live as long as it is used."""
        p, sizes = tables["p"], tables["sizes"]
        return _MomentRun(part, len(self.motion.start), p.shape[1], stride_of(p), stride_of(sizes),
                          self.motion.velocity.batch_address, p.ctypes.data, sizes.ctypes.data)
