"""Many states, many numbers, or both side by side, with a method that has no kets: one trajectory after another."""

from dataclasses import replace
from typing import Any

import numpy as np

from qllg_sym.equations.law import Law
from qllg_sym.flow.compact import forms
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.one_by_one import pose_all, report, run_all
from qllg_sym.flow.options import Options
from qllg_sym.flow.results.chains import ChainTrajectories
from qllg_sym.model.model import Model


def solve_compact_many(model: Model, law: Law, states: Any, times: Any, values: Any,
                       options: Options) -> ChainTrajectories:
    """Integrate rows as `solve_many` does, with one of the methods that have no kets; all are checked before the first.

    Raises:
        QllgError: bad input, with the row.
        IntegrationError: rows failed; all others are done, and `.partial` holds the ChainTrajectories.
        SolveInterrupted: on Ctrl-C; `.partial` holds what is done.

    >>> from qllg_sym import Exchange, QuantumLLG, Space, states
    >>> starts = [states.product("up", "down"), states.product("up", "up")]
    >>> model = Model(Space.half(2), [Exchange(1, 0, 1)])
    >>> solve_compact_many(model, QuantumLLG(0.5), starts, [0, 1], None, Options("mps")).energy[:, 0].tolist()
    [-1.0, 1.0]
    """
    form, layout = forms()[options.method], Layout.many(states, values)
    pose_all(layout, lambda state, numbers: form.check(model, law, state, times, numbers, options))
    ended = run_all(layout.size, lambda row, watch: form.run(
        model, law, layout.state(row), times, layout.numbers(row), replace(options, progress=watch)), options.progress)
    many = ChainTrajectories(np.asarray(times, float), ended.rows, layout.named, ended.failures, layout.grid)
    report(many, ended)
    return many
