"""The linear flow about any fixed point, from the derivatives of the implicit equations: mass · J = −∂residual/∂y."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.stationary.eigenspaces import eigenspaces
from qllg_sym.analysis.stationary.extension import field_of, square_free
from qllg_sym.analysis.stationary.linearisation import Linearisation
from qllg_sym.analysis.stationary.roots_form import in_square_roots
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError

DIGITS = 30                 # of matrices and rates in numbers
SMALL = mpmath.mpf(10) ** -20
WRITTEN_OUT = 3             # states up to which matrices with square roots of parameters are inverted
Rate = tuple[sp.Expr, sp.Expr]
AnyMatrix = Any             # of SymPy, mutable or not
Modes = tuple[tuple[sp.Expr, ...], ...]


@dataclass(frozen=True, repr=False)
class ImplicitLinearisation(Linearisation):
    """The linear flow from ∂residual/∂y and the mass, exact where their field is known, else to 30 digits."""

    @cached_property
    def matrix(self) -> sp.ImmutableMatrix:
        """J = ∂ẏ/∂y, (n, n)."""
        mass, slope = self._parts
        if self._domain is not None:
            domain = self._domain
            left, right = (_in_domain(part, domain) for part in (mass, slope))
            found = -(left.inv() * right) if left.shape else left
            return sp.ImmutableMatrix(found.to_Matrix())
        if not self.is_exact:
            with mpmath.workdps(DIGITS + 10):
                found = -(mpmath.inverse(_numeric(mass)) * _numeric(slope))
                return sp.ImmutableMatrix(found.rows, found.cols, lambda i, j: _written(found[i, j], _size(found)))
        inverse = mass.adjugate() / in_square_roots(sp.expand(mass.det()))
        return sp.ImmutableMatrix((-inverse * slope).applyfunc(lambda e: in_square_roots(sp.expand(e))))

    @cached_property
    def is_exact(self) -> bool:
        """Whether the matrix is exact: with numbers that no field here has, it is in numbers."""
        if self._domain is not None:
            return True
        entries = [e for part in self._parts for e in part.flat()]
        if not any(e.free_symbols for e in entries):
            return False
        if len(self.states) > WRITTEN_OUT:
            raise DerivationError("`at` must be rational in the parameters for more than three states, but is not; "
                                  "give values to fixed_points().")
        return True

    @property
    def growth(self) -> tuple[sp.Expr, ...]:
        """Real parts of the rates, 1/time."""
        return tuple(re for (re, _), _ in self._spectrum)

    @property
    def frequencies(self) -> tuple[sp.Expr, ...]:
        """Imaginary parts of the rates, 1/time."""
        return tuple(im for (_, im), _ in self._spectrum)

    @property
    def modes(self) -> Modes:
        """Eigenvectors of J, one for each rate."""
        return tuple(mode for _, mode in self._spectrum)

    @cached_property
    def _spectrum(self) -> list[tuple[Rate, tuple[sp.Expr, ...]]]:
        if self._domain is not None:
            return _of_field(self.matrix, self._domain)
        return _of_few(self.matrix) if self.is_exact else _of_numbers(self.matrix)

    @cached_property
    def _parts(self) -> tuple[sp.Matrix, sp.Matrix]:
        """Mass and ∂residual/∂y at the fixed point, where velocities are zero."""
        components, n = self.components, len(self.states)
        at = {**dict(zip(self.states, self.at, strict=True)), **dict.fromkeys(components.velocities, sp.S.Zero)}
        entries = components.split[0]

        def here(polynomial: Any) -> sp.Expr:
            return in_square_roots(to_expr(polynomial).xreplace(self.at.values).xreplace(at))
        mass = sp.Matrix(n, n, lambda i, j: here(entries[i, j]) if (i, j) in entries else sp.S.Zero)
        return mass, sp.Matrix(n, n, lambda i, j: here(components.polynomials[int(i)].diff(int(j))))

    @cached_property
    def _domain(self) -> Any:
        """The field of all entries, or None."""
        if any(e.atoms(sp.Float) for e in self.at):
            return None
        try:
            return field_of([e for part in self._parts for e in part.flat()])
        except DerivationError:
            return None


def _in_domain(matrix: AnyMatrix, domain: Any) -> Any:
    return DomainMatrix([[domain.from_sympy(e) for e in row] for row in matrix.tolist()], matrix.shape, domain)


def _of_field(matrix: AnyMatrix, domain: Any) -> list[tuple[Rate, tuple[sp.Expr, ...]]]:
    """Rates and modes over the field of the entries."""
    n = matrix.rows
    nothing = DomainMatrix.zeros((n, n), domain).to_dense()
    found = eigenspaces(domain, (_in_domain(matrix, domain), nothing), complex_roots)
    return [(real_and_imaginary_part(level.energy), tuple(re for re, _ in column))
            for level in found for column, _ in level.kets]


def _of_few(matrix: AnyMatrix) -> list[tuple[Rate, tuple[sp.Expr, ...]]]:
    """Rates and modes of at most three states whose matrix has square roots of parameters."""
    coefficients = [in_square_roots(sp.expand(c)) for c in matrix.charpoly(sp.Dummy("x")).all_coeffs()]
    zeros = next(k for k, c in enumerate(reversed(coefficients)) if c != 0)     # what is conserved has rate zero
    rest = coefficients[:len(coefficients) - zeros]
    if len(rest) > 3:
        raise DerivationError("`at` must have rates that are roots of degree two at most, but they are of degree "
                              "three; give values to fixed_points(), or use `matrix`.")
    roots = [-rest[1]] if len(rest) == 2 else _two_roots(*rest[1:]) if len(rest) == 3 else []
    if zeros == matrix.rows and matrix.is_zero_matrix:
        return [((sp.S.Zero, sp.S.Zero), tuple(sp.eye(zeros).row(k))) for k in range(zeros)]
    rates = [(sp.S.Zero, sp.S.Zero)] * zeros + [real_and_imaginary_part(root) for root in roots]
    return [(rate, _null_vector(matrix, rate)) for rate in rates]


def _null_vector(matrix: AnyMatrix, rate: Rate) -> tuple[sp.Expr, ...]:
    """V with (J − λ)v = 0 of three states, λ a single eigenvalue: the vector product of two rows of J − λ."""
    numbers = {s: sp.Rational(2 * k + 7, 3 * k + 5) for k, s in enumerate(sorted(matrix.free_symbols, key=str))}
    shifted = matrix - (rate[0] + sp.I * rate[1]) * sp.eye(3)
    sizes = {pair: max(abs(sp.N(x.xreplace(numbers), 30)) for x in shifted.row(pair[0]).cross(shifted.row(pair[1])))
             for pair in ((0, 1), (0, 2), (1, 2))} if matrix.rows == 3 else {}
    best = max(sizes, key=lambda pair: sizes[pair], default=None)
    if best is None or sizes[best] < 1e-20:
        raise DerivationError("`at` must be a state of three states with three different rates where its values hold "
                              "square roots of parameters; give values to fixed_points(), or use `matrix`.")
    found = shifted.row(best[0]).cross(shifted.row(best[1]))
    pairs = [_parts_of(sp.expand(x)) for x in found]
    return tuple(in_square_roots(re) + sp.I * in_square_roots(im) for re, im in pairs)


def _parts_of(expression: sp.Expr) -> Rate:
    """Real and imaginary part of an expanded expression in real symbols and i."""
    im = expression.coeff(sp.I)
    return sp.expand(expression - sp.I * im), im


def _two_roots(linear: sp.Expr, constant: sp.Expr) -> list[sp.Expr]:
    """The roots of λ² + linear λ + constant."""
    below = in_square_roots(sp.expand(linear**2 / 4 - constant))
    plain = not any(not p.exp.is_Integer for p in below.atoms(sp.Pow))
    outside, inside = square_free(below) if plain else (sp.S.One, below)
    half = in_square_roots(outside * sp.sqrt(-inside)) * sp.I if inside.is_nonpositive else outside * sp.sqrt(inside)
    middle = in_square_roots(-linear / 2)
    return [middle - half, middle + half]


def _of_numbers(matrix: AnyMatrix) -> list[tuple[Rate, tuple[sp.Expr, ...]]]:
    """Rates and modes to 30 digits; what is below 1e-20 of the largest is written as zero."""
    with mpmath.workdps(DIGITS + 10):
        found = _numeric(matrix)
        rates, vectors = mpmath.eig(found)
        size = _size(found)
        return [((_written(rate.real, size), _written(rate.imag, size)),
                 tuple(_written(vectors[i, k].real, 1) + sp.I * _written(vectors[i, k].imag, 1)
                       for i in range(found.rows))) for k, rate in enumerate(rates)]


def _numeric(matrix: AnyMatrix) -> Any:
    return mpmath.matrix([[mpmath.mpmathify(sp.N(e, DIGITS + 10)) for e in row] for row in matrix.tolist()])


def _size(matrix: Any) -> Any:
    return max(1e-300, *(abs(x) for x in matrix))


def _written(value: Any, size: Any) -> sp.Expr:
    return sp.S.Zero if abs(value) < SMALL * size else sp.Float(mpmath.nstr(value, DIGITS), DIGITS)


def complex_roots(modulus: Sequence[Any], domain: Any) -> list[sp.Expr]:
    """Return all roots of a monic irreducible polynomial: radicals up to degree two, `CRootOf` for numbers beyond.

    Raises:
        DerivationError: a degree above two with parameters.

    >>> complex_roots([sp.QQ(1), sp.QQ(0), sp.QQ(4)], sp.QQ)
    [-2*I, 2*I]
    """
    degree = len(modulus) - 1
    if degree == 1:
        return [domain.to_sympy(-modulus[1])]
    if degree == 2:
        return _two_roots(*(domain.to_sympy(c) for c in modulus[1:]))
    if domain.is_QQ:
        x = sp.Dummy("x")
        return [sp.CRootOf(sp.Poly([domain.to_sympy(c) for c in modulus], x), k) for k in range(degree)]
    raise DerivationError("`at` must have rates that are roots of degree two at most, but they are of degree "
                          f"{degree}; give values to fixed_points(), or use `matrix`.")


def real_and_imaginary_part(root: sp.Expr) -> Rate:
    """Return (re, im) of a rate; `re(…)` stays where a square root may be real or imaginary.

    >>> real_and_imaginary_part(2 + 3 * sp.I)
    (2, 3)
    """
    if not root.has(sp.I) and root.is_extended_real:
        return root, sp.S.Zero
    return sp.re(root), sp.im(root)


def forcing_at(components: Components, numbers: Mapping[sp.Symbol, sp.Expr], point: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Return mass · ẏ at given values of the states, in normal form; zero at a fixed point."""
    at = dict(zip(components.states, point, strict=True))
    return [in_square_roots(to_expr(p).xreplace(numbers).xreplace(at)) for p in components.split[1]]
