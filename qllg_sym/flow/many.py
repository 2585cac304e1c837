"""Many trajectories of one model as one batch: posed as arrays, solved in lockstep, read with a leading axis."""

from collections.abc import Callable, Mapping
from math import inf
from time import perf_counter
from typing import Any

import numpy as np

from qllg_sym.errors import IntegrationError, SolveInterrupted
from qllg_sym.flow.batch.trajectories import Trajectories
from qllg_sym.flow.batch.work import Work
from qllg_sym.flow.choose import choose
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.layout import laid_out
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose_rows
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.digits import warn_of_lost
from qllg_sym.flow.results.guard import advice
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import check_observed
from qllg_sym.model.model import Model


def solve_many(model: Model, law: Any, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               method: str = "auto", rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> Trajectories:
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
        options: as in `solve`.

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
    return solve_many_with(model, law, states, times, values, Options(
        method, rtol, atol, keep, observe, stop, progress, threads, max_step, breakpoints,
        {} if options is None else options))


def solve_many_with(model: Model, law: Any, states: Any, times: Any, values: Mapping[Any, Any] | None,
                    options: Options) -> Trajectories:
    """Solve many rows as `solve_many` does, its options in one record.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> solve_many_with(Model(Space("1/2")), QuantumLLG(0.5), [states.product("up")], [0, 1], None, Options()).method
    array(['exact'], dtype='<U5')
    """
    rows = laid_out(states, values)
    bound, parts = pose_rows(model, law, rows, times, options)
    first = parts[0].row(0)
    warn_of_driving(first.equation.law, bound, first.times)
    check_observed(options.observe, first)
    chosen = tuple((part, str(choose(part.row(0), options, int(part.start.rows[0])).NAME))
                   for whole in parts for part in whole.alike())
    work = Work(chosen, rows.size, bound, options)
    started = perf_counter()
    with Progress(options.progress, np.array([0.0, 1.0])) as watch:
        record = work.record(watch)
    record.seconds, record.grid = perf_counter() - started, rows.shape
    found = Trajectories(record, work.again, work.more)
    _report(record, found)
    warn_of_lost(record.stats, first.rtol)
    return found


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
