"""Which method solves a problem: the one asked for, or the cheapest that applies."""

from collections.abc import Callable
from typing import Any

import numpy as np

from qllg_sym.errors import InputError
from qllg_sym.flow import methods
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial import LARGEST_DENSE

EASY = 64               # dimension up to which the dense frame form costs least
QUICK = 512             # dimension up to which one diagonalisation of H costs least


def choose(problem: Problem, method: str) -> Any:
    """Return the method asked for, or the first in order of cost that does not refuse.

    Raises:
        InputError: an unknown name, a method that refuses, or none that fits.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.solve import pose
    >>> choose(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0], None, 1e-10, 1e-12), "auto").NAME
    'exact'
    """
    names = methods.names()
    if method == "auto":
        reasons = {}
        for name in sorted(names, key=_costs(problem)):
            if (reason := methods.find(name).refuses(problem)) is None:
                return methods.find(name)
            reasons[name] = reason
        why = ", ".join(f"{name} ({reason})" for name, reason in reasons.items())
        raise InputError(f"`method` must fit the problem, but none does: {why}; take a smaller space or another law.")
    if method not in names:
        raise InputError(f"`method` must be one of auto, {', '.join(names)}, but is {method!r}; choose one of them.")
    chosen = methods.find(method)
    if reason := chosen.refuses(problem):
        raise InputError(f"`method` must fit the problem, but {method!r} does not: {reason}; use method=\"auto\".")
    return chosen


def _costs(problem: Problem) -> Callable[[str], tuple[int, str]]:
    """Return the order in which methods are tried, cheapest first; names that are not known here come last."""
    order = ["exact", "krylov", "frame", "low-rank", "pauli", "moments"]
    if problem.initial is not None:
        d, r = problem.initial.kets.shape
        if d > QUICK or (d > EASY and problem.unsolved is None and _series_seconds(problem) < _levels_seconds(problem)):
            order[:2] = ["krylov", "exact"]
        if d > LARGEST_DENSE or (d > EASY and 4 * min(r, len(problem.initial.thin().weights)) <= d):
            order[2:4] = ["low-rank", "frame"]
    return lambda name: (order.index(name) if name in order else len(order), name)


def _levels_seconds(problem: Problem) -> float:
    """Return about how long "exact" takes: a diagonalisation, and a product of matrices for all times."""
    assert problem.initial is not None
    d, r = problem.initial.kets.shape[0], len(problem.initial.thin().weights)
    return 1.2e-8 * d**2.5 + 1e-9 * len(problem.times) * d**2 * r


def _series_seconds(problem: Problem) -> float:
    """Return about how long "krylov" takes: what is begun, a few series of kets for each time, and their length."""
    found = problem.initial.two_valued() if problem.initial is not None else None
    assert found is not None
    r, b = found[2].shape[1], found[1]
    rate = abs(problem.weight(np.array([b]))(0.0)[0]) * 4 * problem.action.spread()     # 4: levels lie within it
    return float(2e-3 + r * (2e-4 * len(problem.times) + 1.5e-5 * rate * (problem.times[-1] - problem.times[0])))
