"""Elements of an associative *-algebra over a real polynomial ring, in a basis that its algebra multiplies.

A key is (k, b): the basis element i^k b with k = 0 or 1, so that every coefficient is real. The three algebras of
the toolkit differ in one method, `product`: operators on sites (`sites.py`), free words (`words.py`), su(2) for any
s at once (`su2.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import make_ring, to_expr

Basis = Any
Key = tuple[int, Basis]


class Algebra(Protocol):
    """What an algebra must know."""

    ring: PolyRing
    unit: Basis

    def product(self, a: Basis, b: Basis) -> Iterable[tuple[int, Basis, Any]]:
        """Return a·b as terms (k, basis element, rational): sum of rational · i^k · element, k any integer."""
        ...


class Element:
    """A finite sum of ring coefficients times basis elements; equality is equality of normal forms."""

    __slots__ = ("algebra", "terms")

    def __init__(self, algebra: Algebra, terms: Mapping[Key, PolyElement]) -> None:
        self.algebra = algebra
        self.terms = {key: c for key, c in terms.items() if c}

    def __add__(self, other: "Element") -> "Element":
        result = dict(self.terms)
        for key, c in other.terms.items():
            result[key] = result[key] + c if key in result else c
        return Element(self.algebra, result)

    def __neg__(self) -> "Element":
        return Element(self.algebra, {key: -c for key, c in self.terms.items()})

    def __sub__(self, other: "Element") -> "Element":
        return self + (-other)

    def __mul__(self, other: Any) -> "Element":
        if not isinstance(other, Element):
            return Element(self.algebra, {key: c * other for key, c in self.terms.items()})
        result: dict[Key, PolyElement] = {}
        table: dict[tuple[Basis, Basis], Any] = {}
        for (k, a), c in self.terms.items():
            for (m, b), e in other.terms.items():
                if (a, b) not in table:
                    table[a, b] = tuple(self.algebra.product(a, b))
                ce = None
                for n, basis, number in table[a, b]:
                    ce = c * e if ce is None else ce
                    turn = (k + m + n) % 4
                    key = (turn % 2, basis)
                    value = -ce if turn >= 2 else ce
                    value = value if number == 1 else value * number
                    result[key] = result[key] + value if key in result else value
        return Element(self.algebra, result)

    def __rmul__(self, scalar: Any) -> "Element":
        return self * scalar

    def times_i(self) -> "Element":
        """Return i times this element.

        >>> from qllg_sym.algebra.words import words
        >>> rho, = words("rho"); (rho.times_i().times_i() + rho).is_zero
        True
        """
        return Element(self.algebra, {(1 - k, b): -c if k else c for (k, b), c in self.terms.items()})

    @property
    def is_zero(self) -> bool:
        """Whether this is exactly zero."""
        return not self.terms

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Element):
            return False
        if self.algebra.ring == other.algebra.ring:
            return (self - other).is_zero
        return _in_symbols(self) == _in_symbols(other)

    __hash__ = None  # type: ignore[assignment]  # equality is by value and terms are mutable dicts

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the ring's generators and plain numbers: SymPy's rings do not travel once they were used."""
        algebra, ring = self.algebra, self.algebra.ring
        terms = {key: list(c.terms()) for key, c in self.terms.items()}
        return _rebuilt, (type(algebra), getattr(algebra, "spins", None), ring.symbols, terms)

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Element: {len(self.terms)} terms of a {type(self.algebra).__name__}>"

    def coefficient(self, basis: Basis, k: int = 0) -> PolyElement:
        """Return the coefficient of i^k times a basis element."""
        return self.terms.get((k, basis), self.algebra.ring.zero)


def _rebuilt(algebra: Callable[..., Algebra], spins: Any, symbols: Any, terms: Mapping[Key, Any]) -> Element:
    """Return the element that `Element.__reduce__` took apart."""
    ring = make_ring(symbols)
    home = algebra(ring) if spins is None else algebra(spins, ring)
    return Element(home, {key: ring.from_dict(dict(c)) for key, c in terms.items()})


def _in_symbols(element: Element) -> dict[Key, Any]:
    """The coefficients as expressions, for elements over different rings."""
    return {key: to_expr(c) for key, c in element.terms.items()}


def commutator(a: Element, b: Element) -> Element:
    """Return [a, b] = ab − ba.

    >>> from qllg_sym.algebra.words import words
    >>> a, b = words("a", "b"); (commutator(a, b) + commutator(b, a)).is_zero
    True
    """
    return a * b - b * a
