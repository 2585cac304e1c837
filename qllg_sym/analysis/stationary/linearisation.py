"""Small motions about a fixed point: rates, modes, and the matrix of the linearised flow."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import ByFields
from qllg_sym.analysis.stationary.coherences import Coherence
from qllg_sym.analysis.stationary.eigenspaces import Eigenstate, Level, Sparse
from qllg_sym.analysis.stationary.isospectral import Transition, levels_at, operators_of, transitions
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.roots_form import in_square_roots
from qllg_sym.analysis.stationary.signs import all_at_most_zero
from qllg_sym.equations.components import Components

Complex = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True, repr=False)
class Linearisation(ByFields, ABC):
    """The linear flow δẏ = J δy about a fixed point.

    Attributes:
        components: whose flow it is.
        at: the fixed point.
    """

    components: Components
    at: FixedPoint

    @property
    def states(self) -> tuple[sp.Symbol, ...]:
        """Symbols of the states y."""
        return self.components.states

    @property
    @abstractmethod
    def matrix(self) -> sp.ImmutableMatrix:
        """J = ∂ẏ/∂y of the explicit flow, (n, n): mass · J = −∂ residual/∂y."""

    @property
    @abstractmethod
    def growth(self) -> tuple[sp.Expr, ...]:
        """Real parts of the rates: δy grows where positive and decays where negative, 1/time."""

    @property
    @abstractmethod
    def frequencies(self) -> tuple[sp.Expr, ...]:
        """Imaginary parts of the rates: angular frequencies of the precession, 1/time."""

    @property
    @abstractmethod
    def modes(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """Complex eigenvectors of J in the states, one for each rate; their scale is free."""

    @property
    def rates(self) -> tuple[sp.Expr, ...]:
        """Eigenvalues λ of J, δy ∝ exp(λt), with their multiplicities: growth + i · frequency."""
        return tuple(g + sp.I * f for g, f in zip(self.growth, self.frequencies, strict=True))

    @property
    def stable(self) -> bool | sp.Basic:
        """Whether nothing grows: True, False or the condition on the parameters; what neither grows nor decays may."""
        return all_at_most_zero(dict.fromkeys(self.growth))

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        what = f"{self.components.kind} equations of {self.components.equation.kind}"
        return f"<Linearisation of {len(self.states)} {what} at {self.at!r}>"


@dataclass(frozen=True, repr=False)
class RelaxationSpectrum(Linearisation):
    """The linear flow of a law that keeps the spectrum, from levels of H and populations of the fixed point."""

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """What each rate and mode is: the coherence of two eigenstates, or a change of populations, which stays."""
        return tuple(transitions(self.components, self.at))

    @property
    def growth(self) -> tuple[sp.Expr, ...]:
        """Real parts of the rates, 1/time."""
        return tuple(each.growth for each in self.transitions)

    @property
    def frequencies(self) -> tuple[sp.Expr, ...]:
        """Imaginary parts of the rates, 1/time."""
        return tuple(each.frequency for each in self.transitions)

    @cached_property
    def modes(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """Tr(A δρ) of δρ = |j⟩⟨k|, and of |j⟩⟨j| − |0⟩⟨0|."""
        return tuple(tuple(re + sp.I * im for re, im in self._mode(each)) for each in self.transitions)

    @cached_property
    def matrix(self) -> sp.ImmutableMatrix:
        """J = Σ_jk λ_jk Tr(A P_j B P_k)/n_B over the eigenprojectors P of H, (n, n)."""
        n = len(self.states)
        total = [[sp.S.Zero] * n for _ in range(n)]
        for each in self.transitions[:-1:2]:
            if each.j == each.k or each.growth == each.frequency == 0:
                continue
            for a, parts in enumerate(self._exchanges(each.j, each.k)):
                for b, (re, im) in enumerate(parts):
                    total[a][b] += 2 * (each.growth * re - each.frequency * im) / self.components.norms[b]
        return sp.ImmutableMatrix(n, n, lambda a, b: in_square_roots(total[a][b]))

    def _exchanges(self, j: int, k: int) -> Iterable[Iterable[Complex]]:
        """Tr(A P_j B P_k) for all A and B.

        Square roots have a normal form afterwards, and their products are quicker as expressions; powers of other
        energies are reduced in a ring.
        """
        (low, one), (high, other) = self._eigenstates[j], self._eigenstates[k]
        if max(low.spaces.extension.degree, high.spaces.extension.degree) > 2:
            return Coherence((low, high), (one, other)).exchanges(self._operators)
        forth, back = self._coherence(j, k), self._coherence(k, j)
        return ((_times(x, y) for y in back) for x in forth)

    def _mode(self, each: Transition) -> list[Complex]:
        if each.j != each.k:
            return self._coherence(each.j, each.k)
        pairs = zip(self._coherence(each.j, each.j), self._coherence(0, 0), strict=True)
        return [(in_square_roots(x[0] - y[0]), sp.S.Zero) for x, y in pairs]

    def _coherence(self, j: int, k: int) -> list[Complex]:
        """Tr(A |j⟩⟨k|) for every basis operator A."""
        column, row = self._kets[j][0], self._kets[k][1]
        return [_between(row, operator, column) for operator in self._operators]

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        return levels_at(self.components, tuple(self.at.values.items()))

    @cached_property
    def _eigenstates(self) -> list[tuple[Level, Eigenstate]]:
        return [(level, state) for level in self._levels for state in level.spaces.states]

    @cached_property
    def _kets(self) -> list[Any]:
        return [ket for level in self._levels for ket in level.kets]

    @property
    def _operators(self) -> tuple[Sparse, ...]:
        return operators_of(self.components)


def _between(row: Sequence[Complex], operator: Sparse, column: Sequence[Complex]) -> Complex:
    """⟨row|A|column⟩."""
    re, im = sp.S.Zero, sp.S.Zero
    for (a, b), (x, y) in operator.items():
        factor = sp.Rational(x.numerator, x.denominator), sp.Rational(y.numerator, y.denominator)
        part = _times(_times(row[a], factor), column[b])
        re, im = re + part[0], im + part[1]
    return in_square_roots(re), in_square_roots(im)


def _times(a: Complex, b: Complex) -> Complex:
    """The product of two complex numbers."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]
