"""An observable of the folder as a member of a trajectory, or of a batch of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import BoundArguments, Parameter, Signature, cleandoc, signature
from re import MULTILINE, sub
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.observables import Observable
from qllg_sym.observables.arguments import Hamiltonian, Operator, State
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import MatrixFree

Apply = Callable[[NDArray[Any], float], NDArray[Any]]
At = Callable[[float], Any]
_DENSE = 1024  # dimension up to which the Hamiltonian is made a matrix


class Readable(ABC):
    """What an observable is read off: the states of a trajectory, in the units of its model."""

    times: NDArray[np.float64]
    spins: tuple[str, ...]
    hbar: float
    apply: Apply | None

    @abstractmethod
    def _quantum(self, what: str) -> Ensemble:
        """Return the quantum states at all times, or refuse `what` in a sentence."""

    @abstractmethod
    def _vectors(self) -> NDArray[np.float64] | None:
        """Return classical moments at all times; None for quantum states."""

    def _observed(self, observable: Observable, given: BoundArguments) -> Any:
        """Return an observable of arguments that may be described, and may depend on time."""
        ensemble, arguments = self._quantum(observable.name), dict(given.arguments)
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
                physical = PhysicalOperator(op, self.spins, self.hbar, values or {})
                return physical.at, physical.constant
        if values:
            raise InputTypeError(f"`values` must go with terms or a model, but `{name}` is a matrix; leave them out.")
        return lambda t: op, True

    def _hamiltonian(self, t: float) -> Any:
        """Return H(t) in the model's units, as a matrix where that is small."""
        apply, d = self.apply, self._quantum("energy").dimension
        assert apply is not None
        if d <= _DENSE:
            return self.hbar * apply(np.eye(d, dtype=np.complex128), t)
        return MatrixFree(d, lambda kets: self.hbar * apply(kets, t))

    def _state(self, state: Any, values: Any) -> Any:
        """Return a state as an array or an ensemble."""
        if hasattr(state, "full") or isinstance(state, (np.ndarray, list, tuple, Ensemble)):
            return state
        from qllg_sym.flow.states.targets import target  # SymPy is loaded when a state is described, not given

        return target(state, self.spins, self.hbar, values or {}, float(self.times[0]))


class ManyReadable(ABC):
    """What an observable of a batch is read off: its rows."""

    @property
    @abstractmethod
    def hbar(self) -> NDArray[Any]:
        """ħ of each row."""

    @abstractmethod
    def _read(self, read: Callable[[Any], Any], apart: bool) -> Any:
        """Return a reading of all rows; each by itself where they must be kept apart."""


def attach(cls: type, observable: Observable, of_one: bool) -> None:
    """Make an observable a member of a class: of `Readable`, or of `ManyReadable`.

    Args:
        cls: the class.
        observable: the observable.
        of_one: whether instances are single trajectories.
    """
    method = (_method if of_one else _method_of_many)(observable, shape(observable))
    method.__name__, method.__qualname__ = observable.name, f"{cls.__name__}.{observable.name}"
    method.__module__, method.__doc__ = observable.read.__module__, _described(observable, of_one)
    method.__signature__ = shape(observable)  # type: ignore[attr-defined]
    member: Any = method
    if observable.is_property:
        member = (cached_property if of_one else property)(refusable(method))
    setattr(cls, observable.name, member)
    if isinstance(member, cached_property):
        member.__set_name__(cls, observable.name)


def shape(observable: Observable) -> Signature:
    """Return the signature of an observable as a method.

    >>> from qllg_sym.observables import observables
    >>> list(shape(observables()["variance"]).parameters)
    ['self', 'op', 'values']
    """
    optional = observable.of_type(Hamiltonian)
    own = [item.replace(default=None) if item.name in optional else item for item in observable.arguments]
    values = Parameter("values", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Mapping[Any, Any] | None)
    place = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    return Signature([place, *own, *([values] if observable.is_described else [])],
                     return_annotation=signature(observable.read).return_annotation)


def _method(observable: Observable, whole: Signature) -> Callable[..., Any]:
    """Return an observable as a method of one trajectory."""
    of_moments, described = observable.of_moments, observable.is_described

    def method(self: Readable, *arguments: Any, **options: Any) -> Any:
        if of_moments is not None and (moments := self._vectors()) is not None:
            return of_moments(moments, *arguments, **options)
        if described:
            return self._observed(observable, whole.bind(self, *arguments, **options))
        return observable.read(self._quantum(observable.name), *arguments, **options)

    return method


def _method_of_many(observable: Observable, whole: Signature) -> Callable[..., Any]:
    """Return an observable as a method of many trajectories."""
    name, own = observable.name, observable.of_type(Hamiltonian)

    def method(self: ManyReadable, *arguments: Any, **options: Any) -> Any:
        def read(line: Any) -> Any:
            return getattr(line, name) if observable.is_property else getattr(line, name)(*arguments, **options)

        given = whole.bind(self, *arguments, **options).arguments
        apart = any(given.get(each) is None for each in own)        # each row has its own H
        return self._read(read, apart or (observable.is_described and np.ptp(self.hbar) > 0))

    return method


def _described(observable: Observable, of_one: bool) -> str:
    """Return the docstring of a member: that of the function, without the ensemble and without its example."""
    text = cleandoc(observable.read.__doc__ or "").split("\n>>> ")[0]
    text = sub(r"^    ensemble:.*\n(?:      .*\n)*", "", text, flags=MULTILINE)
    text = sub(r"^Args:\n(?!    )\n*", "", text, flags=MULTILINE).rstrip()
    return text if of_one else f"{text}\n\nArrays have a leading axis of rows: (m, n, …)."
