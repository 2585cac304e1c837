"""Thermal states of a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.errors import StateError
from qllg_sym.flow.states import initial
from qllg_sym.flow.states.initial import from_density
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import finite_number, need_model
from qllg_sym.flow.states.spectral import Frozen, boltzmann, ground_at_size, ground_ket, thermal_at_size
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, Setting, State
from qllg_sym.model.model import Model

Array = NDArray[Any]
EXAMPLE = (0.7,)


@dataclass(frozen=True, repr=False)
class Thermal(State):
    """exp(−βH)/Z of a model; β = ∞ is its ground state."""

    model: Model
    beta: float

    @property
    def models(self) -> tuple[Model, ...]:
        """The model."""
        return (self.model,)

    def numbers(self, setting: Setting) -> InitialStates:
        """Return the levels of H with their weights: all of them, or the lowest of a large space."""
        setting.must_fit(self.model.space == setting.space, repr(self.model.space), "this thermal or ground state")
        if setting.frozen is not None and setting.space.dimension > initial.LARGEST_DENSE:
            return self._at_size(setting.frozen(self.model))
        matrix = setting.hamiltonian(self.model)
        if not np.all(np.isfinite(matrix)):
            raise StateError("`state` must be that of a finite Hamiltonian, but at the first time it holds NaN or "
                             "infinity; start at another time.")
        energies, vectors = np.linalg.eigh(matrix)
        if np.isinf(self.beta):
            return from_density(ground_ket(energies, vectors), setting.space)
        weights = boltzmann(energies, self.beta)
        return from_density(np.asarray((vectors * weights) @ vectors.conj().T), setting.space)

    def derivatives(self, hamiltonian: Array, changes: Array) -> Array:
        """Return ∂ρ/∂θ of e^{−βH}/Z by divided differences of the exponential, or of the ground state."""
        energies, vectors = np.linalg.eigh(hamiltonian)
        inner = vectors.conj().T @ changes @ vectors
        if np.isinf(self.beta):
            ground_ket(energies, vectors)           # refuses one that is degenerate
            slopes = np.zeros((len(energies), len(energies)))
            slopes[0, 1:] = slopes[1:, 0] = -1 / (energies[1:] - energies[0])
        else:
            weights = boltzmann(energies, self.beta)
            slopes = -self.beta * _divided(weights, self.beta * energies)
            inner = inner - np.eye(len(energies)) * np.einsum("pjj,j->p", inner, weights)[:, None, None]
        return np.asarray(vectors @ (slopes * inner) @ vectors.conj().T)

    def _at_size(self, frozen: Frozen) -> InitialStates:
        """Return the state of a large space."""
        if np.isinf(self.beta):
            return InitialStates.one(np.ones(1), ground_at_size(frozen))
        if self.beta == 0:
            d = frozen.action.dimension
            return InitialStates.one(np.empty(0), np.empty((d, 0), dtype=complex), 1 / d)
        return InitialStates.one(*thermal_at_size(frozen, self.beta))

    def exactly(self, setting: ExactSetting) -> ExactLevels | None:
        """Return the levels of exp(−βH)/Z for an H of two levels, None for other H."""
        if self.beta == 0:
            return setting.mixed()
        energy = setting.energy(self.model)
        if np.isinf(self.beta):         # the lowest level of H, not degenerate, is the highest one of −H
            found = setting.split(-energy)
            return None if found is None else (sp.S.Zero, sp.S.One, found[2])
        found = setting.split(energy)
        if found is None:
            return None
        _, gap, kets = found
        factor = sp.exp(-exact_float(self.beta, "beta") * gap)
        a = 1 / (setting.space.dimension - kets.cols + kets.cols * factor)
        return (a, a * (factor - 1), kets) if kets.cols else setting.mixed()


def _divided(weights: Array, exponents: Array) -> Array:
    """Return −(w_j − w_k)/(x_j − x_k) of weights w = e^{−x}/Z, (d, d), w_j where x_j and x_k agree.

    >>> _divided(np.array([0.5, 0.5]), np.zeros(2)).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    gaps = abs(exponents[:, None] - exponents)
    larger = np.maximum(weights[:, None], weights)
    return np.asarray(larger * np.divide(-np.expm1(-gaps), gaps, out=np.ones_like(gaps), where=gaps > 0))


def thermal(model: Model, beta: float) -> Thermal:
    """Return exp(−βH)/Tr exp(−βH) of a model; its parameters get their numbers from `solve(values=…)`.

    Definition:
        exp(-beta * H) / tr(exp(-beta * H))

    Raises:
        StateError: β not finite.

    >>> from qllg_sym import Space
    >>> thermal(Model(Space("1/2")), 2).beta
    2.0
    """
    need_model(model)
    return Thermal(model, finite_number(beta, "beta"))
