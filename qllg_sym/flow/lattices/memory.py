"""The memory of a large lattice: told and asked for before it is taken."""

import sys
from collections.abc import Sized
from typing import Any

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.flow.lattices.moments import WRITTEN
from qllg_sym.flow.options import Options
from qllg_sym.flow.steps.runge_kutta import registers
from qllg_sym.flow.steps.tableau import dop853
from qllg_sym.model.copies import Copies
from qllg_sym.model.dipolar import Dipoles
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import available_memory, require_memory

TOLD = 1 << 14          # moments from which it is told
NEIGHBOUR = 136         # bytes of a neighbour, most of them while the lists are sorted; measured
WAVES = 16 * 16         # bytes of a cell of a grid of dipoles


def reserve(model: Model, law: Law, times: Any, options: Options) -> None:
    """Tell how much memory many moments take, and refuse what does not fit.

    Args:
        model: whatever was given; what is no model is left to be refused elsewhere.
        law: its law.
        times: at which states are kept.
        options: as of `solve`; with progress=True a line goes to stderr.

    Raises:
        InputError: the memory is not there.
    """
    parts = memory_of(model, law, times, options)
    total = sum(parts.values())
    if options.progress is True and model.space.sites >= TOLD and parts:
        told = ", ".join(f"{name} {_size(size)}" for name, size in parts.items())
        free = available_memory()
        sys.stderr.write(f"solve: {model.space.sites} sites take {_size(total)}: {told}"
                         f"{'' if free is None else f'; {_size(free)} are free'}\n")
    if parts:
        require_memory("model", (total,), "take fewer sites or keep=\"final\"", 1)


def memory_of(model: Model, law: Law, times: Any, options: Options) -> dict[str, int]:
    """Return the bytes of many moments by what they are for; nothing for few, and for what is no lattice of moments.

    >>> from qllg_sym import Bilinear, Hybrid, Space, square
    >>> torus = Model(Space(*["1"] * 10**4), square(100, 100, Bilinear, -1, periodic=True))
    >>> memory_of(torus, Hybrid(0, 0, classical=range(10**4)), [0, 1], Options())
    {'neighbours': 5440000, 'steps': 5040000, 'results': 480000}
    """
    moments = _moments(model, law)
    if moments <= WRITTEN:
        return {}
    ends = sum(_ends(term) for term in model.terms)
    points = len(times) if isinstance(times, Sized) and options.keep == "all" else 1
    rows = 6 if options.method == "heun" else registers(dop853()) + 2
    found = {"neighbours": ends * NEIGHBOUR, "steps": 24 * moments * rows,
             "results": 24 * moments * points}
    if cells := sum(_cells(term) for term in model.terms if isinstance(term, Dipoles)):
        found["dipoles"] = WAVES * cells
    return found


def _moments(model: Model, law: Law) -> int:
    """How many moments a law of a model has."""
    if not isinstance(model, Model) or not isinstance(law, Law):
        return 0
    if isinstance(law, Hybrid):
        return len(law.classical)
    return model.space.sites if law.classical and getattr(law, "field", "") == "mean" else 0


def _ends(term: Any) -> int:
    """How many rows of neighbours a term has."""
    if isinstance(term, Copies):
        return len(term) * term.places.sites.shape[1]
    return 0 if isinstance(term, Dipoles) else 2


def _cells(term: Dipoles) -> int:
    """The cells of a padded grid."""
    cells = 1
    for n, ring in zip(term.geometry.shape, term.geometry.periodic, strict=True):
        cells *= n if ring else 2 * n
    return cells


def _size(size: int) -> str:
    """A number of bytes as text."""
    return f"{size / 2**30:.3g} GiB" if size >= 2**29 else f"{size / 2**20:.3g} MiB"
