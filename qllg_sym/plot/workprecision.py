"""Work–precision diagrams, error against time, and growth with size: what a benchmark draws."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.plot.style import COLORS, DOUBLE_COLUMN, SINGLE_COLUMN, letter, look, new_figure

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "os^Dv<>ph*"


def work_precision(panels: Sequence[tuple[str, Mapping[str, ArrayLike]]], target: float, own: str = "") -> "Figure":
    """Return a matplotlib figure: seconds against error, both logarithmic, one panel a problem.

    Args:
        panels: (heading, {name: rows (error, seconds), (n, 2)}); a name has one colour and marker in all panels.
        target: the error at which codes are compared, a vertical line.
        own: names that begin with it are drawn solid and filled, the others dashed and hollow.

    >>> figure = work_precision([("A", {"x": [[1e-8, 1.0]], "y": [[1e-9, 2.0]]})], 1e-10)
    >>> figure.axes[0].get_xscale()
    'log'
    """
    names = sorted({name for _, curves in panels for name in curves}, key=lambda name: (not name.startswith(own), name))
    with look():
        figure, axes = new_figure(1, len(panels), DOUBLE_COLUMN, 2.9)
        letter(axes)
        for axis, (heading, curves) in zip(axes[0], panels, strict=True):
            axis.axvline(target, color="0.8", linewidth=0.8, zorder=0)
            for name, points in curves.items():
                _curve(axis, name, np.asarray(points, dtype=float), names.index(name), name.startswith(own))
            axis.set(xscale="log", yscale="log", xlabel="Error in ρ")
            axis.set_title(heading, fontsize=8, pad=3)
        axes[0, 0].set_ylabel("Seconds")
        axes[0, 0].invert_xaxis()       # shared: work rises to the right
        _legend(figure, axes, names)
    return figure


def _curve(axis: "Axes", name: str, points: NDArray[np.float64], k: int, own: bool) -> None:
    """Draw one code."""
    color = COLORS[k % len(COLORS)]
    axis.plot(points[:, 0], points[:, 1], label=name, color=color, marker=MARKERS[k % len(MARKERS)], markersize=3.2,
              linestyle="-" if own else (0, (4, 1.6)), markerfacecolor=color if own else "white", linewidth=1.0)


def _legend(figure: "Figure", axes: NDArray[Any], names: Sequence[str]) -> None:
    """Put one entry a code above all panels."""
    handles: dict[str, Artist] = {}
    for axis in axes.ravel():
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend([handles[name] for name in names], names, loc="outside upper center", ncols=3)


def growth_with_size(columns: Mapping[str, Sequence[float]]) -> "Figure":
    """Return a matplotlib figure of quantities against N, the first column, beside N·2^N (left) and 2^N (right).

    Args:
        columns: N, time, memory, by the names that are written on the axes.

    >>> len(growth_with_size({"N": [8, 9], "time": [1, 2], "memory": [1, 2]}).axes)
    2
    """
    (_, n), *curves = columns.items()
    sizes = np.asarray(n, dtype=float)
    with look():
        figure, axes = new_figure(1, 2, 2 * SINGLE_COLUMN, 2.0)
        letter(axes)
        laws = ((sizes * 2**sizes, r"$\propto N\,2^N$"), (2**sizes, r"$\propto 2^N$"))
        for axis, (name, values), (law, label) in zip(axes[0], curves, laws, strict=True):
            axis.plot(sizes, law * (values[-1] / law[-1]), color="0.6", linestyle=(0, (4, 1.6)), label=label)
            axis.plot(sizes, values, color=COLORS[0], marker="o", markersize=3.2, linestyle="-", label="measured")
            axis.set(yscale="log", xlabel="Spins ½, $N$", ylabel=name[0].upper() + name[1:])
            axis.legend(loc="upper left")
            axis.set_xticks(sizes[::2])
    return figure
