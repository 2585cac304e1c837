"""Phase portraits of one vector of fixed length: its flow on the sphere of directions, in Hammer's equal-area map."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.plot.style import COLORS, SINGLE_COLUMN, look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Reals = NDArray[np.float64]
Velocity = Callable[[Reals], Reals]
# kind of a fixed point: marker, its face, what the legend says
MARKS = {"stable": ("o", COLORS[1], "stable"), "unstable": ("o", "white", "unstable"),
         "saddle": ("D", COLORS[5], "saddle"), "neutral": ("s", COLORS[2], "neutral")}
SEEDS = 72              # trajectories
ARC = 0.42              # radians that each is drawn to either side
STEPS = 40
SLOW = 0.02             # of the greatest speed: where nothing is drawn
AXES = {"$+x$": (1, 0, 0), "$+y$": (0, 1, 0), "$-y$": (0, -1, 0), "$+z$": (0, 0, 1), "$-z$": (0, 0, -1)}


def hammer(directions: ArrayLike) -> Reals:
    """Return the plane coordinates (…, 2) of directions (…, 3): x in the middle, z above, y to the right.

    >>> hammer([[1, 0, 0], [0, 0, 1]]).round(3) + 0.0
    array([[0.   , 0.   ],
           [0.   , 1.414]])
    """
    n = np.asarray(directions, dtype=float)
    n = n / np.linalg.norm(n, axis=-1, keepdims=True)
    half, level = np.arctan2(n[..., 1], n[..., 0]) / 2, np.hypot(n[..., 0], n[..., 1])
    over = np.sqrt(1 + level * np.cos(half))
    return np.stack([2 * np.sqrt(2) * level * np.sin(half) / over, np.sqrt(2) * n[..., 2] / over], axis=-1)


def sphere_portrait(velocity: Velocity, fixed: Sequence[tuple[ArrayLike, str]], speed_label: str,
                    ax: "Axes | None" = None, remark: str = "") -> "tuple[Figure, NDArray[np.object_]]":
    """Draw trajectories over their speed, and fixed points by their stability.

    Args:
        velocity: of directions (n, 3), their rates of change (n, 3), tangent to the sphere.
        fixed: (direction (3,), kind), a kind of "stable", "unstable", "saddle" or "neutral".
        speed_label: of the colour scale, with its unit.
        ax: axes to draw into.
        remark: below the map.

    Returns:
        The figure and its axes, (1,).

    >>> figure, axes = sphere_portrait(lambda n: np.cross(n, [0, 0, 1]), [((0, 0, 1), "neutral")], "speed (1/s)")
    >>> axes[0].get_aspect()
    1.0
    """
    figure = None
    if ax is None:
        figure, grid = new_figure(1, width=SINGLE_COLUMN, row_height=1.9)
        ax = grid[0, 0]
    with look():
        top = _speed(ax, velocity, speed_label)
        _graticule(ax)
        _trajectories(ax, velocity, top)
        _fixed_points(ax, fixed)
        if remark:
            ax.text(0, -1.76, remark, ha="center", va="top", fontsize=7)
        ax.set(xlim=(-3.05, 3.05), ylim=(-1.68, 1.68))
        ax.set_aspect(1.0)
        ax.set_axis_off()
    return ax.figure if figure is None else figure, np.array([ax], dtype=object)  # type: ignore[return-value]


def _sphere(longitudes: ArrayLike, latitudes: ArrayLike) -> Reals:
    """Directions of longitude and latitude, (…, 3)."""
    a, b = np.broadcast_arrays(longitudes, latitudes)
    return np.stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)], axis=-1)


def _speed(axis: "Axes", velocity: Velocity, label: str) -> float:
    """Colour the map by the speed; return the greatest."""
    edge = np.pi * (1 - 1e-9)
    corners = _sphere(*np.meshgrid(np.linspace(-edge, edge, 145), np.linspace(-np.pi / 2, np.pi / 2, 73)))
    cells = corners[1:, 1:] + corners[:-1, 1:] + corners[1:, :-1] + corners[:-1, :-1]
    cells /= np.linalg.norm(cells, axis=-1, keepdims=True)
    speed = np.linalg.norm(velocity(cells.reshape(-1, 3)), axis=-1).reshape(cells.shape[:2])
    x, y = np.moveaxis(hammer(corners), -1, 0)
    top = float(speed.max()) or 1.0
    mesh = axis.pcolormesh(x, y, speed, cmap="Blues", vmin=0, vmax=1.6 * top, rasterized=True, zorder=0)
    bar = axis.figure.colorbar(mesh, ax=axis, orientation="horizontal", shrink=0.62, pad=0.02, aspect=30,
                               boundaries=np.linspace(0, top, 129), ticks=[0, top / 2, top])
    bar.set_ticklabels(["0", f"{top / 2:.3g}", f"{top:.3g}"])
    bar.set_label(label, labelpad=1)
    return top


def _graticule(axis: "Axes") -> None:
    """Meridians and parallels every 30°, the rim, and the names of the axes."""
    edge, line = np.pi * (1 - 1e-9), np.linspace(-1, 1, 181)
    for a in np.radians(np.arange(-150, 151, 30)):
        axis.plot(*hammer(_sphere(a, line * np.pi / 2)).T, color="0.75", linewidth=0.3, zorder=1)
    for b in np.radians(np.arange(-60, 61, 30)):
        axis.plot(*hammer(_sphere(line * edge, b)).T, color="0.75", linewidth=0.3, zorder=1)
    for a in (-edge, edge):
        axis.plot(*hammer(_sphere(a, line * np.pi / 2)).T, color="0.3", linewidth=0.7, zorder=1)
    for name, direction in AXES.items():
        x, y = hammer(direction)
        up = {"$+z$": 0.22, "$-z$": -0.22}.get(name, 0.0)
        axis.plot(x, y, linestyle="", marker="+", markersize=4, markeredgewidth=0.8, color="black", zorder=5)
        ground = None if up else {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6}
        axis.text(x + (0 if up else 0.1), y + (up or 0.13), name, ha="center" if up else "left", va="center",
                  fontsize=7, zorder=5, bbox=ground)
    for x, side in ((-2.96, "right"), (2.96, "left")):
        axis.text(x, 0, "$-x$", ha=side, va="center", fontsize=7)


def _trajectories(axis: "Axes", velocity: Velocity, top: float) -> None:
    """Draw pieces of equal length through points spread evenly, with an arrow in the middle of each."""
    k = np.arange(SEEDS) + 0.5
    seeds = _sphere(np.pi * (1 + 5**0.5) * k, np.arcsin(1 - 2 * k / SEEDS))
    paths = np.concatenate([_path(velocity, seeds, -1, top)[::-1], _path(velocity, seeds, 1, top)[1:]])
    for path, seed in zip(np.moveaxis(paths, 1, 0), seeds, strict=True):
        plane = hammer(path)
        cut = np.hypot(*np.diff(plane, axis=0).T) > 0.5           # across the rim of the map
        axis.plot(*np.insert(plane, np.flatnonzero(cut) + 1, np.nan, axis=0).T, color="0.15", linewidth=0.7, zorder=2)
        tip, tail = plane[STEPS + 1], plane[STEPS]
        if np.linalg.norm(velocity(seed[None])) > SLOW * top and np.hypot(*(tip - tail)) < 0.5:
            axis.annotate("", tip + 0.8 * (tip - tail), tail, zorder=3, arrowprops={
                "arrowstyle": "-|>,head_length=0.22,head_width=0.11", "color": "0.15", "linewidth": 0.5, "shrinkA": 0,
                "shrinkB": 0})


def _path(velocity: Velocity, points: Reals, sign: int, top: float) -> Reals:
    """Runge–Kutta along the direction of the flow, (steps + 1, n, 3); it halts where the flow is slow."""
    def along(n: Reals) -> Reals:
        v = velocity(n / np.linalg.norm(n, axis=-1, keepdims=True))
        size = np.linalg.norm(v, axis=-1, keepdims=True)
        return np.divide(sign * v, size, out=np.zeros_like(v), where=size > SLOW * top)
    found, step = [points], ARC / STEPS
    for _ in range(STEPS):
        n = found[-1]
        a = along(n)
        b = along(n + step / 2 * a)
        c = along(n + step / 2 * b)
        n = n + step / 6 * (a + 2 * b + 2 * c + along(n + step * c))
        found.append(n / np.linalg.norm(n, axis=-1, keepdims=True))
    return np.array(found)


def _places(direction: ArrayLike) -> list[Reals]:
    """Where a direction is on the map: at both ends, if it lies on the rim."""
    place = hammer(direction)
    on_rim = abs(abs(np.arctan2(*np.asarray(direction, dtype=float)[1::-1])) - np.pi) < 1e-9 and abs(place[0]) > 1e-9
    return [place, place * [-1, 1]] if on_rim else [place]


def _fixed_points(axis: "Axes", fixed: Sequence[tuple[ArrayLike, str]]) -> None:
    """One marker a point, one entry of the legend a kind."""
    for kind, (marker, face, label) in MARKS.items():
        points = [place for direction, of in fixed if of == kind for place in _places(direction)]
        if points:
            axis.plot(*np.array(points).T, linestyle="", marker=marker, markersize=6, markerfacecolor=face,
                      markeredgecolor="black", markeredgewidth=0.9, label=label, zorder=6, clip_on=False)
    if fixed:
        axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.02), ncols=4, borderaxespad=0.1, handletextpad=0.1,
                    title="fixed points", title_fontsize=7, fontsize=7)
