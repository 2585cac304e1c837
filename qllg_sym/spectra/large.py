r"""Linear response of a pure eigenstate of a large space: resolvents on rays of complex frequency."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, StateError, warn
from qllg_sym.flow.problem import Problem
from qllg_sym.spectra.krylov import Krylov, grown_until_settled
from qllg_sym.spectra.lines import merged
from qllg_sym.spectra.operators_on_kets import OnKets, on_kets
from qllg_sym.spectra.stationary import MOVES, SAME

Array = NDArray[Any]
TOLERANCE = 1e-9        # of the change in a few more steps
ROUNDING = 1e-8         # of what an operator does to a random ket: what it does to a state that it ends, by rounding
FAINT = 1e-12           # of the strongest line: what is fainter is not one


class LargePure:
    r"""The ground state, or another eigenstate |0⟩, of a space too large for matrices.

    $$\chi_{BA}(\omega) = \langle 0|B\,Q\,(H - E_0 - \hbar\omega/W_-)^{-1}Q\,A|0\rangle
    + \langle 0|A\,Q\,(H - E_0 + \hbar\omega/W_+)^{-1}Q\,B|0\rangle$$

    with Q = 1 − |0⟩⟨0| and W of the population differences ∓1; 1/W₋ = 1 + iκ of q-LLG: a ray.

    Args:
        problem: one row at one time, of rank one.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self._psi = problem, problem.start.kets[0, :, 0]
        image = self._image(self._psi)
        self._energy = float(np.vdot(self._psi, image).real)
        self.residual = float(np.sqrt(2) * np.linalg.norm(image - self._energy * self._psi))    # ‖[ρ, H]‖/ħ
        spread = float(problem.action.spread(0.0))
        if self.residual > MOVES * spread:
            raise StateError(f"`state` must be stationary, but ‖[ρ, H]‖/ħ is {self.residual:.3g}, where the levels of "
                             f"H/ħ have the standard deviation {spread:.3g}; take \"ground\", or an eigenstate.")
        self._down, self._up = problem.weight(np.array([-1.0, 1.0]))(0.0)

    def _image(self, ket: Array) -> Array:
        """Return H/ħ · ket, fresh."""
        return np.asarray(self.problem.action.apply(ket, 0.0))

    def operator(self, what: Any, argument: str) -> OnKets:
        """Return what a field couples to."""
        return on_kets(what, self.problem, argument)

    def is_hermitian(self, operator: OnKets) -> bool:
        """Return whether an operator is Hermitian."""
        return operator.hermitian

    def _excited(self, ket: Array) -> Array:
        """Return Q · ket."""
        return np.asarray(ket - np.vdot(self._psi, ket) * self._psi)

    def _sequence(self, right: Array, left: Array, size: float) -> Krylov:
        """Return a sequence from Q|r⟩; from nothing where that is only rounding beside what its operator does."""
        start = self._excited(right)
        if np.linalg.norm(start) <= ROUNDING * size:
            start = np.zeros_like(start)
        return Krylov(lambda ket: self._excited(self._image(ket)), start, self._excited(left))

    def _size(self, operator: OnKets) -> float:
        """Return how long a random ket is made."""
        rng = np.random.default_rng(0)
        ket = rng.normal(size=self._psi.shape) + 1j * rng.normal(size=self._psi.shape)
        return float(np.linalg.norm(operator.apply(ket)) / np.linalg.norm(ket))

    def adjoint(self, operator: OnKets) -> OnKets:
        """Return O†."""
        return OnKets(operator.adjoint, operator.apply, operator.hermitian)

    def susceptibility(self, a: OnKets, b: OnKets, omega: Array) -> Array:
        """Return χ_BA(ω), (n,); a warning says where it has not settled.

        Raises:
            InputError: a law without damping, whose lines have no width.
        """
        return self.settled(a, b, omega)[0]

    def settled(self, a: OnKets, b: OnKets, omega: Array) -> tuple[Array, float]:
        """Return χ_BA(ω), (n,), and how much the last depth but one differed from it, at most; warned of, too."""
        if self._down.imag == 0:
            raise InputError("`law` must damp in spaces as large as this, so that lines have a width, but does not; "
                             "take a small κ such as 1e-3.")
        psi = self._psi
        up = self._sequence(a.apply(psi), b.adjoint(psi), self._size(a))
        down = self._sequence(b.apply(psi), a.adjoint(psi), self._size(b))
        above, below = self._energy + omega / self._down, self._energy - omega / self._up
        found, change = grown_until_settled([up, down], lambda: up.resolvent(above) + down.resolvent(below), TOLERANCE,
                                max(up.natural(self._energy), down.natural(self._energy)))
        if change > TOLERANCE:
            warn(f"`omega` must be where {up.steps} products H·v are enough, but the response still changes by "
                 f"{change:.1e} of its largest value; take a larger κ or fewer frequencies near sharp lines.")
        return found / self.problem.hbar, change * float(abs(found).max(initial=0.0)) / self.problem.hbar

    def weighs_as(self, kT: float, a: OnKets) -> bool:
        """Return whether the state is Gibbs' at a temperature as far as an operator sees: at 0, no level is lower."""
        if kT:
            return False
        sequence = self._sequence(a.apply(self._psi), a.apply(self._psi), self._size(a))
        grown_until_settled([sequence], partial(_moments, sequence, self._energy), TOLERANCE)
        values, above = sequence.ritz()
        strong = values[above.real > FAINT * above.real.max(initial=0.0)]
        return bool((strong > self._energy - SAME * float(np.ptp(values) if len(values) else 0.0)).all())

    def poles(self, operators: list[OnKets]) -> Array:
        """Return rows (frequency, half width, weights): Ritz values, exact where lines stand apart at the edges."""
        places, weights = [], []
        for k, a in enumerate(operators):
            ket = a.apply(self._psi)
            sequence = self._sequence(ket, ket, self._size(a))
            grown_until_settled([sequence], partial(_moments, sequence, self._energy), TOLERANCE)
            values, above = sequence.ritz()
            turning = values - self._energy
            for place, weight in zip(self._down * turning, above.real, strict=True):
                places.append(place)
                weights.append([weight * (j == k) for j in range(len(operators))])
        found, total = np.array(places, dtype=complex), np.array(weights).reshape(len(places), len(operators))
        kept = (found.real > 0) & (total.max(axis=1, initial=0.0) > FAINT * total.max(initial=0.0))
        return merged(found[kept], total[kept])


def _moments(sequence: Krylov, energy: float) -> Array:
    """Return mean and width of a spectrum, and its lowest line: what settles last."""
    values, above = sequence.ritz()
    if not len(values) or not above.real.sum():
        return np.zeros(1)
    strong = values[above.real > 1e-6 * above.real.max()]
    return np.array([strong[0] - energy, strong[-1] - energy])
