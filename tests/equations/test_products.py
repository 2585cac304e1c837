"""Products of operators in coordinates, against products of matrices."""

from fractions import Fraction

import numpy as np
import pytest

import qllg_sym as q
from equations.explicit_systems import components_of, dimer
from qllg_sym.codegen.builder import Builder
from qllg_sym.equations.products import multiply, tables


@pytest.mark.parametrize("spins", [("1/2",), ("1",), ("3/2",), ("1/2", "1/2"), ("2",)], ids=str)
def test_tables_are_products_of_matrices(spins):
    components = components_of(spins, q.VonNeumann())
    space, rng = components.equation.model.space, np.random.default_rng(3)
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    x, y = rng.normal(size=(2, len(basis)))
    first, second = (sum(c * a for c, a in zip(v, basis, strict=True)) for v in (x, y))
    results = ((first @ second + second @ first) / 2, 0.5j * (first @ second - second @ first))
    for table, matrix in zip(tables(tuple(space.spins), tuple(components.strings)), results, strict=True):
        builder = builder_of(len(basis))
        rows = multiply(builder, table, [builder.state(k) for k in range(len(x))],
                        [builder.state(len(x) + k) for k in range(len(x))])
        found = builder.kernel({str(k): r for k, r in enumerate(rows)}).evaluate(
            {f"s{k}": v for k, v in enumerate([*x, *y])})
        expected = [np.trace(a @ matrix).real / np.trace(a @ a).real for a in basis]
        assert np.abs(np.array(list(found.values()), dtype=float) - expected).max() < 1e-12


def test_a_square_takes_each_product_once():
    components = dimer()
    table = tables(components.equation.model.space.spins, components.strings)[0]
    counts = []
    for same in (True, False):
        builder = builder_of(15)
        rho = [builder.state(k) for k in range(15)]
        square = multiply(builder, table, rho, rho if same else list(rho))
        program = builder.kernel({str(k): c for k, c in enumerate(square)})
        counts.append((program.operations, program.evaluate({f"s{k}": Fraction(k, 7) for k in range(30)})))
    assert counts[0][1] == counts[1][1]
    assert counts[0][0] < counts[1][0]


def builder_of(n):
    return Builder("product", [f"s{k}" for k in range(2 * n)], [])
