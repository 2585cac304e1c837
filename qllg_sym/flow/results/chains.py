"""What is found of many trajectories without kets: each, and their readings with an axis of rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from qllg_sym.display import in_html
from qllg_sym.errors import InputError, RowError
from qllg_sym.flow.results.chain import ChainTrajectory

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class ChainTrajectories(Sequence[ChainTrajectory]):
    """m trajectories of free fermions or matrix product states at n times.

    Readings have a leading axis: `many.profile()` is (m, n, N, 3), `many.energy` (m, n). Where a row failed or was
    interrupted arrays are NaN from the first time that it did not reach. One is saved at a time: `many[0].save(path)`.

    Attributes:
        times: (n,).
        rows: a trajectory each; None for one that gave nothing.
        values: the parameters by name, a number or (m,).
        failures: why a row stopped early, by its number.
        shape: how the rows are laid out: the shape of the arrays of parameters, last axis fastest; (m,) for a list.

    >>> import sympy as sp
    >>> from qllg_sym import Bilinear, Model, QuantumLLG, Space, chain, solve_many, states
    >>> J = sp.Symbol("J", real=True)
    >>> model = Model(Space.half(2), chain(2, Bilinear, ((J, 0, 0), (0, J, 0), (0, 0, 0))))
    >>> many = solve_many(model, QuantumLLG(0.5), states.product("up", "down"), [0, 40], {"J": [1, 2]},
    ...                   method="gaussian")
    >>> many.energy[:, -1].round(9).tolist(), many.bloch(0).shape
    ([-0.5, -1.0], (2, 2, 3))
    """

    times: Array
    rows: tuple[ChainTrajectory | None, ...]
    values: Mapping[str, Any]
    failures: Mapping[int, str]
    shape: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> ChainTrajectory: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ChainTrajectory]: ...

    def __getitem__(self, index: int | slice) -> ChainTrajectory | Sequence[ChainTrajectory]:
        """Return one trajectory, or those of a slice.

        Raises:
            RowError: there is no such row.
            InputError: a row that gave nothing.
        """
        if isinstance(index, slice):
            return [self._row(row) for row in range(len(self))[index]]
        try:
            return self._row(range(len(self))[index])
        except (IndexError, TypeError):
            raise RowError(f"`index` must choose among the {len(self)} trajectories from 0, but is {index!r}; "
                           "write many[0].") from None

    def __iter__(self) -> Iterator[ChainTrajectory]:
        """Go through the trajectories."""
        return (self._row(row) for row in range(len(self)))

    def _row(self, row: int) -> ChainTrajectory:
        """Return a trajectory that was begun."""
        if (found := self.rows[row]) is None:
            raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                             "not; look at `failures`, or solve it anew.")
        return found

    @property
    def first(self) -> ChainTrajectory:
        """The first that was begun."""
        return next(row for row in self.rows if row is not None)

    @property
    def energy(self) -> Array:
        """The energies, (m, n)."""
        return self._stacked(lambda row: row.energy)

    @property
    def observed(self) -> dict[str, Array]:
        """Arrays (m, n, …) by name, from `observe=`."""
        return {name: self._stacked(lambda row, name=name: row.observed[name])       # type: ignore[misc]
                for name in self.first.observed}

    def bloch(self, i: int) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of a site, (m, n, 3)."""
        return self._stacked(lambda row: row.bloch(i))

    def profile(self, axis: str | None = None) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site, (m, n, N, 3), or (m, n, N) with an axis."""
        return self._stacked(lambda row: row.profile(axis))

    def _stacked(self, read: Callable[[ChainTrajectory], Array]) -> Array:
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
        return in_html(repr(self).strip("<>"))

    def __repr__(self) -> str:
        """Say how many there are, and of what."""
        failed = f", {len(self.failures)} failed" if self.failures else ""
        grid = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        return (f"<ChainTrajectories: {len(self)}{grid} of {len(self.times)} times from {self.times[0]:g} to "
                f"{self.times[-1]:g}, {len(self.first.spins)} sites, method {self.first.method}{failed}>")
