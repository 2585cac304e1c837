"""What is observed of a chain: by the names of readings, or functions of the matrix product state."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results.recorder import is_function
from qllg_sym.observables.sites import check_site

Read = Callable[[Any, int, Any], Any]       # of the readings so far, the number of the time, and ψ
_NAME = re.compile(r"(bloch|entanglement)(\d+)")


def chain_readers(observe: Any, sites: int) -> dict[str, Read]:
    """Return how to read what is observed, by name.

    Raises:
        InputError: another name, or a site that does not exist.
        InputTypeError: no mapping, or something that is neither a function nor a name.

    >>> list(chain_readers({"E": "energy", "m": "bloch3"}, 5))
    ['E', 'm']
    """
    if not isinstance(observe, Mapping | None):
        raise InputTypeError(f"`observe` must map names to functions, but is of type {type(observe).__name__}; write "
                             "observe={\"S\": \"entanglement5\"}.")
    return {str(name): _reader(str(name), what, sites) for name, what in (observe or {}).items()}


def _reader(name: str, what: Any, sites: int) -> Read:
    """How one thing is read."""
    if is_function(what):
        return lambda readings, k, psi: what(psi)
    if not isinstance(what, str):
        raise InputTypeError(f"`observe[{name!r}]` must be a function of the MatrixProductState, \"energy\", "
                             f"\"bloch0\" or \"entanglement1\" for method=\"mps\", but is of type "
                             f"{type(what).__name__}; write a function.")
    if what == "energy":
        return lambda readings, k, psi: readings.energy[k]
    if what == "profile":
        return lambda readings, k, psi: readings.profile[k]
    if (match := _NAME.fullmatch(what)) is None:
        raise InputError("`observe` must name energy, profile, the bloch of a site or the entanglement of so many "
                         f"left sites for method=\"mps\", but {what!r} is none of them; give a function of the state.")
    place = check_site(int(match[2]) - (match[1] == "entanglement"), sites - (match[1] == "entanglement"), "observe")
    if match[1] == "bloch":
        return lambda readings, k, psi: readings.profile[k][place]
    return lambda readings, k, psi: readings.entropy[k][place]
