"""The pictures of a trajectory: curves, paths on a sphere, and films; matplotlib is loaded when one is drawn."""

import os
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.heading import heading
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.view import View
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes, Figure, FuncAnimation

SMOOTH = 400            # times that look like a curve
MOST_NUMBERS = 4_000_000        # of states in between; more would take a visible time and much memory


class Pictured(View):
    """A trajectory that can be drawn.

    Attributes:
        ensemble: the quantum states, None of a classical one.
        hbar: ħ of the model.
        observed: arrays (n, …) by name.
    """

    ensemble: Ensemble | None
    hbar: float
    observed: dict[str, NDArray[Any]]

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of times."""

    @abstractmethod
    def finer(self, points: int = SMOOTH) -> "Pictured":
        """Return the same at more times."""

    @property
    def heading(self) -> tuple[str, ...]:
        """What made the numbers, in a few words each: law, spins with terms, values, units."""
        return heading(self.record)

    @property
    @refusable
    def drifts(self) -> dict[str, NDArray[np.float64]]:
        """How far each invariant is from its first value at each time, {name: (n,)}; `invariants` has the largest."""
        found: dict[str, NDArray[np.float64]] = self._kept(self._rows(lambda row: row.drifts_over_time))
        return found

    def plot(self, what: Sequence[str] | str | None = None, fig: "Figure | None" = None,
             axes: "Axes | Sequence[Axes] | NDArray[Any] | None" = None, ax: "Axes | None" = None,
             units: Units | None = None, smooth: bool = True) -> "tuple[Figure, NDArray[Any]]":
        """Draw the trajectory over time; see `qllg_sym.plot.trajectory.plot` for the arguments.

        Returns:
            The matplotlib figure and the array of its axes.
        """
        from qllg_sym.plot.trajectory import plot

        return plot(self, what, fig, axes, ax, units, smooth)

    def bloch_sphere(self, sites: Sequence[int] | int | None = None, ax: "Axes | None" = None,
                     smooth: bool = True) -> "tuple[Figure, NDArray[Any]]":
        """Draw the paths of the spins on one sphere; see `qllg_sym.plot.sphere.bloch_sphere` for the arguments.

        Returns:
            The matplotlib figure and its axes, (1,).
        """
        from qllg_sym.plot.sphere import bloch_sphere

        return bloch_sphere(self, sites, ax, smooth)

    def plot_lattice(self, t: float | None = None, positions: Any = None, sites: Sequence[int] | int | None = None,
                     ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
        """Draw the spins as arrows where they are; see `qllg_sym.plot.lattice.lattice` for the arguments.

        Returns:
            The matplotlib figure and its axes, (1,).
        """
        from qllg_sym.plot.lattice import lattice

        return lattice(self, t, positions, sites, ax)

    def animate(self, path: str | os.PathLike[str], kind: str = "sphere", sites: Sequence[int] | int | None = None,
                frames: int = 100, fps: int = 20, dpi: int = 150, progress: Any = False, positions: Any = None
                ) -> "tuple[Figure, FuncAnimation]":
        """Write a film of the spins; see `qllg_sym.plot.animation.animate` for the arguments.

        Args:
            path: ends in .mp4 or .gif.
            kind: "sphere", "lattice" or "curves".
            sites: spins on the sphere or the lattice.
            frames: how many.
            fps: frames a second.
            dpi: dots an inch.
            progress: True for a bar on the terminal; or a function of the part done, from 0 to 1.
            positions: where sites of a lattice are; those of the model when None.

        Returns:
            The matplotlib figure and the animation.
        """
        from qllg_sym.plot.animation import animate

        with Progress(progress, "animate") as tell:
            return animate(self, path, kind, sites, frames, fps, dpi, positions, tell)
