"""Fixed points against explicit matrices, closed forms and 50 digits."""

import pickle
from itertools import permutations
from math import comb

import mpmath
import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.errors import DerivationError, InputError, InputTypeError, ModelError

J, D, B, C, kappa = sp.symbols("J D B C kappa", real=True)
HALF = q.Space("1/2", "1/2")
PAPER = q.Model(HALF, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
ALONG = q.Model(HALF, [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)], hbar=1.5, gamma=2)
SPIN1 = q.Model(q.Space("1"), [q.Zeeman((B, 0, C)), q.Anisotropy(((0, 0, 0), (0, 0, 0), (0, 0, D)), 0)], hbar=2)
NUMBERS = {J: sp.Rational(7, 5), D: sp.Rational(-3, 4), B: sp.Rational(9, 8), C: sp.Rational(1, 3)}


def density(components, point, numbers):
    """ρ = 1/d + Σ c A/n, from the values alone."""
    d = components.equation.model.space.dimension
    values = [complex(sp.sympify(e).subs(numbers).evalf(25)).real for e in point]
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    return np.eye(d) / d + sum(c * a / float(n) for c, a, n in zip(values, basis, components.norms, strict=True))


@pytest.mark.parametrize(("model", "law"), [
    pytest.param(PAPER, q.QuantumLLG(kappa), id="paper"), pytest.param(ALONG, q.QuantumLLG(kappa), id="along"),
    pytest.param(ALONG, q.QuantumLL(kappa), id="along q-ll"), pytest.param(ALONG, q.VonNeumann(), id="along undamped"),
    pytest.param(SPIN1, q.QuantumLL(kappa), id="spin 1"),
    *(pytest.param(model, law, marks=pytest.mark.slow) for model, law in (
        (PAPER, q.QuantumLL(kappa)), (PAPER, q.VonNeumann()), (SPIN1, q.QuantumLLG(kappa)), (SPIN1, q.VonNeumann())))])
def test_pure_points_with_symbols_are_the_eigenstates(model, law):
    components = law.derive(model).coefficients()
    points = components.fixed_points()
    values = {s: float(x) for s, x in {**NUMBERS, kappa: sp.S.Half}.items()}
    h = oracle.hamiltonian(model, values)
    levels, vectors = np.linalg.eigh(h)
    assert len(points) == len(levels)
    for point in points:
        rho = density(components, point, NUMBERS)
        energy = float(sp.re(point.energy.subs(NUMBERS).evalf(25)))
        k = int(np.argmin(abs(levels - energy)))
        assert abs(levels[k] - energy) < 1e-13
        assert abs(rho - np.outer(vectors[:, k], vectors[:, k].conj())).max() < 1e-13
        assert abs(oracle.velocity(law, model, rho, values)).max() < 1e-13
        assert point.exact
        assert point.residual == 0


def test_a_shifted_point_is_not_at_rest():
    """The broken twin: the check above sees a point that is off by 1e-9."""
    components = q.QuantumLLG(kappa).derive(ALONG).pauli()
    values = {s: float(x) for s, x in {**NUMBERS, kappa: sp.S.Half}.items()}
    rho = density(components, components.fixed_points()[1], NUMBERS)
    shifted = rho + 1e-9 * np.kron(oracle.PAULI["y"], oracle.PAULI["0"])
    assert abs(oracle.velocity(components.equation.law, ALONG, shifted, values)).max() > 1e-10


def test_a_spectrum_gives_every_permutation_over_the_levels():
    components = q.QuantumLLG(kappa).derive(SPIN1).coefficients()
    spectrum = [sp.Rational(1, 2), sp.Rational(1, 3), sp.Rational(1, 6)]
    points = components.fixed_points(values={s: NUMBERS[s] for s in (B, C, D)}, spectrum=spectrum)
    levels, vectors = np.linalg.eigh(oracle.hamiltonian(SPIN1, {s: float(x) for s, x in NUMBERS.items()}))
    wanted = {order: vectors @ np.diag([float(spectrum[k]) for k in order]) @ vectors.conj().T
              for order in permutations(range(3))}
    found = [density(components, point, {}) for point in points]
    assert len(found) == len(wanted) == 6
    assert all(min(abs(rho - other).max() for other in found) < 1e-13 for rho in wanted.values())
    assert [point.passive for point in points] == [True] + 5 * [False]
    assert points[0].populations == tuple(spectrum)
    assert abs(float(points[0].energy) - levels @ [float(p) for p in spectrum]) < 1e-13


def test_no_level_is_split_or_cut_where_h_is_degenerate():
    """Heisenberg dimer: a triplet and a singlet."""
    components = q.QuantumLLG(kappa).derive(q.Model(HALF, [q.Exchange(J, 0, 1)])).pauli()
    triplet, singlet = sorted(components.fixed_points(), key=lambda point: str(point.energy), reverse=True)
    assert (triplet.energy, triplet.dimension, singlet.energy, singlet.dimension) == (J, 4, -3 * J, 0)
    swap = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    rho = density(components, triplet, {})
    assert abs(rho @ rho - rho).max() < 1e-14          # a pure state of the triplet
    assert abs(swap @ rho - rho).max() < 1e-14
    mixed = components.fixed_points(spectrum=[sp.Rational(1, 3)] * 3)
    assert sorted(point.dimension for point in mixed) == [0, 4]     # the whole triplet; two of it and the singlet
    flat = components.fixed_points(spectrum=[sp.Rational(1, 4)] * 4)
    assert [(tuple(point), point.dimension, point.passive) for point in flat] == [((0,) * 15, 0, True)]


