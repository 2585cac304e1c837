"""What can be drawn: the part of a `Trajectory` that pictures read."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.units import Units

Reals = NDArray[np.float64]


class Drawable(Protocol):
    """A trajectory, quantum or classical; see `Trajectory` for each name.

    Reading `moments` of a quantum one, or a reading of states of a classical one, raises an error.
    """

    times: Reals
    hbar: float
    observed: dict[str, NDArray[Any]]

    @property
    def spins(self) -> Sequence[str]:
        """Spin of each site, as text."""

    @property
    def units(self) -> Units | None:
        """Units of the numbers, None where they have none."""

    @property
    def heading(self) -> Sequence[str]:
        """What made the numbers, in a few words each."""

    @property
    def drifts(self) -> dict[str, Reals]:
        """How far each invariant is from its first value, {name: (n,)}."""

    @property
    def ensemble(self) -> Ensemble | None:
        """Quantum states, None for a classical one."""

    @property
    def energy(self) -> Reals:
        """(n,)."""

    @property
    def purity(self) -> Reals:
        """(n,)."""

    @property
    def moments(self) -> Reals:
        """(n, N, 3)."""

    @property
    def spectrum(self) -> Reals:
        """(n, d), descending."""

    def __len__(self) -> int: ...

    def finer(self, points: int = ..., /) -> "Drawable":
        """The same at more times."""

    def bloch(self, site: int, /) -> Reals:
        """(n, 3)."""

    def profile(self) -> Reals:
        """(n, N, 3)."""

    def correlation(self) -> Reals:
        """(n, 3, 3)."""

    def nonlocality(self) -> Reals:
        """(n,)."""

    def concurrence(self) -> Reals:
        """(n,)."""
