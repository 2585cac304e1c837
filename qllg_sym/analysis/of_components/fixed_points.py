"""The states at which the flow stands still."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.analysis.stationary.isospectral import fixed_points_of_spectrum
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.values import exact_parameters
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError


def fixed_points(components: Components, values: Mapping[Any, Any] | None = None,
                 spectrum: Sequence[Any] | None = None) -> list[FixedPoint]:
    r"""Return the fixed points of the flow, $\dot y = 0$; under laws that keep the spectrum, $[\rho, H] = 0$.

    Every state that is diagonal in an eigenbasis of H is at rest, so that fixed points are counted on one orbit of
    equal spectrum: they are the ways to give its eigenvalues to the levels of H, for pure states the eigenstates. Of a
    level with several states that get different populations the point is one of a family (`dimension`).

    Args:
        components: pauli() or coefficients() of a law that keeps the spectrum, constant in time.
        values: numbers of parameters, by name or Symbol; a float is the rational that it prints as. What has no number
            stays a symbol, and the list then holds for generic values of it.
        spectrum: the populations, eigenvalues of ρ, zeros left out; numbers or symbols with the sum 1. Pure by default.

    Returns:
        `FixedPoint`s: tuples of exact expressions in the order of `states`, with attributes energy, populations,
        passive, …; in the order of their energies where these are numbers. Levels of H are roots of polynomials up to
        degree three (the latter with cosines), and without parameters of any degree (`sympy.CRootOf`).

    Raises:
        DerivationError: levels that no formula gives: give values.
        InputError: d > 16, more than 1000 points, a spectrum that is none, a wrong name in `values`, or time.

    Source: PRL 133, 266704 (2024), eq. 3; passive states: W. Pusz and S. L. Woronowicz, Commun. Math. Phys. 58, 273
        (1978).

    >>> import sympy as sp
    >>> from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space
    >>> J, D, kappa = sp.symbols("J D kappa", positive=True)
    >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    >>> for point in QuantumLLG(kappa).derive(dimer).pauli().fixed_points():
    ...     print(point.energy, point.passive, point.dimension, point[4])          # T_xx
    J False 2 0
    -J - 2*sqrt(D**2 + J**2) True 0 -J/sqrt(D**2 + J**2)
    -J + 2*sqrt(D**2 + J**2) False 0 J/sqrt(D**2 + J**2)
    """
    numbers = exact_parameters(components, values)
    if components.kind not in ("pauli", "coefficients"):
        raise DerivationError(f"`components` must be pauli() or coefficients() to have fixed points, but are "
                              f"{components.kind}; derive these.")
    return fixed_points_of_spectrum(components, numbers, spectrum)
