"""The dimer of two spins ½ in the letters of proofs: Pauli strings, kets, operators and polynomials of the package.

Explicit matrices are in the basis ↑↑, ↑↓, ↓↑, ↓↓. What the package derives is translated here, never typed again.
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.model.expansion import standard_string
from qllg_sym.proof.language import Node, i, kron, let, matrix, node, product, scalars
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import rational

HALF = Fraction(1, 2)
AXES = "0xyz"


def translate(expression: sp.Expr, names: dict[str, Node]) -> Node:
    """Return a polynomial with complex rational coefficients as an expression of the proof language.

    >>> x, = scalars("x"); str(translate(sp.I * sp.Symbol("a") / 2 - 1, {"a": x}))
    '-1 + 1/2*i*x'
    """
    terms = []
    for term in sp.Add.make_args(sp.expand(expression)):
        rational, rest = term.as_coeff_Mul()
        powers = rest.as_powers_dict() if rest != 1 else {}
        factors = [names[str(x)] if e == 1 else names[str(x)]**int(e) for x, e in powers.items() if x.is_Symbol]
        units = [i] if sp.I in sp.Mul.make_args(rest) else []
        terms.append(product(node(Fraction(str(rational))), *units, *factors))
    return terms[0] if len(terms) == 1 else Node("+", tuple(terms))


def explicit(element: Element, names: dict[str, Node]) -> Node:
    """Return an operator of two spins ½ of the package as an explicit matrix."""
    total = sp.zeros(4, 4)
    for (k, string), c in element.terms.items():
        total += sp.I**k * to_expr(c) * standard_string((HALF, HALF), string)
    return matrix([[translate(entry, names) for entry in row] for row in total.tolist()])


def ket(*amplitudes: Node | int) -> Node:
    """Return a column, as the first one of a square matrix, the rest zero."""
    return matrix([[a, *[0] * (len(amplitudes) - 1)] for a in amplitudes])


SIGMA = [matrix([[translate(x, {}) for x in row] for row in standard_string((HALF,), (k,)).tolist()]) for k in range(4)]
PAULI = {a + b: kron(SIGMA[m], SIGMA[n]) for m, a in enumerate(AXES) for n, b in enumerate(AXES)}
STRINGS = {name: let(f"s{name}", x) for name, x in PAULI.items()}      # the same by name, for claims
T = {name: scalars(f"T_{name}")[0] for name in STRINGS}
SINGLET, TRIPLET = ket(0, 1, -1, 0), ket(0, 1, 1, 0)              # √2 Ψ−, √2 Ψ+
BELL = {"psi_minus": SINGLET, "psi_plus": TRIPLET, "phi_minus": ket(1, 0, 0, -1), "phi_plus": ket(1, 0, 0, 1)}


def combination(table: dict[str, Node]) -> Node:
    """Return ¼ Σ T_ab σ_a ⊗ σ_b."""
    return Node("+", tuple(value * PAULI[name] for name, value in table.items())) / 4


def normed(table: dict[str, Node]) -> Node:
    """Return ¼ Σ T_ab σ_a ⊗ σ_b with T_00 = 1."""
    return combination({**table, "00": node(1)})


def coupling(name: str) -> Node:
    """Return the real scalar of a coupling; that of the DMI is called D_z, because D is the time derivative.

    >>> str(coupling("J")), str(coupling("D"))
    ('J', 'D_z')
    """
    return scalars("D_z" if name == "D" else name)[0]


def prl_10(names: dict[str, Node]) -> Node:
    """Return H of PRL 10 in Pauli strings, units ħ = γ_g = 1; a coupling that is not named is 0.

    >>> str(prl_10({"J": node(2)}))
    '2*sxx + 2*syy + 2*szz'
    """
    terms = [names["J"] * STRINGS[a + a] for a in "xyz"]
    terms += [names["D"] * (STRINGS["xy"] - STRINGS["yx"])] if "D" in names else []
    terms += [-HALF * names[f"B_{a}"] * (STRINGS[f"{a}0"] + STRINGS[f"0{a}"]) for a in "xyz" if f"B_{a}" in names]
    return Node("+", tuple(terms))


def any_numbers(*names: Node) -> Callable[[Random], Point]:
    """Return a sampler that gives every scalar a random rational."""
    return lambda rng: Point(scalars={x.name: rational(rng) for x in names})
