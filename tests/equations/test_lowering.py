"""Components as programs: the estimate decides how they run, both sides agree, and compilers may be missing."""

import warnings

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
from qllg_sym.equations import lowering
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.forms import elementary
from qllg_sym.equations.lowering import (
    energy_kernel,
    estimate,
    frequency_kernel,
    kernel,
    weight_kernel,
)
from qllg_sym.errors import CodegenError, DerivationError, InputError, QllgWarning
from strategies import density, examples, models, quantum_laws, random_density, two_level, unit_moments, values

KAPPA = sp.Symbol("kappa", real=True)
B = sp.symbols("B_x B_y B_z", real=True)
SMALL = (("1/2",), ("1",), ("1/2", "1/2"))


def basis_of(components):
    return [np.array(a.tolist(), dtype=complex) for a in components.basis]


@examples(15)
@given(models(spaces=SMALL), quantum_laws(), values(), st.data())
def test_kernel_at_thirty_digits_is_the_printed_law(model, law, numbers, data):
    components = law.derive(model).coefficients()
    rho = data.draw(density(model.space.dimension))
    numbers = {s: float(v) for s, v in numbers.items()}
    y = oracle.coordinates(basis_of(components), rho)
    given_values = dict(zip((s.name for s in components.states), y, strict=True)) | {"t": numbers[q.t]}
    given_values |= {s.name: numbers[s] for s in components.parameters}
    found = kernel(components).evaluate(given_values)
    expected = oracle.coordinates(basis_of(components), oracle.velocity(law, model, rho, numbers))
    assert list(found) == [s.name for s in components.states]
    error = np.abs(np.array(list(found.values()), dtype=float) - expected).max()
    assert error < 1e-12 * (1 + np.abs(expected).max())


@examples(10)
@given(models(spaces=SMALL), values(), st.data())
def test_two_level_form_is_the_general_one_where_it_holds(model, numbers, data):
    """It agrees on a + bP, with the gap b, and nowhere else."""
    rho, gap = data.draw(two_level(model.space.dimension))
    numbers = {s: float(v) for s, v in numbers.items()} | {KAPPA: 1.5}
    for law in (q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA)):
        components = law.derive(model).coefficients()
        bound = {s: numbers[s] for s in components.parameters}
        y = oracle.coordinates(basis_of(components), rho)
        general = components.compile("numpy").bind(bound)(numbers[q.t], y)
        special = components.compile("numpy", form="two-level").bind({**bound, q.gap: gap})(numbers[q.t], y)
        assert np.abs(general - special).max() < 1e-12 * (1 + np.abs(general).max())


def test_two_level_form_is_wrong_elsewhere():
    components = q.QuantumLLG(2).derive(q.Model(q.Space("1"), [q.Zeeman((1, 0.5, 0))])).coefficients()
    y = oracle.coordinates(basis_of(components), random_density(np.random.default_rng(0), 3, 3)[0])
    general = components.compile("numpy").bind()(0.0, y)
    assert np.abs(general - components.compile("numpy", form="two-level").bind(gap=0.5)(0.0, y)).max() > 1e-3


@pytest.mark.parametrize("law", [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.Dephasing(KAPPA)], ids=lambda law: law.kind)
@pytest.mark.parametrize("form", ["any", "two-level"])
def test_the_estimate_decides_and_both_sides_agree(law, form, monkeypatch):
    """The same problem compiled on both sides of the limit."""
    model = q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(1, 0, 1), q.DMI((0, 0, 0.5), 0, 1)])
    components = law.derive(model).pauli()
    if (law.kind, form) == ("dephasing", "two-level"):
        with pytest.raises(DerivationError):
            components.compile(form=form)
        return
    numbers = {"B_x": 0.3, "B_y": -0.2, "B_z": 1.0, "kappa": 0.7} | ({"gap": 0.8} if form == "two-level" else {})
    y = oracle.coordinates(basis_of(components), np.eye(4) / 20 + 0.8 * np.diag([0, 1, 0, 0]))
    unrolled = components.compile("numpy", form=form)
    count = estimate(components, form)
    assert unrolled.kernel.operations <= count
    monkeypatch.setattr(lowering, "OPERATION_LIMIT", count)
    assert components.compile("numpy", form=form).target == "numpy"
    monkeypatch.setattr(lowering, "OPERATION_LIMIT", count - 1)
    matrices = components.compile("numpy", form=form)
    assert (matrices.target, matrices.kernel, matrices.source) == ("matrix", None, None)
    assert matrices.parameters == unrolled.parameters
    assert matrices.states == unrolled.states
    assert np.abs(unrolled.bind(numbers)(0.0, y) - matrices.bind(numbers)(0.0, y)).max() < 1e-14
    assert np.abs(unrolled.bind(numbers).jac(0.0, y) - matrices.bind(numbers).jac(0.0, y)).max() < 1e-13
    batch = np.stack([y, 0.5 * y])
    assert np.abs(unrolled.bind(numbers).batch(batch) - matrices.bind(numbers).batch(batch)).max() < 1e-14