def test_symbols_in_the_spectrum_and_conditions():
    p = sp.Symbol("p", real=True)
    spin = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    low, high = spin.fixed_points(spectrum=[p, 1 - p])
    assert {sp.expand(low[2]), sp.expand(high[2])} == {2 * p - 1, 1 - 2 * p}
    condition = spin.fixed_points()[0].passive
    assert [condition.subs(B, b) for b in (-1, 1)] in ([sp.true, sp.false], [sp.false, sp.true])


def test_levels_of_higher_degree_are_exact_numbers():
    model = q.Model(q.Space.half(3), [q.Zeeman((1, 0, sp.Rational(1, 3)), sites=[0]),
                                      q.Exchange(1, 0, 1), q.DMI((0, 1, 2), 1, 2), q.Zeeman((0, 1, 1), sites=[2])])
    points = q.QuantumLLG(1).derive(model).pauli().fixed_points()
    with mpmath.workdps(50):
        exact = oracle.hamiltonian(model, {}) * 24          # whole numbers, exact in doubles
        levels = sorted(mpmath.eighe(mpmath.matrix(np.rint(exact.real) + 1j * np.rint(exact.imag)), eigvals_only=True))
        assert abs(exact - np.rint(exact.real) - 1j * np.rint(exact.imag)).max() < 1e-12
        assert all(abs(24 * mpmath.mpmathify(sp.N(point.energy, 50)) - e) < mpmath.mpf(10)**-45
                   for point, e in zip(points, levels, strict=True))
    assert any(point.energy.atoms(sp.CRootOf) for point in points)


def test_sums_of_a_square_root_and_its_conjugate_are_rational():
    components = q.QuantumLLG(kappa).derive(ALONG).pauli()
    halves = components.fixed_points(spectrum=[sp.Rational(1, 2)] * 2)
    assert len(halves) == comb(4, 2)
    both = next(point for point in halves if point.energy == -J)       # of the two levels −J ± 2√(D² + J²)
    assert tuple(both) == (0,) * 14 + (-1,)


def test_roots_among_the_values_of_parameters():
    field = q.Model(HALF, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])       # λ − J divides the polynomial over ℚ(√2)
    points = q.QuantumLLG(kappa).derive(field).pauli().fixed_points(values={B: sp.sqrt(2)})
    assert {point.energy for point in points} == {J, J + sp.sqrt(2), J - sp.sqrt(2), -3 * J}


def test_points_travel():
    point = q.QuantumLLG(kappa).derive(ALONG).pauli().fixed_points()[0]
    again = pickle.loads(pickle.dumps(point))
    assert again == point
    assert (again.energy, again.passive, again.components) == (point.energy, point.passive, point.components)
    assert len(repr(point)) < 400


def test_long_numbers_are_shown_in_decimals():
    """Of a spin 1 in cm⁻¹: roots over CODATA's digits."""
    ion = q.Model(q.Space("1"), [q.ZeroField(-7, 0, E=0.5), q.Zeeman((0, 0, 1))], units=q.Units("cm-1", "ps"))
    shown = [repr(point) for point in q.QuantumLLG(0.1).derive(ion).coefficients().fixed_points()]
    doublet = np.hypot(0.5, 2 * 0.46686447719)      # 2 μ_B · 1 T
    energies = [float(text.split("≈ ")[1].split(",")[0]) for text in shown[:2]]
    assert energies == pytest.approx([-7 / 3 - doublet, -7 / 3 + doublet], abs=2e-6)
    assert max(map(len, shown)) < 120
    assert "of energy 14/3, not passive" in shown[2]


@pytest.mark.parametrize(("error", "arguments", "sentence"), [
    (InputError, {"spectrum": [0.5, 0.4]}, "sum 1"), (InputError, {"spectrum": [1.5, -0.5]}, "not negative"),
    (InputError, {"spectrum": [0.2] * 5}, "at most 4"), (InputError, {"values": {"K": 1}}, "parameters"),
    (ModelError, {"values": {"J": float("nan")}}, "finite"), (InputTypeError, {"values": 3}, "must map"),
    (InputTypeError, {"spectrum": 1}, "list of populations"),
    (InputTypeError, {"constraints": 1}, "list of polynomials"),
    (ModelError, {"values": {"J": 1j}}, "real"), (InputTypeError, {"spectrum": ["a"]}, "spectrum")])
def test_wrong_input_is_refused(error, arguments, sentence):
    with pytest.raises(error, match=sentence):
        q.QuantumLLG(kappa).derive(PAPER).pauli().fixed_points(**arguments)


def test_a_spectrum_of_linear_laws_is_refused():
    with pytest.raises(InputError, match="left out"):
        q.Dephasing(1).derive(PAPER).pauli().fixed_points(spectrum=1)


def test_what_has_no_formula_is_refused():
    tilted = q.Model(HALF, [q.Zeeman((B, 0, C)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    components = q.QuantumLLG(1).derive(tilted).pauli()
    with pytest.raises(DerivationError, match="degree 4; give rational values"):
        components.fixed_points()
    assert len(components.fixed_points(values=NUMBERS)) == 4
    with pytest.raises(InputError, match="time"):
        q.QuantumLLG(1).derive(q.Model(HALF, [q.Exchange(sp.cos(q.t), 0, 1)])).pauli().fixed_points()
    with pytest.raises(InputError, match="dimension 16 at most"):
        q.QuantumLLG(1).derive(q.Model(q.Space("9"))).coefficients().fixed_points()
