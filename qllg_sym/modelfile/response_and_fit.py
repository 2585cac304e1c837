"""The [response] and [fit] tables: what a weak field couples to, and which parameters data are to fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.modeltext import keys
from qllg_sym.modeltext.tables import Table
from qllg_sym.spectra.perturbations import NAMED

POINTS, MOST_POINTS = 1001, 1_000_000


@dataclass(frozen=True)
class ResponseOptions:
    """What `response` is asked for.

    Attributes:
        operators: names of components of the total spin.
        omega: angular frequencies, (n,); None for those that show every line.
    """

    operators: tuple[str, ...] = NAMED
    omega: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class FitOptions:
    """What `fit` is asked for beside the data.

    Attributes:
        free: where parameters start.
        observe: what the data are.
        sigma: their standard deviation, or None.
        bounds: (lowest, highest) by name.
    """

    free: Mapping[str, float]
    observe: str = "bloch0"
    sigma: float | None = None
    bounds: Mapping[str, Any] | None = None


def read_response(table: Table) -> ResponseOptions:
    """Return what a [response] table says.

    Raises:
        ModelError: an unknown, missing or wrong key.

    >>> read_response(Table("[response]", {"operators": ["Sx"]}))
    ResponseOptions(operators=('Sx',), omega=None)
    """
    table.only(keys.RESPONSE)
    names = table.items("operators") if "operators" in table else list(NAMED)
    if not names or any(name not in NAMED for name in names):
        raise table.wrong("operators", f"a list of names among {', '.join(NAMED)}", names)
    if "stop" not in table:
        return ResponseOptions(tuple(names))
    begin, end, points = table.number("start", 0.0), table.number("stop"), table.integer("points", POINTS)
    if begin < 0:
        raise table.wrong("start", "at least 0", begin)
    if end <= begin:
        raise table.wrong("stop", f"above start = {begin:g}", end)
    if not 2 <= points <= MOST_POINTS:
        raise table.wrong("points", f"from 2 to {MOST_POINTS}", points)
    return ResponseOptions(tuple(names), np.linspace(begin, end, points))


def read_fit(table: Table) -> FitOptions:
    """Return what a [fit] table says.

    Raises:
        ModelError: an unknown, missing or wrong key.

    >>> read_fit(Table("[fit]", {"free": {"J": 1.0}})).free
    {'J': 1.0}
    """
    table.only(keys.FIT)
    free = Table(f"{table.place} free", table.raw("free"))
    bounds = Table(f"{table.place} bounds", table.raw("bounds")) if "bounds" in table else None
    sigma = table.number("sigma") if "sigma" in table else None
    return FitOptions({name: free.number(name) for name in free}, table.text("observe", "bloch0"), sigma,
                      None if bounds is None else {name: bounds.numbers(name) for name in bounds})
