"""Many states, many numbers, or both side by side, under a hybrid law: one trajectory after another."""

from typing import Any

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.flow.hybrid.posed import posed_hybrid
from qllg_sym.flow.hybrid.solve import run_hybrid
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.one_by_one import pose_all, report, run_all
from qllg_sym.flow.options import Options
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
    posed = pose_all(layout, lambda state, numbers: posed_hybrid(model, law, state, times, numbers, options))
    ended = run_all(layout.size, lambda row, watch: run_hybrid(posed[row], law, options, watch), options.progress)
    many = HybridTrajectories(posed[0].problem.times, ended.rows, layout.named, ended.failures, layout.grid)
    report(many, ended)
    return many
