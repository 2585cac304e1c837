"""A study as data: what is solved where, in which chunks; nothing of who does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.flow.compact import forms
from qllg_sym.flow.options import Options
from qllg_sym.model.model import Model
from qllg_sym.parallel.fingerprint import fingerprint
from qllg_sym.studies.axes import STATE, Axis

LAYOUT = 1              # of chunks: another rule is another number, and older checkpoints are refused
SIDE_BY_SIDE = 8        # dimension up to which rows run in lanes, and a chunk has some at least
FEWEST, MOST = 64, 1024 # points of a chunk of such rows
SHARES = 64             # chunks that a large study has at least: as many processors can help
STATES = 2**25          # bytes of states that a chunk may hold


@dataclass(frozen=True)
class StudyChunk:
    """Points that are solved in one call: all of one state.

    Attributes:
        number: its place among the chunks.
        state: which state it starts from.
        begin, end: its points among those of the parameters.
    """

    number: int
    state: int
    begin: int
    end: int

    def __len__(self) -> int:
        """Return the number of points."""
        return self.end - self.begin


@dataclass(frozen=True, repr=False)
class ParameterStudy(ByFields):
    """One law of motion at every point of a grid.

    Attributes:
        model: Hamiltonian and space.
        law: with a symbol for each coefficient that varies.
        states: the initial states, one where none varies.
        times: (n,).
        values: numbers for what does not vary, by name.
        axes: what varies, in the order of the results.
        observe: {name: what is read}, as `solve` takes it.
        energies: names under which the energy is given back.
        options: of the solver.
    """

    model: Model
    law: Law
    states: tuple[Any, ...]
    times: NDArray[Any]
    values: Mapping[str, Any]
    axes: tuple[Axis, ...]
    observe: Mapping[str, Any]
    energies: tuple[str, ...]
    options: Options = field(default_factory=Options)
    noun: ClassVar[str] = "study"

    @property
    def one_by_one(self) -> bool:
        """Whether points run one by one, and keep their last state: of hybrid laws, and where there are no kets."""
        return isinstance(self.law, Hybrid) or self.options.method in forms()

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of points along each axis."""
        return tuple(map(len, self.axes))

    @property
    def parameters(self) -> tuple[Axis, ...]:
        """The axes but that of states."""
        return tuple(axis for axis in self.axes if axis.name != STATE)

    @property
    def points(self) -> int:
        """How many points there are for each state."""
        return prod(map(len, self.parameters))

    def numbers(self, begin: int, end: int) -> dict[str, Any]:
        """Return the values of some points, arrays for what varies."""
        places = np.unravel_index(np.arange(begin, end), tuple(map(len, self.parameters)) or (1,))
        varying = {axis.name: axis.points[place] for axis, place in zip(self.parameters, places, strict=False)}
        return {**self.values, **varying}

    @cached_property
    def chunks(self) -> tuple[StudyChunk, ...]:
        """The points in pieces; they depend on the study alone, so that who does them changes no bit."""
        size = self._chunk_size()
        spans = [(state, begin) for state in range(len(self.states)) for begin in range(0, self.points, size)]
        return tuple(StudyChunk(k, state, begin, min(begin + size, self.points))
                     for k, (state, begin) in enumerate(spans))

    def _chunk_size(self) -> int:
        """Return how many points a chunk has: lanes full, memory spared, enough chunks for many processors."""
        if self.one_by_one:
            return max(1, min(MOST, -(-self.points * len(self.states) // SHARES)))
        d = 1 if self.law.classical else self.model.space.dimension
        held = 16 * len(self.times) * max(d * d, 3 * self.model.space.sites)
        share = -(-self.points * len(self.states) // SHARES)
        fewest = FEWEST if d <= SIDE_BY_SIDE else 1
        return max(1, min(MOST, STATES // held, max(share, fewest)))

    @cached_property
    def digests(self) -> dict[str, str]:
        """A digest of each part that the numbers depend on, by its name in `sweep`."""
        from qllg_sym import __version__

        options = self.options
        return {name: fingerprint(what) for name, what in {
            "model": self.model, "law": self.law, "state": self.states, "times": self.times, "values": self.values,
            "over": [(axis.name, axis.points) for axis in self.axes], "observe": [dict(self.observe), self.energies],
            "method": [options.method, options.own], "rtol": options.rtol, "atol": options.atol,
            "max_step": [options.max_step, options.breakpoints], "version": [__version__, LAYOUT]}.items()}

    @property
    def sent(self) -> dict[str, Any]:
        """What other processes must get, by the argument it was."""
        parts = {f"observe[{name!r}]": what for name, what in self.observe.items()}
        return {**parts, "values": dict(self.values), "state": self.states, "model": self.model}

    @property
    def digest(self) -> str:
        """One digest of all of it."""
        return fingerprint(self.digests)
