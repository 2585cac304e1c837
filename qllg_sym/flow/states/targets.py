"""States to compare a trajectory with."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.algebra.sector import AnySector
from qllg_sym.errors import InputTypeError
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.observables.ensemble import Ensemble


def target(state: Any, spins: Sequence[str], hbar: float, values: Mapping[Any, Any], t: float,
           sector: AnySector | None = None) -> Ensemble:
    """Return a described state as an ensemble of one time.

    Args:
        state: one of `qllg_sym.states`, or a LowRank.
        spins: the spins of the sites.
        hbar: ħ in the model's units.
        values: numbers for the parameters of the state's model.
        t: the time at which that model's H counts.
        sector: of total S_z, and wave number, that the states belong to.

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
    space = Space(*spins).within(sector)
    return resolve_at(state, Model(space), hbar, numbers, t).ensemble(space.dimensions)
