"""What is found of clusters and moments: a trajectory of each cluster, the moments, and the energy of all."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.display import in_html
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError, QllgError
from qllg_sym.flow.hybrid.archive import KIND, HybridRecord, hybrid_arrays, hybrid_fields
from qllg_sym.flow.hybrid.labelled import hybrid_dataset
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results import drift
from qllg_sym.flow.results.absent import TellsWhatItHas
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.model.model import Model
from qllg_sym.observables.sites import check_site
from qllg_sym.plot.drawable import Drawable
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes, Figure, FuncAnimation

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class HybridTrajectory(HybridRecord, TellsWhatItHas, files.Saved):
    r"""Clusters and moments at n times; units are those of the model.

    Attributes:
        times: (n,), strictly increasing.
        spins: the spin of each site as text.
        quantum: the sites of each cluster.
        classical: the other sites.
        clusters: a `Trajectory` of each cluster, its sites numbered anew from 0. Its `energy` is Tr ρ_c H_c of the
            traceless H_c, in which couplings to other parts count in full: they do not add up to `energy`.
        held: the moments that are kept: `moments`, or with keep="final" those at the last time.
        energy: E = Tr[H(m) ⊗ρ_c], (n,).
        hbar: ħ of the model.
        values: the parameters by name.
        stats: steps, evaluations, seconds, and where they apply pieces and resolution.
        provenance: what was solved.
        observed: arrays (n, …) by name, from `observe=`.

    >>> from qllg_sym import Exchange, Space, solve, states
    >>> model, start = Model(Space("1/2", "1"), [Exchange(1, 0, 1)]), HybridState([states.product("up")], [[1, 0, 0]])
    >>> run = solve(model, Hybrid(0.5, 0.1, clusters=[0], classical=[1]), start, [0, 40])
    >>> abs(run.bloch(0)[-1] + run.bloch(1)[-1]).max() < 1e-8, run.energy.round(9).tolist()
    (np.True_, [0.0, -2.0])
    """

    KIND: ClassVar[str] = KIND

    @property
    def model(self) -> Model:
        """The model that was solved; of what was loaded, read from the file's text.

        Raises:
            InputError: a file has no text of it.
        """
        return self.provenance.model

    @property
    def law(self) -> Hybrid:
        """The hybrid law, as `model`."""
        return cast(Hybrid, self.provenance.law)

    @property
    def positions(self) -> Array | None:
        """Where the sites are, (n, 3); None where the model does not say.

        Raises:
            InputError: as `model`.
        """
        found: Array | None = self.model.positions
        return found

    @property
    def units(self) -> Units | None:
        """The units of the model; None where it has none, or where it is not known."""
        return self.provenance.units

    @property
    def method(self) -> str:
        """How it was solved."""
        return "hybrid"

    @property
    def moments(self) -> Array:
        """Unit moments of the classical sites, ascending, (n, n_classical, 3).

        Raises:
            InputError: only the last were kept.
        """
        self._need_all("moments")
        return self.held

    @property
    def last(self) -> "HybridTrajectory":
        """The last time as a trajectory of its own; all states there are with keep="final"."""
        own = tuple(cluster.last for cluster in self.clusters)
        return replace(self, times=self.times[-1:], clusters=own, held=self.held[-1:], energy=self.energy[-1:],
                       observed={name: values[-1:] for name, values in self.observed.items()})

    def _need_all(self, name: str) -> None:
        """Refuse what is read at every time where the last state alone was kept."""
        if len(self.held) != len(self.times):
            raise InputError(f"`{name}` needs the states at every time, but only the last was kept; use `last.{name}`.")

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site of a cluster, the moment of a classical one, (n, 3).

        Args:
            i: the site, numbered as in the model.

        Raises:
            InputError: the site does not exist, or the last state alone was kept.
        """
        site = check_site(i, len(self.spins))
        self._need_all("bloch")
        for sites, trajectory in zip(self.quantum, self.clusters, strict=True):
            if site in sites:
                return np.asarray(trajectory.bloch(sites.index(site)))
        return np.asarray(self.moments[:, self.classical.index(site)])

    def profile(self) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of all sites, the moments among them, (n, N, 3)."""
        self._need_all("profile")
        found = np.empty((len(self), len(self.spins), 3))
        found[:, list(self.classical)] = self.held
        for sites, trajectory in zip(self.quantum, self.clusters, strict=True):
            for k, site in enumerate(sites):
                found[:, site] = trajectory.bloch(k)
        return found

    def to_xarray(self) -> Any:
        """Return an xarray Dataset: energy, ⟨S⟩/(s ħ) of all sites with their cluster, and what was observed.

        Raises:
            InputError: xarray is not installed, or an observable has the name of a part.
        """
        return hybrid_dataset(self, self.profile() if len(self.held) == len(self.times) else None)

    def at(self, t: float) -> HybridState:
        """Return the state at one of the times, to go on from.

        Raises:
            InputError: another time.
        """
        times = self.times[-len(self.held):]
        found = np.flatnonzero(times == t)
        if not len(found):
            nearest = times[np.argmin(abs(times - t))]
            raise InputError(f"`t` must be a stored time here, but is {t!r}; the nearest is {nearest:.17g}; take "
                             "that, or solve from there.")
        k = int(found[0])
        held = [c.ensemble for c in self.clusters]
        return HybridState([LowRank(e.weights, cast(Any, e.kets)[k]) for e in held if e is not None], self.held[k])

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
        if self.held.shape[1]:
            found["|m|"] = float(drift.classical(self.moments)["|m|"].max(initial=0.0))
        return found

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name."""
        return f"ask a cluster for it, clusters[0].{name}" if hasattr(Trajectory, name) and self.clusters else ""

    def _packed(self) -> tuple[Any, ...]:
        """Clusters, moments and energy as arrays and metadata."""
        return hybrid_arrays(self)

    @classmethod
    def _unpacked(cls, arrays: dict[str, Any], metadata: dict[str, Any]) -> Self:
        """What arrays and metadata hold."""
        return cls(**hybrid_fields(arrays, metadata))

    def plot(self, what: Sequence[str] | str = ("bloch", "energy"), fig: "Figure | None" = None,
             axes: "Axes | Sequence[Axes] | NDArray[Any] | None" = None,
             ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
        """Draw ⟨S_i⟩/(s_i ħ) of the first sites, of clusters solid and of moments dashed, and the energy.

        Args:
            what: "bloch", "energy", or both.
            fig: as of `Trajectory.plot`.
            axes: as of `Trajectory.plot`.
            ax: as of `Trajectory.plot`.

        Raises:
            InputError: another panel.
        """
        from qllg_sym.plot.trajectory import plot

        names = [what] if isinstance(what, str) else list(what)
        unknown = [name for name in names if name not in ("bloch", "energy")]
        if unknown or not names:
            raise InputError("`what` must be of bloch, energy for clusters and moments, but is "
                             f"{repr(unknown[0]) if unknown else 'empty'}; draw the others of `clusters`.")
        return plot(cast(Drawable, self), names, fig, axes, ax)

    def bloch_sphere(self, sites: Sequence[int] | int | None = None,
                     ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
        """Draw the paths of sites on one sphere; see `qllg_sym.plot.sphere.bloch_sphere` for the arguments."""
        from qllg_sym.plot.sphere import bloch_sphere

        return bloch_sphere(cast(Drawable, self), sites, ax, smooth=False)

    def plot_lattice(self, t: float | None = None, positions: Any = None, sites: Sequence[int] | int | None = None,
                     ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
        """Draw moments as arrows where they are, clusters ringed; see `qllg_sym.plot.lattice.lattice`."""
        from qllg_sym.plot.lattice import lattice

        self._need_all("profile")
        return lattice(cast(Drawable, self), t, positions, sites, ax)

    def animate(self, path: str | os.PathLike[str], kind: str = "lattice", sites: Sequence[int] | int | None = None,
                frames: int = 100, fps: int = 20, dpi: int = 150, progress: Any = False, positions: Any = None
                ) -> "tuple[Figure, FuncAnimation]":
        """Write a film of clusters and moments; see `qllg_sym.plot.animation.animate` for the arguments.

        Args:
            path: ends in .mp4 or .gif.
            kind: "lattice", "sphere" or "curves".
            sites: spins on the lattice or the sphere.
            frames: how many, the stored times nearest to even ones.
            fps: frames a second.
            dpi: dots an inch.
            progress: True for a bar on the terminal; or a function of the part done, from 0 to 1.
            positions: where the sites are; those of the model when None.

        Returns:
            The matplotlib figure and the animation.
        """
        from qllg_sym.plot.animation import animate

        self._need_all("profile")
        with Progress(progress, "animate") as tell:
            return animate(cast(Drawable, self), path, kind, sites, frames, fps, dpi, positions, tell)

    @property
    def heading(self) -> tuple[str, ...]:
        """What made the numbers, in a few words each."""
        try:
            return heading_of(self.model, self.law, self.values)
        except QllgError:
            return (f"spins {', '.join(self.spins)}",)

    @property
    def ensemble(self) -> None:
        """No: each cluster has its own."""

    def finer(self, points: int = 0) -> "HybridTrajectory":
        """Return itself."""
        return self

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say what was solved, and how far the invariants drifted."""
        sites = ", ".join(str(sites) for sites in self.quantum) or "none"
        drifts = self.invariants if len(self.held) == len(self.times) else {}
        shown = ", ".join(f"{name} {drifts[name]:.1g}" for name in ("spectrum", "|m|") if name in drifts)
        return (f"<HybridTrajectory: {len(self)} times from {self.times[0]:g} to {self.times[-1]:g}, clusters {sites}, "
                f"{len(self.classical)} moments, {self.stats.get('steps', 0)} steps{', drift ' * bool(shown)}{shown}>")
