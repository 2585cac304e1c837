"""Random numbers that depend on seed, trajectory and step alone: Philox, a generator by counters."""

import numpy as np
from numpy.typing import NDArray

SPAN = 32       # steps that one counter stands for


class Normals:
    """Standard normal variates of some trajectories, step by step.

    The stream of a trajectory has the key (seed, trajectory) and the counter steps // SPAN: so the numbers are the same
    however trajectories are shared among chunks, threads or processes, and any step is reached at once.

    Args:
        seed: from 0 to 2^64 − 1.
        trajectories: their numbers, (m,).
        count: how many variates a step takes.

    Source: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11, 2011).

    >>> whole, part = Normals(7, range(5), 3), Normals(7, range(3, 5), 3)
    >>> bool((whole.at(40)[3:] == part.at(40)).all()), whole.at(40).shape
    (True, (5, 3))
    """

    def __init__(self, seed: int, trajectories: range, count: int) -> None:
        self._seed, self._trajectories, self._count = seed, trajectories, count
        self._span, self._held = -1, np.empty((len(trajectories), SPAN, count))

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a step, (m, count)."""
        if step // SPAN != self._span:
            self._span = step // SPAN
            for k, trajectory in enumerate(self._trajectories):
                generator = np.random.Generator(np.random.Philox(
                    key=np.array([self._seed, trajectory], dtype=np.uint64),
                    counter=np.array([0, 0, self._span, 0], dtype=np.uint64)))
                generator.standard_normal(out=self._held[k])
        return self._held[:, step % SPAN]
