"""A trajectory of clusters and moments as arrays and plain metadata, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.results.archive import names_of_arrays
from qllg_sym.flow.results.provenance import Provenance, text_and_numbers
from qllg_sym.flow.results.shapes import check_shapes, dimensions
from qllg_sym.flow.results.told import AXIS
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.ensemble import Ensemble

Arrays = dict[str, NDArray[Any]]
KIND, MANY = "hybrid trajectory", "hybrid trajectories"
STATES = 1e-8           # within which lengths, overlaps and traces are one: a run keeps them to rounding


@dataclass(frozen=True, eq=False, repr=False)
class HybridRecord:
    """What is kept of clusters and moments; see `HybridTrajectory`, which shows it.

    Attributes:
        held: the moments at all times, or at the last alone, (n, n_classical, 3) or (1, n_classical, 3).
    """

    times: NDArray[np.float64]
    spins: tuple[str, ...]
    quantum: tuple[tuple[int, ...], ...]
    classical: tuple[int, ...]
    clusters: tuple[Trajectory, ...]
    held: NDArray[np.float64]
    energy: NDArray[np.float64]
    hbar: float
    values: Mapping[str, Any]
    stats: Mapping[str, Any]
    provenance: Provenance
    observed: Mapping[str, NDArray[Any]] = field(default_factory=dict)


Packed = tuple[Arrays, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, dict[str, Any]]]


def hybrid_arrays(run: HybridRecord) -> Packed:
    """Return arrays, metadata, the names of the arrays' axes, labels along axes, and attributes, for `files.save`."""
    arrays: Arrays = {"time": run.times, "energy": run.energy}
    axes: dict[str, tuple[str, ...]] = {"time": ("time",), "energy": ("time",)}
    at = "time" if len(run.held) == len(run.times) else "last"
    if run.classical:
        arrays["moments"], axes["moments"] = run.held, (at, "site", "axis")
    for c, cluster in enumerate(run.clusters):
        kets = cluster.kets if at == "time" else cluster.last.kets
        arrays |= {f"kets_{c}": kets, f"weights_{c}": cluster.last.weights, f"energy_{c}": cluster.energy}
        axes |= {f"kets_{c}": (at, f"basis_{c}", f"ket_{c}"), f"weights_{c}": (f"ket_{c}",),
                 f"energy_{c}": ("time",)}
    metadata: dict[str, Any] = {"spins": list(run.spins), "clusters": [list(sites) for sites in run.quantum],
                "classical": list(run.classical), "hbar": run.hbar, "values": _numbers(run.values),
                "stats": {k: v.item() if isinstance(v, np.generic) else v for k, v in run.stats.items()},
                "about": run.provenance.about(run.values)}
    named = names_of_arrays(run.observed, "observed_{}", "{}")
    arrays |= {array: run.observed[name] for name, array in named.items()}
    axes |= {array: ("time", *(f"{array}_{k}" for k in range(1, run.observed[name].ndim)))
             for name, array in named.items()}
    metadata |= {"observed": list(named), "observed_arrays": list(named.values())}
    labels = {"axis": ("x", "y", "z"), "site": run.classical}
    title = {"title": f"clusters and moments of spins {', '.join(run.spins)[:200]}", "source": "qllg_sym"}
    return arrays, metadata, axes, labels, {"": {**title, **text_and_numbers(metadata["about"])}}


