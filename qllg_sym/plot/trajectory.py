"""A picture of a trajectory: panels above one time axis."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.profile import profile_panels
from qllg_sym.plot.style import CLASSICAL, COLORS, QUANTUM, Dashes, legend_above, letter, look, new_figure, png
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_SPINS = 4
_MOST_LINES = 8  # spins up to which lines are drawn unless a map is asked for
_FLAT = 1e-9  # a curve that changes less than this part of its size is drawn as constant
Panel = Callable[["Axes"], None]


def plot(
    trajectory: Drawable,
    what: Sequence[str] | str | None = None,
    fig: "Figure | None" = None,
    axes: "Axes | Sequence[Axes] | NDArray[Any] | None" = None,
    units: Units | None = None,
) -> "tuple[Figure, NDArray[Any]]":
    """Draw a trajectory; quantum curves are solid, classical ones dashed.

    Args:
        trajectory: a `Trajectory`.
        what: panels among bloch (one a spin, at most the first four), profile (a map over site and time for each
            component that is not zero), energy, nonlocality (with concurrence), purity, moments, observed. By default
            bloch, energy, and nonlocality for two spins ½; profile in place of bloch for more than eight spins;
            moments and energy for a classical trajectory; observed where no states were kept, energy where only the
            last was.
        fig: a matplotlib figure to draw into.
        axes: axes to draw into, one a panel.
        units: names the units on the axes, by default the model's; the numbers are drawn as they are.

    Returns:
        The figure and the 1-D array of its axes.

    Raises:
        InputError: a panel is unknown, does not exist for this trajectory, or the number of axes differs.
    """
    units = trajectory.units if units is None else units
    panels = _panels(trajectory, _names(trajectory, what), units)
    if axes is None:
        fig, grid = new_figure(len(panels), figure=fig)
        axes = grid[:, 0]
    axes = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(axes) != len(panels):
        raise InputError(f"`axes` must be {len(panels)}, one a panel, but are {len(axes)}; choose panels with `what`.")
    with look():
        for axis, panel in zip(axes, panels, strict=True):
            panel(axis)
        times = trajectory.times
        if len(times) > 1:
            axes[-1].set_xlim(times[0], times[-1])
        axes[-1].set_xlabel(_with_unit("time $t$", None if units is None else units.time, trajectory.hbar))
        letter(axes)
        axes[0].figure.align_ylabels(list(axes))
    return Drawn((axes[0].figure, axes))


class Drawn(tuple["Figure", NDArray[Any]]):
    """A figure and its axes, shown as the figure where a notebook shows values."""

    __slots__ = ()

    def _repr_png_(self) -> bytes:
        return png(self[0])


def _names(trajectory: Drawable, what: Sequence[str] | str | None) -> list[str]:
    """Return the names of the panels asked for, or those that suit the trajectory."""
    if what is not None:
        names = [what] if isinstance(what, str) else list(what)
        unknown = [name for name in names if name not in _MAKERS]
        if unknown or not names:
            given = repr(unknown[0]) if unknown else "empty"
            raise InputError(f"`what` must name panels among {', '.join(_MAKERS)}, but is {given}; choose from these.")
        return names
    if trajectory.observed:
        return ["observed"]
    ensemble, many = trajectory.ensemble, len(trajectory.spins) > _MOST_LINES
    if ensemble is None:
        return ["profile" if many else "moments", "energy"]
    if len(ensemble) < len(trajectory):
        return ["energy"]
    return ["profile" if many else "bloch", "energy"] + (["nonlocality"] if ensemble.dims == (2, 2) else [])


def _panels(trajectory: Drawable, names: Sequence[str], units: Units | None) -> list[Panel]:
    """Return the panels; everything that can be refused is read here, before anything is drawn."""
    return [panel for name in names for panel in _MAKERS[name](trajectory, units)]


def _line(trajectory: Drawable) -> tuple[Dashes]:
    """Return the line style of the kind of trajectory."""
    return (QUANTUM,) if trajectory.ensemble is not None else (CLASSICAL,)


def _vectors(trajectory: Drawable, symbol: str) -> list[Panel]:
    """Return one panel a spin with the three components of its vector."""
    count = len(trajectory.spins)
    sites = range(min(count, _MOST_SPINS))
    several = count > 1
    left_out = f"spins 0 to {_MOST_SPINS - 1} of {count} are drawn" if count > _MOST_SPINS else ""
    # one legend serves all the panels of the group
    return [
        _curves(
            trajectory,
            dict(zip("xyz", trajectory.bloch(i).T, strict=True)),
            rf"$\mathbf{{{symbol}}}" + (rf"_{{{i}}}$" if several else "$"),
            line=_line(trajectory),
            limits=(-1.08, 1.08),
            legend=i == 0,
            remark=left_out if i == sites[-1] else "",
        )
        for i in sites
    ]


def _bloch(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panels of Bloch vectors ⟨S_i⟩/(s_i ħ)."""
    return _vectors(trajectory, "r")


