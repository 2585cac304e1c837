"""A trajectory as a labelled xarray Dataset."""

from importlib import import_module
from itertools import product
from typing import Any

from qllg_sym.errors import InputError

_MOST_LABELS = 4**6  # beyond six spins ½ the Pauli correlations are too many to label


def to_dataset(trajectory: Any) -> Any:
    """Return an xarray Dataset: energy, bloch or moments, purity, pauli (up to six spins ½), and what was observed.

    Args:
        trajectory: a `Trajectory`; arrays that it did not keep are left out.

    Returns:
        The Dataset, with coordinates time, site, axis (x, y, z) and component (T_0x, …).

    Raises:
        InputError: xarray is not installed.
    """
    try:
        xarray = import_module("xarray")
    except ImportError:
        raise InputError("`to_xarray` needs xarray, but it is not installed; run pip install qllg_sym[io].") from None
    coordinates: dict[str, Any] = {"time": trajectory.times}
    variables = {name: _labelled(name, values) for name, values in trajectory.observed.items()}
    for name, make in _PARTS.items():
        try:
            axes, values, labels = make(trajectory)
        except InputError:  # not kept, or of the other kind
            continue
        variables[name], coordinates = (axes, values), coordinates | labels
    if taken := {*trajectory.observed} & {*coordinates}:
        raise InputError(f"`observe` must use names that the dataset does not, but {min(taken)!r} is a coordinate; "
                         "solve with another name.")
    attributes = {"method": trajectory.method, "spins": ", ".join(trajectory.spins), "hbar": trajectory.hbar}
    attributes |= {f"stats_{name}": str(value) for name, value in trajectory.stats.items()}
    return xarray.Dataset(variables, coordinates, attributes)


def _labelled(name: str, values: Any) -> tuple[list[str], Any]:
    """Return axis names and values of an observable."""
    return ["time", *(f"{name}_{k}" for k in range(1, values.ndim))], values


def _energy(trajectory: Any) -> tuple[Any, ...]:
    """Return the energy."""
    return ["time"], trajectory.energy, {}


def _vectors(trajectory: Any) -> tuple[Any, ...]:
    """Return Bloch vectors, or classical moments, of all sites."""
    sites = list(range(len(trajectory.spins)))
    return ["time", "site", "axis"], trajectory.profile(), {"site": sites, "axis": ["x", "y", "z"]}


def _purity(trajectory: Any) -> tuple[Any, ...]:
    """Return the purity."""
    return ["time"], trajectory.purity, {}


def _pauli(trajectory: Any) -> tuple[Any, ...]:
    """Return the Pauli correlations with their names."""
    sites = len(trajectory.spins)
    if 4**sites > _MOST_LABELS:
        raise InputError(f"`pauli` is labelled up to six spins, but there are {sites}; use `trajectory.pauli`.")
    names = ["T_" + "".join(letters) for letters in product("0xyz", repeat=sites)][1:]
    return ["time", "component"], trajectory.pauli, {"component": names}


_PARTS = {"energy": _energy, "bloch": _vectors, "purity": _purity, "pauli": _pauli}
