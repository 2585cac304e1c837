"""QuTiP's e_ops: operators and functions of (t, state), by name or position."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputError, InputTypeError, QllgError
from qllg_sym.flow.qutip.hamiltonian import QutipSystem, same_dims
from qllg_sym.flow.results.operators import PhysicalOperator, is_physical
from qllg_sym.flow.results.recorder import Timed, is_function, observed
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.interop.qutip import Evolving, is_evolving, is_qobj, kind_of, qobj_matrix
from qllg_sym.model.constants import Constants
from qllg_sym.model.jump_operator import hermitian_parts, parameter_names
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import check_operator

Array = NDArray[Any]
Wrap = Callable[[Array], Any]


@dataclass(frozen=True, repr=False)
class ExpectOp(ByFields):
    """One of e_ops, as `Result.e_ops` holds it: a function of (t, state).

    Attributes:
        op: what was given.
        wrap: makes a density matrix what functions are given; None for a classical law.
        system: the model, its dims and numbers.

    >>> from qllg_sym.flow.qutip.hamiltonian import system_of
    >>> float(ExpectOp(np.diag([1, -1]), lambda rho: rho, system_of(np.eye(2), None, None))(0.0, [1, 0]))
    1.0
    """

    op: Any
    wrap: Wrap | None
    system: QutipSystem

    def __call__(self, t: float, state: Any) -> Any:
        """Return the value for a state: a ket or a density matrix, an array or a Qobj; for moments (N, 3)."""
        if is_function(self.op) and not is_evolving(self.op):
            return self.op(t, state)
        given = np.asarray(state.full() if is_qobj(state) else state, dtype=complex)
        rho = given if given.ndim == 2 and given.shape[1] > 1 else np.outer(given, given.conj())
        states = Ensemble([n for n in self.system.dims if n > 1], density=rho[None])
        return observed("e_ops", self._numeric(), [t], states)[0]

    def observable(self) -> Any:
        """Return what `solve` observes."""
        if is_physical(self.op):
            return self.op
        if is_evolving(self.op):
            return Evolving(self.op, prod(self.system.dims))
        if not is_function(self.op):
            return check_operator(qobj_matrix(self.op), prod(self.system.dims))
        return Timed(lambda t, state: self.op(t, state if not isinstance(state, np.ndarray) or self.wrap is None
                                              else self.wrap(state)))

    def read(self, name: Any, trajectory: Trajectory) -> Array:
        """Return the value at each time, from stored states."""
        if self.wrap is None:
            return np.array([self.op(float(t), m) for t, m in zip(trajectory.times, trajectory.moments, strict=True)])
        if is_physical(self.op):
            return trajectory.expectation(self.op, self._values())
        assert trajectory.ensemble is not None
        return observed(str(name), self.observable(), trajectory.times, trajectory.ensemble)

    def _values(self) -> dict[Any, Any]:
        """Return the numbers for its own parameters."""
        model = self.system.model
        needed = parameter_names(hermitian_parts(self.op, model.space, Constants.of(model)))
        return {key: value for key, value in (self.system.values or {}).items() if str(key) in needed}

    def _numeric(self) -> Any:
        """Return it as an operator with numbers."""
        if not is_physical(self.op):
            return self.observable()
        spins = [str(s) for s in self.system.model.space.spins]
        return PhysicalOperator(self.op, spins, Constants.of(self.system.model), self._values())


def expectations_of(e_ops: Any, system: QutipSystem, wrap: Wrap | None) -> dict[Any, ExpectOp]:
    """Read e_ops.

    Args:
        e_ops: one, a list or a mapping of operators and functions; None for none.
        system: the Hamiltonian's.
        wrap: makes a density matrix what functions are given; None for a classical law, which has functions alone.

    Raises:
        InputError: names that print alike, or other dims.
        InputTypeError: neither an operator on the whole space nor a function.

    >>> from qllg_sym.flow.qutip.hamiltonian import system_of
    >>> list(expectations_of({"n": np.diag([1, 0])}, system_of(np.eye(2), None, None), lambda rho: rho))
    ['n']
    """
    listed = [] if e_ops is None else e_ops if isinstance(e_ops, Mapping | list | tuple) else [e_ops]
    named = dict(listed) if isinstance(listed, Mapping) else dict(enumerate(listed))
    if len({str(name) for name in named}) < len(named):
        raise InputError(f"`e_ops` must have names that print differently, but are named {list(named)}; rename one.")
    for name, what in named.items():
        _check(f"e_ops[{name!r}]", what, system.dims, wrap is None)
    return {name: ExpectOp(what, wrap, system) for name, what in named.items()}


def _check(name: str, what: Any, dims: Sequence[int], classical: bool) -> None:
    """Refuse what is neither an operator with these dims nor a function of (t, state)."""
    d, function = prod(dims), is_function(what) and not is_evolving(what)
    if classical and not function:
        raise InputTypeError(f"`{name}` must be a function of (t, moments), but is of type {type(what).__name__}; "
                             "write lambda t, m: m[0, 2].")
    if is_physical(what) or function:
        return
    if (is_qobj(what) or is_evolving(what)) and kind_of(what) == "oper":
        same_dims(name, what, dims)
        if is_evolving(what):
            return
    try:
        check_operator(qobj_matrix(what), d)
    except QllgError:
        raise InputTypeError(f"`{name}` must be an operator of shape ({d}, {d}) or a function of (t, state), but is of "
                             f"type {type(what).__name__} and shape {getattr(what, 'shape', 'none')}; act on the "
                             "whole space.") from None
