"""Series of equations of motion in a parameter: explicit matrices, the order of what is left out, and refusals."""

from functools import reduce

import mpmath
import pytest
import sympy as sp

import qllg_sym as q
from analysis.dimer_matrices import STRINGS, commutator, hamiltonian, rationals

J, D, B, kappa, a = sp.symbols("J D B kappa a", real=True)
h, s = sp.symbols("h s", positive=True)
TERMS = [q.Zeeman((B, 0, 1)), q.Exchange(J, 0, 1), q.DMI((0, D, 0.5), 0, 1)]
DIMER = q.Model(q.Space("1/2", "1/2"), TERMS, hbar=sp.Rational(2, 3))


@pytest.mark.parametrize("law", [q.QuantumLLG, q.QuantumLL])
def test_orders_are_the_commutators_of_explicit_matrices(law):
    components = law(kappa).derive(DIMER).pauli()
    found = components.series("kappa", 2)
    y, numbers = rationals(1, 15), rationals(2, 3)
    rho = reduce(lambda m, p: m + p[0] * p[1] / 4, zip(y, STRINGS, strict=True), sp.eye(4) / 4)
    order = sp.I * commutator(rho, hamiltonian(*numbers))
    at = dict(zip([*components.states, J, D, B], [*y, *numbers], strict=True))
    for k, row in enumerate(found):
        assert [f.xreplace(at) for f in row] == [sp.expand((order * A).trace()) for A in STRINGS]
        order = sp.I * commutator(rho, order) if law is q.QuantumLLG or k == 0 else 0 * order
    assert any(found[2]) == (law is q.QuantumLLG)


PLAIN = q.Model(q.Space("1/2", "1/2"), TERMS)
SYSTEMS = {
    "spin 1": lambda: q.QuantumLLG(a * kappa - kappa**2 / 3).derive(
        q.Model(q.Space("1"), [q.Zeeman((1, 0, J)), q.Anisotropy(sp.diag(0, J, 1), 0)], hbar=h)).coefficients(),
    "eta": lambda: q.QuantumLLG(kappa).derive(q.Model(q.Space(s), [q.Zeeman((0, B, 1))], hbar=h)).eta(),
    "llg": lambda: q.ClassicalLLG(kappa).derive(PLAIN).moments(),
    "ll": lambda: q.ClassicalLL(kappa).derive(PLAIN).moments(),
    "restricted": lambda: q.QuantumLLG(kappa).derive(PLAIN).pauli().subs({"T_0x": 2 * sp.Symbol("T_x0", real=True)}),
}


def velocities(components, numbers):
    """The solution of mass · velocity = forcing in 40 digits."""
    mass, forcing = ([[sp.N(x, 40) for x in row] for row in m.xreplace(numbers).tolist()]
                     for m in (components.mass, components.forcing))
    return [*mpmath.lu_solve(mpmath.matrix(mass), mpmath.matrix(forcing))]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("n", [0, 2])
def test_what_is_left_out_is_of_the_next_order(system, n):
    components = SYSTEMS[system]()
    found = components.series(kappa, n)
    assert len(found) == n + 1
    others = [p for p in components.parameters if p != kappa]
    numbers = {x: abs(v) + 1 for x, v in zip([*components.states, *others], rationals(4, 60), strict=False)}
    left = []
    with mpmath.workdps(40):
        for small in (sp.Rational(1, 10**5), sp.Rational(1, 2 * 10**5)):
            exact = velocities(components, {**numbers, kappa: small})
            series = [sum(row[i].xreplace(numbers) * small**k for k, row in enumerate(found))
                      for i in range(len(exact))]
            left.append(max(abs(e - mpmath.mpf(f.p) / f.q) for e, f in zip(exact, series, strict=True)))
    assert 0 < left[0]
    assert float(left[0] / left[1]) == pytest.approx(2**(n + 1), rel=1e-3)


def test_a_mass_with_parameters_is_inverted():
    components = q.ClassicalLL(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).moments()
    x, y, _z = components.states
    assert components.series(B, 1)[0] == (0, 0, 0)
    assert sp.cancel(components.series(B, 1)[1][2] - kappa * (x**2 + y**2) / (1 + kappa**2)) == 0


@pytest.mark.parametrize(("components", "variable", "n", "message"), [
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "J", 1, "at J = 0, but ∂R/∂ẏ there depends on the states"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "Q", 1, r"one of the parameters \(B, D, J, kappa\), but is Q"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "kappa", -1, "whole number from 0 on, but is -1"),
    (q.QuantumLLG(kappa).derive(DIMER).pauli(), "kappa", 1.0, "whole number from 0 on, but is 1.0"),
    (q.QuantumLLG(1 / kappa).derive(DIMER).pauli(), kappa, 1, r"but kappa does so in 1/kappa"),
    (q.QuantumLLG(kappa).derive(q.Model(q.Space.half(3), [*q.chain(3, q.Exchange, J)])).pauli(), kappa, 4,
     "`n` must be lower for"),
])
def test_wrong_input_is_refused(components, variable, n, message, monkeypatch):
    monkeypatch.setattr("qllg_sym.analysis.expansions.orders.MOST_PRODUCTS", 10**5)
    with pytest.raises(q.InputError, match=message):
        components.series(variable, n)
