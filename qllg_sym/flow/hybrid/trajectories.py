"""What is found of many trajectories of clusters and moments: each, and their readings with an axis of rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self, overload

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.display import in_html
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError, RowError
from qllg_sym.flow.hybrid.archive import MANY, rows_of_arrays, stacked_arrays
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.model.model import Model
from qllg_sym.units import Units

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class HybridTrajectories(files.Saved, Sequence[HybridTrajectory]):
    """m trajectories of clusters and moments at n times.

    Readings of `HybridTrajectory` have a leading axis: `many.bloch(0)` is (m, n, 3), `many.energy` (m, n). An index
    gives one trajectory; a slice, a mask or an array of numbers gives some of them. Where a row failed or was
    interrupted arrays are NaN from the first time that it did not reach; the row itself is as long as it came.

    Attributes:
        times: (n,).
        rows: a trajectory each; None for one that was not begun.
        values: the parameters by name, a number or (m,).
        failures: why a row stopped early, by its number.
        shape: how the rows are laid out: the shape of the arrays of parameters, last axis fastest; (m,) for a list.

    >>> import sympy as sp
    >>> from qllg_sym import Exchange, Space, solve_many, states
    >>> J, start = sp.Symbol("J", real=True), HybridState([states.product("up")], [[1, 0, 0]])
    >>> model, law = Model(Space("1/2", "1"), [Exchange(J, 0, 1)]), Hybrid(0.5, 0.1, clusters=[0], classical=[1])
    >>> many = solve_many(model, law, start, [0, 40], {"J": [-1, 1]})
    >>> many.energy[:, -1].round(9).tolist(), many.bloch(0).shape
    ([-2.0, -2.0], (2, 2, 3))
    """

    times: Array
    rows: tuple[HybridTrajectory | None, ...]
    values: Mapping[str, Any]
    failures: Mapping[int, str]
    shape: tuple[int, ...]
    KIND: ClassVar[str] = MANY

    def _packed(self) -> tuple[Any, ...]:
        """All rows as arrays and metadata."""
        return stacked_arrays(self.times, self.rows, self.values, self.failures, self.shape)

    @classmethod
    def _unpacked(cls, arrays: dict[str, Any], metadata: dict[str, Any]) -> Self:
        """What arrays and metadata hold."""
        fields = rows_of_arrays(arrays, metadata)
        return cls(**fields | {"rows": tuple(row and HybridTrajectory(**row) for row in fields["rows"])})

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> HybridTrajectory: ...

    @overload
    def __getitem__(self, index: Any) -> Any: ...

    def __getitem__(self, index: Any) -> Any:
        """Return one trajectory, or those of a slice, a mask or an array of numbers."""
        try:
            chosen = np.arange(len(self))[index]
            if np.ndim(chosen) > 1:
                raise IndexError
        except IndexError:
            raise RowError(f"`index` must choose among the {len(self)} trajectories from 0, but is {index!r}; "
                           "write many[0].") from None
        if np.ndim(chosen) == 0:
            return self._row(int(chosen))
        if not len(chosen):
            raise InputError(f"`index` must choose at least one of {len(self)} trajectories, but chooses none; "
                             "write many[:1].")
        places = {int(row): place for place, row in enumerate(chosen)}
        return replace(self, rows=tuple(self.rows[int(row)] for row in chosen), shape=(len(chosen),),
                       values={name: v[chosen] if np.ndim(v) else v for name, v in self.values.items()},
                       failures={places[row]: why for row, why in self.failures.items() if row in places})

    def __iter__(self) -> Iterator[HybridTrajectory]:
        """Go through the trajectories."""
        return (self._row(row) for row in range(len(self)))

    def _row(self, row: int) -> HybridTrajectory:
        """Return a trajectory that was begun."""
        if (found := self.rows[row]) is None:
            raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                             "not; look at `failures`, or solve it anew.")
        return found

    @property
    def first(self) -> HybridTrajectory:
        """The first that was begun."""
        return next(row for row in self.rows if row is not None)

    @property
    def model(self) -> Model:
        """The model that was solved, as of a `HybridTrajectory`."""
        return self.first.model

    @property
    def law(self) -> Hybrid:
        """The hybrid law, as `model`."""
        return self.first.law

    @property
    def units(self) -> Units | None:
        """The units of the model; None where it has none, or where it is not known."""
        return self.first.units

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many of the times each row reached, (m,)."""
        return np.array([0 if row is None else len(row) for row in self.rows])

    @cached_property
    def energy(self) -> Array:
        """The energies, (m, n)."""
        return self._stacked(lambda row: row.energy)

    @property
    def moments(self) -> Array:
        """The moments of classical sites, (m, n, n_classical, 3)."""
        return self._stacked(lambda row: row.moments)

    @property
    def observed(self) -> dict[str, Array]:
        """Arrays (m, n, …) by name, from `observe=`."""
        return {name: self._stacked(lambda row, name=name: row.observed[name])       # type: ignore[misc]
                for name in self.first.observed}

    @property
    def final_states(self) -> list[HybridState]:
        """The last state of each row, to go on from."""
        return [row.final_state for row in self]

    @property
    def invariants(self) -> dict[str, Array]:
        """Largest drift of each invariant, (m,) by name, NaN where a row was not begun."""
        found = [{} if row is None else row.invariants for row in self.rows]
        return {name: np.array([each.get(name, np.nan) for each in found]) for name in self.first.invariants}

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site, (m, n, 3); see `HybridTrajectory.bloch`."""
        return self._stacked(lambda row: row.bloch(i))

    def read(self, cluster: int, name: str, *arguments: Any) -> Array:
        """Return a reading of one cluster in every row, such as its concurrence, (m, n, …).

        Args:
            cluster: its number in the law.
            name: of the reading of a `Trajectory`.
            arguments: what it takes, sites numbered anew from 0.

        Raises:
            InputError: there is no such cluster, or no such reading.
        """
        if not 0 <= cluster < (count := len(self.first.clusters)):
            raise InputError(f"`cluster` must be a number from 0 to {count - 1}, but is {cluster!r}; they count as in "
                             "the law.")

        if not hasattr(Trajectory, name) or name.startswith("_"):
            raise InputError(f"`name` must be a reading of a Trajectory, but is {name!r}; write read(0, \"purity\").")

        def of(row: HybridTrajectory) -> Array:
            """Its reading."""
            found = getattr(row.clusters[cluster], name)
            return np.asarray(found(*arguments) if callable(found) else found)

        return self._stacked(of)

    def plot(self, *arguments: Any, **options: Any) -> Any:
        """Refuse: a picture is of one trajectory.

        Raises:
            InputError: always.
        """
        raise InputError(f"`plot` must be asked of one trajectory, but there are {len(self)}; write many[0].plot().")

    def _stacked(self, read: Callable[[HybridTrajectory], Array]) -> Array:
        """Return what is read of all rows, NaN where there is nothing."""
        each = [None if row is None else np.asarray(read(row)) for row in self.rows]
        like = next(values for values in each if values is not None)
        whole = np.full((len(each), len(self.times), *like.shape[1:]), np.nan, np.result_type(like, float))
        for k, values in enumerate(each):
            if values is not None:
                whole[k, :len(values)] = values
        return whole

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say how many there are, and of what."""
        failed = f", {len(self.failures)} failed" if self.failures else ""
        grid = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        sites = ", ".join(str(sites) for sites in self.first.quantum) or "none"
        return (f"<HybridTrajectories: {len(self)}{grid} of {len(self.times)} times from {self.times[0]:g} to "
                f"{self.times[-1]:g}, clusters {sites}, {len(self.first.classical)} moments{failed}>")

