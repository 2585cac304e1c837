"""What a figure of panels shows, read back from it: curves, axes and words, for pages that draw it in their own way."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qllg_sym.plot.style import COLORS, MARKERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

_LETTERS = {"Psi": "Ψ", "Phi": "Φ", "kappa": "κ", "rho": "ρ", "eta": "η", "alpha": "α"}


@dataclass(frozen=True)
class DrawnCurve:
    """One curve.

    Attributes:
        label: plain text, with indices as in T_xy.
        points: (n, 2), in the units of the axes.
        color: index into the palette and the markers.
        line: "-", "--", "-." or ":".
        marked: indices of the points that carry a marker.
    """

    label: str
    points: NDArray[np.float64]
    color: int
    line: str
    marked: tuple[int, ...]


@dataclass(frozen=True)
class DrawnPanel:
    """One panel.

    Attributes:
        letter: such as (a); empty for a panel that stands alone.
        heading: plain text.
        labels: of the horizontal and the vertical axis.
        limits: ((left, right), (low, high)).
        ticks: on each axis, within its limits.
        traces: its curves.
    """

    letter: str
    heading: str
    labels: tuple[str, str]
    limits: tuple[tuple[float, float], tuple[float, float]]
    ticks: tuple[tuple[float, ...], tuple[float, ...]]
    traces: tuple[DrawnCurve, ...]


def drawn(figure: "Figure") -> tuple[DrawnPanel, ...]:
    """Return the panels of a figure that `panels.draw` made, in reading order.

    >>> from qllg_sym.plot.panels import Curve, Panel, draw
    >>> shown, = drawn(draw([0, 1], [Panel("$D = 0$", (Curve("$r_{1x}$", [0, 1], 0),))], 1, ("t", "x"), (0, 1), 3.4))
    >>> shown.heading, shown.traces[0].label, shown.limits[1]
    ('D = 0', 'r_{1x}', (0.0, 1.0))
    """
    labels = tuple(next(filter(None, (getattr(axis, f"get_{k}label")() for axis in figure.axes)), "") for k in "xy")
    return tuple(_chart(axis, (without_tex(labels[0]), without_tex(labels[1]))) for axis in figure.axes)


def without_tex(text: str) -> str:
    r"""Return a label of matplotlib as text with indices.

    >>> without_tex(r"$\mathbf{r}_1,\ \Psi_+$")
    'r_1, Ψ_+'
    """
    bare = re.sub(r"\\mathbf\{(\w+)\}", r"\1", text.replace("$", "").replace("\\ ", " "))
    return " ".join(re.sub(r"\\([A-Za-z]+)", lambda m: _LETTERS.get(m[1], m[0]), bare).split())


def _chart(axis: "Axes", labels: tuple[str, str]) -> DrawnPanel:
    """One panel; lines without a name, such as that at zero, are no curves."""
    limits = tuple(axis.get_xlim()), tuple(axis.get_ylim())
    ticks = tuple(tuple(float(t) for t in found if low <= t <= high)
                  for found, (low, high) in zip((axis.get_xticks(), axis.get_yticks()), limits, strict=True))
    traces = tuple(_trace(line) for line in axis.get_lines() if not str(line.get_label()).startswith("_"))
    (left, right), (low, high) = limits
    return DrawnPanel(axis.get_title(loc="left"), without_tex(axis.get_title(loc="center")), labels,
                 ((float(left), float(right)), (float(low), float(high))), (ticks[0], ticks[1]), traces)


def _trace(line: "Line2D") -> DrawnCurve:
    """One curve; what is marked is a list of its points."""
    marked = line.get_markevery()
    return DrawnCurve(without_tex(str(line.get_label())), np.asarray(line.get_xydata(), dtype=float),
                 COLORS.index(str(line.get_color())), str(line.get_linestyle()),
                 tuple(marked) if isinstance(marked, list) and line.get_marker() in MARKERS else ())
