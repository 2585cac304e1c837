"""Components: the residual in coordinates, polynomial in states, velocities and parameters; the rest is a view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String, string_norm
from qllg_sym.algebra.symbols import gap
from qllg_sym.equations import evaluation, size
from qllg_sym.equations.evaluation import coefficient_expressions, ring_for
from qllg_sym.equations.explicit import rational_weight, torque_word, two_level_words
from qllg_sym.errors import DerivationError
from qllg_sym.model.classical import effective_fields
from qllg_sym.model.expansion import standard_string

LARGEST_DENSE = 255         # equations, those of four spins ½, up to which the mass is a dense matrix


@dataclass(frozen=True, repr=False)
class Components(ByFields):
    """Equations of motion in coordinates, 0 = residual(velocities, states, parameters, t), linear in velocities.

    Attributes:
        equation: what they are components of.
        kind: "pauli", "coefficients", "eta" or "moments".
        states, velocities: symbols, in the same order.
        strings: basis strings of the states, for "pauli" and "coefficients".
    """

    equation: Any
    kind: str
    states: tuple[sp.Symbol, ...]
    velocities: tuple[sp.Symbol, ...]
    strings: tuple[String, ...] = ()

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        names = ", ".join(s.name for s in self.parameters) or "none"
        return (f"<Components: {len(self.states)} {self.kind} equations of {self.equation.kind} on "
                f"{self.equation.model.space}, parameters {names}>")

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of model and law, by name."""
        found = self.equation.parameters
        spin = self.equation.model.space.spins[0]
        if isinstance(spin, sp.Symbol) and spin not in found:
            found = tuple(sorted((*found, spin), key=lambda s: s.name))
        return tuple(found)

    @cached_property
    def written(self) -> "Components":
        """The same components for numbers, with the user's own expressions for coefficients; see `Model.written`."""
        equation = self.equation.written
        return self if equation is self.equation else replace(self, equation=equation)

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring; evaluated on first use, for it grows as d⁴ terms."""
        model, word = self.equation.model, self.equation.residual
        if self.kind == "moments":
            field = self.equation.law.field
            known = [to_expr(b) for fields in effective_fields(model, field) for b in fields]
            return evaluation.moments(model, word, self._ring(known, word), field)
        return self._evaluated(word)

    def _evaluated(self, *words: Element) -> Any:
        """The components of quantum words in one ring: a tuple for one word, a list of them for several."""
        model = self.equation.model
        if self.kind != "eta":          # before the ring is made: its generators alone are the square of their number
            size.check_terms(self, words, 2 * len(self.states))
        known = [*coefficient_expressions(model.frequency), model.hbar]
        known += [evaluation.share(model)] if self.kind == "eta" else []
        ring = self._ring(known, *words)
        evaluate = evaluation.single_spin if self.kind == "eta" else evaluation.operator_basis
        found = [evaluate(model, word, ring) for word in words]
        return found if len(words) > 1 else found[0]

    def _ring(self, known: list[sp.Expr], *words: Element) -> PolyRing:
        """States, velocities, and the atoms of known expressions and of the words' coefficients."""
        expressions = [*known, *(e for word in words for e in coefficient_expressions(word))]
        return ring_for(self.states, self.velocities, [e for e in expressions if e != 0])

    @cached_property
    def residual(self) -> tuple[sp.Expr, ...]:
        """The implicit equations, each expression = 0, expanded."""
        return tuple(to_expr(p) for p in self.polynomials)

    @cached_property
    def split(self) -> tuple[dict[tuple[int, int], PolyElement], tuple[PolyElement, ...]]:
        """Mass entries {(i, j): polynomial} and forcing, mass · velocity = forcing, in the ring."""
        n = len(self.states)
        mass: dict[tuple[int, int], PolyElement] = {}
        forcing = []
        for i, polynomial in enumerate(self.polynomials):
            free = {}
            for exponents, c in polynomial.terms():
                moving = [j for j in range(n) for _ in range(exponents[n + j])]
                if not moving:
                    free[exponents] = -c
                    continue
                if len(moving) > 1:
                    raise DerivationError(f"`{self.equation.kind}` must be linear in the velocities, but is not; "
                                          "mend the law.")
                key = (i, moving[0])
                rest = tuple(0 if k == n + moving[0] else e for k, e in enumerate(exponents))
                mass[key] = mass.get(key, polynomial.ring.zero) + polynomial.ring.from_dict({rest: c})
            forcing.append(polynomial.ring.from_dict(free))
        return {key: p for key, p in mass.items() if p}, tuple(forcing)

    @cached_property
    def mass(self) -> Any:
        """∂ residual/∂ velocities, (n, n): mass · velocity = forcing; sparse above 255 equations."""
        n, entries = len(self.states), {key: to_expr(p) for key, p in self.split[0].items()}
        if n > LARGEST_DENSE:
            return sp.ImmutableSparseMatrix(n, n, entries)
        # NumPy's solvers refuse the SciPy matrix that lambdify makes of a sparse one
        return sp.ImmutableDenseMatrix(n, n, lambda i, j: entries.get((i, j), sp.S.Zero))

    @cached_property
    def forcing(self) -> sp.ImmutableMatrix:
        """What is left of the residual at rest, negated, (n, 1)."""
        return sp.ImmutableMatrix([to_expr(p) for p in self.split[1]])

    @cached_property
    def jacobian(self) -> sp.ImmutableMatrix:
        """∂ residual/∂ states, (n, n), polynomial in states and velocities; mass · ∂(rhs)/∂(states) = −jacobian."""
        n = len(self.states)
        size.check_matrix(self, "jacobian", n**2)
        return sp.ImmutableMatrix([[to_expr(p.diff(j)) for j in range(n)] for p in self.polynomials])

    @cached_property
    def basis(self) -> tuple[sp.ImmutableMatrix, ...]:
        """The operators A of the states c_A = Tr(ρ A), (d, d) each, in the standard basis |m₀ m₁ …⟩, m = s first."""
        self._need_strings("basis")
        size.check_matrix(self, "basis", len(self.strings) * self.equation.model.space.dimension**2)
        return tuple(standard_string(self.equation.model.space.spins, s) for s in self.strings)

    @cached_property
    def norms(self) -> tuple[sp.Rational, ...]:
        """n_A = Tr A² of the basis, rational: Tr A B = n_A δ_AB."""
        self._need_strings("norms")
        values = (string_norm(self.equation.model.space.spins, s) for s in self.strings)
        return tuple(sp.Rational(v.numerator, v.denominator) for v in values)

    def _need_strings(self, what: str) -> None:
        if not self.strings:
            raise DerivationError(f"`{what}` must belong to pauli() or coefficients(), but these are {self.kind} "
                                  "components; derive coefficients().")

    def two_level(self) -> tuple[sp.Expr, ...]:
        """Return explicit right-hand sides that hold when the spectrum of ρ has two values, `qllg_sym.gap` apart.

        Pure states: gap = 1; Werner states: gap = p; every qubit; every PRL 4 state with H linear in S, where gap is
        ħ|η|/(2s+1). In the order of `states`.

        Raises:
            DerivationError: a classical law, or a law that does not keep the spectrum.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> B = sp.Symbol("B", real=True)
        >>> QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli().two_level()[2]
        B*T_x**2/(gap**2 + 1) + B*T_y**2/(gap**2 + 1)
        """
        torque, flow = self.two_level_stages
        n = len(self.states)
        gens = flow[0].ring.gens
        moves = [(gens[n + k], p) for k, p in enumerate(torque)]
        return tuple(to_expr(p.compose(moves)) for p in flow)

    @cached_property
    def two_level_stages(self) -> tuple[tuple[PolyElement, ...], tuple[PolyElement, ...]]:
        """The components of τ = i[ρ, H/ħ], and the right-hand sides in states and τ (in the velocities' generators)."""
        if self.kind == "moments":
            raise DerivationError("`two_level()` must belong to a quantum law, but these are moments of a classical "
                                  "one; use `compile()`.")
        torque, flow = self._evaluated(*two_level_words(self.equation.residual, gap))
        return torque, flow

    @cached_property
    def weight_parts(self) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
        """(α, β, c) of the frame weight W(Δ) = (α + iβΔ)/(1 + cΔ²)."""
        return rational_weight(self.equation.residual, gap)

    @cached_property
    def is_staged(self) -> bool:
        """Whether ρ̇ is explicit and, for every spectrum, a polynomial in ρ and τ = i[ρ, H/ħ], as for q-LL."""
        explicit = all(letters == ("drho",) for _, letters in self.equation.residual.terms if "drho" in letters)
        if self.kind == "moments" or not explicit:
            return False
        try:
            return bool(self.weight_parts[2] == 0)
        except DerivationError:
            return False

    @cached_property
    def torque(self) -> tuple[PolyElement, ...]:
        """The components of τ = i[ρ, H/ħ]."""
        found: tuple[PolyElement, ...] = self._evaluated(torque_word())
        return found

    def kernel(self, form: str = "any") -> Any:
        """Return the explicit right-hand side as a straight-line `Kernel` with inputs states, parameters and t.

        Args:
            form: "any" solves mass · velocity = forcing by unrolled elimination, for every spectrum; "two-level" is the
                polynomial form with the extra parameter `gap`, the difference of the two values; "spectrum" is the
                Cayley–Hamilton form with the extra parameters e2, …, ed, the elementary symmetric functions of the
                eigenvalues of ρ (trace one), for pauli() and coefficients() with d ≤ 5. Both hold for the states whose
                spectrum that is; `qllg_sym.equations.forms` tells which form is good for a state, and how good.

        Raises:
            InputError: an unknown form.
            DerivationError: the form does not exist for this law.
        """
        from qllg_sym.equations import lowering
        return lowering.kernel(self, form)

    def compile(self, target: str = "auto", form: str = "any", digits: int | None = None) -> Any:
        """Return a compiled right-hand side; `.bind(values)` gives rhs(t, y).

        Args:
            target: "c", "numpy", "mpmath", or "auto" (C, else NumPy with a QllgWarning).
            form: as in `kernel`.
            digits: precision for "mpmath".

        Raises:
            CodegenError: target "c" without a working compiler, or a target that is only printed.
        """
        from qllg_sym.equations import compiling
        return compiling.compile_components(self, target, form, digits)

    def latex(self) -> str:
        """Return the equations as one wrapped LaTeX aligned block."""
        from qllg_sym.equations import printing
        return printing.latex(self)

    def text(self, width: int = 100) -> str:
        """Return the equations as plain text for a terminal, lines at most `width` characters long; ' is d/dt."""
        from qllg_sym.equations import printing
        return printing.text(self, width)

    def mathml(self) -> str:
        """Return the equations as one presentation MathML element."""
        from qllg_sym.equations import printing
        return printing.mathml(self)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def values(self, mapping: Mapping[Any, Any]) -> dict[sp.Symbol, Any]:
        """Return {symbol: value} from keys that are names or symbols of states, velocities or parameters."""
        known = {s.name: s for s in (*self.states, *self.velocities, *self.parameters)}
        return {known[str(key)]: value for key, value in mapping.items()}
