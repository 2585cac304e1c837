"""The printed operator form, read back as matrices, holds where the law does; another law is printed otherwise."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from formula import value
from qllg_sym.equations.operator_form import operator_form
from strategies import random_density, random_hermitian

KAPPA, HBAR = sp.Symbol("kappa", real=True), sp.Symbol("hbar", positive=True)
LAWS = [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann(), q.QuantumLLG(-KAPPA), q.QuantumLL(sp.Rational(3, 7))]


def printed(law, space=None):
    return operator_form(law.derive(q.Model(space or q.Space("1"), hbar=HBAR)))


def sides(form, numbers):
    """Both sides of the LaTeX, as matrices."""
    text = form.latex().removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").replace("&", "")
    left, right = text.split("=", 1)
    return value(left, numbers), value(right, numbers)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_it_holds_where_the_law_does(law):
    """The velocity is found here, entry by entry in the eigenbasis of ρ: each law a second time on purpose."""
    rng, kappa, hbar = np.random.default_rng(3), 0.7, 1.3
    rho, h = random_density(rng, 3, 3)[0], random_hermitian(rng, 3)
    k = {"q-llg": 1, "q-ll": 1, "von-neumann": 0}[law.kind] * float(getattr(law, "kappa", sp.S.Zero).subs(KAPPA, kappa))
    p, v = np.linalg.eigh(rho)
    gaps = p[:, None] - p
    weight = 1 / (1 - 1j * k * gaps) if law.kind == "q-llg" else 1 + 1j * k * gaps
    velocity = v @ (1j / hbar * gaps * weight * (v.conj().T @ h @ v)) @ v.conj().T
    names = {"rho": rho, "drho": velocity, "H": h, "kappa": kappa, "ħ": hbar}
    left, right = sides(printed(law), names)
    assert np.abs(left - right).max() < 1e-14
    for wrong in [{"H": -h}, *([{"kappa": 0.6}] if KAPPA in law.derive(q.Model(q.Space("1"))).parameters else [])]:
        left, right = sides(printed(law), {**names, **wrong})
        assert np.abs(left - right).max() > 1e-3


def test_another_law_is_printed_as_such():
    texts = {law: printed(law).text() for law in LAWS}
    assert len(set(texts.values())) == len(LAWS)
    assert texts[LAWS[0]] == "ρ' = (i/ħ) [ρ, H] + i κ [ρ, ρ']"
    assert texts[LAWS[3]] == "ρ' = (i/ħ) [ρ, H] - i κ [ρ, ρ']"


def test_other_words_have_no_such_form():
    assert printed(q.ClassicalLLG(KAPPA), q.Space("1/2")) is None


MINUS = q.Space("1/2").spin(0).minus
DISSIPATORS = {
    "dephasing": (q.Dephasing(KAPPA), "ρ' = (i/ħ) [ρ, H] + (1/2) κ ([S_0z ρ, S_0z] + [S_0z, ρ S_0z])"),
    "lindblad": (q.Lindblad([(KAPPA, MINUS), (0.1, q.Zeeman((0, 0, 1)))]),
                 "ρ' = (i/ħ) [ρ, H] + (1/2) κ ([L_0 ρ, L_0†] + [L_0, ρ L_0†]) + 0.05 ([L_1 ρ, L_1] + [L_1, ρ L_1])"),
    "sum": (q.QuantumLLG(0.5) + q.Lindblad([(KAPPA, MINUS)]),
            "ρ' = (i/ħ) [ρ, H] + (1/2) i [ρ, ρ'] + (1/2) κ ([L_0 ρ, L_0†] + [L_0, ρ L_0†])"),
}


@pytest.mark.parametrize("name", DISSIPATORS)
def test_dissipators_are_printed_as_commutators(name):
    law, text = DISSIPATORS[name]
    form = printed(law, q.Space("1/2"))
    assert " ".join(form.text().split()) == text
    assert form.latex().count(r"^{\dagger}") == text.count("†")
    assert form.mathml().count("†") == text.count("†")


def test_words_that_are_no_dissipator_are_not_printed_as_one():
    equation = q.Dephasing(KAPPA).derive(q.Model(q.Space("1/2")))
    words = dict(equation.residual.terms)
    words[0, ("rho", "Sz0", "Sz0")] *= 2
    wrong = replace(equation, residual=type(equation.residual)(equation.residual.algebra, words))
    assert operator_form(equation) is not None
    assert operator_form(wrong) is None


def test_without_hbar_it_is_not_printed():
    assert operator_form(q.VonNeumann().derive(q.Model(q.Space("1/2")))).text() == "ρ' = i [ρ, H]"
