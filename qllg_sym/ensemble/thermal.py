"""The result of q.langevin: what was read off noisy trajectories, with means and standard errors."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.algebra.fields import ByFields
from qllg_sym.display import in_html
from qllg_sym.ensemble.archive import KIND, ensemble_arrays, ensemble_fields
from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.continuation import check_readings, continued_run, known_origin, with_changes
from qllg_sym.ensemble.integrated import integrated
from qllg_sym.ensemble.labelled import ensemble_dataset
from qllg_sym.ensemble.noisy_run import NoisyRun
from qllg_sym.ensemble.origin import Origin
from qllg_sym.equations.law import Law
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.parallel.checkpoint import refuse_foreign
from qllg_sym.parallel.executors import executor_kind
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes, Figure

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class ThermalEnsemble(files.Saved, ByFields):
    """Readings of noisy trajectories: each, their means, and standard errors of these.

    Attributes:
        times: (n_times,).
        samples: arrays (trajectories, n_times, …) by name, such as "energy" and "bloch".
        stats: step, what was advised and the largest allowed, rate, order of the scheme, seconds, …
        law: the law of motion; None where a file has no words for the model.
        bath: temperature and kind of noise.
        origin: what was asked for; None where it is not known.
        last: the states of all trajectories at the last time; None where they are not known, or too large to be kept.

    >>> ensemble = ThermalEnsemble(np.zeros(1), {"energy": np.array([[1.0], [3.0]])}, {}, None, None)
    >>> ensemble.mean["energy"].tolist(), ensemble.error["energy"].tolist()
    ([2.0], [1.0])

    What was saved goes on where it was:

    >>> import tempfile
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, langevin, load, states
    >>> spin = Model(Space("1/2"), [Zeeman((0, 0, 1))])
    >>> ens = langevin(spin, QuantumLLG(0.5), states.product("up"), [0, 1], Bath(1), trajectories=5, step=0.1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ens.save(f"{folder}/hot.npz")
    ...     again = load(f"{folder}/hot.npz")
    >>> bool((again.resume([2]).samples["bloch"] == ens.resume([2]).samples["bloch"]).all())
    True
    """

    times: Array
    samples: Mapping[str, Array]
    stats: Mapping[str, Any]
    law: Law | None
    bath: Bath
    origin: Origin | None = None
    last: Array | None = None
    KIND: ClassVar[str] = KIND

    @cached_property
    def mean(self) -> dict[str, Array]:
        """The mean over all trajectories, (n_times, …) by name."""
        return {name: found.mean(axis=0) for name, found in self.samples.items()}

    @cached_property
    def error(self) -> dict[str, Array]:
        """The standard error of each mean, (n_times, …) by name; NaN for one trajectory."""
        return {name: _standard_error(found) for name, found in self.samples.items()}

    def resume(self, times: Any, step: float | None = None, values: Mapping[Any, Any] | None = None,
               observe: Mapping[str, Any] | None = None, progress: Any = False, executor: Any = None,
               checkpoint: str | os.PathLike[str] | None = None) -> "ThermalEnsemble":
        """Return the ensemble with later times, to which the same trajectories go on.

        The random numbers go on with the steps, so that this is, to the last bit, what one run to all of these times
        would have given; to rounding where H, the law or kT jump in time, or hold signals.

        Args:
            times: later than those that there are.
            step: the longest step in time; None for that of before.
            values: numbers and signals in place of those of before, such as samples that reach further.
            observe: what is read, under the names of before: needed after functions and operators were loaded from a
                file, which does not hold them.
            progress: as in `langevin`.
            executor: as in `langevin`.
            checkpoint: as in `langevin`.

        Raises:
            QllgError: bad input, or an ensemble that cannot go on.

        >>> from qllg_sym import Bath, Model, QuantumLLG, Space, Zeeman, langevin, states
        >>> spin = Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(0.5), states.product("up")
        >>> whole = langevin(*spin, [0, 1, 2], Bath(1), trajectories=5, step=0.1)
        >>> part = langevin(*spin, [0, 1], Bath(1), trajectories=5, step=0.1)
        >>> bool((part.resume([2]).samples["bloch"] == whole.samples["bloch"]).all())
        True
        """
        origin = with_changes(known_origin(self.origin, self.last), values, observe)
        Options(observe=origin.observe, progress=progress)
        executor_kind(executor)
        refuse_foreign(checkpoint, NoisyRun.noun)
        assert self.last is not None
        run = continued_run(origin, (float(self.times[-1]), int(self.stats["steps"])), self.last, times, step)
        check_readings(run.names, self.samples)
        started = perf_counter()
        with Progress(progress, "langevin") as show:
            found, last = integrated(run, executor, checkpoint, show)
        samples = {name: np.concatenate([self.samples[name], later[:, 1:]], axis=1) for name, later in found.items()}
        own = run.simulation.stats
        stats = {**self.stats, **own, "steps": self.stats["steps"] + own["steps"],
                 "step": max(self.stats["step"], own["step"]),
                 "seconds": self.stats.get("seconds", 0.0) + perf_counter() - started}
        return replace(self, times=np.concatenate([self.times, run.problem.times[1:]]), samples=samples, stats=stats,
                       origin=origin, last=last)

    @property
    def trajectories(self) -> int:
        """How many trajectories there are."""
        return len(next(iter(self.samples.values())))

    @property
    def units(self) -> Units | None:
        """The units of the model; None where it has none, or where it is not known."""
        return None if self.origin is None else self.origin.model.units

    @property
    def hbar(self) -> float:
        """ħ in the units of the model; 1 where it is not known."""
        return 1.0 if self.origin is None else self.origin.hbar

    @property
    def heading(self) -> tuple[str, ...]:
        """What made the numbers, in a few words each: law, spins with terms, values, units, temperature, noise."""
        made = () if self.origin is None else self.origin.heading
        return (*made, f"{self.bath.told(self.units)}, {self.bath.noise} noise, {self.trajectories} trajectories")

    def plot(self, what: Sequence[str] | str | None = None, ax: "Axes | None" = None) -> "tuple[Figure, Array]":
        """Draw the means over time with a band of two standard errors; see `qllg_sym.plot.noisy.plot_ensemble`.

        Returns:
            The matplotlib figure and the array of its axes.
        """
        from qllg_sym.plot.noisy import plot_ensemble

        return plot_ensemble(self, what, ax)

    def to_xarray(self) -> Any:
        """Return an xarray Dataset: every reading with axes trajectory, time, site, axis (x, y, z), and their units.

        `ds.mean("trajectory")` has the means. A reading whose name no array may have is called reading_0, …, and its
        `long_name` says it.

        Raises:
            InputError: xarray is not installed.
            ModelError: kT is no expression that model files have words for.
        """
        return ensemble_dataset(self.times, self.samples, self.stats, self.bath, self.origin)

    def _packed(self) -> tuple[Any, ...]:
        """Readings, last states, and the model, law, bath and values that made them, so that it can go on.

        Raises:
            ModelError: kT is no expression that model files have words for.
        """
        return ensemble_arrays(self.times, self.samples, self.stats, self.bath, self.origin, self.last)

    @classmethod
    def _unpacked(cls, arrays: dict[str, Any], metadata: dict[str, Any]) -> Self:
        """What arrays and metadata hold."""
        return cls(**ensemble_fields(arrays, metadata))

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        end = ""
        if "energy" in self.samples:
            end = f", energy at last {self.mean['energy'][-1]:.6g} ± {self.error['energy'][-1]:.2g}"
        return (f"<ThermalEnsemble: {self.trajectories} trajectories, {len(self.times)} times from "
                f"{self.times[0]:g} to {self.times[-1]:g}, {self.bath.told(self.units)}, {self.bath.noise} noise{end}>")

    def _repr_html_(self) -> str:
        """The law, what was run, and the means at the last time."""
        lines = [f"{name}: {_shown(self.mean[name][-1])} ± {_shown(self.error[name][-1])}" for name in self.samples]
        steps = [f"{name}: {value}" for name, value in self.stats.items()]
        formulas = () if self.law is None else self.law.formulas
        return in_html("\n".join([f"{self!r}\n{self.law!r}", "at the last time:", *lines, *steps]),
                       next(iter(formulas), ""))


def _standard_error(samples: Array) -> Array:
    """Return the standard error of the mean of samples (m, …)."""
    if len(samples) == 1:
        return np.full(samples.shape[1:], np.nan)
    spread = np.sqrt((abs(samples - samples.mean(axis=0))**2).sum(axis=0) / (len(samples) - 1))
    return np.asarray(spread / np.sqrt(len(samples)))


def _shown(values: Any) -> str:
    """Return a number, or the first of an array, as text."""
    return np.array2string(np.asarray(values), precision=4, suppress_small=True, threshold=6).replace("\n", "")
