"""What executors and checkpoints know of what they have done: chunks with numbers, digests, and parts that travel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from numpy.typing import NDArray

from qllg_sym.errors import QllgError

Array = NDArray[Any]
Look = Callable[[float], None]


class Chunk(Protocol):
    """What is done in one call; its length is that of what it gives."""

    @property
    def number(self) -> int:
        """Its place among the chunks."""

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class ChunkResults:
    """What a chunk gave.

    Attributes:
        number: of the chunk.
        arrays: (length of the chunk, …) by name.
        failures: why an entry failed, by its place in the chunk.
    """

    number: int
    arrays: dict[str, Array]
    failures: dict[int, str]


class Chunked(Protocol):
    """What is computed in chunks, as data that other processes get.

    Attributes:
        noun: what it is called in messages.
    """

    noun: ClassVar[str]

    @property
    def chunks(self) -> Sequence[Chunk]:
        """All chunks; they depend on what is computed alone, so that who does them changes no bit."""

    @property
    def digests(self) -> Mapping[str, str]:
        """A digest of each part that the numbers depend on, by its name."""

    @property
    def digest(self) -> str:
        """One digest of all of it."""

    @property
    def sent(self) -> Mapping[str, Any]:
        """What another process must get, by the argument it was."""


Solve = Callable[..., ChunkResults]    # of what is computed, a chunk of it, and a function of the part done, or none


def sentence(error: BaseException) -> str:
    """Return an error as the reason of a failure.

    >>> sentence(ZeroDivisionError("division by zero"))
    'ZeroDivisionError: division by zero'
    """
    return str(error) if isinstance(error, QllgError) else f"{type(error).__name__}: {error}"
