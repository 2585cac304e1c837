"""What other readers of a result are told: units, labels along axes, and the equation that made the numbers."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.flow.results.provenance import text_and_numbers
from qllg_sym.flow.results.record import Record
from qllg_sym.observables.ring_states import ring_basis
from qllg_sym.observables.sector_states import numbers_with

AXIS = "trajectory"
MOST_LABELS = 1024      # basis states that have labels
_MEANING = {"time": "time", "energy": "energy", "density": "density matrix in the product basis, site 0 leftmost",
            "kets": "kets |j(t)> of rho = background + sum_j w_j |j><j|, site 0 leftmost",
            "weights": "weights w_j of the kets", "moments": "classical unit moments",
            "background": "multiple of the identity", "reached": "number of times that were reached", "hbar": "hbar",
            "held": "number of times that states are kept of", "rows": "number of the trajectory"}
_OF = {"time": "time", "energy": "energy"}


def unit(record: Record, what: str) -> str:
    """Return the unit of "time" or "energy": 1 where ħ = 1.

    >>> unit(Record(np.zeros(1), np.ones(1), np.ones(1), ("1/2",)), "time")
    '1'
    """
    if record.units is not None and getattr(record.units, what) is not None:
        return str(getattr(record.units, what))
    return "1" if np.all(record.hbars == 1) else "model units"


def labels_of(record: Record) -> dict[str, Any]:
    """Return labels along axes: sites, x, y, z, basis states such as "+1/2 -1/2", numbers of trajectories.

    >>> labels_of(Record(np.zeros(1), np.ones(1), np.ones(1), ("1/2",)))["basis"]
    ['+1/2', '-1/2']
    """
    spins = tuple(record.spins)
    found: dict[str, Any] = {"site": range(len(spins)), "axis": ("x", "y", "z"), AXIS: range(len(record.counts))}
    if record.dimension <= MOST_LABELS and (sector := record.sector) is not None:
        states = ring_basis(sector).states if isinstance(sector, RingSector) else \
            numbers_with(sector.sites, sector.down)
        basis = [" ".join("-1/2" if state >> k & 1 else "+1/2" for k in reversed(range(len(spins))))
                 for state in states.tolist()]
        found |= {name: basis for name in ("basis", "row", "column")}
    elif record.dimension <= MOST_LABELS:
        levels = [[_signed(Fraction(s) - k) for k in range(int(2 * Fraction(s)) + 1)] for s in spins]
        basis = [" ".join(state) for state in product(*levels)]
        found |= {name: basis for name in ("basis", "row", "column")}
    return found


def _signed(m: Fraction) -> str:
    """A quantum number with its sign."""
    return f"+{m}" if m > 0 else str(m)


def about(record: Record) -> dict[str, Any]:
    """Return what made the numbers, and their units, as text and numbers."""
    made = {} if record.provenance is None else text_and_numbers(record.provenance.about(record.values))
    return {"time_unit": unit(record, "time"), "energy_unit": unit(record, "energy"), **made}


def attributes_of(record: Record, observed: Mapping[str, str],
                  metadata: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the attributes of every array by its name, and of the whole by "".

    Args:
        record: the numbers.
        observed: names of arrays by the names of what was observed.
        metadata: what a file says besides.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"long_name": text, "units": unit(record, _OF[name]) if name in _OF else "1"}
        for name, text in _MEANING.items()}
    found |= {array: {"long_name": name} for name, array in observed.items()}
    methods = ", ".join(sorted({*record.methods} - {""}))
    spins = ", ".join(record.spins)
    found[""] = {"title": f"trajectory of spins {spins[:200]}", "source": "qllg_sym", "method": methods,
                 "spins": spins, "hbar": float(record.hbars[0]), "time_unit": unit(record, "time"),
                 "energy_unit": unit(record, "energy"), "background": float(metadata.get("background", 0.0)),
                 **text_and_numbers(metadata.get("about", {}))}
    return found
