"""Hamiltonians written in sums of terms and in spin operators, against matrices of the tests' own."""

import copy
import pickle
import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import qutip
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.model.expansion import standard_string

J, D, B = sp.symbols("J D B", real=True)
PAIR = q.Space("1/2", "1/2")
S0, S1 = PAIR.spin(0), PAIR.spin(1)
ONE = q.Space("1")
S = ONE.spin(0)


def dense(model, values=None):
    """The package's H as a matrix."""
    total = np.zeros((model.space.dimension,) * 2, dtype=complex)
    for (k, string), c in model.hamiltonian.terms.items():
        matrix = np.array(standard_string(model.space.numeric_spins, string).tolist(), dtype=complex)
        total += 1j**k * oracle.number(c.as_expr(), values or {}) * matrix
    return total


def test_the_sums_of_the_interface():
    terms = J * q.Exchange(1, 0, 1) + q.Zeeman((B, 0, 0)) - 2 * q.DMI((0, 0, D), 0, 1)
    listed = [q.Exchange(J, 0, 1), q.Zeeman((B, 0, 0)), q.DMI((0, 0, -2 * D), 0, 1)]
    assert q.Model(PAIR, terms) == q.Model(PAIR, listed)
    assert q.Model(PAIR, [[terms], []]) == q.Model(PAIR, listed)
    assert q.Model(PAIR, -terms / 2).hamiltonian.terms == (q.Model(PAIR, listed).hamiltonian * sp.QQ(-1, 2)).terms
    assert sum([q.Exchange(J, 0, 1), q.Zeeman((B, 0, 0))]).terms == tuple(listed[:2])
    assert pickle.loads(pickle.dumps(terms)) == copy.deepcopy(terms) == terms
    assert repr(terms).startswith("Sum(Exchange(")


SCALED = [q.Zeeman((1, B, 0), g=[[1, 0, 0], [0, 2, D], [0, 0, 3]]), q.Exchange(J, 0, 1), q.DMI((0, D, 1), 0, 1),
          q.Bilinear([[1, 2, 3], [J, 5, 6], [7, 8, 9]], 0, 1), q.Biquadratic(J, 0, 1), q.Pauli(J, "XY"),
          q.Operator(np.diag([1, 2, 3, 4.5])), q.Operator([[1, 2j], [-2j, 0]], [1])]
LARGE = [q.Anisotropy([[1, 0, 0], [0, J, 0], [0, 0, 3]], 0), q.ZeroField(D, 0, E=0.1),
         q.Stevens({(2, 0): D, (2, -1): 0.5}, 0)]


@pytest.mark.parametrize(("term", "space"), [*((x, PAIR) for x in SCALED), *((x, ONE) for x in LARGE)],
                         ids=lambda x: getattr(x, "kind", ""))
def test_a_coefficient_before_a_term_multiplies_its_energy(term, space):
    values = {J: 0.7, D: -0.4, B: 1.5}
    plain, factor = dense(q.Model(space, term), values), Fraction(-7, 3)
    for scaled in (term * factor, factor * term, -term * Fraction(7, 3), term / Fraction(-3, 7),
                   np.float64(1) * term * factor):
        assert dense(q.Model(space, scaled), values) == pytest.approx(float(factor) * plain)
    twice = q.Model(space, B**2 * term)
    assert dense(twice, values) == pytest.approx(2.25 * plain)
    assert np.abs(plain).max() > 0.1


def test_the_hamiltonian_of_the_interface_in_spins():
    """S are S/ħ: J S·S is Bilinear(J), S_x of one spin ½ is half a σ."""
    model = q.Model(PAIR, J * S0.dot(S1) + D * S0.cross(S1).z - B * S0.x)
    terms = [q.Exchange(J / 4, 0, 1), q.DMI((0, 0, D / 4), 0, 1), q.Zeeman((B, 0, 0), sites=[0])]
    assert model.frequency.terms == q.Model(PAIR, terms).frequency.terms
    assert model.parameters == (B, D, J)
    assert "D S_0x S_1y − D S_0y S_1x" in model.describe()
    for hbar in (2, sp.Symbol("hbar", positive=True)):
        assert q.Model(PAIR, S0.dot(S1), hbar=hbar).hamiltonian.terms == q.Model(PAIR, S0.dot(S1)).hamiltonian.terms


def random_expression(rng, space, depth=3):
    """A random expression and its matrix, made side by side."""
    spins = oracle.site_spins(space.spins)
    if depth == 0:
        site, axis = rng.integers(space.sites), rng.integers(3)
        return tuple(space.spin(int(site)))[axis], spins[site][axis]
    (a, x), (b, y) = random_expression(rng, space, depth - 1), random_expression(rng, space, rng.integers(depth))
    number = complex(*map(int, rng.integers(-2, 3, 2)))
    return [lambda: (a + b, x + y), lambda: (a * b, x @ y), lambda: (a - number * b, x - number * y),
            lambda: ((a + number) * b, (x + number * np.eye(len(x))) @ y)][rng.integers(4)]()


