r"""Friction and the noise that belongs to it: $\sigma_{jk}^2 = 2\hbar k_BT\,\mathrm{Im}W(\Delta)/\Delta$.

The drift of a law that keeps the spectrum has the dissipative part Im W(Δ)/Δ: κ/(1 + κ²Δ²) for q-LLG, κ for q-LL.
Noise of this strength, for each pair of levels, makes exp(−Tr ρH/k_BT) stationary. For q-LLG it is that of dX inside
the law, |W|² 2ħκk_BT; for q-LL that of dX in its precession term alone.
"""

from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.equations.equation import Equation
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial_states import ROUNDING

Array = NDArray[Any]
CLOSE = 1e-7        # whose square is beyond doubles


def coupled(gaps: Array) -> Array:
    """Return which pairs of levels differ, from Δ (d, d); the others have no say in ρ."""
    return np.asarray(abs(gaps) > ROUNDING)


def friction(gaps: Array, weight: Array) -> Array:
    """Return Im W/Δ of every pair of different levels, else 0, (d, d).

    >>> gap = np.array([[0, 1.0], [-1.0, 0]]); friction(gap, 1 / (1 - 0.5j * gap))[0, 1].round(12)
    np.float64(0.4)
    """
    return np.asarray(np.divide(weight.imag, gaps, out=np.zeros(gaps.shape), where=coupled(gaps)))


def close_friction(problem: Problem, t: float) -> float:
    """Return the friction κ of levels that lie close: the slope of Im W at Δ = 0."""
    return float(problem.weight(np.array([CLOSE]))(t)[0].imag) / CLOSE


def noise_amplitudes(gaps: Array, weight: Array, kT: float, hbar: float) -> Array:
    """Return σ_jk/ħ of every pair of levels, (d, d), 1/√time."""
    return np.asarray(np.sqrt(2 * kT / hbar * friction(gaps, weight))) if kT else np.zeros(gaps.shape)


def field_strength(problem: Problem, kT: float, t: float) -> float:
    """Return σ²/ħ² = 2κk_BT/ħ of local noise, 1/time, with κ the friction of close levels."""
    return 2 * close_friction(problem, t) * kT / problem.hbar


def noise_inside(equation: Equation) -> bool | None:
    """Return whether noise stands wherever H does (q-LLG), in the precession term alone (q-LL), or None: not known.

    1/W = 1 + F(Δ) means ρ̇ = (i/ħ)[ρ, H] + F[ρ̇]: all of H is in the precession term, so that noise beside it is
    damped, too. Re W = 1 means damping that is explicit in H.

    >>> from qllg_sym import Model, QuantumLL, QuantumLLG, Space
    >>> [noise_inside(law.derive(Model(Space("1/2")))) for law in (QuantumLLG(2), QuantumLL(2))]
    [True, False]
    """
    real, imaginary = equation.weight()
    if sp.cancel(real / (real**2 + imaginary**2)) == 1:
        return True
    return False if sp.cancel(real) == 1 else None
