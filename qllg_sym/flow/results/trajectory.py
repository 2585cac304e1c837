"""The result of a solve: states at the asked times, and everything that is read off them."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym import files
from qllg_sym.errors import FileError, InputError, QllgError
from qllg_sym.flow.results import archive, drift
from qllg_sym.flow.results.export import to_dataset
from qllg_sym.flow.results.reading import Apply
from qllg_sym.flow.results.readings import Readings
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.shapes import check_shapes
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import row

Restart = Callable[[float], Ensemble | NDArray[np.float64]]
_SHOWN = ("trace", "purity", "spectrum", "|m|")
_REPR_COST = 10**8  # n d³ up to which the drift in a repr costs no visible time


class Trajectory(Readings):
    r"""States at n times, quantum (an ensemble) or classical (unit moments); units are those of the model.

    Args:
        times: (n,), strictly increasing.
        spins: the spin of each site as text, such as "1/2"; site 0 is the leftmost tensor factor.
        ensemble: the quantum states at all n times or, where only the last was kept, at that one.
        moments: (n, N, 3) or (1, N, 3), classical; neither of the two when only observables were kept.
        energy: ⟨H⟩ or the classical energy, (n,).
        labels: names of the states of the equation that was solved.
        method: the method that was used.
        stats: what the method counted: steps, evaluations, seconds and, where they apply, resolution, digits, growth
            (see `solve`); plain text and numbers.
        hbar: ħ of the model.
        observed: arrays (n, …) by name, from `observe=`.
        restart: the state at any time in between, for `at` and `snapshot`.
        apply: function of kets (d, m) and t that returns H(t)/ħ times the kets, for `variance`.

    Raises:
        InputError: shapes do not fit together.

    >>> up = Ensemble((2,), kets=[[[1], [0]]] * 2, weights=[1])
    >>> trajectory = Trajectory([0, 1], ("1/2",), up, energy=[-0.5, -0.5], method="exact")
    >>> trajectory
    <Trajectory: 2 times from 0 to 1, spins 1/2, method exact, drift trace 0, purity 0, spectrum 0>
    >>> trajectory.bloch(0)[-1].tolist()
    [0.0, 0.0, 1.0]
    """

    def __init__(
        self,
        times: ArrayLike,
        spins: Sequence[str],
        ensemble: Ensemble | None = None,
        moments: ArrayLike | None = None,
        energy: ArrayLike | None = None,
        labels: Sequence[str] = (),
        method: str = "",
        stats: Mapping[str, Any] | None = None,
        hbar: float = 1.0,
        observed: Mapping[str, ArrayLike] | None = None,
        restart: Restart | None = None,
        apply: Apply | None = None,
    ) -> None:
        """Keep the arrays; see the class for the arguments."""
        self.times = np.asarray(times, dtype=np.float64)
        self.spins, self.labels, self.method = tuple(map(str, spins)), tuple(map(str, labels)), str(method)
        self.ensemble = ensemble
        self._moments = None if moments is None else np.asarray(moments, dtype=np.float64)
        self._energy = None if energy is None else np.asarray(energy, dtype=np.float64)
        self.stats, self.hbar = dict(stats or {}), float(hbar)
        self.observed = {str(name): np.asarray(values) for name, values in (observed or {}).items()}
        self.restart, self.apply = restart, apply
        check_shapes(self.times, self.spins, ensemble, self._moments, self._energy, self.observed)

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    def __repr__(self) -> str:
        """Say what was solved, how, and how far the invariants drifted (where that is quickly known)."""
        first, last = self.times[[0, -1]]
        span = f"{len(self)} times from {first:g} to {last:g}" if len(self) > 1 else f"t = {last:g}"
        parts = [span, f"spins {row(self.spins)}"]
        parts += [f"method {self.method}"] if self.method else []
        parts += [f"{self.stats['steps']} steps"] if "steps" in self.stats else []
        if "invariants" in self.__dict__ or self._drift_is_cheap():
            shown = [f"{name} {self.invariants[name]:.1g}" for name in _SHOWN if name in self.invariants]
            parts.append("drift " + ", ".join(shown))
        return f"<Trajectory: {', '.join(parts)}>"

    def _drift_is_cheap(self) -> bool:
        """Return whether the invariants take no visible time."""
        kept = self._moments if self.ensemble is None else self.ensemble
        if kept is None or len(kept) < len(self):
            return False
        if self.ensemble is None:
            return True
        width = self.ensemble.dimension if self.ensemble.weights is None else len(self.ensemble.weights)
        return len(self) * self.ensemble.dimension * width**2 <= _REPR_COST

    def _quantum(self, what: str) -> Ensemble:
        """Return the ensemble at all times, or refuse `what` in a sentence."""
        if self._moments is not None:
            raise InputError(f"`{what}` needs quantum states, but this trajectory is classical; use `bloch`.")
        ensemble: Ensemble = self._complete(what, self.ensemble)
        return ensemble

    def _complete(self, what: str, kept: Any) -> Any:
        """Return an ensemble or moments that hold every time, or refuse `what` in a sentence."""
        if kept is None:
            raise InputError(f"`{what}` needs the states, but only {self._names()} were kept; solve without `observe`.")
        if len(kept) < len(self.times):
            raise InputError(f"`{what}` needs the states at every time, but only the last was kept; use `last.{what}`.")
        return kept

    def _names(self) -> str:
        """Return the names of what was observed."""
        return ", ".join(self.observed) or "no observables"

    @property
    @refusable
    def states(self) -> NDArray[np.complex128]:
        """Density matrices, (n, d, d), dimensionless; refused with the size where they exceed the memory."""
        return self._quantum("states").density()

    @property
    @refusable
    def kets(self) -> NDArray[np.complex128]:
        """Columns |j(t)⟩ of ρ(t) = background + Σ_j w_j |j(t)⟩⟨j(t)|, (n, d, r).

        Where density matrices are kept they are diagonalised time by time: orthonormal eigenvectors of the nonzero
        eigenvalues, with phases, and bases of degenerate levels, that mean nothing.
        """
        return self._weighted[0]

    @property
    @refusable
    def weights(self) -> NDArray[np.float64]:
        """Weights w of the kets, (r,), constant in time; refused for a law that does not keep the spectrum."""
        return self._weighted[1]

    @property
    @refusable
    def background(self) -> float:
        """The multiple of the identity beside the kets; 0 where density matrices are kept."""
        return self._quantum("background").background

    @cached_property
    @refusable
    def _weighted(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """Kets and weights as kept, or from a diagonalisation."""
        ensemble = self._quantum("kets")
        if ensemble.kets is not None and ensemble.weights is not None:
            return ensemble.kets, ensemble.weights
        if (change := self.invariants["spectrum"]) > 1e-6:
            raise InputError(f"`kets` need a constant spectrum, but it changes by {change:.1g}; diagonalise `states`.")
        levels, vectors = np.linalg.eigh(ensemble.density())
        kept = levels[0] > 1e-10 * levels[0].max()  # positivity of a state is accepted within 1e-10
        return vectors[:, :, kept][:, :, ::-1], levels[0, kept][::-1]

    @property
    @refusable
    def final_state(self) -> NDArray[Any]:
        """The last state: a density matrix (d, d), or moments (N, 3)."""
        kept: Any = self.ensemble if self._moments is None else self._moments
        if kept is None:
            raise InputError(f"`final_state` was not kept, but only {self._names()}; solve without `observe`.")
        return _array(kept[-1:])

    @property
    @refusable
    def moments(self) -> NDArray[np.float64]:
        """Classical unit moments, (n, N, 3), dimensionless."""
        if self.ensemble is not None:
            raise InputError("`moments` needs a classical law, but this trajectory is quantum; use `bloch(i)`.")
        moments: NDArray[np.float64] = self._complete("moments", self._moments)
        return moments

    @property
    @refusable
    def energy(self) -> NDArray[np.float64]:
        """The energy at each time, (n,), in the model's units."""
        if self._energy is None:
            raise InputError(f"`energy` was not kept, but only {self._names()}; solve without `observe`.")
        return self._energy

    def _vectors(self) -> NDArray[np.float64] | None:
        """Return classical moments at all times; None for quantum states."""
        return None if self._moments is None else self.moments

    def stored(self) -> dict[str, NDArray[np.float64] | None]:
        """Return times, energy and moments as they are kept; None for what was not."""
        return {"times": self.times, "energy": self._energy, "moments": self._moments}

    @cached_property
    @refusable
    def invariants(self) -> dict[str, float]:
        """Largest drift of each invariant over the trajectory; see `flow.results.drift`."""
        if self._moments is not None:
            return drift.classical(self.moments)
        return drift.quantum(self._quantum("invariants"))

    def at(self, t: float) -> NDArray[Any]:
        """Return the state at any time of the trajectory: a density matrix (d, d), or moments (N, 3).

        Args:
            t: a time from the first to the last.

        Raises:
            InputError: the time is outside, or lies between stored times of a loaded trajectory; or the density matrix
                is larger than the memory, where `snapshot(t)` serves.
        """
        return _array(self._state_at(t))

    def snapshot(self, t: float) -> "Trajectory":
        """Return a trajectory of one time, for every observable at that time.

        Args:
            t: a time from the first to the last.

        Raises:
            InputError: as `at`.

        >>> up = Ensemble((2,), kets=[[[1], [0]]] * 2, weights=[1])
        >>> Trajectory([0, 1], ("1/2",), up).snapshot(1).bloch(0).tolist()
        [[0.0, 0.0, 1.0]]
        """
        state, energy = self._state_at(t), None
        if self._energy is not None and (where := np.flatnonzero(self.times == t)).size:
            energy = self._energy[where]
        ensemble, moments = (state, None) if isinstance(state, Ensemble) else (None, state.reshape(1, -1, 3))
        return Trajectory([t], self.spins, ensemble, moments, energy, self.labels, self.method, hbar=self.hbar,
                          apply=self.apply)  # fmt: skip

    @property
    @refusable
    def last(self) -> "Trajectory":
        """The last time as a trajectory of its own; all there is with keep="final".

        `LowRank(last.weights, last.kets[0], last.background)` is a state to go on from.
        """
        return self.snapshot(float(self.times[-1]))

    def _state_at(self, t: float) -> Ensemble | NDArray[np.float64]:
        """Return the state at a time, stored or solved anew."""
        if not isinstance(t, Real) or not self.times[0] <= t <= self.times[-1]:
            first, last = self.times[[0, -1]]
            raise InputError(f"`t` must be a time from {first:g} to {last:g}, but is {t!r}; solve for more `times`.")
        stored = int(np.argmin(np.abs(self.times - t)))
        kept = self.ensemble if self._moments is None else self._moments
        missing = len(self.times) - (len(kept) if kept is not None else 0)  # with keep="final" the last is there
        if self.times[stored] == t and stored >= missing and kept is not None:
            return kept[stored - missing : stored - missing + 1]
        if self.restart is not None:
            return self.restart(float(t))
        if kept is None:
            raise InputError(f"`t` asks for a state, but only {self._names()} were kept; solve without `observe`.")
        nearest = self.times[max(stored, missing)]
        raise InputError(f"`t` must be a stored time here, but is {t!r}; the nearest is {nearest:.17g}; take that.")

    def to_xarray(self) -> Any:
        """Return an xarray Dataset with labelled axes: energy, Bloch vectors, Pauli correlations, what was observed.

        Raises:
            InputError: xarray is not installed.
        """
        return to_dataset(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the trajectory; `restart` is not kept, so a loaded one knows its stored times alone.

        Args:
            path: ends in .npz (no pickle inside) or .nc (needs xarray and h5netcdf).

        Raises:
            FileError: the ending is unknown or the place is not writable.
        """
        files.save(path, "trajectory", *archive.pack(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Trajectory":
        """Read what `save` wrote.

        Raises:
            FileError: the file is missing, damaged, foreign or of a newer format.
        """
        arrays, metadata = files.load(path, "trajectory")
        try:
            return cls(**archive.unpack(arrays, metadata))
        except (QllgError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise FileError(f"`{path}` must hold a whole trajectory, but its parts do not fit; save anew.") from error

    def plot(self, what: Sequence[str] | None = None, **options: Any) -> tuple[Any, Any]:
        """Draw the trajectory; see `qllg_sym.plot.trajectory.plot` for the arguments.

        Returns:
            The matplotlib figure and the array of its axes.
        """
        from qllg_sym.plot.trajectory import plot  # matplotlib is loaded when something is drawn

        return plot(self, what, **options)


def _array(state: Ensemble | NDArray[np.float64]) -> NDArray[Any]:
    """Return one state as a density matrix (d, d) or as moments (N, 3)."""
    if isinstance(state, Ensemble):
        return np.asarray(state.density()[0])
    return np.asarray(state).reshape(-1, 3)
