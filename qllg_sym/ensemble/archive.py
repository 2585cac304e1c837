"""An ensemble of noisy trajectories as arrays and plain metadata, and back: all that is needed to go on."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.signals import Signal
from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.bath_text import bath_content, bath_of_content
from qllg_sym.ensemble.origin import Origin
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError
from qllg_sym.flow.hybrid.posed import HybridStates
from qllg_sym.flow.options import Options
from qllg_sym.flow.results.archive import names_of_arrays
from qllg_sym.flow.results.provenance import Provenance, text_and_numbers
from qllg_sym.flow.states.initial_states import ARRAYS, InitialStates
from qllg_sym.model.model import Model

Arrays = dict[str, NDArray[Any]]
KIND = "ensemble"
AXIS = "trajectory"
OWN = ("start_", "signal_", "last")         # beginnings of the names of other arrays than readings
BLOCH = ("site", "axis")


def ensemble_arrays(times: Any, samples: Mapping[str, Any], stats: Mapping[str, Any], bath: Bath,
                    origin: Origin | None, last: Any) -> tuple[Arrays, dict[str, Any], dict[str, Any], dict[str, Any],
                                                               dict[str, dict[str, Any]]]:
    """Return arrays, metadata, the names of the arrays' axes, labels along axes, and attributes, as `files.save` takes.

    Raises:
        ModelError: kT is no expression of the grammar of model files.
    """
    named = _names(samples)
    arrays = {"time": np.asarray(times), **{named[name]: np.asarray(values) for name, values in samples.items()}}
    metadata: dict[str, Any] = {"readings": list(named), "reading_arrays": list(named.values()), "stats": _plain(stats),
                                "bath": bath_content(bath)}
    if origin is not None:
        arrays |= _of_origin(origin)
        metadata |= {"about": _provenance(origin).about(origin.numbers), "numbers": origin.numbers,
                     "signals": list(_signals(origin)), "method": origin.method, "seed": int(origin.seed),
                     "observe": _observed(origin)}
    if last is not None:
        arrays["last"] = last
    return arrays, metadata, _axes(samples, named), _labels(samples), _attributes(named, metadata, origin)


def _names(samples: Mapping[str, Any]) -> dict[str, str]:
    """Return a name of an array for every reading."""
    found = {**names_of_arrays(samples, "reading_{}", "{}"), "energy": "energy"}
    return {name: f"reading_{k}" if array.startswith(OWN) else array
            for k, (name, array) in enumerate((name, found[name]) for name in samples)}


def _of_origin(origin: Origin) -> Arrays:
    """Return the state in which all began, the samples of signals, and the step."""
    found: Arrays = {"start_step": np.array(origin.step)}
    for name in ARRAYS:
        if (array := getattr(origin.start, name)) is not None:
            found[f"start_{name}"] = array
    if isinstance(origin.start, HybridStates):
        for k, (levels, frame) in enumerate(zip(origin.start.spectra, origin.start.frames, strict=True)):
            found |= {f"start_spectrum_{k}": levels, f"start_frame_{k}": frame}
    for k, (times, samples) in enumerate(_signals(origin).values()):
        found |= {f"signal_{k}_times": times, f"signal_{k}_samples": samples}
    return found


def _signals(origin: Origin) -> dict[str, tuple[Any, Any]]:
    """Return the samples of signals among what was given; functions are not kept."""
    return {name: (np.asarray(value[0], dtype=float), np.asarray(value[1], dtype=float))
            for name, value in origin.given.items() if isinstance(value, tuple)}


def _provenance(origin: Origin) -> Provenance:
    """Return what made the numbers, as files of trajectories tell it."""
    signals: dict[str, Any] = {s.name: None for s in origin.law.derive(origin.model).parameters
                               if isinstance(s, Signal)}
    known = {**signals, **{name: pair for name, pair in _signals(origin).items() if name in signals}}
    return Provenance.of(origin.model, origin.law, Options(), known)


def _observed(origin: Origin) -> Any:
    """Return what was asked to be read, where these are names: {} where they are more than names, for `resume`."""
    if origin.observe is None:
        return None
    return dict(origin.observe) if all(isinstance(what, str) for what in origin.observe.values()) else {}


def _axes(samples: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    """Return the names of the axes of every array."""
    found: dict[str, Any] = {"time": ("time",), "last": (AXIS, "row", "column"), "start_moments": ("one", *BLOCH)}
    for name, values in samples.items():
        own = BLOCH if name == "bloch" and np.ndim(values) == 4 else \
            tuple(f"{named[name]}_{k}" for k in range(1, np.ndim(values) - 1))
        found[named[name]] = (AXIS, "time", *own)
    return found


def _labels(samples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the labels along axes."""
    first = next(iter(samples.values()))
    sites = samples["bloch"].shape[2] if np.ndim(samples.get("bloch", 0)) == 4 else 0
    return {AXIS: list(range(len(first))), "site": list(range(sites)), "axis": ["x", "y", "z"]}


