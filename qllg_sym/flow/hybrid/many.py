"""Many states, many numbers, or both side by side, under a hybrid law: one trajectory after another."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError, InputTypeError, IntegrationError, SolveInterrupted, StateError
from qllg_sym.flow.hybrid.posed import HybridProblem, posed_hybrid
from qllg_sym.flow.hybrid.solve import run_hybrid
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.guard import advice
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.model.model import Model


def solve_hybrid_many(model: Model, law: Hybrid, states: Any, times: Any, values: Any,
                      options: Options) -> HybridTrajectories:
    """Integrate a hybrid law for many rows as `solve_many` does; every row is posed before the first runs.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: rows failed; all others are done, and `.partial` holds the HybridTrajectories.
        SolveInterrupted: on Ctrl-C; `.partial` holds what is done.

    >>> from qllg_sym import HybridState, Space, Zeeman
    >>> many = solve_hybrid_many(Model(Space("1"), [Zeeman((0, 0, 1))]), Hybrid(0, 0, classical=[0]),
    ...                          [HybridState([], [[1, 0, 0]]), HybridState([], [[0, 0, 1]])], [0, 1], None, Options())
    >>> len(many), many.moments.shape
    (2, (2, 2, 1, 3))
    """
    layout = Layout.many(states, values)
    posed = _posed(model, law, layout, times, options)
    rows, failures, interrupted = list[HybridTrajectory | None](), dict[int, tuple[str, float]](), False
    with Progress(options.progress) as show:
        for row, problem in enumerate(posed):
            try:
                found, why, reached = run_hybrid(problem, law, options, partial(_among, show, row, layout.size))
            except KeyboardInterrupt:       # before the row had a state
                interrupted = True
                break
            rows.append(found)
            if why == INTERRUPTED:
                interrupted = True
                break
            if why is not None:
                failures[row] = why, reached
    if not rows:
        raise KeyboardInterrupt
    names = {name.name if isinstance(name, Signal) else str(name): value for name, value in layout.values.items()}
    many = HybridTrajectories(
        posed[0].problem.times, (*rows, *[None] * (layout.size - len(rows))), names,
        {row: f"{why}, after t = {reached:g}" for row, (why, reached) in failures.items()},
        layout.shape or (layout.size,))
    _report(many, failures, interrupted)
    return many


def _posed(model: Model, law: Hybrid, layout: Layout, times: Any, options: Options) -> list[HybridProblem]:
    """Return the problems of all rows, every input checked."""
    found = list[HybridProblem]()
    for row in range(layout.size):
        state = layout.states[row if layout.several else 0]
        try:
            found.append(posed_hybrid(model, law, state, times, layout.numbers(row), options))
        except (StateError, InputTypeError) as error:
            raise (_named(error, row) if layout.several else error) from None
    return found


def _report(many: HybridTrajectories, failures: Mapping[int, tuple[str, float]], interrupted: bool) -> None:
    """Raise what ended rows early."""
    m = len(many)
    if interrupted:
        done = int(np.count_nonzero(many.counts == len(many.times)))
        raise SolveInterrupted(f"`solve_many` was interrupted after {done} of {m} trajectories; the error's "
                               "`.partial` holds them, and NaN for the rest.", many)
    if failures:
        row, (why, reached) = min(failures.items())
        raise IntegrationError(f"The integration must reach the last of `times`, but {len(failures)} of {m} "
                               f"trajectories stopped early, the first of them number {row} after t = {reached:g}: "
                               f"{why}; {advice(why)}, or look at `.partial`.", many, reached)


def _among(show: Callable[[float], None], row: int, m: int, done: float) -> None:
    """Tell the part done of m rows, of which some are done before."""
    show((row + done) / m)


def _named(error: InputError | InputTypeError, row: int) -> InputError | InputTypeError:
    """Return an error about `state`, its `clusters` or its `moments` as one about a place in `states`.

    >>> str(_named(StateError("`clusters[0]` must be finite."), 3))
    '`states[3].clusters[0]` must be finite.'
    """
    text = re.sub(r"^`(clusters\[|moments`)", rf"`states[{row}].\1", str(error))
    return type(error)(text.replace("`state`", f"`states[{row}]`", 1))
