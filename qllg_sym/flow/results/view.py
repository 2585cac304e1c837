"""What is read off a record: the same attributes for one trajectory and, with a leading axis of rows, for many."""

from abc import abstractmethod
from collections.abc import Callable
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.flow.results import archive
from qllg_sym.flow.results.absent import TellsWhatItHas
from qllg_sym.flow.results.export import to_dataset
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.readings import Readings
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.series import TimeSeries
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory
from qllg_sym.units import Units

Array = NDArray[Any]


class View(TellsWhatItHas, files.Saved, Readings):
    """m trajectories of n times, or one: what is kept of them in a record.

    Shapes are those of one trajectory; of many, arrays begin with an axis of rows.

    Attributes:
        record: what is kept, as data.
    """

    times: NDArray[np.float64]
    spins: tuple[str, ...]
    record: Record

    @classmethod
    @abstractmethod
    def _of(cls, record: Record) -> Self:
        """Return a view of a record by itself, which knows nothing of how it was found."""

    @abstractmethod
    def _part(self, record: Record) -> Self:
        """Return a view of a part of the record, for what is solved with the same numbers."""

    @abstractmethod
    def _own(self, array: Any) -> Any:
        """Return an array with an axis of rows as it is shown: as it is, or that of the one row."""

    @abstractmethod
    def _between(self, t: float) -> Self:
        """Return the trajectories at a time whose states are not kept, or refuse it in a sentence."""

    @abstractmethod
    def _rows(self, read: Callable[[TimeSeries], Any], series: bool = True) -> Any:
        """Return what `read` gives for each trajectory; `series`: a first axis may be one of times."""

    @property
    @refusable
    def states(self) -> NDArray[np.complex128]:
        """Density matrices, (n, d, d), dimensionless; refused with the size where they exceed the memory."""
        if (m := len(self.record.counts)) > 1:
            d = self.record.dimension
            require_memory("states", (m, len(self.times), d, d), "ask for `kets` or for observables")
        return np.asarray(self._each(lambda part: part.quantum("states").density()))

    @property
    @refusable
    def kets(self) -> NDArray[np.complex128]:
        """Columns |j(t)⟩ of ρ(t) = background + Σ_j w_j |j(t)⟩⟨j(t)|, (n, d, r).

        Where density matrices are kept they are diagonalised time by time: orthonormal eigenvectors of the nonzero
        eigenvalues, with phases, and bases of degenerate levels, that mean nothing. Rows must have as many kets each.
        """
        return np.asarray(self._rows(lambda row: row.weighted[0]))

    @property
    @refusable
    def weights(self) -> NDArray[np.float64]:
        """Weights w of the kets, (r,), constant in time; refused for a law that does not keep the spectrum."""
        return np.asarray(self._rows(lambda row: row.weighted[1], series=False))

    @property
    @refusable
    def background(self) -> Any:
        """The multiple of the identity beside the kets; 0 where density matrices are kept."""
        return self._rows(lambda row: row.quantum("background").background)

    @property
    @refusable
    def moments(self) -> NDArray[np.float64]:
        """Classical unit moments, (n, N, 3), dimensionless."""
        return np.asarray(self._each(TimeSeries.moments))

    @property
    @refusable
    def energy(self) -> NDArray[np.float64]:
        """The energy at each time, (n,), in the model's units."""
        if self.record.energy is None:
            raise InputError(f"`energy` was not kept, but only {self._names()}; solve without `observe`.")
        return np.asarray(self._own(self.record.energy))

    def _names(self) -> str:
        """Return the names of what was observed."""
        return ", ".join(self.record.observed) or "no observables"

    @property
    @refusable
    def model(self) -> Model:
        """The model that was solved; of what was loaded, read from the file's text.

        Raises:
            InputError: it is not known: a file of an older format, or a model that has no text.
        """
        return self._known("model").model

    @property
    @refusable
    def law(self) -> Law:
        """The law of motion, as `model`."""
        return self._known("law").law

    @property
    def units(self) -> Units | None:
        """The units of the model; None where it has none, or where it is not known."""
        return self.record.units

    def _known(self, name: str) -> Provenance:
        """Return what was solved, or refuse it in a sentence."""
        if self.record.provenance is None:
            raise InputError(f"`{name}` must be known to be asked for, but these numbers came without it, as files of "
                             "format 2 did; keep the model beside them.")
        return self.record.provenance

    @property
    @refusable
    def invariants(self) -> Any:
        """Largest drift of each invariant over the trajectory, by name; see `flow.results.drift`.

        Under a law that does not keep the spectrum, purity and spectrum are none.
        """
        return self._kept(self._rows(lambda row: row.drifts))

    def _kept(self, found: Any) -> Any:
        """Return, of what there is by the names of invariants, those that the law keeps."""
        if all(stats.get("keeps_spectrum", True) for stats in self.record.stats):
            return found
        return {name: drift for name, drift in found.items() if name not in ("purity", "spectrum")}

    @property
    @refusable
    def final_state(self) -> Array:
        """The last state: a density matrix (d, d), or moments (N, 3)."""
        if not self.record.stacks:
            raise InputError(f"`final_state` was not kept, but only {self._names()}; solve without `observe`.")
        return _only(self._part(self.record.snapshot(len(self.times) - 1)))

    def at(self, t: float) -> Array:
        """Return the state at any time of the trajectory: a density matrix (d, d), or moments (N, 3).

        Args:
            t: a time from the first to the last.

        Raises:
            InputError: the time is outside, or lies between stored times of a trajectory whose file does not hold all
                that was solved, or was not read by `qllg_sym.load`; or the density matrix is larger than the memory,
                where `snapshot(t)` serves.
        """
        return _only(self.snapshot(t))

    def snapshot(self, t: float) -> Self:
        """Return what there is at one time, as a trajectory of one time, for every observable at that time.

        Args:
            t: a time from the first to the last; between stored times it is solved anew up to it.

        Raises:
            InputError: as `at`.

        >>> from qllg_sym import Trajectory
        >>> from qllg_sym.observables.ensemble import Ensemble
        >>> up = Ensemble((2,), kets=[[[1], [0]]] * 2, weights=[1])
        >>> Trajectory([0, 1], ("1/2",), up).snapshot(1).bloch(0).tolist()
        [[0.0, 0.0, 1.0]]
        """
        stored = np.flatnonzero(self.times == t) if isinstance(t, Real) else np.zeros(0, dtype=int)
        if stored.size and self.record.holds(int(stored[0])):
            return self._part(self.record.snapshot(int(stored[0])))
        return self._between(t)

    @property
    @refusable
    def last(self) -> Self:
        """The last time as a trajectory of its own; all there is with keep="final".

        `LowRank(last.weights, last.kets[0], last.background)` is a state to go on from.
        """
        return self.snapshot(float(self.times[-1]))

    def to_xarray(self) -> Any:
        """Return an xarray Dataset with labelled axes: energy, Bloch vectors, Pauli correlations, what was observed.

        Many trajectories have a leading axis "trajectory" and their parameters as its coordinates.

        Raises:
            InputError: xarray is not installed.
        """
        return to_dataset(self, self.record, self.KIND)

    def _packed(self) -> tuple[Any, ...]:
        """The record as arrays and metadata."""
        return archive.to_arrays(self.record, self.KIND)

    @classmethod
    def _unpacked(cls, arrays: dict[str, Any], metadata: dict[str, Any]) -> Self:
        """What arrays and metadata hold."""
        return cls._of(archive.from_arrays(arrays, metadata, cls.KIND))


def _only(one: View) -> Array:
    """Return the states of a view of one time, without the axis of times."""
    return np.asarray((one.moments if one.record.classical else one.states)[..., 0, :, :])
