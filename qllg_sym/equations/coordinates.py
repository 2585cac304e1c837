"""Equation → components, in the coordinates that physicists write."""

from collections.abc import Iterable

import sympy as sp

from qllg_sym.algebra.sites import string_label, strings
from qllg_sym.equations import size
from qllg_sym.equations.components import Components
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.errors import DerivationError
from qllg_sym.memo import kept
from qllg_sym.model.classical import effective_fields, moment_symbols


def _symbols(names: Iterable[str]) -> tuple[sp.Symbol, ...]:
    return tuple(sp.Symbol(name, real=True) for name in names)


@kept
def operator_basis(equation: ImplicitEquation) -> Components:
    """Return components in products of site bases: T_αβ… for spins ½, c_A above.

    Raises:
        DerivationError: a symbolic spin.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> operator_basis(VonNeumann().derive(Model(Space("1/2")))).residual
    (dT_x, dT_y, dT_z)
    """
    space = equation.model.space
    space.must_be_whole("components")
    if space.symbolic:
        raise DerivationError("`coefficients()` must have numeric spins, but the spin is "
                              f"{space.spins[0]}; use `eta()`.")
    spins = space.numeric_spins
    size.check_states(space)
    basis = strings(spins)
    labels = [("T_" if space.is_half else "c_") + string_label(spins, string) for string in basis]
    states, velocities = _symbols(labels), _symbols("d" + name for name in labels)
    kind = "pauli" if space.is_half else "coefficients"
    return Components(equation, kind, states, velocities, tuple(basis))


@kept
def single_spin(equation: ImplicitEquation) -> Components:
    """Return components of η in PRL 4.

    Raises:
        DerivationError: several sites, or PRL 4 does not close.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> single_spin(VonNeumann().derive(Model(Space("5/2")))).states
    (eta_x, eta_y, eta_z)
    """
    equation.model.space.must_be_whole("components")
    if (sites := equation.model.space.sites) != 1:
        raise DerivationError(f"`eta()` must have one site, but the space has {sites}; "
                              "use `coefficients()`.")
    states, velocities = _symbols(f"eta_{k}" for k in "xyz"), _symbols(f"deta_{k}" for k in "xyz")
    components = Components(equation, "eta", states, velocities)
    _ = components.polynomials              # evaluated now: whether PRL 4 closes must be known at once
    return components


@kept
def moments(equation: ImplicitEquation) -> Components:
    """Return components of unit classical moments.

    >>> from qllg_sym import ClassicalLL, Model, Space
    >>> moments(ClassicalLL(0).derive(Model(Space("1/2")))).states
    (m0_x, m0_y, m0_z)
    """
    equation.model.space.must_be_whole("a classical law")
    sites = equation.model.space.sites
    effective_fields(equation.model, equation.field)        # a field that does not fit is refused at once
    return Components(equation, "moments", moment_symbols(sites), moment_symbols(sites, "dm"))
