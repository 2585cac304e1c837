"""Hamiltonian terms as operators that observables take: nothing is stored but their action on kets."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.numbers import number_of
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term
from qllg_sym.observables.operators import MatrixFree


def is_physical(op: Any) -> bool:
    """Return whether op is a model, a term, or a list of terms.

    >>> from qllg_sym import Pauli
    >>> is_physical([Pauli(1, "XX")]), is_physical([[1, 0], [0, 1]])
    (True, False)
    """
    several = isinstance(op, (list, tuple)) and len(op) > 0 and all(map(_is_term, op))
    return isinstance(op, Model) or _is_term(op) or several


class PhysicalOperator:
    r"""A sum of Hamiltonian terms as an operator in the model's units, at any time.

    Args:
        op: a model, a term such as `Pauli(1, "ZIZ")`, or a list of terms.
        spins: the spins of the sites.
        hbar: ħ for terms; a model has its own.
        values: numbers for the parameters.

    Attributes:
        constant: whether it does not depend on time.
        parameters: names of its parameters.

    Raises:
        InputError: a model of other spins, or a parameter without a number.
        ModelError: a term that does not fit the spins.

    >>> from qllg_sym import Pauli
    >>> import numpy as np
    >>> (PhysicalOperator(Pauli(1, "Z"), ["1/2"], 1.0, {}).at(0.0) @ np.eye(2, dtype=complex)).real.tolist()
    [[1.0, 0.0], [0.0, -1.0]]
    """

    def __init__(self, op: Any, spins: Sequence[str], hbar: float, values: Mapping[Any, Any]) -> None:
        space = Space(*spins)
        self._model = op if isinstance(op, Model) else Model(space, op, hbar=hbar)
        if self._model.space != space:
            raise InputError(f"`op` must act on {space}, but is a model of {self._model.space}; take a model of these.")
        self._action = Action(self._model, values)
        self._hbar = number_of(self._model.hbar, {str(name): value for name, value in values.items()})
        self.constant = self._action.constant
        self.parameters = tuple(symbol.name for symbol in self._model.parameters)

    def at(self, t: float) -> MatrixFree:
        """Return the operator at a time."""
        return MatrixFree(
            self._action.dimension, lambda kets: self._action.apply(kets, t) * self._hbar, lambda: self._traces(t)
        )

    def _traces(self, t: float) -> tuple[float, float]:
        """Return Tr O and Tr O² = d (mean² + variance of the levels)."""
        trace, spread, d = self._action.trace(t), self._action.spread(t), self._action.dimension
        return self._hbar * trace, self._hbar**2 * (trace * trace / d + d * spread * spread)


def _is_term(op: Any) -> bool:
    """Return whether op is a Hamiltonian term; a class is none."""
    return isinstance(op, Term) and not isinstance(op, type)
