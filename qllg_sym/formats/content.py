"""The content of a result file, whatever its format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

LARGEST_HEADER = 1 << 27        # bytes: a header of JSON takes some twenty times its size in memory


class Damaged(Exception):
    """A file is not what this package wrote, or only part of it."""


@dataclass(frozen=True)
class Content:
    """Arrays with a header that is read back, and what other readers are told.

    Attributes:
        arrays: real, complex or integer, by name.
        header: text that says what the arrays are.
        axes: names of the axes of an array.
        labels: text or numbers along an axis of that name, or in nested lists along those that `axes` say.
        attributes: of an array, such as its units, by the array's name; of the file by "".
    """

    arrays: Mapping[str, NDArray[Any]]
    header: str
    axes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
