"""Many trajectories of one model: the same attributes as one, with a leading trajectory axis."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.solve import solve
from qllg_sym.flow.trajectory import Trajectory
from qllg_sym.model.model import Model

Array = NDArray[Any]


class Trajectories(Sequence[Trajectory]):
    """A batch of trajectories; every array attribute and method of `Trajectory` gets a leading axis (m, …).

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> many = solve_many(Model(Space("1/2")), QuantumLLG(0.5), [states.product("up"), states.product("+x")], [0, 1])
    >>> many.bloch(0).shape, many.purity.shape
    ((2, 2, 3), (2, 2))
    """

    def __init__(self, trajectories: Sequence[Trajectory]) -> None:
        self._all = tuple(trajectories)
        self.times = self._all[0].times

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: Any) -> Any:
        return self._all[index]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        values = [getattr(trajectory, name) for trajectory in self._all]
        if callable(values[0]):
            return lambda *args, **kwargs: _stacked([value(*args, **kwargs) for value in values])
        return _stacked(values)

    def __repr__(self) -> str:
        return f"<Trajectories: {len(self)} of {len(self.times)} times>"


def _stacked(values: list[Any]) -> Any:
    """Arrays and numbers stacked; everything else as a list."""
    return np.stack(values) if all(isinstance(v, (np.ndarray, float, int)) for v in values) else values


def solve_many(model: Model, law: Any, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               **options: Any) -> Trajectories:
    """Solve for many states, many values of parameters, or both side by side.

    Args:
        model: as in `solve`.
        law: as in `solve`.
        states: a list of m states, or one state for all.
        times: as in `solve`.
        values: numbers, or arrays (m,) with one number a trajectory.
        **options: method, rtol, atol, … of `solve`.

    Raises:
        InputError: lists and arrays of different lengths, or none at all.
        QllgError: as `solve`.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, states
    >>> model = Model(Space("1/2", "1/2"), [Exchange(1, 0, 1)])
    >>> len(solve_many(model, QuantumLLG(0), [states.bell("psi+")] * 3, [0, 1]))
    3
    """
    if not isinstance(values or {}, Mapping):
        raise InputTypeError("`values` must be a mapping, but is not; write values={\"D\": array}.")
    fixed = {str(k): v for k, v in (values or {}).items() if np.ndim(v) != 1}
    columns = {str(k): v for k, v in (values or {}).items() if np.ndim(v) == 1}
    several = _is_list(states)
    lengths = {len(v) for v in columns.values()} | ({len(states)} if several else set())
    if len(lengths) != 1 or lengths == {0}:
        raise InputError(f"`states` and array `values` must be of one common length of at least 1, but have lengths "
                         f"{sorted(lengths) or 'none'}; give a list of states, or values={{\"D\": array}}.")
    return Trajectories([solve(model, law, states[k] if several else states, times,
                               fixed | {name: column[k] for name, column in columns.items()}, **options)
                         for k in range(lengths.pop())])


def _is_list(states: Any) -> bool:
    """A list of states is a list, or an array (m, d, d) or (m, N, 3)."""
    return isinstance(states, (list, tuple)) or (isinstance(states, np.ndarray) and states.ndim == 3)
