"""The equation of motion of a model under a law: one stored truth, the implicit residual, and views of it."""

from dataclasses import dataclass

from qllg_sym.display import in_html
from qllg_sym.equations import coordinates, operator_form
from qllg_sym.equations.components import Components
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.errors import DerivationError
from qllg_sym.operations import EquationOperations


@dataclass(frozen=True, repr=False)
class Equation(ImplicitEquation, EquationOperations):
    r"""An equation of motion, e.g. $R = \dot\rho - \frac{i}{\hbar}[\rho, H] - i\kappa[\rho, \dot\rho] = 0$.

    Attributes:
        residual: R as an element of the free algebra in ρ, ρ̇, H/ħ, … (m, ṁ, γB for classical laws).
        model: the Hamiltonian and its space.
        law: the law that it was derived from.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().states
    (T_x, T_y, T_z)
    """

    def _repr_html_(self) -> str:
        """The law for a notebook, with its numbers where it has an operator form, and the Hamiltonian."""
        form = operator_form.operator_form(self)
        formula = form.latex() if form else r",\quad ".join(self.law.formulas)
        return in_html(f"{self!r}\n{self.model.describe(self.field or None)}", formula)

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Equation of {self.kind} on {self.model.space}: {self.law!r}>"

    def pauli(self) -> Components:
        """Return the 4^N − 1 equations of T_αβ… = Tr(ρ σ_α⊗σ_β…) of N spins ½ (PRL 133, 266704 (2024), eqs. 3 and 9).

        Returns:
            Components with states T_0x, T_0y, T_0z, T_x0, …, lexicographic in 0, x, y, z.

        Raises:
            DerivationError: a classical law, or a spin other than ½.

        >>> from qllg_sym import Model, Space, VonNeumann
        >>> len(VonNeumann().derive(Model(Space.half(2))).pauli().states)
        15
        """
        self._need_quantum("pauli")
        if self.model.space.symbolic or not self.model.space.is_half:
            raise DerivationError(f"`pauli()` must have spins 1/2 only, but the space is {self.model.space}; "
                                  "use `coefficients()`, or `eta()` for one spin.")
        return self.coefficients()

    def coefficients(self) -> Components:
        """Return the d² − 1 equations of c_A = Tr(ρ A), A the products of site bases (σ for ½, Stevens above).

        ρ = 1/d + Σ c_A A / n_A with n_A = Tr A²; `basis` and `norms` of the result hold A and n_A, ordered as states.

        Raises:
            DerivationError: a classical law, or a symbolic spin.

        >>> from qllg_sym import Model, Space, VonNeumann
        >>> VonNeumann().derive(Model(Space("1"))).coefficients().norms[:3]
        (2, 2, 2)
        """
        self._need_quantum("coefficients")
        return coordinates.operator_basis(self)

    def eta(self) -> Components:
        r"""Return the equations of η in ρ = (1 + η·S)/(2s+1) of one spin s, PRL 133, 266704 (2024), eqs. 4 and 8.

        Raises:
            DerivationError: a classical law, several sites, or a Hamiltonian for which PRL 4 does not close.

        >>> from sympy import Symbol
        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> B, s = Symbol("B", real=True), Symbol("s", positive=True)
        >>> QuantumLLG(0).derive(Model(Space(s), [Zeeman((0, 0, B))])).eta().residual
        (-B*eta_y + deta_x, B*eta_x + deta_y, deta_z)
        """
        self._need_quantum("eta")
        return coordinates.single_spin(self)

    def moments(self) -> Components:
        """Return the 3N equations of the unit moments of a classical law, states m0_x, m0_y, m0_z, m1_x, ….

        Raises:
            DerivationError: a quantum law.

        >>> from qllg_sym import ClassicalLLG, Model, Space, Zeeman
        >>> ClassicalLLG(0).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).moments().residual
        (dm0_x - m0_y, dm0_y + m0_x, dm0_z)
        """
        if not self.law.classical:
            raise DerivationError(f"`moments()` must have a classical law, but the law is {self.kind}; "
                                  "use `pauli()`, `coefficients()` or `eta()`.")
        return coordinates.moments(self)
