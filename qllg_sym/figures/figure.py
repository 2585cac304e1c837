"""The records that a figure leaves: statements with verdicts, our own checks, columns of numbers and a drawing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.errors import InputError
from qllg_sym.plot.save import render
from qllg_sym.plot.style import Drawing

HOLDS, NEARLY, FAILS = "holds", "holds approximately", "does not hold"
VERDICTS = (HOLDS, NEARLY, FAILS)
VARIANTS = ("paper", "authors")


@dataclass(frozen=True)
class Statement:
    """What the paper's text says about a figure, and what a computation says about that.

    Attributes:
        text: the statement.
        source: where the paper makes it.
        verdict: "holds", "holds approximately" or "does not hold".
        detail: the exact statement with the computed numbers.

    Raises:
        InputError: an unknown verdict, or a part that is empty.

    >>> Statement("the purity is conserved", "on Fig. 1", "holds", "drift 2e-16").verdict
    'holds'
    """

    text: str
    source: str
    verdict: str
    detail: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise InputError(f"`verdict` must be one of {', '.join(VERDICTS)}, but is {self.verdict!r}; choose one.")
        if not (self.text and self.source and self.detail):
            raise InputError("`text`, `source` and `detail` must not be empty, but one is; say what was computed.")


@dataclass(frozen=True)
class Check:
    """A check of our own numbers: `value` must not exceed `limit`.

    >>> Check("drift", 1e-12, 1e-10).ok, Check("drift", float("nan"), 1e-10).ok
    (True, False)
    """

    name: str
    value: float
    limit: float

    @property
    def ok(self) -> bool:
        """Whether the check passes; a NaN does not."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Figure:
    """One figure of the paper, computed anew.

    Attributes:
        number: in the paper.
        title: a few words.
        variant: "paper" for its text, "authors" for their scripts.
        caption: what is drawn, with parameters and units.
        columns: arrays (n,) by name, the first being the time axis.
        draw: makes the matplotlib figure.
        statements: of the paper's text, judged.
        checks: of our own numbers.

    Raises:
        InputError: an unknown variant, or columns of different lengths.
    """

    number: int
    title: str
    variant: str
    caption: str
    columns: Mapping[str, NDArray[np.float64]]
    draw: Drawing
    statements: tuple[Statement, ...]
    checks: tuple[Check, ...]

    def __post_init__(self) -> None:
        check_variant(self.variant)
        shapes = {np.shape(column) for column in self.columns.values()}
        if len(shapes) != 1 or len(shapes.pop()) != 1:
            raise InputError("`columns` must be one-dimensional and of one length, but are not; give one value a time.")

    @property
    def ok(self) -> bool:
        """Whether every check of our own passes; a statement that does not hold is a finding and no failure."""
        return all(check.ok for check in self.checks)

    @property
    def source(self) -> str:
        """The file that computes it."""
        return f"{self.draw.__module__.rpartition('.')[2]}.py"

    @cached_property
    def svg(self) -> bytes:
        """The picture as SVG."""
        return render(self.draw(), "svg")

    def write(self, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write figure_N.csv, .png and .svg, each at once, and return their paths.

        Args:
            folder: must exist.

        Raises:
            FileError: the folder is missing or closed to writing.
        """
        stem = Path(folder) / f"figure_{self.number}"
        paths = tuple(stem.with_suffix(suffix) for suffix in (".csv", ".png", ".svg"))
        for path in paths:
            files.check_writable(path)
        png = render(self.draw(), "png")
        files.write_csv(paths[0], list(self.columns), list(self.columns.values()))
        for path, picture in zip(paths[1:], (png, self.svg), strict=True):
            files.atomic_write(path, picture)
        return paths


def check_variant(variant: str) -> None:
    """Refuse an unknown variant.

    >>> check_variant("mine")
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputError: `variant` must be paper or authors, but is 'mine'; choose one of them.
    """
    if variant not in VARIANTS:
        raise InputError(f"`variant` must be {' or '.join(VARIANTS)}, but is {variant!r}; choose one of them.")
