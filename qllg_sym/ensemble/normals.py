"""Random numbers that depend on seed, trajectory and step alone: Philox, a generator by counters.

A step takes whole blocks of four words, and each word becomes two normal variates by Box and Muller's transform: 44
bits for the radius, up to 7.9 standard deviations, and 20 for the angle. So many angles, evenly spaced, give every
moment below the order 2^20 exactly. The same is done in C where steps are compiled (`native/normals.c`); NumPy's own
normal variates take a number of words that is not known beforehand.

Sources: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11, 2011); G. E. P. Box and M. E. Muller,
Ann. Math. Statist. 29, 610 (1958).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
SPAN = 32       # steps whose numbers are made at once, where these are
MOST = 1 << 20  # numbers at most
BLOCK = 4       # words that Philox makes at once, of two variates each


class Normals:
    """Standard normal variates of some trajectories, step by step.

    The stream of a trajectory has the key (seed, trajectory), and a step the counters from step · blocks + 1 on: so the
    numbers are the same however trajectories are shared among chunks, threads or processes, and any step is reached at
    once.

    Args:
        seed: from 0 to 2^64 − 1.
        trajectories: their numbers, (m,).
        count: how many variates a step takes.

    >>> whole, part = Normals(7, range(5), 3), Normals(7, range(3, 5), 3)
    >>> bool((whole.at(40)[3:] == part.at(40)).all()), whole.at(40).shape
    (True, (5, 3))
    """

    joined = False

    def __init__(self, seed: int, trajectories: range, count: int) -> None:
        self.seed, self.trajectories, self.count = seed, trajectories, count
        self.span = span_of(count, len(trajectories))
        self._held, self._begin = np.empty((len(trajectories), self.span, 0)), -1

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a step, (m, count)."""
        begin = step - step % self.span
        if begin != self._begin:
            words = BLOCK * -(-self.count // (2 * BLOCK))
            drawn = np.empty((len(self.trajectories), self.span, words), dtype=np.uint64)
            counter = np.array([begin * words // BLOCK, 0, 0, 0], dtype=np.uint64)
            for k, trajectory in enumerate(self.trajectories):
                generator = np.random.Philox(key=np.array([self.seed, trajectory], dtype=np.uint64), counter=counter)
                drawn[k] = generator.random_raw(drawn[k].size).reshape(drawn[k].shape)
            self._held, self._begin = as_normals(drawn), begin
        return self._held[:, step % self.span, :self.count]


class Joined:
    """Variates of whole steps that go with those of two half steps each, (a, a') and (b, b').

    Noise adds up, (a + b)/√2; the second set of a whole step is (b − a)/√2, which is independent of it and has the
    commutator of the halves, so that both trajectories stay close.

    Args:
        seed: as of Normals.
        trajectories: as of Normals.
        count: variates of a step.
        sets: one or two, of which these consist.

    >>> joined, halves = Joined(1, range(2), 4, sets=2), Normals(1, range(2), 4)
    >>> bool(np.allclose(joined.at(3)[:, :2] * np.sqrt(2), halves.at(6)[:, :2] + halves.at(7)[:, :2]))
    True
    """

    joined = True

    def __init__(self, seed: int, trajectories: range, count: int, sets: int) -> None:
        self.seed, self.trajectories, self.count = seed, trajectories, count
        self._halves, self._first, self._sets = Normals(seed, trajectories, count), count // sets, sets

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a whole step, (m, count)."""
        a, b = (self._halves.at(2 * step + k)[:, :self._first] for k in range(2))
        return np.concatenate([a + b, b - a][:self._sets], axis=1) / np.sqrt(2)


def span_of(count: int, trajectories: int) -> int:
    """Return of how many steps the numbers are made at once: 32, or fewer where these are many.

    >>> span_of(24, 1000), span_of(2**20, 16)
    (32, 1)
    """
    return max(1, min(SPAN, MOST // max(1, count * trajectories)))


def as_normals(words: Array) -> NDArray[np.float64]:
    r"""Return $\sqrt{-2\ln u}\,(\cos 2\pi v, \sin 2\pi v)$ of each word, u an odd multiple of 2⁻⁴⁵ and v of 2⁻²¹.

    Args:
        words: of 64 random bits, (…, n).

    Returns:
        The variates, (…, 2n).

    >>> as_normals(np.array([2**63], dtype=np.uint64)).round(5).tolist()
    [1.17741, 0.0]
    """
    u = ((words >> np.uint64(20)).astype(float) + 0.5) * 2.0**-44
    v = ((words & np.uint64(2**20 - 1)).astype(float) + 0.5) * 2.0**-20
    radius, angle = np.sqrt(-2 * np.log(u)), 2 * np.pi * v
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1).reshape(*u.shape[:-1], -1)
