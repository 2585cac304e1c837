"""Which method solves a problem: the one asked for, or the cheapest that applies."""

from collections.abc import Iterable

from qllg_sym.errors import InputError, meant
from qllg_sym.flow import methods
from qllg_sym.flow.compact import forms
from qllg_sym.flow.methods import Method
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem

PLAIN = Options()


def choose(problem: Problem, options: Options = PLAIN, row: int | None = None) -> Method:
    """Return the method asked for, or the one of least cost that does not refuse.

    Args:
        problem: one row.
        options: the method's name, and options of its own.
        row: the number of the row, where there are others.

    Raises:
        InputError: an unknown name, a method that refuses, none that fits, or options that it does not have.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.pose import pose
    >>> choose(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0])).NAME
    'exact'
    """
    problem = problem.smooth
    chosen = _cheapest(problem) if options.method == "auto" else _asked(problem, options.method, row)
    check_own(chosen.NAME, options.own)
    return chosen


def own_options(method: str) -> tuple[str, ...]:
    """Return the names of the options that a method alone has.

    >>> own_options("exact")
    ()
    """
    return tuple(getattr(methods.find(method), "OPTIONS", ())) if method in methods.names() else ()


def check_own(method: str, given: Iterable[str]) -> None:
    """Refuse options that a method does not have.

    Raises:
        InputError: with the names that it has.
    """
    known = own_options(method)
    if unknown := [name for name in given if name not in known]:
        has = f"of {', '.join(known)}" if known else "empty"
        raise InputError(f"`options` must be {has} for the method {method!r}, but has {unknown[0]!r}; drop it.")


def _cheapest(problem: Problem) -> Method:
    """Return the method of least cost among those that do not refuse."""
    reasons = {name: methods.find(name).refuses(problem) for name in methods.names()}
    fitting = [methods.find(name) for name, reason in reasons.items() if reason is None]
    if fitting:
        return min(fitting, key=lambda one: (one.cost(problem), one.NAME)) if len(fitting) > 1 else fitting[0]
    alike = {reason: [name for name in reasons if reasons[name] == reason] for reason in reasons.values()}
    why = ", ".join(f"{', '.join(names)} ({reason})" for reason, names in alike.items())
    raise InputError(f"`method` must fit the problem, but none does: {why}; take a smaller space or another law.")


def _asked(problem: Problem, method: str, row: int | None) -> Method:
    """Return a method by its name."""
    names = methods.names()
    if method in forms():
        raise InputError(f"`method` must be one with kets here, but is {method!r}; give it to `solve`, for one problem "
                         "at a time.")
    if method not in names:
        raise InputError(f"`method` must be one of auto, {', '.join(names)}, but is {method!r}{meant(method, names)}; "
                         "choose one of them.")
    chosen = methods.find(method)
    if (reason := chosen.refuses(problem)) is None:
        return chosen
    whole = f"the problem, but {method!r} does not" if row is None else \
        f"every trajectory, but {method!r} does not fit number {row}"
    raise InputError(f"`method` must fit {whole}: {reason}; use method=\"auto\".")
