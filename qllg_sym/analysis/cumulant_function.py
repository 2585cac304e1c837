"""The right-hand side of cumulants in arrays, for many of them, and what compiles it one way or the other."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from qllg_sym.analysis.closure import ClosedSystem
from qllg_sym.analysis.cumulant_kernel import ClosedByCumulants, mass_blocks, operation_count
from qllg_sym.codegen import build, derivatives
from qllg_sym.codegen.binding import Compiled
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.derivatives import ColumnByColumn
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import tangent
from qllg_sym.codegen.values import real_numbers
from qllg_sym.equations import lowering
from qllg_sym.equations.inputs import inputs_of, lower_all, symbol_names
from qllg_sym.errors import InputError
from qllg_sym.memo import kept

Array = NDArray[Any]
STEP = 1e-30            # of complex differentiation: no difference is taken, so none cancels
_QUIET = np.errstate(over="ignore", invalid="ignore")


def compile_cumulants(components: ClosedByCumulants, target: str, digits: int | None) -> Compiled:
    """Return the compiled right-hand side of `CumulantComponents`; see their `compile`."""
    build.check_target(target, digits)
    origin = (compile_cumulants, (components, target, digits))
    states = symbol_names(components.states)
    if target != "mpmath" and operation_count(components.closure.system) > lowering.OPERATION_LIMIT:
        function = cumulant_function(components.written)
        return Compiled(function, states, symbol_names(components.parameters), lambda: function.jacobian,
                        lambda: function.tangent, origin=origin)
    program = components.kernel()
    loaded = build.load(program, target, digits)
    return Compiled(
        loaded, states, program.parameters,
        lambda: derivatives.tangent_jacobian(build.load(tangent(program), "numpy"), len(states)),
        lambda: derivatives.joined(build.load(tangent(program), loaded.target, digits)), origin=origin)


@kept
def cumulant_function(components: ClosedByCumulants) -> "CumulantFunction":
    """Return the right-hand side in arrays, of components with the user's own expressions for coefficients."""
    system = components.closure.system
    distinct = list(dict.fromkeys(c for row in system.rows for c in row.values()))
    builder = Builder("coefficients", [], symbol_names(components.parameters))
    operands = inputs_of(builder, (), components.parameters, components.equation.model)
    program = builder.kernel({str(k): a for k, a in enumerate(lower_all(builder, distinct, operands))})
    return CumulantFunction(system, distinct, build.load(program, "numpy"))


class CumulantFunction(ColumnByColumn):
    """Evaluates closed rows; the same interface as `build.Function`.

    Args:
        system: the equations.
        distinct: their coefficients, each once.
        coefficients: a loaded kernel without states, whose outputs are these.
    """

    target = "matrix"

    def __init__(self, system: ClosedSystem, distinct: Sequence[Any], coefficients: build.Function) -> None:
        self._coefficients, self.size = coefficients, len(system.rows)
        number, count = {c: k for k, c in enumerate(distinct)}, len(system.factors)
        self._factors = Products([(k, None, parts) for k, sums in enumerate(system.factors) for _, parts in sums],
                                 count, self.size, [n for sums in system.factors for n, _ in sums])
        self._blocks, position = _by_size(mass_blocks(system))
        forcing, mass = [], defaultdict[int, list[Any]](list)
        for i, row in enumerate(system.rows):
            for (places, moving), c in row.items():
                if moving >= 0:
                    size, first, k = position[i]
                    mass[size].append((first + k * size + position[moving][2], number[c], places))
                else:
                    forcing.append((i, number[c], places))
        self._forcing = Products(forcing, self.size, count)
        self._mass = {size: Products(mass[size], found.size * size, count) for size, found in self._blocks.items()}
        self._levels = _levels(system)

    @property
    def program(self) -> Kernel:
        """The coefficients as a kernel."""
        return self._coefficients.kernel

    @_QUIET
    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """Return dy/dt, (n,); NaN for a state that is not finite.

        Raises:
            InputError: a wrong length, or entries that are not real.
        """
        state = real_numbers("y", y)
        if state.shape != (self.size,):
            raise InputError(f"`y` must have shape ({self.size},), but has {state.shape}; order it as .states.")
        return self._evaluate(t, state, p)

    def _evaluate(self, t: float, y: Array, p: ArrayLike) -> Array:
        """The same for complex states."""
        numbers = self._coefficients(t, np.empty(0), p)
        factors = self._factors.sums(None, y)
        forcing, velocities = -self._forcing.sums(numbers, factors), np.empty_like(y)
        for size, places in self._blocks.items():
            mass = self._mass[size].sums(numbers, factors).reshape(-1, size, size)
            velocities[places] = np.linalg.solve(mass, forcing[places][..., None])[..., 0]
        for rows, known in self._levels:
            velocities[rows] -= known.sums(velocities, y)
        return velocities

    def jacobian(self, t: float, y: Array, p: Array) -> Array:
        """Return ∂(dy/dt)/∂y, (n, n)."""
        return np.stack([self.tangent(t, y, unit, p) for unit in np.eye(len(y))], axis=1)

    @_QUIET
    def tangent(self, t: float, y: Array, v: Array, p: Array) -> Array:
        """Return ∂(dy/dt)/∂y · v, (n,), by a complex step: the right-hand side is rational in y."""
        return np.asarray(self._evaluate(t, y + 1j * STEP * v, p).imag / STEP)


