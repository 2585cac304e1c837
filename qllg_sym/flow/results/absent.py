"""A result says what it has where it is asked for a reading that only other results have."""

from typing import TYPE_CHECKING, Any

from qllg_sym.errors import AbsentError, meant
from qllg_sym.files import Saved

MOST_LISTED = 50        # names that a sentence may list


class TellsWhatItHas:
    """What derives from this refuses a name that it lacks in a sentence, as an AttributeError: `hasattr` is False.

    >>> class Run(TellsWhatItHas):
    ...     energy = 0
    >>> Run().enrgy
    Traceback (most recent call last):
    qllg_sym.errors.AbsentError: `enrgy` must be one of energy, but is none of what Run has (did you mean energy?); \
choose among them.
    """

    def _elsewhere(self, name: str) -> str:
        """Return where there is what is asked for by a name; "" where that is not known."""
        return ""

    if not TYPE_CHECKING:       # type checkers are to know the attributes that there are, and no other
        def __getattr__(self, name: str) -> Any:
            """Refuse a name that there is none of."""
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            if hasattr(type(self), name):           # a property that raised an AttributeError: the same once more
                return object.__getattribute__(self, name)
            raise AbsentError(absence(self, name, self._elsewhere(name)))


def absence(result: Any, name: str, elsewhere: str) -> str:
    """Return the sentence about a name that a result lacks.

    >>> absence(3, "purity", "solve another way")
    '`purity` must be one of as_integer_ratio, bit_count, bit_length, conjugate, denominator, from_bytes, imag, \
numerator, real, to_bytes, but is none of what int has; solve another way.'
    """
    own = sorted(each for each in dir(result) if not each.startswith("_") and not hasattr(Saved, each)
                 and each != "KIND")
    known = ", ".join(own) if len(own) <= MOST_LISTED else "the names that dir() lists"
    return (f"`{name}` must be one of {known}, but is none of what {type(result).__name__} has"
            f"{meant(name, own)}; {elsewhere or 'choose among them'}.")
