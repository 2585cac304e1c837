"""What pictures say above themselves: terms by the words that users write, copies of a lattice counted one by one."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.model import copies

J = sp.Symbol("J", real=True)
LAW = q.QuantumLLG(0.5)
S = q.Space.half(3).spin
SIDE = 47           # whose bonds are more than are listed one by one


def terms_of(model):
    return heading_of(model, LAW, {"J": 2.0})[1].partition(": ")[2]


@pytest.mark.parametrize(("terms", "says"), [
    (q.square(SIDE, SIDE, q.Exchange, J), "4324 × Exchange J = 2"),
    (q.square(SIDE, SIDE, q.DMI, lambda d: (d[1], -d[0], 0)), "2162 × DMI D = (0, -1, 0), 2162 × DMI D = (1, 0, 0)"),
    (q.square(SIDE, SIDE, q.Exchange, [float(k % 7) for k in range(4324)]), "4324 × Exchange"),
    (q.square(SIDE, SIDE, q.Exchange, J) + [q.Zeeman((0, 0, 1))], "4324 × Exchange J = 2, Zeeman B = (0, 0, 1)"),
    (q.dipolar(2, q.square(SIDE, SIDE, q.Exchange, 1)), "dipolar strength = 2"),
])
def test_lattices(terms, says):
    assert terms_of(q.Model(q.Space.half(SIDE**2), terms)) == says


def test_many_bonds_are_told_as_few_are():
    few, many = (q.square(n, n, q.DMI, lambda d: (d[1], -d[0], 0)) for n in (3, SIDE))
    told = [heading_of(q.Model(q.Space.half(n * n), terms), LAW, {})[1].replace(str(n * (n - 1)), "n").partition(":")[2]
            for n, terms in ((3, few), (SIDE, many))]
    assert sorted(told[0].split(", ")) == sorted(told[1].split(", "))


def test_expressions_in_spins():
    assert terms_of(q.Model(q.Space.half(3), [S(0).dot(S(1).cross(S(2)))])) == "spin expression"
    assert terms_of(q.Model(q.Space.half(3), [q.Operator(np.eye(8))])) == "Operator"


def test_what_a_law_does_not_take_is_called_by_its_words():
    for sites, terms, says in ((3, [S(0).dot(S(1))], "spin expression"),
                               (SIDE**2, q.square(SIDE, SIDE, q.Exchange, J), "4324 copies of Exchange")):
        with pytest.raises(q.InputError, match=f"a model with {says}, but is"):
            q.ClassicalLLG(0.1, field="paper").derive(q.Model(q.Space.half(sites), terms)).moments()


def test_a_study_says_what_its_lattice_is_made_of(monkeypatch):
    monkeypatch.setattr(copies, "LISTED", 4)
    model = q.Model(q.Space.half(9), q.square(3, 3, q.Exchange, J) + [q.Zeeman((0, 0, 1))])
    assert type(model.terms[0]).__name__ == "Copies"
    found = q.sweep(model, q.ClassicalLLG(0.1, field="mean"), np.eye(3)[[0] * 9], [0, 0.1], over={"J": [1.0]})
    assert found.attrs["model"] == "Exchange + Zeeman"
