"""The equation of motion of clusters and moments, and its view in coordinates."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import sympy as sp

from qllg_sym.equations.components import Components
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.components import HybridComponents
from qllg_sym.equations.hybrid.implicit import ImplicitHybrid
from qllg_sym.equations.hybrid.sites import velocities_of
from qllg_sym.errors import DerivationError
from qllg_sym.memo import kept


@dataclass(frozen=True, repr=False)
class HybridEquation(ImplicitHybrid, Equation):
    """The equations of clusters and moments; `residual` holds that of each, ρ, ρ̇, H on clusters, m, ṁ, B on moments.

    >>> from qllg_sym import Hybrid, Model, Space, Zeeman
    >>> model = Model(Space("1/2", "1"), [Zeeman((0, 0, 1))])
    >>> Hybrid(0, 0, clusters=[0], classical=[1]).derive(model).components().residual[3:]
    (dm1_x - m1_y, dm1_y + m1_x, dm1_z)
    """

    @cached_property
    def written(self) -> "HybridEquation":
        """The same equation for numbers, its coefficients the user's own expressions; see `Model.written`."""
        model = self.model.written
        law = model.atoms.replaced(self.hybrid, rational=True)
        return WrittenHybrid(cast(HybridEquation, law.derive(model)).residual, model, law, self)

    def components(self) -> HybridComponents:
        """Return the equations in coordinates: T_αβ… = Tr(ρ_c σ_α⊗σ_β…) of each cluster, then the moments' components.

        Where there are several clusters, a name has a letter for every quantum site, 0 outside the cluster: T_xx00 and
        T_00xx. With spins above ½ they are the c_A of `Equation.coefficients`.

        Raises:
            DerivationError: too many components to be listed.

        >>> from qllg_sym import Hybrid, Model, Space
        >>> Hybrid(0, 0, clusters=[0], classical=[1]).derive(Model(Space("1/2", "1"))).components().states
        (T_x, T_y, T_z, m1_x, m1_y, m1_z)
        """
        return _components(self)

    def moments(self) -> Components:
        """Refuse: not all sites are moments.

        Raises:
            DerivationError: always.
        """
        self._need_quantum("moments")
        return self.components()        # which is never reached

    def _need_quantum(self, view: str) -> None:
        raise DerivationError(f"`{view}()` must have one law on all sites, but the law is hybrid; use `components()`.")


@dataclass(frozen=True, eq=False, repr=False)
class WrittenHybrid(HybridEquation):
    """An equation whose coefficients are atoms.

    Attributes:
        origin: the equation.
    """

    origin: HybridEquation

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the equation itself."""
        return self.origin.parameters

    @property
    def written(self) -> "WrittenHybrid":
        """Itself."""
        return self


@kept
def _components(equation: HybridEquation) -> HybridComponents:
    """The components of an equation."""
    sites = equation.sites
    states = tuple(s for c in range(len(sites.clusters)) for s in sites.states(c)) + sites.moments
    return HybridComponents(equation, "hybrid", states, velocities_of(states))
