"""A trajectory as arrays and plain metadata, and back."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble

Arrays = dict[str, NDArray[Any]]
_AXES = {
    "times": ("time",),
    "energy": ("time",),
    "density": ("time", "row", "column"),
    "kets": ("time", "basis", "ket"),
    "weights": ("ket",),
    "moments": ("time", "site", "axis"),
}


def pack(trajectory: Any) -> tuple[Arrays, dict[str, Any], dict[str, tuple[str, ...]]]:
    """Return the arrays of a `Trajectory`, its metadata, and the names of the arrays' axes.

    >>> from qllg_sym.flow.results.trajectory import Trajectory
    >>> arrays, metadata, axes = pack(Trajectory([0.0], ("1/2",), moments=[[[0, 0, 1]]], energy=[-1]))
    >>> sorted(arrays), metadata["spins"]
    (['energy', 'moments', 'times'], ['1/2'])
    """
    given: dict[str, NDArray[Any] | None] = dict(trajectory.stored())
    background = 0.0
    if (held := trajectory.ensemble) is not None:
        given |= {"density": held.matrices, "kets": held.kets, "weights": held.weights}
        background = held.background
    arrays = {name: values for name, values in given.items() if values is not None}
    axes = {name: _AXES[name] for name in arrays}
    for name in ("density", "kets", "moments"):
        if name in arrays and len(arrays[name]) < len(trajectory):  # only the last state was kept
            axes[name] = ("last", *_AXES[name][1:])
    # Names of observables are any text at all: they go into the metadata, never into names of entries.
    for k, values in enumerate(trajectory.observed.values()):
        arrays[f"observed_{k}"] = values
        axes[f"observed_{k}"] = ("time", *(f"observed_{k}_{axis}" for axis in range(1, values.ndim)))
    metadata = {
        "spins": list(trajectory.spins),
        "labels": list(trajectory.labels),
        "method": trajectory.method,
        "stats": _plain(trajectory.stats),
        "hbar": trajectory.hbar,
        "background": background,
        "observed": list(trajectory.observed),
    }
    return arrays, metadata, axes


def unpack(arrays: Arrays, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a `Trajectory`; a part that is missing or does not fit raises what Python raises.

    >>> metadata = dict(spins=["1/2"], labels=[], method="exact", stats={}, hbar=1.0, background=0.0, observed=[])
    >>> unpack({"times": np.zeros(1), "moments": np.ones((1, 1, 3))}, metadata)["spins"]
    ('1/2',)
    """
    spins, ensemble = tuple(map(str, metadata["spins"])), None
    if "density" in arrays or "kets" in arrays:
        dims = [int(2 * Fraction(spin)) + 1 for spin in spins]
        density, kets, weights = (arrays.get(name) for name in ("density", "kets", "weights"))
        ensemble = Ensemble(dims, density, kets, weights, float(metadata["background"]))
    observed = {str(name): arrays[f"observed_{k}"] for k, name in enumerate(metadata["observed"])}
    return {
        "times": arrays["times"],
        "spins": spins,
        "ensemble": ensemble,
        "moments": arrays.get("moments"),
        "energy": arrays.get("energy"),
        "observed": observed,
        **{name: metadata[name] for name in ("labels", "method", "stats", "hbar")},
    }


def _plain(value: Any) -> Any:
    """Return a value of `stats` as JSON can hold it: numbers of NumPy become Python's, anything unknown its text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (bool, int, float, str, type(None))) else str(value)
