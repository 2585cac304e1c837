r"""The theorem that a polynomial is constant: $\dot P = \nabla P\cdot\dot y = \sum_i \lambda_i r_i$ for residuals r."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from random import Random
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.analysis.conservation.coefficients import Coefficients
from qllg_sym.analysis.conservation.system import Vector
from qllg_sym.proof.language import D, Node, hypothesis, node, product, scalars
from qllg_sym.proof.numeric import Number, Point, gaussian
from qllg_sym.proof.random_points import linear_solution, rational
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem

TAKEN = {"i", "D", "tr", "star", "matrix", "sq", "comm"}      # words of the language of proofs
Terms = dict[tuple[sp.Expr, ...], Any]      # a polynomial: the symbols of each product, with their rational number


@dataclass(frozen=True, eq=False)
class Identity:
    """What makes a polynomial constant, free of denominators: each term a product of symbols.

    Attributes:
        states, velocities: in the same order.
        constant: P.
        residuals: r by state.
        multipliers: λ by state; those that are zero are left out.
    """

    states: tuple[sp.Expr, ...]
    velocities: tuple[sp.Expr, ...]
    constant: Terms
    residuals: tuple[Terms, ...]
    multipliers: dict[int, Terms]


def conservation_of(coefficients: Coefficients, p: PolyElement, degree: int) -> Identity:
    """Return the identity of a constant over the field, whose multipliers have degree n − 1 at most."""
    components, system = coefficients.components, coefficients.exact
    total: Vector = {}
    for part in system.multipliers(p, degree):
        for i, x in part.items():
            total[i] = total.get(i, system.ring.zero) + x
    if system.scale is not None:        # they multiply the residual divided by the mass at y = 0
        total = {i: sum((x * system.scale[j, i].element for j, x in total.items()), system.ring.zero)
                 for i in range(system.count)}
    residuals = [_over_field(coefficients, r) for r in components.polynomials]
    lows = [_denominator(coefficients, r.values()) for r in residuals]
    own = (*components.states, *coefficients.clocks)
    multipliers = {i: {_symbols(own, m): c / lows[i] for m, c in x.terms()} for i, x in total.items() if x}
    constant = {_symbols(own, m): c for m, c in p.terms()}
    whole = _denominator(coefficients, [*constant.values(), *(c for x in multipliers.values() for c in x.values())])
    return Identity(components.states, components.velocities, _cleared(coefficients, constant, whole),
                    tuple(_cleared(coefficients, r, low) for r, low in zip(residuals, lows, strict=True)),
                    {i: _cleared(coefficients, x, whole) for i, x in multipliers.items()})


def _symbols(generators: Sequence[sp.Expr], exponents: Sequence[int]) -> tuple[sp.Expr, ...]:
    """The factors of a monomial, each as often as its power."""
    return tuple(g for g, e in zip(generators, exponents, strict=True) for _ in range(e))


def _over_field(coefficients: Coefficients, p: PolyElement) -> Terms:
    """A residual: products of states, velocities and functions of time with coefficients of the field."""
    total: Terms = {}
    for m, c in p.terms():
        factors, value = list[sp.Expr](), coefficients.field(c)
        for g, e in zip(p.ring.symbols, m, strict=True):
            if e and g in coefficients.images:
                value = value * coefficients.images[g]**e
            else:
                factors += [g] * e
        total[tuple(factors)] = total.get(tuple(factors), coefficients.field.zero) + value
    return {key: c for key, c in total.items() if c}


def _denominator(coefficients: Coefficients, values: Iterable[Any]) -> Any:
    """What clears all coefficients of parameters below the line."""
    one = coefficients.field.one
    if not coefficients.generators:
        return one
    return one * reduce(lambda a, b: a.lcm(b), (c.denom for c in values), one.numer).primitive()[1]


def _cleared(coefficients: Coefficients, terms: Terms, by: Any) -> Terms:
    """Terms times what clears them, with rational coefficients and parameters among the symbols."""
    if not coefficients.generators:
        return terms
    found: Terms = {}
    for key, c in terms.items():
        value = c * by
        below = value.denom.coeff(1)
        for m, number in value.numer.terms():
            found[(*key, *_symbols(coefficients.generators, m))] = number / below
    return found


# As a theorem ------------------------------------------------------------------------------------------------------


def theorem(found: Identity, name: str, identifier: str, law: str) -> Theorem:
    """Return the theorem that P is constant, with its proof.

    Args:
        found: the identity.
        name: of P, in words; may be empty.
        identifier: of the theorem.
        law: its name.
    """
    letters = scalars_for(found)
    constant = _sum(found.constant, letters)
    facts = {i: hypothesis(letters[f"R_{found.states[i]}"].name, _sum(found.residuals[i], letters))
             for i in found.multipliers}
    by = Node("+", tuple(product(_sum(x, letters), facts[i]) for i, x in found.multipliers.items()))
    derivatives = {letters[y]: letters[v] for y, v in zip(found.states, found.velocities, strict=True)}
    expression = sp.Add(*(sp.Rational(int(c.numerator), int(c.denominator)) * sp.Mul(*key)
                          for key, c in found.constant.items()))
    return Theorem(
        id=identifier, statement=rf"\tfrac{{d}}{{dt}}\left({sp.latex(expression)}\right) = 0",
        source=f"found by linear algebra from the components of {law}", scope="this dimension",
        steps=[equal("constant", D(constant), 0, by if len(by.args) > 1 else by.args[0])],
        sample=partial(sample, found), derivatives=derivatives, note=name)


def scalars_for(found: Identity) -> dict[Any, Node]:
    """Return a scalar for every symbol, and for every state one in whose name its hypothesis stands."""
    everything = dict.fromkeys([*found.states, *found.velocities])
    for terms in (found.constant, *found.residuals):
        everything |= dict.fromkeys(g for key in terms for g in key)
    names, taken = dict[Any, Node](), set(TAKEN)
    for wanted in (*everything, *(f"R_{y}" for y in found.states)):
        name = re.sub("[^A-Za-z0-9_]", "_", str(wanted))
        name = name if name[0].isalpha() else f"p{name}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[wanted], = scalars(name)
    return names


def _sum(terms: Terms, letters: Mapping[Any, Node]) -> Node:
    """A polynomial in the language of proofs."""
    parts = []
    for key, c in terms.items():
        powers = [letters[g] if (e := key.count(g)) == 1 else letters[g]**e for g in dict.fromkeys(key)]
        parts.append(product(node(_fraction(c)), *powers))
    return parts[0] if len(parts) == 1 else Node("+", tuple(parts))


def _fraction(c: Any) -> Fraction:
    return Fraction(int(c.numerator), int(c.denominator))


def sample(found: Identity, rng: Random) -> Point:
    """Return random states and parameters, with the velocities that solve the equations there."""
    letters = scalars_for(found)
    moving = set(found.velocities)
    point = {g: rational(rng) for g in letters if not isinstance(g, str) and g not in moving}
    places = {v: k for k, v in enumerate(found.velocities)}
    mass = [[gaussian(0)] * len(places) for _ in places]
    forcing = [[gaussian(0)] for _ in places]
    for row, terms in enumerate(found.residuals):
        for key, c in terms.items():
            value: Number = gaussian(_fraction(c))
            for g in key:
                value = value if g in places else value * point[g]
            column = next((places[g] for g in key if g in places), None)
            if column is None:
                forcing[row][0] = forcing[row][0] - value
            else:
                mass[row][column] = mass[row][column] + value
    solved = linear_solution(tuple(map(tuple, mass)), tuple(map(tuple, forcing)))
    point |= {v: solved[k][0] for v, k in places.items()}
    return Point(scalars={letters[g].name: value for g, value in point.items()})
