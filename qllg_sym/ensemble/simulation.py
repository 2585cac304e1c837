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
from qllg_sym.flow.threads import Threads, available_cores
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
ENTRIES = 1 << 14       # numbers of the states of a chunk: they and what is made of them stay in a core's cache


@dataclass(frozen=True)
class Simulation:
    """What all trajectories have in common.

    Attributes:
        motion: what moves; see `motions`.
        stepper: a scheme; see `steppers`.
        times: (n,).
        steps: of each interval, (n − 1,).
        seed: of the random numbers.
        observe: {name: what is read off}, prepared.
        normals: (seed, trajectories, count) → random numbers by step.
    """

    motion: Any
    stepper: Any
    times: Array
    steps: Array
    seed: int
    observe: Mapping[str, Any] = field(default_factory=dict)
    normals: Callable[[int, range, int], Any] = Normals

    @cached_property
    def path(self) -> Path:
        """What takes the steps."""
        return path_of(self.motion, self.stepper)

    @property
    def stats(self) -> dict[str, Any]:
        """What a result tells of it: the path that took the steps, how many steps there are, and the longest."""
        lengths = np.diff(self.times) / self.steps
        longest = float(lengths.max()) if len(lengths) else 0.0
        return {**self.path.stats, "steps": int(self.steps.sum()), "step": longest}

    def require_memory(self, trajectories: int) -> None:
        """Refuse readings that do not fit into memory, by those of the first trajectory at the first time."""
        first = self.readings(self.motion.start[None], float(self.times[0]))
        size = sum(np.asarray(each).nbytes for each in first.values())
        require_memory("samples", (trajectories, len(self.times), size), "take fewer trajectories or times, or observe "
                       "less", 1)

    def run(self, trajectories: int, show: Callable[[float], None] = quiet) -> dict[str, Array]:
        """Return readings of all trajectories, (trajectories, n, …) by name.

        Args:
            trajectories: how many.
            show: called with the fraction done.
        """
        size = max(1, ENTRIES // self.motion.start.size)
        chunks = [range(k, min(k + size, trajectories)) for k in range(0, trajectories, size)]
        threads = Threads(min(available_cores(), len(chunks)))
        found = list(threads.each(chunks, self.part, lambda done: show(done / trajectories)))
        return {name: np.concatenate([part[name] for part in found]) for name in found[0]}

    def part(self, chunk: range, look: Callable[[float], None]) -> dict[str, Array]:
        """Return the readings of some trajectories, (m, n, …) by name."""
        stepper, motion = self.stepper, self.motion
        normals = self.normals(self.seed, chunk, stepper.SETS * motion.count)
        states = np.broadcast_to(motion.start, (len(chunk), *motion.start.shape)).copy()
        found: dict[str, list[Array]] = {}
        begun, done = 0, 0

        def watch(part: float) -> None:
            """Tell of a part of an interval."""
            look((done + part) / len(self.times))

        for k, t in enumerate(self.times.tolist()):
            if k:
                count, past = int(self.steps[k - 1]), float(self.times[k - 1])
                states = self.path.advance(states, past, (t - past) / count, count, normals, begun, watch)
                begun += count
            for name, values in self.readings(states, t).items():
                found.setdefault(name, []).append(values)
            done = k + 1
            watch(0.0)
        return {name: np.stack(values, axis=1) for name, values in found.items()}

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
