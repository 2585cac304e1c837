"""What every Hamiltonian term has, and the checks that terms share."""

import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Annotated, Any, ClassVar, Self

import sympy as sp

from qllg_sym.algebra.scalars import Coefficient, real_coefficient
from qllg_sym.display import in_html
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Letter, Vector
from qllg_sym.model.space import Space
from qllg_sym.model.sums import Additive, scaled

ROUNDING = sp.Rational(1, 10**10)       # of the largest entry: what a matrix of floats may miss being symmetric by


# Types of the fields of a term: what a model file and a graph of bonds read of it, and how its values are made exact.
Vector3 = Annotated[Any, "vector"]              # three coefficients
Matrix3 = Annotated[Any, "matrix"]              # 3×3 coefficients, or a scalar a for a·1
Factor3 = Annotated[Any, "factor"]              # a coefficient, or a 3×3 matrix of them
Symmetric3 = Annotated[Any, "symmetric"]        # a symmetric 3×3 matrix of coefficients
Site = Annotated[int, "site"]
Sites = Annotated[Any, "sites"]                 # one site, several, or None for all


@dataclass(frozen=True)
class Term(Additive):
    """One additive part of a Hamiltonian, in a file of its own under `model/terms/`: a frozen dataclass.

    Its fields have the types above, in any number and of any names: coefficients are made exact and real, sites are
    checked to exist and to differ, in Python as in model files. `kind` names it there; `latex` is its formula, and
    `describe` prints it with the numbers of its sites. `linear` names the fields in which H is linear, by default the
    first one: a coefficient before the term multiplies them; `unit` says whether they are energies or fields.
    `classical` (optional) is its energy in PRL's classical Hamiltonian, |m| = 1, and `describe_classical` its line
    there.
    """

    kind: ClassVar[str]
    latex: ClassVar[str]
    linear: ClassVar[tuple[str, ...]] = ()
    unit: ClassVar[str] = "energy"

    def __post_init__(self) -> None:
        for name, read in _typed(self, _READERS):
            object.__setattr__(self, name, read(getattr(self, name), name))

    def _repr_html_(self) -> str:
        """The formula for a notebook, and what stands in it."""
        return in_html(repr(self), self.latex)

    @property
    def parts(self) -> tuple[Self, ...]:
        """The term itself."""
        return (self,)

    def times(self, factor: sp.Expr) -> Self:
        """The term with its couplings multiplied."""
        names = self.linear or (fields(self)[0].name,)
        return replace(self, **{name: scaled(getattr(self, name), factor) for name in names})

    @property
    def words(self) -> str:
        """What a reader calls it: its class, by the name that users write."""
        return type(self).__name__

    @property
    def counted(self) -> "tuple[tuple[Term, int], ...]":
        """The different terms that it stands for, and how often each comes: itself, once."""
        return ((self, 1),)

    def check(self, space: Space) -> None:
        """Raise ModelError if this term does not fit the space."""
        at = {name: space.check_site(getattr(self, name), name) for name, _ in _typed(self, {Site: None})}
        for name, other in combinations(at, 2):
            if at[name] == at[other]:
                what = "name the two ends of the bond" if len(at) == 2 else "name each site once"
                raise ModelError(f"`{name}` and `{other}` must be different sites, but both are {at[name]}; {what}.")
        for name, _ in _typed(self, {Sites: None}):
            for site in getattr(self, name) or ():
                space.check_site(site, name)

    def coefficients(self) -> Iterable[sp.Expr]:
        """All coefficient expressions: their symbols are parameters of the model."""
        return [c for _, value in letters_of(self) for c in _flat(value)]

    def hamiltonian(self, x: Context) -> Letter:
        """The term in the letters of a context; a term's file writes it."""
        raise NotImplementedError(f"{type(self).__name__} has no formula")

    def describe(self) -> str:
        """One line: name, formula, values of its symbols, sign convention, counting; a term's file writes it."""
        raise NotImplementedError(f"{type(self).__name__} has no description")


def sites_of(term: type[Term]) -> list[str]:
    """Return the names of the fields of a class of terms that are sites.

    >>> from qllg_sym import Exchange; sites_of(Exchange)
    ['i', 'j']
    """
    return [item.name for item in fields(term) if item.type == Site]


def letters_of(holder: Any) -> list[tuple[str, Any]]:
    """Return the coefficients of a term or a law by the letters of its formula.

    >>> from qllg_sym import Zeeman; letters_of(Zeeman((0, 0, 1)))
    [('B', (0, 0, 1)), ('g', 1)]
    """
    found = ((name, getattr(holder, name)) for name, _ in _typed(holder, _DEPTHS))
    return [(name, sp.S.One if value is None else value) for name, value in found]


def depths(term: type[Term]) -> tuple[int, ...]:
    """Return how deep lists are nested in the first argument of a class of terms: a number 0, a vector 1, a matrix 2.

    >>> from qllg_sym import DMI, Bilinear; depths(DMI), depths(Bilinear)
    ((1,), (0, 2))
    """
    return _DEPTHS.get(fields(term)[0].type, ())