def _attributes(named: Mapping[str, str], metadata: Mapping[str, Any],
                origin: Origin | None) -> dict[str, dict[str, Any]]:
    """Return what other readers are told of every array, and of the whole."""
    units = None if origin is None else origin.model.units
    plain = "1" if origin is not None and origin.hbar == 1 else "model units"
    time, energy = (units.time or plain, units.energy or plain) if units is not None else (plain, plain)
    found: dict[str, dict[str, Any]] = {array: {"long_name": name} for name, array in named.items()}
    found["time"] = {"long_name": "time", "units": time}
    if "energy" in named:
        found["energy"] = {"long_name": "energy", "units": energy}
    found[""] = {"title": "noisy trajectories", "source": "qllg_sym", "kT": str(metadata["bath"]["kT"]),
                 "noise": metadata["bath"]["noise"], "seed": str(metadata.get("seed", "")), "time_unit": time,
                 "energy_unit": energy, **text_and_numbers(metadata.get("about", {}))}
    return found


def _plain(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return numbers and text as JSON has them; what is not finite as its text."""
    found = {name: value.item() if isinstance(value, np.generic) else value for name, value in stats.items()}
    return {str(name): str(value) if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in found.items()}


def ensemble_fields(arrays: Arrays, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an ensemble; a part that is missing or does not fit raises what Python raises.

    Args:
        arrays: of a file.
        metadata: of a file.
    """
    samples = {str(name): arrays[array]
               for name, array in zip(metadata["readings"], metadata["reading_arrays"], strict=True)}
    bath, times, last = bath_of_content(metadata["bath"]), arrays["time"], arrays.get("last")
    origin = _origin(arrays, metadata, bath) if "about" in metadata else None
    stats = {str(name): float(value) if value in ("inf", "nan") else value for name, value in metadata["stats"].items()}
    _check(times, samples, last, origin, int(stats["steps"]))
    return {"times": times, "samples": samples, "stats": stats, "law": None if origin is None else origin.law,
            "bath": bath, "origin": origin, "last": last}


def _origin(arrays: Arrays, metadata: Mapping[str, Any], bath: Bath) -> Origin | None:
    """Return what an ensemble is made of; None where the file has no words for the model."""
    about = Provenance(told=dict(metadata["about"]))
    values: dict[str, Any] = {str(name): float(value) for name, value in metadata["numbers"].items()}
    for k, name in enumerate(metadata["signals"]):
        values[str(name)] = arrays[f"signal_{k}_times"], arrays[f"signal_{k}_samples"]
    held: dict[str, Any] = {name: arrays.get(f"start_{name}") for name in ARRAYS}
    observe = metadata["observe"]
    start = InitialStates(np.zeros(1, dtype=int), **held)
    try:
        model, law = about.model, about.law
    except InputError:
        return None
    if isinstance(law, Hybrid):
        spectra, frames = (tuple(arrays[f"start_{name}_{k}"] for k in range(len(law.clusters)))
                           for name in ("spectrum", "frame"))
        start = HybridStates(np.zeros(1, dtype=int), moments=held["moments"], spectra=spectra, frames=frames)
    return Origin(model, law, values or None, bath, None if observe is None else dict(observe), str(metadata["method"]),
                  int(metadata["seed"]), float(arrays["start_step"]), start)


def _check(times: Any, samples: Mapping[str, Any], last: Any, origin: Origin | None, steps: int) -> None:
    """Refuse parts that do not fit together."""
    m, n = len(next(iter(samples.values()))), len(times)
    fits = [times.ndim == 1, n > 0, m > 0, bool(np.all(np.diff(times) > 0)), bool(np.isfinite(times).all()), steps >= 0,
            *(values.shape[:2] == (m, n) for values in samples.values()), last is None or len(last) == m]
    if origin is not None:
        space, start = origin.model.space, origin.start
        assert start is not None
        if isinstance(origin.law, Hybrid):
            if not all(fits) or not _parts_fit(origin.law, origin.model, start, last):
                raise ValueError("shapes do not fit together")
            return
        d, moments = space.dimension, (space.sites, 3)
        fits += [start.moments.shape == (1, *moments)] if origin.law.classical else \
            [start.kets.shape == (1, d, start.weights.shape[1]), start.background.shape == (1,)]
        if last is not None:
            fits.append(last.shape[1:] == moments if origin.law.classical else last.shape[1] == d)
    if not all(fits):
        raise ValueError("shapes do not fit together")


def _parts_fit(law: Hybrid, model: Model, start: Any, last: Any) -> bool:
    """Whether clusters and moments have the shapes that a hybrid law has."""
    dims = [math.prod(model.space.dimensions[i] for i in cluster) for cluster in law.clusters]
    width = sum(2 * d * d for d in dims) + 3 * len(law.classical)
    return start.moments.shape == (1, len(law.classical), 3) and (last is None or last.shape[1:] == (width,)) and all(
        p.shape == (d,) and v.shape == (d, d) for p, v, d in zip(start.spectra, start.frames, dims, strict=True))
