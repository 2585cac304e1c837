"""Coefficients of the residual in a parameter: they add up to it, and what is no polynomial is refused."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

B, J, kappa = sp.symbols("B J kappa", real=True)
h, s = sp.symbols("h s", positive=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1), q.Zeeman((B**2 - B, 0, 0))])


@pytest.mark.parametrize(("parameter", "degree"), [("kappa", 3), (B, 4), ("J", 1)])
def test_they_add_up_to_the_residual(parameter, degree):
    components = q.QuantumLLG(kappa**3 - B**4 / 7).derive(DIMER).pauli()
    p = sp.Symbol(str(parameter), real=True)
    found = [components.coefficient(parameter, np.int64(n)) for n in range(degree + 2)]
    assert any(found[degree])
    assert not any(found[degree + 1])
    total = [sp.expand(sum(p**n * row[k] for n, row in enumerate(found))) for k in range(15)]
    assert total == [*components.residual]


@pytest.mark.parametrize(("components", "parameter", "n", "message"), [
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "T_0x", 1, r"one of the parameters \(B, J, kappa\), but is T_0x"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), q.t, 1, "but is t"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "kappa", -1, "whole number from 0 on, but is -1"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "kappa", True, "whole number from 0 on, but is True"),
    (q.QuantumLLG(1).derive(q.Model(DIMER.space, DIMER.terms, hbar=h)).pauli(), "h", 0, "h does so in 1/h"),
    (q.QuantumLLG(1).derive(q.Model(q.Space(s), [q.Zeeman((0, 0, B))])).eta(), s, 1, r"s does so in 1/\(2\*s \+ 1\)"),
])
def test_wrong_input_is_refused(components, parameter, n, message):
    with pytest.raises(q.InputError, match=message):
        components.coefficient(parameter, n)
