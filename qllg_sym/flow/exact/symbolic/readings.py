"""Readings of ρ(t) with symbols: what the definitions of observables stand for, and their expressions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.flow.exact.symbolic.definitions import Unknown, by_definition
from qllg_sym.flow.exact.symbolic.density import SymbolicDensity
from qllg_sym.flow.exact.symbolic.exponentials import Ratio
from qllg_sym.flow.exact.symbolic.late import limit
from qllg_sym.flow.exact.symbolic.level_pair import level_pair
from qllg_sym.flow.exact.symbolic.roots import is_nonnegative, root
from qllg_sym.flow.exact.symbolic.short import Rates, in_short
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.space import Space

Array = NDArray[Any]
SITE_SPIN = {True: (1, 2, 3), False: (3, 1, 2)}     # members of a site's basis that are S_x, S_y, S_z; of ½ twice these


def spin_operators(space: Space) -> list[list[sp.ImmutableMatrix]]:
    """Return S_x, S_y, S_z over ħ of every site, (d, d), exact.

    >>> spin_operators(Space("1/2"))[0][2]
    Matrix([
    [1/2,    0],
    [  0, -1/2]])
    """
    spins, found = space.numeric_spins, []
    for site, s in enumerate(spins):
        half = s == Fraction(1, 2)
        strings = [tuple(m if k == site else 0 for k in range(len(spins))) for m in SITE_SPIN[half]]
        found.append([standard_string(spins, string) / (2 if half else 1) for string in strings])
    return found


@dataclass(frozen=True, eq=False)
class ExactReadings:
    """Readings of one ρ(t).

    Attributes:
        space: of the model.
        density: ρ(t).
        levels: (a, b, rank of P).
        late: how a value becomes an expression: None for all times, else what is positive, for t → ∞.
    """

    space: Space
    density: SymbolicDensity
    levels: tuple[sp.Expr, sp.Expr, int]
    late: Sequence[sp.Expr] | None = None

    def of_late(self, positive: Sequence[sp.Expr] | None) -> "ExactReadings":
        """Return the same readings at all times for None, else for t → ∞ with what is positive."""
        return self if positive is None else replace(self, late=tuple(positive))

    def of(self, name: str, function: Callable[..., Any], names: dict[str, Any]) -> Any:
        """Return the expression of an observable, or nested tuples of expressions; a matrix where it is one.

        Args:
            name: of the observable.
            function: with its definition.
            names: its arguments.
        """
        return self.expression(by_definition(name, function, {**self._words, **names}, self._power))

    def expression(self, value: Any) -> Any:
        """Return a value as an expression, arrays as tuples of such."""
        if isinstance(value, (list, tuple, np.ndarray)):
            return tuple(self.expression(x) for x in value)
        if isinstance(value, Root):
            return value.expression if self.late is None else sp.sqrt(self.expression(value.square))
        if not isinstance(value, Ratio):
            return sp.S(value)
        return in_short(value, self._rates) if self.late is None else limit(value, self._rates, self.late)

    @cached_property
    def _words(self) -> dict[str, Any]:
        spins = [sp.Rational(s.numerator, s.denominator) for s in self.space.numeric_spins]
        operators = [[_objects(x) for x in site] for site in spin_operators(self.space)]
        return {"rho": self.density.rho, "N": self.space.sites, "S": operators.__getitem__, "s": spins.__getitem__,
                "one": _objects(sp.eye(self.space.dimension)), "sigma": _pauli, "words": _words, "tr": np.trace,
                "eig": self._eigenvalues, "sv": self._singular_values, "root": self._root, "part": self._part,
                "log": sp.log, "max": self._largest, "inverse": _inverse}

    def _power(self, base: Any, exponent: Any) -> Any:
        """Base to a power; roots of what moves are expressions."""
        if isinstance(base, (list, np.ndarray)):
            return [self._power(x, exponent) for x in base]
        if isinstance(base, Root):
            return base.square if exponent == 2 else self._power(base.square, sp.S(exponent) / 2)
        if isinstance(base, Ratio):
            if sp.S(exponent).is_Integer and exponent >= 0:
                return base**int(exponent)
            if self.late is None and exponent == sp.Rational(1, 2):
                found = root(base, self._rates)
                self._roots.add(found)
                return found
            base = self.expression(base)
        if base == 0 and not sp.S(exponent).is_positive:
            raise Unknown(f"0 to the power {exponent} is open")
        return sp.S(base)**exponent

    def _part(self, rho: Array, kept: Any) -> Array:
        """The partial trace over all sites but those kept."""
        dims = self.space.dimensions
        sites = [kept] if isinstance(kept, int) else [int(k) for k in kept]
        if sites == [*range(len(dims))]:
            return rho
        order = [*sites, *(k for k in range(len(dims)) if k not in sites)]
        n, size = len(dims), int(np.prod([dims[k] for k in sites]))
        tensor = rho.reshape(*dims, *dims).transpose(*order, *(n + k for k in order))
        tensor = tensor.reshape(size, len(rho) // size, size, len(rho) // size)
        return np.array([[sum(tensor[i, k, j, k] for k in range(tensor.shape[1])) for j in range(size)]
                         for i in range(size)], dtype=object)

    # Nonlinear words -----------------------------------------------------------------------------------------------

    def _eigenvalues(self, x: Array) -> list[Any]:
        """Eigenvalues of a Hermitian matrix of two levels at most, descending."""
        if x is self.density.rho:
            return self._own_levels()
        if len(x) == 2:             # ½ Tr X ± √(¼ (Tr X)² − det X)
            trace = np.trace(x)
            spread = root((trace * trace) / 4 - (x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0]), self._rates)
            mean = self.expression(trace / 2)
            return [mean + spread, mean - spread]
        if all(_vanishes(y) for y in (x - _objects(sp.eye(len(x))) * x[0, 0]).ravel()):
            return [x[0, 0]] * len(x)
        found = level_pair(self.density.field, x)
        if found is None:
            raise Unknown(f"the eigenvalues of a {len(x)} × {len(x)} matrix are more than two, or not seen to be two")
        first, second, count = found
        for high, low, many in ((first, second, count), (second, first, len(x) - count)):
            if is_nonnegative(high - low):
                return [high] * many + [low] * (len(x) - many)
        raise Unknown("which of two eigenvalues is higher is open")

    def _own_levels(self) -> list[Any]:
        """The spectrum of ρ."""
        (a, b, rank), d = self.levels, self.space.dimension
        if rank and b.is_nonnegative is None and b.is_nonpositive is None:
            raise Unknown(f"which level of ρ is higher depends on the sign of {b}")
        upper, lower = [a + b] * rank, [a] * (d - rank)
        return upper + lower if b.is_nonnegative else lower + upper

    def _singular_values(self, rows: Any) -> list[Any]:
        """Singular values, descending: roots of the eigenvalues of X Xᵗ."""
        x = np.array(rows, dtype=object)
        return [Root(level, root(level, self._rates)) for level in self._eigenvalues(x @ x.T)]

    def _root(self, x: Array) -> Array:
        """The root of a projector, which is itself."""
        if all(_vanishes(y) for y in (x @ x - x).ravel()):
            return x
        raise Unknown("the root of a matrix is known for pure states alone")

    @cached_property
    def _roots(self) -> set[sp.Expr]:
        """Expressions that are square roots, so not negative."""
        return set()

    @cached_property
    def _rates(self) -> Rates:
        return Rates(self.density.growth, self.density.turn)

    def _largest(self, *given: Any) -> Any:
        """The larger of 0 and another value."""
        others = [x for x in given if not (isinstance(x, (int, sp.Integer)) and x == 0)]
        if len(others) != 1:
            return sp.Max(*(self.expression(x) for x in given))
        known = others[0] in self._roots or is_nonnegative(others[0])
        return others[0] if known else sp.Max(0, self.expression(others[0]))


@dataclass(frozen=True)
class Root:
    """The square root of a value, beside its expression."""

    square: Any
    expression: sp.Expr


def _objects(matrix: Any) -> Array:
    """An exact matrix as an array."""
    return np.array(matrix.tolist(), dtype=object).reshape(matrix.shape)


def _vanishes(x: Any) -> bool:
    return x.is_zero if isinstance(x, Ratio) else sp.expand(x) == 0


PAULI = {"0": sp.eye(2), "x": sp.Matrix([[0, 1], [1, 0]]), "y": sp.Matrix([[0, -sp.I], [sp.I, 0]]),
         "z": sp.Matrix([[1, 0], [0, -1]])}


def _pauli(word: str) -> Array:
    """A string of Pauli matrices."""
    return _objects(reduce(sp.kronecker_product, [PAULI[letter] for letter in word]))


def _words(n: int) -> list[str]:
    """The names of all strings, lexicographic in 0, x, y, z."""
    return ["".join(letters) for letters in product("0xyz", repeat=n)]


def _inverse(x: Array) -> Array:
    """The inverse of a matrix of numbers."""
    return _objects(sp.Matrix(*x.shape, list(x.ravel())).inv())
