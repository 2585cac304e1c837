"""The values of joint cumulants in a state that is known exactly."""

from typing import TYPE_CHECKING

import sympy as sp

from qllg_sym.algebra.sites import string_norm
from qllg_sym.analysis.cluster_strings import SiteString, all_strings, scale, state_name
from qllg_sym.errors import StateError
from qllg_sym.model.expansion import expand_matrix
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

if TYPE_CHECKING:
    from qllg_sym.analysis.cumulant_components import CumulantComponents


def model_of_start(components: "CumulantComponents") -> Model:
    """Return a model on whose space the state is: of `order` sites where sites are identical."""
    model = components.equation.model
    if components.identical is None:
        return model
    return Model(Space(*model.space.spins[:1] * components.order), hbar=model.hbar, gamma=model.gamma)


def exact_cumulants(components: "CumulantComponents", rho: sp.Matrix) -> list[sp.Expr]:
    """Return the values of the states, in their order, in an exact density matrix (d, d).

    Raises:
        StateError: a state of identical sites that a permutation changes.

    >>> from qllg_sym import VonNeumann
    >>> pairs = VonNeumann().derive(Model(Space("1/2", "1/2"))).cumulants(2)
    >>> exact_cumulants(pairs, sp.diag(sp.Rational(1, 2), 0, 0, sp.Rational(1, 2)))[-1]      # classical correlation
    1
    """
    spins, closure = model_of_start(components).space.numeric_spins, components.closure
    parts = expand_matrix(rho.tolist(), spins)

    def mean(string: SiteString) -> sp.Expr:
        at = dict(string)
        whole = tuple(at.get(i, 0) for i in range(len(spins)))
        factor = string_norm(spins, whole) * scale(spins, string)
        return sp.expand(parts.get(whole, sp.S.Zero) * sp.Rational(factor.numerator, factor.denominator))

    if components.identical is not None:
        for string in all_strings(spins, components.order):
            if sp.expand(mean(string) - mean(closure.hierarchy.canonical(string))) != 0:
                raise StateError("`start` must be unchanged by permutations of its sites, but "
                                 f"{state_name(spins, string)} has no partner; give one of `order` identical sites.")
    found: list[sp.Expr] = []
    for string in closure.strings:
        known = (sp.Mul(*(found[k] for k in product)) for product in closure.disconnected(string))
        found.append(sp.expand(mean(string) - sp.Add(*known)))
    return found
