"""A folder that keeps what is done: one file a chunk, each written at once, and one that says of what."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qllg_sym import files
from qllg_sym.errors import FileError, InputError, InputTypeError, QllgError, warn
from qllg_sym.parallel.chunked import Chunk, Chunked, ChunkResults

ABOUT = "study.json"
KIND = "chunk of a study"


class Checkpoint:
    """Chunks of one study, or of another whole, in a folder, which is made where it is missing.

    A chunk is a file of its own, moved into place when it is whole: what a process was doing when it was killed is
    done again, what it had done is not. A file that is damaged is done again, with a warning.

    Args:
        path: of the folder.
        whole: whose chunks these are.

    Raises:
        InputError: the folder holds those of another whole; the sentence says what differs.
        FileError: no folder, one with other things in it, or one that cannot be written to.
    """

    def __init__(self, path: str | os.PathLike[str], whole: Chunked) -> None:
        refuse_foreign(path, whole.noun)
        self._folder, self._digest = _opened(path), whole.digest
        about = self._folder / ABOUT
        if about.exists():
            _compare(path, about, whole)
            return
        files.atomic_write(about, json.dumps({"digest": self._digest, "parts": dict(whole.digests),
                                              "chunks": len(whole.chunks)}, indent=1) + "\n")

    def path(self, number: int) -> Path:
        """Return the file of a chunk."""
        return self._folder / f"chunk-{number:06d}.npz"

    def keep(self, part: ChunkResults) -> None:
        """Write a chunk."""
        files.save(self.path(part.number), KIND, part.arrays, {
            "digest": self._digest, "number": part.number,
            "failures": {str(place): why for place, why in part.failures.items()}})

    def done(self, chunks: Sequence[Chunk]) -> Iterator[ChunkResults]:
        """Yield what is kept of some chunks.

        Warns:
            QllgWarning: a file is damaged; its chunk is not among those yielded.
        """
        for chunk in chunks:
            if not self.path(chunk.number).exists():
                continue
            try:
                yield self._read(chunk)
            except (QllgError, ArithmeticError, LookupError, TypeError, ValueError):
                warn(f"The file `{self.path(chunk.number)}` of the checkpoint must be whole, but is damaged; "
                     "what was in it is solved anew.")

    def _read(self, chunk: Chunk) -> ChunkResults:
        """Return a chunk from its file."""
        arrays, about = files.load_arrays(self.path(chunk.number), KIND)
        failures = {int(place): str(why) for place, why in about["failures"].items()}
        if (about["digest"], about["number"]) != (self._digest, chunk.number) \
                or any(len(array) != len(chunk) for array in arrays.values()):
            raise ValueError("the chunk of another study")
        return ChunkResults(chunk.number, arrays, failures)


def refuse_foreign(path: str | os.PathLike[str] | None, noun: str) -> None:
    """Refuse what is no path, and a folder with other things in it, before any work; nothing is made.

    Args:
        path: of the folder, or None.
        noun: what is to be kept there, "study" or "ensemble".

    Raises:
        InputTypeError: no path.
        FileError: a folder that holds something else.
    """
    if path is None:
        return
    try:
        folder = Path(path)
    except TypeError:
        raise InputTypeError(f"`checkpoint` must be the path of a folder, but is {path!r}; "
                             f"write checkpoint=\"{noun}\".") from None
    try:
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    except (OSError, ValueError):       # told when it is opened
        return
    if ABOUT not in names and (others := [name for name in names if not name.startswith(".")]):
        raise FileError(f"`checkpoint` must be an empty folder or hold this {noun}, but {path} holds {others[0]}; "
                        "choose another folder.")


def _opened(path: str | os.PathLike[str]) -> Path:
    """Return a folder that can be written to, made where it is missing."""
    try:
        folder = Path(path)
        if not folder.is_dir():
            folder.mkdir(parents=True)
        usable = os.access(folder, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"`checkpoint` must be a folder, but {path} cannot be made ({reason}); "
                        "choose another place.") from None
    if not usable:
        raise FileError(f"`checkpoint` must be a folder to write to, but {path} is closed to writing; choose another.")
    return folder


def _compare(path: Any, about: Path, whole: Chunked) -> None:
    """Refuse the folder of another whole."""
    try:
        kept = json.loads(about.read_text(encoding="utf-8"))
        digest, parts = str(kept["digest"]), dict(kept["parts"])
    except (OSError, ValueError, TypeError, LookupError):
        raise FileError(f"`checkpoint` must say which {whole.noun} it holds, but {about} is damaged; "
                        "choose another folder.") from None
    if digest != whole.digest:
        other = [name for name, own in whole.digests.items() if parts.get(name) != own]
        raise InputError(f"`checkpoint` must hold this {whole.noun}, but {path} holds one with another "
                         f"{' and another '.join(f'`{name}`' for name in other)}; choose another folder.")
