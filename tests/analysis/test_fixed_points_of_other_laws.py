"""Fixed points of one spin, moments, linear laws, restricted and other components, and small motions about them."""

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import approx_fprime

import oracle
import qllg_sym as q
from qllg_sym.equations.restriction import restrict
from qllg_sym.errors import DerivationError, InputError, InputTypeError

J, D, B, C, kappa, alpha = sp.symbols("J D B C kappa alpha", real=True)
g, s, h = sp.symbols("g s h", positive=True)
PAPER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
NUMBERS = {J: 1.3, D: 0.6, B: 0.9, C: -0.4, kappa: 0.7, alpha: 0.7, g: 0.3, s: 1.5, h: 2.0}
NUMBERS[sp.Symbol("eta", positive=True)] = 0.5


def floats(expressions):
    roots = {r: r.evalf(30) for e in expressions for r in sp.sympify(e).atoms(sp.CRootOf)}
    return np.array([complex(sp.sympify(e).xreplace({**NUMBERS, **roots}).evalf(20)) for e in expressions])


def check(components, points, count, moved=slice(None)):
    """Each is at rest in compiled code, its matrix is the derivative there, and rates and modes are the matrix's.

    The second half is of the chosen points alone.
    """
    assert len(points) == count
    rhs = components.compile("numpy").bind({p.name: NUMBERS[p] for p in components.parameters})
    assert all(abs(rhs(0, floats(point).real)).max() < 1e-12 for point in points)
    for point in points[moved]:
        y = floats(point).real
        linear = components.linearise(point)
        matrix = floats(linear.matrix).reshape(len(y), len(y)).real
        slopes = np.array([approx_fprime(y, lambda x, k=k: rhs(0, x)[k], 1e-7) for k in range(len(y))])
        assert abs(matrix - slopes).max() < 1e-5
        rates, modes = floats(linear.rates), np.array([floats(mode) for mode in linear.modes])
        assert abs(matrix @ modes.T - modes.T * rates).max() < 1e-10 * abs(modes).max()
        assert np.linalg.matrix_rank(modes) == len(y)
        stable = linear.stable
        assert bool(stable if isinstance(stable, bool) else stable.xreplace(NUMBERS)) == (rates.real.max() < 1e-12)


def test_one_spin_of_any_length():
    model = q.Model(q.Space(s), [q.Zeeman((B, 0, C))], hbar=h)
    points = q.QuantumLLG(kappa).derive(model).eta().fixed_points()
    assert [point.passive for point in points] == [True, False]
    components = q.QuantumLLG(kappa).derive(q.Model(q.Space("3/2"), model.terms, hbar=h)).eta()
    points = components.fixed_points()
    check(components, points, 2, moved=slice(1))
    along = points[0]
    spin = oracle.spin_matrices(1.5)
    rho = (np.eye(4) + 2 * sum(e * m for e, m in zip(floats(along).real, spin, strict=True))) / 4
    energy = np.trace(rho @ oracle.hamiltonian(components.equation.model, NUMBERS)).real
    assert abs(floats([along.energy])[0] - energy) < 1e-13


def test_a_spectrum_sets_the_length_of_eta():
    components = q.QuantumLL(kappa).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, 2))], hbar=2)).eta()
    point = components.fixed_points(spectrum=[0.5, sp.Rational(1, 3), sp.Rational(1, 6)])[0]
    rho = (np.eye(3) + 2 * float(point[2]) * oracle.spin_matrices(1)[2]) / 3
    assert abs(np.sort(np.diag(rho).real) - [1 / 6, 1 / 3, 1 / 2]).max() < 1e-14
    with pytest.raises(InputError, match="equal steps"):
        components.fixed_points(spectrum=[0.5, 0.5])


