"""PRL 3 and PRL 10 on the page come from the law and the model: read back as matrices, and other where those are."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from formula import value
from qllg_sym.derivations import eq_01_dimer
from qllg_sym.report.formula import display, in_pieces
from qllg_sym.report.sections import equation
from qllg_sym.report.tex import unknown

NUMBERS = {"J": 0.7, "B": [0.3, -0.2, 0.9], "D": [0.0, 0.0, 0.4], "g": 1.0, "γ": 1.0, "ħ": 1.0}


def read_back(latex):
    """H as a matrix, from its LaTeX and from the numbers of its letters."""
    spins = oracle.site_spins([0.5, 0.5])
    names = {**NUMBERS, "S": lambda site: list(spins[site - 1]), "sites": [1, 2]}
    return value(latex.removeprefix("H ="), names)


def by_hand(J=0.7, turn=1):
    """PRL 10 written out in Pauli matrices, for these numbers."""
    sigma = [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]
    one, two = ([np.kron(s, np.eye(2)) for s in sigma], [np.kron(np.eye(2), s) for s in sigma])
    h = sum(J * a @ b for a, b in zip(one, two, strict=True))
    h = h + turn * 0.4 * (one[0] @ two[1] - one[1] @ two[0])
    return h - sum(b / 2 * (s + t) for b, s, t in zip(NUMBERS["B"], one, two, strict=True))


def test_the_printed_hamiltonian_is_prl_10():
    latex = equation.hamiltonian(eq_01_dimer.model())
    assert unknown(latex) == []
    assert np.abs(read_back(latex) - by_hand()).max() < 1e-14
    assert np.abs(read_back(latex) - by_hand(turn=-1)).max() > 0.1
    assert equation.meanings(eq_01_dimer.model()) == "B = (B_x, B_y, B_z), g = 1 and D = (0, 0, D)"


def test_another_model_is_printed_otherwise():
    model = eq_01_dimer.model()
    fewer = q.Model(model.space, model.terms[:2])
    turned = q.Model(model.space, [*model.terms[:2], q.DMI((0, 0, eq_01_dimer.D), 1, 0)])
    texts = [equation.hamiltonian(m) for m in (model, fewer, turned)]
    assert len(set(texts)) == 3
    assert np.abs(read_back(texts[2]) - by_hand(turn=-1)).max() < 1e-14


@pytest.fixture(scope="module")
def page():
    return str(equation.body(None))


def test_the_page_shows_both(page):
    model = eq_01_dimer.model()
    assert display(equation.law(q.QuantumLLG(eq_01_dimer.kappa), model)) in page
    assert in_pieces(equation.hamiltonian(model)) in page
    assert display(equation.law(q.QuantumLLG(-sp.Symbol("kappa", real=True)), model)) not in page
