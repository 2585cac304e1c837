"""The record that a study leaves: statements of our own with verdicts, checks, tables of numbers and a drawing."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.errors import InputError
from qllg_sym.figures.figure import HOLDS, Check, Statement
from qllg_sym.plot.save import render
from qllg_sym.plot.style import Drawing

Table = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Study:
    """A question beyond the paper, answered by computation.

    Attributes:
        id: lower-case words joined by hyphens; it names the files.
        title: a few words.
        caption: what is drawn, with parameters and units.
        tables: columns (n,) by name, by name of the table; the first column of each is its abscissa.
        draw: makes the matplotlib figure.
        statements: our own; each compares computed numbers with an independent path, and must hold.
        checks: of the numbers.

    Raises:
        InputError: an id that cannot name a file, no statement, or columns of one table that differ in length.

    >>> Study("a b", "", "", {}, lambda: None, (), ())
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputError: `id` must be lower-case words joined by hyphens, but is 'a b'; write ground-time, say.
    """

    id: str
    title: str
    caption: str
    tables: Mapping[str, Table]
    draw: Drawing
    statements: tuple[Statement, ...]
    checks: tuple[Check, ...]

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", self.id):
            raise InputError(f"`id` must be lower-case words joined by hyphens, but is {self.id!r}; write ground-time, "
                             "say.")
        if not self.statements:
            raise InputError("`statements` must hold what the study found, but is empty; say what was computed.")
        for name, table in self.tables.items():
            shapes = {np.shape(column) for column in table.values()}
            if len(shapes) != 1 or len(shapes.pop()) != 1:
                raise InputError(f"`tables[{name!r}]` must hold one-dimensional columns of one length, but does not; "
                                 "give one value a row.")

    @property
    def ok(self) -> bool:
        """Whether every statement holds and every check passes: the statements are ours, so they must."""
        return all(s.verdict == HOLDS for s in self.statements) and all(check.ok for check in self.checks)

    def paths(self, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Return the names of the files that `write` leaves in a folder."""
        home = Path(folder)
        return (*(home / f"study_{self.id}.{suffix}" for suffix in ("png", "svg")),
                *(home / f"study_{self.id}_{name}.csv" for name in self.tables))

    def write(self, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write study_ID.png and .svg, and study_ID_TABLE.csv for every table; return their paths.

        Args:
            folder: must exist.

        Raises:
            FileError: the folder is missing or closed to writing.
        """
        paths = self.paths(folder)
        for path in paths:
            files.check_writable(path)
        drawn = self.draw()
        for path in paths[:2]:
            files.atomic_write(path, render(drawn, path.suffix[1:]))
        for path, table in zip(paths[2:], self.tables.values(), strict=True):
            files.write_csv(path, list(table), list(table.values()))
        return paths
