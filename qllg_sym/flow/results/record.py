"""What was found of m trajectories at n times, as data: filled while they run, read by views, written to files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.sector import AnySector, sector_of
from qllg_sym.errors import InputError
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.scale import Scale
from qllg_sym.flow.results.shapes import dimensions
from qllg_sym.flow.results.stack import Held, Stack, scatter
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.units import Units

Array = NDArray[Any]
Reading = tuple[str, tuple[Array, Array], Array]        # of an observable at (rows, places in time)


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
        stacks: the states, rows of one form together.
        observed: arrays (m, n, …) by name.
        failures: why a row stopped early, and the time that it reached.
        seconds: what all rows together took.
        grid: shape of the arrays of parameters that the rows are laid out in; () where they are (m,).
        provenance: what was solved; None where nothing is known.
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
    stacks: list[Stack] = field(default_factory=list)
    observed: dict[str, Array] = field(default_factory=dict)
    failures: dict[int, tuple[str, float]] = field(default_factory=dict)
    interrupted: bool = False
    seconds: float = 0.0
    grid: tuple[int, ...] = ()
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        self._where = np.full(len(self.counts), -1)         # the stack that holds a row
        for k, stack in enumerate(self.stacks):
            self._where[stack.rows] = k

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return len(self.counts), len(self.times)

    @property
    def sector(self) -> AnySector | None:
        """The sector of total S_z, and wave number, of the states; None for the whole space, or where none are kept."""
        return next((found for stack in self.stacks if (found := sector_of(stack.dims)) is not None), None)

    @property
    def dimension(self) -> int:
        """The dimension of kets."""
        return prod(dimensions(tuple(self.spins))) if self.sector is None else self.sector.dimension

    @property
    def units(self) -> Units | None:
        """The units of the model, where it has them."""
        return None if self.provenance is None else self.provenance.units

    def scale(self, row: int) -> Scale:
        """Return ħ, γ_g and the units of a row."""
        values = {name: v[row] if np.ndim(v) else v for name, v in self.values.items()}
        gamma = 1.0 if self.provenance is None else self.provenance.gamma(values)
        return Scale(float(self.hbars[row]), gamma, self.units)

    @property
    def classical(self) -> bool:
        """Whether the states are moments."""
        return any(not stack.dims for stack in self.stacks)

    def add(self, stack: Stack) -> None:
        """Put the states of some rows."""
        self._where[stack.rows] = len(self.stacks)
        self.stacks.append(stack)

    def put(self, found: Outcome, method: str, readings: Iterable[Reading]) -> None:
        """Put what some rows gave, all but their states and how many times they reached."""
        rows = found.block.rows
        told = zip(rows.tolist(), found.stats, found.failures, found.reached.tolist(), strict=True)
        for row, stats, why, reached in told:
            self.methods[row], self.stats[row] = method, stats
            if why is not None and why != INTERRUPTED:
                self.failures[row] = why, reached
        if self.energy is not None and found.energy is not None:
            there = np.arange(found.energy.shape[1]) < found.counts[:, None]
            self.energy[rows, :there.shape[1]] = np.where(there, found.energy, np.nan)
        for name, places, values in readings:
            self.observed[name] = values[None] if self.shape == (1, len(values)) else \
                scatter(self.observed.get(name), places, values, self.shape)

    def held(self, row: int) -> Held | None:
        """Return the states that are kept of a row; None where there are none."""
        where = int(self._where[row])
        return None if where < 0 else self.stacks[where].of_row(row)

    def holds(self, place: int) -> bool:
        """Return whether states are kept at one of the times."""
        return bool(self.stacks) and (self.complete or place == len(self.times) - 1)

    def begun(self) -> int:
        """Return the first row that holds something.

        Raises:
            InputError: there is none.
        """
        if not self.counts.any():
            raise InputError("`solve_many` must have come to one trajectory at least, but none reached these times; "
                             "solve anew.")
        return int(np.argmax(self.counts > 0))

    def snapshot(self, place: int) -> "Record":
        """Return what is held at one of the times, of the rows that reached it."""
        there, at = self.counts > place, slice(place, place + 1)
        stacks = [stack.only(place) if self.complete else
                  replace(stack, counts=np.minimum(stack.counts, there[stack.rows])) for stack in self.stacks]
        return replace(self, times=self.times[at], counts=there.astype(int), complete=True, stacks=stacks,
                       energy=None if self.energy is None else self.energy[:, at],
                       observed={name: v[:, at] for name, v in self.observed.items()})

    def take(self, rows: Array) -> "Record":
        """Return some rows, in their new order."""
        places = np.full(len(self.counts), -1)
        places[rows] = np.arange(len(rows))
        stacks = [stack.take(chosen, places[stack.rows[chosen]]) for stack in self.stacks
                  if (chosen := places[stack.rows] >= 0).any()]
        return replace(
            self, grid=(), counts=self.counts[rows], hbars=self.hbars[rows],
            values={name: v[rows] if np.ndim(v) else v for name, v in self.values.items()},
            energy=None if self.energy is None else self.energy[rows], methods=[self.methods[row] for row in rows],
            stats=[self.stats[row] for row in rows], stacks=stacks,
            observed={name: v[rows] for name, v in self.observed.items()},
            failures={int(places[row]): why for row, why in self.failures.items() if places[row] >= 0})
