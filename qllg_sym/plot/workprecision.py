"""Work–precision diagrams, error against time, and growth with size: what a benchmark draws."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.plot.style import COLORS, DOUBLE_COLUMN, SINGLE_COLUMN, kept_together, letter, look, new_figure, new_lines

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "os^Dv<>ph*"


def work_precision(panels: Sequence[tuple[str, Mapping[str, ArrayLike]]], target: float, own: str = "") -> "Figure":
    """Return a matplotlib figure: seconds against error, both logarithmic, one panel a problem.

    Args:
        panels: (what is solved, {name: rows (error, seconds), (n, 2)}). The first word of a name is the program, which
            has one colour in all panels; each name has a marker.
        target: the error at which codes are compared, a vertical line.
        own: names that begin with it are drawn solid and filled, the others dashed and hollow.

    >>> figure = work_precision([("A", {"x": [[1e-8, 1.0]], "y": [[1e-9, 2.0]]})], 1e-10)
    >>> figure.axes[0].get_xscale()
    'log'
    """
    names = sorted({name for _, curves in panels for name in curves}, key=lambda name: (not name.startswith(own), name))
    with look():
        figure, axes = new_figure(1, len(panels), DOUBLE_COLUMN, 2.9)
        programs = list(dict.fromkeys(map(_program, names)))
        for axis, (heading, curves), mark in zip(axes[0], panels, ascii_lowercase, strict=False):
            axis.axvline(target, color="0.8", linewidth=0.8, zorder=0)
            for name, points in curves.items():
                _curve(axis, name, np.asarray(points, dtype=float), names.index(name),
                       COLORS[programs.index(_program(name)) % len(COLORS)], name.startswith(own))
            axis.set(xscale="log", yscale="log", xlabel="Largest error in ρ\n(more exact to the right →)")
            lines = new_lines(kept_together(f"({mark}) {heading}"), DOUBLE_COLUMN / len(panels) - 0.5)
            axis.set_title("\n".join(lines), fontsize=7, pad=3, loc="left")
        axes[0, 0].set_ylabel("Seconds (faster is lower ↓)")
        axes[0, 0].invert_xaxis()       # shared: work rises to the right
        _legend(figure, axes, names)
    return figure


def _program(name: str) -> str:
    """What a code is part of."""
    return name.replace(",", " ").split()[0]


def _curve(axis: "Axes", name: str, points: NDArray[np.float64], k: int, color: str, own: bool) -> None:
    """Draw one code."""
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
        columns: N, "time in ms", "memory in MiB".

    >>> len(growth_with_size({"N": [8, 9], "time": [1, 2], "memory": [1, 2]}).axes)
    2
    """
    (_, n), *curves = columns.items()
    sizes = np.asarray(n, dtype=float)
    with look():
        figure, axes = new_figure(1, 2, 2 * SINGLE_COLUMN, 2.2)
        words = [name.partition(" in ") for name, _ in curves]         # time in ms
        letter(axes, [f"{name.capitalize()} of one product H·v, one thread" for name, _, _ in words])
        laws = ((sizes * 2**sizes, r"$\propto N\,2^N$"), (2**sizes, r"$\propto 2^N$"))
        for axis, (_, values), (name, _, unit), (law, label) in zip(axes[0], curves, words, laws, strict=True):
            axis.plot(sizes, law * (values[-1] / law[-1]), color="0.6", linestyle=(0, (4, 1.6)), label=label)
            axis.plot(sizes, values, color=COLORS[0], marker="o", markersize=3.2, linestyle="-", label="measured")
            axis.set(yscale="log", xlabel="number of spins ½, $N$", ylabel=name + (f" ({unit})" if unit else ""))
            axis.legend(loc="upper left")
            axis.set_xticks(sizes[::2])
    return figure