@pytest.mark.parametrize("seed", range(12))
def test_random_polynomials_are_their_matrices(seed):
    rng = np.random.default_rng(seed)
    space = [q.Space("1/2", "1"), q.Space("3/2"), q.Space("1/2", "1/2", "1/2")][seed % 3]
    a, x = random_expression(rng, space)
    model = q.Model(space, a + a.adjoint())
    assert dense(model) == pytest.approx(x + x.conj().T, abs=1e-12)
    if not np.allclose(x, x.conj().T):
        with pytest.raises(q.ModelError, match="`expression` must be Hermitian"):
            q.Model(space, a)


def test_ladders_powers_and_constants():
    total = S0 + S1
    triplets = np.array([[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]])
    assert dense(q.Model(PAIR, total.dot(total))) == pytest.approx(2 * triplets)
    x = qutip.jmat(1, "x").full()
    assert dense(q.Model(ONE, (S.plus + S.minus)**2 / 4 - 0.5 + sp.Rational(1, 2))) == pytest.approx(x @ x)
    assert dense(q.Model(ONE, 1j * (S.x * S.y - S.y * S.x))) == pytest.approx(-qutip.jmat(1, "z").full())
    assert (S.x - S.x).products == ()
    assert dense(q.Model(PAIR, S0.plus * S1.minus + q.Exchange(1, 0, 1) + S0.minus * S1.plus))[1, 2] == pytest.approx(3)


def test_a_symbolic_spin_takes_spins_and_no_number():
    s = sp.Symbol("s", positive=True)
    space = q.Space(s)
    eta = q.QuantumLLG(1).derive(q.Model(space, -B * space.spin(0).z)).eta()
    assert eta.residual == q.QuantumLLG(1).derive(q.Model(space, q.Zeeman((0, 0, B)))).eta().residual


def test_classical_partners_see_commuting_moments():
    model = q.Model(q.Space("1", "2"), J * q.Space("1", "2").spin(0).dot(q.Space("1", "2").spin(1)))
    mine = q.ClassicalLLG(0.1, field="mean").derive(model).moments().residual
    listed = q.Model(q.Space("1", "2"), q.Bilinear(J, 0, 1))
    assert mine == q.ClassicalLLG(0.1, field="mean").derive(listed).moments().residual


WRONG = [
    (lambda: q.Model(ONE, S.plus), q.ModelError, "`expression` must be Hermitian"),
    (lambda: q.Model(ONE, S), q.InputTypeError, "`terms` must be Hamiltonian terms"),
    (lambda: q.Model(ONE, S0.x * S1.x), q.ModelError, "must be a site from 0 to 0"),
    (lambda: PAIR.spin(2), q.ModelError, "`i` must be a site from 0 to 1"),
    (lambda: S * S, q.InputTypeError, "vectors by .dot and .cross"),
    (lambda: S.x * q.Exchange(1, 0, 1), q.InputTypeError, "`factor` must be a coefficient or a spin operator"),
    (lambda: q.Exchange(1, 0, 1) * S.x, q.InputTypeError, "`factor` must be a coefficient"),
    (lambda: q.Exchange(1, 0, 1) + 1, q.InputTypeError, "`term` must be a Hamiltonian term"),
    (lambda: 1 - q.Exchange(1, 0, 1), q.InputTypeError, "`term` must be a Hamiltonian term"),
    (lambda: q.Exchange(1, 0, 1) * 1j, q.ModelError, "`factor` must be real"),
    (lambda: q.Exchange(1, 0, 1) / 0, q.InputTypeError, "`divisor` must not be zero"),
    (lambda: S.x**-1, q.InputTypeError, "`power` must be a whole number"),
    (lambda: S.x / S.y, q.InputTypeError, "`divisor` must be a number other than 0"),
    (lambda: S.x + "a", q.InputTypeError, "`term` must be"),
    (lambda: S.dot(3), q.InputTypeError, "`other` must be a vector"),
    (lambda: sp.Symbol("J") * S.x, q.ModelError, "must have real symbols"),
    (lambda: float("nan") * S.x, q.ModelError, "`factor` must be"),
    (lambda: q.Stevens({(3, 0): 1}, 0), q.ModelError, "`B` must have k = 2, 4 or 6"),
    (lambda: q.Stevens([(2, 0, 1), (2, 0, 2)], 0), q.ModelError, "one coefficient for each operator"),
    (lambda: q.Stevens({"20": 1}, 0), q.InputTypeError, "`B` must map"),
    (lambda: q.Model(ONE, q.Stevens({(4, 0): 1}, 0)), q.ModelError, "k of at most 2s"),
    (lambda: q.Model(PAIR, q.ZeroField(1, 0)), q.ModelError, "`ZeroField` must act on a spin of at least 1"),
    (lambda: q.Model(PAIR, q.Zeeman((0, 0, 1), g=[1, 2, 3])), q.InputTypeError, "`g` must be a 3×3 real matrix"),
]


