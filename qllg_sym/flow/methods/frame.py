r"""The frame form: ρ = V diag(p) V† with constant p, $\dot V = -\frac{i}{\hbar} V (W \circ V^\dagger H V)$.

W_jk = W(p_j − p_k) comes from the law's residual. The spectrum is exact by construction as long as V stays unitary,
which a Newton step towards the unitary group keeps at rounding level without loss of order. Constant H: in a frame that
turns with it, see `flow.native.rotating`. Compiled, unless no compiler works, W depends on time, or d is large.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, isqrt

import numpy as np

from qllg_sym.codegen import build
from qllg_sym.errors import CodegenError
from qllg_sym.flow.methods._turns import turns
from qllg_sym.flow.native.frame import driven_field, frame_field
from qllg_sym.flow.native.rotating import factors, pack, restricted, rotating, unpack
from qllg_sym.flow.problem import Problem, Solution, Stop, Watch
from qllg_sym.flow.states.initial import LARGEST_DENSE, LARGEST_MATRIX
from qllg_sym.flow.steppers.compiled import require_compiler
from qllg_sym.flow.steppers.drive import Array, Path, drive, drive_compiled
from qllg_sym.flow.steps.field import Field
from qllg_sym.observables.ensemble import Ensemble

NAME = "frame"
GROWTH = "kets"     # errors grow from step to step: how much is read off its kets
LARGEST = 128       # above it the products of a threaded BLAS win


@dataclass(frozen=True)
class Motion:
    """The frame form with its numbers: V' = V X(t, V).

    Attributes:
        start: V at the first time, (d, d).
        generator: (t, V) ↦ X, (d, d).
        laboratory: (times, frames) ↦ V in the laboratory, (n, d, d).
        compiled: gives the same in C with its data, or raises CodegenError; None where there is no such form.
    """

    start: Array
    generator: Callable[[float, Array], Array]
    laboratory: Callable[[Array, Array], Array]
    compiled: Callable[[], tuple[Field, Array]] | None


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    if (d := problem.equation.model.space.dimension) > LARGEST_MATRIX:
        return f"d = {d} exceeds {LARGEST_MATRIX}"
    return None if problem.keeps_spectrum else f"{problem.equation.kind} does not keep the spectrum"


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: products of matrices for every slope, and one for every time."""
    d = problem.equation.model.space.dimension
    slopes = 60 + 8 * turns(problem)
    return slopes * (1e-5 + 5e-10 * d**3) + 1e-9 * len(problem.times) * d**3 if d <= LARGEST_DENSE else inf


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate all d columns of V."""
    assert problem.initial is not None
    levels, frame = problem.initial.full()
    still = problem.hamiltonian.constant and problem.constant_weight and np.isfinite(problem.hamiltonian.at(0.0)).all()
    motion = (_turning if still else _driven)(problem, levels, frame.astype(complex))
    path = _path(problem, motion, watch, _halt(problem, levels, motion))
    kets = motion.laboratory(problem.times[:len(path.samples)], path.samples)
    kets[0] = frame             # to the last bit
    return Solution(problem.times[:len(kets)], Ensemble(problem.dims, kets=kets, weights=levels), None, path.stats,
                    path.failure, path.interrupted, path.reached)


def _turning(problem: Problem, levels: Array, frame: Array) -> Motion:
    """Return the motion for constant H and W, in the frame that turns with H."""
    d, weight = len(levels), problem.weight(levels[:, None] - levels)(0.0)
    turn = rotating(levels, frame, problem.hamiltonian.diagonal, weight)
    energies, parts = turn.data[:d], turn.data[d:].reshape(2, d, d)
    factor = parts[0] + 1j * parts[1]
    return Motion(unpack(turn.start), lambda t, v: factor * (v.conj().T @ (energies[:, None] * v)),
                  lambda times, frames: turn.laboratory(times - problem.times[0], frames),
                  lambda: (frame_field(d), turn.data))


def _driven(problem: Problem, levels: Array, frame: Array) -> Motion:
    """Return the motion for H(t) or W(t), in the laboratory."""
    d, hamiltonian = len(levels), problem.hamiltonian
    weight = problem.weight(levels[:, None] - levels)

    def compiled() -> tuple[Field, Array]:
        """Return the field of H(t), with its data."""
        field = driven_field(d, build.load(hamiltonian.program, "c"), np.array(hamiltonian.parts).reshape(-1, d, d))
        return field, np.concatenate([hamiltonian.parameters, factors(restricted(levels, weight(0.0)))])

    return Motion(frame, lambda t, v: -1j * restricted(levels, weight(t)) * (v.conj().T @ hamiltonian.at(t) @ v),
                  lambda times, frames: frames, compiled if problem.constant_weight else None)


def _halt(problem: Problem, levels: Array, motion: Motion) -> Stop | None:
    """Return `stop` as a function of what is integrated."""
    stop = problem.stop
    if stop is None:
        return None

    def halt(t: float, frame: Array) -> bool:
        """Return whether ρ at this time is to be the last."""
        v = motion.laboratory(np.array([t]), frame[None])[0]
        return bool(stop(t, (v * levels) @ v.conj().T))

    return halt


def _path(problem: Problem, motion: Motion, watch: Watch, halt: Stop | None) -> Path:
    """Integrate in C where that works, else in NumPy; the samples are frames (n, d, d)."""
    d, native = len(motion.start), _native(motion)
    if native is not None:
        field, data = native
        path = drive_compiled(field, data, pack(motion.start), problem.times, problem.rtol, problem.atol, watch,
                              None if halt is None else lambda t, sample: halt(t, unpack(sample)), problem.limits)
        return replace(path, samples=unpack(path.samples))

    def slope(t: float, y: Array) -> Array:
        """Return dV/dt."""
        v = y.reshape(d, d)
        return (v @ motion.generator(t, v)).ravel()

    path = drive(slope, motion.start.ravel(), problem.times, problem.rtol, problem.atol, watch, _unitary,
                 None if halt is None else lambda t, sample: halt(t, sample.reshape(d, d)), problem.limits)
    return replace(path, samples=path.samples.reshape(-1, d, d))


def _native(motion: Motion) -> tuple[Field, Array] | None:
    """Return the motion in C, or None where that is not to be had."""
    if motion.compiled is None or len(motion.start) > LARGEST:
        return None
    try:
        field, data = motion.compiled()
        require_compiler(field)
        return field, data
    except CodegenError:
        return None


def _unitary(y: Array) -> None:
    """Bring V one Newton step nearer to the unitary group."""
    d = isqrt(len(y))
    v = y.reshape(d, d)
    v[:] = v @ (1.5 * np.eye(d) - 0.5 * (v.conj().T @ v))
