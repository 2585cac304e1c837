"""Model, law and bath with their numbers → one problem, and the numbers of the temperature."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import checked_values
from qllg_sym.ensemble.bath import Bath
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.hybrid.posed import HybridStates, posed_hybrid
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.waveforms import waveform, wrapped
from qllg_sym.model.model import Model


def posed(model: Model, law: Law, state: Any, times: Any, bath: Bath,
          values: Mapping[Any, Any] | None) -> tuple[Problem, dict[str, Any]]:
    """Return the problem of one row, and the values of the parameters of kT: numbers, and functions of time.

    Args:
        model: Hamiltonian and space.
        law: the law of motion.
        state: as of `solve`, or `InitialStates`.
        times: as of `solve`.
        bath: the heat bath.
        values: of all parameters and signals.

    Raises:
        QllgError: bad input, as of `solve`; a parameter or signal of kT without values.
    """
    values = wrapped(values)
    own = {_name(symbol): symbol for symbol in bath.parameters}
    shared = _shared(model, law, own)
    given = {_name(key): value for key, value in values.items()} if own and isinstance(values, Mapping) else {}
    plain = values if not own else {name: value for name, value in given.items() if name not in own or name in shared}
    problem = posed_hybrid(model, law, _parts(state), times, plain, Options()).problem if isinstance(law, Hybrid) else \
        pose(model, law, _stand_in(model, law, state), times, plain)
    if isinstance(state, InitialStates):
        problem = replace(problem, start=state)
    warn_of_driving(problem.equation.law, problem.values, problem.times)
    begin, end = float(problem.times[0]), float(problem.times[-1])
    found: dict[str, Any] = {name: problem.values[name] for name in shared}
    for name, symbol in own.items():
        if name in found:
            continue
        if name not in given:
            raise InputError(f"`values` must give {name!r} of kT, but does not; add values={{{name!r}: …}}.")
        found[name] = waveform(symbol, given[name], begin, end) if isinstance(symbol, Signal) else \
            _number(name, given[name])
    return problem, found


def _parts(state: Any) -> Any:
    """Return a state of clusters and moments as it is posed, of one that is resolved already, too."""
    if not isinstance(state, HybridStates):
        return state
    return HybridState([(v * p) @ v.conj().T for p, v in zip(state.spectra, state.frames, strict=True)],
                       state.moments[0])


def _stand_in(model: Model, law: Law, state: Any) -> Any:
    """Return a state that is checked at once, in place of one that is resolved already and is put there later."""
    if not isinstance(state, InitialStates):
        return state
    return np.tile([0.0, 0, 1], (model.space.sites, 1)) if law.classical else np.eye(1, model.space.dimension)[0]


def _shared(model: Model, law: Law, own: Mapping[str, Any]) -> set[str]:
    """Return which names of kT are parameters of model and law, too."""
    if not own or not isinstance(model, Model) or not isinstance(law, Law):
        return set()
    return {_name(symbol) for symbol in law.derive(model).parameters} & {*own}


def _number(name: str, given: Any) -> float:
    """Return the one number of a parameter of kT."""
    if isinstance(found := checked_values([name], {name: given})[name], float):
        return found
    raise InputError(f"`values[{name!r}]` must be one number, but is an array; take an ensemble for each.")


def _name(key: Any) -> str:
    """Return the name that a key of `values` stands for."""
    return key.name if isinstance(key, Signal) else str(key)
