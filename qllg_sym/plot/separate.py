"""Panels side by side, each with axes of its own: for pictures whose panels do not share an abscissa."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from qllg_sym.plot.style import DOUBLE_COLUMN, letter, look

Painter = Callable[[Any], None]


def separate(painters: Sequence[Painter], columns: int = 3, width: float = DOUBLE_COLUMN,
             row_height: float = 2.3) -> Any:
    """Return a matplotlib figure with one panel a painter, lettered, in rows.

    Args:
        painters: each draws into the axes that it is given, with labels and legend.
        columns: panels in a row.
        width: inches.
        row_height: inches.

    >>> figure = separate([lambda axis: axis.set_xlabel("t"), lambda axis: axis.set_xlabel("s")], columns=2)
    >>> [axis.get_xlabel() for axis in figure.axes]
    ['t', 's']
    """
    from matplotlib.figure import Figure

    rows = -(-len(painters) // columns)
    with look():
        figure = Figure(figsize=(width, rows * row_height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        letter(axes[: len(painters)])
        for axis, paint in zip(axes, painters, strict=False):
            paint(axis)
            if axis.get_legend_handles_labels()[0]:
                axis.legend(fontsize=6.5, handlelength=1.8, borderaxespad=0.3, labelspacing=0.3)
        for axis in axes[len(painters) :]:
            axis.set_visible(False)
        layout: Any = figure.get_layout_engine()
        layout.set(w_pad=0.05, h_pad=0.04)
    return figure


def decades(axis: Any, values: Sequence[Any], least: float) -> None:
    """Make the vertical axis logarithmic from `least`, or the smallest value above it, to the largest value."""
    shown = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in values])
    shown = shown[shown > least]
    axis.set_yscale("log")
    if len(shown):
        axis.set_ylim(shown.min() / 2, shown.max() * 2)
