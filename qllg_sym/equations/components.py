"""Components: the views of an equation in coordinates under one name; what they show is made below, from its data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import string_norm
from qllg_sym.codegen import targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations import explicit_components, lowering, printing, size, vector_form
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.provenance import provenance
from qllg_sym.errors import DerivationError
from qllg_sym.model.expansion import standard_string
from qllg_sym.operations import ComponentsOperations

if TYPE_CHECKING:
    from qllg_sym.codegen.binding import Compiled
    from qllg_sym.codegen.pure import Pure
    from qllg_sym.equations.vector_form import VectorForm

LARGEST_DENSE = 255         # equations, those of four spins ½, up to which the mass is a dense matrix


@dataclass(frozen=True, repr=False)
class Components(ImplicitComponents, ComponentsOperations):
    """Equations of motion in coordinates, 0 = residual(velocities, states, parameters, t), linear in velocities.

    Attributes:
        equation: what they are components of.
        kind: "pauli", "coefficients", "eta" or "moments".
        states, velocities: symbols, in the same order.
        strings: basis strings of the states, for "pauli" and "coefficients".
    """

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        names = ", ".join(s.name for s in self.parameters) or "none"
        return (f"<Components: {len(self.states)} {self.kind} equations of {self.equation.kind} on "
                f"{self.equation.model.space}, parameters {names}>")

    @cached_property
    def mass(self) -> sp.ImmutableDenseMatrix | sp.ImmutableSparseMatrix:
        """∂ residual/∂ velocities, (n, n): mass · velocity = forcing; sparse above 255 equations."""
        found, places, _ = self.sparse_split
        n, entries = len(self.states), dict(zip(places, found.expressions(), strict=True))
        if n > LARGEST_DENSE:
            return sp.ImmutableSparseMatrix(n, n, entries)
        # NumPy's solvers refuse the SciPy matrix that lambdify makes of a sparse one
        return sp.ImmutableDenseMatrix(n, n, lambda i, j: entries.get((i, j), sp.S.Zero))

    @cached_property
    def forcing(self) -> sp.ImmutableMatrix:
        """What is left of the residual at rest, negated, (n, 1)."""
        return sp.ImmutableMatrix(self.sparse_split[2].expressions())

    @cached_property
    def jacobian(self) -> sp.ImmutableMatrix:
        """∂ residual/∂ states, (n, n), polynomial in states and velocities; mass · ∂(rhs)/∂(states) = −jacobian."""
        n = len(self.states)
        size.check_matrix(self.equation.model, "jacobian", n**2)
        return sp.ImmutableMatrix([[to_expr(p.diff(j)) for j in range(n)] for p in self.polynomials])

    @cached_property
    def basis(self) -> tuple[sp.ImmutableMatrix, ...]:
        """The operators A of the states c_A = Tr(ρ A), (d, d) each, in the standard basis |m₀ m₁ …⟩, m = s first."""
        self._need_strings("basis")
        size.check_matrix(self.equation.model, "basis", len(self.strings) * self.equation.model.space.dimension**2)
        return tuple(standard_string(self.equation.model.space.numeric_spins, s) for s in self.strings)

    @cached_property
    def norms(self) -> tuple[sp.Rational, ...]:
        """n_A = Tr A² of the basis, rational: Tr A B = n_A δ_AB."""
        self._need_strings("norms")
        values = (string_norm(self.equation.model.space.numeric_spins, s) for s in self.strings)
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
        return explicit_components.two_level(self)

    def kernel(self, form: str = "any") -> Kernel:
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
        return replace(lowering.kernel(self, form), about=provenance(self.equation))

    @overload
    def compile(self, target: Literal["jax"], form: str = "any",  # type: ignore[overload-overlap]
                digits: None = None) -> "Pure": ...

    @overload
    def compile(self, target: str = "auto", form: str = "any", digits: int | None = None) -> "Compiled": ...

    def compile(self, target: str = "auto", form: str = "any", digits: int | None = None) -> "Compiled | Pure":
        """Return a compiled right-hand side; `.bind(values)` gives rhs(t, y).

        Args:
            target: "c", "numpy", "mpmath", or "auto" (C, else NumPy with a QllgWarning); "jax" gives a `Pure`, whose
                bound functions are traced by jit, grad and vmap, in doubles.
            form: as in `kernel`.
            digits: precision for "mpmath".

        Raises:
            CodegenError: target "c" without a working compiler, "jax" without JAX, or a target that is only printed.
        """
        from qllg_sym.equations import compiling  # loads NumPy, which derivations do without
        if compiling.is_traced(target):
            return compiling.pure_function(self, self.kernel, target, form)
        return self._compiled(target, form, digits)

    def _compiled(self, target: str, form: str, digits: int | None) -> "Compiled":
        """Return the right-hand side for a target that runs here."""
        from qllg_sym.equations import compiling
        return compiling.compile_components(self, target, form, digits)

    def code(self, target: str = "c", form: str = "any") -> str:
        """Return the source text of the right-hand side, dy = f(t, y, p), in another language.

        Its comment says the law, its equation and source, the order of y and p, those of `states` and `parameters`,
        and the kernel's digest.

        Args:
            target: "c", "fortran", "javascript", "jax", "mpmath", "numpy" or "wolfram".
            form: as in `kernel`.

        Raises:
            InputError: an unknown target or form.
            DerivationError: the form does not exist for this law.

        >>> from qllg_sym import Model, QuantumLLG, Space
        >>> QuantumLLG(1).derive(Model(Space("1/2"))).pauli().code("fortran").splitlines()[8]
        '  implicit none'
        """
        return targets.find(target).emit(optimise(self.kernel(form)))

    def latex(self, width: float | None = None, environment: str = "aligned", form: str = "implicit") -> str:
        r"""Return the equations as one block of LaTeX for amsmath, broken into lines.

        Args:
            width: of a line, in points, 246 for a column of Physical Review; None: as many characters as a page holds.
            environment: "aligned", to stand in a displayed equation; "align*" or "align" for one that may be broken
                between pages, with \allowdisplaybreaks, without or with numbers.
            form: "implicit"; "two-level" is `two_level()`, explicit, with Δ the difference of the two values.

        Raises:
            InputError: an unknown environment or form, a width that is no positive number or too small for a factor.
            DerivationError: a form that does not exist for this law.

        >>> from qllg_sym import Model, QuantumLLG, Space
        >>> print(QuantumLLG(1).derive(Model(Space("1/2"))).pauli().latex(width=246).splitlines()[1])
        \dot{T}_{x} &= -T_{y} \dot{T}_{z} + T_{z} \dot{T}_{y} \\
        """
        return printing.latex(self, width, environment, form)

    def vector_form(self) -> "VectorForm":
        r"""Return the equations in vectors, proved equal to these: `.latex()`, `.text()`.

        One spin (`eta`, or `pauli` of one site), classical moments, and two spins ½ with fields and any bilinear
        coupling have such a form.

        Raises:
            DerivationError: there is none.

        Source: for its look, PRL 133, 266704 (2024), eqs. 1, 2, 8 and 9.

        >>> from qllg_sym import ClassicalLLG, Model, Space
        >>> print(ClassicalLLG(0.5).derive(Model(Space("1"))).moments().vector_form().text())
        m0' = -(1/2) m0 × m0'
        """
        return vector_form.known_vector_form(self)

    def text(self, width: int = 100) -> str:
        """Return the equations as plain text for a terminal, lines at most `width` characters long; ' is d/dt."""
        return printing.text(self, width)

    def mathml(self) -> str:
        """Return the equations as one presentation MathML element."""
        return printing.mathml(self)

    def _repr_latex_(self) -> str | None:
        """The equations for a notebook; None, which shows the `repr`, where they are too large to be written out."""
        try:
            return f"$$\n{printing.notebook(self)}\n$$"
        except DerivationError:
            return None

    def values(self, mapping: Mapping[Any, Any]) -> dict[sp.Symbol, Any]:
        """Return {symbol: value} from keys that are names or symbols of states, velocities or parameters."""
        known = {s.name: s for s in (*self.states, *self.velocities, *self.parameters)}
        return {known[str(key)]: value for key, value in mapping.items()}
