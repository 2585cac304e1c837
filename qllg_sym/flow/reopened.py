"""What was loaded goes on: states between stored times, solved for from what a file holds."""

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.signals import Signal
from qllg_sym.errors import InputError, QllgError
from qllg_sym.flow.between import Solved, start_at
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import bound_to
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.results.trajectory import Trajectory, row_of


@dataclass(frozen=True, repr=False)
class Reopened(ByFields):
    """The record of a file, posed anew where it is asked for a state between stored times; as data that travels.

    Each row begins at its first stored state, with the method and the tolerances that the file tells. Sensitivities
    are none of it: a file does not tell what a state was made from.

    Attributes:
        record: what the file holds, with the model's text and states at all times.
    """

    record: Record

    @cached_property
    def solved(self) -> Solved:
        """All rows as they were solved."""
        record = self.record
        rows = tuple((self._problem(row), record.methods[row]) for row in range(len(record.counts)))
        return Solved(rows, record.values, None, record if len(rows) == 1 else None)

    def again(self, t: float) -> Trajectories:
        """Solve all rows anew up to a time.

        Raises:
            InputError: the file does not hold all that was solved.
        """
        return self._known(t).again(t)

    def between(self, row: int, t: float) -> Any:
        """Return the state of a row at a time.

        Raises:
            InputError: as `again`.
        """
        return self._known(t).more(row)["restart"](t)

    def more(self, row: int) -> dict[str, Any]:
        """Return what the `Trajectory` of a row takes to find states between times."""
        return {"restart": partial(self.between, row)}

    def _known(self, t: float) -> Solved:
        """What was solved, or why it is not known."""
        try:
            return self.solved
        except QllgError as error:
            raise InputError(f"`t` must be a stored time where a file does not hold all that was solved "
                             f"({str(error).rstrip('.')}), but is {t!r}; take one of `times`.") from None

    def _problem(self, row: int) -> Problem:
        """The problem of one row, from its first stored state."""
        record = self.record
        made, held = record.provenance, record.held(row)
        if made is None or held is None or not record.counts[row]:
            raise InputError(f"row {row} has no states")
        told, equation = made.told, made.law.derive(made.model)
        signals = {s.name for s in equation.parameters if isinstance(s, Signal)}
        names = {s.name for s in equation.parameters} - signals
        values = {name: v[row] if np.ndim(v) else v for name, v in record.values.items() if name in names}
        values |= {name: v for name, v in made.samples.items() if name in signals}
        options = Options(rtol=float(told["rtol"]), atol=float(told["atol"]), own=told.get("options", {}),
                          max_step=told.get("max_step", np.inf), breakpoints=told.get("breakpoints", ()))
        found = bound_to(equation, None, record.times, values, options)
        start = replace(start_at(held[:1]), rows=np.array([row]))
        return Problem(equation, found.values, start, found.times, options.rtol, options.atol,
                       max_step=options.max_step, breakpoints=np.array(options.breakpoints, dtype=float),
                       own=options.own)


def reopened(found: Trajectory | Trajectories) -> Trajectory | Trajectories:
    """Return what was loaded with the states between its times, where the file holds the model and all states.

    >>> from qllg_sym.observables.ensemble import Ensemble
    >>> up = Trajectory([0, 1], ("1/2",), Ensemble((2,), kets=[[[1], [0]]] * 2, weights=[1]))
    >>> reopened(up) is up
    True
    """
    record = found.record
    if not record.complete or not record.stacks or record.provenance is None or not record.provenance.has_text:
        return found
    rows = Reopened(record)
    return Trajectories(record, rows.again, rows.more) if isinstance(found, Trajectories) else \
        row_of(record, 0, **rows.more(0))
