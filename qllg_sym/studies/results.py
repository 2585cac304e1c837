"""Chunks put together: arrays over the grid, and why points failed."""

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.storage import require_memory
from qllg_sym.parallel.chunked import ChunkResults
from qllg_sym.studies.axes import STATE
from qllg_sym.studies.study import ParameterStudy

Array = NDArray[Any]


@dataclass
class Results:
    """What is there of a study: states first, then the points of the parameters, in one row each.

    Attributes:
        study: whose results these are.
        like: one value of each observable, as the first point has it: shape and type.
    """

    study: ParameterStudy
    like: dict[str, Array]
    _arrays: dict[str, Array] = field(default_factory=dict)
    _failures: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows, n = len(self.study.states) * self.study.points, len(self.study.times)
        numbers = sum(prod(one.shape) * np.result_type(one, float).itemsize for one in self.like.values())
        require_memory("results of the study", (rows, n, numbers), "ask for fewer points, times or observables", 1)
        for name, one in self.like.items():
            self._arrays[name] = np.full((rows, n, *one.shape), np.nan, np.result_type(one, float))

    def put(self, part: ChunkResults) -> None:
        """Take a chunk."""
        chunk = self.study.chunks[part.number]
        first = chunk.state * self.study.points + chunk.begin
        for name, values in part.arrays.items():
            kind = np.result_type(self._arrays[name], values)
            self._arrays[name] = self._arrays[name].astype(kind, copy=False)
            self._arrays[name][first:first + len(chunk)] = values
        self._failures.update({first + place: why for place, why in part.failures.items()})

    def arrays(self) -> dict[str, Array]:
        """Return each observable over the axes of the study in their order, time and its own axes last."""
        return {name: self._on_grid(values) for name, values in self._arrays.items()}

    def failures(self) -> Array:
        """Return why points failed, over the axes, "" where they did not."""
        rows = len(self.study.states) * self.study.points
        return self._on_grid(np.array([self._failures.get(row, "") for row in range(rows)]))

    def _on_grid(self, rows: Array) -> Array:
        """Return an array over states and points as one over the axes."""
        study, own = self.study, rows.shape[1:]
        grid = rows.reshape(len(study.states), *map(len, study.parameters), *own)
        places = [k for k, axis in enumerate(study.axes) if axis.name == STATE]
        return np.moveaxis(grid, 0, places[0]) if places else grid[0]
