"""An ensemble that goes on: the same trajectories from their last states, with the random numbers that come next."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.ensemble.noisy_run import NoisyRun
from qllg_sym.ensemble.origin import Origin
from qllg_sym.ensemble.preparation import prepared_run
from qllg_sym.errors import InputError

Array = NDArray[Any]


def known_origin(origin: Origin | None, last: Array | None) -> Origin:
    """Return what an ensemble is made of, where it can go on.

    Raises:
        InputError: it cannot.
    """
    if origin is None or origin.start is None:
        raise InputError("`resume` must know what the ensemble is made of, but this one came without it, as one of a "
                         "model that has no text does from a file; integrate it anew.")
    if last is None:
        raise InputError("`resume` must begin in the last states, but of this ensemble they were too large to be kept; "
                         "integrate it anew, to later times.")
    return origin


def continued_run(origin: Origin, past: tuple[float, int], last: Array, times: Any,
                  step: float | None = None) -> NoisyRun:
    """Return the run from the last states to later times.

    Args:
        origin: what was asked for.
        past: the last time, and how many steps led there.
        last: the states then, (trajectories, …).
        times: later ones.
        step: the longest step; None for that of before.

    Raises:
        QllgError: bad input.
    """
    begin, steps = past
    grid = real_array(times)
    if grid is not None and grid.ndim <= 1 and grid.size:
        grid = np.atleast_1d(grid)
        if not grid[0] > begin:
            raise InputError(f"`times` must go on after t = {begin:g}, the last time of the ensemble, but begin at "
                             f"{grid[0]:g}; give later times.")
        grid = np.concatenate([[begin], grid])
    run, _ = prepared_run(origin, origin.start, times if grid is None else grid, origin.step if step is None else step,
                          len(last), steps, last)
    return run


def with_changes(origin: Origin, values: Mapping[Any, Any] | None, observe: Mapping[str, Any] | None) -> Origin:
    """Return an origin with more values, or with other readings of the same names."""
    given = origin.values if values is None else {**(origin.values or {}), **values}
    return replace(origin, values=given, observe=origin.observe if observe is None else dict(observe))


def check_readings(names: Iterable[str], before: Iterable[str]) -> None:
    """Refuse readings of other names than before.

    Raises:
        InputError: they are others.

    >>> check_readings(["energy"], {"energy": 1})
    """
    if {*names} != {*before}:
        raise InputError(f"`observe` must have the names of before, {', '.join(before)}, but has {', '.join(names)}; "
                         "give the same readings.")
