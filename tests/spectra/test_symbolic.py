"""Susceptibilities with symbols: against the response in numbers, closed forms by normal form, and dispersion."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, D, B, E = sp.symbols("J D B E", positive=True)
kappa, beta, omega = sp.Symbol("kappa", positive=True), sp.Symbol("beta", positive=True), sp.Symbol("omega", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
NUMBERS = {"J": 0.7, "D": 0.4, "B": 1.3, "E": 0.2, "kappa": 0.3, "b_x": 0.4, "b_y": -0.3, "b_z": 0.8}
BX, BY, BZ = sp.symbols("b_x b_y b_z", real=True)
ONE = q.Model(q.Space("1"), [q.ZeroField(D, 0, E=E), q.Zeeman((0, 0, B))])
TILTED = q.Model(q.Space("1/2"), [q.Zeeman((BX, BY, BZ))])


@pytest.mark.parametrize(("model", "pairs"), [
    (TILTED, [("Sx", "Sx"), ("Sx", "Sy"), ("Sz", "Sx")]),
    (DIMER, [("Sx", "Sy"), (("Sz", sp.pi), ("Sz", sp.pi)), (("Sx", sp.pi), "Sx")]),
    (ONE, [("Sx", "Sx"), ("Sy", "Sx"), ("Sz", "Sz")])], ids=["spin", "dimer", "spin one"])
@pytest.mark.parametrize("law", [q.QuantumLLG, q.QuantumLL])
def test_it_is_the_response_in_numbers(model, pairs, law):
    values = {name: NUMBERS[name] for name in map(str, (*model.parameters, kappa))}
    exact = q.symbolic_response(model, law(kappa), beta)
    numbers = q.response(model, law(kappa), q.states.thermal(model, 0.9), values)
    grid = np.array([0.0, 0.6, 2.1])

    def plain(x):
        return tuple(float(y) if isinstance(y, sp.Expr) else y for y in x) if isinstance(x, tuple) else x
    for a, b in pairs:
        found = exact.susceptibility(a, b)
        assert not found.atoms(sp.Float)
        at = found.subs({**{sp.Symbol(s.name, **s.assumptions0): values[s.name] for s in found.free_symbols
                            if s.name in values}, beta: 0.9})
        expected = numbers.susceptibility(plain(a), plain(b), grid)
        assert [complex(at.subs(omega, w)) for w in grid] == pytest.approx(expected, abs=1e-12)
        assert abs(expected).max() > 1e-3 or found == 0


def test_one_spin_is_its_closed_form():
    """¼r(1/(B − ω(1 + iκr)) + 1/(B + ω(1 − iκr))), r = p_0 − p_1 of the lower and the upper level."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])
    found = q.symbolic_response(model, q.QuantumLLG(kappa))
    assert set(found.levels) == {-B / 2, B / 2}
    low = found.levels.index(-B / 2)
    r = found.populations[low] - found.populations[1 - low]
    expected = r / 4 * (1 / (B - omega * (1 + sp.I * kappa * r)) + 1 / (B + omega * (1 - sp.I * kappa * r)))
    assert sp.cancel(sp.together(found.susceptibility("Sx", "Sx") - expected)) == 0
    broken = expected.subs(kappa, -kappa)
    assert sp.cancel(sp.together(found.susceptibility("Sx", "Sx") - broken)) != 0
    (place, ratio, weight), = found.lines("Sx")
    assert (place, sp.expand(ratio - kappa * r), sp.expand(weight - r / 4)) == (B, 0, 0)


def test_the_dimer_has_its_levels_and_static_limit():
    found = q.symbolic_response(DIMER, q.QuantumLLG(kappa))
    root = 2 * sp.sqrt(J**2 + D**2)
    assert {sp.expand(e) for e in found.levels} == {J - B, J + B, -J + root, -J - root}
    assert found.multiplicities == (1, 1, 1, 1)
    staggered = found.susceptibility(("Sz", sp.pi), ("Sz", sp.pi))
    still = staggered.subs(omega, 0)
    assert kappa not in still.free_symbols
    p = dict(zip(map(sp.expand, found.levels), found.populations, strict=True))
    low, high = p[sp.expand(-J - root)], p[sp.expand(-J + root)]
    assert sp.cancel(still.subs({J: 3, D: 4}) - (low - high) / root.subs({J: 3, D: 4})) == 0
    assert q.symbolic_response(DIMER, q.QuantumLLG(kappa)).susceptibility("Sz", "Sz") == 0


def test_degenerate_levels_do_not_answer():
    """An isotropic dimer without a field: a singlet and one level of three, with one population each."""
    found = q.symbolic_response(q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1)]), q.QuantumLLG(kappa), beta)
    assert dict(zip(found.levels, found.multiplicities, strict=True)) == {J: 3, -3 * J: 1}
    assert found.susceptibility("Sx", "Sx") == 0
    still = found.susceptibility(("Sz", sp.pi), ("Sz", sp.pi)).subs(omega, 0)
    p = (sp.exp(3 * beta * J) - sp.exp(-beta * J)) / (sp.exp(3 * beta * J) + 3 * sp.exp(-beta * J))
    assert float((still - p / (2 * J)).subs({J: 0.7, beta: 1.1})) == pytest.approx(0, abs=1e-14)


def test_a_response_says_its_expression():
    """With numbers in hand, too."""
    numbers = q.response(DIMER, q.QuantumLLG(kappa), q.states.thermal(DIMER, 1.0),
                         {"J": 0.7, "D": 0.4, "B": 1.3, "kappa": 0.3})
    found = numbers.expression_of("Sx", "Sy", beta)
    assert found == q.symbolic_response(DIMER, q.QuantumLLG(kappa), beta).susceptibility("Sx", "Sy")
    assert {omega, J, B, D, kappa, beta} == found.free_symbols
