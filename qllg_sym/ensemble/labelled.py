"""An ensemble of noisy trajectories as a labelled xarray Dataset."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from qllg_sym.ensemble.archive import ensemble_arrays
from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.origin import Origin
from qllg_sym.errors import InputError


def ensemble_dataset(times: Any, samples: Mapping[str, Any], stats: Mapping[str, Any], bath: Bath,
                     origin: Origin | None) -> Any:
    """Return every reading over trajectory, time and its own axes, with units and what made the numbers.

    Raises:
        InputError: xarray is not installed.
        ModelError: kT is no expression of the grammar of model files.
    """
    try:
        xarray = import_module("xarray")
    except ImportError:
        raise InputError("`to_xarray` needs xarray, but it is not installed; run pip install qllg_sym[io].") from None
    arrays, metadata, axes, labels, attributes = ensemble_arrays(times, samples, stats, bath, origin, None)
    variables = {name: (axes[name], arrays[name], attributes[name]) for name in metadata["reading_arrays"]}
    used = {axis for name in variables for axis in axes[name]}
    coordinates: dict[str, Any] = {axis: (axis, label) for axis, label in labels.items() if axis in used}
    coordinates["time"] = ("time", arrays["time"], attributes["time"])
    return xarray.Dataset(variables, coordinates, attributes[""])
