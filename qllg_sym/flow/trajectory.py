"""The result of a solve: states at the asked times, and everything that is read off them."""

import os
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym import files
from qllg_sym.errors import FileError, InputError, QllgError
from qllg_sym.flow import archive, drift
from qllg_sym.flow.export import to_dataset
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entropy import entropy
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.pauli import pauli
from qllg_sym.observables.purity import purity
from qllg_sym.observables.reduced import reduced
from qllg_sym.observables.renyi import renyi
from qllg_sym.observables.sites import check_site
from qllg_sym.observables.spectrum import spectrum
from qllg_sym.observables.tensor import tensor

Restart = Callable[[float], Ensemble | NDArray[np.float64]]
_SHOWN = ("trace", "purity", "spectrum", "|m|")
_REPR_COST = 10**8  # n d³ up to which the drift in a repr costs no visible time


class Trajectory:
    r"""States at n times, quantum (an ensemble) or classical (unit moments); units are those of the model.

    Args:
        times: (n,), strictly increasing.
        spins: the spin of each site as text, such as "1/2"; site 0 is the leftmost tensor factor.
        ensemble: the quantum states at all n times or, where only the last was kept, at that one.
        moments: (n, N, 3) or (1, N, 3), classical; neither of the two when only observables were kept.
        energy: ⟨H⟩ or the classical energy, (n,).
        labels: names of the states of the equation that was solved.
        method: the method that was used.
        stats: what the method counted: steps, evaluations, seconds, …; plain text and numbers.
        hbar: ħ of the model.
        observed: arrays (n, …) by name, from `observe=`.
        restart: the state at any time in between, for `at`.

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
    ) -> None:
        """Keep the arrays; see the class for the arguments."""
        self.times = np.asarray(times, dtype=np.float64)
        self.spins, self.labels, self.method = tuple(map(str, spins)), tuple(map(str, labels)), str(method)
        self.ensemble = ensemble
        self._moments = None if moments is None else np.asarray(moments, dtype=np.float64)
        self._energy = None if energy is None else np.asarray(energy, dtype=np.float64)
        self.stats, self.hbar = dict(stats or {}), float(hbar)
        self.observed = {str(name): np.asarray(values) for name, values in (observed or {}).items()}
        self.restart = restart
        self._check()

    def _check(self) -> None:
        """Refuse arrays whose shapes do not fit together."""
        n, sites = len(self.times) if self.times.ndim == 1 else 0, len(self.spins)
        if n == 0 or not np.all(np.diff(self.times) > 0):
            raise InputError("`times` must be a strictly increasing 1-D array of at least one time; sort it.")
        if self.ensemble is not None and self._moments is not None:
            raise InputError("`ensemble` or `moments` must be given, but both are; a trajectory is of one kind.")
        dims = tuple(int(2 * Fraction(spin)) + 1 for spin in self.spins)
        if self.ensemble is not None and (self.ensemble.dims != dims or len(self.ensemble) not in (1, n)):
            raise InputError(f"`ensemble` must hold {n} times of sites {dims}, but is {self.ensemble}; check `spins`.")
        if self._moments is not None and self._moments.shape not in ((n, sites, 3), (1, sites, 3)):
            raise InputError(f"`moments` must have shape ({n}, {sites}, 3), not {self._moments.shape}; check `spins`.")
        if self._energy is not None and self._energy.shape != (n,):
            raise InputError(f"`energy` must have shape ({n},), but has {self._energy.shape}; give one a time.")
        for name, values in self.observed.items():
            if values.ndim == 0 or len(values) != n:
                raise InputError(f"`observed` must hold {n} values of {name!r}, not {values.shape}; give one a time.")

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    def __repr__(self) -> str:
        """Say what was solved, how, and how far the invariants drifted (where that is quickly known)."""
        first, last = self.times[[0, -1]]
        parts = [f"{len(self)} times from {first:g} to {last:g}", f"spins {', '.join(self.spins)}"]
        parts += [f"method {self.method}"] if self.method else []
        parts += [f"{self.stats['steps']} steps"] if "steps" in self.stats else []
        if "invariants" in self.__dict__ or self._drift_is_cheap():
            shown = [f"{name} {self.invariants[name]:.1g}" for name in _SHOWN if name in self.invariants]
            parts.append("drift " + ", ".join(shown))
        return f"<Trajectory: {', '.join(parts)}>"

    def _drift_is_cheap(self) -> bool:
        """Return whether the invariants take no visible time."""
        if self.ensemble is None:
            return self._moments is not None
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
            raise InputError(f"`{what}` needs the states at every time, but only the last was kept; use keep='all'.")
        return kept

    def _names(self) -> str:
        """Return the names of what was observed."""
        return ", ".join(self.observed) or "no observables"

    @property
    def states(self) -> NDArray[np.complex128]:
        """Density matrices, (n, d, d), dimensionless; refused with the size where they exceed the memory."""
        return self._quantum("states").density()

    @property
    def kets(self) -> NDArray[np.complex128]:
        """Columns |j(t)⟩ of ρ(t) = background + Σ_j w_j |j(t)⟩⟨j(t)|, (n, d, r).

        Where density matrices are kept they are diagonalised time by time: orthonormal eigenvectors of the nonzero
        eigenvalues, with phases, and bases of degenerate levels, that mean nothing.
        """
        return self._weighted[0]

    @property
    def weights(self) -> NDArray[np.float64]:
        """Weights w of the kets, (r,), constant in time; refused for a law that does not keep the spectrum."""
        return self._weighted[1]

    @cached_property
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
    def final_state(self) -> NDArray[Any]:
        """The last state: a density matrix (d, d), or moments (N, 3)."""
        kept: Any = self.ensemble if self._moments is None else self._moments
        if kept is None:
            raise InputError(f"`final_state` was not kept, but only {self._names()}; solve without `observe`.")
        return _array(kept[-1:])

    @property
    def moments(self) -> NDArray[np.float64]:
        """Classical unit moments, (n, N, 3), dimensionless."""
        if self.ensemble is not None:
            raise InputError("`moments` needs a classical law, but this trajectory is quantum; use `bloch(i)`.")
        moments: NDArray[np.float64] = self._complete("moments", self._moments)
        return moments

    @property
    def energy(self) -> NDArray[np.float64]:
        """The energy at each time, (n,), in the model's units."""
        if self._energy is None:
            raise InputError(f"`energy` was not kept, but only {self._names()}; solve without `observe`.")
        return self._energy

    def stored(self) -> dict[str, NDArray[np.float64] | None]:
        """Return times, energy and moments as they are kept; None for what was not."""
        return {"times": self.times, "energy": self._energy, "moments": self._moments}

    @cached_property
    def spectrum(self) -> NDArray[np.float64]:
        """Eigenvalues of ρ(t), (n, d), descending."""
        return spectrum(self._quantum("spectrum"))

    @cached_property
    def purity(self) -> NDArray[np.float64]:
        """Tr ρ², (n,)."""
        return purity(self._quantum("purity"))

    @cached_property
    def pauli(self) -> NDArray[np.float64]:
        """Pauli correlations, (n, 4^N − 1), in the order of the states of `Equation.pauli()`."""
        return pauli(self._quantum("pauli"))

    @property
    def T(self) -> NDArray[np.float64]:
        """Pauli correlations as a tensor, (n, 4, …, 4); PRL 133, 266704 (2024), eq. 9."""
        return tensor(self._quantum("T"))

    def bloch(self, i: int) -> NDArray[np.float64]:
        """Return ⟨S_i⟩/(s_i ħ), (n, 3); for a classical trajectory the moment of site i."""
        if self._moments is not None:
            return self.moments[:, check_site(i, len(self.spins))]
        return bloch(self._quantum("bloch"), i)

    def correlation(self, i: int = 0, j: int = 1) -> NDArray[np.float64]:
        """Return ⟨S_i^k S_j^l⟩/(s_i s_j ħ²), (n, 3, 3)."""
        return correlation(self._quantum("correlation"), i, j)

    def nonlocality(self, i: int = 0, j: int = 1) -> NDArray[np.float64]:
        """Return the Bell nonlocality B of two spins ½, (n,), with the root."""
        return nonlocality(self._quantum("nonlocality"), i, j)

    def concurrence(self, i: int = 0, j: int = 1) -> NDArray[np.float64]:
        """Return Wootters' concurrence of two spins ½, (n,)."""
        return concurrence(self._quantum("concurrence"), i, j)

    def reduced(self, sites: int | Sequence[int]) -> NDArray[np.complex128]:
        """Return the reduced density matrices of some sites, (n, e, e)."""
        return reduced(self._quantum("reduced"), sites)

    def renyi(self, order: float) -> NDArray[np.float64]:
        """Return the Rényi entropy of some order ≥ 0, (n,), natural logarithm."""
        return renyi(self._quantum("renyi"), order)

    def entropy(self) -> NDArray[np.float64]:
        """Return von Neumann's entropy, (n,), natural logarithm."""
        return entropy(self._quantum("entropy"))

    def expectation(self, op: Any) -> NDArray[Any]:
        """Return Tr ρ(t) op, (n,), of a (d, d) array, sparse matrix or Qobj."""
        return expectation(self._quantum("expectation"), op)

    @cached_property
    def invariants(self) -> dict[str, float]:
        """Largest drift of each invariant over the trajectory; see `flow.drift`."""
        if self._moments is not None:
            return drift.classical(self.moments)
        return drift.quantum(self._quantum("invariants"))

    def at(self, t: float) -> NDArray[Any]:
        """Return the state at any time of the trajectory: a density matrix (d, d), or moments (N, 3).

        Args:
            t: a time from the first to the last.

        Raises:
            InputError: the time is outside, or lies between stored times of a loaded trajectory.
        """
        if not isinstance(t, Real) or not self.times[0] <= t <= self.times[-1]:
            first, last = self.times[[0, -1]]
            raise InputError(f"`t` must be a time from {first:g} to {last:g}, but is {t!r}; solve for more `times`.")
        stored = int(np.argmin(np.abs(self.times - t)))
        kept = self.ensemble if self._moments is None else self._moments
        if self.times[stored] == t and kept is not None and len(kept) == len(self.times):
            state: Ensemble | NDArray[np.float64] = kept[stored : stored + 1]
        elif self.restart is not None:
            state = self.restart(float(t))
        else:
            nearest = self.times[stored]
            raise InputError(f"`t` must be a stored time here, but is {t!r}; the nearest is {nearest:.17g}; take that.")
        return _array(state)

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
