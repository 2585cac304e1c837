"""Sturm chains for hand-written certificates, by SymPy's polynomial division."""

import sympy as sp

UNKNOWN = sp.Symbol("x")


def number(q):
    return int(q) if sp.Rational(q).q == 1 else str(sp.Rational(q))


def roots(poly, count, low, high, lhs=None):
    """A step that says how many zeros a polynomial in x has between two numbers; lhs is another form of it."""
    p = sp.Poly(poly, UNKNOWN)
    chain, quotients = [p, p.diff()], []
    while chain[-1]:
        quotient, rest = sp.div(chain[-2], chain[-1])
        quotients.append(quotient)
        chain.append(-rest)
    ends = [[number(link.eval(sp.Rational(y))) for link in chain[:-1]] for y in (low, high)]
    return {"kind": "roots", "lhs": lhs or expression(p), "count": [count, low, high],
            "by": [*ends, *map(expression, quotients)]}


def expression(p):
    """A polynomial in the language of certificates."""
    return ["+", 0, *(["*", number(c), ["^", "x", k]] for (k,), c in p.terms())]
