"""A panel of curves over time, and the labels of its axes."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.style import CLASSICAL, COLORS, MARKERS, QUANTUM, Dashes, legend_above, marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Panel = Callable[["Axes"], None]
FEW = 20                # points up to which each is marked
_FLAT = 1e-9  # a curve that changes less than this part of its size is drawn as constant


def line_of(trajectory: Drawable, site: int | None = None) -> tuple[Dashes]:
    """Return the line style of the kind of trajectory; of one of its sites, where these are of two kinds."""
    classical = getattr(trajectory, "classical", None)          # of clusters and moments
    if classical is not None and (site is None or site not in classical):
        return (QUANTUM,)
    return (QUANTUM,) if trajectory.ensemble is not None else (CLASSICAL,)


def curves(
    times: NDArray[np.float64],
    named: Mapping[str, NDArray[Any]],
    label: str,
    line: Sequence[Dashes] = (QUANTUM,),
    limits: tuple[float, float] | None = None,
    color: int = 0,
    legend: bool = True,
    remark: str = "",
) -> Panel:
    """Return a panel that draws curves over time, each with a colour and a marker of its own.

    Args:
        times: (n,).
        named: (n,) each, by the label in the legend.
        label: of the vertical axis.
        line: styles, one after another.
        limits: of the vertical axis.
        color: that of the first curve.
        legend: whether there is one, above the panel.
        remark: above the right end of the panel.
    """

    def draw(axis: "Axes") -> None:
        for k, (name, values) in enumerate(named.items()):
            place = (color + k) % len(COLORS)
            (curve,) = axis.plot(times, values, label=name, color=COLORS[place], linestyle=line[k % len(line)])
            if len(named) > 1 or len(times) == 1:       # a line through one point is invisible
                curve.set(marker=MARKERS[place], markersize=2.6, markeredgewidth=0.7,
                          markevery=marked(len(times), place) if len(times) > FEW else None,
                          markerfacecolor=COLORS[place] if line[k % len(line)] == QUANTUM else "white")
        axis.set_ylabel(label)
        axis.ticklabel_format(axis="y", useOffset=False)
        axis.set_ylim(*(limits or room(np.concatenate(list(named.values())))))
        if legend:
            legend_above(axis)
        if remark:
            axis.set_title(remark, loc="right", fontsize=7, pad=3)

    return draw


def room(values: NDArray[Any]) -> tuple[float, float]:
    """Return limits with room about a curve; rounding of a constant is not blown up to fill the panel.

    >>> room(np.array([1.0, 1.0 - 1e-12])), room(np.array([0.0, 1.0]))
    ((0.499999999999, 1.499999999999), (-0.08, 1.08))
    """
    low, high = float(np.min(values)), float(np.max(values))
    size = max(abs(low), abs(high))
    if high - low <= _FLAT * size or size == 0:
        return low - 0.5 * (size or 1), low + 0.5 * (size or 1)
    margin = 0.08 * (high - low)
    return low - margin, high + margin


def with_unit(name: str, unit: str | None, hbar: float, unnamed: str = " (units of the model)") -> str:
    """Return an axis label with its unit; without named units it says that there are none.

    >>> with_unit("time", "ps", 1.0), with_unit("time", None, 2.0)
    ('time (ps)', 'time (units of the model)')
    """
    if unit:
        return f"{name} ({unit})"
    return rf"{name} ($\hbar = 1$)" if hbar == 1 else f"{name}{unnamed}"
