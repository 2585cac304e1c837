"""Noisy trajectories, chunk by chunk, put together in their order."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.noisy_run import LAST, NoisyRun, integrate_chunk
from qllg_sym.parallel.chunked import ChunkResults
from qllg_sym.parallel.complete import complete

Array = NDArray[Any]


def integrated(run: NoisyRun, executor: Any, checkpoint: str | os.PathLike[str] | None,
               show: Callable[[float], None]) -> tuple[dict[str, Array], Array | None]:
    """Return the readings of all trajectories, (trajectories, n, …) by name, and their last states where they are kept.

    Args:
        run: what is integrated.
        executor: as of `langevin`.
        checkpoint: as of `langevin`.
        show: called with the fraction done.

    Raises:
        QllgError: trajectories that do not stay finite, an executor that lost some, a checkpoint of something else.
    """
    parts: dict[int, ChunkResults] = {}
    complete(run, integrate_chunk, lambda part: parts.update({part.number: part}), executor, checkpoint, show)
    whole = [parts[number].arrays for number in sorted(parts)]
    arrays = {name: np.concatenate([part[name] for part in whole]) for name in whole[0]}
    return {name: arrays[f"reading_{k}"] for k, name in enumerate(run.names)}, arrays.get(LAST)
