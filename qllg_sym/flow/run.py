"""Posed rows → record: side by side, chunk after chunk on threads, where a method can; else each row by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np

from qllg_sym.flow import methods
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.chunks import check_memory, chunks, fits
from qllg_sym.flow.methods import Method
from qllg_sym.flow.options import Options
from qllg_sym.flow.pieces import run_method
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.results.checked import checked, finite
from qllg_sym.flow.results.outcome import Outcome, clock
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import Recorder, readings
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.threads import Threads, available_cores

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

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.pose import pose
    >>> posed = pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1])
    >>> run([(posed, "exact")], {}, Options(), quiet).counts.tolist()
    [2]
    """
    record = _empty(parts, values, options)
    if len(record.counts) > 1:
        check_memory(parts, options)
    with one_thread(1 if parts[0][0].classical else parts[0][0].equation.model.space.dimension):
        for part, name in parts:
            method = methods.find(name)
            try:
                (_side_by_side if fits(part, method, options) else _one_by_one)(part, method, options, record, watch)
            except KeyboardInterrupt:
                record.interrupted = True
            if record.interrupted:
                break
    return record


def _side_by_side(part: Problem, method: Method, options: Options, record: Record, watch: Watch) -> None:
    """Solve rows in lockstep; what there is of a chunk when something fails stays in the record."""
    before, whole, threads = np.count_nonzero(record.counts), None, options.threads or available_cores()

    def solved(chunk: Problem, look: Watch) -> tuple[Problem, Outcome]:
        """Return some rows, and what they give."""
        found = checked(chunk, lambda rows: run_method(method, rows, clock(rows.times, look)),
                        method.GROWTH)
        return chunk, finite(chunk, found)

    try:
        for chunk, found in Threads(threads).each(chunks(part, method, threads), solved,
                                                  lambda rows: watch((before + rows) / len(record.counts))):
            record.put(found, method.NAME, readings(chunk, options.observe, found.block))
            if options.keeps_states:
                stack = found.block if record.complete else found.block.last()
                whole = whole or stack.room(part.start.rows)
                whole.put(stack)
            record.counts[found.block.rows] = found.counts  # last: what Ctrl-C leaves half entered is not begun
    finally:
        if whole is not None:
            record.add(whole)


def _one_by_one(part: Problem, method: Method, options: Options, record: Record, watch: Watch) -> None:
    """Solve the rows each by itself; one that fails does not spoil the others."""
    for i in range(len(part)):
        before = int(np.count_nonzero(record.counts))
        look = quiet if watch is quiet else clock(part.times, partial(_among, watch, before, len(record.counts)))
        _alone(part.row(i), method, options, record, look)
        if record.interrupted:
            break


def _among(watch: Watch, before: int, m: int, done: float) -> None:
    """Tell the part done of m rows, of which some are done before."""
    watch((before + done) / m)


def _alone(problem: Problem, method: Method, options: Options, record: Record, watch: Watch) -> None:
    """Solve one row as far as it comes."""
    recorder, keeps = Recorder(problem, options.observe), options.keeps_states
    handed = options.keep == "final" or options.observe is not None
    if options.stop is not None or handed:
        problem = problem.anew(stop=options.stop, receive=recorder.receive if handed else None)
    started = perf_counter()
    found = checked(problem, lambda rows: _run(method, rows, watch), method.GROWTH)
    found.stats[0]["seconds"] = perf_counter() - started
    try:
        found = finite(problem, recorder.with_energy(found))
        read = list(recorder.readings(found))
        stack = found.block if record.complete else found.block.last()
    except KeyboardInterrupt:           # the states are there, their readings are not
        found, read, stack, keeps = replace(found, failures=[INTERRUPTED], energy=None), [], found.block, True
        if len(record.counts) == 1:
            record.energy, record.complete = None, found.handed is None
    record.put(found, method.NAME, read)
    if keeps:
        record.add(stack)
    record.interrupted |= found.interrupted
    record.counts[problem.number] = found.counts[0]


def _run(method: Method, problem: Problem, watch: Watch) -> Outcome:
    """Return what a method finds; the start alone where Ctrl-C came before the method's own work."""
    try:
        return run_method(method, problem, watch)
    except KeyboardInterrupt:
        held = problem.start.moments if problem.classical else problem.start.ensemble(problem.dims)
        return Outcome.of(problem.number, problem.times[:1], held, {}, INTERRUPTED)


def _empty(parts: Parts, values: Mapping[str, Any], options: Options) -> Record:
    """Return a record of rows that are not begun."""
    first, m = parts[0][0], sum(len(part) for part, _ in parts)
    n, hbars = len(first.times), np.empty(m)
    for part, _ in parts:
        hbars[part.start.rows] = part.hbars
    spins = tuple(str(s) for s in first.equation.model.space.spins)
    return Record(first.times, np.zeros(m, dtype=int), hbars, spins, labels(first), values,
                  options.keep == "all" or n == 1, np.full((m, n), np.nan), [""] * m, [{} for _ in range(m)],
                  provenance=Provenance.of(first.equation.model, first.equation.law, options, first.signals))


def labels(problem: Problem) -> tuple[str, ...]:
    """Return the names of the states of the equation, up to six spins ½.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.pose import pose
    >>> labels(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0]))
    ('T_x', 'T_y', 'T_z')
    """
    space = problem.equation.model.space
    if problem.classical:
        return tuple(f"m{i}_{k}" for i in range(space.sites) for k in "xyz")
    if not space.is_half or space.sites > 6 or space.sector is not None:
        return ()
    return _pauli_labels(space.sites)


@cache
def _pauli_labels(sites: int) -> tuple[str, ...]:
    """Return the names of the Pauli components of so many spins ½, which take 10 ms for six."""
    return tuple("T_" + "".join(letters) for letters in product("0xyz", repeat=sites))[1:]
