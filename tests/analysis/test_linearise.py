"""Small motions against the linearised law in explicit matrices, and against integration."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.errors import InputError

J, D, B, C, kappa = sp.symbols("J D B C kappa", real=True)
HALF = q.Space("1/2", "1/2")
ALONG = q.Model(HALF, [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)], hbar=1.5, gamma=2)
PAPER = q.Model(HALF, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
SPIN1 = q.Model(q.Space("1"), [q.Zeeman((B, 0, C)), q.Anisotropy(((0, 0, 0), (0, 0, 0), (0, 0, D)), 0)], hbar=2)
HEISENBERG = q.Model(HALF, [q.Exchange(J, 0, 1)], hbar=2)       # a triplet and a singlet
NUMBERS = {J: sp.Rational(7, 5), D: sp.Rational(-3, 4), B: sp.Rational(9, 8), C: sp.Rational(1, 3),
           kappa: sp.Rational(4, 5)}


def explicit(components, point, numbers):
    """J in the coordinates of the components, from the law in matrices: residuals are quadratic in ρ, linear in ρ̇."""
    law, model = components.equation.law, components.equation.model
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    units = [a / float(n) for a, n in zip(basis, components.norms, strict=True)]
    d, values = len(basis[0]), {s: float(x) for s, x in numbers.items()}
    rho = np.eye(d) / d + sum(float(sp.re(sp.sympify(c).xreplace(numbers).evalf(25))) * u
                              for c, u in zip(point, units, strict=True))
    zero = np.zeros((d, d))

    def columns(function):
        return np.array([oracle.coordinates(basis, function(u)) for u in units]).T
    rest = oracle.residual(law, model, rho, zero, values)
    mass = columns(lambda u: oracle.residual(law, model, rho, u, values) - rest)
    change = columns(lambda u: (oracle.residual(law, model, rho + u, zero, values)
                                - oracle.residual(law, model, rho - u, zero, values)) / 2)
    return -np.linalg.solve(mass, change)


def numeric(expressions, numbers):
    roots = {r: r.evalf(30) for e in expressions for r in sp.sympify(e).atoms(sp.CRootOf)}
    return np.array([complex(sp.sympify(e).xreplace({**numbers, **roots}).evalf(25)) for e in expressions])


@pytest.mark.parametrize(("law", "model", "spectrum", "symbols"), [
    pytest.param(q.QuantumLLG(kappa), ALONG, None, [B], id="q-llg"),
    pytest.param(q.QuantumLL(kappa), SPIN1, [0.6, 0.4], [], id="spin 1"),
    pytest.param(q.QuantumLLG(kappa), HEISENBERG, [0.5, 0.3, 0.2], [J], id="degenerate"),
    pytest.param(q.QuantumLL(kappa), ALONG, None, [J], id="q-ll", marks=pytest.mark.slow),
    pytest.param(q.QuantumLLG(kappa), ALONG, [0.5, 0.3, 0.2], [], id="mixed", marks=pytest.mark.slow),
    pytest.param(q.VonNeumann(), ALONG, None, [], id="von-neumann", marks=pytest.mark.slow),
    pytest.param(q.QuantumLLG(kappa), PAPER, [0.75, 0.25], [], id="cubic", marks=pytest.mark.slow)])
def test_matrix_rates_and_modes_are_those_of_the_linearised_law(law, model, spectrum, symbols):
    components = law.derive(model).coefficients()
    numbers = {s: x for s, x in NUMBERS.items() if s in components.parameters}
    given = {s: x for s, x in numbers.items() if s not in symbols}
    for point in components.fixed_points(values=given, spectrum=spectrum)[1:2]:
        linear = components.linearise(point)
        wanted = explicit(components, point, numbers)
        found = numeric(linear.matrix, numbers).reshape(wanted.shape)
        assert abs(found - wanted).max() < 1e-12
        rates, modes = numeric(linear.rates, numbers), np.array([numeric(m, numbers) for m in linear.modes])
        assert abs(wanted @ modes.T - modes.T * rates).max() < 1e-11 * abs(modes).max()
        assert np.linalg.matrix_rank(modes) == len(rates) == len(components.states)
        assert abs(np.sort_complex(np.round(np.linalg.eigvals(wanted), 7))
                   - np.sort_complex(np.round(rates, 7))).max() < 1e-6
        assert abs(numeric(linear.frequencies, numbers) - rates.imag).max() < 1e-14


def test_another_damping_has_another_matrix():
    """The broken twin: the check above tells q-LL from q-LLG."""
    other = q.QuantumLL(kappa).derive(ALONG).pauli()
    components = q.QuantumLLG(kappa).derive(ALONG).pauli()
    point = other.fixed_points(values=NUMBERS_OF_ALONG)[0]
    found = numeric(other.linearise(point).matrix, {}).reshape(15, 15)
    assert abs(found - explicit(components, point, NUMBERS)).max() > 1e-2


NUMBERS_OF_ALONG = {s: x for s, x in NUMBERS.items() if s != C}


def test_the_matrix_solves_the_implicit_equations_for_all_parameters():
    """mass · J = −∂ residual/∂y at the fixed point, an identity in B, C, κ and ħ."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((B, 0, C))], hbar=sp.Symbol("h", positive=True))
    components = q.QuantumLLG(kappa).derive(model).pauli()
    for point in components.fixed_points():
        at = {**point.as_dict(), **dict.fromkeys(components.velocities, 0)}
        rest = components.mass.subs(at) * components.linearise(point).matrix + components.jacobian.subs(at)
        assert [sp.radsimp(sp.together(e.doit())).expand() for e in rest] == [0] * 9
        assert [sp.radsimp(sp.together(e)) for e in components.forcing.subs(at)] == [0] * 3


def test_stability_is_passivity_times_the_sign_of_damping():
    for sign in (1, -1):
        components = q.QuantumLLG(sign * sp.Rational(1, 2)).derive(PAPER).pauli()
        points = components.fixed_points(values={"J": 1, "D": 0.6, "B": 1})
        assert [point.passive for point in points] == [True, False, False, False]
        assert [components.linearise(point).stable for point in points] == [
            [True, False, False, False], [False, False, False, True]][sign < 0]
    still = q.VonNeumann().derive(PAPER).pauli()
    assert all(still.linearise(point).stable for point in still.fixed_points(values={"J": 1, "D": 0.6, "B": 1}))


def test_a_run_ends_at_the_passive_point_with_the_slowest_rate():
    values = {"J": 1, "D": 0.6, "B": 1, "kappa": 0.5}
    components = q.QuantumLLG(kappa).derive(PAPER).pauli()
    passive = next(p for p in components.fixed_points(values=values) if p.passive)
    end = np.array([float(e) for e in passive])
    slowest = max(g for g in (float(g) for g in components.linearise(passive).growth) if g < 0)
    run = q.solve(PAPER, q.QuantumLLG(kappa), q.states.product("up", "down"), [0, 7, 10], values=values)
    distance = np.linalg.norm(run.pauli - end, axis=1)
    assert distance[-1] < 1e-5
    assert np.log(distance[2] / distance[1]) / 3 == pytest.approx(slowest, rel=1e-3)


def test_what_is_no_fixed_point_of_these_components_is_refused():
    components, other = (q.QuantumLLG(1).derive(model).pauli() for model in (ALONG, PAPER))
    with pytest.raises(InputError, match="must be a fixed point of these components"):
        components.linearise(other.fixed_points(values={"J": 1, "D": 0.6, "B": 1})[0])
