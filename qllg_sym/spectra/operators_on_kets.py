"""What a field couples to, applied to kets of large spaces without a matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputTypeError, QllgError
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.operators import PhysicalOperator, is_physical
from qllg_sym.model.constants import Constants
from qllg_sym.model.jump_operator import hermitian_parts, parameter_names
from qllg_sym.observables.operators import check_operator, is_hermitian
from qllg_sym.observables.sites import spin_matrices
from qllg_sym.spectra.perturbations import NAMED, spin_weights

Array = NDArray[Any]


@dataclass(frozen=True)
class OnKets:
    """An operator by what it and its adjoint do to a ket (d,).

    Attributes:
        apply: ket ↦ O · ket.
        adjoint: ket ↦ O† · ket.
        hermitian: whether they are one.
    """

    apply: Callable[[Array], Array]
    adjoint: Callable[[Array], Array]
    hermitian: bool


def on_kets(what: Any, problem: Problem, argument: str) -> OnKets:
    """Return an operator on kets.

    Raises:
        InputError, InputTypeError: no operator on the space, or a parameter without a value.
    """
    space = problem.equation.model.space
    weights = spin_weights(what, space.sites, argument)
    if weights is not None and not weights[:, :2].any():
        diagonal = _along_z(space.dimensions, weights[:, 2])
        return OnKets(lambda ket: diagonal * ket, lambda ket: diagonal.conj() * ket, not diagonal.imag.any())
    if weights is not None:
        return OnKets(lambda ket: _spins(ket, problem, weights), lambda ket: _spins(ket, problem, weights.conj()),
                      not weights.imag.any())
    if is_physical(what):
        return _physical(what, problem)
    try:
        checked: Any = check_operator(what, space.dimension)
    except QllgError:
        raise InputTypeError(f"`{argument}` must be an operator of {space}, terms, or one of {', '.join(NAMED)}, but "
                             f"is of type {type(what).__name__}; write \"Sx\".") from None
    if not hasattr(checked, "conj"):
        raise InputTypeError(f"`{argument}` must be a matrix, terms, or one of {', '.join(NAMED)}, but is of type "
                             f"{type(what).__name__}; give a sparse matrix.")
    other = checked.conj().T
    return OnKets(lambda ket: np.asarray(checked @ ket), lambda ket: np.asarray(other @ ket), is_hermitian(checked))


def _physical(what: Any, problem: Problem) -> OnKets:
    """Return terms, or an expression in spins, as A + iB."""
    space, constants = problem.equation.model.space, Constants.of(problem.equation.model)
    actions = []
    for part in hermitian_parts(what, space, constants):
        values = {name: problem.values[name] for name in parameter_names((part,)) if name in problem.values}
        actions.append(PhysicalOperator((part,), [str(s) for s in space.spins], constants, values).at(0.0))

    def applied(ket: Array, factor: complex) -> Array:
        images = [np.asarray(action @ ket[:, None])[:, 0] for action in actions]
        return images[0] if len(images) == 1 else images[0] + factor * images[1]

    return OnKets(lambda ket: applied(ket, 1j), lambda ket: applied(ket, -1j), len(actions) == 1)


def _along_z(dimensions: tuple[int, ...], weights: Array) -> Array:
    """Return the diagonal of Σ c_j S_jz/ħ, (d,).

    >>> _along_z((2, 3), np.array([2, 10])).real.tolist()
    [11.0, 1.0, -9.0, 9.0, -1.0, -11.0]
    """
    found = np.zeros(1, dtype=complex)
    for d, weight in zip(dimensions, weights, strict=True):
        found = np.add.outer(found, weight * ((d - 1) / 2 - np.arange(d))).ravel()
    return found


def _spins(ket: Array, problem: Problem, weights: Array) -> Array:
    """Return Σ c_jα S_jα/ħ · ket, site by site."""
    space = problem.equation.model.space
    tensor, found = ket.reshape(space.dimensions), np.zeros(space.dimensions, dtype=complex)
    for site in np.nonzero(weights.any(axis=1))[0].tolist():
        d = space.dimensions[site]
        matrix = np.tensordot(weights[site], spin_matrices(d) * (d - 1) / 2, axes=1)
        found += np.moveaxis(np.tensordot(matrix, tensor, axes=([1], [site])), 0, site)
    return found.ravel()
