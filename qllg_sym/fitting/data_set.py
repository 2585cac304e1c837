"""One measurement among several that a fit takes together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qllg_sym.algebra.fields import ByFields


@dataclass(frozen=True, eq=False, repr=False)
class DataSet(ByFields):
    """Data of one run: what was measured when, from which start, under which values; for `fit(data=[…])`.

    Attributes:
        data: (n,) for an operator, (n, 3) for a Bloch vector; a mapping of names to such arrays for several.
        times: of the data, (n,), units as of `solve`; None for the times of the fit.
        state: at the first time; None for the state of the fit.
        observe: what was measured, as in `fit`.
        sigma: standard deviations; data weigh with 1/sigma².
        values: numbers of parameters in this run alone, such as its field; they go before those of the fit.

    >>> DataSet([0.1, 0.2], times=[0, 1], observe="Sz", values={"B": 2}).values
    {'B': 2}
    """

    data: Any
    times: Any = None
    state: Any = None
    observe: Any = "bloch0"
    sigma: Any = None
    values: Mapping[Any, Any] | None = None
