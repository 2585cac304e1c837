"""`qllgsolve`: the q-LLG equation in the shape of QuTiP's solvers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import InputError, InputTypeError, QllgError
from qllg_sym.flow.choose import own_options
from qllg_sym.flow.options import Options
from qllg_sym.flow.qutip.hamiltonian import same_dims, system_of
from qllg_sym.flow.results.operators import is_physical
from qllg_sym.flow.results.recorder import Timed, is_function, observed
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.solve import solve_with
from qllg_sym.interop.qutip import Evolving, is_evolving, is_qobj, kind_of, qobj_matrix, qobj_or_array
from qllg_sym.model.jump_operator import hermitian_parts, parameter_names
from qllg_sym.model.model import Model
from qllg_sym.observables.operators import check_operator
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
SHARED = ("method", "rtol", "atol", "max_step", "breakpoints")      # with `solve`
OWN = ("progress_bar", "store_states", "store_final_state")
# What an argument of `solve` is called here, for messages.
WORDS = {"model": "H", "matrix": "H", "state": "rho0", "times": "tlist", "values": "args", "solve": "qllgsolve",
         "method": "options['method']", "rtol": "options['rtol']", "atol": "options['atol']", "observe": "e_ops",
         "max_step": "options['max_step']", "breakpoints": "options['breakpoints']"}


@dataclass(frozen=True, repr=False)
class Result(ByFields):
    """What a solver of QuTiP returns.

    Attributes:
        times: (n,).
        states: density matrices, Qobj where H or rho0 was one; [] if not stored.
        expect: one array (n,) for each of e_ops, in their order.
        e_data: the same by name (or position).
        stats: counts of the integration.
        trajectory: the `Trajectory` behind it; with `e_ops` it holds the last state alone.
    """

    times: Array
    states: list[Any]
    expect: list[Array]
    e_data: dict[Any, Array]
    stats: dict[str, Any]
    trajectory: Trajectory = field(repr=False)
    _wrap: Callable[[Array], Any] | None = field(repr=False)

    @property
    def final_state(self) -> Any:
        """The last state as a density matrix, made when it is asked for; None with store_final_state=False."""
        return None if self._wrap is None else self._wrap(self.trajectory.final_state)


def qllgsolve(H: Any, rho0: Any, tlist: Any, *, kappa: Any, e_ops: Any = None, args: Mapping[Any, Any] | None = None,
              options: Mapping[str, Any] | None = None) -> Result:
    r"""Integrate $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$ (PRL 133, 266704 (2024), eq. 3).

    Args:
        H: Qobj, (d, d) array, or a Model with parameters, in energies with ħ = 1. Where H depends on time, a Model:
            `Model(Space("1/2"), [Operator(H0), Pauli(A*cos(t), "X")])` with `qllg_sym.t`.
        rho0: Qobj, ket or density matrix, or one of `qllg_sym.states`.
        tlist: strictly increasing times.
        kappa: dimensionless damping, a number or a Symbol bound in `args`.
        e_ops: operators (also Qobj, QobjEvo, terms, spins) or functions (t, state) -> number: a list, a dict, or
            one. A function is given a density matrix in the type that came in, or a LowRank where d > 1024.
        args: numbers for parameters, keyed by name or Symbol.
        options: method, rtol, atol, max_step, breakpoints, and what the method alone has; progress_bar (True, a name as
            in QuTiP, or a function of the fraction done); store_states (default: only without e_ops);
            store_final_state (False: `final_state` is None; else it is made when it is asked for).

    Returns:
        Result: times, expect, e_data, states, final_state and stats as in QuTiP; `trajectory` has every other
            observable.

    Raises:
        QllgError: bad input, one sentence, before any work; `dims` of H, rho0 and e_ops must be the same.
        IntegrationError: with the time reached and the partial trajectory.

    >>> result = qllgsolve(np.diag([-0.5, 0.5]), np.array([1, 1]) / np.sqrt(2), [0, 100], kappa=0.5,
    ...                    e_ops=[np.diag([1, -1])])
    >>> (result.expect[0].round(6) + 0.0).tolist()
    [0.0, 1.0]
    """
    try:
        asked, chosen = _options(options)
        given = system_of(H, rho0, args)
        model, dims = given.model, given.dims
        wrap = partial(qobj_or_array, next((type(given) for given in (H, rho0) if is_qobj(given)), None), dims)
        observe = _observe(e_ops, dims, wrap)
        stored = chosen["store_states"] or (chosen["store_states"] is None and not observe)
        _require_room(chosen["store_final_state"], stored, np.size(tlist), prod(dims))
        asked = replace(asked, keep="all" if stored else "final", observe=None if stored else observe)
        trajectory = solve_with(model, QuantumLLG(kappa), rho0, tlist, given.values, asked)
    except QllgError as error:
        error.args = (re.sub(r"`(\w+)(?=[`\[(])", _in_our_words, str(error)), *error.args[1:])
        raise
    e_data = {name: _read(name, what, trajectory, model, given.values) if stored else trajectory.observed[str(name)]
              for name, what in observe.items()}
    return Result(trajectory.times, [wrap(rho) for rho in trajectory.states] if stored else [], list(e_data.values()),
                  e_data, trajectory.stats, trajectory, None if chosen["store_final_state"] is False else wrap)


def _options(options: Any) -> tuple[Options, dict[str, Any]]:
    """Return the options that `solve` has, and those of QuTiP alone, None where they were not given."""
    if not isinstance(options, Mapping | None):
        raise InputTypeError(f"`options` must be a mapping, but is {options!r}; write options={{…}}.")
    given = dict(options or {})
    own = own_options(given.get("method", "auto"))
    if unknown := [name for name in given if name not in (*SHARED, *OWN, *own)]:
        raise InputError(f"`options` must be of {', '.join((*SHARED, *OWN, *own))}, but has {unknown[0]!r}; drop it.")
    bar = given.get("progress_bar")
    asked = Options(progress=bar if callable(bar) else bool(bar),       # QuTiP's names of bars, all of them ours
                    own={name: given[name] for name in own if name in given},
                    **{name: given[name] for name in SHARED if name in given})
    return asked, {name: given.get(name) for name in OWN}


def _observe(e_ops: Any, dims: Sequence[int], wrap: Callable[[Array], Any]) -> dict[Any, Any]:
    """Return e_ops by name or position, as `solve` observes them."""
    listed = [] if e_ops is None else e_ops if isinstance(e_ops, Mapping | list | tuple) else [e_ops]
    named = dict(listed) if isinstance(listed, Mapping) else dict(enumerate(listed))
    if len({str(name) for name in named}) < len(named):
        raise InputError(f"`e_ops` must have names that print differently, but are named {list(named)}; rename one.")
    return {name: _observable(f"e_ops[{name!r}]", what, dims, wrap) for name, what in named.items()}


def _observable(name: str, what: Any, dims: Sequence[int], wrap: Callable[[Array], Any]) -> Any:
    """Return an operator with its dims and size checked, or a function of (t, state)."""
    d = prod(dims)
    if is_physical(what):
        return what
    if (is_qobj(what) or is_evolving(what)) and kind_of(what) == "oper":
        same_dims(name, what, dims)
    if is_evolving(what) and kind_of(what) == "oper":
        return Evolving(what, d)
    if is_function(what) and not is_evolving(what):
        return Timed(lambda t, state: what(t, wrap(state) if isinstance(state, np.ndarray) else state))
    try:
        return check_operator(qobj_matrix(what), d)
    except QllgError:
        raise InputTypeError(f"`{name}` must be an operator of shape ({d}, {d}) or a function of (t, state), but is of "
                             f"type {type(what).__name__} and shape {getattr(what, 'shape', 'none')}; act on the "
                             "whole space.") from None


def _read(name: Any, what: Any, trajectory: Trajectory, model: Model, args: Mapping[Any, Any] | None) -> Array:
    """Return one of e_ops at each time, from stored states."""
    if not is_physical(what):
        assert trajectory.ensemble is not None
        return observed(str(name), what, trajectory.times, trajectory.ensemble)
    needed = parameter_names(hermitian_parts(what, model.space, model.hbar))
    return trajectory.expectation(what, {key: value for key, value in (args or {}).items() if str(key) in needed})


def _require_room(final: Any, stored: bool, count: int, d: int) -> None:
    """Refuse dense states that the memory cannot hold, before the work that leads to them."""
    if stored:
        require_memory("states", (count, d, d), "give e_ops, and leave store_states out")
    elif final:
        require_memory("final_state", (d, d), "set options={'store_final_state': False}")


def _in_our_words(match: re.Match[str]) -> str:
    """Return an argument of `solve` by its name here."""
    return "`" + WORDS.get(match[1], match[1])
