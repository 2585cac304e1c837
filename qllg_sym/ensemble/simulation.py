"""Noisy trajectories in chunks: states step by step, readings at the times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.normals import Normals
from qllg_sym.ensemble.paths import Path, path_of
from qllg_sym.errors import IntegrationError
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.results.recorder import observed
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
BESIDE = 2.0**-30       # of an interval: where it begins, seen from inside, whatever jumps there


@dataclass(frozen=True)
class Simulation:
    """What all trajectories have in common.

    Attributes:
        motion: what moves; see `motions`.
        stepper: a scheme; see `steppers`.
        times: at which something is read.
        grid: times at which a step ends, `times` among them, (n,).
        steps: of each interval of the grid, (n − 1,).
        seed: of the random numbers.
        observe: {name: what is read off}, prepared.
        normals: (seed, trajectories, count) → random numbers by step.
        first: the number of the first step.
    """

    motion: Any
    stepper: Any
    times: Array
    grid: Array
    steps: Array
    seed: int
    observe: Mapping[str, Any] = field(default_factory=dict)
    normals: Callable[[int, range, int], Any] = Normals
    first: int = 0

    @cached_property
    def path(self) -> Path:
        """What takes the steps."""
        return path_of(self.motion, self.stepper)

    @property
    def stats(self) -> dict[str, Any]:
        """What a result tells of it: the path that took the steps, how many steps there are, and the longest."""
        lengths = np.diff(self.grid) / self.steps
        longest = float(lengths.max()) if len(lengths) else 0.0
        return {**self.path.stats, "steps": int(self.steps.sum()), "step": longest}

    def require_memory(self, trajectories: int) -> None:
        """Refuse readings that do not fit into memory, by those of the first trajectory at the first time."""
        first = self.readings(self.motion.start[None], float(self.times[0]))
        size = sum(np.asarray(each).nbytes for each in first.values())
        require_memory("samples", (trajectories, len(self.times), size), "take fewer trajectories or times, or observe "
                       "less", 1)

    def part(self, chunk: range, look: Callable[[float], None] = quiet,
             states: Array | None = None) -> tuple[dict[str, Array], Array]:
        """Return the readings of some trajectories, (m, n, …) by name, and their last states.

        Args:
            chunk: their numbers.
            look: called with the part done.
            states: in which they begin; None for that of the motion.
        """
        motion = self.motion
        normals = self.normals(self.seed, chunk, self.stepper.SETS * motion.count)
        start = motion.start if states is None else states
        states = np.array(np.broadcast_to(start, (len(chunk), *motion.start.shape)))
        found: dict[str, list[Array]] = {}
        begun, count, wanted, total = 0, 0, set(self.times.tolist()), max(1, int(self.steps.sum()))

        def watch(part: float) -> None:
            """Tell of a part of an interval."""
            look((begun + part * count) / total)

        for k, t in enumerate(self.grid.tolist()):
            if k:
                past, count = float(self.grid[k - 1]), int(self.steps[k - 1])
                states = self.path.advance(states, past + BESIDE * (t - past), (t - past) / count, count, normals,
                                           self.first + begun, watch)
                begun += count
            if t in wanted:
                for name, values in self.readings(states, t).items():
                    found.setdefault(name, []).append(values)
        look(1.0)
        return {name: _numbers(np.stack(values, axis=1)) for name, values in found.items()}, states

    def readings(self, states: Array, t: float) -> dict[str, Array]:
        """Return what is read off the states of some trajectories at a time, (m, …) by name.

        Raises:
            IntegrationError: they are not finite any more.
        """
        energy = self.motion.energy(states, t)
        if not np.isfinite(energy).all():
            raise IntegrationError(f"The trajectories must stay finite, but do not at t = {t:g}; look at H, kT and the "
                                   "damping there.", None, t)
        held, times = self.motion.held(states), [t] * len(states)
        return {"energy": energy, **{name: observed(name, what, times, held) for name, what in self.observe.items()}}


def _numbers(values: Array) -> Array:
    """Return what files hold and means are made of: floats in place of truth values, integers and other numbers."""
    return values if values.dtype.kind in "fc" else values.astype(float)
