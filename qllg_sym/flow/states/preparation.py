"""What a start was made from: states that have a model of their own, and the numbers of its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow import numbers
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.hamiltonians.derivative import energy_derivative
from qllg_sym.flow.states.state import models_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Preparation:
    """Thermal and ground states of rows, and what they were made with; None for states that depend on nothing.

    Attributes:
        states: one for all rows, or one a row.
        values: a number, or one a row, for every parameter, by name.
        time: the first one.
    """

    states: tuple[Any, ...]
    values: Mapping[str, Any]
    time: float

    @classmethod
    def of(cls, states: Sequence[Any], values: Mapping[str, Any], time: float) -> "Preparation":
        """Return what states were made from; arrays are not kept."""
        kept = tuple(state if models_of(state) else None for state in states)
        needed = {symbol.name for state in kept for model in models_of(state) for symbol in model.parameters}
        return cls(kept, {name: values[name] for name in sorted(needed) if name in values}, time)

    def names(self, row: int) -> list[str]:
        """Return the names of the parameters that the state of a row depends on."""
        return sorted({symbol.name for model in models_of(self._state(row)) for symbol in model.parameters})

    def derivatives(self, row: int, names: Sequence[str], d: int) -> Array:
        """Return ∂ρ/∂θ of the state of a row, (parameters, d, d).

        Raises:
            StateError: a ground state that is degenerate.
        """
        state, own = self._state(row), self.names(row)
        if not set(names) & set(own):
            return np.zeros((len(names), d, d), dtype=complex)
        values, (model,) = numbers.of_row(self.values, row), models_of(state)
        hamiltonian = matrix_of(model, values, self.time) * numbers.number_of(model.hbar, values)
        changes = np.array([energy_derivative(model, name, values, self.time) for name in names])
        return np.asarray(state.derivatives(hamiltonian, changes))

    def _state(self, row: int) -> Any:
        """Return the state of a row, None where it depends on nothing."""
        return self.states[row if len(self.states) > 1 else 0]
