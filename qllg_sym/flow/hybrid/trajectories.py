"""What is found of many trajectories of clusters and moments: each, and their readings with an axis of rows."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError
from qllg_sym.flow.hybrid.archive import MANY, rows_of_arrays, stacked_arrays
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.results.trajectory_sequence import TrajectorySequence

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class HybridTrajectories(TrajectorySequence[HybridTrajectory], files.Saved):
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
    >>> from qllg_sym import Exchange, Hybrid, HybridState, Model, Space, solve_many, states
    >>> J, start = sp.Symbol("J", real=True), HybridState([states.product("up")], [[1, 0, 0]])
    >>> model, law = Model(Space("1/2", "1"), [Exchange(J, 0, 1)]), Hybrid(0.5, 0.1, clusters=[0], classical=[1])
    >>> many = solve_many(model, law, start, [0, 40], {"J": [-1, 1]})
    >>> many.energy[:, -1].round(9).tolist(), many.bloch(0).shape
    ([-2.0, -2.0], (2, 2, 3))
    """

    KIND: ClassVar[str] = MANY

    def _packed(self) -> tuple[Any, ...]:
        """All rows as arrays and metadata."""
        return stacked_arrays(self.times, self.rows, self.values, self.failures, self.shape)

    @classmethod
    def _unpacked(cls, arrays: dict[str, Any], metadata: dict[str, Any]) -> Self:
        """What arrays and metadata hold."""
        fields = rows_of_arrays(arrays, metadata)
        return cls(**fields | {"rows": tuple(row and HybridTrajectory(**row) for row in fields["rows"])})

    @property
    def law(self) -> Hybrid:
        """The hybrid law, as `model`."""
        return self.first.law

    @property
    def moments(self) -> Array:
        """The moments of classical sites, (m, n, n_classical, 3)."""
        return self._stacked(lambda row: row.moments)

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

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name."""
        return (f"read it of a cluster, read(0, {name!r})" if hasattr(Trajectory, name) and self.first.clusters
                else super()._elsewhere(name))

    def _content(self) -> str:
        """The clusters, and how many moments there are."""
        sites = ", ".join(str(sites) for sites in self.first.quantum) or "none"
        return f"clusters {sites}, {len(self.first.classical)} moments"
