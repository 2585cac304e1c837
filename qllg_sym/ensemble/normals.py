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
        self._span = max(1, min(SPAN, MOST // max(1, count * len(trajectories))))
        self._held, self._begin = np.empty((len(trajectories), self._span, 0)), -1

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a step, (m, count)."""
        begin = step - step % self._span
        if begin != self._begin:
            blocks = -(-self.count // (2 * BLOCK))
            made = np.empty((len(self.trajectories), self._span, 2 * BLOCK * blocks))
            for k, trajectory in enumerate(self.trajectories):
                self.fill(trajectory, begin * blocks, made[k])
            self._held, self._begin = made, begin
        return self._held[:, step % self._span, :self.count]

    def fill(self, trajectory: int, counter: int, out: Array) -> None:
        """Write the variates of one trajectory from a counter on into an array, whole blocks of them."""
        key, start = (np.array(words, dtype=np.uint64) for words in ([self.seed, trajectory], [counter, 0, 0, 0]))
        words = np.random.Philox(key=key, counter=start).random_raw(out.size // 2)
        out[...] = as_normals(words).reshape(out.shape)


class Joined:
    """Variates of whole steps that go with those of two half steps each, (a, a') and (b, b').

    Noise adds up, (a + b)/√2; the second set of a whole step is (b − a)/√2, which is independent of it and has the
    commutator of the halves, so that both trajectories stay close.

    Args:
        seed: as of Normals.
        trajectories: as of Normals.
        count: variates of a step.
        sets: one or two, of which these consist.
        kind: of the numbers of half steps.

    >>> joined, halves = Joined(1, range(2), 4, sets=2), Normals(1, range(2), 4)
    >>> bool(np.allclose(joined.at(3)[:, :2] * np.sqrt(2), halves.at(6)[:, :2] + halves.at(7)[:, :2]))
    True
    """

    joined = True

    def __init__(self, seed: int, trajectories: range, count: int, sets: int, kind: type[Normals] = Normals) -> None:
        self.seed, self.trajectories, self.count, self.sets = seed, trajectories, count, sets
        self._halves, self._first = kind(seed, trajectories, count), count // sets

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a whole step, (m, count)."""
        a, b = (self._halves.at(2 * step + k)[:, :self._first] for k in range(2))
        return np.concatenate([a + b, b - a][:self.sets], axis=1) / np.sqrt(2)


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
