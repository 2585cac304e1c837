"""Many rows at once: in lockstep, chunk after chunk on several threads, where a method can."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow import methods
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.checked import checked, finite
from qllg_sym.flow.results.outcome import Outcome, Watch, clock
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import readings
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.threads import Threads, available_cores
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
CHUNK = 2**23           # bytes of states in one call: they stay in the cache
LARGE = 2**28           # bytes that a thread may hold for full lanes
LANES = 8               # rows that a call has at least, and the dimension up to which they run side by side
MOST_ROWS = 512         # in one call: lanes stay full, and threads end at about the same time


def fits(part: Problem, method: str, options: Options) -> bool:
    """Return whether a method may run these rows at once: more than one, each to the last time."""
    return len(part) > 1 and options.stop is None and bool(methods.find(method).together(part))


def check_memory(parts: Sequence[tuple[Problem, str]], options: Options) -> None:
    """Refuse states that would not fit into memory, before any work.

    Raises:
        InputError: with the size in GiB.
    """
    if options.keep == "all" and options.observe is None:
        held = sum(len(part) * int(np.prod(methods.find(method).shape(part))) for part, method in parts
                   if len(part) > 1)
        require_memory("states of all trajectories", (held, len(parts[0][0].times)),
                       "write keep=\"final\" or observe={…}, or solve fewer")


def lockstep(part: Problem, method: str, options: Options, record: Record, watch: Watch) -> None:
    """Solve the rows of a part, and put what they give into the record.

    Args:
        part: the rows.
        method: for all of them.
        options: as of `solve_many`.
        record: what is filled; what was there of a chunk when something failed stays in it.
        watch: called with the part done of the whole record, from 0 to 1.

    Raises:
        KeyboardInterrupt: Ctrl-C.
    """
    before, whole, threads = np.count_nonzero(record.counts), None, options.threads or available_cores()
    try:
        for chunk, found in Threads(threads).each(
                _chunks(part, method, threads), lambda chunk, look: _solved(chunk, method, look),
                lambda rows: watch((before + rows) / len(record.counts))):
            stack = _entered(chunk, found, method, record, options.observe)
            if options.observe is None or options.keep == "final":
                whole = whole or stack.room(part.start.rows)
                whole.put(stack)
            record.counts[stack.rows] = found.block.counts      # last: what Ctrl-C leaves half entered is not begun
    finally:
        if whole is not None:
            record.add(whole)


def _chunks(part: Problem, method: str, threads: int) -> list[Problem]:
    """Return the part in pieces that fill lanes and threads, and that memory, progress and Ctrl-C bear."""
    d = part.equation.model.space.dimension if not part.classical else 1     # moments have no matrices
    held = int(np.prod(methods.find(method).shape(part))) * len(part.times)
    size, fewest = 16 * max(held, d * d), LANES if d <= LANES else 1
    share = -(-len(part) // threads)
    rows = min(MOST_ROWS, max(min(CHUNK // size, share), fewest if fewest * size < LARGE else 1))
    return [part.part(slice(k, k + rows)) for k in range(0, len(part), rows)]


def _solved(problem: Problem, method: str, look: Watch) -> tuple[Problem, Outcome]:
    """Return some rows, and what they give in lockstep."""
    one = methods.find(method)
    found = checked(problem, lambda rows: one.run(rows, clock(rows.times, look)), one.GROWTH)
    return problem, finite(problem, found)


def _entered(chunk: Problem, found: Outcome, method: str, record: Record, observe: Mapping[str, Any] | None) -> Stack:
    """Put what some rows gave into the record, all but the states and their counts; return the states to be kept."""
    block = found.block
    for i, row in enumerate(block.rows.tolist()):
        record.methods[row], record.stats[row] = method, found.stats[i]
        if (why := found.failures[i]) is not None and why != INTERRUPTED:
            record.failures[row] = (why, float(found.reached[i]))
    assert record.energy is not None
    assert found.energy is not None
    reached = np.arange(len(record.times)) < block.counts[:, None]
    record.energy[block.rows] = np.where(reached, found.energy, np.nan)
    for name, what in (observe or {}).items():
        for places, values in readings(chunk, name, what, block):
            record.put_observed(name, places, values)
    return block if record.complete else block.last()
