"""A grid of panels above one time axis, with one legend for all: the layout of the paper's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.plot.style import COLORS, MARKERS, QUANTUM, Dashes, letter, look, marked, new_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Curve:
    """One line of a panel; curves with the same label share one entry of the legend.

    Attributes:
        label: in the legend.
        values: (n,).
        color: index into the palette for the colour-blind, and into the markers.
        line: line style of matplotlib; the markers of a line that is not solid are hollow.
    """

    label: str
    values: ArrayLike
    color: int
    line: Dashes = QUANTUM


@dataclass(frozen=True)
class Panel:
    """One set of axes with its heading; the letter (a), (b), … is added by `draw`."""

    heading: str
    curves: tuple[Curve, ...]


def draw(
    times: ArrayLike,
    panels: Sequence[Panel],
    columns: int,
    labels: tuple[str, str],
    limits: tuple[float, float],
    width: float,
    row_height: float = 1.7,
    legend_columns: int = 4,
) -> "Figure":
    """Return a matplotlib figure of panels in rows.

    Args:
        times: (n,), common to all curves.
        panels: row by row.
        columns: panels in a row.
        labels: of the horizontal and the vertical axis, the latter at the left of each row.
        limits: of the vertical axis, common to all panels.
        width: inches.
        row_height: inches.
        legend_columns: entries in a row of the legend.

    >>> draw([0, 1], [Panel("", (Curve("x", [0, 1], 0),))], 1, ("t", "x"), (0, 1), 3.4).axes[0].get_xlabel()
    't'
    """
    x = np.asarray(times, dtype=float)
    figure, axes = new_figure(len(panels) // columns, columns, width, row_height)
    with look():
        letter(axes)
        for axis, panel in zip(axes.ravel(), panels, strict=True):
            _fill(axis, x, panel)
            axis.set(xlim=(x[0], x[-1]), ylim=limits)
        for row in axes:
            row[0].set_ylabel(labels[1])
            for axis in row[1:]:
                axis.tick_params(labelleft=False)
        for axis in axes[-1]:
            axis.set_xlabel(labels[0])
        figure.set_layout_engine("constrained", w_pad=0.05, h_pad=0.03)
        _legend(figure, axes, legend_columns)
    return figure


def _fill(axis: "Axes", x: NDArray[np.float64], panel: Panel) -> None:
    """Draw the curves of a panel, and a thin line at zero behind them."""
    axis.axhline(0, color="0.8", linewidth=0.5, zorder=0)
    for curve in panel.curves:
        ground = COLORS[curve.color] if curve.line == QUANTUM else "white"
        axis.plot(x, np.asarray(curve.values), color=COLORS[curve.color], linestyle=curve.line, label=curve.label,
                  marker=MARKERS[curve.color], markersize=2.6, markeredgewidth=0.7, markerfacecolor=ground,
                  markevery=marked(len(x), curve.color))
    axis.set_title(panel.heading, loc="center", fontsize=8, pad=3)


def _legend(figure: "Figure", axes: NDArray[Any], columns: int) -> None:
    """Put one entry a label above all panels."""
    handles: dict[str, Artist] = {}
    for axis in axes.ravel():
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=columns)
