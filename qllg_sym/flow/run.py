"""Posed rows → record: many at once where their method can, else each by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from qllg_sym.flow import methods
from qllg_sym.flow.alone import alone, labels, spins
from qllg_sym.flow.lockstep import check_memory, fits, lockstep
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.results.outcome import clock
from qllg_sym.flow.results.record import Record

Parts = Sequence[tuple[Problem, str]]


def run(parts: Parts, values: Mapping[str, Any], options: Options, watch: Watch) -> Record:
    """Solve all rows; what fails, and Ctrl-C, is told in the record.

    Args:
        parts: rows that are alike, each with the name of their method.
        values: a number, or one a row (m,), for every parameter, also those of thermal states alone, by name.
        options: as of `solve_many`.
        watch: called with the part done, from 0 to 1; may raise KeyboardInterrupt.

    Raises:
        InputError: states would not fit into memory.
    """
    if len(parts) == 1 and len(parts[0][0]) == 1:
        return _one(*parts[0], values, options, watch)
    record = _empty(parts, values, options)
    check_memory(parts, options)
    for part, method in parts:
        try:
            if fits(part, method, options):
                lockstep(part, method, options, record, watch)
            else:
                _one_by_one(part, method, options, record, watch)
        except KeyboardInterrupt:
            record.interrupted = True
        if record.interrupted:
            break
    return record


def _empty(parts: Parts, values: Mapping[str, Any], options: Options) -> Record:
    """Return a record of rows that are not begun."""
    first, m = parts[0][0], sum(len(part) for part, _ in parts)
    n, hbars = len(first.times), np.empty(m)
    for part, _ in parts:
        hbars[part.start.rows] = part.hbars
    return Record(first.times, np.zeros(m, dtype=int), hbars, spins(first), labels(first), values,
                  options.keep == "all" or n == 1, np.full((m, n), np.nan), [""] * m, [{} for _ in range(m)])


def _one(part: Problem, method: str, values: Mapping[str, Any], options: Options, watch: Watch) -> Record:
    """Solve one row that is all there is."""
    look = quiet if watch is quiet else clock(part.times, watch)
    found = alone(part.row(0), methods.find(method), options, look)
    if len(found.times) == len(part.times):
        return replace(found, values=values)            # arrays of one number stay arrays
    record = _empty([(part, method)], values, options)
    record.put(0, found)
    return record


def _one_by_one(part: Problem, method: str, options: Options, record: Record, watch: Watch) -> None:
    """Solve the rows each by itself; one that fails does not spoil the others."""
    m = len(record.counts)
    for i, row in enumerate(part.start.rows.tolist()):
        before = int(np.count_nonzero(record.counts))
        look = clock(part.times, partial(_among, watch, before, m))
        record.put(row, alone(part.row(i), methods.find(method), options, look))
        if record.interrupted:
            break


def _among(watch: Watch, before: int, m: int, done: float) -> None:
    """Tell the part done of m rows, of which some are done before."""
    watch((before + done) / m)
