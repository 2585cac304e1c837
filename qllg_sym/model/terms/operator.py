"""Any Hermitian matrix as a Hamiltonian term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from numbers import Complex, Rational, Real
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import number_text, real_and_imaginary, real_coefficient
from qllg_sym.algebra.sites import String
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.expansion import expand_matrix
from qllg_sym.model.space import Space
from qllg_sym.model.sums import scaled
from qllg_sym.model.term import Sites, Term

ROUNDING = Fraction(1, 10**10)      # of the largest entry: what a matrix of floats may miss being Hermitian by
Numbers = tuple[tuple[tuple[int, int, int, int], ...], ...]     # re = a/b, im = c/d of every entry


@dataclass(frozen=True, repr=False)
class Operator(ByFields, Term):
    r"""$H = \hat H$, a Hermitian matrix in the standard basis |m₀ m₁ …⟩, site 0 leftmost, m = s first.

    Args:
        matrix: (d, d) nested sequence, NumPy array, SciPy sparse matrix, SymPy matrix, or QuTiP Qobj, energies; floats
            become the rationals that they print as. A matrix of floats is Hermitian within 1e-10 of its largest entry,
            and its exact Hermitian part is taken; an exact one is exactly Hermitian.
        sites: the sites that it acts on, the first the leftmost factor of the matrix; every site when None.

    Raises:
        ModelError: not square, not Hermitian, of another size than its sites, or sites that do not exist or repeat.
        InputTypeError: not a matrix.

    >>> Operator([[1, 0], [0, -1]]).rows
    ((1, 0), (0, -1))
    """

    matrix: Any = field(repr=False, compare=False)
    sites: Sites = None
    rational: Numbers | None = field(init=False, repr=False)
    entries: tuple[tuple[sp.Expr, ...], ...] = field(init=False, repr=False)
    kind: ClassVar[str] = "operator"
    latex: ClassVar[str] = r"\hat H"

    def __post_init__(self) -> None:
        super().__post_init__()
        rational, entries = _read(self.matrix)
        object.__setattr__(self, "rational", rational)
        object.__setattr__(self, "entries", entries)

    @property
    def numbers(self) -> Numbers | None:
        """The entries of a matrix of numbers on the whole space, which need not be expanded; None for others."""
        return self.rational if self.sites is None else None

    @cached_property
    def rows(self) -> tuple[tuple[sp.Expr, ...], ...]:
        """The entries as exact expressions re + i·im."""
        if self.rational is None:
            return self.entries
        return tuple(tuple(sp.Rational(a, b) + sp.I * sp.Rational(c, d) for a, b, c, d in row) for row in self.rational)

    def times(self, factor: sp.Expr) -> "Operator":
        """Every entry times a coefficient."""
        return Operator(scaled(self.rows, factor), self.sites)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.entries if self.rational is None else self.rational)

    def check(self, space: Space) -> None:
        """Raise unless the sites exist, and the matrix is as large as their product basis."""
        super().check(space)
        dims = space.dimensions if self.sites is None else tuple(space.dimensions[site] for site in self.sites)
        d, factors = prod(dims), getattr(self.matrix, "dims", None) if hasattr(self.matrix, "full") else None   # Qobj
        if factors and self.size == d and tuple(n for n in factors[0] if n != 1) not in ((d,), dims):
            raise ModelError(f"`matrix` must have the dims {list(dims)}, one a site, but is a Qobj of {factors[0]}; "
                             "order its factors as the sites are.")
        if self.size != d:
            where, what = (space, "all sites") if self.sites is None else (f"sites {list(self.sites)}", "these sites")
            raise ModelError(f"`matrix` must be {d} × {d} for {where}, but is {self.size} × {self.size}; give it in "
                             f"the product basis of {what}.")

    def coefficients(self) -> Iterable[sp.Expr]:
        """Real and imaginary parts of the entries; none where all are numbers."""
        return [part for row in self.entries for entry in row for part in real_and_imaginary(entry)]

    @cached_property
    def _expansions(self) -> dict[tuple[Fraction, ...], Mapping[String, sp.Expr]]:
        """What was found for each space: a matrix of 64 rows takes seconds, and every pass of a model asks anew."""
        return {}

    def expansion(self, spins: tuple[Fraction, ...]) -> Mapping[String, sp.Expr]:
        """Return the coefficients of the matrix in the site bases of the given spins, those of all sites."""
        if spins not in self._expansions:
            self._expansions[spins] = self._expanded(spins)
        return self._expansions[spins]

    def _expanded(self, spins: tuple[Fraction, ...]) -> Mapping[String, sp.Expr]:
        sites = range(len(spins)) if self.sites is None else self.sites
        found = expand_matrix(self.rows, [spins[site] for site in sites])
        places = [tuple(sites).index(site) if site in sites else None for site in range(len(spins))]
        return {tuple(0 if k is None else s[k] for k in places): c for s, c in found.items()}

    def hamiltonian(self, x: Context) -> Letter:
        """Σ Tr(A M)/n · A over basis strings A."""
        found = self.expansion(x.spins)
        return x.sum((found[s], x.string(s)) for s in sorted(found))

    def describe(self) -> str:
        """One line for `Model.describe`."""
        where = "" if self.sites is None else f" on sites {list(self.sites)}"
        return f"Operator    +Ĥ, a Hermitian matrix{where}, {self.size} × {self.size} [energy]"


def entries_of(matrix: Any) -> tuple[tuple[sp.Expr, ...], ...]:
    """Return the entries of any square matrix as exact expressions re + i·im.

    >>> entries_of([[0, 0.5j], [0, 0]])
    ((0, I/2), (0, 0))
    """
    return tuple(tuple(_entry(item) for item in row) for row in _square(matrix))


def _read(matrix: Any) -> tuple[Numbers | None, tuple[tuple[sp.Expr, ...], ...]]:
    """Return the entries of a Hermitian matrix as integers where all are rational, else as expressions."""
    rows = _square(matrix)
    known: dict[Any, Any] = {}
    pairs: Any = [[_rational(item, known) for item in row] for row in rows]
    inexact = any(_is_float(item) for row in rows for item in row)
    if any(pair is None for row in pairs for pair in row):
        entries = tuple(tuple(_entry(item) for item in row) for row in rows)
        for i in range(len(entries)):
            for j in range(i + 1):
                if sp.expand(entries[i][j] - sp.conjugate(entries[j][i])) != 0:
                    raise _skew(i, j, entries[i][j], entries[j][i])
        return None, entries
    _make_hermitian(pairs, inexact)
    return tuple(tuple((*re.as_integer_ratio(), *im.as_integer_ratio()) for re, im in row) for row in pairs), ()


def _make_hermitian(pairs: Any, inexact: bool) -> None:
    """Put the exact Hermitian part in place of entries (re, im) that differ from it by the rounding of floats."""
    largest = max(max(abs(re), abs(im)) for row in pairs for re, im in row) if inexact else 0
    for i, row in enumerate(pairs):
        for j in range(i + 1):
            (a, b), (c, d) = row[j], pairs[j][i]
            if a == c and b == -d:
                continue
            if max(abs(a - c), abs(b + d)) > ROUNDING * largest:
                raise _skew(i, j, complex(a, b), complex(c, d))
            row[j], pairs[j][i] = ((a + c) / 2, (b - d) / 2), ((a + c) / 2, (d - b) / 2)


def _skew(i: int, j: int, entry: Any, mirror: Any) -> ModelError:
    """The error for a matrix that is not Hermitian."""
    if i == j:
        return ModelError(f"`matrix` must be Hermitian, but the diagonal entry ({i}, {i}) is {_short(entry)}, which is "
                          "not real; give (M + M†)/2.")
    return ModelError(f"`matrix` must be Hermitian, but entry ({i}, {j}) is {_short(entry)} and entry ({j}, {i}) is "
                      f"{_short(mirror)}; give (M + M†)/2.")


def _short(entry: Any) -> str:
    """An entry in a message, numbers in six digits."""
    if isinstance(entry, complex):
        return f"{entry:.6g}" if entry.imag else f"{entry.real:.6g}"
    return str(entry)


def _square(matrix: Any) -> Any:
    """The entries in rows, of any type."""
    if hasattr(matrix, "mask"):
        raise InputTypeError("`matrix` must be a matrix without a mask, but is a masked array; give a plain array.")
    data = matrix.full() if hasattr(matrix, "full") else matrix.toarray() if hasattr(matrix, "toarray") else matrix
    data = data.tolist() if hasattr(data, "tolist") and str(getattr(data, "dtype", "")) not in SHORT else data
    data = list(map(list, data)) if hasattr(data, "dtype") and getattr(data, "ndim", 0) == 2 else data
    if not isinstance(data, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in data):
        raise InputTypeError(f"`matrix` must be a square matrix, but is of type {type(matrix).__name__}; "
                             "give nested lists, a NumPy array, a SciPy sparse matrix, a SymPy matrix or a Qobj.")
    if not data or any(len(row) != len(data) for row in data):
        raise ModelError("`matrix` must be square, but its rows differ in length; give a d × d matrix.")
    return data


SHORT = ("float32", "float16", "complex64")     # print fewer digits than the doubles that `tolist` makes of them


def _is_float(value: Any) -> bool:
    """Whether a number carries rounding."""
    return value.has(sp.Float) if isinstance(value, sp.Expr) else not isinstance(value, Rational)


def _rational(value: Any, known: dict[Any, Any]) -> tuple[Fraction, Fraction] | None:
    """The parts of an entry as fractions, each text read once; None where it is no plain rational number."""
    if isinstance(value, sp.Expr):
        re, im = value.as_real_imag() if not value.free_symbols else (value, value)
        parts: list[Any] = [sp.Rational(str(part)) if part.is_Float else part for part in (re, im)]
        if not all(part.is_Rational for part in parts):
            return None
        return Fraction(int(parts[0].p), int(parts[0].q)), Fraction(int(parts[1].p), int(parts[1].q))
    if not isinstance(value, Complex) or isinstance(value, bool):
        return None
    found = []
    for part in (value,) if isinstance(value, Real) else (value.real, value.imag):
        text = number_text(part, "matrix[i, j]")
        if text not in known:
            known[text] = Fraction(text)
        found.append(known[text])
    return found[0], found[1] if len(found) == 2 else Fraction(0)


def _entry(value: Any) -> sp.Expr:
    if isinstance(value, sp.Expr):
        re, im = real_and_imaginary(value)
    elif isinstance(value, Complex) and not isinstance(value, Real):
        re, im = value.real, value.imag
    else:
        re, im = value, 0
    return real_coefficient(re, "matrix") + sp.I * real_coefficient(im, "matrix")
