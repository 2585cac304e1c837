"""The spectrum form: its coefficients exactly, its velocities at 50 digits, what it keeps, where it does not exist."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from mpmath import mp

import oracle
import qllg_sym as q
from equations.explicit_systems import KAPPA, components_of, dimer, exact_invariants, state_of
from qllg_sym.equations.cayley_hamilton import PRODUCTS, inverse
from qllg_sym.equations.forms import elementary
from qllg_sym.errors import DerivationError
from strategies import random_density

LEVELS = {2: (1, -1), 3: (3, -1, -2), 4: (Fraction(7, 2), Fraction(1, 2), -1, -3), 5: (5, 3, -1, -2, -5)}


def pair_values(found, levels, c):
    """The two sides of the identity at every pair of eigenvalues, exactly."""
    d = len(levels)
    e = [sum(sp.prod(chosen) for chosen in combinations(levels, k)) for k in range(d + 1)]
    powers = [[Fraction(1)] * d, list(map(Fraction, levels))]
    while len(powers) < d:
        raw = [x * n for x, n in zip(levels, powers[-1], strict=True)]
        powers.append([x - sum(raw) / d for x in raw])
    at = [c, *(sp.Rational(x) for x in e[2:])]
    below = found.denominator.evaluate(list(zip(found.denominator.ring.gens, at, strict=True)))
    for j, k in combinations(range(d), 2):
        mean = [sp.Rational(n[j] + n[k]) / 2 for n in powers]
        total = sum(mean[m] * mean[n] * p.evaluate(list(zip(p.ring.gens, at, strict=True)))
                    for m, row in found.rows.items() for n, p in row.items())
        yield sp.Rational(total) / sp.Rational(below), 1 / (1 + c * sp.Rational(levels[j] - levels[k])**2 / 4)


@pytest.mark.parametrize("d", PRODUCTS)
def test_the_inverse_is_that_on_every_pair(d):
    found, c = inverse(d), sp.Rational(3, 7)
    assert all(left == right for left, right in pair_values(found, LEVELS[d], c))
    gaps = [sp.Rational(x - y) for x, y in combinations(LEVELS[d], 2)]
    below = found.denominator.evaluate(list(zip(found.denominator.ring.gens, [c, *(
        sp.Rational(sum(sp.prod(s) for s in combinations(LEVELS[d], k))) for k in range(2, d + 1))], strict=True)))
    assert below == sp.prod(1 + c * gap**2 / 4 for gap in gaps)
    wrong = replace(found, rows={**found.rows, 0: {**found.rows[0], 0: found.rows[0][0] + 1}})
    assert not any(left == right for left, right in pair_values(wrong, LEVELS[d], c))


@pytest.mark.parametrize("spins", [("1/2",), ("1",), pytest.param(("3/2",), marks=pytest.mark.slow), ("1/2", "1/2")],
                         ids=str)
@pytest.mark.parametrize("rank", ["full", "pure", "mixed"])
def test_it_is_the_general_form_at_fifty_digits(spins, rank):
    """Elimination and Cayley–Hamilton share no step; with e2 of another state they differ."""
    components = components_of(spins)
    d = components.equation.model.space.dimension
    p = {"full": np.random.default_rng(d).dirichlet(np.ones(d)), "pure": np.eye(d)[0], "mixed": np.ones(d) / d}[rank]
    with mp.workdps(60):
        y = state_of(components, p)
        known, at = exact_invariants(components, y), dict(zip((s.name for s in components.states), y, strict=True))
        for kappa in (0, Fraction(1, 3), 10, 100):
            general = components.kernel().evaluate({**at, "kappa": kappa}, digits=50)
            special = components.kernel("spectrum").evaluate({**at, **known, "kappa": kappa}, digits=50)
            largest = 1 + max(map(abs, general.values()))
            assert max(abs(general[n] - special[n]) for n in general) < mp.mpf(10)**-40 * largest
        if d > 1 and rank == "full":
            other = components.kernel("spectrum").evaluate({**at, **known, "kappa": 1, "e2": known["e2"] / 2})
            general = components.kernel().evaluate({**at, "kappa": 1})
            assert max(abs(general[n] - other[n]) for n in general) > 1e-4


@pytest.mark.slow
def test_five_levels_against_the_printed_law():
    components = components_of(("2",))
    rho = random_density(np.random.default_rng(4), 5, 5)[0]
    y = oracle.coordinates([np.array(a.tolist(), dtype=complex) for a in components.basis], rho)
    values = {"kappa": 0.8, **elementary(np.linalg.eigvalsh(rho))}
    found = components.kernel("spectrum").evaluate({**dict(zip((s.name for s in components.states), y, strict=True)),
                                                    **values})
    velocity = oracle.velocity(components.equation.law, components.equation.model, rho, {KAPPA: 0.8})
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    expected = oracle.coordinates(basis, velocity)
    assert np.abs(np.array(list(found.values()), dtype=float) - expected).max() < 1e-12
    assert components.compile(form="spectrum").target == "matrix"


@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(2 * KAPPA * sp.cos(q.t))],
                         ids=lambda law: law.kind)
def test_other_laws_and_weights(law):
    """Explicit laws have c = 0; κ may be any expression, of time too."""
    components = components_of(("1",), law)
    rho = random_density(np.random.default_rng(5), 3, 3)[0]
    y = oracle.coordinates([np.array(a.tolist(), dtype=complex) for a in components.basis], rho)
    numbers = {"kappa": 0.7} if components.parameters else {}
    special = components.compile("numpy", form="spectrum").bind({**numbers, **elementary(np.linalg.eigvalsh(rho))})
    general = components.compile("numpy").bind(numbers)
    assert special.compiled.parameters[-2:] == ("e2", "e3")
    for t in (0.0, 1.1):
        assert np.abs(special(t, y) - general(t, y)).max() < 1e-13


def test_whatever_the_parameters_it_keeps_the_spectrum():
    """d/dt Tr ρ² = d/dt Tr ρ³ = 0 with wrong e2, e3, e4 too, where ρ̇ itself is wrong."""
    components = dimer()
    rhs = components.compile("numpy", form="spectrum").bind(a=1.0, kappa=0.8, e2=0.9, e3=-0.7, e4=0.3)
    y = state_of(components, [0.5, 0.3, 0.15, 0.05])
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    rho, drho = (sum(c * a / 4 for c, a in zip(v, basis, strict=True)) for v in (y, rhs(0.0, y)))
    rho = rho + np.eye(4) / 4
    for k in (1, 2, 3):
        assert abs(np.trace(np.linalg.matrix_power(rho, k) @ drho)) < 1e-15
    assert np.abs(rhs(0.0, y) - components.compile("numpy").bind(a=1.0, kappa=0.8)(0.0, y)).max() > 1e-3


@pytest.mark.parametrize(("components", "words"), [
    (lambda: q.QuantumLLG(1).derive(q.Model(q.Space.half(3), [q.Exchange(1, 0, 1)])).pauli(), "dimension of at most 5"),
    (lambda: q.QuantumLLG(1).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))])).eta(), "eta components"),
    (lambda: q.ClassicalLLG(1).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).moments(), "moments components"),
    (lambda: dimer(q.Dephasing(KAPPA)), "linear in ρ̇ and H")])
def test_forms_that_do_not_exist_are_refused(components, words):
    for call in ("kernel", "compile"):
        with pytest.raises(DerivationError, match=rf"^[^\n]*{words}[^\n]*$"):
            getattr(components(), call)(form="spectrum")


