"""Mean field and cumulants: equations of operators on few sites, closed by setting higher joint cumulants to zero."""

import numbers
from collections.abc import Iterable
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import listed
from qllg_sym.analysis import cluster_strings
from qllg_sym.analysis.chosen_operators import chosen_strings
from qllg_sym.analysis.cumulant_components import CumulantComponents
from qllg_sym.analysis.identical_sites import checked_number, symmetric_name, symmetric_strings
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.size import MOST_STATES
from qllg_sym.errors import DerivationError, InputError, InputTypeError

SHOWN = 6       # missing operators that an error names


def cumulants(equation: Equation, order: int = 1, operators: Iterable[Any] | None = None,
              identical: int | sp.Symbol | None = None, cluster: int | None = None) -> CumulantComponents:
    r"""Return equations of joint cumulants on at most `order` sites, joint cumulants of more sites set to zero.

    The ansatz is $\rho = \sum_\pi \prod_{b\in\pi} \chi_b$ over partitions π of the sites into sets of at most `order`,
    $\chi_i = \rho_i$, $\chi_{ij} = \rho_{ij} - \rho_i\rho_j$, …; it goes into $\mathrm{Tr}(A R)$ for every product A of
    operators on at most `order` sites, and into its derivative. What is linear in ρ, so von Neumann's and Lindblad's
    law, is that and no more: Heisenberg's equation of ⟨A⟩. q-LLG, $\dot\rho = i[\rho, H/\hbar + \kappa G]$ with
    $G = \dot\rho$, and q-LL, with $G = i[\rho, H/\hbar]$, see G through clusters C of `order` sites alone:

    $$G \to \binom{N-1}{k-1}^{-1} \sum_{|C| = k} \mathrm{Tr}_{\bar C}\, G,\qquad k = order,$$

    the damping of the hybrid whose clusters are C, averaged over all divisions of the sites: every site has weight one.

    * Order 1: $\dot\rho_i = i[\rho_i, H_i/\hbar + \kappa\dot\rho_i]$, $H_i = \mathrm{Tr}_{others}[H \prod\rho_j]$, the
      mean field of one-site clusters. Every spectrum of ρ_i is constant, so |m_i| for spins ½, where this is classical
      LLG in the "mean" field with α = κ. All correlations are lost.
    * Order 2: pairs are correlated. The precession of a pair has triples as products; correlations of three sites are
      lost, and the damping of a pair as one, which its share 1/(N − 1) of the weight replaces.
    * Order N: the full law, exactly, in other coordinates.
    * Energy: $dE/dt = -\hbar\kappa \sum_C \mathrm{Tr}\,(\mathrm{Tr}_{\bar C} G)^2 / \binom{N-1}{k-1} \le 0$ for
      κ ≥ 0 and constant H, at order 1 for every H, else where terms of H act on at most `order` sites.
    * Between 1 and N purity and positivity are not kept.

    With `cluster` another k is taken. k = N projects $[\rho, \dot\rho]$ of the ansatz as it stands: a product or pair
    ansatz for ρ itself. From a pure product moments are then wrong by O(t³) at order 2, not O(t²), but no law of the
    energy is left, terms grow exponentially with N, and κ has the factor $\prod_{j\ne i}\mathrm{Tr}\rho_j^2$ at order
    1, which is 1 for pure states alone.

    Args:
        equation: of a quantum law of nested commutators with ρ, or of one linear in ρ.
        order: from 1 to the number of sites.
        operators: for a law linear in ρ, operators that close among themselves at this order; the states are then their
            means, m0_x, m0x_1y, …. Each is a name of a state, letters I X Y Z of spins ½, a basis string (one member a
            site), or a term or expression in spins, of which every string is taken.
        identical: the number of identical sites, a whole number or a real Symbol such as N. The model then shows some
            of them, each with its fields, each pair with its coupling; no permutation may change it. The states, m_x,
            c_xy, …, are those of any sites, in a state that no permutation changes.
        cluster: k, the sites of the clusters through which damping sees ρ, from 1 to N; `order` by default.

    Returns:
        Components with states m0_x, m0_y, m0_z, m1_x, … = ⟨S_i⟩/(s_i ħ), for spins above ½ each followed by the other
        Stevens operators of the site, m0_20 = ⟨O_2^0⟩, …; then c0x_1y, … = ⟨ab⟩ − ⟨a⟩⟨b⟩, sites first; and so on.

    Raises:
        DerivationError: a classical law, a symbolic spin, a law of another form, `operators` of one that is not linear
            in ρ or that do not close, names of parameters that are states', too many states, or a model of identical
            sites that a permutation changes.
        InputError: an order below one or above the number of sites, or operators that the space does not have.
        InputTypeError: an order or a number of sites that is no whole number.

    Source: R. Kubo, J. Phys. Soc. Jpn. 17, 1100 (1962), for joint cumulants; PRL 133, 266704 (2024), eq. 3.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space
    >>> J, kappa = sp.symbols("J kappa", real=True)
    >>> bond = QuantumLLG(kappa).derive(Model(Space("1/2", "1/2"), [Exchange(J, 0, 1)]))
    >>> bond.cumulants().residual[0]
    2*J*m0_y*m1_z - 2*J*m0_z*m1_y + dm0_x - dm0_y*kappa*m0_z + dm0_z*kappa*m0_y
    >>> len(bond.cumulants(order=2).states)
    15
    >>> N = sp.Symbol("N", positive=True)
    >>> bond.subs({J: J / N}).cumulants(2, identical=N).states
    (m_x, m_y, m_z, c_xx, c_xy, c_xz, c_yy, c_yz, c_zz)
    """
    equation.model.space.must_be_whole("cumulants")
    order = _checked_order(equation, order, identical)
    if identical is not None:
        return _of_identical_sites(equation, order, operators, identical, cluster)
    cluster = None if cluster is None else _checked_sites(equation, cluster, "cluster")
    space = equation.model.space
    if operators is None:
        if (total := cluster_strings.string_count(space.numeric_spins, order)) > MOST_STATES:
            raise DerivationError(f"`cumulants()` must have at most {MOST_STATES} states, but of order {order} on "
                                  f"{space} there are {total}; take a lower order, or fewer spins.")
        strings = cluster_strings.all_strings(space.numeric_spins, order)
    else:
        strings = chosen_strings(space, order, operators)
    letter = "c" if operators is None else "m"
    states, velocities = (_symbols(equation.parameters, [
        prefix + cluster_strings.state_name(space.numeric_spins, string, letter) for string in strings])
        for prefix in ("", "d"))
    found = CumulantComponents(equation, "cumulant", states, velocities, order=order, operators=strings,
                               means=operators is not None, cluster=None if cluster == order else cluster)
    _ = found.closure                       # whether the law is of the right form must be known at once
    if operators is not None:
        _check_closed(found)
    return found


