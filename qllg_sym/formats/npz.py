"""A zip of .npy entries, not compressed, without pickle: `numpy.load` reads it."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.formats.content import LARGEST_HEADER, Content, Damaged

PIECE = 1 << 20         # bytes
HEADER, ABOUT = "header", "about"       # entries of JSON: what is read back, and what other readers are told


def write_content(path: Path, content: Content) -> None:
    """Write a file; each entry has a fixed date, so that the same content gives the same bytes."""
    about = json.dumps({"axes": {name: list(axes) for name, axes in content.axes.items()},
                        "labels": {name: list(labels) for name, labels in content.labels.items()},
                        "attributes": content.attributes})
    text = {name: np.frombuffer(value.encode(), np.uint8) for name, value in ((HEADER, content.header), (ABOUT, about))}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in {**text, **content.arrays}.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def read_content(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], str]:
    """Return the arrays and the header.

    Raises:
        Damaged: an entry is compressed, holds objects, or is not as long as it says.
        OSError, zipfile.BadZipFile, ValueError, …: as the libraries find damage.
    """
    with open(path, "rb") as stream, zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > os.fstat(stream.fileno()).st_size:
            raise Damaged("entries are longer together than the file: a zip bomb")
        arrays = {entry.filename.removesuffix(".npy"): _array(archive, entry) for entry in entries}
    arrays.pop(ABOUT, None)
    header = arrays.pop(HEADER)
    if header.dtype != np.uint8 or header.nbytes > LARGEST_HEADER:
        raise Damaged("no header")
    return arrays, header.tobytes().decode()


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    """Return one entry; memory is taken once its length is known to be there."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise Damaged("a compressed entry")
    with archive.open(entry) as opened:
        stream: Any = opened                    # it has `readinto`, of which the types know nothing
        version = np.lib.format.read_magic(stream)
        readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, fortran, kind = readers[version](stream)
        if kind.kind not in "iufc" or min(shape, default=0) < 0:
            raise Damaged("an entry that holds no numbers")
        count = 1
        for n in shape:
            count *= n
        if count * kind.itemsize != entry.file_size - stream.tell():
            raise Damaged("an entry of another length than it says")
        flat = np.empty(count, kind)
        room = flat.view(np.uint8).data
        while len(room) and (done := stream.readinto(room[:PIECE])):     # a zip reads into memory of its own
            room = room[done:]
        if len(room) or stream.read(1):             # the end of an entry is where its checksum is compared
            raise Damaged("an entry that ends early")
    return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
