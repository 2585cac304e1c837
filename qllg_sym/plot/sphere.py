"""Paths of spins on one sphere, seen in three dimensions."""

from collections.abc import Sequence
from itertools import product
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.style import COLORS, MARKERS, SINGLE_COLUMN, entitle, look, picture
from qllg_sym.plot.trajectory import Drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Reals = NDArray[np.float64]
MOST_NAMED = 7          # spins that have a colour, a dash and a marker each; of more, the colour tells the site
DASHES = ("-", (0, (4, 1.6)), (0, (1, 1.2)), (0, (4, 1.4, 1, 1.4)))
HEIGHT = 3.4            # inches
VIEW = {"elev": 22, "azim": 35}
GREY = "0.8"


def bloch_sphere(trajectory: Drawable, sites: Sequence[int] | int | None = None, ax: "Axes | None" = None,
                 smooth: bool = True) -> "tuple[Figure, NDArray[Any]]":
    r"""Draw the paths of $\langle\mathbf{S}_i\rangle/(s_i\hbar)$, of classical moments, in the unit sphere.

    Each path begins at a hollow marker and ends at a filled one. Up to seven spins have a colour, a dash and a marker
    each; of more, the colour tells the site.

    Args:
        trajectory: a `Trajectory`.
        sites: which spins; all when None.
        ax: three-dimensional axes to draw into, from `figure.add_subplot(projection="3d")`.
        smooth: whether few times are solved again for more in between.

    Returns:
        The figure and its axes, (1,).

    Raises:
        InputError: a site does not exist, or the axes are flat.
    """
    shown = chosen_sites(sites, len(trajectory.spins))
    if ax is not None and getattr(ax, "name", "") != "3d":
        raise InputError('`ax` must be three-dimensional axes, but is flat; make it by add_subplot(projection="3d").')
    fine = trajectory.finer() if smooth else trajectory
    paths = [np.asarray(fine.bloch(i)) for i in shown]
    figure: Any
    figure, axis = (ax.figure, ax) if ax is not None else sphere_figure(trajectory.heading)
    with look():
        if ax is not None:
            frame(axis)
        for k, (site, path) in enumerate(zip(shown, paths, strict=True)):
            _path(axis, path, site, style_of(k, len(shown)))
        name_sites(axis, shown)
    return Drawn((figure, np.array([axis], dtype=object)))


def chosen_sites(sites: Sequence[int] | int | None, count: int) -> list[int]:
    """Return the sites asked for, each once.

    Raises:
        InputError: one of them does not exist, or there is none.

    >>> chosen_sites(None, 2), chosen_sites(1, 2)
    ([0, 1], [1])
    """
    found: list[Any] = list(range(count)) if sites is None else list(np.atleast_1d(np.array(sites, dtype=object)))
    wrong = [site for site in found if not isinstance(site, Integral) or not 0 <= int(site) < count]
    if wrong or not found:
        given = repr(wrong[0]) if wrong else "empty"
        raise InputError(f"`sites` must be numbers from 0 to {count - 1}, but is {given}; leave it out for all.")
    return list(dict.fromkeys(int(site) for site in found))


def style_of(k: int, count: int) -> dict[str, Any]:
    """Return colour, dash and marker of the k-th of so many spins.

    >>> style_of(0, 2)["marker"], style_of(1, 2)["marker"], style_of(1, 20)["marker"]
    ('o', 's', 'o')
    """
    if count <= MOST_NAMED:
        return {"color": COLORS[k], "linestyle": DASHES[k % len(DASHES)], "marker": MARKERS[k]}
    from matplotlib import colormaps

    return {"color": colormaps["viridis"](k / (count - 1)), "linestyle": "-", "marker": "o"}


def sphere_figure(heading: Sequence[str]) -> "tuple[Figure, Any]":
    """Return a figure with an empty sphere, and its axes.

    >>> sphere_figure(["q-LLG"])[1].name
    '3d'
    """
    with look():
        figure = picture()(figsize=(SINGLE_COLUMN, HEIGHT))
        axis = figure.add_axes((0.0, 0.02, 1.0, 0.88), projection="3d")
        entitle(figure, heading)
        frame(axis)
    return figure, axis


def frame(axis: Any) -> None:
    """Draw the sphere as its outline and three great circles, and the directions of its axes."""
    angles = np.linspace(0, 2 * np.pi, 121)
    circle = np.cos(angles), np.sin(angles), np.zeros(121)
    for k in range(3):
        axis.plot(*(circle[(j + k) % 3] for j in range(3)), color=GREY, linewidth=0.6, zorder=0)
    right, up = outline(**VIEW)
    axis.plot(*(np.outer(right, circle[0]) + np.outer(up, circle[1])), color="0.5", linewidth=0.7, zorder=0)
    for (k, name), sign in product(enumerate("xyz"), (1, -1)):
        tip = sign * np.eye(3)[k]
        axis.plot(*np.stack([0 * tip, tip], axis=1), color=GREY, linewidth=0.6, zorder=0)
        axis.text(*(1.13 * tip), f"{'+' if sign > 0 else '−'}{name}", ha="center", va="center", fontsize=7)
    axis.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1))
    axis.set_box_aspect((1, 1, 1), zoom=1.32)
    axis.set_proj_type("ortho")
    axis.view_init(**VIEW)
    axis.set_axis_off()


def outline(elev: float, azim: float) -> tuple[Reals, Reals]:
    """Return the directions to the right and up on paper: they span the circle that a viewer sees as the outline.

    >>> right, up = outline(0, 0); right.round(3) + 0.0, up.round(3) + 0.0
    (array([0., 1., 0.]), array([0., 0., 1.]))
    """
    a, b = np.radians(azim), np.radians(elev)
    return (np.array([-np.sin(a), np.cos(a), 0.0]),
            np.array([-np.sin(b) * np.cos(a), -np.sin(b) * np.sin(a), np.cos(b)]))


def _path(axis: Any, path: Reals, site: int, style: dict[str, Any]) -> None:
    """Draw one path with its first and its last point."""
    color, marker = style["color"], style["marker"]
    axis.plot(*path.T, color=color, linestyle=style["linestyle"], linewidth=1.1)
    for point, face, size in ((path[0], "white", 5.5), (path[-1], color, 4.5)):
        axis.plot(*point[:, None], linestyle="", marker=marker, markersize=size, markerfacecolor=face,
                  markeredgecolor=color, markeredgewidth=0.9, zorder=5,
                  label=f"spin {site}" if face != "white" else "_start")


def name_sites(axis: Any, shown: Sequence[int], remark: str = "from the hollow to the filled mark") -> None:
    """Say which mark is which spin, and where paths begin and end."""
    if len(shown) > MOST_NAMED:
        remark = f"{remark}\nspins {shown[0]} (dark) to {shown[-1]} (bright), {len(shown)} in all"
    elif len(shown) > 1:
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.03), ncols=min(len(shown), 4), handletextpad=0.1)
    axis.text2D(0.5, 0.0, remark, transform=axis.transAxes, ha="center", va="bottom", fontsize=7)
