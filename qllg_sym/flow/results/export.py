"""Trajectories as a labelled xarray Dataset."""

from importlib import import_module
from itertools import product
from typing import Any

import numpy as np

from qllg_sym.errors import InputError
from qllg_sym.flow.results.archive import ONE
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.told import AXIS, about, unit

_MOST_LABELS = 4**6  # beyond six spins ½ the Pauli correlations are too many to label


def to_dataset(view: Any, record: Record, kind: str) -> Any:
    """Return an xarray Dataset: energy, bloch or moments, purity, pauli (up to six spins ½), and what was observed.

    Args:
        view: a `Trajectory` or `Trajectories`; arrays that it did not keep are left out.
        record: what it shows.
        kind: which of the two, as for files.

    Returns:
        The Dataset, with coordinates time, site, axis (x, y, z) and component (T_0x, …); of many trajectories arrays
        have a leading axis "trajectory", and their parameters are its coordinates.

    Raises:
        InputError: xarray is not installed.
    """
    try:
        xarray = import_module("xarray")
    except ImportError:
        raise InputError("`to_xarray` needs xarray, but it is not installed; run pip install qllg_sym[io].") from None
    lead, longest = [] if kind == ONE else [AXIS], int(np.argmax(record.counts))
    coordinates: dict[str, Any] = {"time": record.times}
    if lead:
        coordinates[AXIS] = np.arange(len(record.counts))
        coordinates |= {f"value_{name}": (AXIS, v) for name, v in record.values.items() if np.ndim(v)}
    variables = {name: _labelled(name, values, lead) for name, values in view.observed.items()}
    for name, make in _PARTS.items():
        try:
            axes, values, labels = make(view)
        except InputError:  # not kept, or of the other kind
            continue
        variables[name], coordinates = ([*lead, *axes], values), coordinates | labels
    if taken := {*view.observed} & {*coordinates}:
        raise InputError(f"`observe` must use names that the dataset does not, but {min(taken)!r} is a coordinate; "
                         "solve with another name.")
    attributes = {**about(record), "method": record.methods[longest], "spins": ", ".join(record.spins),
                  "hbar": float(record.hbars[longest])}
    if not lead:
        attributes |= {f"stats_{name}": str(value) for name, value in record.stats[0].items()}
    found = xarray.Dataset(variables, coordinates, attributes)
    for name in ("time", "energy"):
        if name in found.variables:
            found[name].attrs["units"] = unit(record, name)
    return found


def _labelled(name: str, values: Any, lead: list[str]) -> tuple[list[str], Any]:
    """Return axis names and values of an observable."""
    return [*lead, "time", *(f"{name}_{k}" for k in range(1, values.ndim - len(lead)))], values


def _energy(view: Any) -> tuple[Any, ...]:
    """Return the energy."""
    return ["time"], view.energy, {}


def _vectors(view: Any) -> tuple[Any, ...]:
    """Return Bloch vectors, or classical moments, of all sites."""
    return ["time", "site", "axis"], view.profile(), {"site": list(range(len(view.spins))), "axis": ["x", "y", "z"]}


def _purity(view: Any) -> tuple[Any, ...]:
    """Return the purity."""
    return ["time"], view.purity, {}


def _pauli(view: Any) -> tuple[Any, ...]:
    """Return the Pauli correlations with their names."""
    sites = len(view.spins)
    if 4**sites > _MOST_LABELS:
        raise InputError(f"`pauli` is labelled up to six spins, but there are {sites}; use `trajectory.pauli`.")
    names = ["T_" + "".join(letters) for letters in product("0xyz", repeat=sites)][1:]
    return ["time", "component"], view.pauli, {"component": names}


_PARTS = {"energy": _energy, "bloch": _vectors, "purity": _purity, "pauli": _pauli}