def test_the_spectrum_form_above_the_limit_is_the_law_itself(monkeypatch):
    """The same velocities; the same derivatives along the orbit i[ρ, X], where the invariants stay, and only there."""
    model = q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(1, 0, 1), q.DMI((0, 0, 0.5), 0, 1)])
    components = q.QuantumLLG(KAPPA).derive(model).pauli()
    rho, x = (random_density(np.random.default_rng(seed), 4, 4)[0] for seed in (1, 2))
    y, along = (oracle.coordinates(basis_of(components), m) for m in (rho, 1j * (rho @ x - x @ rho)))
    numbers = {"B_x": 0.3, "B_y": -0.2, "B_z": 1.0, "kappa": 0.7, **elementary(np.linalg.eigvalsh(rho))}
    unrolled = components.compile("numpy", form="spectrum").bind(numbers)
    count = estimate(components, "spectrum")
    assert unrolled.compiled.kernel.operations <= count < estimate(components)
    monkeypatch.setattr(lowering, "OPERATION_LIMIT", count - 1)
    matrices = components.compile("numpy", form="spectrum").bind(numbers)
    assert (matrices.compiled.target, matrices.compiled.parameters) == ("matrix", unrolled.compiled.parameters)
    assert np.abs(unrolled(0.0, y) - matrices(0.0, y)).max() < 1e-14
    assert np.abs(unrolled.jvp(0.0, y, along) - matrices.jvp(0.0, y, along)).max() < 1e-13
    assert np.abs(unrolled.jac(0.0, y) @ along - matrices.jac(0.0, y) @ along).max() < 1e-13
    assert np.abs(unrolled.jvp(0.0, y, y) - matrices.jvp(0.0, y, y)).max() > 1e-4


def test_the_shipped_limit_keeps_dimers_unrolled_and_three_spins_in_matrices():
    three = q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(3), [q.Zeeman(B), q.Exchange(1, 0, 1)])).pauli()
    two = q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(1, 0, 1)])).pauli()
    assert two.compile("numpy").target == "numpy"
    assert three.compile("numpy").target == "matrix"
    numbers = {"B_x": 0.3, "B_y": -0.2, "B_z": 1.0, "kappa": 0.7}
    rho = random_density(np.random.default_rng(0), 8, 5)[0]
    y = oracle.coordinates(basis_of(three), rho)
    velocity = oracle.velocity(three.equation.law, three.equation.model, rho,
                               {s: numbers[s.name] for s in three.parameters})
    assert np.abs(three.compile().bind(numbers)(0.0, y) - oracle.coordinates(basis_of(three), velocity)).max() < 1e-13


def test_kernels_beyond_use_are_refused(monkeypatch):
    components = q.QuantumLLG(1).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))])).coefficients()
    monkeypatch.setattr(lowering, "UNROLL_LIMIT", 10)
    with pytest.raises(CodegenError, match=r"^`kernel` must stay below 10 operations, but [^\n]* use `compile\(\)`"):
        components.kernel()


@pytest.mark.parametrize("compile_it", [lambda c: c.compile(form="many"), lambda c: c.kernel(form=None),
                                        lambda c: c.compile(target="cobol"), lambda c: c.compile("c", digits=50)])
def test_unknown_forms_and_targets_are_refused(compile_it):
    components = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman(B)])).pauli()
    with pytest.raises(InputError, match=r"^`\w+` must [^\n]*\.$"):
        compile_it(components)


@pytest.fixture
def no_compiler(monkeypatch, tmp_path):
    """A machine on which nothing compiles."""
    monkeypatch.setenv("CC", "/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_without_a_compiler(no_compiler):
    """Target "c" raises; "auto" warns and gives the same numbers by NumPy."""
    system = q.Model(q.Space.half(2), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1)])
    components = q.QuantumLLG(0.5).derive(system).pauli()
    with pytest.raises(CodegenError, match=r"^[^\n]*compiler"):
        components.compile("c")
    with pytest.warns(QllgWarning, match="NumPy is used in place of compiled C"):
        fallen = components.compile("auto")
    assert fallen.target == "numpy"
    y = np.linspace(-0.1, 0.1, 15)
    assert np.array_equal(fallen.bind()(0.0, y), components.compile("numpy").bind()(0.0, y))
    with pytest.warns(QllgWarning):
        found = q.solve(system, q.QuantumLLG(0.5), q.states.product("up", "down"), [0, 1.0], method="pauli")
    assert found.stats["target"] == "numpy"


