"""What is read off the states of a trajectory: every observable, as a property or a method."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.correlations import correlations
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entanglement import entanglement
from qllg_sym.observables.entropy import entropy
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.fidelity import fidelity
from qllg_sym.observables.mutual_information import mutual_information
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.operators import MatrixFree
from qllg_sym.observables.pauli import pauli
from qllg_sym.observables.population import population
from qllg_sym.observables.profile import profile
from qllg_sym.observables.purity import purity
from qllg_sym.observables.reduced import reduced
from qllg_sym.observables.renyi import renyi
from qllg_sym.observables.sites import check_site
from qllg_sym.observables.spectrum import spectrum
from qllg_sym.observables.tensor import tensor
from qllg_sym.observables.variance import variance

Array = NDArray[np.float64]
Apply = Callable[[NDArray[Any], float], NDArray[Any]]
_DENSE = 1024  # dimension up to which the Hamiltonian is made a matrix
_AXES = {"x": 0, "y": 1, "z": 2}


class Readings(ABC):
    """The observables of a trajectory; `Trajectory` holds the states.

    None of them builds a (d, d) array when kets are held, but for `T` and `pauli`, whose 4^N numbers are as many.
    Shapes begin with the n times; see the file of the same name in `qllg_sym.observables` for formulas and errors.
    """

    times: Array
    spins: tuple[str, ...]
    hbar: float
    apply: Apply | None

    @abstractmethod
    def _quantum(self, what: str) -> Ensemble:
        """Return the quantum states at all times, or refuse `what` in a sentence."""

    @abstractmethod
    def _vectors(self) -> Array | None:
        """Return classical moments at all times; None for quantum states."""

    @cached_property
    @refusable
    def spectrum(self) -> Array:
        """Eigenvalues of ρ(t), (n, d), descending; refused beyond memory, where `weights` and `background` say it."""
        return spectrum(self._quantum("spectrum"))

    @cached_property
    @refusable
    def purity(self) -> Array:
        """Tr ρ², (n,)."""
        return purity(self._quantum("purity"))

    @cached_property
    @refusable
    def pauli(self) -> Array:
        """Pauli correlations, (n, 4^N − 1), in the order of the states of `Equation.pauli()`."""
        return pauli(self._quantum("pauli"))

    @property
    @refusable
    def T(self) -> Array:
        """Pauli correlations as a tensor, (n, 4, …, 4); PRL 133, 266704 (2024), eq. 9."""
        return tensor(self._quantum("T"))

    def bloch(self, i: int) -> Array:
        """Return ⟨S_i⟩/(s_i ħ), (n, 3), dimensionless; for a classical trajectory the moment of site i.

        For spins ½ it is r of PRL 133, 266704 (2024), below eq. 9.

        Raises:
            InputError: there is no site i, or the states were not kept.
        """
        if (moments := self._vectors()) is not None:
            return moments[:, check_site(i, len(self.spins))]
        return bloch(self._quantum("bloch"), i)

    def profile(self, axis: str | None = None) -> Array:
        """Return the Bloch vectors (classical: moments) of all sites.

        Args:
            axis: "x", "y" or "z" for one component.

        Returns:
            Array (n, N, 3), or (n, N) with an axis, dimensionless.

        Raises:
            InputError: another axis, or states that were not kept.
        """
        if axis is not None and axis not in tuple(_AXES):
            raise InputError(f"`axis` must be \"x\", \"y\", \"z\" or None, but is {axis!r}; give \"z\", say.")
        moments = self._vectors()
        values = profile(self._quantum("profile")) if moments is None else moments
        return values if axis is None else values[:, :, _AXES[axis]]

    def correlation(self, i: int = 0, j: int = 1, connected: bool = False) -> Array:
        """Return ⟨S_i^k S_j^l⟩/(s_i s_j ħ²), (n, 3, 3), dimensionless; with `connected` less the product of the means.

        For spins ½ it is T_kl of PRL 133, 266704 (2024), eq. 9.

        Raises:
            InputError: a site does not exist, i = j, the law is classical, or the states were not kept.
        """
        return correlation(self._quantum("correlation"), i, j, connected)

    def correlations(self, connected: bool = False) -> Array:
        """Return the correlations of all pairs, (n, N, N, 3, 3), dimensionless, symmetrised on the diagonal.

        Raises:
            InputError: the law is classical, or the states were not kept.
        """
        return correlations(self._quantum("correlations"), connected)

    def nonlocality(self, i: int = 0, j: int = 1) -> Array:
        """Return the Bell nonlocality B = √max(u₁² + u₂² − 1, 0) of two spins ½, (n,), from 0 to 1.

        u₁ ≥ u₂ are the largest singular values of T_kl; PRL 133, 266704 (2024), below eq. 9.

        Raises:
            InputError: a site does not exist or is no spin ½, i = j, the law is classical, or states were not kept.
        """
        return nonlocality(self._quantum("nonlocality"), i, j)

    def concurrence(self, i: int = 0, j: int = 1) -> Array:
        """Return the concurrence max(0, λ₁ − λ₂ − λ₃ − λ₄) of two spins ½, (n,), from 0 to 1.

        λ are the square roots of the eigenvalues of ρρ̃, descending; Wootters, PRL 80, 2245 (1998).

        Raises:
            InputError: as `nonlocality`.
        """
        return concurrence(self._quantum("concurrence"), i, j)

    def reduced(self, sites: int | Sequence[int]) -> NDArray[np.complex128]:
        """Return Tr over all other sites of ρ, (n, e, e), e the dimension of these sites, in the order given.

        Raises:
            InputError: sites that do not exist or repeat, or a matrix beyond memory.
        """
        return reduced(self._quantum("reduced"), sites)

    def renyi(self, order: float) -> Array:
        """Return the Rényi entropy ln(Tr ρ^order)/(1 − order), (n,), in nats; of order 1 von Neumann's.

        Raises:
            InputError: order is negative or NaN, the law is classical, or the states were not kept.
        """
        return renyi(self._quantum("renyi"), order)

    def entropy(self) -> Array:
        """Return von Neumann's entropy −Tr ρ ln ρ, (n,), in nats.

        Raises:
            InputError: the law is classical, or the states were not kept.
        """
        return entropy(self._quantum("entropy"))

    def entanglement(self, sites: int | Sequence[int], order: float = 1) -> Array:
        """Return the Rényi entropy of some sites' reduced state, (n,), in nats: of a pure state the entanglement.

        Raises:
            InputError: sites that do not exist, repeat, or are all there are, or a wrong order.
        """
        return entanglement(self._quantum("entanglement"), sites, order)

    def mutual_information(self, a: int | Sequence[int], b: int | Sequence[int]) -> Array:
        """Return S_A + S_B − S_AB of two groups of sites, (n,), in nats.

        Raises:
            InputError: sites that do not exist, repeat, or are in both groups.
        """
        return mutual_information(self._quantum("mutual_information"), a, b)

    def population(self, kets: Any) -> Array:
        """Return Tr ρP, (n,), P the projector on the span of kets (d, m), such as a degenerate ground space.

        Raises:
            InputError: kets of another space, or that depend on each other.
        """
        return population(self._quantum("population"), kets)

    def fidelity(self, state: Any, values: Mapping[Any, Any] | None = None) -> Array:
        """Return Uhlmann's fidelity with a state, (n,): ⟨ψ|ρ|ψ⟩ for a pure one.

        Args:
            state: whatever `solve` takes as a state, such as `states.ground(model)`, with H at the first time.
            values: numbers for the parameters of the state's model.

        Raises:
            QllgError: the state is none, or of another space.
        """
        ensemble = self._quantum("fidelity")
        if not hasattr(state, "full") and not isinstance(state, (np.ndarray, list, tuple, Ensemble)):
            from qllg_sym.flow.states.targets import target  # SymPy is loaded when a state is described, not given

            state = target(state, self.spins, self.hbar, values or {}, float(self.times[0]))
        return fidelity(ensemble, state)

    def expectation(self, op: Any, values: Mapping[Any, Any] | None = None) -> NDArray[Any]:
        """Return Tr ρ(t) O(t), (n,).

        Args:
            op: a (d, d) array, sparse matrix, SciPy `LinearOperator` or Qobj, in any units; or a term such as
                `Pauli(1, "ZIZ")`, a list of terms, or a model, in the model's units (for γ_g ≠ 1 give a model).
            values: numbers for the parameters of terms and model.

        Raises:
            QllgError: op does not fit the space.
        """
        return self._measured(expectation, *self._operator(op, values))

    def variance(self, op: Any = None, values: Mapping[Any, Any] | None = None) -> Array:
        """Return ⟨O²⟩ − ⟨O⟩², (n,), of the energy by default.

        Args:
            op: Hermitian, as in `expectation`; None for the Hamiltonian that moved the states, which a loaded
                trajectory does not know.
            values: numbers for the parameters of terms and model.

        Raises:
            QllgError: op does not fit the space, or is not Hermitian.
        """
        if op is not None:
            return np.asarray(self._measured(variance, *self._operator(op, values)))
        self._quantum("variance")
        if self.apply is None:
            raise InputError("`op` must be given, because this trajectory does not hold its H; write variance(model).")
        return np.asarray(self._measured(variance, self._hamiltonian, False))

    def _measured(self, reading: Callable[..., NDArray[Any]], at: Callable[[float], Any], constant: bool) -> Any:
        """Return an observable of an operator that may depend on time."""
        ensemble = self._quantum(reading.__name__)
        if constant:
            return reading(ensemble, at(0.0))
        return np.concatenate([reading(ensemble[k : k + 1], at(float(t))) for k, t in enumerate(self.times)])

    def _operator(self, op: Any, values: Mapping[Any, Any] | None) -> tuple[Callable[[float], Any], bool]:
        """Return an operator as a function of time, and whether it is constant."""
        if not hasattr(op, "shape"):
            from qllg_sym.flow.results.operators import (  # SymPy is loaded when terms are given
                PhysicalOperator,
                is_physical,
            )

            if is_physical(op):
                physical = PhysicalOperator(op, self.spins, self.hbar, values or {})
                return physical.at, physical.constant
        if values:
            raise InputTypeError("`values` must go with terms or a model, but `op` is a matrix; leave them out.")
        return lambda t: op, True

    def _hamiltonian(self, t: float) -> Any:
        """Return H(t) in the model's units, as a matrix where that is small."""
        apply, d = self.apply, self._quantum("variance").dimension
        assert apply is not None
        if d <= _DENSE:
            return self.hbar * apply(np.eye(d, dtype=np.complex128), t)
        return MatrixFree(d, lambda kets: self.hbar * apply(kets, t))
