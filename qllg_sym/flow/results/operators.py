"""Hamiltonian terms as operators that observables take: nothing is stored but their action on kets."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from qllg_sym.algebra.sector import AnySector
from qllg_sym.codegen.values import checked_values
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.numbers import number_of
from qllg_sym.model.constants import Constants
from qllg_sym.model.jump_operator import hermitian_parts, parameter_names
from qllg_sym.model.model import Model
from qllg_sym.model.other_forms import is_pauli_sum
from qllg_sym.model.space import Space
from qllg_sym.model.sums import Additive
from qllg_sym.observables.operators import MatrixFree


def is_physical(op: Any) -> bool:
    """Return whether op is a model, terms, an expression in spins, a sum of them, Paulis, or a list of these.

    >>> from qllg_sym import Pauli
    >>> is_physical([Pauli(1, "XX")]), is_physical({"XX": 1}), is_physical([[1, 0], [0, 1]])
    (True, True, False)
    """
    several = isinstance(op, (list, tuple)) and len(op) > 0 and all(map(_is_part, op))
    return isinstance(op, Model) or _is_part(op) or several


class PhysicalOperator:
    r"""A sum of Hamiltonian terms, or an expression in spins, as an operator in the model's units, at any time.

    Args:
        op: a model, a term such as `Pauli(1, "ZIZ")`, an expression in spins such as `space.spin(0).plus`, a sum or a
            list of these; or its `hermitian_parts`.
        spins: the spins of the sites.
        constants: ħ, γ_g and units for terms; a model has its own.
        values: numbers for the parameters.
        sector: of total S_z, and wave number, that the kets belong to.

    Attributes:
        constant: whether it does not depend on time.
        parameters: names of its parameters.

    Raises:
        InputError: a model of other spins, or a parameter without a number.
        ModelError: a term that does not fit the spins.

    >>> import numpy as np
    >>> from qllg_sym import Pauli
    >>> (PhysicalOperator(Pauli(1, "Z"), ["1/2"], Constants(), {}).at(0.0) @ np.eye(2, dtype=complex)).real.tolist()
    [[1.0, 0.0], [0.0, -1.0]]
    """

    def __init__(self, op: Any, spins: Sequence[str], constants: Constants, values: Mapping[Any, Any],
                 sector: AnySector | None = None) -> None:
        parts = hermitian_parts(op, Space(*spins).within(sector), constants)
        self.parameters = parameter_names(parts)
        given = checked_values(self.parameters, values)
        own = [{name: given[name] for name in parameter_names((part,))} for part in parts]
        self._actions = [(factor * number_of(part.hbar, numbers), Action(part, numbers))
                         for factor, part, numbers in zip((1, 1j), parts, own, strict=False)]
        self.constant = all(action.constant for _, action in self._actions)

    def at(self, t: float) -> MatrixFree:
        """Return the operator at a time."""
        return MatrixFree(self._actions[0][1].dimension, lambda kets: self._apply(kets, t), lambda: self._traces(t),
                          len(self._actions) == 1)

    def _apply(self, kets: NDArray[Any], t: float) -> NDArray[Any]:
        """Return O · kets, fresh."""
        (first, action), *others = self._actions
        found = first * action.apply(kets, t)
        for factor, action in others:
            found += factor * action.apply(kets, t)
        return found

    def _traces(self, t: float) -> tuple[complex, float]:
        """Return Tr O, and Tr O² of a Hermitian one, d (mean² + variance of the levels)."""
        trace = sum(factor * action.trace(t) for factor, action in self._actions)
        factor, action = self._actions[0]
        return trace, abs(factor)**2 * (action.trace(t)**2 / action.dimension
                                        + action.dimension * action.spread(t)**2)


def _is_part(op: Any) -> bool:
    """Return whether op is one term, an expression, a sum or Paulis; a class is none."""
    return isinstance(op, Additive) or is_pauli_sum(op)
