"""Replay a certificate file with the independent checker, which needs the standard library alone."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from qllg_sym.cli._console import answer

NAME = "check"
HELP = "replay certificates with the independent checker"
MOST = 8        # names that a line lists


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="what `qllg prove --certificates FILE` wrote")


def run(args: Namespace) -> int:
    """Check every claim of the file; the exit code is 1 if one is refused, or says another thing than the book."""
    from qllg_sym.errors import FileError
    from qllg_sym.proof import checker
    from qllg_sym.proof.claims import compared
    try:
        data = checker.read(args.file)
    except ValueError as error:
        raise FileError(str(error)) from None
    rows = list(checker.replay(data))
    book = compared((row["id"], row["claim"]) for row in rows if row["accepted"])
    refused = sum(not row["accepted"] for row in rows)
    said = [f"claims of the book that {what}: {some_of(book[key])}" for key, what in (
        ("missing", "the file lacks"), ("different", "are other claims here")) if book[key]]
    said += [f"claims that the book lacks: {some_of(book['extra'])}"] * bool(book["extra"])
    *note, count = checker.summary(data, rows)
    answer(args, {"claims": rows, "accepted": len(rows) - refused, "refused": refused, "note": data.get("note", ""),
                "book": book}, "\n".join([*map(checker.line, rows), *note, *said, count]))
    return int(refused > 0 or bool(book["different"]))


def some_of(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are.

    >>> some_of("abc"), some_of(map(str, range(20)))
    ('a, b, c', '0, 1, 2, 3, 4, 5, 6, 7 and 12 more')
    """
    first = list(names)
    more = f" and {len(first) - MOST} more" if len(first) > MOST else ""
    return ", ".join(first[:MOST]) + more
