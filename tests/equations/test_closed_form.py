"""The universal explicit form against an eigen-decomposition, for random states; its denominator and symmetry."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.equations.ladder import ladder


def numbers(form, levels, kappa):
    """Numeric n_ab and denominator at the spectrum `levels`."""
    symmetric = np.poly(levels)
    at = {sp.Symbol("kappa", real=True): kappa}
    at |= {sp.Symbol(f"e{k}", real=True): (-1) ** k * symmetric[k] for k in range(2, len(levels) + 1)}
    return {key: complex(e.subs(at)) for key, e in form.coefficients.items()}, complex(form.denominator.subs(at))


@pytest.mark.parametrize("d", [2, 3, 4, 5])
@pytest.mark.parametrize("kappa", [0.0, 0.5, -1.5])
def test_generator_is_the_resolvent(d, kappa):
    rng = np.random.default_rng(d)
    g, h = (rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)) for _ in range(2))
    rho, field = g @ g.conj().T / np.trace(g @ g.conj().T).real, h + h.conj().T
    levels, vectors = np.linalg.eigh(rho)
    gaps = levels[:, None] - levels
    expected = vectors @ ((vectors.conj().T @ field @ vectors) / (1 - 1j * kappa * gaps)) @ vectors.conj().T
    n, denominator = numbers(q.closed_form(d), levels, kappa)
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


@pytest.mark.parametrize("d", [2, 3, 4])
def test_denominator_is_that_of_the_traceless_ladder(d):
    """Two derivations of Π(1 + κ²Δ²): by χ(u/q) with trace one, and by the action on pairs of dρ − 1; not κ²Δ²/4."""
    levels = [sp.Rational(n, 10) for n in {2: (7, 3), 3: (5, 3, 2), 4: (4, 3, 2, 1)}[d]]

    def invariants(roots):
        x = sp.Symbol("x")
        return [(-1)**k * c for k, c in enumerate(sp.Poly(sp.prod(x - r for r in roots), x).all_coeffs())][2:]

    form, kappa = q.closed_form(d), sp.Rational(3, 2)
    at = {sp.Symbol("kappa", real=True): kappa}
    at |= {sp.Symbol(f"e{k + 2}", real=True): e for k, e in enumerate(invariants(levels))}
    below = ladder(d).denominator

    def shifted(strength):
        values = [strength, *invariants([d * p - 1 for p in levels])]
        return below.evaluate(list(zip(below.ring.gens, values, strict=True)))

    assert sp.Rational(str(shifted(4 * kappa**2 / d**2))) == form.denominator.subs(at)
    assert sp.Rational(str(shifted(kappa**2 / d**2))) != form.denominator.subs(at)
