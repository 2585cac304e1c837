r"""The ensemble with symbols, for spectra with one level apart and levels of H made of square roots."""

from dataclasses import dataclass
from functools import cached_property
from math import factorial

import sympy as sp

from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.ensemble.canonical.precision import apart
from qllg_sym.errors import InputError
from qllg_sym.flow.exact.states import frequency
from qllg_sym.model.model import Model

MOST = 64       # dimension


@dataclass(frozen=True, repr=False)
class SymbolicCanonical(ByFields):
    r"""Z and what follows from it as expressions, for ρ = c + b|ψ⟩⟨ψ| and distinct levels $E_j$ of H.

    $$Z = e^{-\beta c\,\mathrm{Tr}H}\,(d-1)!\,\exp[-\beta bE_1, \dots, -\beta bE_d],$$

    the divided difference of exp, as residues at the levels. It holds where levels that differ as expressions differ.

    Attributes:
        model: its Hamiltonian.
        spectrum: populations, exact.
        kT: k_BT.
        numbers: exact values of the parameters that have one.
    """

    model: Model
    spectrum: tuple[sp.Rational, ...]
    kT: sp.Expr
    numbers: tuple[tuple[sp.Symbol, sp.Expr], ...]

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<SymbolicCanonical on {self.model.space}: spectrum {short(self.spectrum)}, kT = {self.kT}>"

    def __post_init__(self) -> None:
        """Find the levels at once, so that what has no short form is refused here."""
        if apart(self.spectrum) is None:
            raise InputError("`spectrum` must have one level apart from the others, which are equal, where symbols are "
                             "left (one spin ½, pure states, Werner states); give all parameters and kT numbers.")
        if len(self.spectrum) > MOST:
            raise InputError(f"`model` must have dimension {MOST} at most with symbols, but has "
                             f"{len(self.spectrum):,}; give all parameters numbers.")
        _ = self.levels

    @cached_property
    def levels(self) -> tuple[tuple[sp.Expr, int], ...]:
        """Distinct levels of H, each with its multiplicity."""
        numbers = dict(self.numbers)
        matrix = sp.Matrix(frequency(self.model, numbers)).applyfunc(sp.expand) * self.model.hbar.xreplace({**numbers})
        letter = sp.Dummy("E")
        factors = sp.factor_list(matrix.charpoly(letter).as_expr(letter), letter)[1]
        found: list[tuple[sp.Expr, int]] = []
        for factor, count in factors:
            polynomial = sp.Poly(factor, letter)
            if polynomial.degree() > 2:
                raise InputError("`model` must have levels made of square roots where symbols are left, but some are "
                                 f"roots of degree {polynomial.degree()}; give all parameters and kT numbers.")
            found += [(root, count) for root in sp.roots(polynomial, multiple=True)]
        return tuple(found)

    @cached_property
    def _beta(self) -> sp.Symbol:
        return sp.Dummy("beta", positive=True)

    @cached_property
    def _partition(self) -> sp.Expr:
        """Z as an expression in β."""
        single, common = apart(self.spectrum) or (0, 0)
        b, d, beta = single - common, len(self.spectrum), self._beta
        trace = sum(n * e for e, n in self.levels)
        if b == 0:
            return sp.exp(-beta * common * trace)
        middle = sp.cancel(sp.together(trace)) / d
        shifted = [(sp.expand(-b * (e - middle)), n) for e, n in self.levels]
        return sp.exp(-beta * middle) * factorial(d - 1) * divided_difference(shifted, beta)

    @cached_property
    def partition(self) -> sp.Expr:
        """Z."""
        return self._partition.subs(self._beta, 1 / self.kT)

    @property
    def log_partition(self) -> sp.Expr:
        """Free energy over −k_BT."""
        return sp.expand_log(sp.log(self.partition))

    def _derivative(self, order: int) -> sp.Expr:
        found = sp.diff(sp.log(self._partition), self._beta, order)
        if len(self.spectrum) == 2:         # Langevin's function, as books write it
            found = sp.expand(found)
        return found.subs(self._beta, 1 / self.kT)

    @cached_property
    def energy(self) -> sp.Expr:
        """⟨Tr ρH⟩ = −∂ ln Z/∂β."""
        return -self._derivative(1)

    @cached_property
    def variance(self) -> sp.Expr:
        """Variance of Tr ρH over the orbit, ∂² ln Z/∂β²."""
        return self._derivative(2)

    @cached_property
    def heat_capacity(self) -> sp.Expr:
        """d⟨Tr ρH⟩/d(k_BT) = variance/(k_BT)²."""
        return self.variance / self.kT**2


def divided_difference(levels: list[tuple[sp.Expr, int]], beta: sp.Symbol) -> sp.Expr:
    r"""Return exp[βa_1, …, βa_d] = Σ residues of e^{βz} / Π (βz − βa_j)^{n_j} in βz.

    >>> b = sp.Symbol("b"); divided_difference([(sp.S.One, 1), (-sp.S.One, 1)], b)
    sinh(b)/b
    """
    z = sp.Dummy("z")
    d = sum(n for _, n in levels)
    terms = []
    for a, n in levels:
        others = sp.Mul(*((z - x)**-m for x, m in levels if x != a))
        rest = sp.diff(sp.exp(beta * (z - a)) * others, z, n - 1).subs(z, a) / factorial(n - 1)
        terms.append(sp.exp(beta * a) * rest)
    if len(levels) == 2 and d == 2 and sp.expand(levels[0][0] + levels[1][0]) == 0:      # one spin ½
        return sp.sinh(beta * levels[0][0]) / (beta * levels[0][0])
    return sp.Add(*terms) / beta**(d - 1)
