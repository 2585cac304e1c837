"""Many trajectories of one model as one batch: posed as arrays, solved in lockstep, read with a leading axis."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from numbers import Integral
from time import perf_counter
from typing import Any

import numpy as np

from qllg_sym.codegen.binding import checked_values
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, IntegrationError, SolveInterrupted, StateError
from qllg_sym.flow import methods, numbers
from qllg_sym.flow.batch.trajectories import Trajectories
from qllg_sym.flow.batch.work import Work
from qllg_sym.flow.choose import choose
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.hamiltonians.team import available_cores
from qllg_sym.flow.layout import first_values, row_count, spread
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.digits import warn_of_lost
from qllg_sym.flow.results.guard import advice
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.solve import check_options, pose
from qllg_sym.flow.states.rows import Given, extra_names, named, starts
from qllg_sym.flow.steps.limits import checked
from qllg_sym.model.model import Model


def solve_many(model: Model, law: Any, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               method: str = "auto", rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = ()) -> Trajectories:
    r"""Solve for many states, many values of parameters, or both side by side, as one batch.

    The numbers are those of `solve` row by row. Dense methods run all rows in lockstep: the exact solution on stacked
    arrays, "frame", "pauli" and "moments" on SIMD lanes and all cores; other methods, `stop`, and a machine without a
    C compiler take the rows one by one.

    Args:
        model: as in `solve`.
        law: as in `solve`.
        states: a list of m states or an array (m, d, d) or (m, N, 3), or one state for all.
        times: as in `solve`.
        values: numbers, or arrays (m,) with one number a row; arrays of more axes are broadcast against each other,
            and `shape` of the result says how the rows are laid out: `many.purity.reshape(*many.shape, -1)`.
        method: as in `solve`; "auto" chooses for each row by its state.
        rtol: as in `solve`.
        atol: as in `solve`.
        progress: as in `solve`; one bar, or one fraction done, for the whole batch.
        keep: as in `solve`.
        observe: as in `solve`.
        stop: as in `solve`; every row ends by itself.
        threads: how many cores to use; all that this process may use when None.
        max_step: as in `solve`.
        breakpoints: as in `solve`.

    Returns:
        Trajectories. Where a row ended early its arrays are NaN from the first time that it did not reach.

    Raises:
        QllgError: bad input, before any work: lists and arrays of different lengths, or as `solve`, with the row.
        IntegrationError: rows failed; all others are done, and `.partial` holds the Trajectories.
        SolveInterrupted: on Ctrl-C; `.partial` holds what is done.

    Warns:
        QllgWarning: a negative damping in some row.

    Source: PRL 133, 266704 (2024), eq. 3; frame form in `flow.methods.frame`.

    >>> from sympy import Symbol
    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, states
    >>> model = Model(Space("1/2", "1/2"), [Exchange(Symbol("J", real=True), 0, 1)])
    >>> many = solve_many(model, QuantumLLG(0.5), states.product("up", "down"), [0, 50], {"J": [-1, 1]})
    >>> (many.concurrence()[:, -1].round(6) + 0).tolist()
    [1.0, 1.0]
    """
    states, values, grid = spread(states, values)
    size, several = row_count(states, values)
    bound, parts = _pose(model, law, states, times, values, (rtol, atol, checked(max_step, breakpoints)), size, several)
    first = parts[0].row(0)
    warn_of_driving(first.equation.law, bound, first.times)
    check_options(keep, observe, stop, first)
    chosen = tuple((part, _method(part, method)) for whole in parts for part in whole.alike())
    work = Work(chosen, size, bound, _threads(threads), keep, observe, stop)
    started = perf_counter()
    with Progress(progress, np.array([0.0, 1.0])) as watch:
        record = work.record(watch)
    record.seconds, record.grid = perf_counter() - started, grid
    found = Trajectories(record, work.again, work.more)
    _report(record, found)
    warn_of_lost(record.stats, first.rtol)
    return found


def _pose(model: Model, law: Any, states: Any, times: Any, values: Any,
          tolerances: tuple[float, float, tuple[float, Any]], size: int,
          several: bool) -> tuple[dict[str, Any], list[Problem]]:
    """Return all numbers, and the rows in parts of equal shape: the first posed as `solve` does, with every check."""
    listed = list(states) if several else [states]
    extra, alone = extra_names(listed), first_values(values)
    others = {*extra} - {*extra_names(listed[:1])}          # names that only other rows need
    if others and isinstance(model, Model) and isinstance(law, Law):
        others -= {symbol.name for symbol in law.derive(model).parameters}
    alone = {key: value for key, value in alone.items() if str(key) not in others}
    try:
        first = pose(model, law, listed[0], times, alone, *tolerances)
    except (StateError, InputTypeError) as error:
        raise (named(error, 0) if several else error) from None
    names = [symbol.name for symbol in first.equation.parameters]
    bound = checked_values([*names, *(name for name in extra if name not in names)], values)
    hbars = numbers.hbars(model.hbar, bound, size)
    if not np.all(hbars > 0):
        row = int(np.argmin(hbars > 0))
        raise InputError(f"`values` must make ħ positive, but it is {hbars[row]:g} in row {row}; give another "
                         f"value of `{model.hbar}`.")
    given = Given(model, float(first.times[0]), size, bound, hbars)
    own = {name: bound[name] for name in names}
    return bound, [replace(first, values=numbers.of_rows(own, start.rows), start=start)
                   for start in starts(given, listed, several, first.start)]


def _method(part: Problem, method: str) -> str:
    """Return the name of the method for rows that are alike."""
    problem = part.row(0)
    if method in methods.names() and (reason := methods.find(method).refuses(problem)):
        raise InputError(f"`method` must fit every trajectory, but {method!r} does not fit number "
                         f"{part.start.rows[0]}: {reason}; use method=\"auto\".")
    return str(choose(problem, method).NAME)


def _threads(threads: int | None) -> int:
    """Return how many cores to use."""
    if threads is None:
        return available_cores()
    if not isinstance(threads, Integral) or isinstance(threads, bool) or threads < 1:
        raise InputError(f"`threads` must be a positive integer or None, but is {threads!r}; write threads=1.")
    return int(threads)


def _report(record: Record, found: Trajectories) -> None:
    """Raise what ended rows early."""
    done = int(np.count_nonzero(record.counts == len(record.times)))
    if record.interrupted:
        raise SolveInterrupted(f"`solve_many` was interrupted after {done} of {len(found)} trajectories; the error's "
                               "`.partial` holds them, and NaN for the rest.", found)
    if record.failures:
        row, (why, reached) = min(record.failures.items())
        raise IntegrationError(f"The integration must reach the last of `times`, but {len(record.failures)} of "
                               f"{len(found)} trajectories stopped early, the first of them number {row} after "
                               f"t = {reached:g}: {why}; {advice(why)}, or look at `.partial`.", found, reached)
