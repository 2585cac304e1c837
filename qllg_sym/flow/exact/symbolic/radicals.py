"""Polynomials in parameters, i and square roots, reduced by the squares of these: a normal form for what is equal."""

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring


class Radicals:
    r"""The ring $\mathbb Q[w_1, w_2, \dots, i, \text{parameters}]$ with $w_k^2$ given and $i^2 = -1$.

    Args:
        expressions: what it is to hold; square roots of rationals become products of roots of primes.
        roots: {w: w²}, symbols that stand for real square roots of expressions.

    >>> field = Radicals([sp.sqrt(6) * sp.I])
    >>> field.written(field.lift(sp.sqrt(6) * sp.I)**2)
    -6
    """

    def __init__(self, expressions: Iterable[Any], roots: Mapping[sp.Dummy, Any] | None = None) -> None:
        self.unit = sp.Dummy("i")
        self.primes: dict[int, sp.Dummy] = {}
        plain = [self._plain(sp.S(1) * e) for e in expressions]
        self.roots = dict(roots or {})
        plain += [self._plain(square) for square in self.roots.values()]
        special = {self.unit, *self.primes.values(), *self.roots}
        atoms = sorted(set().union(*map(atoms_in, plain)) - special, key=sp.default_sort_key)
        self.parameters = tuple(atoms)
        self.ring: PolyRing = make_ring([*list(self.roots)[::-1], *self.primes.values(), self.unit, *atoms])
        self._place = self.ring.symbols.index(self.unit)
        squares = {self.unit: sp.S(-1), **{w: sp.Integer(p) for p, w in self.primes.items()}}
        self._squares: list[tuple[int, PolyElement]] = []       # the later ones hold the earlier
        for w, square in [*squares.items(), *self.roots.items()]:
            self._squares.insert(0, (self.ring.symbols.index(w), self.reduced(to_ring(self.ring, self._plain(square)))))

    def _plain(self, expression: Any) -> Any:
        """An expression with symbols for i and for roots of primes."""
        images: dict[Any, Any] = {sp.I: self.unit}
        for power in expression.atoms(sp.Pow):
            if power.exp.is_Rational and power.exp.q == 2 and power.base.is_Integer and power.base > 0:
                factors = sp.factorint(power.base)
                images[power] = sp.Mul(*(self.primes.setdefault(int(p), sp.Dummy(f"root{p}"))**e
                                         for p, e in factors.items()))**int(2 * power.exp)
        return expression.xreplace(images)

    def holds(self, expression: Any) -> bool:
        """Whether an expression is in the ring."""
        known = dict(self.primes)
        try:
            self.lift(expression)
        except ValueError:
            self.primes = known
            return False
        return True

    def lift(self, expression: Any) -> PolyElement:
        """Return an expression as an element.

        Raises:
            ValueError: it has a generator that the ring lacks.
        """
        known = dict(self.primes)
        plain = self._plain(sp.S(1) * expression)
        if missing := atoms_in(plain) - {*self.ring.symbols}:
            self.primes = known
            raise ValueError(f"the ring lacks {missing}")
        return self.reduced(to_ring(self.ring, plain))

    def reduced(self, p: PolyElement) -> PolyElement:
        """Return the normal form: no square of i or of a root."""
        for k, square in self._squares:
            if any(m[k] > 1 for m in p):
                parts: dict[int, dict[tuple[int, ...], Any]] = {}
                for m, c in p.terms():
                    parts.setdefault(m[k] // 2, {})[(*m[:k], m[k] % 2, *m[k + 1:])] = c
                p = sum((self.ring.from_dict(part) * square**power for power, part in parts.items()), self.ring.zero)
        return p

    def conjugate(self, p: PolyElement) -> PolyElement:
        """Return the complex conjugate: i becomes −i."""
        return self.ring.from_dict({m: -c if m[self._place] % 2 else c for m, c in p.terms()})

    def parts(self, p: PolyElement) -> tuple[PolyElement, PolyElement]:
        """Return the real and the imaginary part of a normal form."""
        k = self._place
        real = {m: c for m, c in p.terms() if not m[k]}
        rest = {tuple(0 if n == k else e for n, e in enumerate(m)): c for m, c in p.terms() if m[k]}
        return self.ring.from_dict(real), self.ring.from_dict(rest)

    def times_unit(self, p: PolyElement) -> PolyElement:
        """Return i p."""
        return self.reduced(p * self.ring.gens[self._place])

    def without_unit(self, exponents: tuple[int, ...]) -> tuple[int, ...]:
        """Return the exponents of a monomial but for that of i."""
        return exponents[:self._place] + exponents[self._place + 1:]

    def monomial(self, exponents: tuple[int, ...], re: Any, im: Any) -> PolyElement:
        """Return (re + i im) times the monomial that has these exponents beside i."""
        k = self._place
        both = {(*exponents[:k], power, *exponents[k:]): c for power, c in enumerate((re, im)) if c}
        return self.ring.from_dict(both)

    def written(self, p: PolyElement) -> sp.Expr:
        """Return an element as an expression."""
        images: dict[Any, Any] = {self.unit: sp.I, **{w: sp.sqrt(n) for n, w in self.primes.items()}}
        roots = {w: sp.sqrt(square) for w, square in self.roots.items()}
        return to_expr(p).xreplace(roots).xreplace(images)

    def inverse(self, x: PolyElement) -> tuple[PolyElement, PolyElement]:
        """Return (y, n) with x y = n and no root in n: y is the product over the signs of every root in x."""
        total = self.ring.one
        for w in [*self.roots, *self.primes.values()]:
            k = self.ring.symbols.index(w)
            if x.degree(k) > 0:
                other = self.ring.from_dict({m: -c if m[k] % 2 else c for m, c in x.terms()})
                total, x = self.reduced(total * other), self.reduced(x * other)
        return total, x

    def quotient(self, top: PolyElement, low: PolyElement) -> sp.Expr:
        """Return a quotient as an expression, common factors taken out, those w of w² below the line too."""
        _, top, low = top.cofactors(low)
        extra = sp.S.One
        for k, square in self._squares:
            generator = self.ring.gens[k]
            if not (square.is_ground or top.rem(generator) or low.rem(square)):
                top, low = top.exquo(generator), low.exquo(square)
                extra = extra * self.written(generator)
        return self.written(top) / (self.written(low) * extra)
