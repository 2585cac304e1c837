"""Figures as files: the same figure gives the same bytes."""

import io
import os
from typing import TYPE_CHECKING

from qllg_sym import files
from qllg_sym.plot.style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".pdf", ".svg")
# entries that hold a date or the name of a version
_METADATA: dict[str, dict[str, str | None]] = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".svg": {"Date": None, "Creator": None},
}


def save(figure: "Figure", path: str | os.PathLike[str]) -> None:
    """Write a figure, at once and without a date.

    Args:
        figure: a matplotlib figure.
        path: ends in .png (300 dots an inch), .pdf or .svg.

    Raises:
        FileError: the ending is unknown or the place is not writable; nothing is drawn then.

    >>> from qllg_sym.plot.style import new_figure
    >>> save(new_figure(1)[0], "figure.jpg")
    Traceback (most recent call last):
        ...
    qllg_sym.errors.FileError: `path` must end in .png or .pdf or .svg, but is figure.jpg; choose one of these endings.
    """
    suffix = files.check_writable(path, SUFFIXES).suffix.lower()
    files.atomic_write(path, render(figure, suffix[1:]))


def render(figure: "Figure", form: str = "png") -> bytes:
    """Return a figure as the bytes of a png, pdf or svg file.

    >>> from qllg_sym.plot.style import new_figure
    >>> render(new_figure(1)[0])[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    with look():
        figure.savefig(buffer, format=form, metadata=_METADATA[f".{form}"])
    return buffer.getvalue()