def _profile(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the maps of Bloch vectors, or of classical moments."""
    return profile_panels(trajectory, "m" if trajectory.ensemble is None else "r")


def _moments(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panels of classical unit moments."""
    _ = trajectory.moments  # refuses a quantum trajectory
    return _vectors(trajectory, "m")


def _energy(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the energy."""
    label = _with_unit("energy $E$", None if units is None else units.energy, trajectory.hbar, "\n(model units)")
    curves = {"": trajectory.energy}
    return [_curves(trajectory, curves, label, line=_line(trajectory), colors=COLORS[-1:], legend=False)]


def _nonlocality(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of Bell nonlocality and concurrence of the first two spins."""
    curves = {"nonlocality $B$": trajectory.nonlocality(), "concurrence $C$": trajectory.concurrence()}
    panel = _curves(trajectory, curves, "$B$, $C$", line=(QUANTUM, ":"), limits=(-0.04, 1.08), colors=COLORS[3:5])
    return [panel]  # one dotted: for a pure state of two spins both curves are the same


def _purity(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the purity."""
    return [_curves(trajectory, {"": trajectory.purity}, r"Tr $\rho^2$", limits=(0, 1.08), legend=False)]


def _observed(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return one panel with every observed curve of real numbers."""
    curves = {
        # a dollar sign in a user's name would start mathematics
        name.replace("$", r"\$"): np.real(values)
        for name, values in trajectory.observed.items()
        if values.ndim == 1 and values.dtype.kind in "iufc" and np.allclose(np.imag(values), 0)
    }
    if not curves:
        raise InputError("`what` asks for observed curves, but no real numbers were kept; use `observe` in `solve`.")
    return [_curves(trajectory, curves, "observed")]


def _curves(
    trajectory: Drawable,
    curves: dict[str, NDArray[Any]],
    label: str,
    line: Sequence[Dashes] = (QUANTUM,),
    limits: tuple[float, float] | None = None,
    colors: Sequence[str] = COLORS,
    legend: bool = True,
    remark: str = "",
) -> Panel:
    """Return a panel that draws named curves over time, with a remark above its right end."""

    def draw(axis: "Axes") -> None:
        marker = "o" if len(trajectory.times) == 1 else None  # a line through one point is invisible
        for k, (name, values) in enumerate(curves.items()):
            (curve,) = axis.plot(trajectory.times, values, marker=marker, markersize=3, label=name)
            curve.set(color=colors[k % len(colors)], linestyle=line[k % len(line)])
        axis.set_ylabel(label)
        axis.ticklabel_format(axis="y", useOffset=False)
        axis.set_ylim(*(limits or _room(np.concatenate(list(curves.values())))))
        if legend:
            legend_above(axis)
        if remark:
            axis.set_title(remark, loc="right", fontsize=7, pad=3)

    return draw


def _room(values: NDArray[Any]) -> tuple[float, float]:
    """Return limits with room about the curve; rounding of a constant is not blown up to fill the panel."""
    low, high = float(np.min(values)), float(np.max(values))
    size = max(abs(low), abs(high))
    if high - low <= _FLAT * size or size == 0:
        return low - 0.5 * (size or 1), high + 0.5 * (size or 1)
    margin = 0.08 * (high - low)
    return low - margin, high + margin


def _with_unit(name: str, unit: str | None, hbar: float, unnamed: str = " (units of the model)") -> str:
    """Return an axis label with its unit; without named units it says that there are none."""
    if unit:
        return f"{name} ({unit})"
    return rf"{name} ($\hbar = 1$)" if hbar == 1 else f"{name}{unnamed}"


_MAKERS: dict[str, Callable[[Drawable, Units | None], list[Panel]]] = {
    "bloch": _bloch,
    "profile": _profile,
    "energy": _energy,
    "nonlocality": _nonlocality,
    "purity": _purity,
    "moments": _moments,
    "observed": _observed,
}
