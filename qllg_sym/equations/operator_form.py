r"""Operator form: a quantum law as physicists write it, $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho,\dot\rho]$.

No formula is typed in. A word ρ^a X ρ^b of the residual is the monomial L^a R^b of products from the left and from the
right; where those of a letter X add up to a polynomial in ad_ρ = L − R, they are commutators. Words A ρ B with half of
B A ρ and of ρ B A less are dissipators, ½([A ρ, B] + [A, ρ B]); with other words there is no form.
"""

import re
from collections.abc import Iterator

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.grouping import as_given
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.names import Name, read
from qllg_sym.equations.notation import Factor, Group, Line
from qllg_sym.equations.printing import Printed

RHO, H = read("rho"), Name("H", "H")
LETTERS = {"drho": RHO.dotted(), "H": H}
LEFT, RIGHT = sp.symbols("L R")
Word = tuple[int, tuple[str, ...]]


def operator_form(equation: ImplicitEquation) -> Printed | None:
    r"""Return the law with its velocity on the left and commutators with ρ on the right; None where it has other words.

    Args:
        equation: of any law and model; ħ is the model's.

    >>> from qllg_sym import Model, QuantumLL, QuantumLLG, Space
    >>> kappa, model = sp.Symbol("kappa", real=True), Model(Space("1/2"), hbar=sp.Symbol("hbar", positive=True))
    >>> for law in (QuantumLLG, QuantumLL): print(operator_form(law(kappa).derive(model)).text())
    ρ' = (i/ħ) [ρ, H] + i κ [ρ, ρ']
    ρ' = (i/ħ) [ρ, H] - (κ/ħ) [ρ, [ρ, H]]
    """
    rest = {key: to_expr(c) for key, c in equation.residual.terms.items()}
    dissipators = list(_dissipators(equation, rest))
    sums = _sums(rest)
    if sums is None or set(sums) - set(LETTERS):
        return None
    groups: dict[tuple[str, int], sp.Expr] = {}
    for letter, total in sums.items():
        powers = sp.Poly(total.subs(RIGHT, 0), LEFT).all_coeffs()[::-1]
        if sp.expand(total - sum(c * (LEFT - RIGHT)**n for n, c in enumerate(powers))) != 0:
            return None
        groups |= {(letter, n): c for n, c in enumerate(powers) if c != 0}
    own = groups.pop(("drho", 0), sp.S.Zero)
    if own == 0:
        return None
    right = tuple(_group(-c * (1 / equation.model.hbar if letter == "H" else 1), letter, n)
                  for (letter, n), c in sorted(groups.items(), reverse=True, key=_rank))
    line = Line((_group(own, "drho", 0),), (*right, *dissipators))
    return Printed(tuple(as_given(equation, [line])))


def _dissipators(equation: ImplicitEquation, words: dict[Word, sp.Expr]) -> Iterator[Group]:
    """The dissipators among words, which are taken out of them."""
    for (k, word), c in list(words.items()):
        if k or len(word) != 3 or word[1] != "rho" or {word[0], word[2]} & {"rho", *LETTERS}:
            continue
        left, right = word[0], word[2]
        losses = (0, (right, left, "rho")), (0, ("rho", right, left))
        if any(words.get(loss) != sp.expand(-c / 2) for loss in losses):
            continue
        for taken in ((k, word), *losses):
            del words[taken]
        a, b = _operator(left), _operator(right)
        scale = equation.model.hbar ** -(left.startswith("Sz") + right.startswith("Sz"))       # S_z is S_z/ħ in words
        coefficient = -c / 2 * scale
        negative = coefficient.could_extract_minus_sign()
        sign = -1 if negative else 1
        first: tuple[Factor, ...] = ("[", a, (RHO, 1), ",", b, "]")
        second: tuple[Factor, ...] = ("[", a, ",", (RHO, 1), b, "]")
        yield Group(-coefficient if negative else coefficient, ((sign, first), (sign, second)))


def _operator(letter: str) -> tuple[Name, int]:
    """A law's own operator: S_0z, L_0 or its adjoint, or what it is called."""
    if match := re.fullmatch(r"Sz(\d+)", letter):
        return Name(f"S_{match[1]}z", "S", (f"{match[1]}z",)), 1
    if match := re.fullmatch(r"L(\d+)(dag)?", letter):
        dagger = ("†",) if match[2] else ()
        return Name(f"L_{match[1]}{''.join(dagger)}", "L", (match[1],), upper=dagger), 1
    return read(letter), 1


def _sums(words: dict[Word, sp.Expr]) -> dict[str, sp.Expr] | None:
    """The polynomial in L and R of every letter that is not ρ; None where a word has not one such letter."""
    sums: dict[str, sp.Expr] = {}
    for (k, word), c in words.items():
        others = [place for place, letter in enumerate(word) if letter != "rho"]
        if len(others) != 1:
            return None
        place = others[0]
        monomial = sp.I**k * c * LEFT**place * RIGHT**(len(word) - place - 1)
        sums[word[place]] = sp.expand(sums.get(word[place], sp.S.Zero) + monomial)
    return sums


def _rank(item: tuple[tuple[str, int], sp.Expr]) -> tuple[bool, int]:
    """What turns stands before what damps: H before ρ̇, few commutators before many."""
    (letter, n), _ = item
    return letter == "H", -n


def _group(coefficient: sp.Expr, letter: str, n: int) -> Group:
    """Coefficient · [ρ, [ρ, … X]]."""
    negative = coefficient.could_extract_minus_sign()
    return Group(-coefficient if negative else coefficient, ((-1 if negative else 1, tuple(_commutator(letter, n))),))


def _commutator(letter: str, n: int) -> Iterator[Factor]:
    """The factors of n nested commutators."""
    for _ in range(n):
        yield from ("[", (RHO, 1), ",")
    yield LETTERS[letter], 1
    yield from "]" * n
