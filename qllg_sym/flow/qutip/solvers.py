"""`qllgsolve`, `qllsolve` and `llgsolve`: laws of motion in the shape of QuTiP's solvers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.equations.laws.quantum_ll import QuantumLL
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import QllgError
from qllg_sym.flow.qutip.expectations import expectations_of
from qllg_sym.flow.qutip.hamiltonian import QutipSystem, system_of
from qllg_sym.flow.qutip.jumps import with_jumps
from qllg_sym.flow.qutip.options import options_of
from qllg_sym.flow.qutip.result import Result, as_they_are
from qllg_sym.flow.solve import solve_with
from qllg_sym.interop.qutip import is_qobj, qobj_or_array
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory

# What an argument of `solve` is called here, for messages.
WORDS = {"model": "H", "terms": "H", "matrix": "H", "times": "tlist", "values": "args", "dissipators": "c_ops",
         "method": "options['method']", "rtol": "options['rtol']", "atol": "options['atol']", "observe": "e_ops",
         "max_step": "options['max_step']", "breakpoints": "options['breakpoints']"}


def qllgsolve(H: Any, rho0: Any, tlist: Any, *, kappa: Any, c_ops: Any = None, e_ops: Any = None,
              args: Mapping[Any, Any] | None = None, options: Mapping[str, Any] | None = None) -> Result:
    r"""Integrate $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$ (PRL 133, 266704 (2024), eq. 3).

    Args:
        H: Qobj, (d, d) array, or a Model with parameters, in energies with ħ = 1. Where H depends on time, a Model with
            `qllg_sym.t`, a QobjEvo, or [H0, [H1, f], …] as in `sesolve`: f a function of t, of (t, args) or of t and
            names in `args`; a text such as "cos(w*t)", of names in `args`; samples at `tlist` (cubic spline).
        rho0: Qobj, ket or density matrix, or one of `qllg_sym.states`.
        tlist: strictly increasing times.
        kappa: dimensionless damping, a number or a Symbol bound in `args`.
        c_ops: collapse operators with √rate in each, as in `mesolve`: their Lindblad dissipators are added to the
            right side, so that the damping acts on the whole ρ̇.
        e_ops: operators (also Qobj, QobjEvo, terms, spins) or functions (t, state) -> number: a list, a dict, or
            one. A function is given a density matrix in the type that came in, or a LowRank where d > 1024.
        args: numbers for parameters, keyed by name or Symbol.
        options: method, rtol, atol, max_step (0: no limit), breakpoints, and what the method alone has; progress_bar
            (True, "tqdm", "text", "enhanced", "html", or a function of the fraction done) and progress_kwargs;
            store_states (default: only without e_ops); store_final_state (False: `final_state` is None; else it is made
            when it is asked for).

    Returns:
        Result: times, expect, e_data, e_ops, states, final_state, stats, options and solver as in QuTiP; `trajectory`
            has every other observable.

    Raises:
        QllgError: bad input, one sentence, before any work; `dims` of H, rho0, c_ops and e_ops must be the same.
        IntegrationError: with the time reached and the partial trajectory.

    >>> result = qllgsolve(np.diag([-0.5, 0.5]), np.array([1, 1]) / np.sqrt(2), [0, 100], kappa=0.5,
    ...                    e_ops=[np.diag([1, -1])])
    >>> (result.expect[0].round(6) + 0.0).tolist()
    [0.0, 1.0]
    """
    return _quantum("qllgsolve", QuantumLLG, kappa, c_ops, H, rho0, tlist, e_ops, args, options)


def qllsolve(H: Any, rho0: Any, tlist: Any, *, kappa: Any, c_ops: Any = None, e_ops: Any = None,
             args: Mapping[Any, Any] | None = None, options: Mapping[str, Any] | None = None) -> Result:
    r"""Integrate $\dot\rho = \frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]]$.

    Args:
        H: as of `qllgsolve`.
        rho0: as of `qllgsolve`.
        tlist: as of `qllgsolve`.
        kappa: as of `qllgsolve`.
        c_ops: as of `qllgsolve`.
        e_ops: as of `qllgsolve`.
        args: as of `qllgsolve`.
        options: as of `qllgsolve`.

    Returns:
        Result.

    Raises:
        QllgError: as `qllgsolve`.

    Source: R. Wieser, Phys. Rev. Lett. 110, 147201 (2013), as written in PRL 133, 266704 (2024) below eq. 8.

    >>> result = qllsolve(np.diag([-0.5, 0.5]), np.array([1, 1]) / np.sqrt(2), [0, 1], kappa=0.5,
    ...                   e_ops={"z": np.diag([1, -1])})
    >>> float(abs(result.e_data["z"][-1] - np.tanh(0.5)).round(9))
    0.0
    """
    return _quantum("qllsolve", QuantumLL, kappa, c_ops, H, rho0, tlist, e_ops, args, options)


def llgsolve(H: Any, m0: Any, tlist: Any, *, alpha: Any, field: str | None = None, e_ops: Any = None,
             args: Mapping[Any, Any] | None = None, options: Mapping[str, Any] | None = None) -> Result:
    r"""Integrate $\dot{\mathbf m} = \gamma_g \mathbf m\times\mathbf B - \alpha\,\mathbf m\times\dot{\mathbf m}$ a site.

    Args:
        H: a Model; or, as of `qllgsolve`, the Hamiltonian of spins whose means are the moments.
        m0: unit moments, (N, 3).
        tlist: strictly increasing times.
        alpha: dimensionless damping, a number or a Symbol bound in `args`.
        field: "paper" or "mean", as of `ClassicalLLG`; if None, "paper" for a Model and "mean" for everything else.
        e_ops: functions (t, moments) -> number: a list, a dict, or one.
        args: as of `qllgsolve`.
        options: as of `qllgsolve`.

    Returns:
        Result: its states are moments (N, 3), and `moments` is all of them, (n, N, 3).

    Raises:
        QllgError: as `qllgsolve`.

    Source: PRL 133, 266704 (2024), eq. 1.

    >>> result = llgsolve(np.diag([-0.5, 0.5]), [[1, 0, 0]], [0, 100], alpha=0.5, e_ops=lambda t, m: m[0, 2])
    >>> float(result.expect[0][-1].round(6))
    1.0
    """
    def law(system: QutipSystem) -> Law:
        return ClassicalLLG(alpha, "paper" if field is None and isinstance(H, Model) else field or "mean")
    return _solved("llgsolve", law, H, m0, tlist, e_ops, args, options, classical=True)


def _quantum(solver: str, law: Callable[[Any], Law], kappa: Any, c_ops: Any, *given: Any) -> Result:
    """Solve a law of density matrices, with collapse operators beside it."""
    return _solved(solver, lambda system: with_jumps(law(kappa), c_ops, system.dims), *given)


def _solved(solver: str, law: Callable[[QutipSystem], Law], H: Any, state: Any, tlist: Any, e_ops: Any, args: Any,
            options: Any, classical: bool = False) -> Result:
    """Read everything, solve, and return the result; messages name the arguments of these functions."""
    started = perf_counter()
    try:
        chosen = options_of(options)
        system = system_of(H, None if classical else state, args, tlist)
        wrap = as_they_are if classical else _wrap(system.dims, H, state)
        asked_for = expectations_of(e_ops, system, None if classical else wrap)
        stored = bool(chosen.store_states or (chosen.store_states is None and not asked_for))
        if not classical:
            _require_room(chosen.store_final_state, stored, np.size(tlist), prod(system.dims))
        observe = None if stored or classical else {str(name): op.observable() for name, op in asked_for.items()}
        asked = replace(chosen.asked, keep="final" if observe is not None else "all", observe=observe)
        equation, begun = law(system), perf_counter()
        trajectory = solve_with(system.model, equation, state, tlist, system.values, asked)
    except QllgError as error:
        words = {**WORDS, "solve": solver, "state": "m0" if classical else "rho0"}
        said = str(error).replace('use method="auto"', "drop it")
        error.args = (re.sub(r"`(\w+)(?=[`\[(])", lambda found: "`" + words.get(found[1], found[1]), said),
                      *error.args[1:])
        raise
    run_time = float(trajectory.stats.get("seconds", 0.0))
    stats = {"solver": equation.kind, "method": trajectory.method, "init time": begun - started,
             "preparation time": perf_counter() - begun - run_time, "run time": run_time, **trajectory.stats}
    values = {name: op.read(name, trajectory) if observe is None else trajectory.observed[str(name)]
              for name, op in asked_for.items()}
    states = [] if not stored else [*trajectory.moments] if classical else list(map(wrap, trajectory.states))
    return Result(trajectory.times, states, values, asked_for, stats, chosen.shown, solver, trajectory,
                  None if chosen.store_final_state is False else wrap)


def _wrap(dims: Sequence[int], *given: Any) -> Callable[[Any], Any]:
    """Return what makes a density matrix a Qobj where H or rho0 was one."""
    return partial(qobj_or_array, next((type(one) for one in given if is_qobj(one)), None), dims)


def _require_room(final: Any, stored: bool, count: int, d: int) -> None:
    """Refuse dense states that the memory cannot hold, before the work that leads to them."""
    if stored:
        require_memory("states", (count, d, d), "give e_ops, and leave store_states out")
    elif final:
        require_memory("final_state", (d, d), "set options={'store_final_state': False}")