@pytest.mark.parametrize(("make", "error", "says"), WRONG, ids=[says for _, _, says in WRONG])
def test_wrong_input_is_one_sentence(make, error, says):
    with pytest.raises(error, match=re.escape(says)) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_complex_coefficients_print_as_re_and_im_and_zeros_are_left_out():
    """e^{iJ} S₊ + e^{−iJ} S₋ = 2 cos J S_x − 2 sin J S_y; a quotient and a sum stand in brackets."""
    turned = sp.exp(sp.I * J) * S.plus + sp.exp(-sp.I * J) * S.minus
    assert repr(turned) == "2*cos(J) S_0x − 2*sin(J) S_0y"
    assert repr(sp.I * (J - D) * S.x - J / B * S.y) == "−(D - J)i S_0x − (J/B) S_0y"
    assert repr((J + sp.I * D) * S.x) == "(J + Di) S_0x"
    model = q.Model(ONE, D * turned + B * S.z)
    assert model.subs({D: 0}).terms[0].expression == B * S.z


def test_numbers_and_vectors_of_numpy_on_the_left():
    assert np.array([1, 2, 3]) + S == (1, 2, 3) + S
    assert np.array([1, 2, 3]) - S == (1, 2, 3) - S
    assert ((1, 2, 3) - S + S).z.products == ((3, ()),)
    assert np.complex128(2) * q.Exchange(1, 0, 1) == q.Exchange(1, 0, 1) / np.complex128(0.5) == q.Exchange(2, 0, 1)
    with pytest.raises(q.ModelError, match="`factor` must be real"):
        1j * q.Exchange(1, 0, 1)


def test_phases_that_are_sums_and_factors_with_i():
    """e^{i(Jt + B)} S₊ + h.c. is a field that turns; (1 + i)(J − D)⁶ keeps the power as it is written, for numbers."""
    phase = J * q.t + B
    turning = q.Model(PAIR, D * (sp.exp(sp.I * phase) * S0.plus + sp.exp(-sp.I * phase) * S0.minus))
    values = {J: 0.7, D: -0.4, B: 1.5, q.t: 0.3}
    angle = 0.7 * 0.3 + 1.5
    wanted = -0.4 * np.kron([[0, np.exp(1j * angle)], [np.exp(-1j * angle), 0]], np.eye(2))
    assert dense(turning, values) == pytest.approx(wanted)
    with pytest.raises(q.ModelError, match="`expression` must be Hermitian"):
        q.Model(PAIR, sp.exp(sp.I * phase) * (S0.plus + S0.minus))
    power = (J - D)**6
    assert ((1 + sp.I) * power * S0.plus).adjoint() == (1 - sp.I) * power * S0.minus
    assert {c for c, _ in ((1 + sp.I) * power * S.x + (1 - sp.I) * power * S.x).products} == {2 * power}
    assert ((J + sp.I * D)**2 * S.x).products[0][0].expand() == (J**2 - D**2 + 2 * sp.I * J * D)


def test_a_sum_in_spins_of_a_hundred_sites_is_a_model():
    """Its products are looked at by their sites; one that is not Hermitian is refused with what it is."""
    sites = [q.Space.half(100).spin(i) for i in range(100)]
    bonds = sum(a.x * b.x + a.y * b.y for a, b in pairwise(sites))
    model = q.Model(q.Space.half(100), bonds - 3 * sites[7].z)
    xx = [q.Bilinear([[1, 0, 0], [0, 1, 0], [0, 0, 0]], i, i + 1) for i in range(99)]
    same = q.Model(q.Space.half(100), [*xx, q.Zeeman((0, 0, 3), sites=[7])])
    assert len(model.hamiltonian.terms) == 199
    assert {key: sp.Rational(str(c.as_expr())) for key, c in model.hamiltonian.terms.items()} == {
        key: sp.Rational(str(c.as_expr())) for key, c in same.hamiltonian.terms.items()}
    squares = sp.I * (sites[0].x * sites[0].y * sites[1].x**2 - sites[0].x * sites[0].y / 4)    # 0 in the algebra
    assert q.Model(q.Space.half(100), bonds + squares).hamiltonian.terms.keys() == q.Model(
        q.Space.half(100), bonds).hamiltonian.terms.keys()
    with pytest.raises(q.ModelError, match="`expression` must be Hermitian"):
        q.Model(q.Space.half(100), bonds + sites[0].x * sites[1].y * sites[0].z)