class Products:
    """Sums of products: out_k = Σ n a[i] Π b[j] over (k, i, (j, …)), i None where there is no factor a.

    Args:
        terms: those.
        size: how many sums.
        most: how many b there are.
        numbers: n of each term; 1 by default.
    """

    def __init__(self, terms: Sequence[tuple[int, int | None, tuple[int, ...]]], size: int, most: int,
                 numbers: Sequence[int] | None = None) -> None:
        width = max((len(parts) for _, _, parts in terms), default=0)
        self._factors = np.array([i for _, i, _ in terms if i is not None], dtype=int)
        self._parts = np.array([(*parts, *[most] * (width - len(parts))) for _, _, parts in terms],
                               dtype=int).reshape(len(terms), width)
        values = np.ones(len(terms)) if numbers is None else np.array(numbers, dtype=float)
        places = (np.array([k for k, _, _ in terms], dtype=int), np.arange(len(terms)))
        self._sum = csr_array((values, places), shape=(size, len(terms)))

    def sums(self, a: Array | None, b: Array) -> Array:
        """Return the sums, (size,)."""
        values = np.prod(np.append(b, 1.0)[self._parts], axis=1)
        return np.asarray(self._sum @ (values if a is None else values * a[self._factors]))


def _by_size(block_of: Sequence[int]) -> tuple[dict[int, Array], dict[int, tuple[int, int, int]]]:
    """Blocks of the mass by their size, (blocks, size) of places, and (size, first entry, place) of each place."""
    members = defaultdict[int, list[int]](list)
    for k, label in enumerate(block_of):
        members[label].append(k)
    by_size = defaultdict[int, list[list[int]]](list)
    position: dict[int, tuple[int, int, int]] = {}
    for places in members.values():
        size = len(places)
        first = len(by_size[size]) * size * size
        by_size[size].append(places)
        position |= {k: (size, first, j) for j, k in enumerate(places)}
    return {size: np.array(found) for size, found in by_size.items()}, position


def _levels(system: ClosedSystem) -> list[tuple[Array, Products]]:
    """For each length of the longest product: which states have it, and what their products of others move."""
    levels = defaultdict[int, list[int]](list)
    for k, products in enumerate(system.known):
        levels[max(map(len, products), default=0)].append(k)
    found = []
    for length in sorted(levels.keys() - {0}):
        terms = [(row, parts[k], parts[:k] + parts[k + 1:]) for row, place in enumerate(levels[length])
                 for parts in system.known[place] for k in range(len(parts))]
        found.append((np.array(levels[length]), Products(terms, len(levels[length]), len(system.rows))))
    return found
