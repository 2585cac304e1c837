"""Model, law and bath with their numbers → one problem, and the temperature as a function of time."""

from collections.abc import Callable, Mapping
from typing import Any

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import checked_values
from qllg_sym.ensemble.bath import Bath
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.waveforms import waveform, wrapped
from qllg_sym.model.model import Model


def posed(model: Model, law: Law, state: Any, times: Any, bath: Bath,
          values: Mapping[Any, Any] | None) -> tuple[Problem, Callable[[float], float]]:
    """Return the problem of one row, and t ↦ k_BT.

    Raises:
        QllgError: bad input, as of `solve`; a parameter or signal of kT without values.
    """
    values = wrapped(values)
    own = {_name(symbol): symbol for symbol in bath.parameters}
    shared = _shared(model, law, own)
    given = {_name(key): value for key, value in values.items()} if own and isinstance(values, Mapping) else {}
    problem = pose(model, law, state, times, values if not own else
                   {name: value for name, value in given.items() if name not in own or name in shared})
    warn_of_driving(problem.equation.law, problem.values, problem.times)
    begin, end = float(problem.times[0]), float(problem.times[-1])
    found: dict[str, Any] = {name: problem.values[name] for name in shared}
    for name, symbol in own.items():
        if name in found:
            continue
        if name not in given:
            raise InputError(f"`values` must give {name!r} of kT, but does not; add values={{{name!r}: …}}.")
        found[name] = waveform(symbol, given[name], begin, end) if isinstance(symbol, Signal) else \
            checked_values([name], {name: given[name]})[name]
    return problem, bath.temperature(found)


def _shared(model: Model, law: Law, own: Mapping[str, Any]) -> set[str]:
    """Return which names of kT are parameters of model and law, too."""
    if not own or not isinstance(model, Model) or not isinstance(law, Law):
        return set()
    return {_name(symbol) for symbol in law.derive(model).parameters} & {*own}


def _name(key: Any) -> str:
    """Return the name that a key of `values` stands for."""
    return key.name if isinstance(key, Signal) else str(key)
