r"""Susceptibilities with symbols: levels of H by square roots, projectors on them, a sum over pairs of levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import gap
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.equations.law import Law
from qllg_sym.errors import DerivationError, InputError, InputTypeError
from qllg_sym.flow.exact.states import frequency
from qllg_sym.flow.exact.symbolic.asked import exact_operator
from qllg_sym.flow.exact.symbolic.eigenvalues import characteristic_factors, cleared, square_root_levels
from qllg_sym.flow.exact.symbolic.radicals import Radicals
from qllg_sym.flow.exact.symbolic.readings import spin_operators
from qllg_sym.model.constants import Constants
from qllg_sym.model.model import Model
from qllg_sym.spectra.perturbations import NAMED

LARGEST = 16        # dimension
OMEGA = sp.Symbol("omega", real=True)


def symbolic_response(model: Model, law: Law, beta: Any = None) -> "SymbolicResponse":
    r"""Return the response of a stationary state as expressions in the symbols of model and law, and `omega`.

    $$\chi_{BA}(\omega) = \sum_{j \ne k}\frac{\mathrm{Tr}(B P_j A P_k)\,(p_j - p_k)}
    {\hbar\omega/W(p_j - p_k) + E_k - E_j},\qquad 1/W = 1 - i\kappa(p_j - p_k)\ \text{of q-LLG}$$

    over the different levels E_j of H, of projectors P_j, in which the state is $\sum_j p_j P_j$: equal populations
    within a level, which then does not answer.

    Args:
        model: constant in time; its levels must be made of square roots, as those of one spin ½, of spin 1 in a field
            along its axis, or of the dimer with its field along **D**.
        law: one with a frame weight, constant in time.
        beta: 1/k_BT, a number or a real symbol, for Gibbs' state; by default the populations are symbols p_0, p_1, ….

    Returns:
        SymbolicResponse: `.levels`, `.multiplicities`, `.populations`, `.susceptibility(A, B)`, `.lines(A)`.

    Raises:
        InputError: what does not fit, or levels that are roots of a higher degree.

    Source: linear response to PRL 133, 266704 (2024), eq. 3.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", positive=True)
    >>> spin = symbolic_response(Model(Space("1/2"), [Zeeman((0, 0, B))]), QuantumLLG(kappa))
    >>> spin.levels
    (-B/2, B/2)
    >>> spin.susceptibility("Sz", "Sz"), sp.factor(spin.susceptibility("Sx", "Sx").subs(spin.omega, 0))
    (0, (p_0 - p_1)/(2*B))
    """
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; write Model(space, "
                             "terms).")
    if not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    if getattr(law, "classical", False) is True:
        raise InputError(f"`law` must be one of density matrices here, but is {law.kind}; take q-LLG.")
    if model.time_dependent or model.space.symbolic or any(c.has(clock) for c in law.coefficients()):
        what = "a spin is a symbol" if model.space.symbolic else "they depend on time"
        raise InputError(f"`model` and `law` must be constant in time and of numeric spins, but {what}; use subs.")
    if model.space.dimension > LARGEST:
        raise InputError(f"`model` must have dimension {LARGEST} at most for expressions, but has "
                         f"{model.space.dimension:,}; use response.")
    try:
        re, im = law.derive(model).weight()
    except DerivationError:
        raise InputError(f"`law` must have a frame weight for expressions, but is {law.kind}; use response.") from None
    return SymbolicResponse(model, law, sp.cancel((re - sp.I * im) / (re**2 + im**2)),
                            None if beta is None else real_coefficient(beta, "beta"))


@dataclass(frozen=True, eq=False, repr=False)
class SymbolicResponse(ByFields):
    r"""Levels, populations and susceptibilities as expressions.

    Attributes:
        model: the Hamiltonian.
        law: the law of motion.
        slope: 1/W of the law, in `qllg_sym.gap`, which stands for p_j − p_k.
        beta: 1/k_BT, or None.
    """

    model: Model
    law: Law
    slope: sp.Expr
    beta: sp.Expr | None

    @cached_property
    def _spectrum(self) -> "_Projectors":
        return _Projectors(self.model, [x for site in spin_operators(self.model.space) for m in site for x in m.flat()])

    def _weights(self, a: sp.ImmutableMatrix, b: sp.ImmutableMatrix) -> list[tuple[int, int, sp.Expr]]:
        """Tr(B P_j A P_k), over a field that holds what A and B hold."""
        entries = [*a.flat(), *b.flat()]
        known = all(self._spectrum.field.holds(x) for x in entries)
        return (self._spectrum if known else _Projectors(self.model, entries)).weights(a, b)

    @property
    def omega(self) -> sp.Symbol:
        """The angular frequency, a real symbol of this name."""
        return OMEGA

    @property
    def levels(self) -> tuple[sp.Expr, ...]:
        """The different energies, sorted by how they are written."""
        return tuple(self._spectrum.energies)

    @property
    def multiplicities(self) -> tuple[int, ...]:
        """How often each level occurs."""
        return tuple(self._spectrum.multiplicities)

    @cached_property
    def populations(self) -> tuple[sp.Expr, ...]:
        """Of one state of each level: symbols p_0, p_1, …, or Gibbs' factors."""
        if self.beta is None:
            return tuple(sp.Symbol(f"p_{j}", real=True) for j in range(len(self.levels)))
        factors = [sp.exp(-self.beta * e) for e in self.levels]
        total = sp.Add(*(n * x for n, x in zip(self.multiplicities, factors, strict=True)))
        return tuple(x / total for x in factors)

    def susceptibility(self, A: Any, B: Any) -> sp.Expr:
        """Return χ_BA in `omega`.

        Args:
            A: what the field couples to: "Sx", "Sy", "Sz" of the total spin over ħ, ("Sz", k) with k = 0 or π, terms,
                or an exact matrix.
            B: what is read, likewise.
        """
        a, b = (self._operator(x, name) for x, name in ((A, "A"), (B, "B")))
        return sp.Add(*(weight * (self.populations[j] - self.populations[k])
                        / (self.model.hbar * OMEGA * self._slope(j, k) + self.levels[k] - self.levels[j])
                        for j, k, weight in self._weights(a, b)))

    def lines(self, A: Any) -> list[tuple[sp.Expr, sp.Expr, sp.Expr]]:
        """Return (E_j − E_k)/ħ, half width over frequency, and weight of each pair of levels that A connects.

        Of each pair one order is given, that of a positive frequency where the symbols tell it. The pole lies at
        (E_j − E_k)/ħ times W; half width over frequency is −Im W/Re W, which for q-LLG is κ(p_k − p_j).
        """
        a = self._operator(A, "A")
        found = []
        for j, k, weight in self._weights(a, a.H):
            if j < k:
                continue
            up, down = (k, j) if (self.levels[j] - self.levels[k]).is_negative else (j, k)
            re, im = self._slope(up, down).expand().as_real_imag()
            found.append(((self.levels[up] - self.levels[down]) / self.model.hbar, sp.cancel(im / re),
                          weight * (self.populations[down] - self.populations[up])))
        return found

    def _slope(self, j: int, k: int) -> sp.Expr:
        """1/W of two levels."""
        return self.slope.subs(gap, self.populations[j] - self.populations[k])

    def _operator(self, what: Any, argument: str) -> sp.ImmutableMatrix:
        """An operator as an exact matrix."""
        name, k = what if isinstance(what, tuple) and len(what) == 2 and isinstance(what[0], str) else (what, 0)
        if not isinstance(name, str):
            return exact_operator(what, self.model.space, Constants.of(self.model))
        if name not in NAMED or k not in (0, sp.pi):
            raise InputError(f"`{argument}` must be an operator, {', '.join(NAMED)}, or such a name with 0 or "
                             f"sympy.pi, but is {what!r}; choose one of them.")
        axis, sign = NAMED.index(name), -1 if k else 1
        sites = spin_operators(self.model.space)
        return sp.ImmutableMatrix(sum((sign**i * site[axis] for i, site in enumerate(sites)),
                                      sp.zeros(self.model.space.dimension)))

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<SymbolicResponse: {self.law.kind}, {self.model.space}, {len(self.levels)} levels>"

    def _repr_latex_(self) -> str:
        """The levels, for a notebook."""
        levels = r",\;".join(map(sp.latex, self.levels))
        return rf"$\displaystyle E = {levels}$"


