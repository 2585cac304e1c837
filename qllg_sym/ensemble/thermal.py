"""The result of q.langevin: what was read off noisy trajectories, with means and standard errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.display import in_html
from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.origin import Origin
from qllg_sym.equations.law import Law

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class ThermalEnsemble(ByFields):
    """Readings of noisy trajectories: each, their means, and standard errors of these.

    Attributes:
        times: (n_times,).
        samples: arrays (trajectories, n_times, …) by name, such as "energy" and "bloch".
        stats: step, what was advised and the largest allowed, rate, order of the scheme, seconds, …
        law: the law of motion.
        bath: temperature and kind of noise.
        origin: what was asked for; None where it is not known.
        last: the states of all trajectories at the last time; None where they are not known, or too large to be kept.

    >>> ensemble = ThermalEnsemble(np.zeros(1), {"energy": np.array([[1.0], [3.0]])}, {}, None, None)
    >>> ensemble.mean["energy"].tolist(), ensemble.error["energy"].tolist()
    ([2.0], [1.0])
    """

    times: Array
    samples: Mapping[str, Array]
    stats: Mapping[str, Any]
    law: Law
    bath: Bath
    origin: Origin | None = None
    last: Array | None = None

    @cached_property
    def mean(self) -> dict[str, Array]:
        """The mean over all trajectories, (n_times, …) by name."""
        return {name: found.mean(axis=0) for name, found in self.samples.items()}

    @cached_property
    def error(self) -> dict[str, Array]:
        """The standard error of each mean, (n_times, …) by name; NaN for one trajectory."""
        return {name: _standard_error(found) for name, found in self.samples.items()}

    @property
    def trajectories(self) -> int:
        """How many trajectories there are."""
        return len(next(iter(self.samples.values())))

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        end = ""
        if "energy" in self.samples:
            end = f", energy at last {self.mean['energy'][-1]:.6g} ± {self.error['energy'][-1]:.2g}"
        return (f"<ThermalEnsemble: {self.trajectories} trajectories, {len(self.times)} times from "
                f"{self.times[0]:g} to {self.times[-1]:g}, kT = {self.bath.kT}, {self.bath.noise} noise{end}>")

    def _repr_html_(self) -> str:
        """The law, what was run, and the means at the last time."""
        lines = [f"{name}: {_shown(self.mean[name][-1])} ± {_shown(self.error[name][-1])}" for name in self.samples]
        steps = [f"{name}: {value}" for name, value in self.stats.items()]
        return in_html("\n".join([f"{self!r}\n{self.law!r}", "at the last time:", *lines, *steps]),
                       next(iter(self.law.formulas), ""))


def _standard_error(samples: Array) -> Array:
    """Return the standard error of the mean of samples (m, …)."""
    if len(samples) == 1:
        return np.full(samples.shape[1:], np.nan)
    spread = np.sqrt((abs(samples - samples.mean(axis=0))**2).sum(axis=0) / (len(samples) - 1))
    return np.asarray(spread / np.sqrt(len(samples)))


def _shown(values: Any) -> str:
    """Return a number, or the first of an array, as text."""
    return np.array2string(np.asarray(values), precision=4, suppress_small=True, threshold=6).replace("\n", "")