def test_moments():
    one = q.ClassicalLLG(alpha).derive(q.Model(q.Space("1/2"), [q.Zeeman((B, 0, D))])).moments()
    check(one, one.fixed_points(), 2)
    easy = q.Anisotropy(((0.5, 0, 0), (0, 0, 0), (0, 0, -2)), 0)
    model = q.Model(q.Space("3/2"), [q.Zeeman((B, C, 0)), easy], hbar=2)
    bent = q.ClassicalLL(alpha, field="mean").derive(model).moments()
    check(bent, bent.fixed_points(values=NUMBERS_OF(bent)), 4, moved=slice(1, 2))
    two = q.ClassicalLLG(alpha).derive(PAPER).moments()
    points = two.fixed_points(values=NUMBERS_OF(two))
    check(two, points, 6, moved=slice(0, 6, 5))
    assert [point.passive for point in points] == [True] + 5 * [False]
    assert all(0 < point.residual < 1e-28 and point.radius < 1e-29 and not point.exact for point in points)
    run = q.solve(PAPER, q.ClassicalLLG(alpha), [[0, 0.6, 0.8], [0, 0, -1]], [0, 60], values={
        p.name: NUMBERS[p] for p in two.parameters})
    assert abs(run.moments[-1].ravel() - floats(points[0]).real).max() < 1e-7


def NUMBERS_OF(components):
    return {p: NUMBERS[p] for p in components.parameters}


@pytest.mark.parametrize("numbers", [{"J": 1, "D": 0, "B": 1}, {"J": 1, "D": 0, "B": 0}, {"J": -1, "D": 0.5, "B": 0}])
def test_families_of_moments_are_not_cut(numbers):
    """Canted pairs turn freely about the field; without one both moments do."""
    with pytest.raises(DerivationError, match="family"):
        q.ClassicalLLG(1).derive(PAPER).moments().fixed_points(values=numbers)
    easy_plane = q.Model(q.Space("1"), [q.Anisotropy(((0, 0, 0), (0, 0, 0), (0, 0, 1)), 0)])
    with pytest.raises(DerivationError, match="family"):
        q.ClassicalLLG(1, field="mean").derive(easy_plane).moments().fixed_points()


def test_linear_laws():
    tilted = q.Dephasing(g).derive(q.Model(q.Space("1/2"), [q.Zeeman((B, 0, C))])).pauli()
    check(tilted, tilted.fixed_points(values=NUMBERS_OF(tilted)), 1)
    assert tuple(tilted.fixed_points()[0]) == (0, 0, 0)
    along = q.Dephasing(g).derive(q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1)])).pauli()
    (family,) = along.fixed_points()
    assert family.dimension == len(family.directions) == 2          # of populations that exchange leaves alone
    rate = along.forcing.jacobian(along.states)
    assert all(sp.expand(e) == 0 for v in family.directions for e in rate * sp.Matrix(v))
    assert 15 - np.linalg.matrix_rank(np.array(rate.xreplace(NUMBERS).tolist(), dtype=float)) == 2


def test_restricted_components_have_those_that_lie_within():
    full = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    x, y, z = full.states
    axis = restrict(full, (z,), full.velocities[2:], {x: 0, y: 0, z: z})
    assert [tuple(point) for point in axis.fixed_points()] == [(-1,), (1,)]
    plane = restrict(full, (x, y), full.velocities[:2], {x: x, y: y, z: 0})
    assert plane.fixed_points() == []


def test_small_motions_within_a_closed_part():
    """Without DMI Ψ+ stays among states that the swap leaves alone, and there the lowest of the triplet is stable."""
    full = q.QuantumLLG(kappa).derive(q.Model(PAPER.space, [q.Exchange(J, 0, 1), q.Zeeman((B, 0, 0))])).pauli()
    part = full.closed(q.states.bell("psi+"))
    values = {"J": 1, "B": 0.5, "kappa": 0.5}
    whole = {complex(rate) for point in full.fixed_points(values) for rate in full.linearise(point).rates}
    stable = []
    for point in part.fixed_points(values):
        linear = part.linearise(point)
        rates = np.array([complex(rate) for rate in linear.rates])
        assert len(rates) == len(part.states)
        assert all(min(abs(rate - other) for other in whole) < 1e-12 for rate in rates)
        numbers = {p: sp.S(values[p.name]) for p in full.parameters}
        matrix = np.array(linear.matrix.tolist(), dtype=float)
        at = {**point.as_dict(), **dict.fromkeys(part.velocities, 0)}
        mass, slope = (np.array(m.subs(numbers).subs(at).tolist(), dtype=float) for m in (part.mass, part.jacobian))
        assert abs(mass @ matrix + slope).max() < 1e-13
        stable += [point.energy] * (linear.stable is True)
    assert sp.Rational(1, 2) in stable          # of energy J − B, far above the singlet's −3J
    with pytest.raises(DerivationError, match="lacks B, J, kappa"):
        part.linearise(part.fixed_points()[0])


