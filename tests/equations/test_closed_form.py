"""The universal explicit form against an eigen-decomposition, for random states; its denominator and symmetry."""

from functools import cache
from itertools import combinations, product

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

KAPPA = sp.Symbol("kappa", real=True)


def numbers(d, levels, kappa):
    """Numeric n_ab and denominator at the spectrum `levels`."""
    symmetric = np.poly(levels)
    return evaluated(d, kappa, [(-1) ** k * symmetric[k] for k in range(2, d + 1)], 1j)


def evaluated(d, kappa, invariants, i=sp.I):
    """n_ab and the denominator; rationals stay exact."""
    *n, denominator = function(d)(i, kappa, *invariants)
    return dict(zip(q.closed_form(d).coefficients, n, strict=True)), denominator


@cache
def function(d):
    """(i, κ, e2, e3, …) -> [n_00, n_01, …, denominator]: substitution would take a hundred times as long."""
    i, form = sp.Symbol("i"), q.closed_form(d)
    names = [i, KAPPA, *(sp.Symbol(f"e{k}", real=True) for k in range(2, d + 1))]
    return sp.lambdify(names, [e.xreplace({sp.I: i}) for e in (*form.coefficients.values(), form.denominator)], "sympy")


@pytest.mark.parametrize("d", [2, 3, 4, pytest.param(5, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kappa", [0.0, 0.5, -1.5])
def test_generator_is_the_resolvent(d, kappa):
    """The resolvent a second time on purpose, in the eigenbasis of ρ."""
    rng = np.random.default_rng(d)
    g, h = (rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)) for _ in range(2))
    rho, field = g @ g.conj().T / np.trace(g @ g.conj().T).real, h + h.conj().T
    levels, vectors = np.linalg.eigh(rho)
    gaps = levels[:, None] - levels
    expected = vectors @ ((vectors.conj().T @ field @ vectors) / (1 - 1j * kappa * gaps)) @ vectors.conj().T
    n, denominator = numbers(d, levels, kappa)
    power = [np.linalg.matrix_power(rho, k) for k in range(d)]
    found = sum(c * power[a] @ field @ power[b] for (a, b), c in n.items()) / denominator
    assert abs(found - expected).max() < 1e-12
    assert abs(denominator - np.prod((1 + kappa**2 * gaps**2)[np.triu_indices(d, 1)])) < 1e-12
    wrong = vectors @ ((vectors.conj().T @ field @ vectors) / (1 + 1j * kappa * gaps)) @ vectors.conj().T
    assert kappa == 0 or abs(found - wrong).max() > 1e-3


@pytest.mark.parametrize("d", [2, 3, 4])
def test_coefficients_are_conjugate_in_pairs_and_have_integers(d):
    form = q.closed_form(d)
    for (a, b), value in form.coefficients.items():
        assert sp.expand(value - sp.conjugate(form.coefficients[b, a])) == 0
        assert all(c.is_Integer for part in value.as_real_imag()
                   for c in sp.Poly(part, *sorted(form.denominator.free_symbols, key=str)).coeffs())


@pytest.mark.parametrize("bad", [1, 6, -2])
def test_other_dimensions_are_refused(bad):
    with pytest.raises(q.InputError, match=r"^`d` must lie between 2 and 5"):
        q.closed_form(bad)


@pytest.mark.parametrize("bad", [2.0, True, "2", None])
def test_other_types_are_refused(bad):
    with pytest.raises(q.InputTypeError, match=r"^`d` must be an integer"):
        q.closed_form(bad)


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_it_is_the_resolvent_on_every_pair_exactly(d):
    """Σ n_ab p_j^a p_k^b over the denominator is 1/(1 − iκ(p_j − p_k)), at rational eigenvalues, equal pairs too."""
    levels = [sp.Rational(n, 30) for n in {2: (17, 13), 3: (16, 11, 3), 4: (14, 9, 5, 2), 5: (11, 8, 6, 4, 1)}[d]]
    x, kappa = sp.Symbol("x"), sp.Rational(3, 2)
    invariants = [(-1)**k * c for k, c in enumerate(sp.Poly(sp.prod(x - p for p in levels), x).all_coeffs())]
    n, below = evaluated(d, kappa, invariants[2:])
    assert below == sp.prod(1 + kappa**2 * (a - b)**2 for a, b in combinations(levels, 2))
    for a, b in product(levels, repeat=2):
        total = sum(c * a**i * b**k for (i, k), c in n.items())
        assert sp.expand(total * (1 - sp.I * kappa * (a - b)) - below) == 0
        assert a == b or sp.expand(total * (1 + sp.I * kappa * (a - b)) - below) != 0
