"""Which rows run in one call: those side by side, so many that lanes are full and memory bears them."""

from collections.abc import Sequence

import numpy as np

from qllg_sym.flow import methods
from qllg_sym.flow.methods import Method
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.storage import require_memory

CHUNK = 2**23           # bytes of states in one call: they stay in the cache
LARGE = 2**28           # bytes that a thread may hold for full lanes
LANES = 8               # rows that a call has at least, and the dimension up to which they run side by side
MOST_ROWS = 512         # in one call: lanes stay full, and threads end at about the same time


def fits(part: Problem, method: Method, options: Options) -> bool:
    """Return whether a method may run these rows at once: more than one, each to the last time."""
    return len(part) > 1 and options.stop is None and method.together(part)


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


def chunks(part: Problem, method: Method, threads: int) -> list[Problem]:
    """Return the part in pieces that fill lanes and threads, and that memory, progress and Ctrl-C bear."""
    d = 1 if part.classical else part.equation.model.space.dimension        # moments have no matrices
    held = int(np.prod(method.shape(part))) * len(part.times)
    size, fewest = 16 * max(held, d * d), LANES if d <= LANES else 1
    share = -(-len(part) // threads)
    rows = min(MOST_ROWS, max(min(CHUNK // size, share), fewest if fewest * size < LARGE else 1))
    return [part.part(slice(k, k + rows)) for k in range(0, len(part), rows)]
