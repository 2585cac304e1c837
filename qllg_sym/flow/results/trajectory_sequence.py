"""Many trajectories that each are an object of their own, and their readings with an axis of rows."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from qllg_sym.display import in_html
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, RowError
from qllg_sym.flow.results.absent import TellsWhatItHas
from qllg_sym.model.model import Model
from qllg_sym.units import Units

Array = NDArray[Any]


class OneTrajectory(Protocol):
    """What a trajectory has that can be one of many."""

    @property
    def energy(self) -> Array:
        """The energy at each time, (n,)."""

    @property
    def observed(self) -> Mapping[str, Array]:
        """Arrays (n, …) by name, from `observe=`."""

    @property
    def final_state(self) -> Any:
        """The last state, to go on from."""

    @property
    def invariants(self) -> dict[str, float]:
        """Largest drift of each invariant, by name."""

    @property
    def model(self) -> Model:
        """The model that was solved."""

    @property
    def law(self) -> Law:
        """The law of motion."""

    @property
    def units(self) -> Units | None:
        """The units of the model."""

    def __len__(self) -> int:
        """Return the number of times, n."""

    def bloch(self, i: int, /) -> Array:
        """Return the direction of a site, (n, 3)."""


T = TypeVar("T", bound=OneTrajectory)
Self_ = TypeVar("Self_", bound="TrajectorySequence[Any]")


@dataclass(frozen=True, eq=False, repr=False)
class TrajectorySequence(TellsWhatItHas, Sequence[T]):
    """m trajectories at n times; what derives from this says which, and has their other readings.

    An index gives one trajectory; a slice, a mask or an array of numbers gives some of them. Where a row failed or was
    interrupted arrays are NaN from the first time that it did not reach; the row itself is as long as it came.

    Attributes:
        times: (n,).
        rows: a trajectory each; None for one that was not begun.
        values: the parameters by name, a number or (m,).
        failures: why a row stopped early, by its number.
        shape: how the rows are laid out: the shape of the arrays of parameters, last axis fastest; (m,) for a list.
    """

    times: Array
    rows: tuple[T | None, ...]
    values: Mapping[str, Any]
    failures: Mapping[int, str]
    shape: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self: Self_, index: Any) -> Self_: ...

    def __getitem__(self, index: Any) -> Any:
        """Return one trajectory, or those of a slice, a mask or an array of numbers.

        Raises:
            RowError: there is no such row.
            InputError: a row that was not begun, or none at all.
        """
        chosen = chosen_rows(index, len(self))
        if chosen.ndim == 0:
            return self._row(int(chosen))
        places = {int(row): place for place, row in enumerate(chosen)}
        return replace(self, rows=tuple(self.rows[row] for row in chosen.tolist()), shape=(len(chosen),),
                       values={name: np.asarray(v)[chosen] if np.ndim(v) else v for name, v in self.values.items()},
                       failures={places[row]: why for row, why in self.failures.items() if row in places})

    def __iter__(self) -> Iterator[T]:
        """Go through the trajectories."""
        return (self._row(row) for row in range(len(self)))

    def _row(self, row: int) -> T:
        """Return a trajectory that was begun."""
        if (found := self.rows[row]) is None:
            raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                             "not; look at `failures`, or solve it anew.")
        return found

    @property
    def first(self) -> T:
        """The first that was begun."""
        return next(row for row in self.rows if row is not None)

    @property
    def model(self) -> Model:
        """The model that was solved, as of one trajectory."""
        return self.first.model

    @property
    def law(self) -> Law:
        """The law of motion, as `model`."""
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
    def observed(self) -> dict[str, Array]:
        """Arrays (m, n, …) by name, from `observe=`."""
        return {name: self._stacked(lambda row, name=name: row.observed[name])       # type: ignore[misc]
                for name in self.first.observed}

    @property
    def final_states(self) -> list[Any]:
        """The last state of each row, to go on from."""
        return [row.final_state for row in self]

    @property
    def invariants(self) -> dict[str, Array]:
        """Largest drift of each invariant, (m,) by name, NaN where a row was not begun."""
        found = [{} if row is None else row.invariants for row in self.rows]
        return {name: np.array([each.get(name, np.nan) for each in found]) for name in self.first.invariants}

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site, (m, n, 3)."""
        return self._stacked(lambda row: row.bloch(i))

    def plot(self, *arguments: Any, **options: Any) -> Any:
        """Refuse: a picture is of one trajectory.

        Raises:
            InputError: always.
        """
        raise InputError(f"`plot` must be asked of one trajectory, but there are {len(self)}; write many[0].plot().")

    def _stacked(self, read: Callable[[T], Array]) -> Array:
        """Return what is read of all rows, NaN where there is nothing."""
        each = [None if row is None else np.asarray(read(row)) for row in self.rows]
        like = next(values for values in each if values is not None)
        whole = np.full((len(each), len(self.times), *like.shape[1:]), np.nan, np.result_type(like, float))
        for k, values in enumerate(each):
            if values is not None:
                whole[k, :len(values)] = values
        return whole

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name."""
        return f"ask one trajectory for it, many[0].{name}" if hasattr(type(self.first), name) else ""

    @abstractmethod
    def _content(self) -> str:
        """Say in a few words what each trajectory is of."""

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say how many there are, and of what."""
        failed = f", {len(self.failures)} failed" if self.failures else ""
        grid = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        return (f"<{type(self).__name__}: {len(self)}{grid} of {len(self.times)} times from {self.times[0]:g} to "
                f"{self.times[-1]:g}, {self._content()}{failed}>")


def chosen_rows(index: Any, m: int) -> NDArray[np.int64]:
    """Return the numbers of the rows that an index chooses among m: one without an axis, or (k,).

    Raises:
        RowError: there is no such row.
        InputError: none is chosen.

    >>> chosen_rows(-1, 3).tolist(), chosen_rows([True, False, True], 3).tolist()
    (2, [0, 2])
    """
    try:
        rows = np.asarray(np.arange(m)[index])
        if rows.ndim > 1:
            raise IndexError
    except IndexError:
        raise RowError(f"`index` must choose among the {m} trajectories from 0, but is {index!r}; "
                       "write many[0].") from None
    if rows.ndim and not len(rows):
        raise InputError(f"`index` must choose at least one of {m} trajectories, but chooses none; write many[:1].")
    return rows
