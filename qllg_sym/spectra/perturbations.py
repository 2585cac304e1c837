"""What a field couples to, and what is read: operators as matrices, or as weights of classical moments."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import checked_values, real_array
from qllg_sym.errors import InputError, InputTypeError, QllgError, meant
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.operators import is_physical
from qllg_sym.model.constants import Constants
from qllg_sym.model.jump_operator import hermitian_parts
from qllg_sym.model.model import Model
from qllg_sym.observables.operators import check_operator

Array = NDArray[Any]
NAMED = ("Sx", "Sy", "Sz")          # components of the total spin


def spin_weights(what: Any, sites: int, argument: str) -> Array | None:
    """Return c of Σ_j c_jα S_jα for a name, (sites, 3), complex; None for what is no name.

    >>> spin_weights(("Sz", np.pi), 2, "A")[:, 2].round(12).tolist()
    [(1+0j), (-1+0j)]
    """
    name, k = what if isinstance(what, tuple) and len(what) == 2 and isinstance(what[0], str) else (what, 0.0)
    if not isinstance(name, str):
        return None
    if name not in NAMED:
        raise InputError(f"`{argument}` must be an operator, {', '.join(NAMED)}, or such a name with a wave number, "
                         f"but is {name!r}{meant(name, NAMED)}; choose one of them.")
    found = np.zeros((sites, 3), dtype=complex)
    if isinstance(k, np.ndarray | list | tuple):
        found[:, NAMED.index(name)] = _site_weights(k, sites, argument)
        return found
    number = real_array(k)
    if number is None or number.ndim or not np.isfinite(number):
        raise InputTypeError(f"`{argument}` must have a real wave number a site, but has {k!r}; write "
                             "(\"Sz\", 3.1416).")
    phases = np.exp(1j * float(number) * np.arange(sites))
    rounding = 4 * np.finfo(float).eps * (1 + abs(float(number)) * sites)
    real = bool((abs(phases.imag) <= rounding).all())       # k = π: ±1, and S_k is Hermitian
    found[:, NAMED.index(name)] = phases.real if real else phases
    return found


def _site_weights(given: Any, sites: int, argument: str) -> Array:
    """Return a weight for each site, (sites,): of a cluster exp(iq·R_j)."""
    try:
        found = np.asarray(given, dtype=complex)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != (sites,) or not np.isfinite(found).all():
        raise InputTypeError(f"`{argument}` must have a wave number, or a finite weight for each of the {sites} sites, "
                             f"but has shape {found.shape}; write (\"Sz\", numpy.exp(1j * positions @ q)).")
    return found


def matrix_of_perturbation(what: Any, problem: Problem, argument: str) -> Array:
    """Return an operator as a matrix, (d, d); it need not be Hermitian.

    Raises:
        InputError, InputTypeError: no operator on the space, or a parameter without a value.
    """
    space = problem.equation.model.space
    weights = spin_weights(what, space.sites, argument)
    if weights is None:
        return _matrix(what, problem, argument)
    found = np.zeros((space.dimension, space.dimension), dtype=complex)
    for site, axis in zip(*np.nonzero(weights), strict=True):
        spin = space.spin(int(site))
        found += weights[site, axis] * _matrix((spin.x, spin.y, spin.z)[axis], problem, argument)
    return found


def _matrix(what: Any, problem: Problem, argument: str) -> Array:
    """Return a term, a sum of them, a model or an array as a matrix."""
    space, constants = problem.equation.model.space, Constants.of(problem.equation.model)
    d = space.dimension
    if not is_physical(what):
        try:
            checked = check_operator(what, d)
        except QllgError:
            raise InputTypeError(f"`{argument}` must be an operator of shape ({d}, {d}), terms, or one of "
                                 f"{', '.join(NAMED)}, but is of type {type(what).__name__} and shape "
                                 f"{getattr(what, 'shape', 'none')}; write \"Sx\".") from None
        return np.asarray(checked @ np.eye(d, dtype=complex))
    found = np.zeros((d, d), dtype=complex)
    for factor, part in zip((1, 1j), hermitian_parts(what, space, constants), strict=False):
        if part.time_dependent:
            raise InputError(f"`{argument}` must be constant in time, but depends on it; the frequency is that of "
                             "`omega`.")
        numbers = checked_values([symbol.name for symbol in part.parameters], _values(problem.values, part))
        found += factor * number_of(part.hbar, numbers) * matrix_of(part, numbers)
    return found


def _values(values: Mapping[str, Any], part: Model) -> dict[str, Any]:
    """Return those of the problem's numbers that an operator needs."""
    return {symbol.name: values[symbol.name] for symbol in part.parameters if symbol.name in values}


def weights_of_perturbation(what: Any, problem: Problem, argument: str) -> Array:
    """Return c of Σ_j c_jα S_jα for classical moments, (N, 3), complex.

    Raises:
        InputTypeError: neither a name nor N × 3 numbers.
    """
    sites = problem.equation.model.space.sites
    found = spin_weights(what, sites, argument)
    if found is not None:
        return found
    try:
        array = np.asarray(what, dtype=complex)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.shape != (sites, 3) or not np.isfinite(array).all():
        raise InputTypeError(f"`{argument}` must be one of {', '.join(NAMED)}, or finite weights ({sites}, 3) of the "
                             f"components of every spin, for a classical law, but is {type(what).__name__}; "
                             "write \"Sx\".")
    return array
