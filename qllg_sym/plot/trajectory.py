"""A picture of a trajectory: panels above one time axis."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import plugs
from qllg_sym.errors import InputError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, with_unit
from qllg_sym.plot.style import entitle, letter, look, new_figure, png
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER = "qllg_sym.plot.over_time"
_MOST_LINES = 8  # spins up to which lines are drawn unless a map is asked for


def plot(
    trajectory: Drawable,
    what: Sequence[str] | str | None = None,
    fig: "Figure | None" = None,
    axes: "Axes | Sequence[Axes] | NDArray[Any] | None" = None,
    ax: "Axes | None" = None,
    units: Units | None = None,
    smooth: bool = True,
) -> "tuple[Figure, NDArray[Any]]":
    """Draw a trajectory; quantum curves are solid, classical ones dashed, and each component has its own marker.

    Args:
        trajectory: a `Trajectory`.
        what: panels by their names, files of `qllg_sym.plot.over_time`: bloch (one a spin, at most the first four),
            profile (a map over site and time for each component that is not zero), energy, nonlocality (with
            concurrence), correlation (the nine T_kl as a strip), spectrum, purity, invariants (their drift), moments,
            observed. By default bloch, energy, and nonlocality for two spins ½; profile in place of bloch for more
            than eight spins; moments and energy for a classical trajectory; observed where no states were kept,
            energy where only the last was.
        fig: a matplotlib figure to draw into.
        axes: axes to draw into, one a panel.
        ax: the same for one panel.
        units: names the units on the axes, by default the model's; the numbers are drawn as they are.
        smooth: whether few times are solved again for more in between, so that curves are curves; `finer` says when.

    Returns:
        The figure and the 1-D array of its axes. A figure made here has the law, the model and its values as title.

    Raises:
        InputError: a panel is unknown, does not exist for this trajectory, or the number of axes differs.
    """
    units = trajectory.units if units is None else units
    panels = _panels(trajectory, _names(trajectory, what), units, smooth)
    given = _given(fig, axes, ax, len(panels))
    if given is None:
        fig, grid = new_figure(len(panels), figure=fig)
        given = grid[:, 0]
        entitle(fig, trajectory.heading)
    with look():
        for axis, panel in zip(given, panels, strict=True):
            panel(axis)
        _time_axis(given, trajectory, units)
    return Drawn((given[0].figure, given))


def _given(fig: Any, axes: Any, ax: Any, count: int) -> "NDArray[Any] | None":
    """Return the user's axes, or None where there are none."""
    if axes is None and ax is None:
        return None
    name, other = ("axes", ax) if axes is not None else ("ax", fig)
    if other is not None or (ax is not None and fig is not None):
        raise InputError("`axes` must come alone, but two of `fig`, `axes` and `ax` are given; give one of them.")
    found = np.atleast_1d(np.asarray(ax if axes is None else axes, dtype=object)).ravel()
    if len(found) != count:
        raise InputError(f"`{name}` must be {count}, one a panel, but are {len(found)}; choose panels with `what`.")
    return found


def _time_axis(axes: "NDArray[Any]", trajectory: Drawable, units: Units | None) -> None:
    """Label the axis of times, and letter the panels."""
    times = trajectory.times
    if len(times) > 1:
        axes[-1].set_xlim(times[0], times[-1])
    axes[-1].set_xlabel(with_unit("time $t$", None if units is None else units.time, trajectory.hbar))
    letter(axes)
    axes[0].figure.align_ylabels(list(axes))


class Drawn(tuple["Figure", NDArray[Any]]):
    """A figure and its axes, shown as the figure where a notebook shows values."""

    __slots__ = ()

    def _repr_png_(self) -> bytes:
        return png(self[0])


def _names(trajectory: Drawable, what: Sequence[str] | str | None) -> list[str]:
    """Return the names of the panels asked for, or those that suit the trajectory."""
    if what is not None:
        names = [what] if isinstance(what, str) else list(what)
        known = plugs.names(FOLDER)
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            given = repr(unknown[0]) if unknown else "empty"
            raise InputError(f"`what` must name panels among {', '.join(known)}, but is {given}; choose from these.")
        return names
    if trajectory.observed:
        return ["observed"]
    ensemble, many = trajectory.ensemble, len(trajectory.spins) > _MOST_LINES
    if ensemble is None:
        return ["profile" if many else "moments", "energy"]
    if len(ensemble) < len(trajectory):
        return ["energy"]
    return ["profile" if many else "bloch", "energy"] + (["nonlocality"] if ensemble.dims == (2, 2) else [])


def _panels(trajectory: Drawable, names: Sequence[str], units: Units | None, smooth: bool) -> list[Panel]:
    """Return the panels; everything that can be refused is read here, before anything is drawn."""
    modules = [plugs.module(FOLDER, name) for name in names]
    finer = trajectory.finer() if smooth and any(getattr(m, "FINER", True) for m in modules) else trajectory
    return [panel for module in modules
            for panel in module.panels(finer if getattr(module, "FINER", True) else trajectory, units)]
