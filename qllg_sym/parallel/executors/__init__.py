"""Who has chunks done: one kind of executor a file, found by listing the folder.

A file has

* `NAME`, for people;
* `takes(executor)`: whether it is of this kind;
* `each(executor, solve, whole, chunks, keep, show)`: has `solve(whole, chunk, look)` called for every chunk, and
  `keep(results)` for each as soon as it is done, from any thread; `show(done)` is called with how much is done, in
  lengths of chunks, and may raise KeyboardInterrupt, after which nothing is left running.

Here may live nothing that changes a number: a chunk is what `solve` gives, wherever it is called.
"""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from qllg_sym import plugs
from qllg_sym.errors import InputTypeError
from qllg_sym.parallel.chunked import Chunk as Chunk
from qllg_sym.parallel.chunked import Chunked as Chunked
from qllg_sym.parallel.chunked import ChunkResults
from qllg_sym.parallel.chunked import Solve as Solve

Keep = Callable[[ChunkResults], None]
Show = Callable[[float], None]
Chunks = Sequence[Chunk]


def executor_kind(executor: Any) -> ModuleType:
    """Return the file that has chunks done by such an executor.

    Raises:
        InputTypeError: none does.

    >>> executor_kind(None).NAME
    'threads of this process'
    """
    known = plugs.modules(__name__)
    for kind in known:
        if kind.takes(executor):
            return kind
    raise InputTypeError(f"`executor` must be one of {', '.join(kind.NAME for kind in known)}, but is {executor!r}; "
                         "write executor=2 for two processes.")
