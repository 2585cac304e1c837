"""Absorption over frequency: a spectrum, with a mark at every line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from qllg_sym.plot.over_time._curves import curves
from qllg_sym.plot.style import entitle, look, new_figure
from qllg_sym.plot.trajectory import Drawn
from qllg_sym.units import Units

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]
MOST_MARKS = 200        # lines that are marked; more would be one grey bar


def absorption(omega: Array, named: Mapping[str, Array], lines: Array, heading: Sequence[str],
               units: Units | None) -> "tuple[Figure, Array]":
    """Return (figure, axes), axes (1,): mean absorbed power over angular frequency.

    Args:
        omega: (n,).
        named: (n,) each, by name.
        lines: rows with "frequency"; each has a mark at the top.
        heading: what made the numbers.
        units: of the model.

    >>> import numpy as np
    >>> lines = np.array([(1.0,)], dtype=[("frequency", float)])
    >>> figure, axes = absorption(np.array([0.0, 1, 2]), {"Sx": np.array([0.0, 1, 0])}, lines, ["q-LLG"], None)
    >>> [float(x) for x in axes[0].get_xlim()]
    [0.0, 2.0]
    """
    with look():
        figure, axes = new_figure(1, row_height=1.9)
        axis = axes[0, 0]
        unit = "ħ = 1" if units is None or units.time is None else f"rad/{units.time}"
        curves(omega, {f"A = {name}": power for name, power in named.items()},
               "absorbed power\n" + r"$\frac{1}{2}\omega\,$Im$\,\chi_{AA}$")(axis)
        axis.set_xlabel(rf"angular frequency $\omega$ ({unit})")
        axis.set_xlim(float(omega.min()), float(omega.max()))
        if len(lines) <= MOST_MARKS:
            for place in lines["frequency"].tolist():
                if omega.min() <= place <= omega.max():
                    axis.axvline(place, ymin=0.95, color="0.35", linewidth=0.9)
        entitle(figure, heading)
    return Drawn((figure, axes.ravel()))