def _typed(term: Term, types: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names of the fields of some types, and what stands for their type."""
    for item in fields(term):
        if item.type in types:
            yield item.name, types[item.type]


def _flat(value: Any) -> Iterator[sp.Expr]:
    """Yield the entries of nested tuples."""
    for item in value if isinstance(value, tuple) else ():
        yield from _flat(item)
    if not isinstance(value, tuple):
        yield value


def several_sites(value: Any, argument: str) -> tuple[int, ...] | None:
    """Return sites as different plain integers; None stands for all.

    >>> several_sites([2, 0], "sites"), several_sites(1, "sites")
    ((2, 0), (1,))
    """
    if value is None:
        return None
    sites = tuple(value) if isinstance(value, Iterable) else (value,)
    if not all(isinstance(site, numbers.Integral) and not isinstance(site, bool) for site in sites):
        raise InputTypeError(f"`{argument}` must be site numbers, but is {value!r}; write {argument}=[0, 1].")
    if len(set(sites)) != len(sites) or not sites:
        raise ModelError(f"`{argument}` must be different sites, but is {list(sites)}; name each site once.")
    return tuple(int(site) for site in sites)


def vector(value: Any, argument: str) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return three exact real coefficients.

    >>> vector((0, 0.5, 1), "B")
    (0, 1/2, 1)
    """
    several = isinstance(value, (Iterable, sp.MatrixBase)) and not isinstance(value, (str, bytes))
    items = list(value) if several else [value]
    if len(items) != 3:
        raise ModelError(f"`{argument}` must have three components, but has {len(items)}; "
                         f"write {argument}=({argument}x, {argument}y, {argument}z).")
    x, y, z = (real_coefficient(item, argument) for item in items)
    return x, y, z


def matrix3(value: Any, argument: str) -> tuple[tuple[sp.Expr, ...], ...]:
    """Return a 3×3 matrix of exact real coefficients; a scalar a stands for a·1.

    >>> matrix3(2, "M")[0]
    (2, 0, 0)
    """
    if isinstance(value, (numbers.Number, sp.Expr)) and not isinstance(value, (bool, sp.MatrixBase, sp.MatrixExpr)):
        diagonal = real_coefficient(value, argument)
        return tuple(tuple(diagonal if i == j else sp.S.Zero for j in range(3)) for i in range(3))
    rows = _rows(value)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or \
            [len(r) if isinstance(r, Sequence) else 0 for r in rows] != [3, 3, 3]:
        shown = " ".join(repr(value).split())
        raise InputTypeError(f"`{argument}` must be a 3×3 real matrix, but is {shown}; give three rows of three.")
    return tuple(tuple(real_coefficient(item, argument) for item in row) for row in rows)


def factor3(value: Any, argument: str) -> Any:
    """Return one exact coefficient, or a 3×3 matrix of them; None stays, for what the model's units say.

    >>> factor3(2, "g"), factor3([[2, 0, 0], [0, 2, 0], [0, 0, 2.5]], "g")[2]
    (2, (0, 0, 5/2))
    """
    if value is None:
        return None
    return matrix3(value, argument) if _rows(value) is not value or isinstance(value, (list, tuple, sp.MatrixBase)) \
        else real_coefficient(value, argument)


def _rows(value: Any) -> Any:
    """Return nested lists of an array's own numbers: `tolist` would give floats of 32 bits digits that they lack."""
    if hasattr(value, "dtype") and getattr(value, "ndim", 0) > 0 and not hasattr(value, "mask"):
        return [_rows(item) for item in value]
    rows = value.tolist() if hasattr(value, "tolist") and not hasattr(value, "dtype") else value
    return [_rows(row) if hasattr(row, "tolist") else row for row in rows] if isinstance(rows, Sequence) else rows


def symmetric(value: Any, argument: str) -> tuple[tuple[sp.Expr, ...], ...]:
    """Return a symmetric 3×3 matrix; of one of floats that is symmetric within 1e-10 its exact symmetric part.

    >>> a = symmetric([[0, 0.3, 0], [0.1 + 0.2, 0, 0], [0, 0, 1]], "A"); a[0][1] == a[1][0], round(float(a[0][1]), 15)
    (True, 0.3)
    """
    a = [list(row) for row in matrix3(value, argument)]
    rounded = any(isinstance(item, numbers.Real) and not isinstance(item, numbers.Rational)
                  for row in _rows(value) for item in row)
    size = max((abs(item) for row in a for item in row if item.is_Rational), default=0)
    for k, n in ((0, 1), (0, 2), (1, 2)):
        difference = sp.expand(a[k][n] - a[n][k])
        if difference == 0:
            continue
        if not (rounded and difference.is_Rational and abs(difference) <= ROUNDING * size):
            first, second = (f"{float(x):.6g}" if rounded and x.is_Rational else x for x in (a[k][n], a[n][k]))
            raise ModelError(f"`{argument}` must be symmetric, but {argument}[{k}][{n}] = {first} and "
                             f"{argument}[{n}][{k}] = {second}; give ({argument} + {argument}ᵀ)/2.")
        a[k][n] = a[n][k] = (a[k][n] + a[n][k]) / 2
    return tuple(map(tuple, a))


def bilinear(x: Context, a: Vector, m: Sequence[Sequence[sp.Expr]], b: Vector) -> Letter:
    """Return Σ a_k M_kl b_l in the letters of a context."""
    return x.sum((m[k][n], a[k] * b[n]) for k in range(3) for n in range(3) if m[k][n] != 0)


_READERS: dict[Any, Callable[[Any, str], Any]] = {Coefficient: real_coefficient, Vector3: vector, Matrix3: matrix3,
                                                  Factor3: factor3, Symmetric3: symmetric, Sites: several_sites}
_DEPTHS: dict[Any, tuple[int, ...]] = {Coefficient: (0,), Vector3: (1,), Matrix3: (0, 2), Factor3: (0, 2),
                                       Symmetric3: (2,)}