class _Projectors:
    """Levels of H by square roots, and P_j = Π (H − E_k)/(E_j − E_k)."""

    def __init__(self, model: Model, others: Sequence[sp.Expr] = ()) -> None:
        matrix = sp.ImmutableMatrix(frequency(model, {}) * model.hbar)
        low, whole = cleared(matrix)
        factors = characteristic_factors(whole, Radicals(whole.flat()))
        roots, found = square_root_levels([f for f, _ in factors])
        self._whole = whole
        parts = [x for _, centre, offset, _ in found for x in (centre, offset)]
        self.field = Radicals([*whole.flat(), *parts, *others], roots)
        lifted = [(self._lifted(centre, offset, w), factors[n][1]) for n, centre, offset, w in found]
        named = [(sp.expand(self.field.written(e)) / low, e, count) for e, count in lifted]
        named.sort(key=lambda each: sp.default_sort_key(each[0]))
        self.energies, self._levels, self.multiplicities = (list(column) for column in zip(*named, strict=True))

    def _lifted(self, centre: sp.Expr, offset: sp.Expr, w: Any) -> Any:
        """A level as an element."""
        return self.field.reduced(self.field.lift(centre) + self.field.lift(offset) * (
            self.field.lift(w) if w else self.field.ring.one))

    @cached_property
    def _projectors(self) -> list[tuple[DomainMatrix, Any]]:
        """Each as a matrix of elements over an element."""
        d, domain = self._whole.rows, self.field.ring.to_domain()
        h = self._matrix(self._whole)
        one = DomainMatrix.eye(d, domain).to_dense()
        found = []
        for j, own in enumerate(self._levels):
            top, low = one, self.field.ring.one
            for k, other in enumerate(self._levels):
                if k != j:
                    top = self._reduced(top * (h - one * domain.convert(other)))
                    low = self.field.reduced(low * (own - other))
            found.append((top, low))
        return found

    def _matrix(self, matrix: sp.MatrixBase) -> DomainMatrix:
        """A matrix of elements."""
        return DomainMatrix([[self.field.lift(x) for x in row] for row in matrix.tolist()], matrix.shape,
                            self.field.ring.to_domain())

    def _reduced(self, matrix: DomainMatrix) -> DomainMatrix:
        """The same in normal form."""
        return DomainMatrix([[self.field.reduced(x) for x in row] for row in matrix.to_list()], matrix.shape,
                            matrix.domain)

    def weights(self, a: sp.ImmutableMatrix, b: sp.ImmutableMatrix) -> list[tuple[int, int, sp.Expr]]:
        """Return (j, k, Tr(B P_j A P_k)) of those that are not zero, j ≠ k."""
        read, coupled, found = self._matrix(b), self._matrix(a), []
        for j, (top, low) in enumerate(self._projectors):
            half = self._reduced(self._reduced(read * top) * coupled).to_list()
            for k, (other, below) in enumerate(self._projectors):
                columns = other.to_list()
                trace = self.field.reduced(sum((x * columns[n][m] for m, row in enumerate(half)
                                                for n, x in enumerate(row)), self.field.ring.zero))
                if k != j and trace:
                    inverse, norm = self.field.inverse(self.field.reduced(low * below))
                    found.append((j, k, self.field.quotient(self.field.reduced(trace * inverse), norm)))
        return found
