"""Models: sums of terms, units, what is refused, what is described."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.algebra.element import Element
from qllg_sym.model.classical import classical_energy, moment_symbols

J, D, Bx = sp.symbols("J D B_x", real=True)
HALF = q.Space("1/2", "1/2")


def test_terms_add():
    both = q.Model(HALF, [q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    one, two = (q.Model(HALF, [term]) for term in both.terms)
    found = {k: c.as_expr() for k, c in both.hamiltonian.terms.items()}
    assert found == {k: c.as_expr() for part in (one, two) for k, c in part.hamiltonian.terms.items()}
    assert q.Model(HALF, [q.Exchange(J, 0, 1), q.Exchange(-J, 0, 1)]).hamiltonian.is_zero


def test_one_term_or_any_iterable():
    term = q.Exchange(J, 0, 1)
    models = [q.Model(HALF, term), q.Model(HALF, (term,)), q.Model(HALF, iter([term])), q.Model(HALF, [term])]
    assert all(model == models[0] for model in models)
    assert len({hash(model) for model in models}) == 1
    assert q.Model(HALF).terms == ()


def test_parameters_are_sorted_by_name_and_hold_units():
    h, g = sp.Symbol("hbar", positive=True), sp.Symbol("a_gamma", real=True)
    model = q.Model(HALF, [q.Zeeman((Bx * sp.sin(q.t), 0, 0)), q.Exchange(J, 0, 1)], hbar=h, gamma=g)
    assert model.parameters == (Bx, J, g, h)
    assert q.t not in model.parameters


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), 1j, sp.Symbol("h"), -sp.Symbol("h", positive=True),
                                 sp.Symbol("h", negative=True), "1", None], ids=repr)
def test_hbar_must_be_positive(bad):
    with pytest.raises(q.QllgError, match="`hbar` must"):
        q.Model(HALF, [], hbar=bad)


@pytest.mark.parametrize("bad", [float("nan"), 1j, sp.Symbol("g"), "1"], ids=repr)
def test_gamma_must_be_real(bad):
    with pytest.raises(q.QllgError, match="`gamma` must"):
        q.Model(HALF, [], gamma=bad)


@pytest.mark.parametrize(("space", "terms", "words"), [
    ("1/2", [], "`space` must be a Space"), (None, [], "`space`"), (HALF, [1], "`terms` must be Hamiltonian terms"),
    (HALF, None, "`terms`"), (HALF, "zeeman", "`terms`"), (HALF, [q.Zeeman], "`terms`"), (HALF, np.ones(4), "`terms`")])
def test_wrong_types(space, terms, words):
    with pytest.raises(q.InputTypeError, match=words):
        q.Model(space, terms)


def test_frozen_and_never_floating():
    model = q.Model(HALF, [q.Exchange(0.1, 0, 1), q.Zeeman((0.3, J * 0.7, 0))], hbar=0.5)
    with pytest.raises(AttributeError):
        model.hbar = 2
    assert not any(c.as_expr().atoms(sp.Float) for c in model.hamiltonian.terms.values())
    assert model.hbar == sp.Rational(1, 2)


def test_description_has_a_line_a_term_with_signs_counting_and_units():
    model = q.Model(q.Space("1/2", "1"), [q.Zeeman((Bx, 0, 0), sites=[1], g=2), q.Exchange(J, 0, 1),
                                          q.DMI((0, 0, D), 0, 1), q.Anisotropy(np.diag([0, 0, -1]), 1),
                                          q.Biquadratic(1, 0, 1)], hbar=2)
    lines = model.describe().splitlines()
    assert len(lines) == 2 + len(model.terms)
    assert "d = 6" in lines[0]
    for word, line in zip(("Zeeman", "Exchange", "DMI", "Anisotropy", "Biquadratic"), lines[1:-1], strict=True):
        assert word in line
    assert "sites [1]" in lines[1]
    assert "counted once" in lines[2]
    assert "antiferromagnetic" in lines[2]
    assert all(word in lines[-1] for word in ("ħ = 2", "γ_g = 1", "B_x, D, J", "dH/dt = 0"))
    assert "depends on t" in q.Model(HALF, [q.Zeeman((q.t, 0, 0))]).describe()


def test_a_classical_law_is_described_by_its_own_hamiltonian():
    """The lines of the description, and the energy that they state, written down apart from the terms."""
    J, D, Bx, Bz = sp.symbols("J D B_x B_z", real=True)
    model = q.Model(q.Space.half(2), [q.Zeeman((Bx, 0, Bz)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    paper = model.describe("paper").splitlines()
    assert "classical, |m_i| = 1, B_i = −∂H/∂m_i" in paper[0]
    assert [line.split()[1] for line in paper[1:4]] == ["−B·g·Σm_i", "+J", "+D·(m_0×m_1),"]
    assert not [line for line in paper if "S_" in line]
    m = sp.Matrix(2, 3, moment_symbols(2))
    stated = -sp.Matrix([[Bx, 0, Bz]]).dot(m[0, :] + m[1, :]) + J * m[0, :].dot(m[1, :]) + D * m[0, :].cross(m[1, :])[2]
    assert sp.expand(classical_energy(model, "paper").as_expr() - stated) == 0
    assert "S_i → ħ s_i m_i" in model.describe("mean")
    assert "+(4J/ħ²) S_0·S_1" in model.describe("mean")
    assert model.describe() == "\n".join([paper[0].partition(";")[0], *model.describe("mean").splitlines()[1:]])


def test_a_model_costs_no_more_than_its_terms(monkeypatch):
    """Entries of the sums that are built on the way: twice the sites take about twice as many, not four times."""
    made, counted = Element.__init__, []

    def counting(self, algebra, terms):
        counted.append(len(terms))
        made(self, algebra, terms)

    def entries(sites):
        counted.clear()
        q.Model(q.Space.half(sites), [*q.chain(sites, q.Exchange, 1), q.Zeeman((0, 0, 1))])
        return sum(counted)

    monkeypatch.setattr(Element, "__init__", counting)
    assert entries(128) < 2.5 * entries(64)
