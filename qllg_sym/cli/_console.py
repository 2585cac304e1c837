"""What every command shares: one document out, one sentence on failure, and a look at output folders before any work.

Files of this folder whose names begin with an underscore are no commands.
"""

import argparse
import contextlib
import io
import json
import math
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, NoReturn

from qllg_sym.errors import FileError, InputError, meant


def paragraph(text: str, width: int = 80, first: str = "", later: str = "") -> str:
    r"""Break text into lines; a word with a hyphen, such as a law's name, stays whole, so that it can be searched for.

    >>> paragraph("the law q-llg", 12)
    'the law\nq-llg'
    """
    return fill(text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving, so that bad usage is reported like every other error."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            InputError: always.
        """
        raise InputError(f"{_in_words(message)}; see `{self.prog} --help`.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is not among the choices, with the one that was meant."""
        if action.choices is not None and value not in action.choices:
            name = "/".join(action.option_strings) or str(action.metavar or action.dest)
            known = list(map(str, action.choices))
            self.error(f"`{name}` must be one of {', '.join(known)}, but is {value!a}{meant(value, known)}")

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """Refuse words that are no arguments.

        Raises:
            InputError: always, with the option that was meant.
        """
        options = [name for action in self._actions for name in action.option_strings]
        self.error(f"`{words[0]}` must be an argument of `{self.prog}`, but is none"
                   + meant(words[0].partition("=")[0], options))


# What argparse says, and how every message here is written.
USAGE = {
    r"the following arguments are required: (.*)": r"`\1` must be given, but is missing",
    r"argument (\S+): invalid int value: (.*)": r"`\1` must be an integer, but is \2",
    r"argument (\S+): expected (?:one argument|at least one argument)": r"`\1` must have a value, but has none",
    r"argument (\S+): (.*)": r"`\1` \2",
}


def _in_words(message: str) -> str:
    """Return a message of argparse as a sentence that names the argument."""
    for theirs, ours in USAGE.items():
        if re.fullmatch(theirs, message, re.DOTALL):
            return re.sub(theirs, ours, message, flags=re.DOTALL)
    return message


def answer(args: argparse.Namespace, document: dict[str, Any], text: str) -> None:
    """Print what a command found: one JSON document with `--json`, else the text for people.

    >>> answer(argparse.Namespace(json=True), {"answer": float("nan")}, "")
    {"answer": null}
    """
    sys.stdout.write((json_line(document) if args.json else text.rstrip("\n")) + "\n")


def json_line(document: Any) -> str:
    """One line of strict JSON: NaN and infinities, which JSON lacks, become null."""
    return json.dumps(_finite(document), allow_nan=False)


def _finite(value: Any) -> Any:
    """Replace what JSON cannot hold."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def report_failure(message: str, as_json: bool, label: str = "error") -> None:
    """Print one sentence: `{"error": …}` on standard output with `--json`, else `qllg: error: …` on standard error."""
    with contextlib.suppress(OSError):
        if as_json:
            sys.stdout.write(json_line({"error": message}) + "\n")
            sys.stdout.flush()
        else:
            print(f"qllg: {label}: {message}", file=sys.stderr)


def without_partial(error: BaseException) -> str:
    """Return an error's sentence without its last clause where that speaks of `.partial`, which no terminal can ask.

    >>> without_partial(ValueError("It stopped after t = 1: why; loosen rtol, or look at `.partial`."))
    'It stopped after t = 1: why; loosen rtol'
    """
    return re.sub(r"(, or look at `\.partial`|; the error's `\.partial` holds [^;]*)?\.?$", "", str(error), count=1)


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Inside: warnings are one line on standard error, and a terminal without Greek letters gets escapes, no crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: print(f"qllg: warning: {message}", file=sys.stderr)
        yield


def drop_output() -> None:
    """Let nothing more be written to a pipe that its reader has closed, not even by Python on leaving."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress_wanted(args: argparse.Namespace) -> bool:
    """Whether to draw progress bars: standard error is a terminal, and no program reads along."""
    return sys.stderr.isatty() and not args.json


def output_folder(name: str) -> Path:
    """Return a folder that can be written to, made if it is missing, before any work is done.

    Raises:
        FileError: it cannot be made, is no folder, or is closed to writing.
    """
    path = Path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
        usable = os.access(path, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"The folder {name!a} must be one to write to, but cannot be made ({reason}); "
                        "choose another.") from None
    if not usable:
        raise FileError(f"The folder {name!a} must be one to write to, but is closed to writing; choose another.")
    return path


def table(rows: Sequence[tuple[str, ...]], indent: str = "") -> str:
    """Columns aligned to the left, two blanks apart.

    >>> print(table([("a", "b"), ("long", "c")]))
    a     b
    long  c
    """
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows)
    return "\n".join((indent + line).rstrip() for line in lines)
