"""The correlation matrix of the first two sites as a strip of nine rows over time."""

from typing import TYPE_CHECKING

import numpy as np

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel
from qllg_sym.plot.profile import time_edges
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "the correlation matrix of the first two sites: nine rows over time"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the strip of ⟨S_i^k S_j^l⟩/(s_i s_j ħ²), T_kl of two spins ½, xx on top."""
    values = trajectory.correlation().reshape(-1, 9)
    edges, several = time_edges(trajectory.times), len(trajectory.spins) > 2

    def draw(axis: "Axes") -> None:
        mesh = axis.pcolormesh(edges, np.arange(10) - 0.5, values.T, cmap="RdBu_r", vmin=-1, vmax=1, rasterized=True)
        axis.set_yticks(range(9), [k + l for k in "xyz" for l in "xyz"], fontsize=6)
        axis.tick_params(axis="y", length=0)
        axis.invert_yaxis()
        for border in (2.5, 5.5):
            axis.axhline(border, color="black", linewidth=0.5)
        axis.set_ylabel("$T_{kl}$" + (" of sites 0, 1" if several else ""))
        bar = axis.inset_axes((0.2, 1.06, 0.6, 0.07))
        axis.figure.colorbar(mesh, cax=bar, orientation="horizontal", ticks=[-1, 0, 1])
        bar.xaxis.set_ticks_position("top")

    return [draw]
