r"""Linear response of a law with a frame weight, in closed form: a sum over pairs of levels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.problem import Problem
from qllg_sym.spectra.lines import merged
from qllg_sym.spectra.perturbations import matrix_of_perturbation
from qllg_sym.spectra.stationary import stationary

Array = NDArray[Any]
NOTHING = 1e-12         # of the largest numerator or denominator: what counts as zero
EQUAL = 1e-13           # populations nearer than this are equal
GIBBS = 1e-8            # of a population that is Gibbs'
TERMS = 1 << 22         # numbers held at once


@dataclass(frozen=True)
class Static:
    """Parts of an isothermal susceptibility.

    Attributes:
        van_vleck: of pairs of levels of different energy, which χ(0) has as well.
        curie: of populations that a bath refills, which no law without a bath has.
    """

    van_vleck: complex
    curie: complex

    @property
    def total(self) -> complex:
        """Both."""
        return self.van_vleck + self.curie


class Transitions:
    r"""Pairs of levels of H at a stationary state.

    $$\chi_{BA}(\omega) = \sum_{jk}\frac{B_{kj}A_{jk}(p_j - p_k)}{\hbar\omega/W(p_j - p_k) + E_k - E_j}$$

    W is the frame weight of the law: 1/(1 − iκΔ) of q-LLG, 1 + iκΔ of q-LL. To first order the frame V of ρ = VpV†
    turns by Ω, $\dot\Omega = -\frac{i}{\hbar}W\circ([H, \Omega] - fA)$, and δρ = [Ω, ρ].

    Args:
        problem: one row at one time.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.state = stationary(problem.start.density()[0], problem.matrices(0.0)[0])
        levels, p = self.state.levels, self.state.populations
        self._gaps = p[:, None] - p
        self._gaps[abs(self._gaps) <= EQUAL] = 0.0
        self._turning = levels[:, None] - levels                    # (E_j − E_k)/ħ
        self._weight = problem.weight(self._gaps)(0.0)

    @property
    def residual(self) -> float:
        """‖[ρ, H]‖/ħ of the state."""
        return self.state.residual

    def operator(self, what: Any, argument: str) -> Array:
        """Return ⟨j|O|k⟩ of what a field couples to."""
        return self.state.elements(matrix_of_perturbation(what, self.problem, argument))

    def is_hermitian(self, elements: Array) -> bool:
        """Return whether an operator is Hermitian."""
        return bool(abs(elements - elements.conj().T).max(initial=0) <= NOTHING * abs(elements).max(initial=0))

    def adjoint(self, elements: Array) -> Array:
        """Return those of O†."""
        return np.asarray(elements.conj().T)

    def settled(self, a: Array, b: Array, omega: Array) -> tuple[Array, float]:
        """Return χ_BA(ω), (n,), and that nothing is left out."""
        return self.susceptibility(a, b, omega), 0.0

    def weighs_as(self, kT: float, a: Array) -> bool:
        """Return whether the populations are Gibbs' at a temperature k_BT ≥ 0."""
        above = (self.state.levels - self.state.levels[0]) * self.problem.hbar
        weights = np.exp(-above / kT) if kT else (above == 0).astype(float)
        return bool(abs(self.state.populations - weights / weights.sum()).max() <= GIBBS)

    def static(self, a: Array, b: Array, kT: float) -> Static:
        """Return van Vleck's and Curie's part of ∂⟨B⟩/∂f at H − fA and a temperature."""
        same = self._turning == 0
        above, below = b.T * a * self._gaps, np.where(same, 1.0, -self._turning * self.problem.hbar)
        p = self.state.populations
        means = complex((p * np.diag(a)).sum()) * complex((p * np.diag(b)).sum())
        curie = ((b.T * a * p[:, None])[same].sum() - means) / kT
        return Static(complex((above / below)[~same].sum()), complex(curie))

    def poles(self, operators: list[Array]) -> Array:
        """Return rows (frequency, half width, weights): each upper level j with each lower one k, once."""
        j, k = np.nonzero((self._turning > 0) & (self._gaps != 0))
        places = self._weight[j, k] * self._turning[j, k]
        weights = [abs(a[j, k])**2 * -self._gaps[j, k] for a in operators]
        return merged(places, np.array(weights).T.reshape(len(j), len(operators)))

    def susceptibility(self, a: Array, b: Array, omega: Array) -> Array:
        """Return χ_BA(ω), (n,).

        Raises:
            InputError: a frequency at which the response grows without end.
        """
        above = b.T * a * self._gaps
        j, k = np.nonzero(abs(above) > NOTHING * abs(above).max(initial=0.0))
        top, slope, turning = above[j, k] / self.problem.hbar, 1 / self._weight[j, k], self._turning[j, k]
        found = np.empty(len(omega), dtype=complex)
        size = max(1, TERMS // max(1, len(j)))
        for begin in range(0, len(omega), size):
            part = omega[begin:begin + size, None]
            below = part * slope - turning
            _refuse_resonance(below, abs(part * slope) + abs(turning), part)
            found[begin:begin + size] = (top / below).sum(axis=1)
        return found


def _refuse_resonance(below: Array, scale: Array, omega: Array) -> None:
    """Refuse a frequency at which a denominator is zero."""
    zero = (abs(below) <= 1e-14 * scale) | (scale == 0)
    if zero.any():
        at = float(omega[zero.any(axis=1)][0, 0])
        why = "the state is not the same in levels of equal energy" if at == 0 else "a transition there has no width"
        raise InputError(f"`omega` must not be where the response grows without end, but is {at:g}, and {why}; leave "
                         "this frequency out.")
