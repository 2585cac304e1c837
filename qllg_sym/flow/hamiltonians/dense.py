"""H(t)/ħ as matrices: constant part plus drives f(t) · matrix, with rows of numbers for the parameters."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.algebra.spin import ladder, member
from qllg_sym.codegen import build
from qllg_sym.codegen.values import checked_values
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.flow.hamiltonians.ring_strings import strings_in
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
KEPT = 64           # dimension up to which the matrices of a model are kept for the next time
GUARD = 96          # bits of a square root beyond its integer part


class Hamiltonian:
    """H/ħ of a model, for rows of numbers of its parameters.

    Args:
        model: the Hamiltonian.

    Attributes:
        constant: whether it does not depend on time.
        program: the amplitudes f_g(t) as a kernel without states.
        names: the parameters, in the order of the rows of `at`.
        parts: the matrices that the amplitudes multiply, (g, d, d).

    Raises:
        InputError: a (d, d) array would not fit into memory.

    >>> import sympy
    >>> from qllg_sym import Space, Zeeman
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, sympy.Symbol("B", real=True)))])
    >>> Hamiltonian(model).at(0.0, np.array([[1.0, 2.0]]))[:, 0, 0].real.tolist()
    [-0.5, -1.0]
    """

    def __init__(self, model: Model) -> None:
        d = model.space.dimension
        require_memory("H", (d, d), "take fewer or smaller spins")
        self._amplitudes, self.parts, self.constant = (_kept if d <= KEPT else _read)(model)
        self.program = self._amplitudes.kernel
        self.names = tuple(self.program.parameters)

    def at(self, t: float, p: Array) -> Array:
        """Return H(t)/ħ, (m, d, d), for parameters (k, m)."""
        m = p.shape[1]
        amplitudes = self._amplitudes(t, np.empty(0), p[:, 0]) if m == 1 else \
            self._amplitudes.batch(t, np.empty((0, m)), p)[:, :, None, None]
        total = np.zeros((m, *self.parts.shape[1:]), dtype=complex)
        with np.errstate(invalid="ignore", over="ignore"):      # an infinite field is told by what uses it
            for amplitude, part in zip(amplitudes, self.parts, strict=True):
                total += amplitude * part
        return total


def _read(model: Model) -> tuple[build.Function, Array, bool]:
    """Return the amplitudes, the matrices that they multiply, and whether H is constant."""
    program, groups, constant = numeric_kernel(model)
    (d, spins), matrix = (model.space.dimension, model.space.numeric_spins), numeric_part(model)
    parts = np.zeros((len(groups) + (matrix is not None), d, d), dtype=complex)
    if model.space.sector is not None:
        for part, group in zip(parts, groups, strict=True):
            part[:] = strings_in(model.space.sector, [(string, 0, float(c)) for string, c in group]).dense()
        return build.load(program, "numpy"), parts, constant
    for part, group in zip(parts, groups, strict=False):
        for string, c in group:
            rows, columns, values = string_entries(spins, string)
            with np.errstate(over="ignore"):            # an infinite sum is told by what uses it
                part[rows, columns] += float(c) * values
    if matrix is not None:
        parts[-1] = matrix
    return build.load(program, "numpy"), parts, constant


def numeric_part(model: Model) -> Array | None:
    """Return the sum of a model's matrices of numbers in doubles, energies (d, d); None where it has none.

    >>> from qllg_sym import Operator, Space
    >>> numeric_part(Model(Space("1/2"), [Operator([[1, 0], [0, 2]])])).real.tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    found = [rows for term in model.terms if (rows := getattr(term, "numbers", None)) is not None]
    parts = [np.array([[complex(a / b, c / d) for a, b, c, d in row] for row in rows]) for rows in found]
    return np.sum(parts, axis=0) if parts else None


_kept = lru_cache(maxsize=32)(_read)


