"""Spins as arrows where they are, seen from above: moments on a lattice, and the clusters among them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputError, QllgError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.sphere import chosen_sites
from qllg_sym.plot.style import COLORS, SINGLE_COLUMN, entitle, look, picture
from qllg_sym.plot.trajectory import Drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Reals = NDArray[np.float64]
COLOURS = "coolwarm"    # of the component towards the viewer: diverging, light enough for black arrows on it
ACROSS = 24             # arrows along a side, about: of more sites, some have a spot of colour alone
HEIGHT = 3.1            # inches
RING = COLORS[2]        # about the sites of clusters
Update = Callable[[Reals], None]


def lattice(trajectory: Drawable, t: float | None = None, positions: Any = None,
            sites: Sequence[int] | int | None = None, ax: "Axes | None" = None) -> "tuple[Figure, NDArray[Any]]":
    r"""Draw $\langle\mathbf{S}_i\rangle/(s_i\hbar)$ of every site, and classical moments, where the sites are.

    The view is along −z. An arrow is the part in the plane, colour the part towards the viewer; of many sites each has
    a spot of colour, and some an arrow. Quantum clusters of a hybrid law are ringed, and sites of one cluster joined.

    Args:
        trajectory: a `HybridTrajectory` or a `Trajectory`.
        t: one of the times; the last when None.
        positions: where the sites are, (N, 2) or (N, 3); those of the model when None.
        sites: which; all when None.
        ax: where to draw.

    Returns:
        The figure and its axes, (1,).

    Raises:
        InputError: no positions, others than sites, a site that does not exist, or a time that is none of the times.
    """
    places = places_of(trajectory, positions)
    shown = chosen_sites(sites, len(trajectory.spins))
    k = len(trajectory.times) - 1 if t is None else _at(trajectory.times, t)
    figure, axis, update = lattice_figure(trajectory, places, shown, ax)
    with look():
        update(np.asarray(trajectory.profile())[k, shown])
        if ax is None and len(trajectory.times) > 1:
            axis.text(0.99, 1.01, shown_time(trajectory, float(trajectory.times[k])), transform=axis.transAxes,
                      ha="right", va="bottom", fontsize=7)
    return Drawn((figure, np.array([axis], dtype=object)))


def shown_time(trajectory: Drawable, t: float) -> str:
    """Return a time with its unit."""
    unit = None if trajectory.units is None else trajectory.units.time
    return f"$t$ = {t:.3g}" + (f" {unit}" if unit else "")


def places_of(trajectory: Drawable, positions: Any) -> Reals:
    """Return where the sites are, seen from above, (N, 2).

    Raises:
        InputError: none are known, or they are of another number or not finite.
    """
    found = _known(trajectory) if positions is None else positions
    if found is None:
        raise InputError("`positions` must be given for a model that has none, but are not; write positions=array of "
                         f"shape ({len(trajectory.spins)}, 2), or build the model on q.square, say.")
    array, n = real_array(found), len(trajectory.spins)
    if array is None or array.shape not in ((n, 2), (n, 3)) or not np.isfinite(array).all():
        what = f"of type {type(found).__name__}" if array is None else f"of shape {array.shape}" \
            if array.shape not in ((n, 2), (n, 3)) else "not finite"
        raise InputError(f"`positions` must be {n} finite rows of two or three, one a site, but are {what}; give one a "
                         "site.")
    return np.asarray(array[:, :2], dtype=float)


def _known(trajectory: Drawable) -> Any:
    """The positions of the model; None where there are none, or no model is known."""
    try:
        return getattr(getattr(trajectory, "model", None), "positions", None)
    except QllgError:
        return None


def lattice_figure(trajectory: Drawable, places: Reals, shown: Sequence[int],
                   ax: "Axes | None" = None) -> "tuple[Figure, Any, Update]":
    """Return a figure of sites without directions yet, its axes, and what gives them directions (n_shown, 3)."""
    at = places[list(shown)]
    spacing = nearest_distance(at)
    low, high = at.min(axis=0) - 0.8 * spacing, at.max(axis=0) + 0.8 * spacing
    with look():
        axis: Any = ax
        if ax is None:
            figure = picture()(figsize=(SINGLE_COLUMN, HEIGHT), layout="constrained")
            axis = figure.subplots()
            entitle(figure, trajectory.heading)
        axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xlabel="$x$", ylabel="$y$")
        update = _Spins(axis, at, spacing)
        _mark(axis, trajectory, places, spacing, shown)
        bar = axis.figure.colorbar(update.spots, ax=axis, shrink=0.8, pad=0.02, ticks=[-1, 0, 1])
        bar.set_label(r"$\langle S_z\rangle/s\hbar$")
    return axis.figure, axis, update


class _Spins:
    """Spots and arrows that take directions."""

    def __init__(self, axis: Any, at: Reals, spacing: float) -> None:
        points = 72 * axis.get_window_extent().width / axis.figure.dpi / np.ptp(axis.get_xlim())
        many = len(at) > ACROSS**2
        size = (0.95 if many else 0.6) * spacing * points
        self.spots = axis.scatter(*at.T, c=np.zeros(len(at)), s=max(size, 0.5)**2, marker="s" if many else "o",
                                  cmap=COLOURS, vmin=-1, vmax=1, linewidths=0, zorder=2, rasterized=many)
        step = max(1, round(np.ptp(at, axis=0).max() / spacing / ACROSS))
        self.some = chosen_arrows(at, spacing, step)
        length = 0.85 * spacing * step
        self.arrows = axis.quiver(*at[self.some].T, *np.zeros((2, len(self.some))), pivot="mid", angles="xy",
                                  scale_units="xy", scale=1 / length, width=0.1 * length, units="xy", color="black",
                                  headwidth=3.2, headlength=3.6, headaxislength=3.2, minlength=0.1, zorder=3)

    def __call__(self, spins: Reals) -> None:
        """Give every site its direction."""
        self.spots.set_array(spins[:, 2])
        self.arrows.set_UVC(*spins[self.some, :2].T)


def chosen_arrows(at: Reals, spacing: float, step: int) -> NDArray[np.intp]:
    """Return which of the places have an arrow: the one nearest to the centre of each square of `step` spacings.

    >>> at = np.stack(np.meshgrid(np.arange(6.0), np.arange(6.0)), axis=-1).reshape(-1, 2)
    >>> len(chosen_arrows(at, 1.0, 1)), len(chosen_arrows(at, 1.0, 2))
    (36, 9)
    """
    if step == 1:
        return np.arange(len(at))
    cell = (at - at.min(axis=0)) / (step * spacing)
    number = np.floor(cell + 1e-9).astype(int)
    off = np.linalg.norm(cell - number - (step - 1) / (2 * step), axis=1)
    order = np.lexsort((off, number[:, 1], number[:, 0]))
    first = np.append(True, (np.diff(number[order], axis=0) != 0).any(axis=1))
    return np.sort(order[first])


def nearest_distance(at: Reals) -> float:
    """Return the least distance between places, 1.0 where there is one place; places on top of each other are one.

    >>> nearest_distance(np.array([[0.0, 0.0], [0.0, 0.0], [0.5, 0.0], [2.0, 0.0]]))
    0.5
    """
    from scipy.spatial import KDTree

    apart = np.unique(at.round(9), axis=0)
    return float(np.asarray(KDTree(apart).query(apart, k=2)[0])[:, 1].min()) if len(apart) > 1 else 1.0


def _mark(axis: Any, trajectory: Drawable, places: Reals, spacing: float, shown: Sequence[int]) -> None:
    """Ring the sites of clusters, and join those of one."""
    from matplotlib.patches import Circle

    for cluster in getattr(trajectory, "quantum", ()):
        own = places[[site for site in cluster if site in shown]]
        for place in own:
            axis.add_patch(Circle(tuple(place), 0.48 * spacing, fill=False, edgecolor=RING, linewidth=1.4, zorder=4))
        axis.plot(*own.T, color=RING, linewidth=1.4, zorder=1)


def _at(times: Reals, t: Any) -> int:
    """Return the place of a time."""
    found = np.flatnonzero(times == t)
    if not len(found):
        nearest = times[np.argmin(abs(times - t))] if isinstance(t, (int, float, np.number)) else times[-1]
        raise InputError(f"`t` must be one of the times, but is {t!r}; the nearest is {nearest:.17g}; take that.")
    return int(found[0])
