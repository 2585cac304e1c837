"""`qllgsolve`: the q-LLG equation in the shape of QuTiP's solvers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import InputError, InputTypeError, QllgError
from qllg_sym.flow.results.recorder import is_function
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.solve import solve
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.operator import Operator
from qllg_sym.observables.operators import check_operator

Array = NDArray[Any]
OPTIONS = ("method", "rtol", "atol", "progress_bar", "store_states", "store_final_state")


@dataclass(frozen=True)
class Result:
    """What a solver of QuTiP returns.

    Attributes:
        times: (n,).
        states: density matrices, Qobj where H or rho0 was one; [] if not stored.
        expect: one array (n,) for each of e_ops, in their order.
        e_data: the same by name (or position).
        final_state: the last state, or None.
        stats: counts of the integration.
        trajectory: the `Trajectory` behind it.
    """

    times: Array
    states: list[Any]
    expect: list[Array]
    e_data: dict[Any, Array]
    final_state: Any
    stats: dict[str, Any]
    trajectory: Trajectory = field(repr=False)


def qllgsolve(H: Any, rho0: Any, tlist: Any, *, kappa: Any, e_ops: Any = None, args: Mapping[Any, Any] | None = None,
              options: Mapping[str, Any] | None = None) -> Result:
    r"""Integrate $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$ (PRL 133, 266704 (2024), eq. 3).

    Args:
        H: Qobj, (d, d) array, or a Model with parameters.
        rho0: Qobj, ket or density matrix, or one of `qllg_sym.states`.
        tlist: strictly increasing times.
        kappa: dimensionless damping, a number or a Symbol bound in `args`.
        e_ops: operators or functions (t, state) -> number: a list, a dict, or one.
        args: numbers for parameters, keyed by name or Symbol.
        options: method, rtol, atol, progress_bar, store_states, store_final_state.

    Raises:
        QllgError: bad input, one sentence.

    >>> result = qllgsolve(np.diag([-0.5, 0.5]), np.array([1, 1]) / np.sqrt(2), [0, 100], kappa=0.5,
    ...                    e_ops=[np.diag([1, -1])])
    >>> (result.expect[0].round(6) + 0.0).tolist()
    [0.0, 1.0]
    """
    for name, mapping in (("args", args), ("options", options)):
        if not isinstance(mapping, Mapping | None):
            raise InputTypeError(f"`{name}` must be a mapping, but is {mapping!r}; write {name}={{…}}.")
    chosen = dict(options or {})
    if unknown := [name for name in chosen if name not in OPTIONS]:
        raise InputError(f"`options` must be of {', '.join(OPTIONS)}, but has {unknown[0]!r}; drop it.")
    model = H if isinstance(H, Model) else Model(_space(H), [Operator(H)])
    wrap, named = _wrapper(H, rho0), _named(e_ops, model.space.dimension)
    trajectory = solve(model, QuantumLLG(kappa), rho0, tlist, args, chosen.get("method", "auto"),
                       chosen.get("rtol", 1e-10), chosen.get("atol", 1e-12), bool(chosen.get("progress_bar")))
    e_data = {name: _expectation(what, trajectory, wrap) for name, what in named.items()}
    stored = chosen.get("store_states")
    states = [wrap(rho) for rho in trajectory.states] if (stored is None and not named) or stored else []
    final = wrap(trajectory.final_state)
    return Result(trajectory.times, states, list(e_data.values()), e_data, final, trajectory.stats, trajectory)


def _space(H: Any) -> Space:
    """Sites from a Qobj's dims; an array of size 2^N is N spins ½, any other one spin."""
    if hasattr(H, "dims") and hasattr(H, "full"):
        dims = list(H.dims[0])
    else:
        try:
            shape = np.shape(H)
        except ValueError:              # a list of unlike entries, as QuTiP's time-dependent Hamiltonians are
            shape = ()
        if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
            what = f"has shape {shape}" if shape else f"is of type {type(H).__name__}"
            raise InputTypeError(f"`H` must be a Qobj, a square matrix or a Model, but {what}; "
                                 "for time dependence give a Model.")
        d = shape[0]
        dims = [2] * (d.bit_length() - 1) if d & (d - 1) == 0 else [d]
    return Space(*(f"{n - 1}/2" for n in dims))


def _wrapper(H: Any, rho0: Any) -> Callable[[Array], Any]:
    """Density matrices back in the type that came in."""
    for given in (H, rho0):
        if hasattr(given, "dims") and hasattr(given, "full"):
            kind, dims = type(given), [given.dims[0], given.dims[0]]
            return lambda rho: kind(rho, dims=dims)
    return lambda rho: rho


def _named(e_ops: Any, d: int) -> dict[Any, Any]:
    """e_ops by name or position, each a function or an operator on the space."""
    listed = [] if e_ops is None else e_ops if isinstance(e_ops, Mapping | list | tuple) else [e_ops]
    named = dict(listed) if isinstance(listed, Mapping) else dict(enumerate(listed))
    for name, what in named.items():
        if is_function(what):
            continue
        try:
            check_operator(what, d)
        except QllgError:
            raise InputTypeError(f"`e_ops[{name!r}]` must be an operator of shape ({d}, {d}) or a function of (t, "
                                 f"state), but is of type {type(what).__name__} and shape "
                                 f"{getattr(what, 'shape', 'none')}; act on the whole space.") from None
    return named


def _expectation(what: Any, trajectory: Trajectory, wrap: Callable[[Array], Any]) -> Array:
    """Tr ρ(t) op, real where op is Hermitian; or a function of (t, state)."""
    if is_function(what):
        return np.array([what(t, wrap(rho)) for t, rho in zip(trajectory.times, trajectory.states, strict=True)])
    return np.asarray(trajectory.expectation(what))
