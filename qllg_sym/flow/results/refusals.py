"""Properties that may have nothing to give say so as AttributeErrors, so that `hasattr` and `getmembers` work."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from qllg_sym.errors import AbsentError, InputError

P = ParamSpec("P")
R = TypeVar("R")


def refusable(get: Callable[P, R]) -> Callable[P, R]:
    """Return a property's function whose refusals are AttributeErrors too, with the same sentence.

    >>> class Empty:
    ...     @property
    ...     @refusable
    ...     def states(self):
    ...         raise InputError("`states` were not kept.")
    >>> hasattr(Empty(), "states")
    False
    """

    @wraps(get)
    def read(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return get(*arguments, **options)
        except InputError as error:
            if isinstance(error, AttributeError):
                raise
            raise AbsentError(str(error)) from None

    return read
