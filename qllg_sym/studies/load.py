"""Any result file: what is in it says the file."""

import os
from typing import Any

from qllg_sym import files
from qllg_sym.ensemble.thermal import ThermalEnsemble
from qllg_sym.errors import FileError
from qllg_sym.flow.compact import forms
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.reopened import reopened
from qllg_sym.flow.results.datasets import KIND, dataset_of, save_dataset
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.results.trajectory import Trajectory


def load(path: str | os.PathLike[str]) -> Any:
    """Read what `save` wrote: a trajectory of any kind, a batch of them, a `ThermalEnsemble`, a study's Dataset.

    What made the numbers comes with them: `run.model`, `run.law`, `run.values`, `run.units`, and between stored times
    `run.at(t)` solves on from the state before. Files of older formats load, too, without these. Nothing in a file is
    ever executed.

    Args:
        path: a .npz or .nc file.

    Raises:
        FileError: the file is missing, damaged, foreign or of a newer format.

    >>> import tempfile
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, solve, states
    >>> run = solve(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(0.5), states.product("+x"), [0, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run.save(f"{folder}/run.npz")
    ...     again = load(f"{folder}/run.npz")
    >>> again.law, again.model == run.model, bool((again.states == run.states).all())
    (QuantumLLG(kappa=1/2), True, True)
    """
    kind, arrays, metadata = files.load_any(path)
    if kind == KIND:
        return dataset_of(path, arrays, metadata)
    results: tuple[type[files.Saved], ...] = (Trajectory, Trajectories, ThermalEnsemble, HybridTrajectory,
                                              HybridTrajectories, *(form.result() for form in forms().values()))
    for result in results:
        if kind == result.KIND:
            found = result.of_arrays(path, arrays, metadata)
            return reopened(found) if isinstance(found, Trajectory | Trajectories) else found
    raise FileError(f"`{path}` must hold trajectories, an ensemble or a dataset, but holds {kind[:40]!a}; "
                    "give another file.")


def save(result: Any, path: str | os.PathLike[str]) -> None:
    """Write a trajectory, a batch of them, an ensemble, or an xarray Dataset such as a study's, for `load`.

    Args:
        result: what is written.
        path: ends in .npz (no pickle inside) or .nc (needs h5netcdf), which xarray reads without this package.

    Raises:
        FileError: the ending is unknown or the place is not writable; what was there stays as it was.
        InputTypeError: none of these.

    >>> save({"x": 1}, "x.npz")
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputTypeError: `dataset` must be an xarray Dataset, but is of type dict; save trajectories by \
their own method `save`.
    """
    if isinstance(result, files.Saved):
        result.save(path)
    else:
        save_dataset(result, path)
