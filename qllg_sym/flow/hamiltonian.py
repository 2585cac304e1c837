"""H(t)/ħ as matrices: constant part plus drives f(t) · matrix, with numbers for the parameters."""

from collections.abc import Mapping
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.binding import checked_values
from qllg_sym.equations.lowering import frequency_kernel
from qllg_sym.model.expansion import standard_member
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]


class Hamiltonian:
    """H/ħ of a model with numbers for its parameters.

    Args:
        model: the Hamiltonian.
        values: a finite number for each of the model's parameters, by name.

    Attributes:
        constant: whether it does not depend on time.
        dimension: d.

    Raises:
        InputError: a (d, d) array would not fit into memory.
    """

    def __init__(self, model: Model, values: Mapping[str, Any]) -> None:
        d = model.space.dimension
        require_memory("H", (d, d), "take fewer or smaller spins")
        self.dimension = d
        program, groups, self.constant = frequency_kernel(model)
        self._amplitudes = build.load(program, "numpy")
        self._p = np.array([values[name] for name in program.parameters], dtype=float)
        spins = model.space.spins
        self._parts = [sum((float(c) * string_matrix(spins, s) for s, c in group), sparse.csr_array((d, d)))
                       for group in groups]
        self._dense = [part.toarray().astype(complex) for part in self._parts]
        self._fixed = self._sum(0.0) if self.constant else None

    def at(self, t: float) -> Array:
        """Return H(t)/ħ, (d, d)."""
        return self._sum(t) if self._fixed is None else self._fixed

    def _sum(self, t: float) -> Array:
        """Return Σ f(t) · matrix, (d, d)."""
        amplitudes = self._amplitudes(t, np.empty(0), self._p)
        total = np.zeros((self.dimension, self.dimension), dtype=complex)
        with np.errstate(invalid="ignore"):         # an infinite field is told by what uses it
            for amplitude, part in zip(amplitudes, self._dense, strict=True):
                total += amplitude * part
        return total


@lru_cache(maxsize=4096)
def site_matrix(spin: Any, index: int) -> Any:
    """Return a site-basis member as a sparse complex matrix in the standard basis."""
    d = int(2 * spin) + 1
    entries = standard_member(spin, index)
    rows, columns = zip(*entries, strict=True)
    return sparse.csr_array(([complex(v) for v in entries.values()], (rows, columns)), shape=(d, d))


def string_matrix(spins: tuple[Any, ...], string: tuple[int, ...]) -> Any:
    """Return a basis string as a sparse complex (d, d) matrix."""
    return reduce(lambda a, b: sparse.kron(a, b, format="csr"),
                  (site_matrix(s, index) for s, index in zip(spins, string, strict=True)))


def matrix_of(model: Model, values: Mapping[Any, Any], t: float = 0.0) -> Array:
    """Return H/ħ of a model at a time, (d, d); values may name more than the model needs.

    Raises:
        InputError: a parameter without a finite number.

    >>> from qllg_sym import Space, Zeeman
    >>> matrix_of(Model(Space("1/2"), [Zeeman((0, 0, 1))]), {}).real.tolist()
    [[-0.5, 0.0], [0.0, 0.5]]
    """
    names = [s.name for s in model.parameters]
    chosen = {name: value for name, value in ((str(k), v) for k, v in values.items()) if name in names}
    return Hamiltonian(model, checked_values(names, chosen)).at(t)