def hybrid_fields(arrays: Arrays, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `HybridTrajectory`; a part that is missing or does not fit raises what Python raises."""
    spins, times = tuple(map(str, metadata["spins"])), arrays["time"]
    quantum = tuple(tuple(map(int, sites)) for sites in metadata["clusters"])
    classical, stats = tuple(map(int, metadata["classical"])), dict(metadata["stats"])
    values, hbar = {str(k): float(v) for k, v in metadata["values"].items()}, float(metadata["hbar"])
    if sorted([*(i for sites in quantum for i in sites), *classical]) != list(range(len(spins))):
        raise ValueError("sites do not fit together")
    clusters = []
    for c, sites in enumerate(quantum):
        own = tuple(spins[i] for i in sites)
        check_frames(arrays[f"kets_{c}"], arrays[f"weights_{c}"])
        ensemble = Ensemble(dimensions(own), kets=arrays[f"kets_{c}"], weights=arrays[f"weights_{c}"])
        clusters.append(Trajectory(times, own, ensemble, energy=arrays[f"energy_{c}"], method="hybrid", stats=stats,
                                   hbar=hbar, values=values))
    observed = {str(name): arrays[array] for name, array in zip(metadata["observed"], metadata["observed_arrays"],
                                                                strict=True)}
    kept = {len(cluster.ensemble or ()) for cluster in clusters}
    moments = arrays["moments"] if classical else np.zeros((kept.pop(), 0, 3))
    if kept - {len(moments)}:
        raise ValueError("clusters and moments are of different times")
    if not (abs(np.linalg.norm(moments, axis=2) - 1) < STATES).all():
        raise ValueError("moments are no unit vectors")
    check_shapes(times, tuple(spins[i] for i in classical), None, moments, arrays["energy"], observed)
    return {"times": times, "spins": spins, "quantum": quantum, "classical": classical, "clusters": tuple(clusters),
            "held": moments, "energy": arrays["energy"], "hbar": hbar, "values": values, "stats": stats,
            "provenance": Provenance.loaded(metadata["about"], spins), "observed": observed}


def check_frames(kets: NDArray[Any], weights: NDArray[Any]) -> None:
    """Raise ValueError where kets (n, d, d) are not orthonormal, or weights (d,) no probabilities."""
    overlaps = kets.conj().swapaxes(1, 2) @ kets
    if not ((abs(overlaps - np.eye(kets.shape[2])) < STATES).all() and abs(weights.sum() - 1) < STATES
            and (weights > -STATES).all()):
        raise ValueError("kets and weights are no density matrix")


def stacked_arrays(times: NDArray[np.float64], rows: Sequence[HybridRecord | None], values: Mapping[str, Any],
                   failures: Mapping[int, str], shape: tuple[int, ...]) -> Packed:
    """Return rows as arrays with a leading axis, and what `hybrid_arrays` gives besides; NaN where there is nothing."""
    packed = [None if row is None else hybrid_arrays(row) for row in rows]
    first, metadata, axes, labels, told = next(each for each in packed if each is not None)
    counts = np.array([0 if row is None else len(row.times) for row in rows])
    arrays: Arrays = {"time": times, "reached": counts}
    for name, like in first.items():
        if name == "time":
            continue
        length = (len(times) if axes[name][0] == "time" else len(like),) if like.ndim else ()
        arrays[name] = np.full((len(rows), *length, *like.shape[1:]), np.nan, np.result_type(like, float))
        for k, each in enumerate(packed):
            if each is not None:
                arrays[name][(k, slice(len(each[0][name])))] = each[0][name]
    own = [None if row is None or each is None else
           {"values": each[1]["values"], "stats": each[1]["stats"], "hbar": each[1]["hbar"]}
           for row, each in zip(rows, packed, strict=True)]
    batch = {"rows": own, "failures": {str(row): why for row, why in failures.items()}, "shape": list(shape),
             "varying": {name: np.asarray(v, dtype=float).tolist() for name, v in values.items() if _is_number(v)}}
    leading = {name: (AXIS, *found) for name, found in axes.items() if name != "time"}
    return arrays, metadata | batch, {"time": ("time",), "reached": (AXIS,), **leading}, labels, told


def rows_of_arrays(arrays: Arrays, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `HybridTrajectories`, its rows as fields of their own."""
    counts, times, rows = arrays["reached"].tolist(), arrays["time"], []
    for k, (count, own) in enumerate(zip(counts, metadata["rows"], strict=True)):
        part = {"time": times[:count]}
        for name, array in arrays.items():
            if name not in ("time", "reached"):
                part[name] = array[k] if name.startswith("weights_") else array[k, :count]
        rows.append(None if own is None else hybrid_fields(part, {**metadata, **own}))
    values = {str(k): np.array(v) if isinstance(v, list) else float(v) for k, v in metadata["varying"].items()}
    failures = {int(row): str(why) for row, why in metadata["failures"].items()}
    shape = tuple(map(int, metadata["shape"]))
    if np.prod(shape) != len(rows) or not len(times) or not any(rows):
        raise ValueError("rows do not fit together")
    return {"times": times, "rows": tuple(rows), "values": values, "failures": failures, "shape": shape}


def _is_number(value: Any) -> bool:
    """Whether a value is a number, or one a row."""
    return not callable(value) and np.asarray(value).dtype.kind in "iuf"


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """The parameters that are numbers."""
    return {name: float(value) for name, value in values.items() if isinstance(value, (int, float, np.number))}