def _of_identical_sites(equation: Equation, order: int, operators: Any, identical: Any,
                        cluster: Any) -> CumulantComponents:
    """The equations of sites that are all the same."""
    if operators is not None or cluster is not None:
        raise InputError(f"`{'cluster' if operators is None else 'operators'}` must be left out with `identical`, but "
                         "is given; leave out one of them.")
    number, s = checked_number(identical, order), equation.model.space.numeric_spins[0]
    strings = symmetric_strings(s, order)
    parameters = (*equation.parameters, *number.free_symbols)
    states, velocities = (_symbols(parameters, [prefix + symmetric_name(s, string) for string in strings])
                          for prefix in ("", "d"))
    found = CumulantComponents(equation, "symmetric cumulant", states, velocities, order=order, operators=strings,
                               identical=number)
    _ = found.closure.rows                  # whether the model is symmetric must be known at once
    return found


def _checked_order(equation: Equation, order: Any, identical: Any) -> int:
    """The order as a plain integer, of an equation that has cumulants."""
    if isinstance(equation, HybridEquation):
        raise DerivationError("`cumulants()` must have one law on all sites, but the law is hybrid; "
                              "use `components()`.")
    if equation.law.classical:
        raise DerivationError(f"`cumulants()` must have a quantum law, but the law is {equation.kind}, whose moments "
                              "have no correlations; use `moments()`.")
    if equation.model.space.symbolic:
        raise DerivationError("`cumulants()` must have numeric spins, but the spin is "
                              f"{equation.model.space.spins[0]}; use `eta()`.")
    return _checked_sites(equation, order, "order", identical is None)


def _checked_sites(equation: Equation, count: Any, argument: str, shown: bool = True) -> int:
    """A number of sites as a plain integer, at most those of the model if all are shown there."""
    if isinstance(count, bool) or not isinstance(count, numbers.Integral):
        raise InputTypeError(f"`{argument}` must be a whole number of sites, but is {count!r}; give 1 or 2.")
    if int(count) < 1 or (shown and int(count) > equation.model.space.sites):
        raise InputError(f"`{argument}` must be from 1 to the number of sites, {equation.model.space.sites}, but is "
                         f"{count}; choose one of these.")
    return int(count)


def _symbols(parameters: Iterable[Any], names: list[str]) -> tuple[sp.Symbol, ...]:
    """The symbols of states or velocities, which no parameter may be called."""
    if taken := sorted({*names} & {p.name for p in parameters}):
        raise DerivationError(f"Symbol `{taken[0]}` must not be named like a state or a velocity, but is a parameter; "
                              "choose another name, such as a capital letter.")
    return tuple(sp.Symbol(name, real=True) for name in names)


def _check_closed(components: CumulantComponents) -> None:
    """Refuse operators whose equations need others."""
    if not components.closure.hierarchy.law.is_linear:
        raise DerivationError(f"`operators` must be left out for {components.equation.kind}, which is not linear in ρ: "
                              "its damping sees every operator of a cluster; take all of an order.")
    if missing := components.closure.missing:
        spins = components.equation.model.space.numeric_spins
        names = listed((cluster_strings.state_name(spins, string, "m") for string in missing[:SHOWN]), len(missing))
        raise DerivationError(f"`operators` must close at order {components.order}, but their equations need {names}; "
                              "add these, or raise the order.")
