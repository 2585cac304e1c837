"""Figures as SVG inside the page: its colours follow the reader's light or dark mode, its words are text."""

import re
from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from qllg_sym.plot.drawn import DrawnCurve, DrawnPanel
from qllg_sym.plot.style import MARKERS
from qllg_sym.report.html import Markup, join, safe, tag
from qllg_sym.report.prose import prose

WIDTH, HEIGHT = 380, 250                        # of a panel, in the units of its viewBox
LEFT, TOP, RIGHT, BOTTOM = 48, 26, 370, 208
THIN = 0.06                                     # how far a curve may move when points are left out
DASHES = {"-": "", "--": "6 3", "-.": "9 3 2 3", ":": "2 3"}
_CORNERS = {"s": (4, pi / 4), "^": (3, -pi / 2), "D": (4, 0.0), "v": (3, pi / 2), "p": (5, -pi / 2), "h": (6, 0.0)}


def small_multiples(panels: Sequence[DrawnPanel], name: str) -> Markup:
    """Return the panels of one figure below one legend, side by side where there is room.

    Args:
        panels: of the figure.
        name: such as Fig. 1, for those who hear the page.
    """
    traces = {trace.label: trace for shown in panels for trace in shown.traces}
    keys = tag("ul", *map(_key, traces.values()), class_="legend")
    boxes = (tag("div", tag("p", f"{shown.letter} ", prose(shown.heading), class_="heading"), panel(shown, name))
             for shown in panels)
    return join([keys, tag("div", *boxes, class_="panels" if len(panels) > 1 else "panels single")])


def panel(chart: DrawnPanel, name: str = "") -> Markup:
    """Return one panel as SVG."""
    words = "; ".join(filter(None, [f"{name}{chart.letter}", chart.heading, f"{chart.labels[1]} against "
                                    f"{chart.labels[0]}", "curves " + ", ".join(t.label for t in chart.traces)]))
    spoken = re.sub(r"[_{}]", "", words)
    frame = tag("rect", x=str(LEFT), y=str(TOP), width=str(RIGHT - LEFT), height=str(BOTTOM - TOP), class_="frame")
    parts = [*_ticks(chart), frame, *(_curve(trace, chart) for trace in chart.traces), *_names(chart)]
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=spoken, class_="chart")


def placed(chart: DrawnPanel, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points (n, 2) of the axes in the units of the drawing."""
    (left, right), (low, high) = chart.limits
    x = LEFT + (points[:, 0] - left) / (right - left) * (RIGHT - LEFT)
    y = BOTTOM - (points[:, 1] - low) / (high - low) * (BOTTOM - TOP)
    return np.column_stack([x, y])


def thinned(points: NDArray[np.float64], tolerance: float = THIN) -> NDArray[np.float64]:
    """Return the points that a polygon needs to stay within a tolerance of all (Ramer, Douglas and Peucker).

    >>> thinned(np.array([[0.0, 0], [1, 0.001], [2, 0], [3, 5]])).tolist()
    [[0.0, 0.0], [2.0, 0.0], [3.0, 5.0]]
    """
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        along, inner = points[last] - points[first], points[first + 1:last] - points[first]
        apart = np.abs(along[0] * inner[:, 1] - along[1] * inner[:, 0]) / (np.hypot(*along) or 1.0)
        if apart.max() > tolerance:
            middle = first + 1 + int(apart.argmax())
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return points[sorted(kept)]


def _curve(trace: DrawnCurve, chart: DrawnPanel) -> Markup:
    """A curve and its markers."""
    points = placed(chart, trace.points)
    path = "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in thinned(points))
    line = tag("path", d=path, class_="curve", **_dash(trace))
    marks = "".join(_marker(trace.color, *points[k]) for k in trace.marked)
    return tag("g", line, tag("path", d=marks, class_=_filling(trace)), class_=f"c{trace.color}")


def _dash(trace: DrawnCurve) -> dict[str, str]:
    return {"stroke_dasharray": DASHES[trace.line]} if DASHES[trace.line] else {}


def _filling(trace: DrawnCurve) -> str:
    """Markers of a solid line are full, all others hollow."""
    return "mark full" if trace.line == "-" else "mark hollow"


def _marker(color: int, x: float, y: float) -> str:
    """The outline of a marker around a point."""
    if MARKERS[color] == "o":
        return f"M{x - 2.6:.1f},{y:.1f}a2.6,2.6 0 1 0 5.2,0a2.6,2.6 0 1 0 -5.2,0z"
    corners, turn = _CORNERS[MARKERS[color]]
    angles = (turn + 2 * pi * k / corners for k in range(corners))
    return "M" + " ".join(f"{x + 3.2 * cos(a):.1f},{y + 3.2 * sin(a):.1f}" for a in angles) + "z"


def _ticks(chart: DrawnPanel) -> list[Markup]:
    """Lines of a faint grid with their numbers."""
    found = []
    for t in chart.ticks[0]:
        x = placed(chart, np.array([[t, 0.0]]))[0, 0]
        found += [_line(x, TOP, x, BOTTOM), _text(f"{t:g}", x, BOTTOM + 15, "middle")]
    for t in chart.ticks[1]:
        y = placed(chart, np.array([[0.0, t]]))[0, 1]
        kind = "zero" if abs(t) < 1e-12 else "grid"
        found += [_line(LEFT, y, RIGHT, y, kind), _text(f"{t:g}".replace("-", "−"), LEFT - 6, y + 4, "end")]
    return found


def _line(x1: float, y1: float, x2: float, y2: float, kind: str = "grid") -> Markup:
    return tag("path", d=f"M{x1:.1f},{y1:.1f}L{x2:.1f},{y2:.1f}", class_=kind)


def _text(words: str, x: float, y: float, anchor: str, **more: str) -> Markup:
    return tag("text", _indexed(words), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, **more)


def _names(chart: DrawnPanel) -> list[Markup]:
    """The names of both axes; the vertical one stands above its axis, upright."""
    return [_text(chart.labels[0], (LEFT + RIGHT) / 2, HEIGHT - 8, "middle", class_="axis"),
            _text(chart.labels[1], LEFT - 40, TOP - 10, "start", class_="axis")]


def _indexed(words: str) -> Markup:
    """Text of SVG with indices set lower."""
    pieces = re.split(r"_(\{[^}]*\}|\w)", words)
    shown = [safe(piece) if k % 2 == 0 else
             f'<tspan dy="3" font-size="80%">{safe(piece.strip("{}"))}</tspan><tspan dy="-3">\u200b</tspan>'
             for k, piece in enumerate(pieces)]
    return Markup("".join(shown))


def _key(trace: DrawnCurve) -> Markup:
    """One entry of the legend."""
    line = tag("path", d="M1,7L33,7", class_="curve", **_dash(trace))
    mark = tag("path", d=_marker(trace.color, 17, 7), class_=_filling(trace))
    sample = tag("svg", line, mark, viewBox="0 0 34 14", width="34", height="14", aria_hidden="true",
                 class_=f"chart c{trace.color}")
    return tag("li", sample, tag("span", prose(trace.label)))
