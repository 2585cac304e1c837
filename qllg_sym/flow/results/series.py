"""States in one row of times, and what is read off them: of a trajectory, or of several one after the other."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from inspect import BoundArguments
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.sector import AnySector
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results import drift
from qllg_sym.flow.results.scale import Scale
from qllg_sym.flow.results.stack import Held
from qllg_sym.observables import Observable
from qllg_sym.observables.arguments import Hamiltonian, Operator, State
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import MatrixFree

Array = NDArray[Any]
Apply = Callable[[NDArray[Any], float], NDArray[Any]]
At = Callable[[float], Any]
_DENSE = 1024  # dimension up to which the Hamiltonian is made a matrix


class TimeSeries:
    """What observables look at: states, each by itself, in the units of a model.

    Args:
        times: of the states; those of several trajectories begin anew with each.
        spins: of the sites.
        scale: ħ, γ_g and units of the model.
        held: the states, fewer than there are times where only the last was kept; None where none were.
        apply: function of kets (d, m) and t that returns H(t)/ħ times the kets, or None.
        names: of what was kept in place of states.

    >>> TimeSeries(np.zeros(2), ("1/2",), Scale(), np.ones((2, 1, 3))).vectors().shape
    (2, 1, 3)
    """

    def __init__(self, times: Array, spins: tuple[str, ...], scale: Scale, held: Held | None,
                 apply: Apply | None = None, names: Sequence[str] = ()) -> None:
        self.times, self.spins, self.apply, self._names = times, spins, apply, names
        self.scale, self.hbar = scale, scale.hbar
        self.ensemble: Ensemble | None = held if isinstance(held, Ensemble) else None
        self._moments: Array | None = None if isinstance(held, Ensemble) else held

    def quantum(self, what: str) -> Ensemble:
        """Return the ensemble at all times, or refuse `what` in a sentence."""
        if self._moments is not None:
            raise InputError(f"`{what}` needs quantum states, but this trajectory is classical; use `bloch`.")
        ensemble: Ensemble = self._complete(what, self.ensemble)
        return ensemble

    def vectors(self) -> Array | None:
        """Return classical moments at all times; None for quantum states."""
        return None if self._moments is None else np.asarray(self._complete("moments", self._moments))

    def moments(self) -> Array:
        """Return classical moments at all times, or refuse them in a sentence."""
        if self.ensemble is not None:
            raise InputError("`moments` needs a classical law, but this trajectory is quantum; use `bloch(i)`.")
        return np.asarray(self._complete("moments", self._moments))

    def _complete(self, what: str, kept: Any) -> Any:
        """Return an ensemble or moments that hold every time, or refuse `what` in a sentence."""
        if kept is None:
            names = ", ".join(self._names) or "no observables"
            raise InputError(f"`{what}` needs the states, but only {names} were kept; solve without `observe`.")
        if len(kept) < len(self.times):
            raise InputError(f"`{what}` needs the states at every time, but only the last was kept; use `last.{what}`.")
        return kept

    @cached_property
    def weighted(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """Kets and weights as kept, or from a diagonalisation."""
        ensemble = self.quantum("kets")
        if ensemble.kets is not None and ensemble.weights is not None:
            return ensemble.kets, ensemble.weights
        if (change := self.drifts["spectrum"]) > 1e-6:
            raise InputError(f"`kets` need a constant spectrum, but it changes by {change:.1g}; diagonalise `states`.")
        levels, vectors = np.linalg.eigh(ensemble.density())
        kept = levels[0] > 1e-10 * levels[0].max()  # positivity of a state is accepted within 1e-10
        return vectors[:, :, kept][:, :, ::-1], levels[0, kept][::-1]

    @cached_property
    def drifts(self) -> dict[str, float]:
        """Largest drift of each invariant; see `flow.results.drift`."""
        return {name: float(values.max(initial=0)) for name, values in self.drifts_over_time.items()}

    @cached_property
    def drifts_over_time(self) -> dict[str, Array]:
        """Drift of each invariant at each time, (n,)."""
        if self._moments is not None:
            return drift.classical(self.moments())
        return drift.quantum(self.quantum("invariants"))

    def observed(self, observable: Observable, given: BoundArguments) -> Any:
        """Return an observable of arguments that may be described, and may depend on time."""
        ensemble, arguments = self.quantum(observable.name), dict(given.arguments)
        del arguments["self"]
        values: Mapping[Any, Any] | None = arguments.pop("values", None)
        for name in observable.of_type(State):
            arguments[name] = self._state(arguments[name], values)
        operators: dict[str, At] = {}
        constant = True
        for name in observable.of_type(Operator, Hamiltonian):
            operators[name], same = self._operator(observable, name, arguments.pop(name, None), values)
            constant &= same

        def read(states: Ensemble, t: float) -> Any:
            return observable.read(states, **arguments, **{name: at(t) for name, at in operators.items()})

        if constant:
            return read(ensemble, 0.0)
        return np.concatenate([read(ensemble[k : k + 1], float(t)) for k, t in enumerate(self.times)])

    def _operator(self, observable: Observable, name: str, op: Any, values: Any) -> tuple[At, bool]:
        """Return an operator as a function of time, and whether it is constant."""
        if op is None and name in observable.of_type(Hamiltonian):
            if self.apply is None:
                raise InputError(f"`{name}` must be given, because this trajectory does not hold its H; "
                                 f"write {observable.name}(model).")
            return self._hamiltonian, False
        if not hasattr(op, "shape"):
            from qllg_sym.flow.results.operators import (  # SymPy is loaded when terms are given
                PhysicalOperator,
                is_physical,
            )

            if is_physical(op):
                physical = PhysicalOperator(op, self.spins, self.scale.constants(), values or {}, self._sector)
                return physical.at, physical.constant
        if values:
            raise InputTypeError(f"`values` must go with terms or a model, but `{name}` is a matrix; leave them out.")
        return lambda t: op, True

    def _hamiltonian(self, t: float) -> Any:
        """Return H(t) in the model's units, as a matrix where that is small."""
        apply, d = self.apply, self.quantum("energy").dimension
        assert apply is not None
        if d <= _DENSE:
            return self.hbar * apply(np.eye(d, dtype=np.complex128), t)
        return MatrixFree(d, lambda kets: self.hbar * apply(kets, t))

    def _state(self, state: Any, values: Any) -> Any:
        """Return a state as an array or an ensemble."""
        if hasattr(state, "full") or isinstance(state, (np.ndarray, list, tuple, Ensemble)):
            return state
        from qllg_sym.flow.states.targets import target  # SymPy is loaded when a state is described, not given

        return target(state, self.spins, self.hbar, values or {}, float(self.times[0]), self._sector)

    @property
    def _sector(self) -> AnySector | None:
        """The sector that the states belong to."""
        return None if self.ensemble is None else self.ensemble.sector
