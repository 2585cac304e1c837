"""What was measured: rows in sections, as a table for people and as JSON."""

import platform
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

OURS = "qllg_sym"       # names of the toolkit's own rows begin with it


@dataclass(frozen=True)
class Row:
    """One way to do what its section is about.

    Attributes:
        name: of the peer or of the code.
        seconds: what it took; None where there is nothing to compare, and `note` says why.
        error: what it achieved, against the reference of the section.
        tolerance: at which it achieved that.
        setup: seconds before, once.
        note: what a reader must know.
        ok: False where the target error was not reached.
        unit: seconds that this row's ratio is to; the section's if None.
    """

    name: str
    seconds: float | None = None
    error: float | None = None
    tolerance: float | None = None
    setup: float | None = None
    note: str = ""
    ok: bool = True
    unit: float | None = None

    def __post_init__(self) -> None:
        """Whether it was reached, a NumPy truth too, is written to JSON."""
        object.__setattr__(self, "ok", bool(self.ok))


@dataclass(frozen=True)
class Section:
    """Rows that may be compared: the same task.

    Attributes:
        title: the task.
        rows: the toolkit's own among them.
        target: the error that all had to reach, or None where all do the same to rounding.
        curves: {name: [(tolerance, error, seconds), …]} of everything that was run.
        unit: seconds that ratios are to; those of the toolkit's fastest row if None.
    """

    title: str
    rows: tuple[Row, ...]
    target: float | None = None
    curves: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    unit: float | None = None

    def ratio(self, row: Row) -> float | None:
        """Return a row's time over the unit; None without a time or a unit.

        >>> Section("", (Row("qllg_sym", 2.0), Row("x", 6.0))).ratio(Row("x", 6.0))
        3.0
        """
        mine = [one.seconds for one in self.rows if one.name.startswith(OURS) and one.ok and one.seconds]
        unit = row.unit or self.unit or min(mine, default=None)
        return None if row.seconds is None or unit is None else row.seconds / unit


@dataclass(frozen=True)
class Results:
    """A whole run.

    Attributes:
        sections: in the order of the table.
        sizes: columns of the size sweep by name, one entry a size.
        slopes: log–log slopes by what grows.
        quick: whether problems were cut short; such numbers are for tests alone.
        machine: processor and versions.
        day: of the run.
    """

    sections: tuple[Section, ...]
    sizes: dict[str, list[float]]
    slopes: dict[str, float]
    quick: bool
    machine: str
    day: str

    @property
    def ok(self) -> bool:
        """Whether the toolkit's own rows all reached their target errors."""
        return all(row.ok for section in self.sections for row in section.rows if row.name.startswith(OURS))

    def record(self) -> dict[str, Any]:
        """Return the same as plain lists, numbers and text.

        >>> Results((Section("a", (Row("x", 1.0),)),), {}, {}, True, "m", "d").record()["sections"][0]["title"]
        'a'
        """
        return {**asdict(self), "ok": self.ok}

    def text(self) -> str:
        """Return the table."""
        head = f"{self.machine}, {self.day}" + (" (quick: cut short, numbers mean little)" if self.quick else "")
        parts = [head, *("\n".join(_lines(section)) for section in self.sections)]
        if self.sizes:
            parts.append("\n".join(_growth(self.sizes, self.slopes)))
        return "\n\n".join(parts)


def machine() -> str:
    """Return the processor, the cores that may be used, and the versions that matter.

    >>> "NumPy" in machine()
    True
    """
    import os
    from importlib.metadata import version
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return (f"{_processor()}, {cores} cores, Python {platform.python_version()}, NumPy {version('numpy')}, "
            f"SciPy {version('scipy')}")


def today() -> str:
    """Return the date, as 2026-01-31.

    >>> len(today())
    10
    """
    return date.today().isoformat()


def duration(seconds: float) -> str:
    """Return a time with three digits and its unit.

    >>> duration(0.00012345), duration(4.2e-8), duration(779)
    ('123 µs', '42 ns', '13 min')
    """
    if seconds >= 120:
        return f"{seconds / 60:.3g} min"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def times(ratio: float | None) -> str:
    """Return a ratio with three digits, below 1 as a fraction.

    >>> times(4427.0), times(1.5), times(0.01), times(None)
    ('4,430', '1.5', '1/100', '')
    """
    if ratio is None:
        return ""
    shown, sign = (ratio, "") if ratio > 0.9995 else (1 / ratio, "1/")
    return sign + (f"{shown:.3g}" if shown < 999.5 else f"{float(f'{shown:.3g}'):,.0f}")


def _processor() -> str:
    """The model name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _lines(section: Section) -> list[str]:
    """A section as aligned lines: name, time, ratio to the toolkit's best, error, tolerance, set-up, note."""
    cells = [("", "time", "ratio", "error", "at tol.", "set-up", "")]
    for row in section.rows:
        note = row.note if row.ok else "; ".join(filter(None, ("MISSES THE TARGET", row.note)))
        cells.append((row.name, duration(row.seconds) if row.seconds else "—", times(section.ratio(row)),
                      _power(row.error), _power(row.tolerance), duration(row.setup) if row.setup else "", note))
    widths = [max(len(line[k]) for line in cells) for k in range(6)]
    used = [k for k in range(6) if k < 2 or any(line[k] for line in cells[1:])]
    lines = ["  ".join([*(line[k].ljust(widths[k]) if k == 0 else line[k].rjust(widths[k]) for k in used), line[6]])
             for line in cells]
    target = "" if section.target is None else f"; error at most {section.target:g}"
    return [section.title + target, *(f"  {line}".rstrip() for line in lines)]


def _power(value: float | None) -> str:
    """A small number with two digits."""
    return "" if value is None else f"{value:.1e}"


def _growth(sizes: dict[str, list[float]], slopes: dict[str, float]) -> list[str]:
    """The size sweep as aligned lines."""
    names = list(sizes)
    cells = [names, *([f"{sizes[name][k]:.3g}" for name in names] for k in range(len(sizes[names[0]])))]
    widths = [max(len(line[k]) for line in cells) for k in range(len(names))]
    lines = ["  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return ["Growth of one H·v with the number of spins N, one thread", *lines,
            *(f"  log–log slope of {name}: {slope:.2f}" for name, slope in slopes.items())]
