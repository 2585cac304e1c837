"""Hamiltonians that depend on time as QuTiP's users write them: lists, QobjEvo, with `args` for their functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from qllg_sym.interop.qutip import is_evolving, is_qobj
from qllg_sym.model.other_forms import is_matrix


def is_driven(H: Any) -> bool:
    """Return whether a Hamiltonian is QuTiP's list [H0, [H1, f], …] or a QobjEvo.

    >>> is_driven([[1, 0], [0, 1]]), is_driven([[abs, "cos(t)"]])
    (False, True)
    """
    return is_evolving(H) or (isinstance(H, list) and any(is_matrix(item) or _is_pair(item) for item in H))


def _is_pair(item: Any) -> bool:
    """Return whether something is [H1, f], and no row of a matrix of two columns."""
    return isinstance(item, list) and len(item) == 2 and not isinstance(item[0], (int, float, complex))


def first_operator(H: Any) -> Any:
    """Return the operator whose dims are those of all: the first one of a list, a QobjEvo itself.

    >>> first_operator([["H1", "cos(t)"]])
    'H1'
    """
    if is_evolving(H):
        return H
    listed = [item[0] if isinstance(item, list) else item for item in H]
    return next((item for item in listed if is_qobj(item)), listed[0])


def with_args(H: Any, args: Mapping[Any, Any] | None) -> Any:
    """Return a list whose functions of (t, args), or (t, **args), are functions of time; all else as it is.

    >>> with_args([["H1", lambda t, w: w * t]], {"w": 3})[0][1](2)
    6
    """
    if not isinstance(H, list):
        return H
    known = {str(key): value for key, value in (args or {}).items()}
    return [[item[0], WithArguments.of(item[1], known)] if isinstance(item, list) and callable(item[1]) else item
            for item in H]


@dataclass(frozen=True)
class WithArguments:
    """A function of time and of numbers, with the numbers.

    Attributes:
        function: as it was given.
        keywords: by name.
        whole: the mapping that its second argument is, or None.
    """

    function: Callable[..., Any]
    keywords: Mapping[str, Any]
    whole: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, function: Any, args: Mapping[str, Any]) -> Any:
        """Return a function of time alone, itself where it takes no more."""
        try:
            _, *others = signature(function).parameters.values()
        except (TypeError, ValueError):         # none that Python can read, such as NumPy's, or of no arguments
            return function
        if [other.name for other in others] == ["args"]:
            return cls(function, {}, args)
        if any(other.kind is Parameter.VAR_KEYWORD for other in others):
            return cls(function, args)
        taken = {other.name: args[other.name] for other in others if other.name in args}
        return cls(function, taken) if taken else function

    def __call__(self, t: float) -> Any:
        """Return its value at a time."""
        return self.function(t, **self.keywords) if self.whole is None else self.function(t, self.whole)