@lru_cache(maxsize=4096)
def site_matrix(spin: Fraction, index: int) -> sparse.csr_array:
    """Return a site-basis member as a sparse complex matrix in the standard basis."""
    re, im = member(spin, index)
    d = int(2 * spin) + 1
    keys = sorted({*re, *im})
    if not keys:
        return sparse.csr_array((d, d), dtype=complex)
    scales = _squared_scales(spin)
    values = [complex(*(_scaled(part.get((i, j)), scales[j] / scales[i]) for part in (re, im))) for i, j in keys]
    rows, columns = zip(*keys, strict=True)
    return sparse.csr_array((values, (rows, columns)), shape=(d, d))


@lru_cache(maxsize=256)
def _squared_scales(spin: Fraction) -> tuple[Fraction, ...]:
    """Return δ² with M = diag(δ)⁻¹ · member · diag(δ) in the standard basis."""
    return tuple(accumulate((1 / x for x in ladder(spin)[1].values()), mul, initial=Fraction(1)))


def _scaled(entry: Fraction | None, square: Fraction) -> float:
    """Return entry · √square to the last bit: through integers, since for large spins the factors leave the doubles."""
    if entry is None:
        return 0.0
    exact = entry * entry * square
    root = math.isqrt(exact.numerator * exact.denominator << 2 * GUARD)
    try:
        size = float(Fraction(root, exact.denominator << GUARD))
    except OverflowError:               # members of the highest ranks of spins above 40
        size = math.inf
    return size if entry > 0 else -size


def string_entries(spins: Sequence[Fraction], string: Sequence[int]) -> tuple[Array, Array, Array]:
    """Return the rows, columns and values of a basis string, each place once; SciPy's `kron` is thirty times slower.

    >>> [part.tolist() for part in string_entries([Fraction(1, 2)] * 2, [0, 1])]
    [[0, 1, 2, 3], [1, 0, 3, 2], [(1+0j), (1+0j), (1+0j), (1+0j)]]
    """
    rows = columns = np.zeros(1, dtype=np.int64)
    values = np.ones(1, dtype=complex)
    for spin, index in zip(spins, string, strict=True):
        size, (i, j, value) = int(2 * spin) + 1, _entries(spin, index)
        rows, columns = ((old[:, None] * size + new).ravel() for old, new in ((rows, i), (columns, j)))
        values = (values[:, None] * value).ravel()
    return rows, columns, values


@lru_cache(maxsize=4096)
def _entries(spin: Fraction, index: int) -> tuple[Array, Array, Array]:
    """Return the rows, columns and values of a site-basis member."""
    member = site_matrix(spin, index).tocoo()
    rows, columns = (place.astype(np.int64) for place in member.coords)
    return rows, columns, member.data


def diagonalised(matrices: Array) -> tuple[Array, Array]:
    """Return the eigenvalues (…, d), ascending, and eigenvectors (…, d, d) of Hermitian matrices; NaN where not finite.

    >>> diagonalised(np.array([[[0, 1], [1, 0]], [[np.inf, 0], [0, 0]]]))[0].round(12).tolist()
    [[-1.0, 1.0], [nan, nan]]
    """
    finite = np.isfinite(matrices).all(axis=(-2, -1))
    if finite.all():
        energies, vectors = np.linalg.eigh(matrices)
        return energies, vectors
    energies, vectors = np.full(matrices.shape[:-1], np.nan), np.full(matrices.shape, np.nan, dtype=complex)
    energies[finite], vectors[finite] = np.linalg.eigh(matrices[finite])
    return energies, vectors


def matrix_of(model: Model, values: Mapping[Any, Any], t: float = 0.0) -> Array:
    """Return H/ħ of a model at a time, (d, d); values may name more than the model needs.

    Raises:
        InputError: a parameter without a finite number.

    >>> from qllg_sym import Space, Zeeman
    >>> matrix_of(Model(Space("1/2"), [Zeeman((0, 0, 1))]), {}).real.tolist()
    [[-0.5, 0.0], [0.0, 0.5]]
    """
    names, h = [s.name for s in model.parameters], Hamiltonian(model)
    given = {str(key): value for key, value in values.items() if str(key) in names}
    known = checked_values(names, given)
    return np.asarray(h.at(t, np.array([[known[name]] for name in h.names], dtype=float).reshape(-1, 1))[0])
