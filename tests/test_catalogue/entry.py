"""One entry of the catalogue: a mistake that somebody makes, and what this package says to it."""

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from qllg_sym import cli
from qllg_sym.errors import QllgError

SECONDS = 1.0       # of the processor: what is wrong is told before the work
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.link", "os.symlink", "shutil.rmtree")


@dataclass(frozen=True)
class Wrong:
    """A mistake in Python.

    Attributes:
        id: what is wrong, in a few words.
        make: makes the mistake; the current folder is an empty one with the `files`.
        raises: the class of the error, a QllgError.
        says: its sentence, word for word.
        files: what lies in the current folder, by name: text, or bytes.
    """

    id: str
    make: Callable[[], object]
    raises: type[Exception]
    says: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)

    def check(self) -> None:
        """Make the mistake, and compare what is raised."""
        error = caught(self.make)
        assert type(error) is self.raises
        assert isinstance(error, QllgError)
        assert str(error) == self.says
        assert error.__cause__ is None
        assert error.__context__ is None or error.__suppress_context__, "raise it `from None`"


@dataclass(frozen=True)
class WrongWords:
    """A mistake on the command line: exit code 2, one sentence on standard error and nothing else.

    Attributes:
        id: what is wrong, in a few words.
        words: what is written after `qllg`.
        says: the sentence, word for word.
        files: as of `Wrong`.
    """

    id: str
    words: Sequence[str]
    says: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)

    def check(self) -> None:
        """Run the command, and compare what it prints; with --json the sentence is in the document."""
        assert self._run(self.words) == (2, "", f"qllg: error: {self.says}\n")
        code, out, err = self._run([*self.words, "--json"])
        assert (code, json.loads(out), err) == (2, {"error": self.says}, "")

    def _run(self, words: Sequence[str]) -> tuple[int, str, str]:
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            code = cli.main(list(words))
        return code, out.getvalue(), err.getvalue()


def caught(make: Callable[[], object]) -> Exception:
    """Return what is raised."""
    try:
        found = make()
    except Exception as error:
        return error
    raise AssertionError(f"nothing was refused, but {found!r} came back")


def check(entry: Wrong | WrongWords, folder: Path) -> None:
    """Check one entry in an empty folder: what is raised and said, in what time, and that no file is touched."""
    assert is_one_sentence(entry.says)
    for name, content in entry.files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = contents(folder)
    with contextlib.chdir(folder), WATCH as touched:
        entry.check()       # what it imports is loaded now
        start = process_time()
        entry.check()
        seconds = process_time() - start
    assert contents(folder) == before
    assert touched == [], "; ".join(touched)
    assert seconds < SECONDS


def is_one_sentence(says: str) -> bool:
    """Return whether a message is one sentence on one line, names what is wrong, and ends with a stop.

    An argument is named in backquotes; in a model file the table, or the file itself, is.
    """
    plain = re.sub(r"`[^`]*`", "X", says)
    named = plain != says or re.match(r"\[+\w+\]|The model file ", says)
    return bool(named) and says.endswith(".") and says.isprintable() and not re.search(r"[.!?] +[A-Z]", plain[:-1])


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class _Watch:
    """Names of the files that Python opens to write, makes or removes while it is entered; byte code does not count."""

    def __init__(self) -> None:
        self._touched: list[str] | None = None
        sys.addaudithook(self._see)

    def __enter__(self) -> list[str]:
        self._touched = []
        return self._touched

    def __exit__(self, *error: object) -> None:
        self._touched = None

    def _see(self, event: str, given: tuple[object, ...]) -> None:
        if self._touched is None or not (event in CHANGES or (event == "open" and given[2] & WRITING)):
            return
        name = given[0]     # a number is a file that was seen when it was opened
        if not isinstance(name, int) and "__pycache__" not in str(name) and name != os.devnull:
            self._touched.append(f"{event} {name}")


WATCH = _Watch()
