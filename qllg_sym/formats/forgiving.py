"""A file that a library may write to without ever being told of a failure."""

import io
import os
from typing import Any


class Forgiving(io.FileIO):
    """A file that keeps its first failure to itself: HDF5 would end the process where a disk is full.

    From then on it only counts, as if it were written; whoever opened it raises the failure once HDF5 has let go.
    """

    failure: OSError | None = None
    _at = _size = 0

    def write(self, data: Any) -> int:
        """Write all of it or, after a failure, nothing; return how much it is."""
        whole = memoryview(data).cast("B")
        start, done = self.tell(), 0
        try:
            while self.failure is None and done < len(whole):
                done += super().write(whole[done:])
        except OSError as error:
            self.failure, self._size = error, os.fstat(self.fileno()).st_size
        self._at, self._size = start + len(whole), max(self._size, start + len(whole))
        return len(whole)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, and return where to."""
        if self.failure is None:
            return super().seek(offset, whence)
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return super().tell() if self.failure is None else self._at

    def truncate(self, size: int | None = None) -> int:
        """Set the size, which may need room."""
        size = self.tell() if size is None else size
        try:
            return super().truncate(size) if self.failure is None else size
        except OSError as error:
            self.failure, self._at = error, size
            return size
        finally:
            self._size = size
