"""States to compare a trajectory with."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from qllg_sym.errors import InputTypeError
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.states.resolve import resolve
from qllg_sym.flow.states.spectral import Frozen
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.observables.ensemble import Ensemble


def target(state: Any, spins: Sequence[str], hbar: float, values: Mapping[Any, Any], t: float) -> Ensemble:
    """Return a described state as an ensemble of one time.

    Args:
        state: one of `qllg_sym.states`, or a LowRank.
        spins: the spins of the sites.
        hbar: ħ in the model's units.
        values: numbers for the parameters of the state's model.
        t: the time at which that model's H counts.

    Raises:
        QllgError: not a state of these spins.

    >>> from qllg_sym import states
    >>> len(target(states.bell("psi+"), ("1/2", "1/2"), 1.0, {}, 0.0).weights)
    1
    """
    if not isinstance(values, Mapping):
        raise InputTypeError("`values` must map names or Symbols to numbers, but is of type "
                             f"{type(values).__name__}; write values={{\"J\": 1.0}}.")
    numbers = {str(name): value for name, value in values.items()}
    space = Space(*spins)

    def dense(model: Model) -> NDArray[Any]:
        """Return H as a matrix."""
        return matrix_of(model, numbers, t) * number_of(model.hbar, numbers)

    def frozen(model: Model) -> Frozen:
        """Return H as an action on kets."""
        own = {symbol.name: numbers.get(symbol.name) for symbol in model.parameters}  # refused by name where missing
        return Frozen(Action(model, own), t, number_of(model.hbar, numbers))

    found = resolve(state, Model(space), hbar, dense, frozen)
    return found.ensemble(space.dimensions)
