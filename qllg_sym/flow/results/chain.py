"""What is found of spins whose states are held in a form of their own, with the readings that kets have."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.display import in_html
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, QllgError
from qllg_sym.flow.results.absent import TellsWhatItHas
from qllg_sym.flow.results.archive import names_of_arrays
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.flow.results.provenance import Provenance, text_and_numbers
from qllg_sym.flow.results.shapes import check_shapes, dimensions
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.model.model import Model
from qllg_sym.observables import profile
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.mutual_information import mutual_information
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.sites import check_pair, check_site, row
from qllg_sym.plot.drawable import Drawable
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes, Figure

Array = NDArray[Any]
PANELS = ("bloch", "profile", "energy", "nonlocality", "observed")
FEW = 8             # spins up to which curves are drawn, else maps


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChainTrajectory(TellsWhatItHas, files.Saved):
    """States of many spins at n times; what derives from this knows how one state is held, and reduces it.

    Attributes:
        times: (n,), strictly increasing.
        spins: the spin of each site as text.
        energy: ⟨H⟩, (n,).
        hbar: ħ of the model.
        values: the parameters by name.
        stats: what was counted.
        provenance: what was solved.
        observed: arrays (n, …) by name, from `observe=`.
    """

    times: Array
    spins: tuple[str, ...]
    energy: Array
    hbar: float
    values: Mapping[str, Any]
    stats: Mapping[str, Any]
    provenance: Provenance
    observed: Mapping[str, Array] = field(default_factory=dict)
    METHOD: ClassVar[str] = ""

    @abstractmethod
    def reduced(self, sites: Sequence[int] | int) -> Array:
        """Return the density matrices of some sites, (n, e, e)."""

    @abstractmethod
    def profile(self, axis: str | None = None) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site, (n, N, 3), or (n, N) with an axis."""

    @abstractmethod
    def at(self, t: float) -> Any:
        """Return the state at one of the times whose states are kept."""

    @property
    @abstractmethod
    def final_state(self) -> Any:
        """The state at the last time, to go on from."""

    @property
    @abstractmethod
    def invariants(self) -> dict[str, float]:
        """Largest drift of each invariant, by name."""

    @abstractmethod
    def _arrays(self) -> dict[str, tuple[Array, tuple[str, ...]]]:
        """Return arrays of the states with the names of their axes, for files."""

    @classmethod
    @abstractmethod
    def _fields(cls, arrays: Mapping[str, Array], n: int, sites: int) -> dict[str, Any]:
        """Return the fields that `_arrays` gave, checked."""

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    @property
    def model(self) -> Model:
        """The model that was solved; of what was loaded, read from the file's text.

        Raises:
            InputError: a file has no text of it.
        """
        return self.provenance.model

    @property
    def law(self) -> Law:
        """The law of motion, as `model`."""
        return self.provenance.law

    @property
    def units(self) -> Units | None:
        """The units of the model; None where it has none, or where it is not known."""
        return self.provenance.units

    @property
    def method(self) -> str:
        """How it was solved."""
        return self.METHOD

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site, (n, 3)."""
        return np.asarray(self.profile()[:, check_site(i, len(self.spins))])

    def correlation(self, i: int = 0, j: int = 1, connected: bool = False) -> Array:
        r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j\hbar^2)$ of two sites, (n, 3, 3), as `Trajectory` does."""
        return correlation(self._pair(i, j), 0, 1, connected)

    def nonlocality(self, i: int = 0, j: int = 1) -> Array:
        """Return Bell nonlocality of two spins ½, (n,); see `Trajectory.nonlocality`."""
        return nonlocality(self._pair(i, j), 0, 1)

    def concurrence(self, i: int = 0, j: int = 1) -> Array:
        """Return Wootters' concurrence of two spins ½, (n,); see `Trajectory.concurrence`."""
        return concurrence(self._pair(i, j), 0, 1)

    def mutual_information(self, i: int = 0, j: int = 1) -> Array:
        """Return the mutual information of two sites, (n,); see `Trajectory.mutual_information`."""
        return mutual_information(self._pair(i, j), 0, 1)

    def _pair(self, i: Any, j: Any) -> Ensemble:
        """The states of two sites."""
        pair = check_pair(i, j, len(self.spins))
        return Ensemble(dimensions(tuple(self.spins[k] for k in pair)), density=self.reduced(pair))

    def _place(self, t: float, kept: int) -> int:
        """Return the place of a time among the last ones, whose states are kept.

        Raises:
            InputError: another time.
        """
        found = np.flatnonzero(self.times[len(self.times) - kept:] == t)
        if not len(found):
            raise InputError(f"`t` must be a time whose state is kept, but is {t!r}, and {kept} are kept; solve for "
                             "it.")
        return int(found[0])

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name."""
        return f"leave out method={self.method!r} for it" if hasattr(Trajectory, name) else ""

    def _packed(self) -> tuple[Any, ...]:
        """Return what `files.save` takes."""
        arrays: dict[str, Array] = {"time": self.times, "energy": self.energy}
        axes: dict[str, tuple[str, ...]] = {"time": ("time",), "energy": ("time",)}
        for name, (array, names) in self._arrays().items():
            arrays[name], axes[name] = array, names
        named = names_of_arrays(self.observed, "observed_{}", "{}")
        arrays |= {array: self.observed[name] for name, array in named.items()}
        axes |= {array: ("time", *(f"{array}_{k}" for k in range(1, self.observed[name].ndim)))
                 for name, array in named.items()}
        metadata: dict[str, Any] = {
            "spins": list(self.spins), "hbar": self.hbar, "observed": list(named),
            "values": {k: float(v) for k, v in self.values.items() if isinstance(v, (int, float, np.number))},
            "stats": {k: v.item() if isinstance(v, np.generic) else v for k, v in self.stats.items()},
            "observed_arrays": list(named.values()), "about": self.provenance.about(self.values)}
        about = {"title": f"{self.KIND} of spins {row(self.spins)[:200]}", "source": "qllg_sym",
                 **text_and_numbers(metadata["about"])}
        return arrays, metadata, axes, {"axis": ("x", "y", "z"), "site": range(len(self.spins))}, {"": about}

    @classmethod
    def _unpacked(cls, arrays: dict[str, Array], metadata: dict[str, Any]) -> Self:
        """Return what arrays and metadata hold."""
        times, spins = arrays["time"], tuple(map(str, metadata["spins"]))
        observed = {str(name): arrays[array] for name, array in
                    zip(metadata["observed"], metadata["observed_arrays"], strict=True)}
        check_shapes(times, spins, None, None, arrays["energy"], observed)
        values = {str(k): float(v) for k, v in metadata["values"].items()}
        return cls(times=times, spins=spins, energy=arrays["energy"], hbar=float(metadata["hbar"]), values=values,
                   stats=dict(metadata["stats"]), provenance=Provenance.loaded(metadata["about"], spins),
                   observed=observed, **cls._fields(arrays, len(times), len(spins)))

    def to_xarray(self) -> Any:
        """Return an xarray Dataset of energy, Bloch vectors and what was observed.

        Raises:
            InputError: xarray is not installed.
        """
        try:
            xarray = import_module("xarray")
        except ImportError:
            raise InputError("`to_xarray` needs xarray, but it is not installed; run pip install "
                             "qllg_sym[io].") from None
        data = {"energy": (["time"], self.energy), "bloch": (["time", "site", "axis"], self.profile())}
        data |= {name: (["time", *(f"{name}_{k}" for k in range(1, values.ndim))], values)
                 for name, values in self.observed.items()}
        about = text_and_numbers(self.provenance.about(self.values))
        return xarray.Dataset(data, {"time": self.times, "site": range(len(self.spins)), "axis": ["x", "y", "z"]},
                              {**about, "method": self.method, "hbar": self.hbar, "spins": ", ".join(self.spins)})

    def plot(self, what: Sequence[str] | str | None = None, fig: "Figure | None" = None,
             axes: "Axes | Sequence[Axes] | NDArray[Any] | None" = None,
             ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
        """Draw the spins and the energy over time: curves of few, maps of more than eight.

        Args:
            what: panels of bloch, profile, energy, nonlocality (of sites 0 and 1) and observed.
            fig: as of `Trajectory.plot`.
            axes: as of `Trajectory.plot`.
            ax: as of `Trajectory.plot`.

        Raises:
            InputError: another panel.
        """
        from qllg_sym.plot.trajectory import plot

        usual = ["bloch" if len(self.spins) <= FEW else "profile", "energy"]
        names = usual if what is None else [what] if isinstance(what, str) else list(what)
        unknown = [name for name in names if name not in PANELS]
        if unknown or not names:
            raise InputError(f"`what` must be of {', '.join(PANELS)} here, but is "
                             f"{repr(unknown[0]) if unknown else 'empty'}; choose of these.")
        return plot(cast(Drawable, self), names, fig, axes, ax)

    @property
    def heading(self) -> tuple[str, ...]:
        """What made the numbers, in a few words each."""
        try:
            return heading_of(self.model, self.law, self.values)
        except QllgError:
            return (f"spins {row(self.spins)}",)

    @property
    def ensemble(self) -> None:
        """No: there are no kets."""

    def finer(self, points: int = 0) -> Self:
        """Return itself."""
        return self

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say what was solved."""
        first, last = self.times[[0, -1]]
        return (f"<{type(self).__name__}: {len(self)} times from {first:g} to {last:g}, spins {row(self.spins)}, "
                f"{self.stats.get('steps', 0)} steps>")


def component(vectors: Array, axis: str | None) -> Array:
    """Return Bloch vectors (n, N, 3), or one component of them.

    >>> component(np.zeros((1, 4, 3)), "z").shape
    (1, 4)
    """
    return profile.of_moments(vectors, axis)
