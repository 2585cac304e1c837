"""Whether the arrays of a trajectory fit together."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import AnySector, SectorDimensions, SpinSector
from qllg_sym.errors import InputError
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]


def check_shapes(
    times: Array,
    spins: Sequence[str],
    ensemble: Ensemble | None,
    moments: Array | None,
    energy: Array | None,
    observed: Mapping[str, Array],
) -> None:
    """Refuse arrays whose shapes do not fit together; see `Trajectory` for what they are.

    Raises:
        InputError: one of them has another shape; the sentence names it.

    >>> check_shapes(np.arange(2.0), ["1/2"], None, np.zeros((2, 1, 3)), None, {"a": np.zeros(2)})
    """
    n, sites = len(times) if times.ndim == 1 else 0, len(spins)
    if n == 0 or not np.all(np.diff(times) > 0):
        raise InputError("`times` must be a strictly increasing 1-D array of at least one time; sort it.")
    if ensemble is not None and moments is not None:
        raise InputError("`ensemble` or `moments` must be given, but both are; a trajectory is of one kind.")
    dims = dimensions(tuple(spins))
    if ensemble is not None and (ensemble.dims != dims or len(ensemble) not in (1, n)):
        raise InputError(f"`ensemble` must hold {n} times of sites {dims}, but is {ensemble}; check `spins`.")
    if moments is not None and moments.shape not in ((n, sites, 3), (1, sites, 3)):
        raise InputError(f"`moments` must have shape ({n}, {sites}, 3), not {moments.shape}; check `spins`.")
    if energy is not None and energy.shape != (n,):
        raise InputError(f"`energy` must have shape ({n},), but has {energy.shape}; give one a time.")
    for name, values in observed.items():
        if values.ndim == 0 or len(values) != n:
            raise InputError(f"`observed` must hold {n} values of {name!r}, not {values.shape}; give one a time.")


@cache
def dimensions(spins: tuple[str, ...], magnetisation: str | None = None, momentum: int | None = None,
               reflection: int | None = None) -> tuple[int, ...]:
    """Return the dimensions of sites with these spins, of a sector of total S_z, and wave number, where that is given.

    >>> dimensions(("1/2", "1"))
    (2, 3)
    """
    found = tuple(int(2 * Fraction(spin)) + 1 for spin in spins)
    if magnetisation is None:
        return found
    down = Fraction(len(found), 2) - Fraction(magnetisation)
    if set(found) != {2} or down.denominator != 1 or not 0 <= down <= len(found):
        raise ValueError("there is no such sector")
    sector: AnySector = SpinSector(len(found), int(down))
    if (momentum, reflection) != (None, None):
        if momentum is None or momentum not in range(len(found)) or reflection not in (None, 1, -1) or \
                (reflection is not None and 2 * momentum % len(found)):
            raise ValueError("there is no such sector")
        sector = RingSector(len(found), int(down), int(momentum), reflection)
        if not sector.dimension:
            raise ValueError("there is no such sector")
    return SectorDimensions(sector)
