"""Two columns of text, times and samples, as instruments and spreadsheets write them."""

import re
from collections.abc import Mapping
from pathlib import Path

from qllg_sym.errors import FileError

MAX_BYTES = 50_000_000
_BETWEEN = re.compile(r"[ \t]*[,;][ \t]*|[ \t]+")


def read_samples(path: Path, what: str) -> tuple[list[float], list[float]]:
    """Return (times, samples) of a file of two columns; see `read_columns`."""
    pairs = read_columns(path, what, {2: "two numbers a line"}, "write a time and a sample")
    return [row[0] for row in pairs], [row[1] for row in pairs]


def read_columns(path: Path, what: str, counts: Mapping[int, str], todo: str) -> list[list[float]]:
    """Return the lines of numbers of a file, between commas, semicolons or blanks, all of one length.

    The first line may be a header; what stands after # is a comment.

    Args:
        path: of the file.
        what: how to name it in messages.
        counts: how many numbers a line may have, each with how to say it.
        todo: what to do where a line has others.

    Raises:
        FileError: not there, too large, no text, or a line without so many numbers.
    """
    rows: list[list[float] | None] = []
    for number, line in enumerate(_text(path, what).splitlines(), 1):
        if not (words := line.partition("#")[0].strip()):
            continue
        parts = _BETWEEN.split(words)
        found = _numbers(parts)
        if found is None and not rows and all(_numbers([part]) is None for part in parts):
            rows.append(None)           # the header
        elif found is None or len(found) not in counts or len(found) != len(next(filter(None, rows), found)):
            raise FileError(f"{what} must have {' or '.join(counts.values())} in its file, but line {number} of "
                            f"{str(path)!a} is {line.strip()[:40]!a}; {todo}.")
        else:
            rows.append(found)
    return [row for row in rows if row is not None]


def _numbers(words: list[str]) -> list[float] | None:
    """Words as numbers; None where one is none."""
    try:
        return [float(word) for word in words]
    except ValueError:
        return None


def _text(path: Path, what: str) -> str:
    """The text of a file; what is too large is not read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{what} must have a file that is readable, but {str(path)!a} is not ({reason}); give its path "
                        "from the folder of the model file.") from None
    if len(content) > MAX_BYTES:
        raise FileError(f"{what} must have a file of at most {MAX_BYTES} bytes, but {str(path)!a} has more; give fewer "
                        "samples.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{what} must have a file of text in UTF-8, but {str(path)!a} is none; write two columns of "
                        "numbers.") from None
