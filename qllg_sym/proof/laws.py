"""Laws of motion as hypotheses: read from the law itself, so that nothing is typed twice."""

from fractions import Fraction
from typing import Any

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.law import Law
from qllg_sym.errors import DerivationError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.proof.language import Node, comm, i, node, product


def residual(law: Law, letters: dict[str, Node], scalars: dict[str, Node] | None = None) -> Node:
    """Return the residual of a law in the letters of a theorem, ħ = 1 (`H` of a law is H/ħ).

    Args:
        law: such as QuantumLLG(kappa).
        letters: images of "rho", "drho", "H" (or "m", "dm", "B").
        scalars: images of the law's symbols, by name.

    >>> from qllg_sym import QuantumLLG
    >>> from qllg_sym.proof.language import letters, scalars
    >>> rho, X, H = letters("rho X H"); kappa, = scalars("kappa")
    >>> law = QuantumLLG(sp.Symbol("kappa", real=True))
    >>> str(residual(law, {"rho": rho, "drho": X, "H": H}, {"kappa": kappa}))
    'X - i*[rho, H] - i*kappa*[rho, X]'
    """
    return from_words(law.derive(Model(Space("1/2"))).residual, letters, scalars or {})


def from_words(word: Element, letters: dict[str, Node], scalars: dict[str, Node]) -> Node:
    """Return an element of a word algebra as an expression; c (ab − ba) becomes c [a, b]."""
    left: dict[Any, sp.Expr] = {key: to_expr(c) for key, c in word.terms.items()}
    terms: list[Node] = []
    while left:
        (k, word_letters), c = next(iter(left.items()))
        del left[k, word_letters]
        images = [letters[name] for name in word_letters]
        if len(images) == 2 and left.get((k, word_letters[::-1])) == -c:
            del left[k, word_letters[::-1]]
            if word_letters[0] != "rho" and "rho" in word_letters:
                images, c = images[::-1], -c
            images = [comm(*images)]
        unit = [i] if k else []
        terms += [product(number, *unit, *factors, *images) for number, factors in _monomials(c, scalars)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _monomials(c: sp.Expr, scalars: dict[str, Node]) -> list[tuple[Node, list[Node]]]:
    """A polynomial coefficient as (number, factors)."""
    result = []
    for term in sp.Add.make_args(sp.expand(c)):
        coefficient, rest = term.as_coeff_Mul()
        number = sp.Rational(coefficient)
        factors = []
        for factor in sp.Mul.make_args(rest):
            base, power = factor.as_base_exp()
            if factor != 1:
                if str(base) not in scalars:
                    raise DerivationError(f"`scalars` must give `{base}` of the law, but does not; add "
                                          f"{{{str(base)!r}: …}}.")
                factors.append(scalars[str(base)] if power == 1 else scalars[str(base)]**int(power))
        result.append((node(Fraction(int(number.p), int(number.q))), factors))
    return result
