"""One look for every figure: sizes of PRL, colours for the colour-blind, solid for quantum, dashed for classical."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from io import BytesIO
from string import ascii_lowercase
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation as FuncAnimation
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

SINGLE_COLUMN = 3.4  # inches: one column of PRL
DOUBLE_COLUMN = 7.0
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")  # Okabe and Ito
MARKERS = ("o", "s", "^", "D", "v", "p", "h")  # one beside each colour: curves differ on a grey print as well
LETTERS, LINE, MOST_LINES = 17, 0.13, 4     # of a title: letters an inch, inches a line, lines
HANDLE = 8  # of a legend, in letters
MARKS = 7  # markers along a curve
Dashes = str | tuple[float, tuple[float, ...]]      # a line style of matplotlib, by name or by its dashes
QUANTUM: Dashes = "-"
CLASSICAL: Dashes = (0, (4.0, 1.6))  # dashes that stay apart at the widths used
Drawing = Callable[[], "Figure"]      # what makes a figure, when it is wanted

# A letter alone with an index: S_z, S_(i+1), γ_g, and r1, ρ2 as a line of a terminal has them.
_INDEXED = re.compile(r"(?<![A-Za-z0-9α-ωΑ-Ω])(?:([A-Za-zα-ωΑ-Ω])_(\([^()]*\)|[A-Za-z0-9α-ω]{1,3})"
                      r"|([rmρ])([12])(?!\.?\w))")
_LOOK: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same picture on every machine
    "mathtext.fontset": "dejavusans",
    "font.size": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 7.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": True,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "legend.columnspacing": 1.4,
    "figure.dpi": 150,
    "savefig.dpi": 300,
    "svg.hashsalt": "qllg_sym",  # the same figure gives the same bytes
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.usetex": False,
}


def look() -> AbstractContextManager[None]:
    """Return a context in which new figures have the shared look; matplotlib's settings are as before after it.

    >>> with look():
    ...     figure, axes = new_figure(1)
    """
    import matplotlib as mpl

    settings: Any = _LOOK  # any of the three hundred keys that matplotlib types one by one
    return mpl.rc_context(settings)


def new_figure(
    rows: int, columns: int = 1, width: float = SINGLE_COLUMN, row_height: float = 1.25,
    figure: "Figure | None" = None
) -> "tuple[Figure, NDArray[Any]]":
    """Return a figure that needs no display, and its (rows, columns) axes, which share the horizontal axis.

    Args:
        rows: panels from top to bottom.
        columns: panels from left to right.
        width: inches; `SINGLE_COLUMN` or `DOUBLE_COLUMN`.
        row_height: inches a row.
        figure: draw into this one instead.

    >>> new_figure(2)[1].shape
    (2, 1)
    """
    with look():
        if figure is None:
            figure = picture()(figsize=(width, rows * row_height + 0.45), layout="constrained")
        axes = figure.subplots(rows, columns, sharex=True, squeeze=False)
    return figure, np.asarray(axes)


@cache
def picture() -> "type[Figure]":
    """Return the class of figures: matplotlib's own, which notebooks also show where pyplot was never imported."""
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that shows itself."""

        def _repr_png_(self) -> bytes:
            return png(self)

    return Picture


def png(figure: "Figure") -> bytes:
    """Return a figure as a PNG of screen size.

    >>> png(new_figure(1)[0])[1:4]
    b'PNG'
    """
    stream = BytesIO()
    with look():
        figure.savefig(stream, format="png", dpi="figure")
    return stream.getvalue()


def marked(count: int, color: int) -> list[int]:
    """Return the points of a curve that are marked: evenly spaced, and elsewhere for each colour, so that all are seen.

    >>> marked(100, 0), marked(100, 1)[:2]
    ([1, 15, 29, 43, 57, 71, 85, 99], [3, 17])
    """
    spacing = max(count // MARKS, 1)
    return list(range(((2 * color + 1) * spacing + len(MARKERS)) // (2 * len(MARKERS)), count, spacing))


def entitle(figure: "Figure", parts: Sequence[str], width: float = SINGLE_COLUMN) -> None:
    """Write above all panels what a figure shows, in lines as long as it is wide, and make it as much taller.

    Args:
        figure: without a title so far.
        parts: a few words each.
        width: inches.

    >>> figure, _ = new_figure(1)
    >>> entitle(figure, ["q-LLG, κ = 0.5", "J = 1"])
    >>> figure.get_suptitle()
    'q-LLG, κ = 0.5; J = 1'
    """
    lines = wrap(kept_together("; ".join(parts)), int(width * LETTERS), max_lines=MOST_LINES, placeholder=" …",
                 break_on_hyphens=False)
    if not lines:
        return
    across, high = figure.get_size_inches()
    figure.set_size_inches(across, high + LINE * len(lines))
    with look():
        figure.suptitle(escaped("\n".join(lines)), fontsize=7)


def kept_together(text: str) -> str:
    """Return a text with spaces that do not break in vectors and about signs of equality."""
    text = re.sub(r"\([^()]*\)", lambda found: found[0].replace(" ", "\xa0"), text)
    return re.sub(r" (?=[=×])|(?<=[=×]) |(?<![,;:]) (?=\w+ =)", "\xa0", text)


def legend_above(axis: "Axes") -> None:
    """Put the legend of a panel above it, where there is no curve."""
    _, labels = axis.get_legend_handles_labels()
    entries = int(SINGLE_COLUMN * LETTERS) // (HANDLE + max(map(len, labels), default=0))       # in a line
    # outside the axes, so the layout makes room for it
    above = 0.98 if len(labels) <= entries else 1.1        # several lines clear the letter of the panel
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, above), ncols=min(max(entries, 1), max(len(labels), 1)),
                borderaxespad=0.2)


def letter(axes: ArrayLike, titles: Sequence[str] = ()) -> None:
    """Write (a), (b), … and titles at the upper left of the panels, outside the curves' area; one gets no letter."""
    panels = np.ravel(np.asarray(axes, dtype=object))
    marks = [f"({mark})" for mark in ascii_lowercase] if len(panels) > 1 else [""]
    for mark, title, axis in zip(marks, titles or [""] * len(panels), panels, strict=False):
        if mark or title:
            axis.set_title(f"{mark} {title}".strip(), loc="left", fontsize=7.5 if title else 8, pad=3)


def new_lines(text: str, width: float, size: float = 7) -> list[str]:
    """Return a text in lines as long as a figure is wide.

    Args:
        text: without line breaks.
        width: inches.
        size: of the letters, in points.

    >>> new_lines("one two three", 1.0, 14)
    ['one two', 'three']
    """
    return wrap(text, int(width * LETTERS * 7 / size), break_on_hyphens=False)


def with_indices(text: str) -> str:
    r"""Return a text with its indices below: letters of formulas as matplotlib sets them, all else as it is.

    >>> print(with_indices("H = −D S_z² for r1 and S_(i+1), 5 $"))
    H = −D $S_{z}$² for $r_{1}$ and $S_{i+1}$, 5 \$
    """
    def below(found: re.Match[str]) -> str:
        letter, index = found[1] or found[3], found[2] or found[4]
        return f"${letter}_{{{index.strip('()')}}}$"

    return _INDEXED.sub(below, escaped(text))


def escaped(text: str) -> str:
    r"""Return a text in which dollar signs are dollar signs, and spaces that do not break are spaces.

    >>> print(escaped("5 $"))
    5 \$
    """
    return text.replace("$", r"\$").replace("\xa0", " ")
