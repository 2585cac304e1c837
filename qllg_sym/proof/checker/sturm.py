"""Sturm's theorem: the number of distinct zeros of a polynomial in one real scalar between two rationals.

The chain p, p', and then each link the rest of the two before it, times −1, ends in 0. It changes its sign more often
at the lower end than at the upper one: by the number of zeros between them.
"""

from itertools import pairwise
from typing import Any

from .certificate import Certificate, number
from .polynomial import Number, Polynomial, atom, need, scalar
from .ring import Ring


def roots(claim: Certificate, x: Polynomial, count: Any, low: Any, high: Any, at_low: Any, at_high: Any,
          *quotients: Any) -> None:
    """Refuse unless x has `count` distinct zeros between `low` and `high`, which are none.

    A certificate gives the values of the chain at both ends, and the quotients by which the links divide.
    """
    unknown = the_unknown(claim, x)
    links = [x, slope(claim.ring, x)]
    for quotient in quotients:
        links.append(claim.ring.subtract(claim.ring.multiply(claim.polynomial(quotient), links[-1]), links[-2]))
    need(all(is_plain(link, unknown) for link in links) and not links.pop() and number(low) < number(high),
         "the chain does not end in 0, or no interval")
    changes = [sign_changes(claim.ring, links, number(end), values)
               for end, values in ((low, at_low), (high, at_high))]
    need(type(count) is int and changes[0] - changes[1] == count, "the zeros are counted wrongly")


def the_unknown(claim: Certificate, x: Polynomial) -> str:
    """The one scalar in a polynomial, which must be real."""
    unknown, *others = {atom for monomial, _ in x for atom, _ in monomial} or [""]
    need(not others and claim.scalars.get(unknown) == unknown, "the unknown is no real scalar")
    claim.starred.append(unknown)
    return unknown


def is_plain(x: Polynomial, unknown: str) -> bool:
    """Whether a polynomial holds nothing but numbers and powers of the unknown."""
    return all({name for name, _ in monomial} <= {unknown} and not word for monomial, word in x)


def slope(ring: Ring, x: Polynomial) -> Polynomial:
    """The derivative of a polynomial by its unknown."""
    return ring.add(*(ring.multiply(scalar(c * e), ring.power(atom(name), e - 1))
                      for (monomial, _), c in x.items() for name, e in monomial))


def sign_changes(ring: Ring, links: list[Polynomial], end: Number, values: Any) -> int:
    """How often the sign changes along the chain at an end; the values there are given, and must be right."""
    at_end = [ring.substitute(link, lambda _, e, whole: ring.power(scalar(end), e)) for link in links]
    need(at_end == [scalar(number(value)) for value in values] and at_end[0], "a value is wrong, or an end is a zero")
    return sum(number(a) * number(b) < 0 for a, b in pairwise(filter(None, values)))
