"""States of every kind → a matrix product state, and the two levels of ρ; products of any number of spins."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.states.kinds.coherent import Coherent
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.flow.states.state import Setting
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

Array = NDArray[Any]
MOST = 24           # sites of spin ½ of a state that is given as a ket
Levels = tuple[float, float, MatrixProductState]


def matrix_product(state: Any, model: Model, hbar: float, values: Mapping[str, Any], t: float) -> Levels:
    """Return (a, b, ψ) of ρ = a + b |ψ⟩⟨ψ|.

    Raises:
        StateError: another kind of mixed state, other sites, or a state that is no product on a large space.

    >>> from qllg_sym import states
    >>> a, b, psi = matrix_product(states.product(*["up"] * 60), Model(Space.half(60)), 1.0, {}, 0.0)
    >>> a, b, psi.bonds[30]
    (0.0, 1.0, 1)
    """
    space = model.space
    if isinstance(state, MatrixProductState):
        if state.dims != space.dimensions:
            raise StateError(f"`state` must belong to {space}, but has sites {state.dims}; take another state.")
        return 0.0, 1.0, state
    if isinstance(state, Coherent):
        _fits(state, space)
        return 0.0, 1.0, MatrixProductState.product(
            [_ket(direction, spin) for direction, spin in zip(state.directions, space.numeric_spins, strict=True)])
    if space.dimension > 2**MOST:
        raise StateError(f"`state` must be a product of spins, or a MatrixProductState, where there are {space.sites} "
                         f"sites, but is of type {type(state).__name__}; write states.product(\"up\", \"down\", …).")
    start = resolve_at(state, model, hbar, values, t)
    if start.two_levels is None or start.projectors()[2].shape[2] != 1:
        raise StateError("`state` must be pure, or a background and one ket, for method=\"mps\", but is mixed; use "
                         "method=\"low-rank\" or \"frame\".")
    a, b, kets = start.projectors()
    return float(a[0]), float(b[0]), MatrixProductState.from_ket(space.dimensions, kets[0, :, 0])


def _fits(state: Coherent, space: Space) -> None:
    """Refuse a product of other sites."""
    setting = Setting(space, 1.0, lambda model: np.zeros((0, 0)))
    setting.must_fit(len(state.directions) == space.sites, f"{len(state.directions)} sites", "this product state")
    setting.must_fit(state.spins in (None, space.spins), "other spins", "this coherent state")


@cache
def _ket(direction: tuple[float, float, float], spin: Fraction) -> Array:
    """Return the coherent ket of one spin."""
    one = Coherent((direction,)).numbers(Setting(Space(spin), 1.0, lambda model: np.zeros((0, 0))))
    return np.asarray(one.kets[0, :, 0])


def charges_of(dims: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return −2m of the basis states of each site.

    >>> charges_of((2, 3))
    ((-1, 1), (-2, 0, 2))
    """
    return tuple(tuple(range(1 - d, d, 2)) for d in dims)


def bond_charges(state: MatrixProductState) -> tuple[tuple[int, ...], ...] | None:
    """Return the charge of every Schmidt vector of every bond; None where one of them has none.

    >>> bond_charges(MatrixProductState.product([[1, 0], [0, 1]]))
    ((0,), (-1,), (0,))
    >>> bond_charges(MatrixProductState.product([[0.6, 0.8], [0, 1]])) is None
    True
    """
    found: list[tuple[int, ...]] = [(0,)]
    for tensor, own in zip(state.tensors, charges_of(state.dims), strict=True):
        arriving = np.add.outer(np.array(found[-1]), np.array(own))
        size = abs(tensor)
        largest = size.reshape(-1, tensor.shape[2]).argmax(axis=0)
        right = arriving.ravel()[largest]
        if np.any(size[arriving[:, :, None] != right] > 0):
            return None
        found.append(tuple(right.tolist()))
    return tuple(found)


def keeps_charge(operators: Sequence[Array], dims: Sequence[int], width: int) -> bool:
    """Return whether operators on windows keep total S_z, to rounding.

    >>> keeps_charge([np.diag([1.0, 0, 0, 1])], (2, 2), 2), keeps_charge([np.ones((4, 4))], (2, 2), 2)
    (True, False)
    """
    return all(abs(h[charged(dims[k:k + width])]).max(initial=0.0) <= 1e-15 * abs(h).max(initial=0.0)
               for k, h in enumerate(operators))


def charged(dims: Sequence[int]) -> Array:
    """Return which entries of an operator on sites change total S_z."""
    total = np.zeros(1, dtype=int)
    for own in charges_of(dims):
        total = np.add.outer(total, np.array(own)).ravel()
    return np.asarray(total[:, None] != total[None, :])


def check_two_levels(reason: str | None) -> None:
    """Refuse a law that does not keep the spectrum by a frame weight.

    >>> check_two_levels(None)
    """
    if reason is not None:
        raise InputError(f"`method` must fit the law, but 'mps' does not: {reason}; use method=\"auto\".")
