"""Which motion belongs to a law and a bath, and what does not fit together."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.friction import noise_inside
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.motions.hybrid import ClustersAndMoments
from qllg_sym.ensemble.motions.kets import NoisyKets, cheaper_by_kets
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.motions.local_friction import LocalFriction
from qllg_sym.ensemble.motions.local_kets import LocalKets
from qllg_sym.ensemble.motions.moments import Moments
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.errors import InputError
from qllg_sym.flow.methods import local
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial import LARGEST_DENSE

Motion = Moments | Frames | NoisyKets | ClustersAndMoments


def motion_of(problem: Problem, bath: Bath, temperature: Callable[[float], float]) -> Motion:
    """Return what moves.

    Args:
        problem: one row.
        bath: its kind of noise.
        temperature: t ↦ k_BT.

    Raises:
        InputError: a law that does not keep the spectrum, noise that it does not take, or a space that is too large.
    """
    if isinstance(problem.equation, HybridEquation):
        if bath.noise != "invariant":
            raise InputError(f"`noise` must be \"invariant\" for hybrid, whose moments have Brown's besides, but is "
                             f"{bath.noise!r}; write Bath({bath.kT}).")
        return ClustersAndMoments(problem, temperature)
    return Moments(problem, temperature) if problem.classical else _frames(problem, bath, temperature)


def check_friction(problem: Problem, motion: Motion, bath: Bath,
                   temperature: Callable[[float], float], times: NDArray[np.float64]) -> None:
    """Refuse a negative temperature, and noise without the friction that belongs to it.

    Args:
        problem: one row.
        motion: what moves.
        bath: the heat bath.
        temperature: t ↦ k_BT.
        times: at which both are looked at.

    Raises:
        InputError: at one of the times.
    """
    if bath.checked(temperature, times):
        for t in times.tolist():
            _check_damping(problem, motion, t)


def _frames(problem: Problem, bath: Bath, temperature: Callable[[float], float]) -> Frames | NoisyKets:
    """Return the frames of a law that keeps the spectrum."""
    kind, d = problem.equation.kind, problem.equation.model.space.dimension
    if local.refuses(problem) is None:
        return _local(problem, bath, temperature)
    if not problem.has_weight:
        what = "has no frame weight" if problem.keeps_spectrum else "does not"
        raise InputError(f"`law` must keep the spectrum of the state by a frame weight, as QuantumLLG does, but {kind} "
                         f"{what}, so that its noise is not known here; use `solve`, without noise.")
    if bath.noise != "invariant" and noise_inside(problem.equation) is None:
        raise InputError(f"`noise` must be \"invariant\" for {kind}, but is \"local\", and it is not known where it "
                         "stands in this law; take q-LLG or q-LL for local noise.")
    if cheaper_by_kets(problem):
        return NoisyKets(problem, temperature) if bath.noise == "invariant" else LocalKets(problem, temperature)
    if d > LARGEST_DENSE:
        raise InputError(f"`model` must have dimension {LARGEST_DENSE} at most for this rank, but has {d:,}; take few "
                         "kets, fewer spins, or a classical law.")
    return Frames(problem, temperature) if bath.noise == "invariant" else LocalFrames(problem, temperature)


def _local(problem: Problem, bath: Bath, temperature: Callable[[float], float]) -> Frames:
    """Return the frames of local friction, which balances local noise."""
    kind, d = problem.equation.kind, problem.equation.model.space.dimension
    if bath.noise != "local" and not bath.kT.is_zero:
        raise InputError(f"`noise` must be \"local\" for {kind}, whose friction of each spin by itself balances no "
                         f"other, but is {bath.noise!r}; write Bath({bath.kT}, \"local\").")
    if d > LARGEST_DENSE:
        raise InputError(f"`model` must have dimension {LARGEST_DENSE} at most for this noise, but has {d:,}; take "
                         "fewer spins, or a classical law.")
    return LocalFriction(problem, temperature)


def _check_damping(problem: Problem, motion: Motion, t: float) -> None:
    """Refuse noise without the friction that belongs to it."""
    if (found := motion.damping(t)) > 0:
        return
    name = next(iter(problem.equation.law.dampings()), None)
    todo = f"give a positive `{name}`" if name else "take QuantumLLG(0.5)"
    raise InputError(f"`law` must damp where kT > 0, since noise without friction heats without end, but "
                     f"{problem.equation.kind} has the friction {found:g} at t = {t:g}; {todo}, or Bath(0).")
