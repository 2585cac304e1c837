"""Jump operators of every form against explicit matrices, and sums of laws."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
import strategies

g, kappa, J, B = sp.symbols("g kappa J B", real=True)
VALUES = {g: 0.4, kappa: 0.7, J: -1.3, B: 0.6, q.t: 0.25}
LOWER = np.array([[0, 0], [1, 0]])
SPACES = {"dimer": ("1/2", "1/2"), "spin one": ("1",), "mixed": ("1/2", "1")}


def jumps(spins):
    """(rate, what is given for the operator, its matrix) for a space, in every form of an operator."""
    space = q.Space(*spins)
    ops = oracle.site_spins(space.spins)
    first, last = space.spin(0), space.spin(len(spins) - 1)
    rng = np.random.default_rng(2)
    matrix = np.round(rng.normal(size=(space.dimension,) * 2) + 1j * rng.normal(size=(space.dimension,) * 2), 2)
    matrix *= space.dimension < 6 or np.arange(36).reshape(6, 6) % 7 == 1          # few entries of many
    minus = ops[0][0] - 1j * ops[0][1]
    return [(g, first.minus, minus), (0.3 + B**2, last.z * last.x, ops[-1][2] @ ops[-1][0]), (0.1, matrix, matrix),
            (g**2, J * first.x + 2j * last.z, VALUES[J] * ops[0][0] + 2j * ops[-1][2]),
            (2 + sp.cos(q.t), q.Zeeman((B, 0, 1), g=2), -2 * sum(0.6 * x + z for x, _, z in ops)),
            (0, first.plus, minus.conj().T)]


def dissipator(rate, matrix, rho):
    loss = matrix.conj().T @ matrix
    return oracle.number(sp.S(rate), VALUES) * (matrix @ rho @ matrix.conj().T - (loss @ rho + rho @ loss) / 2)


@pytest.mark.parametrize(("damped", "spins"), [
    pytest.param(law, spins, id=f"{law}-{name}", marks=[pytest.mark.slow] * (name == "mixed" and law is not None))
    for law in (None, q.QuantumLLG(kappa), q.QuantumLL(kappa), q.VonNeumann()) for name, spins in SPACES.items()])
def test_components_are_traces_with_explicit_matrices(damped, spins):
    given = jumps(spins)
    law = q.Lindblad([(rate, operator) for rate, operator, _ in given])
    model = q.Model(q.Space(*spins), [q.Zeeman((0.3, 0, B)), *([q.Exchange(J, 0, 1)] if len(spins) > 1 else [])])
    whole = law if damped is None else damped + law
    comp, d, rng = whole.derive(model).coefficients(), model.space.dimension, np.random.default_rng(4)
    rho, drho = (strategies.random_hermitian(rng, d) for _ in range(2))
    rho, drho = (x - np.eye(d) * (np.trace(x) - trace) / d for x, trace in ((rho, 1), (drho, 0)))
    basis = [np.array(a.tolist(), dtype=complex) for a in comp.basis]
    point = dict(zip((*comp.states, *comp.velocities),
                     (*oracle.coordinates(basis, rho), *oracle.coordinates(basis, drho)), strict=True))
    total = sum(dissipator(rate, matrix, rho) for rate, _, matrix in given)
    expected = oracle.coordinates(basis, oracle.residual(damped or q.VonNeumann(), model, rho, drho, VALUES) - total)
    found = oracle.numbers(comp.residual, {**VALUES, **point})
    assert found == pytest.approx(expected, abs=1e-11)
    assert np.abs(oracle.coordinates(basis, total)).max() > 0.1
    assert (comp.mass * sp.Matrix(comp.velocities) - comp.forcing).expand() == sp.Matrix(comp.residual)


@pytest.mark.parametrize("target", ["c", "numpy", "matrix"])
@pytest.mark.parametrize("law", [q.Lindblad([(g, q.Space("1/2").spin(0).minus)]) + q.QuantumLLG(kappa),
                                 q.Lindblad([(g, np.kron(LOWER, np.eye(2))), (B**2, q.Pauli(J, "ZX"))])],
                         ids=lambda law: law.kind)
def test_compiled_right_hand_sides_and_their_derivatives(law, target, monkeypatch):
    model = q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, 1))])
    if target == "matrix":
        monkeypatch.setattr("qllg_sym.equations.lowering.OPERATION_LIMIT", 10)
    comp = law.derive(model).pauli()
    names = {s.name for s in comp.parameters}
    rhs = comp.compile("numpy" if target == "matrix" else target).bind(
        {k: v for k, v in {"g": 0.4, "kappa": 0.7, "J": -1.3, "B": 0.6}.items() if k in names})
    y = np.random.default_rng(1).normal(size=15) / 4
    found = rhs(0.0, y)
    point = {**VALUES, **dict(zip(comp.states, y, strict=True))}
    mass, forcing = (np.array([[oracle.number(e, point) for e in row] for row in m.tolist()], dtype=float)
                     for m in (comp.mass, comp.forcing))
    np.testing.assert_allclose(found, np.linalg.solve(mass, forcing).ravel(), atol=1e-12)
    np.testing.assert_allclose(rhs.batch(np.array([y, 2 * y]))[0], found, atol=1e-13)
    h = 1e-6
    numeric = np.array([(rhs(0.0, y + h * e) - rhs(0.0, y - h * e)) / (2 * h) for e in np.eye(15)]).T
    np.testing.assert_allclose(rhs.jac(0.0, y), numeric, atol=1e-7)


def test_eta_where_it_closes_for_every_spin():
    s = sp.Symbol("s", positive=True)
    space = q.Space(s)
    comp = q.Lindblad([(g, space.spin(0).z)]).derive(q.Model(space, [q.Zeeman((0, 0, B))])).eta()
    assert comp.residual == q.Dephasing(g).derive(q.Model(space, [q.Zeeman((0, 0, B))])).eta().residual
    with pytest.raises(q.DerivationError, match="`eta\\(\\)` must"):
        q.Lindblad([(g, space.spin(0).z**2)]).derive(q.Model(space)).eta()


def test_dephasing_is_a_lindblad_law():
    space = q.Space("1/2", "1")
    model = q.Model(space, [q.Exchange(J, 0, 1)])
    law = q.Lindblad([(g, space.spin(0).z), (g, space.spin(1).z)])
    assert law.derive(model).coefficients().residual == q.Dephasing(g).derive(model).coefficients().residual


def test_sums_hold_each_law_once_in_any_order():
    one, two = (q.Lindblad([(rate, LOWER)]) for rate in (g, 0.2))
    damped = q.QuantumLLG(kappa)
    assert one + damped + q.Dephasing(0.1) == q.Dephasing(0.1) + (damped + one)
    assert hash(one + damped) == hash(damped + one)
    assert one + two == q.Lindblad([(g, LOWER), (0.2, LOWER)]) != two
    assert q.Dephasing(0.1) + q.Dephasing(g) == q.Dephasing(g + sp.Rational(1, 10))
    assert q.VonNeumann() + one == one
    whole = damped + one
    assert whole.kind == "q-llg + lindblad"
    assert repr(damped + q.Dephasing(0.5)) == "QuantumLLG(kappa=kappa) + Dephasing(rate=1/2)"
    assert set(whole.coefficients()) >= {kappa, g}
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])
    assert whole.derive(model).parameters == (B, g, kappa)
    for twin in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole)):
        assert twin == whole
        assert twin.derive(model).pauli().residual == whole.derive(model).pauli().residual
    assert (damped + q.Lindblad([])).derive(model).pauli().residual == damped.derive(model).pauli().residual


BAD = {
    "two without dissipators": (lambda: q.QuantumLLG(1) + q.QuantumLL(1), q.ModelError, "must have one law without"),
    "von Neumann and q-LLG": (lambda: q.VonNeumann() + q.QuantumLLG(1), q.ModelError, "must have one law without"),
    "in a sum": (lambda: q.QuantumLLG(1) + q.Dephasing(1) + q.QuantumLL(1), q.ModelError, "must have one law without"),
    "classical": (lambda: q.Dephasing(1) + q.ClassicalLLG(1), q.ModelError, "`law` must be quantum"),
    "classical first": (lambda: q.ClassicalLL(1) + q.Dephasing(1), q.ModelError, "`law` must be quantum"),
    "no law": (lambda: q.Dephasing(1) + 1, q.InputTypeError, "`law` must be a law"),
    "negative": (lambda: q.Lindblad([(-0.1, LOWER)]), q.ModelError, "`rate` must not be negative, but is -1/10"),
    "complex rate": (lambda: q.Lindblad([(1j, LOWER)]), q.ModelError, "`rate` must be real"),
    "symbol": (lambda: q.Lindblad([(sp.Symbol("g"), LOWER)]), q.ModelError, "`rate` must have real symbols"),
    "no list": (lambda: q.Lindblad(LOWER), q.InputTypeError, "`dissipators` must be a list of pairs"),
    "no pairs": (lambda: q.Lindblad([0.1]), q.InputTypeError, "`dissipators` must be a list of pairs"),
    "text": (lambda: q.Lindblad([(0.1, "XX")]), q.InputTypeError, "`operator` must be a Hamiltonian term"),
    "not square": (lambda: q.Lindblad([(0.1, np.ones((2, 3)))]), q.ModelError, "`matrix` must be square"),
    "not a number": (lambda: q.Lindblad([(0.1, [[np.nan, 0], [0, 0]])]), q.ModelError, "`matrix`"),
    "size": (lambda: q.Lindblad([(0.1, LOWER)]).derive(q.Model(q.Space("1"))), q.ModelError, "3 × 3"),
    "site": (lambda: q.Lindblad([(0.1, q.Space("1/2", "1/2").spin(1).x)]).derive(q.Model(q.Space("1"))), q.ModelError,
             "must be a site"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_one_sentence(case):
    action, kind, words = BAD[case]
    with pytest.raises(kind, match=words) as caught:
        action()
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
