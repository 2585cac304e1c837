"""States of every kind, described or given as arrays → their numbers on the space of a model."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import SpinSector
from qllg_sym.codegen.build import is_masked
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.states.initial import TOLERANCE, from_density, pure_state
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.spectral import Frozen
from qllg_sym.flow.states.state import Setting, State
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.observables.ring_states import refolded, unfolded

Array = NDArray[Any]


def resolve(state: Any, model: Model, hbar: float, hamiltonian: Callable[[Model], Array],
            frozen: Callable[[Model], Frozen] | None = None) -> InitialStates:
    """Return the numbers of a state on the space of a model.

    Args:
        state: density matrix (d, d), ket (d,) or (d, 1), Qobj, LowRank, or a description from `qllg_sym.states`; of one
            wave number also arrays on all product states of the total S_z.
        model: the model to be solved.
        hbar: its ħ as a number.
        hamiltonian: H of a model as an array, for thermal and ground states.
        frozen: H of a model as an action, for thermal and ground states where d > 1024.

    Raises:
        StateError: not a state of this space.
        InputTypeError: not a state at all.
    """
    with one_thread(model.space.dimension):
        return _resolved(state, model, Setting(model.space, hbar, hamiltonian, frozen))


def _resolved(state: Any, model: Model, setting: Setting) -> InitialStates:
    """Return the numbers of a state where it is asked for."""
    if isinstance(state, State):
        found = state.numbers(setting)
        if (d := found.kets.shape[1]) != model.space.dimension:
            raise StateError(f"`state` must belong to {model.space}, but its kets have {d} components; "
                             "choose another state.")
        return found
    array = _array(state, model.space)
    return pure_state(array) if array.ndim == 1 else from_density(array, model.space)


def resolve_at(state: Any, model: Model, hbar: float, values: Mapping[str, Any], t: float) -> InitialStates:
    """Return the same; thermal and ground states are those of H at a time, with numbers for all parameters by name."""
    def dense(other: Model) -> Array:
        """Return H of a model as a matrix."""
        return matrix_of(other, values, t) * number_of(other.hbar, values)

    def frozen(other: Model) -> Frozen:
        """Return H of a model as an action on kets."""
        own = {symbol.name: values.get(symbol.name) for symbol in other.parameters}     # refused by name where missing
        return Frozen(Action(other, own), t, number_of(other.hbar, values))

    return resolve(state, model, hbar, dense, frozen)


def _array(state: Any, space: Space) -> Array:
    """Return an array or Qobj, with its size and numbers checked."""
    data = state.full() if hasattr(state, "full") else state.tolist() if hasattr(state, "free_symbols") and \
        hasattr(state, "tolist") else state
    try:
        array = np.array(data, dtype=complex)
        if data is None or is_masked(data) or np.asarray(data).dtype.kind in "SU":
            raise TypeError("None, text and what is masked would become numbers")
    except (TypeError, ValueError):
        raise InputTypeError("`state` must be a density matrix, a ket, a Qobj or one of qllg_sym.states, but is of "
                             f"type {type(state).__name__}; write states.product(\"up\", \"down\").") from None
    d = space.dimension
    if isinstance(space.sector, RingSector) and array.ndim in (1, 2) and np.isfinite(array).all():
        array = _folded(array, space, space.sector)
    if array.shape not in ((d,), (d, 1), (d, d)):
        basis = "of all sites" if space.sector is None else "of the sector alone"
        basis = "of one product state for each orbit" if isinstance(space.sector, RingSector) else basis
        raise StateError(f"`state` must have shape ({d}, {d}) or ({d},) for {space}, but has {array.shape}; "
                         f"give it in the product basis {basis}.")
    if not np.all(np.isfinite(array)):
        raise StateError("`state` must be finite, but holds NaN or infinity; give finite numbers.")
    return array


def _folded(array: Array, space: Space, sector: RingSector) -> Array:
    """Return a ket or ρ on all product states of the total S_z in the basis of a sector of one wave number."""
    own = SpinSector(sector.sites, sector.down)
    if own.dimension == space.dimension or array.shape not in ((own.dimension,), (own.dimension, 1),
                                                               (own.dimension,) * 2):
        return array
    array = array[:, 0] if array.shape[1:] == (1,) else array     # (1, 1) in a sector of one state is ρ
    found = _on_both_sides(refolded, sector, array)
    rest = np.linalg.norm(array - _on_both_sides(unfolded, sector, found))
    if not rest <= TOLERANCE * (size := np.linalg.norm(array)):
        raise StateError(f"`state` must have the one wave number of {space}, but a part {rest / size:.2g} of its "
                         f"length has others; take {space.within(own)}.")
    return found


def _on_both_sides(change: Callable[[RingSector, Array], Array], sector: RingSector, array: Array) -> Array:
    """Return a ket in another basis, or a density matrix, (n, n) with n > 1, by rows and columns."""
    once = change(sector, array)
    return once if array.shape != array.shape[:1] * 2 else change(sector, once.conj().T).conj().T
