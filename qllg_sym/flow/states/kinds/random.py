"""Random states."""

import numbers
from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.algebra.sector import AnySector
from qllg_sym.errors import StateError
from qllg_sym.flow.states.initial import spanned
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import need_space
from qllg_sym.flow.states.state import Setting, State
from qllg_sym.model.space import Space
from qllg_sym.observables.storage import require_memory

EXAMPLE = (2, 7)


@dataclass(frozen=True, repr=False)
class Random(State):
    """A random state of given rank, from Ginibre matrices."""

    spins: tuple[Any, ...]
    rank: int
    seed: int | None
    sector: AnySector | None = None

    def numbers(self, setting: Setting) -> InitialStates:
        """Return GG†/Tr GG†, from the (d, rank) entries of G alone."""
        space = setting.space
        setting.must_fit((space.spins, space.sector) == (self.spins, self.sector), "another space", "this random state")
        shape = (space.dimension, self.rank)
        require_memory("kets", (4, *shape), "take a smaller rank or space")
        rng = np.random.default_rng(self.seed)
        g = rng.normal(size=shape) + 1j * rng.normal(size=shape)
        return spanned(np.full(self.rank, np.linalg.norm(g)**-2), g, 0.0, space)


def random(space: Space, rank: int | None = None, seed: int | None = None) -> Random:
    """Return a random state ρ = GG†/Tr GG† with G of (d, rank) complex normal entries; full rank by default.

    Definition:
        rng, size = np.random.default_rng(seed), (len(one), rank)
        g = rng.normal(size=size) + 1j * rng.normal(size=size)
        g @ np.conj(g.T) / tr(g @ np.conj(g.T))

    Raises:
        StateError: a rank below 1 or above d.

    >>> random(Space("1/2"), rank=1, seed=7).rank
    1
    """
    need_space(space)
    d = space.dimension
    count = d if rank is None else rank
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or not 1 <= count <= d:
        raise StateError(f"`rank` must be an integer from 1 to {d}, but is {rank!r}; 1 is a pure state.")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or seed < 0):
        raise StateError(f"`seed` must be None or a non-negative integer, but is {seed!r}; give seed=1.")
    return Random(space.spins, int(count), None if seed is None else int(seed), space.sector)
