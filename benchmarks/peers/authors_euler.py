"""The paper's own scheme, written anew: explicit Euler, ρ̇ from a damped fixed-point iteration.

Step 1e-5; x ← 0.9 x + 0.1 (i[ρ, H] + iκ[ρ, x]) from x = i[ρ, H] until x changes by less than 1e-8 of itself undamped.
A slice of its steps is timed and scaled. Its error is that of a coarser step, scaled: Euler's error is linear in it.
"""

import numpy as np

from ..problems import Array, DimerProblem
from ..timing import Outcome, timed

NAME, PACKAGE, PROBLEMS = "authors' scheme (Euler, fixed point)", None, ("B",)
STEP, COARSE = 1e-5, 1e-2
PATIENCE = False
TOLERANCES = (STEP,)        # it has no other knob
MIXING, CLOSE = 0.1, 1e-8
SLICE = 1000                # steps that are timed


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Time a slice with steps of `tolerance`; take the error from steps of 0.01."""
    _, seconds = timed(lambda: _advance(problem.rho, problem, tolerance, SLICE))
    rho, states = problem.rho, [problem.rho]
    for span in np.diff(problem.times):
        rho = _advance(rho, problem, COARSE, round(span / COARSE))
        states.append(rho)
    steps = (problem.times[-1] - problem.times[0]) / tolerance
    return Outcome(np.array(states), seconds * steps / SLICE, note=f"{SLICE} of {steps:.0e} steps timed, scaled; error "
                   f"scaled from steps of {COARSE:g}", error_factor=tolerance / COARSE)


def _advance(rho: Array, problem: DimerProblem, step: float, count: int) -> Array:
    """Return ρ after some steps."""
    for _ in range(count):
        rho = rho + step * _velocity(rho, problem.h, float(problem.kappa))
    return rho


def _velocity(rho: Array, h: Array, kappa: float) -> Array:
    """Return ρ̇ of the law, here a second time on purpose: a peer shares nothing."""
    torque = 1j * (rho @ h - h @ rho)
    x = torque
    while True:
        change = torque + 1j * kappa * (rho @ x - x @ rho) - x
        if np.abs(change).max() < CLOSE:
            return x
        x = x + MIXING * change
