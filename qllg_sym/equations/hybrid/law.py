"""Quantum clusters among classical moments: q-LLG for each cluster, LLG for each moment, in each other's mean field."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import short
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.law import Law, Letters
from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.memo import kept
from qllg_sym.model.model import Model
from qllg_sym.model.term import several_sites

TODO = "write clusters=[(0, 1)], classical=[2, 3]"


@dataclass(frozen=True, repr=False)
class Hybrid(Law):
    r"""Quantum clusters among classical moments, one energy E = Tr[H(m) ⊗ρ_c] for all.

    Each cluster c moves by $\dot\rho_c = \frac{i}{\hbar}[\rho_c, H_c] + i\kappa[\rho_c, \dot\rho_c]$, each classical
    site by $\dot{\mathbf m_i} = \gamma_g \mathbf m_i\times\mathbf B_i - \alpha\,\mathbf m_i\times\dot{\mathbf m_i}$.
    There H(m) is H with S_i → ħ s_i m_i on classical sites, H_c its mean over all other clusters, Tr_others[H(m) ⊗ρ],
    and B_i = −(1/(ħγ_g s_i)) ∂E/∂m_i, so that terms on any number of sites count in full. Spectra and |m_i| are
    constant, and for constant H dE/dt = −ħκ Σ_c Tr ρ̇_c² − ħα Σ_i s_i |ṁ_i|².

    All sites in one cluster is q-LLG; all classical is LLG with `field="mean"`; one-site clusters of pure spins ½ are
    LLG with α = κ.

    Args:
        kappa: dimensionless damping of the clusters, real.
        alpha: dimensionless Gilbert damping of the moments, real.
        clusters: the sites of each cluster, in the order in which its state is given; one number is a cluster of one
            site.
        classical: the sites that are unit moments. Every site is in one cluster or classical.

    Raises:
        ModelError: a damping that is not real, or a site that is named twice; when an equation is derived, one that
            does not exist, or is not named.
        InputTypeError: sites that are no integers.

    Source: PRL 133, 266704 (2024), eqs. 1 and 3, in each other's mean field (its outlook).

    >>> Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2]).clusters
    ((0, 1),)
    """

    kappa: Coefficient
    alpha: Coefficient
    clusters: tuple[tuple[int, ...], ...] = ()
    # the sites; other laws say whether all are, in a place before all fields
    classical: tuple[int, ...] = field(default=(), kw_only=True)         # type: ignore[misc,assignment]
    kind: ClassVar[str] = "hybrid"
    source: ClassVar[str] = "PRL 133, 266704 (2024), eqs. 1 and 3, in each other's mean field"

    if TYPE_CHECKING:       # what may be given: `__post_init__` makes it what the fields are
        def __init__(self, kappa: Any, alpha: Any, clusters: Iterable[Any] = (), *, classical: Any = ()) -> None: ...

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.clusters, Sequence) or isinstance(self.clusters, str):
            raise InputTypeError("`clusters` must be a list of tuples of site numbers, but is of type "
                                 f"{type(self.clusters).__name__}; {TODO}.")
        clusters = tuple(several_sites(cluster, "clusters") or () for cluster in self.clusters)
        given = self.classical
        empty = isinstance(given, Sequence) and not isinstance(given, str) and not given
        classical = () if empty else several_sites(given, "classical") or ()
        object.__setattr__(self, "clusters", clusters)
        object.__setattr__(self, "classical", tuple(sorted(classical)))
        self._check_sites()

    def _check_sites(self) -> None:
        """Refuse clusters without sites, and sites that are named twice."""
        if not all(self.clusters):
            raise ModelError(f"`clusters` must name the sites of each cluster, but one has none; {TODO}.")
        named = Counter([*(site for cluster in self.clusters for site in cluster), *self.classical])
        if twice := [site for site, count in named.items() if count > 1]:
            raise ModelError(f"`clusters` and `classical` must name each site once, but site {twice[0]} is named "
                             f"{named[twice[0]]} times; leave it in one place.")

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return (f"Hybrid(kappa={self.kappa}, alpha={self.alpha}, clusters={short(self.clusters)}, "
                f"classical={short(self.classical)})")

    def __add__(self, other: Any) -> Law:
        """Refuse the sum with another law.

        Raises:
            ModelError: always.
        """
        raise ModelError("`law` must be quantum on all sites to be added, but hybrid is not; use it alone.")

    @property
    def cluster_law(self) -> QuantumLLG:
        """The law of each cluster."""
        return QuantumLLG(self.kappa)

    @property
    def moment_law(self) -> ClassicalLLG:
        """The law of each moment."""
        return ClassicalLLG(self.alpha, field="mean")

    def check(self, model: Model) -> None:
        """Raise ModelError where sites are not those of the space."""
        space = model.space
        space.must_be_whole("a hybrid law")
        if space.symbolic:
            raise ModelError(f"`model` must have numeric spins for a hybrid law, but has the spin {space.spins[0]}; "
                             "give a number.")
        moments = frozenset(self.classical)
        named = {*(site for cluster in self.clusters for site in cluster), *moments}
        for site in sorted(named):
            space.check_site(site, "classical" if site in moments else "clusters")
        if missing := [site for site in range(space.sites) if site not in named]:
            raise ModelError(f"`clusters` and `classical` must name every site of {space}, but site {missing[0]} is "
                             "not named; add it to one of them.")

    def residual(self, w: Letters) -> Element:
        """The residual of q-LLG in ρ_c, ρ̇_c, H_c/ħ, and that of LLG in m_i, ṁ_i, γB_i: each on its own sites."""
        return self.cluster_law.residual(w) + self.moment_law.residual(w)

    def derive(self, model: Model) -> HybridEquation:
        """Return the equations of motion of a model, by `.components()`.

        Args:
            model: the Hamiltonian and its space.

        Raises:
            InputTypeError: `model` is not a Model.
            ModelError: sites that are not those of the space.

        >>> from qllg_sym import Exchange, Model, Space
        >>> model = Model(Space("1/2", "1"), [Exchange(1, 0, 1)])
        >>> Hybrid(0, 0, clusters=[0], classical=[1]).derive(model).components().residual[2]
        4*T_x*m1_y - 4*T_y*m1_x + dT_z
        """
        return _hybrid(super().derive(model))


@kept
def _hybrid(equation: Equation) -> HybridEquation:
    """The equation with its own views, which solving asks for again and again."""
    return HybridEquation(equation.residual, equation.model, equation.law)
