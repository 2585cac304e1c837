"""A spectrum: intensities over whatever was swept, with a band of errors where there are any."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.plot.style import COLORS, entitle, look, new_figure
from qllg_sym.plot.trajectory import Drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[Any]


def intensities(x: Array, named: Mapping[str, Array], xlabel: str, ylabel: str, heading: Sequence[str],
             error: Array | None = None, marks: Sequence[float] = ()) -> "tuple[Figure, Array]":
    """Return (figure, axes), axes (1,).

    Args:
        x: what was swept, (n,).
        named: (n,) each, by name; a name "" has no legend.
        xlabel: of x.
        ylabel: of all curves.
        heading: what made the numbers.
        error: of the first curve, (n,): a band of twice as much.
        marks: places of lines, each with a mark at the top.

    >>> import numpy as np
    >>> figure, axes = intensities(np.array([0.0, 1, 2]), {"": np.array([0.0, 1, 0])}, "B (T)", "absorption", ["q-LLG"])
    >>> axes[0].get_xlabel()
    'B (T)'
    """
    with look():
        figure, axes = new_figure(1, row_height=2.2)
        axis = axes[0, 0]
        for k, (name, values) in enumerate(named.items()):
            axis.plot(x, values, color=COLORS[k % len(COLORS)], label=name or None, linewidth=1.1)
            if k == 0 and error is not None and np.any(error > 0):
                axis.fill_between(x, values - 2 * error, values + 2 * error, color=COLORS[0], alpha=0.25, linewidth=0)
        for place in marks:
            if x.min() <= place <= x.max():
                axis.axvline(place, ymin=0.95, color="0.35", linewidth=0.9)
        axis.set(xlabel=xlabel, ylabel=ylabel, xlim=(float(x.min()), float(x.max())) if np.ptp(x) else None)
        if any(named):
            axis.legend()
        entitle(figure, heading)
    return Drawn((figure, axes.ravel()))
