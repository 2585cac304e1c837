"""Elements as values: equal by normal forms, over whatever ring."""

import sympy as sp

from qllg_sym import Model, QuantumLLG, Space
from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import make_ring, to_expr, to_ring
from qllg_sym.algebra.words import WordAlgebra


def test_elements_over_different_rings_are_compared_by_their_coefficients():
    J, D = sp.symbols("J D", real=True)
    one, other, same = (QuantumLLG(c).derive(Model(Space("1/2"))).residual for c in (J, D, J))
    larger = make_ring([J, D])
    lifted = Element(WordAlgebra(larger), {k: to_ring(larger, to_expr(c)) for k, c in one.terms.items()})
    assert one == same == lifted
    assert one != other
    assert one != QuantumLLG(0.5).derive(Model(Space("1/2"))).residual
    assert one != 3
