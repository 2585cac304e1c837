"""What QuTiP's solvers return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.flow.qutip.expectations import ExpectOp
from qllg_sym.flow.results.trajectory import Trajectory

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class Result(ByFields):
    """What a solver of QuTiP returns.

    Attributes:
        times: (n,).
        states: density matrices, Qobj where H or rho0 was one; of a classical law the moments (N, 3); [] if not stored.
        e_data: one array (n,) for each of e_ops, by name or position.
        e_ops: the same functions of (t, state) with what was given as `.op`.
        stats: what QuTiP counts, and counts of the integration.
        options: every option in force, by QuTiP's name.
        solver: the name of the function that was called.
        trajectory: the `Trajectory` behind it; with `e_ops` and without `store_states` it holds the last state alone.
    """

    times: Array
    states: list[Any]
    e_data: dict[Any, Array]
    e_ops: dict[Any, ExpectOp]
    stats: dict[str, Any]
    options: Mapping[str, Any]
    solver: str
    trajectory: Trajectory
    wrap: Callable[[Array], Any] | None

    @property
    def expect(self) -> list[Array]:
        """The values of each of e_ops, in their order."""
        return list(self.e_data.values())

    @property
    def final_state(self) -> Any:
        """The last state, made when it is asked for; None with store_final_state=False, unless all are stored."""
        if self.states:
            return self.states[-1]
        return None if self.wrap is None else self.wrap(self.trajectory.final_state)

    @property
    def moments(self) -> Array:
        """The moments of a classical law, (n, N, 3)."""
        return self.trajectory.moments

    def __repr__(self) -> str:
        """Return what QuTiP's results show."""
        kept = "States saved." if self.states else "State not saved." if self.wrap is None else "Final state saved."
        return "\n".join([
            "<Result", f"  Solver: {self.solver}", "  Solver stats:",
            *(f"    {name}: {value!r}" for name, value in self.stats.items()),
            f"  Time interval: [{self.times[0]:g}, {self.times[-1]:g}] ({len(self.times)} steps)",
            f"  Number of e_ops: {len(self.e_ops)}", f"  {kept}", ">"])


def as_they_are(moments: Array) -> Array:
    """Return the moments of a classical law as they are.

    >>> as_they_are([[0.0, 0.0, 1.0]])
    [[0.0, 0.0, 1.0]]
    """
    return moments