def test_a_field_given_by_an_angle():
    model = q.Model(q.Space("1"), [q.Zeeman((sp.cos(C), 0, sp.sin(C)))])
    along = q.QuantumLLG(kappa).derive(model).eta().fixed_points()[0]
    eta = sp.Symbol("eta", positive=True)
    assert tuple(along) == (eta * sp.cos(C), 0, eta * sp.sin(C))


def test_constraints_make_any_flow_isolated():
    spin = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0.6, 0, 0.8))])).pauli()
    x, y, z = spin.states
    points = spin.fixed_points(values={"kappa": 0.5}, constraints=[x**2 + y**2 + z**2 - sp.Rational(1, 4)])
    assert sorted(map(tuple, points)) == [(-sp.Rational(3, 10), 0, -sp.Rational(2, 5)),
                                          (sp.Rational(3, 10), 0, sp.Rational(2, 5))]
    with pytest.raises(InputError, match="polynomials in the states"):
        spin.fixed_points(values={"kappa": 0.5}, constraints=[1 / x])
    with pytest.raises(InputTypeError, match="SymPy expressions"):
        spin.fixed_points(values={"kappa": 0.5}, constraints=["x"])
    with pytest.raises(DerivationError, match="family"):
        spin.fixed_points(values={"kappa": 0.5}, constraints=[y])


def test_given_values_are_checked():
    spin = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((B, 0, C))])).pauli()
    size = sp.sqrt(B**2 + C**2)
    mixed = spin.linearise((B / size / 3, 0, C / size / 3))
    wanted = -kappa / 3 * size / (1 + kappa**2 / 9)
    assert {sp.radsimp(sp.cancel(e - wanted)) for e in mixed.growth if e != 0} == {0}
    assert spin.linearise([0, 0, 0]).stable is True
    for at, message in [((1, 0, 0), "residual there is up to"), ({"T_x": 0, "T_y": 0}, "T_z is missing"),
                        ((0, 0), "3 values"), ({"T_x": 0, "T_y": 0, "T_z": 0, "w": 1}, "w is no state")]:
        with pytest.raises(InputError, match=message):
            spin.linearise(at)
    with pytest.raises(InputTypeError, match="values of the states"):
        spin.linearise(3)
    field = q.QuantumLLG(1).derive(q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 1))])).pauli()
    rounded = field.linearise([0.5**0.5, 0.0, 0.5**0.5])
    assert max(abs(floats(rounded.growth).real)) == pytest.approx(2**0.5 / 2, rel=1e-12)
    with pytest.raises(InputError, match="residual there is up to"):
        field.linearise([0.5**0.5 + 1e-9, 0.0, 0.5**0.5])


def test_what_lacks_numbers_is_refused():
    two = q.ClassicalLLG(alpha).derive(PAPER).moments()
    with pytest.raises(InputError, match="lacks D, J"):
        two.fixed_points(values={"B": 1})
    with pytest.raises(InputError, match="left out with moments"):
        two.fixed_points(spectrum=[1])
    many = q.ClassicalLLG(1).derive(q.Model(q.Space.half(7), [*q.chain(7, q.Exchange, 1)])).moments()
    with pytest.raises(InputError, match="6 moments at most"):
        many.fixed_points()
