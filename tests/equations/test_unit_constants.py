"""What is printed of a model with units: ħ and γ_g as letters, with the numbers that the equations hold."""

import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.equations.unit_constants import GAMMA, HBAR, in_letters

B, J = sp.symbols("B J", real=True)
KAPPA = sp.Symbol("kappa", real=True)
UNITS = q.Units("meV", "ps")
PAIR = q.Model(q.Space.half(2), [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1)], units=UNITS)
ONE = q.Model(q.Space(1), [q.Zeeman((B, 0, 1))], units=UNITS)
CASES = {"pauli": lambda: q.QuantumLLG(KAPPA).derive(PAIR).pauli(),
         "coefficients": lambda: q.QuantumLL(KAPPA).derive(PAIR).coefficients(),
         "eta": lambda: q.QuantumLLG(KAPPA).derive(ONE).eta(),
         "moments": lambda: q.ClassicalLLG(KAPPA, field="mean").derive(PAIR).moments()}


@pytest.mark.parametrize("name", CASES)
def test_with_their_numbers_the_letters_give_the_equations(name):
    components = CASES[name]()
    lettered, model = in_letters(components), components.equation.model
    values = {HBAR: model.hbar, GAMMA: model.gamma}
    assert lettered.states == components.states
    assert {HBAR, GAMMA} & {*lettered.parameters}

    def apart(numbers):
        return [sp.expand(a.xreplace(numbers) - b) for a, b in zip(lettered.residual, components.residual, strict=True)]
    assert not any(apart(values))
    assert any(apart(values | {GAMMA: model.gamma / 2}))


def test_latex_has_letters_and_their_numbers_once():
    text = CASES["pauli"]().latex()
    *rows, hbar, gamma, _ = text.splitlines()
    assert hbar.startswith(rf"\hbar &= {float(PAIR.hbar)} \mathrm{{meV}} \mathrm{{ps}}")
    assert gamma == rf"\gamma_{{g}} &= {float(PAIR.gamma)} \mathrm{{ps}}^{{-1}} \mathrm{{tesla}}^{{-1}}"
    assert any(r"2 \gamma_{g} B T_{0y}" in row for row in rows)
    assert not any("0.0879" in row or "0.658" in row or "0.1758" in row for row in rows)
    form = CASES["pauli"]().vector_form().latex()
    assert [form.count(word) for word in ("0.0879", "0.658")] == [1, 1]


def test_what_is_not_there_gets_no_number():
    text = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1/2"), ONE.terms, units=UNITS)).pauli().text()
    assert "γ_g = " in text
    assert "ħ = " not in text


def test_without_units_and_where_the_equations_were_reduced_nothing_changes():
    plain = q.QuantumLLG(KAPPA).derive(q.Model(PAIR.space, PAIR.terms)).pauli()
    assert in_letters(plain) is plain
    closed = CASES["pauli"]().closed(q.states.product("up", "down"))
    assert in_letters(closed) is closed
    own = q.QuantumLLG(sp.Symbol("hbar", positive=True)).derive(PAIR).pauli()
    assert in_letters(own) is own
