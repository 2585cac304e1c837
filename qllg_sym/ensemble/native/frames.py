"""Frames in C: whole intervals of steps, eight trajectories side by side, with the random numbers made there."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import compiler
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.ensemble.bath import Steady
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.stream import Stream, noisy_head, stream
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.steppers import POLISH

Array = NDArray[Any]
LARGEST = 8                 # dimension
UNROLLED = 4                # dimension up to which loops over entries are unrolled
TABLED = 256                # steps whose H(t), W(t) and noise are laid out at once
CALL = 1 << 22              # trajectories · steps · d³ of one call: some ten milliseconds
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_NUMBERS = "count begin end steps first polish pairs fields h_row w_row size_row".split()
_TABLES = "upper diagonal h w sizes turned local states".split()


class _FrameRun(ctypes.Structure):
    """`frame_run` of frames.c."""

    _fields_ = (*((name, _WORD) for name in _NUMBERS), ("length", _REAL), *((name, _PLACE) for name in _TABLES),
                ("numbers", Stream))


@dataclass(frozen=True)
class FrameLanes:
    """Steps of frames in C.

    Attributes:
        motion: of dimension 2 to 8.
        stepper: "strang" or "euler".
    """

    motion: Frames
    stepper: Any

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        if (d := len(self.motion.levels)) > LARGEST:
            return f"matrices have dimension {d}, and compiled steps {LARGEST} at most"
        return None

    def prepare(self) -> None:
        """Compile, or take it from the cache.

        Raises:
            CodegenError: no C compiler works.
        """
        _step(len(self.motion.levels), self.stepper.NAME, compiler.find())

    def advance(self, states: Array, t: float, h: float, steps: int, numbers: Normals | Joined, first: int,
                watch: Callable[[float], None]) -> Array:
        """Return the states after some steps; see `paths`."""
        motion, basis = self.motion, self._basis
        moved = np.array(states if basis is None else basis.conj().T @ states, dtype=complex, order="C")
        step, count, d = _step(states.shape[-1], self.stepper.NAME, compiler.find()), len(states), states.shape[-1]
        size = max(1, min(CALL // (count * d**3), steps if self._still else TABLED))
        for begin in range(0, steps, size):
            end = min(begin + size, steps)
            tables = {**self._tables(t, h, steps, range(begin, end)), "states": moved}
            rows = {f"{name}_row": each[0].size if len(each := tables[table]) > 1 else 0
                    for name, table in (("h", "h"), ("w", "w"), ("size", "sizes"))}
            run = _FrameRun(count=count, begin=begin, end=end, steps=steps, first=first, polish=POLISH,
                            pairs=len(motion.pairs[0]), length=h, numbers=stream(numbers, self.stepper.SETS), **rows,
                            **{name: table.ctypes.data for name, table in tables.items() if table.size})
            step(ctypes.byref(run))
            watch(end / steps)
        return np.asarray(moved if basis is None else basis @ moved)

    @cached_property
    def _basis(self) -> Array | None:
        """Eigenvectors of a constant H, in columns."""
        problem = self.motion.problem
        return problem.diagonal[1][0] if problem.hamiltonian.constant else None

    @cached_property
    def _still(self) -> bool:
        """Whether neither H nor W nor the temperature depends on time."""
        return self._basis is not None and self.motion.problem.constant_weight and self._steady

    @property
    def _steady(self) -> bool:
        return isinstance(self.motion.temperature, Steady) and self.motion.problem.constant_weight

    def _tables(self, t: float, h: float, steps: int, part: range) -> dict[str, Array]:
        """Return H, W and the sizes of the noise at the times that some steps ask for, one row where they are one."""
        if self._still:
            part = part[:1]
        motion, (drifts, noises) = self.motion, _moments(self.stepper.NAME, t, h, steps, part)
        found = {"upper": np.ascontiguousarray(motion.pairs, dtype=np.int64)}
        weights = drifts[:1] if motion.problem.constant_weight else drifts
        found["w"] = _parts(np.stack([-1j * motion.weight(moment) for moment in weights]))
        warm = noises[:1] if self._steady else noises
        found["sizes"] = np.sqrt(h) * np.stack([motion.sizes(moment) for moment in warm])
        if self._basis is None:
            return {**found, "h": _parts(np.stack([motion.problem.matrices(moment)[0] for moment in drifts]))}
        return {**found, "h": np.empty((0, 0)), "diagonal": motion.problem.diagonal[0][0]}


def _moments(scheme: str, t: float, h: float, steps: int, part: range) -> tuple[list[float], list[float]]:
    """Return at which times some steps ask for the drift, and for the noise."""
    middles = [t + (k + 0.5) * h for k in part]
    if scheme == "euler":
        return [t + k * h for k in part], middles
    begins = [(t, h / 2)] if part.start == 0 else []
    begins += [(middle, h if k + 1 < steps else h / 2) for k, middle in zip(part, middles, strict=True)]
    return [moment for begin, length in begins for moment in (begin, begin + length / 2)], middles


def _parts(matrices: Array) -> Array:
    """Return complex matrices (n, d, d) as real and imaginary parts, (n, 2, d, d)."""
    return np.ascontiguousarray(np.stack([matrices.real, matrices.imag], axis=1))


@cache
def _step(d: int, name: str, _: compiler.Compiler) -> Any:
    """Return the C function of a stepper for a dimension."""
    unrolled = "UNROLL" if d <= UNROLLED else ""
    text = "\n".join([noisy_head(), f"#define D {d}\n#define UNROLLED {unrolled}", source("frames.c")])
    function = shared_library(text, flags=integrator.FLAGS)[f"qllg_{name}"]
    function.argtypes, function.restype = [ctypes.POINTER(_FrameRun)], None
    return function
