"""Clusters and moments over time as a labelled xarray Dataset."""

from importlib import import_module
from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.flow.hybrid.archive import HybridRecord
from qllg_sym.flow.results.provenance import text_and_numbers

TAKEN = ("time", "site", "axis", "energy", "bloch")


def hybrid_dataset(run: HybridRecord, profile: Any) -> Any:
    """Return energy, ⟨S⟩/(s ħ) of all sites and what was observed, with units and what made the numbers.

    Args:
        run: what is kept.
        profile: (n, N, 3), or None where the last state alone was kept.

    Raises:
        InputError: xarray is not installed, or an observable has the name of a part.
    """
    try:
        xarray = import_module("xarray")
    except ImportError:
        raise InputError("`to_xarray` needs xarray, but it is not installed; run pip install qllg_sym[io].") from None
    if taken := [name for name in run.observed if name in TAKEN]:
        raise InputError(f"`observe` must use names that the dataset does not, but {taken[0]!r} is one; solve with "
                         "another name.")
    units = run.provenance.units
    time, energy = ("ħ/energy", "energy") if units is None else (units.time or "ħ/energy", units.energy or "energy")
    variables: dict[str, Any] = {"energy": ("time", run.energy, {"units": energy})}
    coordinates: dict[str, Any] = {"time": ("time", run.times, {"units": time})}
    if profile is not None:
        sites = range(len(run.spins))
        cluster = [next((c for c, own in enumerate(run.quantum) if site in own), -1) for site in sites]
        variables["bloch"] = (("time", "site", "axis"), profile)
        coordinates |= {"site": list(sites), "axis": ["x", "y", "z"],
                        "cluster": ("site", cluster, {"long_name": "number of the cluster, -1 for moments"})}
    for name, values in run.observed.items():
        variables[name] = (("time", *(f"{name}_{k}" for k in range(1, values.ndim))), values)
    about = text_and_numbers(run.provenance.about(run.values))
    return xarray.Dataset(variables, coordinates, {**about, "spins": ", ".join(run.spins), "hbar": run.hbar})
