"""Which method solves a problem: the one asked for, or the cheapest that applies."""

from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.flow import methods
from qllg_sym.flow.problem import Problem


def choose(problem: Problem, method: str) -> Any:
    """Return the method asked for, or the one of least cost that does not refuse.

    Raises:
        InputError: an unknown name, a method that refuses, or none that fits.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.solve import pose
    >>> choose(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0], None, 1e-10, 1e-12), "auto").NAME
    'exact'
    """
    names = methods.names()
    if method == "auto":
        reasons = {name: methods.find(name).refuses(problem) for name in names}
        fitting = [methods.find(name) for name, reason in reasons.items() if reason is None]
        if fitting:
            return min(fitting, key=lambda one: (one.cost(problem), one.NAME)) if len(fitting) > 1 else fitting[0]
        why = ", ".join(f"{name} ({reason})" for name, reason in reasons.items())
        raise InputError(f"`method` must fit the problem, but none does: {why}; take a smaller space or another law.")
    if method not in names:
        raise InputError(f"`method` must be one of auto, {', '.join(names)}, but is {method!r}; choose one of them.")
    chosen = methods.find(method)
    if reason := chosen.refuses(problem):
        raise InputError(f"`method` must fit the problem, but {method!r} does not: {reason}; use method=\"auto\".")
    return chosen
