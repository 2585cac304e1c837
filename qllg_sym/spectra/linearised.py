"""Linear response of any law: its equations of motion, linearised where the state stands still."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.problem import Problem
from qllg_sym.model.constants import Constants
from qllg_sym.model.terms.zeeman import Zeeman
from qllg_sym.spectra.lines import merged
from qllg_sym.spectra.perturbations import matrix_of_perturbation, weights_of_perturbation

Array = NDArray[Any]
MOVES = 1e-8            # |ẏ| where the state stands still, at most, in parts of ‖J‖·|y|
NOTHING = 1e-12


class Linearised:
    r"""A state that stands still, and what is near it.

    $\delta\dot y = J\,\delta y + f\,g_A$ and $\delta\langle B\rangle = b\cdot\delta y$, so that

    $$\chi_{BA}(\omega) = b\cdot(-i\omega - J)^{-1}g_A,$$

    with poles at ω = i × the eigenvalues of J.

    Args:
        problem: one row at one time.

    Attributes:
        y: what stands still: coordinates of ρ, or moments, (n,).
    """

    y: Array
    problem: Problem

    def rate(self) -> Array:
        """Return ẏ at the state, (n,)."""
        raise NotImplementedError

    @cached_property
    def jacobian(self) -> Array:
        """∂ẏ/∂y at the state, (n, n)."""
        raise NotImplementedError

    def pushed(self, real: Array) -> Array:
        """Return ∂ẏ/∂f for H − fA and a Hermitian A, (n,)."""
        raise NotImplementedError

    def read(self, operator: Array) -> Array:
        """Return b, (n,)."""
        raise NotImplementedError

    def halves(self, operator: Array) -> tuple[Array, Array]:
        """Return A and B, Hermitian, of an operator A + iB."""
        raise NotImplementedError

    @cached_property
    def residual(self) -> float:
        """|ẏ| at the state.

        Raises:
            StateError: it does not stand still.
        """
        found, scale = float(np.linalg.norm(self.rate())), float(np.linalg.norm(self.jacobian, 2))
        if found > MOVES * scale * float(np.linalg.norm(self.y)):
            raise StateError(f"`state` must be stationary under {self.problem.equation.kind}, but its rate of change "
                             f"is {found:.3g}; take the end of a long run, or an eigenstate of H.")
        return found

    def is_hermitian(self, operator: Array) -> bool:
        """Return whether an operator is Hermitian."""
        _, skew = self.halves(operator)
        return bool(abs(skew).max(initial=0) <= NOTHING * abs(operator).max(initial=0))

    def forced(self, operator: Array) -> Array:
        """Return g of an operator, (n,), complex where it is not Hermitian."""
        real, imaginary = self.halves(operator)
        return self.pushed(real) + 1j * (self.pushed(imaginary) if imaginary.any() else 0.0)

    def poles(self, operators: list[Array]) -> Array:
        """Return rows (frequency, half width, weights).

        χ = Σ i(b·r)(l·g)/(ω − iλ) over right and left eigenvectors; where damping multiplies the rate, as Gilbert's
        does, the residue is −(weight/ħ)/(1 + i · half width/frequency).
        """
        rates, right = np.linalg.eig(self.jacobian)
        places = 1j * rates
        kept = places.real > NOTHING * abs(places).max(initial=0.0)
        left = np.linalg.pinv(right)
        residues = np.array([1j * (self.read(a) @ right) * (left @ self.forced(a)) for a in operators]).T
        turned = (1 - 1j * places.imag / np.where(kept, places.real, 1.0))[kept, None]
        return merged(places[kept], -self.problem.hbar * (residues[kept] * turned).real)

    def susceptibility(self, a: Array, b: Array, omega: Array) -> Array:
        """Return χ_BA(ω), (n,).

        Raises:
            InputError: a frequency at which the response grows without end.
        """
        g, read = self.forced(a), self.read(b)
        return np.array([read @ self._answer(g, float(w)) for w in omega])

    def _answer(self, g: Array, omega: float) -> Array:
        """Return δy at a frequency; what is constant in time does not answer at ω = 0."""
        matrix = -1j * omega * np.eye(len(self.y)) - self.jacobian
        found = np.linalg.lstsq(matrix, g, rcond=1e-12)[0]
        if np.linalg.norm(matrix @ found - g) > 1e-8 * np.linalg.norm(g):
            raise InputError(f"`omega` must not be where the response grows without end, but is {omega:g}, and the "
                             "state may drift there or a mode has no width; leave this frequency out.")
        return np.asarray(found)


class LinearisedDensity(Linearised):
    """The coordinates of ρ in an operator basis.

    Args:
        problem: one row at one time, d² − 1 coordinates.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self._function = problem, matrix_function(problem.equation)
        self._p = problem.parameters([symbol.name for symbol in problem.equation.parameters])[:, 0]
        self.y = self._function.coordinates(problem.start.density()[0].astype(complex))
        self._rest = self._function.density(np.zeros(len(self.y)))

    def rate(self) -> Array:
        """Return the rate of the coordinates."""
        return self._function(0.0, self.y, self._p)

    @cached_property
    def jacobian(self) -> Array:
        """The law differentiated along every basis string."""
        return self._function.jacobian(0.0, self.y, self._p)

    def operator(self, what: Any, argument: str) -> Array:
        """Return the matrix of an operator."""
        return matrix_of_perturbation(what, self.problem, argument)

    def halves(self, operator: Array) -> tuple[Array, Array]:
        """Return (O + O†)/2 and (O − O†)/2i."""
        other = operator.conj().T
        return (operator + other) / 2, (operator - other) / 2j

    def pushed(self, real: Array) -> Array:
        """Return the change of the rate, which is affine in H."""
        return self._function.rate_with(0.0, self.y, self._p, -real / self.problem.hbar) - self.rate()

    def read(self, operator: Array) -> Array:
        """Return Tr(O A_k)/n_k of the basis."""
        units = np.eye(len(self.y))
        return np.array([np.vdot(operator.conj().T, self._function.density(e) - self._rest) for e in units])


