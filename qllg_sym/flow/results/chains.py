"""What is found of many trajectories without kets: each, and their readings with an axis of rows."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from qllg_sym.flow.results.chain import ChainTrajectory
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.results.trajectory_sequence import TrajectorySequence

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class ChainTrajectories(TrajectorySequence[ChainTrajectory]):
    """m trajectories of free fermions or matrix product states at n times.

    Readings have a leading axis: `many.profile()` is (m, n, N, 3), `many.energy` (m, n). An index gives one trajectory;
    a slice, a mask or an array of numbers gives some of them. Where a row failed or was interrupted arrays are NaN from
    the first time that it did not reach. One is saved at a time: `many[0].save(path)`.

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

    def profile(self, axis: str | None = None) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site, (m, n, N, 3), or (m, n, N) with an axis."""
        return self._stacked(lambda row: row.profile(axis))

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name."""
        return (f"leave out method={self.first.method!r} for it"
                if hasattr(Trajectory, name) and not hasattr(self.first, name) else super()._elsewhere(name))

    def _content(self) -> str:
        """How many sites there are, and the method."""
        return f"{len(self.first.spins)} sites, method {self.first.method}"
