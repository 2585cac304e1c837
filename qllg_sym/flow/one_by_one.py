"""Many states, many numbers, or both side by side, whose method has no kets: one trajectory after another."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputTypeError, IntegrationError, SolveInterrupted, StateError
from qllg_sym.flow.compact import forms
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.chain import ChainTrajectory
from qllg_sym.flow.results.chains import ChainTrajectories
from qllg_sym.model.model import Model


def solve_one_by_one(model: Model, law: Law, states: Any, times: Any, values: Any,
                     options: Options) -> ChainTrajectories:
    """Integrate rows as `solve_many` does, with one of the methods that have no kets; all are checked before the first.

    Raises:
        QllgError: bad input, with the row.
        IntegrationError: rows failed; all others are done, and `.partial` holds the ChainTrajectories.
        SolveInterrupted: on Ctrl-C; `.partial` holds what is done.

    >>> from qllg_sym import Exchange, QuantumLLG, Space, states
    >>> starts = [states.product("up", "down"), states.product("up", "up")]
    >>> model = Model(Space.half(2), [Exchange(1, 0, 1)])
    >>> solve_one_by_one(model, QuantumLLG(0.5), starts, [0, 1], None, Options("mps")).energy[:, 0].tolist()
    [-1.0, 1.0]
    """
    layout = Layout.many(states, values)
    for row in range(layout.size):
        _check(model, law, layout, row, times, options)
    rows, failures, interrupted = list[ChainTrajectory | None](), dict[int, str](), False
    with Progress(options.progress) as show:
        for row in range(layout.size):
            try:
                state, told = layout.states[row if layout.several else 0], partial(_among, show, row, layout.size)
                rows.append(forms()[options.method].run(model, law, state, times, layout.numbers(row),
                                                        replace(options, progress=told)))
            except IntegrationError as error:
                failures[row] = str(error)
                rows.append(error.partial if isinstance(error.partial, ChainTrajectory) else None)
            except SolveInterrupted as error:
                interrupted = True
                rows.append(error.partial if isinstance(error.partial, ChainTrajectory) else None)
                break
    rows += [None] * (layout.size - len(rows))
    if all(row is None for row in rows):
        raise IntegrationError(f"The integration must reach the last of `times`, but none of {layout.size} "
                               f"trajectories began: {failures[0]}") if failures else KeyboardInterrupt
    names = {name.name if isinstance(name, Signal) else str(name): value for name, value in layout.values.items()}
    many = ChainTrajectories(np.asarray(times, float), tuple(rows), names, failures, layout.shape or (layout.size,))
    _report(many, interrupted)
    return many


def _check(model: Model, law: Law, layout: Layout, row: int, times: Any, options: Options) -> None:
    """Refuse a bad row; what is wrong with its state is said of its place in `states`."""
    state = layout.states[row if layout.several else 0]
    try:
        forms()[options.method].check(model, law, state, times, layout.numbers(row), options)
    except (StateError, InputTypeError) as error:
        if not layout.several:
            raise
        raise type(error)(str(error).replace("`state`", f"`states[{row}]`", 1)) from None


def _report(many: ChainTrajectories, interrupted: bool) -> None:
    """Raise what ended rows early."""
    m = len(many)
    if interrupted:
        done = sum(row is not None and len(row) == len(many.times) for row in many.rows)
        raise SolveInterrupted(f"`solve_many` was interrupted after {done} of {m} trajectories; the error's "
                               "`.partial` holds them, and NaN for the rest.", many)
    if many.failures:
        row, why = min(many.failures.items())
        raise IntegrationError(f"The integration must reach the last of `times`, but {len(many.failures)} of {m} "
                               f"trajectories stopped early, the first of them number {row}: {why}", many)


def _among(show: Callable[[float], None], row: int, m: int, done: float) -> None:
    """Tell the part done of m rows, of which some are done before."""
    show((row + done) / m)
