"""Maps of the magnetisation over site and time, for more spins than lines can show."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qllg_sym.plot.drawable import Drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = "RdBu_r"  # diverging, white at zero, safe for the colour-blind
_ABSENT = 1e-9  # components that stay below this are rounding


def profile_panels(trajectory: Drawable, symbol: str) -> "list[Callable[[Axes], None]]":
    """Return one panel a component of the Bloch vectors (or moments) that is not zero throughout.

    Args:
        trajectory: a `Trajectory`.
        symbol: of the vector, in the labels.

    Returns:
        Functions that draw into axes; colours have one scale, shown above the first of them.
    """
    values = trajectory.profile()
    present = [k for k in range(3) if np.abs(values[:, :, k]).max() > _ABSENT] or [2]
    limit = float(np.abs(values[:, :, present]).max()) or 1.0
    edges = time_edges(trajectory.times)
    return [
        _map(edges, values[:, :, k], f"${symbol}_{'xyz'[k]}$ at site $i$", limit, scale=k == present[0])
        for k in present
    ]


def _map(
    edges: NDArray[np.float64], values: NDArray[np.float64], label: str, limit: float, scale: bool
) -> "Callable[[Axes], None]":
    """Return a panel with one coloured cell a site and time."""
    from matplotlib.ticker import MaxNLocator

    def draw(axis: "Axes") -> None:
        sites = np.arange(values.shape[1] + 1) - 0.5
        # as an image in vector files: cells drawn one by one show seams
        mesh = axis.pcolormesh(edges, sites, values.T, cmap=_COLORS, vmin=-limit, vmax=limit, rasterized=True)
        axis.set_ylabel(label)
        locator = axis.yaxis.get_major_locator()
        assert isinstance(locator, MaxNLocator)
        locator.set_params(integer=True)
        if scale:  # above, inside the panel's own column: the time axes of all panels stay aligned
            bar = axis.inset_axes((0.2, 1.06, 0.6, 0.07))
            axis.figure.colorbar(mesh, cax=bar, orientation="horizontal", ticks=[-limit, 0, limit])
            bar.xaxis.set_ticks_position("top")
            bar.set_xticklabels([f"−{limit:.3g}", "0", f"{limit:.3g}"])

    return draw


def time_edges(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the borders of cells: halfway between times; the first and the last cell end at their times.

    >>> time_edges(np.array([0.0, 1.0, 3.0])).tolist()
    [0.0, 0.5, 2.0, 3.0]
    """
    if len(times) == 1:
        return times[0] + np.array([-0.5, 0.5])
    return np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])
