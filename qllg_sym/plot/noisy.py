"""A picture of noisy trajectories: means over time, each with a band of two standard errors."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, meant
from qllg_sym.plot.over_time._curves import room, with_unit
from qllg_sym.plot.style import COLORS, MARKERS, entitle, legend_above, letter, look, marked, new_figure
from qllg_sym.plot.trajectory import Drawn
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]
BAND = 2                    # standard errors to either side
FEW = 20                    # times up to which each is marked
MOST_SITES, MOST_CURVES, MOST_PANELS = 4, len(COLORS), 9
XYZ = "xyz"


class DrawableEnsemble(Protocol):
    """What is drawn of an ensemble: see `ThermalEnsemble` for each name."""

    @property
    def times(self) -> Array:
        """(n,)."""

    @property
    def mean(self) -> Mapping[str, Array]:
        """Means, (n, …) by name."""

    @property
    def error(self) -> Mapping[str, Array]:
        """Their standard errors."""

    @property
    def hbar(self) -> float:
        """ħ in the units of the model."""

    @property
    def units(self) -> Units | None:
        """Units of the numbers, None where they have none."""

    @property
    def heading(self) -> Sequence[str]:
        """What made the numbers, in a few words each."""


def plot_ensemble(ensemble: DrawableEnsemble, what: Sequence[str] | str | None = None,
                  ax: "Axes | None" = None) -> "tuple[Figure, Array]":
    """Draw the means of readings over time, each with a band of two standard errors to either side.

    Args:
        ensemble: a `ThermalEnsemble`.
        what: names of readings; all of them when None. Bloch vectors have a panel a site, at most the first four.
        ax: matplotlib axes to draw into, for one panel.

    Returns:
        The figure and the 1-D array of its axes. A figure made here has law, model and temperature as its title.

    Raises:
        InputError: no such reading, or one that is no curve, or too many panels.
    """
    panels = [panel for name in _names(ensemble, what) for panel in _panels(ensemble, name)]
    if len(panels) > (most := MOST_PANELS if ax is None else 1):
        raise InputError(f"`what` must choose at most {most} panel{'s' * (most > 1)}, but chooses {len(panels)}; "
                         f"choose among {', '.join(ensemble.mean)}.")
    if ax is None:
        figure, grid = new_figure(len(panels))
        axes = grid[:, 0]
        entitle(figure, ensemble.heading)
    else:
        axes = np.array([ax], dtype=object)
    with look():
        for axis, (label, curves) in zip(axes, panels, strict=True):
            _draw(axis, ensemble.times, label, curves)
        _times(axes, ensemble)
    return Drawn((axes[0].figure, axes))


def _names(ensemble: DrawableEnsemble, what: Sequence[str] | str | None) -> list[str]:
    """Return the readings asked for."""
    names = list(ensemble.mean) if what is None else [what] if isinstance(what, str) else list(what)
    if wrong := [name for name in names if name not in ensemble.mean]:
        raise InputError(f"`what` must name readings among {', '.join(ensemble.mean)}, but is {wrong[0]!r}"
                         f"{meant(wrong[0], ensemble.mean)}; choose from these.")
    if not names:
        raise InputError("`what` must name a reading, but is empty; choose among "
                         f"{', '.join(ensemble.mean)}.")
    return names


def _panels(ensemble: DrawableEnsemble, name: str) -> list[tuple[str, dict[str, tuple[Array, Array]]]]:
    """Return (label, {label of a curve: (mean, standard error)}) of the panels of a reading."""
    mean, error = np.real(ensemble.mean[name]), ensemble.error[name]
    if name == "bloch" and mean.ndim == 3:
        sites = range(min(mean.shape[1], MOST_SITES))
        return [(rf"$\mathbf{{r}}_{{{site}}}$", _components(XYZ, mean[:, site], error[:, site])) for site in sites]
    if name == "energy" and mean.ndim == 1:
        unit = None if ensemble.units is None else ensemble.units.energy
        return [(with_unit("energy $E$", unit, ensemble.hbar, "\n(model units)"), {"": (mean, error)})]
    if mean.ndim == 1:
        return [(_plain(name), {"": (mean, error)})]
    if mean.ndim == 2 and mean.shape[1] <= MOST_CURVES:
        labels = XYZ if mean.shape[1] == len(XYZ) else [str(k) for k in range(mean.shape[1])]
        return [(_plain(name), _components(labels, mean, error))]
    raise InputError(f"`what` must name readings of at most {MOST_CURVES} numbers a time to be drawn, but {name!r} has "
                     f"the shape {mean.shape[1:]}; choose others.")


def _components(labels: Sequence[str], mean: Array, error: Array) -> dict[str, tuple[Array, Array]]:
    """Return the columns of means with their errors by label."""
    return {label: (mean[:, k], error[:, k]) for k, label in enumerate(labels)}


def _plain(name: str) -> str:
    """Return a user's name, in which a dollar sign starts no mathematics."""
    return name.replace("$", r"\$")


def _draw(axis: "Axes", times: Array, label: str, curves: Mapping[str, tuple[Array, Array]]) -> None:
    """Draw curves with their bands."""
    first = len(COLORS) - 1 if len(curves) == 1 else 0
    ends = []
    for k, (name, (mean, error)) in enumerate(curves.items()):
        place, width = (first + k) % len(COLORS), BAND * np.nan_to_num(np.real(error))
        low, high = mean - width, mean + width
        axis.fill_between(times, low, high, color=COLORS[place], alpha=0.25, linewidth=0)
        axis.plot(times, mean, label=name, color=COLORS[place], marker=MARKERS[place], markersize=2.6,
                  markevery=marked(len(times), place) if len(times) > FEW else None)
        ends += [low, high]
    axis.set_ylabel(label)
    axis.ticklabel_format(axis="y", useOffset=False)
    axis.set_ylim(*room(np.concatenate(ends)))
    if len(curves) > 1:
        legend_above(axis)


def _times(axes: Array, ensemble: DrawableEnsemble) -> None:
    """Label the axis of times and the band, and letter the panels."""
    times, units = ensemble.times, ensemble.units
    if len(times) > 1:
        axes[-1].set_xlim(times[0], times[-1])
    axes[-1].set_xlabel(with_unit("time $t$", None if units is None else units.time, ensemble.hbar))
    letter(axes)
    axes[0].set_title(rf"mean $\pm$ {BAND} standard errors", loc="right", fontsize=7, pad=3)
    axes[0].figure.align_ylabels(list(axes))
