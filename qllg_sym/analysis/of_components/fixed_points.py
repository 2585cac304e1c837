"""The states at which the flow stands still."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.analysis.stationary.affine import fixed_points_of_affine, is_affine
from qllg_sym.analysis.stationary.classical import fixed_points_of_moments
from qllg_sym.analysis.stationary.isospectral import fixed_points_of_spectrum, keeps_spectrum
from qllg_sym.analysis.stationary.one_spin import fixed_points_of_eta
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.polynomials import fixed_points_of_polynomials
from qllg_sym.analysis.stationary.restricted import points_within
from qllg_sym.analysis.stationary.values import exact_parameters
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import InputError, InputTypeError


def fixed_points(components: Components, values: Mapping[Any, Any] | None = None,
                 spectrum: Sequence[Any] | None = None, constraints: Sequence[Any] = ()) -> list[FixedPoint]:
    r"""Return the fixed points of the flow, $\dot y = 0$; under laws that keep the spectrum, $[\rho, H] = 0$.

    Every state that is diagonal in an eigenbasis of H is at rest, so that fixed points are counted on one orbit of
    equal spectrum: they are the ways to give its eigenvalues to the levels of H, for pure states the eigenstates. Of a
    level with several states that get different populations the point is one of a family (`dimension`).

    | components | fixed points |
    |---|---|
    | pauli(), coefficients(), law keeps the spectrum | populations on levels of H; exact |
    | eta() | along the field and against it, \|η\| a symbol unless a spectrum is given; exact |
    | moments() of one site | exact; with `values` where the field depends on the moment |
    | moments() of 2 to 6 sites | with `values`: 30 digits, each proved by Krawczyk's test in intervals |
    | linear laws (dephasing) | the solutions of a linear system, a family with its `directions`; exact |
    | restricted | those of the full components that lie within |
    | others, or with `constraints` | at most six states, with `values`: all real solutions, by a Gröbner basis; exact |

    Args:
        components: constant in time.
        values: numbers of parameters, by name or Symbol; a float is the rational that it prints as. What has no number
            stays a symbol, and the list then holds for generic values of it.
        spectrum: the populations, eigenvalues of ρ, zeros left out; numbers or symbols with the sum 1. Pure by default.
        constraints: polynomials in the states that are zero, such as T_x**2 + T_y**2 + T_z**2 - 1.

    Returns:
        `FixedPoint`s: tuples of expressions in the order of `states`, with attributes energy, populations, passive,
        dimension, …; in the order of their energies where these are numbers. Levels of H are roots of polynomials up to
        degree three (the latter with cosines), and without parameters of any degree (`sympy.CRootOf`).

    Raises:
        DerivationError: levels that no formula gives (give values), or families where they cannot be described.
        InputError: d > 16, more than 1000 points, a spectrum that is none, a wrong name in `values`, or time.

    Source: PRL 133, 266704 (2024), eq. 3; passive states: W. Pusz and S. L. Woronowicz, Commun. Math. Phys. 58, 273
        (1978).

    >>> import sympy as sp; from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space
    >>> J, D, kappa = sp.symbols("J D kappa", positive=True)
    >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    >>> for point in QuantumLLG(kappa).derive(dimer).pauli().fixed_points():
    ...     print(point.energy, point.passive, point.dimension, point[4])          # T_xx
    J False 2 0
    -J - 2*sqrt(D**2 + J**2) True 0 -J/sqrt(D**2 + J**2)
    -J + 2*sqrt(D**2 + J**2) False 0 J/sqrt(D**2 + J**2)
    """
    numbers = exact_parameters(components, values)
    if not isinstance(constraints, (list, tuple)):
        raise InputTypeError("`constraints` must be a list of polynomials in the states, but is of type "
                             f"{type(constraints).__name__}; write [x**2 - 1].")
    if constraints:
        _refuse(spectrum, "`constraints`")
        return fixed_points_of_polynomials(components, numbers, constraints)
    if components.kind == "moments":
        _refuse(spectrum, "moments")
        return fixed_points_of_moments(components, numbers)
    if keeps_spectrum(components):
        if components.kind == "eta":
            return fixed_points_of_eta(components, numbers, spectrum)
        if components.kind in ("pauli", "coefficients"):
            return fixed_points_of_spectrum(components, numbers, spectrum)
        if isinstance(components, RestrictedComponents) and components.source.kind in ("pauli", "coefficients"):
            return points_within(components, numbers, fixed_points_of_spectrum(components.source, numbers, spectrum))
    _refuse(spectrum, f"{components.kind} of {components.equation.kind}")
    return fixed_points_of_affine(components, numbers) if is_affine(components) else \
        fixed_points_of_polynomials(components, numbers, ())


def _refuse(spectrum: Any, what: str) -> None:
    if spectrum is not None:
        raise InputError(f"`spectrum` must be left out with {what}, but is given; leave it out.")