def test_targets_that_need_no_compiler_do_not_warn(no_compiler):
    components = q.QuantumLLG(0.5).derive(q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0))])).pauli()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for target in ("numpy", "mpmath"):
            assert components.compile(target).target == target


def test_c_and_numpy_agree_to_the_last_bits():
    components = q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(1, 0, 1)])).pauli()
    numbers = {"B_x": 0.3, "B_y": -0.2, "B_z": 1.0, "kappa": 0.7}
    try:
        compiled = components.compile("c").bind(numbers)
    except CodegenError as error:
        pytest.skip(f"needs a C compiler: {error}")
    plain = components.compile("numpy").bind(numbers)
    for seed in range(5):
        y = np.random.default_rng(seed).normal(size=15)
        assert np.abs(compiled(0.0, y) - plain(0.0, y)).max() < 1e-14 * (1 + np.abs(plain(0.0, y)).max())


@examples(15)
@given(models(), values())
def test_frequency_kernel_rebuilds_the_hamiltonian(model, numbers):
    """Σ f_g(t) Σ c · string = H/ħ, with the strings' matrices from the space."""
    numbers = {s: float(v) for s, v in numbers.items()}
    program, groups, constant = frequency_kernel(model)
    assert constant == (not model.time_dependent)
    amplitudes = list(program.evaluate({**{s.name: numbers[s] for s in model.parameters}, "t": numbers[q.t]}).values())
    components = q.VonNeumann().derive(model).coefficients()
    place = dict(zip(components.strings, basis_of(components), strict=True))
    d = model.space.dimension
    total = np.zeros((d, d), dtype=complex)
    for amplitude, group in zip(amplitudes, groups, strict=True):
        for string, c in group:
            total += float(amplitude) * float(c) * place.get(string, np.eye(d))
    expected = oracle.hamiltonian(model, numbers) / oracle.number(model.hbar, numbers)
    expected = expected - np.eye(d) * (np.trace(expected) - np.trace(total)) / d           # a constant moves nothing
    assert np.abs(total - expected).max() < 1e-11 * (1 + np.abs(expected).max())


@pytest.mark.parametrize(("law", "expected"), [
    (q.VonNeumann(), lambda k, x: 1), (q.QuantumLL(KAPPA), lambda k, x: 1 + 1j * k * x),
    (q.QuantumLLG(KAPPA), lambda k, x: 1 / (1 - 1j * k * x))], ids=lambda v: getattr(v, "kind", ""))
def test_weight_kernel_is_the_factor_of_the_frame_form(law, expected):
    """The weights stand here a second time on purpose, from physics and not from the residual."""
    program = weight_kernel(law.derive(q.Model(q.Space("1/2"))))
    numbers = {"kappa": 0.7} if "kappa" in program.parameters else {}
    for gap in (0.0, 0.4, -1.0):
        found = program.evaluate({**numbers, "gap": gap})
        assert complex(found["re"], found["im"]) == pytest.approx(expected(0.7, gap), abs=1e-15)


@examples(10)
@given(unit_moments(2))
def test_energy_kernel_is_the_paper_s_classical_energy(m):
    """PRL's classical H at |m| = 1: −B·Σm + J m1·m2 + D·(m1 × m2)."""
    field, J, D = (0.4, -0.2, 1.0), 0.7, (0.1, 0.2, -0.5)
    model = q.Model(q.Space.half(2), [q.Zeeman(field), q.Exchange(J, 0, 1), q.DMI(D, 0, 1)])
    names = [f"m{i}_{k}" for i in range(2) for k in "xyz"]
    found = energy_kernel(model, "paper").evaluate(dict(zip(names, m.ravel(), strict=True)))["energy"]
    expected = -np.dot(field, m.sum(axis=0)) + J * m[0] @ m[1] + np.dot(D, np.cross(m[0], m[1]))
    assert float(found) == pytest.approx(expected, abs=1e-14)


def test_matrix_form_needs_no_components(monkeypatch):
    """Six spins: components would take hours."""
    equation = q.QuantumLL(0.5).derive(q.Model(q.Space.half(6), [q.Exchange(1, k, k + 1) for k in range(5)]))
    monkeypatch.setattr(type(equation), "coefficients", lambda self: pytest.fail("derived"))
    assert matrix_function(equation).dimension == 64
