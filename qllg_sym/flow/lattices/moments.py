"""Classical laws of large lattices: the same loops for unit moments alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.flow.lattices.rates import LatticeRates
from qllg_sym.flow.steps.field import Field
from qllg_sym.memo import kept

Array = NDArray[Any]
WRITTEN = 16            # moments up to which every velocity is written out: compilers take seconds for more


def is_large(equation: Equation) -> bool:
    """Return whether a law moves so many moments that loops over neighbours are quicker than what is written out.

    >>> from qllg_sym import ClassicalLLG, Exchange, Model, Space, ring
    >>> [is_large(ClassicalLLG(0, "mean").derive(Model(Space.half(n), ring(n, Exchange, 1)))) for n in (8, 80)]
    [False, True]
    """
    space = equation.model.space
    return bool(equation.law.classical) and equation.field == "mean" and space.sites > WRITTEN


@kept
def moment_rates(equation: Equation) -> LatticeRates:
    """Return the loops of a classical law with the mean field, kept with it."""
    sites = Partition(equation.model.space, (), tuple(range(equation.model.space.sites)))
    return LatticeRates(equation.model, sites, equation.law, equation.parameters)


def lattice_field(equation: Equation) -> Field:
    """Return them as a right-hand side of the components of all moments; its data are the parameters."""
    rates = moment_rates(equation)
    return Field(3 * rates.count, len(rates.parameters), lambda p: lambda t, y: rates(t, y, p)[:-1])


def lattice_energy(equation: Equation, t: float, moments: Array, p: Array) -> float:
    """Return E/ħ of moments (n, 3)."""
    return float(moment_rates(equation)(t, np.asarray(moments, dtype=float).ravel(), p)[-1])
