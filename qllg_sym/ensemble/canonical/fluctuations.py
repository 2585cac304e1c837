r"""Means and variances of any observable over an orbit.

In the eigenbasis of H, $\langle\mathrm{Tr}\rho A\rangle = \sum_j F_j A_{jj}$ and
$\mathrm{Var} = \sum_{jk} F_{jk} A_{jj} A_{kk} + \sum_{j\ne k} \langle|\rho_{jk}|^2\rangle |A_{jk}|^2$.
"""

from itertools import pairwise, product
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.ensemble.canonical.levels import EnergyLevels
from qllg_sym.ensemble.canonical.orbit_integral import OrbitIntegral
from qllg_sym.ensemble.canonical.rounding import DOUBLE
from qllg_sym.errors import InputError
from qllg_sym.flow.exact.digits import evaluated
from qllg_sym.flow.exact.states import frequency
from qllg_sym.flow.results.operators import PhysicalOperator, is_physical
from qllg_sym.model.constants import Constants
from qllg_sym.model.model import Model
from qllg_sym.observables.operators import check_operator, is_hermitian

Array = NDArray[Any]


def operator_of(op: Any, model: Model, numbers: dict[sp.Symbol, sp.Expr], digits: int) -> Array:
    """Return a Hermitian observable as a matrix (d, d): doubles, or objects of mpmath for more than 15 digits."""
    d, values = model.space.dimension, {s.name: float(x) for s, x in numbers.items()}
    if not is_physical(op):
        found = check_operator(op, d)
        dense = np.asarray(found @ np.eye(d, dtype=complex))
    elif digits > DOUBLE:
        own = op if isinstance(op, Model) else Constants.of(model).model(model.space, op)
        return evaluated(sp.Matrix(frequency(own, numbers) * own.hbar.xreplace({**numbers})))
    else:
        spins = [str(s) for s in model.space.numeric_spins]
        used = PhysicalOperator(op, spins, Constants.of(model), values)
        dense = np.asarray(used.at(0.0) @ np.eye(d, dtype=complex))
    if not is_hermitian(dense):
        raise InputError("`op` must be Hermitian, but is not; take its Hermitian part.")
    return dense if digits <= DOUBLE else np.array([[mpmath.mpc(x) for x in row] for row in dense], dtype=object)


def in_eigenbasis(op: Array, levels: EnergyLevels) -> Array:
    """Return V†AV."""
    return np.asarray(levels.vectors.conj().T @ op @ levels.vectors)


def mean_over_orbit(op: Array, levels: EnergyLevels, integral: OrbitIntegral) -> Any:
    """Return ⟨Tr ρA⟩ for A in the eigenbasis of H."""
    weights = levels.repeated(integral.populations)
    return sum(np.array(weights) * _real(op.diagonal()))


def variance_over_orbit(op: Array, levels: EnergyLevels, integral: OrbitIntegral) -> Any:
    """Return the variance of Tr ρA for A in the eigenbasis of H."""
    edges = np.cumsum([0, *levels.counts])
    blocks = [slice(i, j) for i, j in pairwise(edges)]
    own = [_real(op[b, b].diagonal()) for b in blocks]
    total = mpmath.mpf(0)
    for g, h in product(range(len(blocks)), repeat=2):
        off, pairs = _real(abs(op[blocks[g], blocks[h]]).ravel()**2).sum(), own[g].sum() * own[h].sum()
        if g == h:
            squares = (own[g]**2).sum()
            total, off, pairs = total + integral.own(g) * squares, off - squares, pairs - squares
        if g != h or levels.counts[g] > 1:
            total += integral.other(g, h) * pairs + integral.coherence(g, h) * off
    return total


def _real(numbers: Array) -> Array:
    """Real parts as numbers of mpmath."""
    return np.array([mpmath.mpf(x.real) for x in numbers], dtype=object)
