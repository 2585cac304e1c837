"""What is found of clusters and moments: a trajectory of each cluster, the moments, and the energy of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError
from qllg_sym.flow.results import drift
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.model.model import Model

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class HybridTrajectory:
    r"""Clusters and moments at n times; units are those of the model.

    Attributes:
        times: (n,), strictly increasing.
        clusters: a `Trajectory` of each cluster, its sites numbered anew from 0. Its `energy` is Tr ρ_c H_c of the
            traceless H_c, in which couplings to other parts count in full: they do not add up to `energy`.
        moments: unit moments of the classical sites, ascending, (n, n_classical, 3).
        energy: E = Tr[H(m) ⊗ρ_c], (n,).
        model: what was solved.
        law: the hybrid law.
        values: the parameters by name.
        stats: steps, evaluations, seconds, and where they apply pieces and resolution.

    >>> from qllg_sym import Exchange, Space, solve, states
    >>> model, start = Model(Space("1/2", "1"), [Exchange(1, 0, 1)]), HybridState([states.product("up")], [[1, 0, 0]])
    >>> run = solve(model, Hybrid(0.5, 0.1, clusters=[0], classical=[1]), start, [0, 40])
    >>> abs(run.bloch(0)[-1] + run.bloch(1)[-1]).max() < 1e-8, run.energy.round(9).tolist()
    (np.True_, [0.0, -2.0])
    """

    times: Array
    clusters: tuple[Trajectory, ...]
    moments: Array
    energy: Array
    model: Model
    law: Hybrid
    values: Mapping[str, Any] = field(default_factory=dict)
    stats: Mapping[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """How it was solved."""
        return "hybrid"

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site of a cluster, the moment of a classical one, (n, 3).

        Args:
            i: the site, numbered as in the model.

        Raises:
            InputError: the site does not exist.
        """
        site = self.model.space.check_site(i, "i")
        for sites, trajectory in zip(self.law.clusters, self.clusters, strict=True):
            if site in sites:
                return np.asarray(trajectory.bloch(sites.index(site)))
        return np.asarray(self.moments[:, self.law.classical.index(site)])

    def at(self, t: float) -> HybridState:
        """Return the state at one of the times, to go on from.

        Raises:
            InputError: another time.
        """
        found = np.flatnonzero(self.times == t)
        if not len(found):
            nearest = self.times[np.argmin(abs(self.times - t))]
            raise InputError(f"`t` must be a stored time here, but is {t!r}; the nearest is {nearest:.17g}; take that.")
        k = int(found[0])
        return HybridState([LowRank(c.weights, c.kets[k]) for c in self.clusters], self.moments[k])

    @property
    def final_state(self) -> HybridState:
        """The state at the last time."""
        return self.at(float(self.times[-1]))

    @cached_property
    def invariants(self) -> dict[str, float]:
        """Largest drift of each: trace, hermiticity, purity, spectrum, positivity over all clusters, |m| of moments."""
        found: dict[str, float] = {}
        for trajectory in self.clusters:
            for name, value in trajectory.invariants.items():
                found[name] = max(found.get(name, 0.0), value)
        if self.moments.shape[1]:
            found["|m|"] = float(drift.classical(self.moments)["|m|"].max(initial=0.0))
        return found

    def __repr__(self) -> str:
        """Say what was solved, and how far the invariants drifted."""
        sites = ", ".join(str(sites) for sites in self.law.clusters) or "none"
        known = [name for name in ("spectrum", "|m|") if name in self.invariants]
        shown = ", ".join(f"{name} {self.invariants[name]:.1g}" for name in known)
        return (f"<HybridTrajectory: {len(self)} times from {self.times[0]:g} to {self.times[-1]:g}, clusters {sites}, "
                f"{len(self.law.classical)} moments, {self.stats.get('steps', 0)} steps, drift {shown}>")
