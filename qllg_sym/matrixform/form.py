"""A law as data, words in matrices, and its right-hand side in the coordinates of an operator basis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.derivatives import ColumnByColumn
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.values import real_numbers
from qllg_sym.errors import InputError
from qllg_sym.matrixform.solver import LOCAL, Solver

Array = NDArray[Any]
Member = Mapping[tuple[int, int], Any]          # sparse exact entries
_QUIET = np.errstate(over="ignore", invalid="ignore")   # what is not finite comes out as NaN, as from compiled code


@dataclass(frozen=True)
class MatrixForm:
    """A law as data.

    Attributes:
        members: for every site, its basis as sparse exact matrices.
        norms: Tr A² of every product string, lexicographic, identity first.
        strings: positions of the Hamiltonian's strings in that order.
        words: (power k of i, letters, "rho", "drho", "local_drho", "H" or a key of `constants`).
        constants: other letters, as positions of strings and powers of i that their coefficients multiply.
        spins: positions of the strings A of the spin part Σ c A Tr(A ρ̇), each with its c; none where no word has it.
    """

    members: tuple[tuple[Member, ...], ...]
    norms: tuple[Fraction, ...]
    strings: tuple[int, ...]
    words: tuple[tuple[int, tuple[str, ...]], ...]
    constants: Mapping[str, tuple[tuple[int, int], ...]]
    spins: tuple[tuple[int, Fraction], ...] = ()


class MatrixFunction(ColumnByColumn):
    """Evaluates a `MatrixForm`; the same interface as `build.Function`.

    Args:
        form: the law.
        coefficients: a loaded kernel without states; outputs: the coefficients of H's strings, then of the words, then
            of the constants.
    """

    target = "matrix"

    def __init__(self, form: MatrixForm, coefficients: Function) -> None:
        self.form, self._coefficients = form, coefficients
        self._sites = [_dense(members) for members in form.members]
        self._norms = np.array([float(n) for n in form.norms])
        self.dimension = int(np.prod([s.shape[1] for s in self._sites]))
        self._constants: tuple[bytes, dict[str, Array]] = b"", {}

    @property
    def program(self) -> Kernel:
        """The coefficients as a kernel."""
        return self._coefficients.kernel

    def matrix(self, vector: Array) -> Array:
        """Return Σ vector_A A, (d, d), from all d² coefficients."""
        tensor = vector.reshape([s.shape[0] for s in self._sites])
        for site in self._sites:
            tensor = np.tensordot(tensor, site, axes=([0], [0]))
        n = len(self._sites)
        order = [*range(0, 2 * n, 2), *range(1, 2 * n, 2)]
        return tensor.transpose(order).reshape(self.dimension, self.dimension)

    def coordinates(self, matrix: Array) -> Array:
        """Return Tr(A M) for every string A but the identity, (d² − 1,)."""
        n, dims = len(self._sites), [s.shape[1] for s in self._sites]
        order = [k for i in range(n) for k in (i, n + i)]
        tensor = matrix.reshape(dims + dims).transpose(order)
        for site in self._sites:
            tensor = np.tensordot(tensor, site, axes=([0, 1], [2, 1]))
        return tensor.reshape(-1)[1:].real.copy()

    def density(self, y: Array) -> Array:
        """Return ρ = 1/d + Σ y_A A/n_A."""
        return self.matrix(np.concatenate([[1.0], y]) / self._norms)

    @_QUIET
    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """Return dy/dt, (n,); NaN for a state that is not finite.

        Raises:
            InputError: a wrong length, or entries that are not real.
        """
        state, size = real_numbers("y", y), len(self._norms) - 1
        if state.shape != (size,):
            raise InputError(f"`y` must have shape ({size},), but has {state.shape}; order it as .states.")
        rho, terms, letters = self._prepare(t, state, p)
        return self.coordinates(Solver(rho, terms, self._spins).solve(letters))

    @_QUIET
    def rate_with(self, t: float, y: Array, p: Array, further: Array) -> Array:
        """Return dy/dt with a further Hermitian matrix in H, (n,)."""
        rho, terms, letters = self._prepare(t, y, p)
        return self.coordinates(Solver(rho, terms, self._spins).solve({**letters, "H": letters["H"] + further}))

    @_QUIET
    def jacobian(self, t: float, y: Array, p: Array) -> Array:
        """Return ∂(dy/dt)/∂y, (n, n): the law differentiated along every basis string."""
        solver, letters = self._solved(t, y, p)
        return np.stack([self._respond(solver, letters, unit) for unit in np.eye(len(y))], axis=1)

    @_QUIET
    def tangent(self, t: float, y: Array, v: Array, p: Array) -> Array:
        """Return ∂(dy/dt)/∂y · v, (n,): the law differentiated along one direction, (n,)."""
        solver, letters = self._solved(t, y, p)
        return self._respond(solver, letters, v)

    @_QUIET
    def sensitivities(self, t: float, y: Array, directions: Array, p: Array, changes: Array) -> tuple[Array, Array]:
        """Return dy/dt, (n,), and ∂(dy/dt)/∂y · v + ∂(dy/dt)/∂θ of each parameter, (m, n).

        Args:
            t: time.
            y: (n,).
            directions: v of each parameter, (m, n).
            p: parameters, (k,).
            changes: derivatives of the coefficients by each parameter, in the order of `program`'s outputs, (m, c).
        """
        solver, letters = self._solved(t, y, p)
        found = [self._respond(solver, letters, v) for v in directions]
        for k, change in enumerate(changes):
            if not change.any():
                continue
            field, factors, constants = self._split(change)
            words = [(c * 1j**power, word) for c, (power, word) in zip(factors, self.form.words, strict=True)]
            moved = {"H": self.matrix(field), **self._sums(constants)}
            found[k] = found[k] + self.coordinates(solver.shifted(letters, words, moved))
        return self.coordinates(letters["drho"]), np.array(found)

    def _solved(self, t: float, y: Array, p: Array) -> tuple[Solver, dict[str, Array]]:
        """Return the solver at a state, and the letters with the dρ/dt found."""
        rho, terms, letters = self._prepare(t, y, p)
        solver = Solver(rho, terms, self._spins)
        velocity = solver.solve(letters)
        return solver, {**letters, "drho": velocity, LOCAL: solver.spin_part(velocity)}

    def _respond(self, solver: Solver, letters: Mapping[str, Array], v: Array) -> Array:
        """Return the change of dy/dt along v."""
        return self.coordinates(solver.respond(letters, self.matrix(np.concatenate([[0.0], v]) / self._norms)))

    @cached_property
    def _spins(self) -> tuple[Array, Array]:
        """The strings of the spin part of dρ/dt as matrices, (m, d, d), and their factors, (m,)."""
        units, d = np.eye(len(self._norms)), self.dimension
        operators = [self.matrix(units[place]) for place, _ in self.form.spins]
        return np.array(operators, dtype=complex).reshape(-1, d, d), np.array([float(c) for _, c in self.form.spins])

    def _prepare(self, t: float, y: Array, p: ArrayLike) -> tuple[Array, list[Any], dict[str, Array]]:
        """Return ρ, the words with numbers, and the letters."""
        field, factors, numbers = self._split(self._coefficients(t, np.empty(0), p))
        constants = self._operators(numbers)
        terms = [(c * 1j**k, word) for c, (k, word) in zip(factors, self.form.words, strict=True)]
        rho = self.density(y)
        return rho, terms, {**constants, "rho": rho, "H": self.matrix(field)}

    def _split(self, numbers: Array) -> tuple[Array, Array, Array]:
        """Return H's coefficients of all strings, and the numbers of the words and of the constants."""
        field, first = np.zeros(len(self._norms)), len(self.form.strings)
        field[list(self.form.strings)] = numbers[:first]
        return field, numbers[first:][:len(self.form.words)], numbers[first + len(self.form.words):]

    def _operators(self, numbers: Array) -> dict[str, Array]:
        """Return the constant letters as matrices, those of the last call where nothing changed."""
        key, known = self._constants
        if key == numbers.tobytes() and len(known) == len(self.form.constants):
            return known
        self._constants = numbers.tobytes(), self._sums(numbers)
        return self._constants[1]

    def _sums(self, numbers: Array) -> dict[str, Array]:
        """Return the constant letters as matrices."""
        found, place = dict[str, Array](), 0
        for name, entries in self.form.constants.items():
            vector = np.zeros(len(self._norms), dtype=complex)
            for number, (string, k) in zip(numbers[place:], entries, strict=False):
                vector[string] += number * 1j**k
            found[name], place = self.matrix(vector), place + len(entries)
        return found


def _dense(members: Sequence[Member]) -> Array:
    """Return one site's basis, (d², d, d)."""
    d = round(len(members)**0.5)
    result = np.zeros((len(members), d, d), dtype=complex)
    for k, entries in enumerate(members):
        for (i, j), value in entries.items():
            result[k, i, j] = complex(value)
    return result
