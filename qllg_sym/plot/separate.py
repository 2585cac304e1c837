"""Panels side by side, each with axes of its own: for pictures whose panels do not share an abscissa."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qllg_sym.errors import InputError
from qllg_sym.plot.style import DOUBLE_COLUMN, LINE, letter, look, new_lines, picture, with_indices

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CAPTION = 6.5           # points
Painter = Callable[["Axes"], None]


def separate(painters: Sequence[Painter], columns: int = 3, width: float = DOUBLE_COLUMN,
             row_height: float = 2.3, titles: Sequence[str] = (), heading: str = "",
             caption: str = "") -> "Figure":
    """Return a matplotlib figure with one panel a painter, lettered, in rows.

    Args:
        painters: each draws into the axes that it is given, with labels and legend.
        columns: panels in a row.
        width: inches.
        row_height: inches.
        titles: of the panels, beside their letters: all or none.
        heading: above all panels.
        caption: below all panels, in lines as long as the figure is wide, with the indices of letters below.

    Raises:
        InputError: titles are fewer or more than panels.

    >>> figure = separate([lambda axis: axis.set_xlabel("t"), lambda axis: axis.set_xlabel("s")], columns=2,
    ...                   titles=("early", "late"))
    >>> [(axis.get_title("left"), axis.get_xlabel()) for axis in figure.axes]
    [('(a) early', 't'), ('(b) late', 's')]
    """
    if titles and len(titles) != len(painters):
        raise InputError(f"`titles` must be {len(painters)}, one a panel, but are {len(titles)}; give all or none.")
    rows, told = -(-len(painters) // columns), new_lines(_kept(caption), width, CAPTION)
    with look():
        height = rows * row_height + LINE * (len(told) + 1.5 * bool(heading))
        figure = picture()(figsize=(width, height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        letter(axes[: len(painters)], titles)
        if heading:
            figure.suptitle(with_indices(heading), fontsize=8.5)
        if told:
            figure.supxlabel(with_indices("\n".join(told)), fontsize=CAPTION, x=0.01, ha="left")
        for axis, paint in zip(axes, painters, strict=False):
            paint(axis)
            _decades_only(axis)
            if axis.get_legend_handles_labels()[0]:
                axis.legend(fontsize=6.5, handlelength=1.8, borderaxespad=0.3, labelspacing=0.3)
        for axis in axes[len(painters) :]:
            axis.set_visible(False)
        figure.set_layout_engine("constrained", w_pad=0.05, h_pad=0.04)
    return figure


def _kept(caption: str) -> str:
    """No line ends after the letter of a panel, or about a sign of equality."""
    return re.sub(r"(?<=\([a-z]\)) | (?==)|(?<==) ", "\xa0", caption)


def _decades_only(axis: "Axes") -> None:
    """Label the powers of ten alone on logarithmic scales: between them the labels would run into one another."""
    from matplotlib.ticker import NullFormatter

    for scale in (axis.xaxis, axis.yaxis):
        if scale.get_scale() == "log":
            scale.set_minor_formatter(NullFormatter())
