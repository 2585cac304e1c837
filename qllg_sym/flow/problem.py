"""Initial-value problems of one equation, a row each, with all their numbers: what every method gets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.equations.equation import Equation
from qllg_sym.errors import DerivationError, InputTypeError
from qllg_sym.flow import numbers
from qllg_sym.flow.drives.activity import Activity
from qllg_sym.flow.drives.branches import Branches, branches
from qllg_sym.flow.drives.driving import driving
from qllg_sym.flow.drives.piecewise import Piece, cut_alike
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import Hamiltonian, diagonalised
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.preparation import Preparation
from qllg_sym.flow.steps.limits import Limits, limited
from qllg_sym.flow.waveforms import Waveform
from qllg_sym.flow.weights import Weights
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
OF_NUMBERS = ("hamiltonian", "action", "hbar", "hbars", "has_weight", "keeps_spectrum", "_weights", "_still")
Stop = Callable[[float, Array], bool]
Watch = Callable[[float], None]
Receive = Callable[[float, Ensemble], None]


@dataclass(frozen=True, repr=False)
class Problem(ByFields):
    """m problems that share equation, times and tolerances: numbers and states at times[0] a row.

    What is kept belongs to these rows: some of them, or one, are problems of their own. `action` and `hbar` have
    no leading axis: they are for a problem of one row.

    Attributes:
        equation: model and law.
        values: a number, or one a row (m,), for every parameter, by name; numbers alone where there is one row.
        start: the states, and the numbers of the rows in what they are part of.
        times: (n,), strictly increasing.
        rtol: local relative tolerance of the integrator.
        atol: local absolute tolerance of the integrator.
        stop: function of (t, state); the first state at which it is true is the last one.
        receive: where given, methods that go from ket to ket hand it every state and keep the last one alone.
        max_step: the longest step in time.
        breakpoints: times at which a step ends, ascending, (b,).
        own: options of the method alone, by name.
        preparation: what the start was made from, as a thermal state of a model; None where it is not known.
    """

    equation: Equation
    values: Mapping[str, Any]
    start: InitialStates
    times: Array
    rtol: float
    atol: float
    stop: Stop | None = None
    receive: Receive | None = None
    max_step: float = np.inf
    breakpoints: Array = field(default_factory=lambda: np.empty(0))
    own: Mapping[str, Any] = field(default_factory=dict)
    preparation: Preparation | None = None

    def __len__(self) -> int:
        """Return how many rows there are, m."""
        return len(self.start)

    def anew(self, **changes: Any) -> "Problem":
        """Return the same rows with other times, states or listeners; what is known of H and W is kept."""
        other, own = replace(self, **changes), vars(self)
        vars(other).update({name: own[name] for name in OF_NUMBERS if name in own})
        return other

    def part(self, rows: Any) -> "Problem":
        """Return some of the rows: a slice, a mask or indices."""
        part = replace(self, values=numbers.of_rows(self.values, rows), start=self.start[rows])
        if not self.classical and self.equation.model.space.dimension <= LARGEST_DENSE:     # else there may be none
            vars(part)["hamiltonian"] = self.hamiltonian        # the same for all rows
        return part

    def alike(self) -> list["Problem"]:
        """Return the rows in groups whose states fall into two levels alike, or do not."""
        groups = self.start.alike()
        return [self.part(places) for places in groups] if len(groups) > 1 else [self]

    def row(self, i: int) -> "Problem":
        """Return one row by itself, as `solve` poses it."""
        if self.single:
            return self
        return replace(self, values=numbers.of_row(self.values, i), start=self.start[i:i + 1])

    @cached_property
    def single(self) -> bool:
        """Whether this is one row by itself, with numbers alone."""
        return len(self) == 1 and not numbers.varies(self.values, self.values)

    def parameters(self, names: Sequence[str], t: float = 0.0) -> Array:
        """Return the numbers of some parameters, (len(names), m), those of signals at a time."""
        return numbers.parameters(self.values, names, len(self), t)

    def varies(self, names: Sequence[str]) -> bool:
        """Return whether one of these parameters differs from row to row."""
        return numbers.varies(self.values, names)

    @property
    def number(self) -> int:
        """The number of the one row in what it is part of."""
        return int(self.start.rows[0])

    @property
    def of_state(self) -> frozenset[str]:
        """Names of the parameters that the start of the one row depends on, as that of a thermal state."""
        return frozenset() if self.preparation is None else frozenset(self.preparation.names(self.number))

    @property
    def classical(self) -> bool:
        """Whether states are moments."""
        return self.start.moments is not None

    @cached_property
    def hamiltonian(self) -> Hamiltonian:
        """H/ħ as matrices, a function of time and parameters."""
        return Hamiltonian(self.equation.model)

    def matrices(self, t: float, rows: Any = slice(None)) -> Array:
        """Return H(t)/ħ of all rows, or of some, (k, d, d); held once where it is one."""
        h = self.hamiltonian
        if len(self) > 1 and self.varies(h.names):
            return h.at(t, self.parameters(h.names, t)[:, rows])
        one = self._still if h.constant else h.at(t, self.parameters(h.names, t)[:, :1])
        return one if len(self) == 1 else np.broadcast_to(one, (len(self.start.rows[rows]), *one.shape[1:]))

    @cached_property
    def _still(self) -> Array:
        """A constant H/ħ of row 0, (1, d, d)."""
        return self.hamiltonian.at(0.0, self.parameters(self.hamiltonian.names)[:, :1])

    @cached_property
    def diagonal(self) -> tuple[Array, Array]:
        """Eigenvalues of a constant H/ħ, ascending, (m, d), and eigenvectors in columns; NaN where it is not finite."""
        m = len(self)
        if m > 1 and self.varies(self.hamiltonian.names):
            return diagonalised(self.matrices(0.0))
        energies, vectors = diagonalised(self._still)
        if m == 1:
            return energies, vectors
        return np.broadcast_to(energies, (m, energies.shape[1])), np.broadcast_to(vectors, (m, *vectors.shape[1:]))

    @cached_property
    def action(self) -> Action:
        """H/ħ with numbers, applied to kets without a matrix."""
        return Action(self.equation.model, self._model_values)

    @cached_property
    def branches(self) -> Branches | None:
        """The equation between its jumps and kinks in time; None where it has none, or there is one time alone."""
        return branches(self.equation, self._degrees) if len(self.times) > 1 else None

    @property
    def _degrees(self) -> tuple[tuple[str, int], ...]:
        """The degrees of the polynomials that signals are, by name."""
        return tuple((name, value.degree) for name, value in self.values.items() if isinstance(value, Waveform))

    @property
    def signals(self) -> dict[str, Any]:
        """The times and samples of the signals, by name; None for one that was something else."""
        return {name: value.given for name, value in self.values.items() if isinstance(value, Waveform)}

    @property
    def assumed(self) -> str:
        """What was assumed of signals that are functions, of which nothing said how fine they are; "" for nothing."""
        return ", ".join(f"{name} has no feature narrower than {value.assumed:.3g}" for name, value in
                         self.values.items() if isinstance(value, Waveform) and value.assumed)

    def in_pieces(self) -> list[tuple["Problem", tuple[Piece, ...]]]:
        """Return the rows that jump at the same times, each with the pieces between; there are `branches`."""
        return self._in_pieces

    @cached_property
    def _in_pieces(self) -> list[tuple["Problem", tuple[Piece, ...]]]:
        """The same, found once."""
        assert self.branches is not None
        parameters = self.parameters(self.branches.names)
        waves = {name: value for name, value in self.values.items() if isinstance(value, Waveform)}
        found = cut_alike(self.branches, parameters, waves, float(self.times[0]), float(self.times[-1]))
        return [(self, found[0][1])] if len(found) == 1 else [(self.part(rows), pieces) for rows, pieces in found]

    def on(self, piece: Piece) -> "Problem":
        """Return the same rows with the switches of one piece: smooth in time, whatever the times."""
        assert self.branches is not None
        part = replace(self, equation=self.branches.equation, values={**self.values, **piece.values})
        vars(part).update(self._of_all_pieces)
        return part

    def parts(self) -> Iterator[tuple["Problem", float, float]]:
        """Go through the problem of one row between its jumps: smooth parts, with the times where each begins and ends.

        The whole where nothing jumps.
        """
        if self.branches is None:
            yield self, float(self.times[0]), float(self.times[-1])
            return
        for piece in self.in_pieces()[0][1]:
            yield self.on(piece), piece.begin, piece.end

    @cached_property
    def _of_all_pieces(self) -> dict[str, Any]:
        """What of the smooth equation has no numbers of pieces: found for each of many, it costs more than a step."""
        assert self.branches is not None
        smooth, found = self.branches.equation, dict[str, Any]()
        if not self.classical and smooth.model.space.dimension <= LARGEST_DENSE:
            found["hamiltonian"] = Hamiltonian(smooth.model)
        if self.has_weight and all(s.name in self.values for s in symbols_in(smooth.law.coefficients())):
            unused = dict.fromkeys((s.name for s in smooth.parameters), 0.0)        # W holds no H
            found["_weights"] = Weights(smooth, {**unused, **self.values}, len(self))
        return found

    def activities(self, pieces: Sequence[Piece]) -> Activity | None:
        """Return where coefficients move on each piece, a table for each row of the first, then of the next."""
        assert self.branches is not None
        if (found := driving(self.branches.equation)) is None:
            return None
        p = np.concatenate([self.on(piece).parameters(found.names) for piece in pieces], axis=1)
        begin, end = (np.repeat([getattr(piece, side) for piece in pieces], len(self)) for side in ("begin", "end"))
        return found.over(p, begin, end, self.rtol + self.atol)

    @cached_property
    def smooth(self) -> "Problem":
        """The rows with the switches as they are at first; itself where there are none."""
        if self.branches is None:
            return self
        return self.on(self.row(0).in_pieces()[0][1][0])

    @cached_property
    def activity(self) -> Activity | None:
        """Where coefficients depend on time and move; None where none does, or there is one time alone."""
        found = driving(self.equation) if len(self.times) > 1 else None
        if found is None:
            return None
        begin, end = float(self.times[0]), float(self.times[-1])
        return found.found(self.parameters(found.names), begin, end, self.rtol + self.atol)

    @cached_property
    def limits(self) -> Limits | None:
        """What a step in time keeps to: so short where coefficients move that it sees them, and what was asked for."""
        found = None if self.activity is None else self.activity.limits
        return limited(found, self.max_step, self.breakpoints)

    @property
    def _model_values(self) -> dict[str, float]:
        """Numbers for the parameters of the model alone."""
        names = {s.name for s in self.equation.model.parameters}
        return {k: v for k, v in self.values.items() if k in names}

    @cached_property
    def hbar(self) -> float:
        """ħ in the model's units."""
        return float(self.hbars[0])

    @cached_property
    def hbars(self) -> Array:
        """ħ of every row, (m,)."""
        return numbers.hbars(self.equation.model.hbar, self.values, len(self))

    @property
    def dims(self) -> tuple[int, ...]:
        """Dimensions of the sites."""
        return self.equation.model.space.dimensions

    @cached_property
    def keeps_spectrum(self) -> bool:
        """Whether the law keeps the spectrum of ρ, by its frame weight or by its words."""
        return self.has_weight or self.equation.is_isospectral

    @cached_property
    def has_weight(self) -> bool:
        """Whether the law has a frame weight."""
        try:
            self.equation.weight()
        except DerivationError:
            return False
        return True

    @property
    def weightless(self) -> str | None:
        """Why the law has no frame weight, or None where it has one."""
        if self.has_weight:
            return None
        why = "has no frame weight" if self.keeps_spectrum else "does not keep the spectrum"
        return f"{self.equation.kind} {why}"

    @property
    def constant_weight(self) -> bool:
        """Whether the frame weight does not depend on time; the law must have one."""
        return self._weights.constant

    @cached_property
    def unsolved(self) -> str | None:
        """Why there is no exact solution (two levels of ρ, constant H and damping), or None where there is one."""
        if self.classical:
            return "the law is classical"
        if (reason := self.weightless) is not None:
            return reason
        if self.equation.model.time_dependent:
            return "the Hamiltonian depends on time"
        if not self.constant_weight:
            return "the damping depends on time"
        return None if self.start.two_levels else "the spectrum of the state has more than two values"

    def weight(self, differences: Array) -> Callable[[float], Array]:
        """Return t ↦ W(Δ), complex, for eigenvalue differences, (m, …); of any shape where there is one row."""
        return self._weights.of(differences)

    @cached_property
    def _weights(self) -> Weights:
        """W with the numbers of the rows."""
        return Weights(self.equation, self.values, len(self))

    def stops(self, t: float, state: Any) -> bool:
        """Return whether `stop` ends a row at this state.

        Raises:
            InputTypeError: its answer is neither true nor false, such as an array.
        """
        if self.stop is None:
            return False
        found: Any = self.stop(t, state)
        try:
            return bool(found)
        except (TypeError, ValueError):
            raise InputTypeError(f"`stop` must return True or False, but returned {found!r}; "
                                 "write bool(numpy.any(…)).") from None

    def halt(self, state: Callable[[float, Array], Any]) -> Stop | None:
        """Return `stop` as a function of what a method samples, given how to make the state of a sample."""
        return None if self.stop is None else lambda t, sample: self.stops(t, state(t, sample))
