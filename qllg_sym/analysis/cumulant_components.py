"""Components whose states are joint cumulants: the residual closed, and programs that never write it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.analysis import cumulant_kernel
from qllg_sym.analysis.closure import Closure
from qllg_sym.analysis.cluster_strings import SiteString
from qllg_sym.analysis.hierarchy import Hierarchy
from qllg_sym.analysis.identical_sites import IdenticalHierarchy, checked_number
from qllg_sym.analysis.substitution import check_mapping
from qllg_sym.codegen.binding import Compiled
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.equations import lowering
from qllg_sym.equations.components import Components
from qllg_sym.equations.provenance import provenance
from qllg_sym.errors import CodegenError, DerivationError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, repr=False)
class CumulantComponents(Components):
    """Equations of joint cumulants of operators on at most `order` sites; see `Equation.cumulants`.

    Attributes:
        order: sites beyond which joint cumulants are zero.
        operators: what each state belongs to: ((site, member of its basis), …), S/(sħ) for vectors.
        means: whether the states are means of these, as for chosen operators; else they are joint cumulants.
        identical: the number of identical sites, of which the model shows some; None where it shows all.
        cluster: sites of the clusters through which damping sees ρ̇; None for `order`.
    """

    order: int = field(kw_only=True)
    operators: tuple[SiteString, ...] = field(kw_only=True)
    means: bool = field(kw_only=True, default=False)
    identical: sp.Expr | None = field(kw_only=True, default=None)
    cluster: int | None = field(kw_only=True, default=None)

    @property
    def has_words(self) -> bool:
        """Not those of which cumulants know a part."""
        return False

    @cached_property
    def closure(self) -> Closure:
        """The equations of means, and what closes them."""
        hierarchy = Hierarchy(self.equation, self.order, self.cluster) if self.identical is None else \
            IdenticalHierarchy(self.equation, self.order, self.identical)
        return Closure(hierarchy, self.operators, self.means)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of model and law, and of the number of sites."""
        return symbols_in([*self.equation.parameters, *([] if self.identical is None else [self.identical])])

    def subs(self, replacements: Mapping[Any, Any]) -> Components:
        """Return the components with parameters and states replaced; see `Components.subs`."""
        names = set() if self.identical is None else {str(s) for s in self.identical.free_symbols}
        number = {key: value for key, value in check_mapping(replacements).items() if str(key) in names}
        if not number:
            return super().subs(replacements)
        count = checked_number(next(iter(number.values())), self.order)
        known = {p.name for p in self.equation.parameters}
        rest = {key: value for key, value in replacements.items() if str(key) not in names or str(key) in known}
        found = replace(self, identical=count)
        return found.subs(rest) if rest else found

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring; evaluated on first use."""
        return self.closure.polynomials(self.states, self.velocities)

    def evaluated(self, *words: Element) -> list[tuple[PolyElement, ...]]:
        """Refuse: a word needs all of ρ."""
        raise DerivationError("`evaluated` must have all of ρ, but these are components closed by cumulants; "
                              "use `coefficients()`.")

    def kernel(self, form: str = "any") -> Kernel:
        """Return the explicit right-hand side as a straight-line program.

        With clusters of `order` sites the velocities of means are solved for first: their mass is 1 + a skew matrix, up
        to weights, so that no pivot is small; those of the cumulants follow from them.

        Args:
            form: "any"; the other forms need all of ρ.

        Raises:
            InputError: an unknown form.
            DerivationError: another form than "any".
            CodegenError: more operations than a program should have.
        """
        self._need_any(form)
        if (count := cumulant_kernel.operation_count(self.closure.system)) > lowering.UNROLL_LIMIT:
            raise CodegenError(f"`kernel` must stay below {lowering.UNROLL_LIMIT} operations, but this one has about "
                               f"{count}; use `compile()`, which works with arrays at this size.")
        closure = f"Closed: joint cumulants of more than {self.order} sites are zero."
        return replace(cumulant_kernel.cumulant_kernel(self.written), about=(*provenance(self.equation), closure))

    def _compiled(self, target: str, form: str, digits: int | None) -> Compiled:
        """Return the right-hand side; where the program would be long, all but "mpmath" work with arrays instead."""
        from qllg_sym.analysis import cumulant_function  # loads NumPy, which derivations do without
        self._need_any(form)
        return cumulant_function.compile_cumulants(self, target, digits)

    def of_state(self, state: Any, values: Mapping[Any, Any] | None = None) -> "NDArray[Any]":
        """Return the numbers of the states, in the order of `states`.

        Args:
            state: density matrix, ket, Qobj, LowRank or one of `qllg_sym.states`, of `order` sites where sites are
                identical; or a Trajectory.
            values: numbers for the symbols of ħ, and of the model of a thermal or ground state.

        Returns:
            Array (n,), of a trajectory (times, n).

        Raises:
            QllgError: not a state of these spins.

        >>> from qllg_sym import Model, Space, VonNeumann, states
        >>> pairs = VonNeumann().derive(Model(Space("1/2", "1/2"))).cumulants(2)
        >>> [f"{s} = {v:g}" for s, v in zip(pairs.states, pairs.of_state(states.bell("psi-"))) if round(v, 12)]
        ['c0x_1x = -1', 'c0y_1y = -1', 'c0z_1z = -1']
        """
        from qllg_sym.analysis import cumulant_values  # loads NumPy, which derivations do without
        return cumulant_values.cumulant_values(self.closure, self.equation.model, state, values or {})

    def _need_any(self, form: Any) -> None:
        lowering.check_form(form)
        if form != "any":
            raise DerivationError(f"`form` must be \"any\" for {self.kind} components, but is {form!r}; the other "
                                  "forms need the whole spectrum of ρ.")
