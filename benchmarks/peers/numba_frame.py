"""numba: the frame form in the eigenbasis of H, and DOP853 around it, all in one compiled loop.

SciPy's coefficients and step control; steps end at the times that are asked for, so no dense output is needed. The
trajectories of problem D run on all cores.
"""

from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from scipy.integrate import DOP853

from ..problems import Array, DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "numba, DOP853 on the frame form", "numba", ("A", "B", "D")
PATIENCE = True
TOLERANCES = tuple(10.0**-k for k in range(4, 14))
SLICE = 1000    # dimers of problem D that are run


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Compile, then integrate all frames."""
    p, v = np.linalg.eigh(problem.rho)
    energies, basis = np.linalg.eigh(problem.h.reshape(-1, 4, 4)[:SLICE])
    kappa = np.atleast_1d(np.asarray(problem.kappa, dtype=float))[:SLICE]
    # The frame weight a second time on purpose: a peer shares nothing.
    weight = 1 / (1 - 1j * kappa[:, None, None] * (p[:, None] - p))
    starts = basis.conj().swapaxes(1, 2) @ v
    energies = energies - energies.mean(axis=1, keepdims=True)
    loops, setup = _compiled()
    loop = loops[problem.batch]
    frames, seconds = least(lambda: loop(starts, energies, weight, problem.times, tolerance))
    frames = basis[:, None] @ frames
    states = (frames * p) @ frames.conj().swapaxes(2, 3)
    if not problem.batch:
        return Outcome(states[0], seconds, setup)
    scale = len(problem.D) / len(states)
    return Outcome(states, seconds * scale, setup, f"all cores; {len(states)} dimers timed, scaled")


@cache
def _compiled() -> tuple[Any, float]:
    """Return the loops, and the seconds that compiling them took."""
    return timed(_loops)


def _loops() -> Any:
    """Return (starts, energies, weights, times, tolerance) -> frames (m, n, 4, 4), on one core and on all of them."""
    numba: Any = import_module("numba")
    a, b, e3, e5 = (np.ascontiguousarray(x) for x in (DOP853.A, DOP853.B, DOP853.E3, DOP853.E5))
    stages = len(b)

    def flow(v: Array, energies: Array, weight: Array, out: Array) -> None:
        """dV/dt."""
        k = np.empty((4, 4), np.complex128)
        for i in range(4):
            for j in range(4):
                total = 0j
                for l in range(4):
                    total += energies[l] * (np.conj(v[l, i]) * v[l, j])
                k[i, j] = -1j * weight[i, j] * total
        for i in range(4):
            for j in range(4):
                out[i, j] = v[i, 0] * k[0, j] + v[i, 1] * k[1, j] + v[i, 2] * k[2, j] + v[i, 3] * k[3, j]

    flow = numba.njit(flow, fastmath={"contract"})

    def error_norm(k: Array, v: Array, new: Array, h: float, tolerance: float) -> float:
        """SciPy's error estimate of orders 5 and 3."""
        fifth, third = 0.0, 0.0
        for i in range(4):
            for j in range(4):
                x5, x3 = 0j, 0j
                for s in range(stages + 1):
                    x5 += e5[s] * k[s, i, j]
                    x3 += e3[s] * k[s, i, j]
                scale = tolerance * (1 + max(abs(v[i, j]), abs(new[i, j])))
                fifth += (abs(x5) / scale)**2
                third += (abs(x3) / scale)**2
        if fifth == 0 and third == 0:
            return 0.0
        return abs(h) * fifth / np.sqrt((fifth + 0.01 * third) * 16)

    error_norm = numba.njit(error_norm)

    def one(v: Array, energies: Array, weight: Array, times: Array, tolerance: float, out: Array) -> None:
        """One trajectory."""
        k = np.empty((stages + 1, 4, 4), np.complex128)
        new = np.empty((4, 4), np.complex128)
        h, t = 0.05, times[0]
        out[0] = v
        flow(v, energies, weight, k[0])
        for sample in range(1, len(times)):
            while t < times[sample]:
                last = t + h >= times[sample]
                step = times[sample] - t if last else h
                for s in range(1, stages + 1):
                    for i in range(4):
                        for j in range(4):
                            total = 0j
                            for r in range(s):
                                total += (a[s, r] if s < stages else b[r]) * k[r, i, j]
                            new[i, j] = v[i, j] + step * total
                    flow(new, energies, weight, k[s])
                error = error_norm(k, v, new, step, tolerance)
                factor = 10.0 if error == 0 else min(10.0, max(0.2, 0.9 * error**-0.125))
                if error < 1:
                    t = times[sample] if last else t + step
                    v, k[0] = new.copy(), k[stages]
                    h = h if last and factor * step < h else factor * step
                else:
                    h = factor * step
            out[sample] = v

    one = numba.njit(one)

    def many(starts: Array, energies: Array, weight: Array, times: Array, tolerance: float) -> Array:
        """All trajectories."""
        out = np.empty((len(starts), len(times), 4, 4), np.complex128)
        for row in numba.prange(len(starts)):
            one(starts[row], energies[row], weight[row], times, tolerance, out[row])
        return out

    eye = np.eye(4, dtype=complex)[None]
    loops = numba.njit(many), numba.njit(many, parallel=True)
    for loop in loops:
        loop(eye, np.zeros((1, 4)), np.ones((1, 4, 4), complex), np.array([0.0, 0.1]), 1e-3)
    return loops