class LinearisedMoments(Linearised):
    """Classical moments.

    Args:
        problem: one row at one time.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._compiled = problem.equation.moments().compile("numpy")
        self._p = problem.parameters(self._compiled.parameters)[:, 0]
        self.y = np.array(problem.start.moments[0], dtype=float).ravel()
        model = problem.equation.model
        mean = getattr(problem.equation.law, "field", "paper") == "mean"
        self._lengths = np.array([float(s) for s in model.space.numeric_spins]) if mean else np.ones(model.space.sites)
        self._unit = 1 / (model.gamma * model.hbar) if mean else 1

    def rate(self) -> Array:
        """Return ṁ."""
        return np.asarray(self._compiled.field(0.0, self.y, self._p))

    @cached_property
    def jacobian(self) -> Array:
        """∂ṁ/∂m."""
        return np.asarray(self._compiled.jacobian(0.0, self.y, self._p))

    def operator(self, what: Any, argument: str) -> Array:
        """Return the weights of the components of every spin."""
        return weights_of_perturbation(what, self.problem, argument)

    def halves(self, operator: Array) -> tuple[Array, Array]:
        """Return real and imaginary part."""
        return operator.real, operator.imag

    def pushed(self, real: Array) -> Array:
        """Return the change of ṁ in the field that belongs to A; ṁ is affine in it."""
        model, law = self.problem.equation.model, self.problem.equation.law
        fields = [Zeeman(tuple(exact_float(float(x), "A") * self._unit for x in row), sites=[site], g=1)
                  for site, row in enumerate(real) if row.any()]
        equation: Any = law.derive(Constants.of(model).model(model.space, [*model.terms, *fields]))
        compiled = equation.moments().compile("numpy")
        return np.asarray(compiled.field(0.0, self.y, self.problem.parameters(compiled.parameters)[:, 0])) - self.rate()

    def read(self, operator: Array) -> Array:
        """Return c·s of every component."""
        return np.asarray(operator * self._lengths[:, None]).ravel()
