"""What a batch has found so far, row by row: filled while it runs, read by `Trajectories`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.batch.block import Block, scatter
from qllg_sym.flow.results.trajectory import Trajectory

Array = NDArray[Any]


@dataclass
class Record:
    """Results of m rows at n times; what a row has not reached is NaN.

    Attributes:
        times: (n,).
        counts: how many times each row has reached, (m,); 0 where it was not begun.
        hbars: ħ of each row, (m,).
        spins, labels: as of a `Trajectory`.
        values: a number, or one a row (m,), by name.
        complete: whether states are kept at all times (else at most the last).
        energy: (m, n), or None.
        methods: name of the method of each row.
        stats: what the method counted, a dict a row.
        blocks: rows that were solved in lockstep.
        singles: rows that were solved one by one.
        observed: arrays (m, n, …) by name.
        failures: why a row stopped early, and the time that it reached.
        seconds: what the whole batch took.
        grid: shape of the arrays of parameters that the rows are laid out in; () where they are (m,).
    """

    times: Array
    counts: Array
    hbars: Array
    spins: Sequence[str]
    labels: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True
    energy: Array | None = None
    methods: list[str] = field(default_factory=list)
    stats: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    singles: dict[int, Trajectory] = field(default_factory=dict)
    observed: dict[str, Array] = field(default_factory=dict)
    failures: dict[int, tuple[str, float]] = field(default_factory=dict)
    interrupted: bool = False
    seconds: float = 0.0
    grid: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return len(self.counts), len(self.times)

    def put_observed(self, name: str, places: tuple[Array, Array], values: Array) -> None:
        """Put values of an observable at (row, place in time)."""
        self.observed[name] = scatter(self.observed.get(name), places, values, self.shape)

    def single(self, row: int, trajectory: Trajectory) -> None:
        """Put a row that was solved by itself."""
        count = len(trajectory)
        self.singles[row], self.counts[row] = trajectory, count
        self.methods[row], self.stats[row] = trajectory.method, dict(trajectory.stats)
        if self.energy is not None and (energy := trajectory.stored()["energy"]) is not None:
            self.energy[row, :count] = energy
        for name, values in trajectory.observed.items():
            self.put_observed(name, (np.full(count, row), np.arange(count)), values)

    @property
    def classical(self) -> bool:
        """Whether the states are moments."""
        return any(not block.dims for block in self.blocks) or any(
            single.stored()["moments"] is not None for single in self.singles.values())

    def begun(self) -> int:
        """Return the first row that holds something.

        Raises:
            InputError: there is none.
        """
        if not self.counts.any():
            raise InputError("`solve_many` must have come to one trajectory at least, but none reached these times; "
                             "solve anew.")
        return int(np.argmax(self.counts > 0))

    def trajectory(self, row: int, **more: Any) -> Trajectory:
        """Return one row as a trajectory of its own, as far as it came.

        Args:
            row: its number.
            **more: `restart` and `apply` of the trajectory.

        Raises:
            InputError: it was not begun.
        """
        if row in self.singles:
            return self.singles[row]
        count = int(self.counts[row])
        if not count:
            raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                             "not; look at `failures`, or solve it anew.")
        about = {"labels": self.labels, "method": self.methods[row], "stats": self.stats[row],
                 "hbar": float(self.hbars[row]), **more}
        about["observed"] = {name: values[row, :count] for name, values in self.observed.items()}
        about["energy"] = None if self.energy is None else self.energy[row, :count]
        for block in self.blocks:
            if len(place := np.flatnonzero(block.rows == row)):
                about["ensemble" if block.dims else "moments"] = block.row(int(place[0]))
        return Trajectory(self.times[:count], self.spins, **about)

    def snapshot(self, place: int) -> "Record":
        """Return what is held at one of the times, of the rows that reached it."""
        there, at = self.counts > place, slice(place, place + 1)
        blocks = [block.only(place) if self.complete else
                  replace(block, counts=np.minimum(block.counts, there[block.rows])) for block in self.blocks]
        time = float(self.times[place])
        singles = {row: single.snapshot(time) for row, single in self.singles.items() if there[row] and self.kept}
        return replace(self, times=self.times[at], counts=there.astype(int), complete=True, blocks=blocks,
                       singles=singles, energy=None if self.energy is None else self.energy[:, at],
                       observed={name: v[:, at] for name, v in self.observed.items()})

    @property
    def kept(self) -> bool:
        """Whether states are held at all, and not observables alone."""
        return bool(self.blocks) or any(single.ensemble is not None or single.stored()["moments"] is not None
                                        for single in self.singles.values())

    def take(self, rows: Array) -> "Record":
        """Return some rows, in their new order."""
        places = np.full(len(self.counts), -1)
        places[rows] = np.arange(len(rows))
        blocks = [block.take(chosen, places[block.rows[chosen]]) for block in self.blocks
                  if (chosen := places[block.rows] >= 0).any()]
        old = {int(row): new for new, row in enumerate(rows)}
        return replace(
            self, grid=(), counts=self.counts[rows], hbars=self.hbars[rows],
            values={name: v[rows] if np.ndim(v) else v for name, v in self.values.items()},
            energy=None if self.energy is None else self.energy[rows], methods=[self.methods[row] for row in rows],
            stats=[self.stats[row] for row in rows], blocks=blocks,
            singles={old[row]: single for row, single in self.singles.items() if row in old},
            observed={name: v[rows] for name, v in self.observed.items()},
            failures={old[row]: why for row, why in self.failures.items() if row in old})
