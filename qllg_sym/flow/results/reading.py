"""An observable of the folder as a member of a trajectory, and of many of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import Parameter, Signature, cleandoc, signature
from re import MULTILINE, sub
from typing import Any

from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.series import TimeSeries
from qllg_sym.observables import Observable
from qllg_sym.observables.arguments import Hamiltonian


class Readable(ABC):
    """What observables are read off: one trajectory, or many."""

    @abstractmethod
    def _each(self, read: Callable[[TimeSeries], Any], apart: bool = False) -> Any:
        """Return what `read` gives for every trajectory: for states of many together, or for each by itself."""

    @property
    def _units_differ(self) -> bool:
        """Whether trajectories have different ħ, so that terms are other operators for each."""
        return False


def attach(cls: type, observable: Observable) -> None:
    """Make an observable a member of a class of `Readable`s."""
    method = _method(observable, method_signature(observable))
    method.__name__, method.__qualname__ = observable.name, f"{cls.__name__}.{observable.name}"
    method.__module__, method.__doc__ = observable.read.__module__, _described(observable)
    method.__signature__ = method_signature(observable)  # type: ignore[attr-defined]
    member: Any = method
    if observable.is_property:
        member = cached_property(refusable(method))
    setattr(cls, observable.name, member)
    if isinstance(member, cached_property):
        member.__set_name__(cls, observable.name)


def method_signature(observable: Observable) -> Signature:
    """Return the signature of an observable as a method.

    >>> from qllg_sym.observables import observables
    >>> list(method_signature(observables()["variance"]).parameters)
    ['self', 'op', 'values']
    """
    optional = observable.of_type(Hamiltonian)
    own = [item.replace(default=None) if item.name in optional else item for item in observable.arguments]
    values = Parameter("values", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Mapping[Any, Any] | None)
    place = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    return Signature([place, *own, *([values] if observable.is_described else [])],
                     return_annotation=signature(observable.read).return_annotation)


def _method(observable: Observable, whole: Signature) -> Callable[..., Any]:
    """Return an observable as a method."""
    of_moments, described, own = observable.of_moments, observable.is_described, observable.of_type(Hamiltonian)

    def method(self: Readable, *arguments: Any, **options: Any) -> Any:
        given = whole.bind(self, *arguments, **options) if described else None
        without_h = given is not None and any(given.arguments.get(name) is None for name in own)

        def read(part: TimeSeries) -> Any:
            """Return the observable of states in one row of times."""
            if of_moments is not None and (moments := part.vectors()) is not None:
                return of_moments(moments, *arguments, **options)
            if given is not None:
                return part.observed(observable, given)
            return observable.read(part.quantum(observable.name), *arguments, **options)

        return self._each(read, without_h or (described and self._units_differ))

    return method


def _described(observable: Observable) -> str:
    """Return the docstring of a member: that of the function, without the ensemble and without its example."""
    text = cleandoc(observable.read.__doc__ or "").split("\n>>> ")[0]
    text = sub(r"^    ensemble:.*\n(?:      .*\n)*", "", text, flags=MULTILINE)
    text = sub(r"^Args:\n(?!    )\n*", "", text, flags=MULTILINE).rstrip()
    return f"{text}\n\nOf many trajectories all arrays have a leading axis of rows: (m, n, …)."
