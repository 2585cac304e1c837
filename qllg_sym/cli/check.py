"""Replay a certificate file with the independent checker, which needs the standard library alone."""

from argparse import ArgumentParser, Namespace

from qllg_sym.cli._console import emit

NAME = "check"
HELP = "replay certificates with the independent checker"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="what `qllg prove --certificates FILE` wrote")


def run(args: Namespace) -> int:
    """Check every claim of the file; the exit code is 1 if one is refused."""
    from qllg_sym.errors import FileError
    from qllg_sym.proof import checker
    try:
        data = checker.read(args.file)
    except ValueError as error:
        raise FileError(str(error)) from None
    if not args.json:
        return checker.main([args.file])
    rows = list(checker.replay(data))
    accepted = sum(row["accepted"] for row in rows)
    refused = len(rows) - accepted
    emit(args, {"claims": rows, "accepted": accepted, "refused": refused, "note": data.get("note", "")}, "")
    return int(refused > 0)
