"""How far the constants of motion have moved: the error that a user can see without knowing the solution."""

from typing import TYPE_CHECKING

import numpy as np

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "the drift of each invariant, on a logarithmic axis"
FINER = False           # of what is kept
FLOOR = 1e-17           # what moved by less is drawn here, at the tick 0
LEAST = 1e-13           # the upper end of the axis


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the distances of invariants from their first values."""
    drifts = {name.replace("|m|", r"$|\mathbf{m}|$"): np.maximum(values, FLOOR)
              for name, values in trajectory.drifts.items()}
    top = max(10 * max(float(np.max(values)) for values in drifts.values()), LEAST)
    lines = curves(trajectory.times, drifts, "drift of\ninvariants", limits=(FLOOR / 2, top))
    powers = [k for k in range(-14, 3, 3) if 10.0**k <= top]

    def draw(axis: "Axes") -> None:
        lines(axis)
        axis.set_yscale("log")
        axis.set_ylim(FLOOR / 2, top)
        axis.set_yticks([FLOOR, *(10.0**k for k in powers)], ["0", *(f"$10^{{{k}}}$" for k in powers)])
        axis.minorticks_off()

    return [draw]
