r"""A molecule in a magnetic field of any direction: H(B) = H₀ − B n·M, levels with their slopes, many at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.problem import Problem
from qllg_sym.model.constants import Constants
from qllg_sym.model.model import Model
from qllg_sym.model.terms.zeeman import Zeeman

Array = NDArray[Any]
TOGETHER = 1 << 22      # numbers of matrices that are diagonalised together


class InField:
    r"""H₀/ħ of a model, and its moment M/ħ by the g factors of its sites.

    Args:
        problem: one row at one time.
        g: as of `epr`.

    Attributes:
        still: H₀/ħ, (d, d).
        moments: M_a/ħ, (3, d, d), frequency per field.
    """

    def __init__(self, problem: Problem, g: Any) -> None:
        model = problem.equation.model
        self.still = problem.matrices(0.0)[0]
        factors = _factors(g, model)
        values = {s.name: problem.values[s.name] for s in model.parameters}
        self.moments = np.array([_moment(model, axis, factors, values) for axis in np.eye(3, dtype=int).tolist()])

    @property
    def dimension(self) -> int:
        """Return d."""
        return len(self.still)

    @property
    def is_even(self) -> bool:
        """Whether levels in a field and in the opposite one are the same: no static field, or what acts like one."""
        probe = self.along(np.array([[0.36, 0.48, 0.8], [0.8, -0.36, 0.48]]))
        size = float(np.linalg.norm(self.still)) + 1e-300
        felt = np.linalg.norm(probe, axis=(1, 2))
        fields = np.divide(size, felt, out=np.zeros(2), where=felt > 0)
        there, back = (self.diagonal(probe, sign * fields)[0] for sign in (1, -1))
        return bool(abs(there - back).max() <= 1e-10 * size)

    def along(self, directions: Array) -> Array:
        """Return n·M/ħ of each direction (n, 3), (n, d, d)."""
        return np.tensordot(directions, self.moments, axes=1)

    def diagonal(self, along: Array, fields: Array) -> tuple[Array, Array]:
        """Return frequencies E/ħ (n, d), ascending, and eigenvectors (n, d, d), at n moments and fields."""
        levels = np.empty((len(fields), self.dimension))
        vectors = np.empty((len(fields), self.dimension, self.dimension), dtype=complex)
        step = max(1, TOGETHER // self.dimension**2)
        for begin in range(0, len(fields), step):
            part = slice(begin, begin + step)
            levels[part], vectors[part] = np.linalg.eigh(self.still - fields[part, None, None] * along[part])
        return levels, vectors


def slopes_of(along: Array, vectors: Array) -> Array:
    """Return dE/dB/ħ of every level (n, d), by Hellmann and Feynman."""
    return -np.einsum("nij,nik,nkj->nj", vectors.conj(), along, vectors, optimize=True).real


def curvatures_of(along: Array, levels: Array, vectors: Array) -> Array:
    """Return d²E/dB²/ħ of every level (n, d): 2Σ |M_jk|²/(E_j − E_k) over levels of other energies."""
    elements = abs(vectors.conj().swapaxes(1, 2) @ along @ vectors)**2
    gaps = levels[:, :, None] - levels[:, None, :]
    apart = abs(gaps) > 1e-12 * np.ptp(levels, axis=1)[:, None, None]
    return np.asarray(2 * np.divide(elements, gaps, out=np.zeros_like(elements), where=apart).sum(axis=2))


def unit_vector(direction: ArrayLike, argument: str = "direction") -> Array:
    """Return a direction of length one, (3,).

    Raises:
        InputError, InputTypeError: no three numbers, or all of them zero.

    >>> unit_vector((0, 0, 2)).tolist()
    [0.0, 0.0, 1.0]
    """
    found = real_array(direction)
    if found is None or found.shape != (3,):
        raise InputTypeError(f"`{argument}` must be three real numbers, but is {direction!r}; write (0, 0, 1).")
    size = float(np.linalg.norm(found))
    if not np.isfinite(size) or not size:
        raise InputError(f"`{argument}` must have a finite length above 0, but has {size:g}; write (0, 0, 1).")
    return found / size


def _factors(g: Any, model: Model) -> list[Any]:
    """Return the g factor or tensor of each site; None for the one that the model's units mean."""
    sites = model.space.sites
    if g is None:
        return [None] * sites
    found = real_array(g)
    if found is None or not np.isfinite(found).all() or found.shape not in ((), (sites,), (3, 3), (sites, 3, 3)):
        what = f"type {type(g).__name__}" if found is None else f"shape {found.shape}"
        raise InputTypeError(f"`g` must be a finite number, a 3×3 tensor, or one of these for each of the {sites} "
                             f"sites, but is of {what}; write g=2.0.")
    if found.shape in ((), (3, 3)):
        return [found.tolist()] * sites
    return list(found.tolist())


def _moment(model: Model, axis: list[int], factors: list[Any], values: Mapping[str, Any]) -> Array:
    """Return one component of M/ħ, (d, d)."""
    terms = [Zeeman(tuple(axis), sites=[i]) if factor is None else Zeeman(tuple(axis), sites=[i], g=factor)
             for i, factor in enumerate(factors)]
    part = Constants.of(model).model(model.space, terms)
    return -matrix_of(part, {s.name: values[s.name] for s in part.parameters if s.name in values})
