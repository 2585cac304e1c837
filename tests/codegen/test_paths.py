"""The fast paths of real right-hand sides compute what the slow ones do: kept C, batches of every size, any layout."""

import ctypes
import json
import re
from copy import copy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.codegen import compiler, targets
from qllg_sym.codegen.build import Function, load
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.infix import function_name
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.equations.forms import elementary

GENERATED = Path(__file__).parents[2] / "generated"
B = sp.symbols("B_x B_y B_z", real=True)
J, D, KAPPA = sp.symbols("J D kappa", real=True)
EXTRA = {"any": {}, "two-level": {"gap": 0.8}, "spectrum": elementary([0.5, 0.3, 0.15, 0.05])}
VALUES = {"J": 1.0, "D": 0.4, "B_x": 0.3, "B_y": -0.2, "B_z": 0.7, "kappa": 0.5}


@pytest.fixture(scope="module")
def dimer():
    terms = [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]
    return q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(2), terms)).pauli()


@pytest.fixture(scope="module")
def compiled(dimer, compiler_here):
    return {form: dimer.compile("c", form=form) for form in EXTRA}


def states(m, seed=0):
    return np.random.default_rng(seed).normal(size=(m, 15)) / 10


@pytest.mark.parametrize("name", ["dimer_q_llg", "dimer_q_ll", "dimer_llg", "spin_q_llg"])
def test_kept_c_gives_the_kept_values(name, compiler_here):
    """The very text of generated/c, compiled, at the point of generated/values; a state moved by 1e-6 is seen."""
    source = (GENERATED / "c" / f"{name}.c").read_text(encoding="utf-8")
    record = json.loads((GENERATED / "values" / f"{name}.json").read_text(encoding="utf-8"))
    library = compiler.shared_library(source, "-O1")
    function = re.search(r"^void (qllg_\w+)\(double t", source, re.MULTILINE)[1]
    at = np.array([float(sp.Rational(x)) for x in record["at"].values()])
    expected = np.array([float(x) for x in record["velocities"].values()])
    y, p, found = at[:len(expected)].copy(), at[len(expected):].copy(), np.empty(len(expected))
    call = library[function]
    call.argtypes, call.restype = [ctypes.c_double, *[ctypes.c_void_p] * 3], None
    call(0.0, y.ctypes.data, p.ctypes.data, found.ctypes.data)
    assert np.abs(found - expected).max() < 1e-14 * (1 + np.abs(expected).max())
    y[0] += 1e-6
    call(0.0, y.ctypes.data, p.ctypes.data, found.ctypes.data)
    assert np.abs(found - expected).max() > 1e-9


@pytest.mark.parametrize("form", EXTRA)
def test_batches_of_every_size_are_their_rows(compiled, form):
    """All tails of a vector of 8 lanes and of a block of 64 columns, shared and own parameters, bit for bit."""
    Y, kappas = states(131), np.linspace(0, 1, 131)
    shared = compiled[form].bind({**VALUES, **EXTRA[form]})
    rows = np.array([shared(0.0, y) for y in Y])
    own = np.array([compiled[form].bind({**VALUES, **EXTRA[form], "kappa": k})(0.0, y)
                    for k, y in zip(kappas, Y, strict=True)])
    for m in (*range(20), *range(60, 70), 127, 128, 129, 131):
        assert np.array_equal(shared.batch(Y[:m]), rows[:m])
        assert np.array_equal(shared.batch(Y[131 - m:]), rows[131 - m:])
        swept = compiled[form].bind({**VALUES, **EXTRA[form], "kappa": kappas[:m]})
        assert np.array_equal(swept.batch(Y[:m]), own[:m])


@pytest.mark.parametrize("form", EXTRA)
def test_any_layout_gives_the_same_bits(compiled, form):
    rhs, Y = compiled[form].bind({**VALUES, **EXTRA[form]}), states(9)
    rows = rhs.batch(Y)
    raw = np.frombuffer(b"\0" + Y.tobytes(), dtype=np.uint8)[1:]
    unaligned = raw.view(float).reshape(9, 15)
    assert not unaligned.flags.aligned
    wide = np.zeros((9, 45))
    wide[:, ::3] = Y
    for other in (unaligned, wide[:, ::3], Y[::-1].copy()[::-1], np.asfortranarray(Y), Y.astype(">f8"), Y.tolist()):
        assert np.array_equal(rhs.batch(other), rows)
        assert np.array_equal(rhs(0.0, other[4]), rows[4])


@pytest.mark.parametrize("target", ["c", "numpy"])
def test_columns_are_rows_turned_and_neither_is_copied(dimer, target, compiler_here):
    """Every size around tiles of 8 and blocks of 64; a result lies as its states do."""
    rhs = dimer.compile(target, form="two-level").bind({**VALUES, "gap": 0.8})
    for m in (0, 1, 7, 8, 9, 63, 64, 65, 131):
        Y = states(m)
        rows = rhs.batch(Y)
        columns = rhs.batch(np.ascontiguousarray(Y.T), layout="columns")
        assert rows.flags.c_contiguous
        assert columns.shape == (15, m)
        assert np.array_equal(columns.T, rows)
        assert np.array_equal(rhs.batch(np.asfortranarray(Y)), rows)
        assert np.array_equal(rows, [rhs(0.0, y) for y in Y] if m else np.empty((0, 15)))
    seen = []
    field = rhs.compiled.field
    assert field.batch.__self__ is field

    class Spy:
        def batch(self, t, y, p):
            seen.append(y)
            return field.batch(t, y, p)

        def rows(self, t, y, p):
            seen.append(y)
            return field.rows(t, y, p)

    rhs.compiled.field = Spy()
    Y = states(9)
    fortran = np.asfortranarray(Y)
    assert rhs.batch(fortran).flags.f_contiguous
    for given, layout in ((Y, "rows"), (Y.T.copy(), "columns")):
        rhs.batch(given, layout=layout)
        assert seen.pop() is given
    assert np.shares_memory(seen.pop(), fortran)


@pytest.mark.parametrize(("n", "outputs"), [(1, 1), (7, 9), (8, 8), (9, 3), (15, 17), (33, 1)])
def test_rows_of_every_width_are_turned(n, outputs, compiler_here):
    """Kernels that only copy entries: whatever comes out of place is seen."""
    b = Builder("turn", [f"y{i}" for i in range(n)], ["p"])
    values = {str(k): b.add(b.mul(b.parameter(0), b.state(k % n)), Fraction(k)) for k in range(outputs)}
    function = load(b.kernel(values), "c")
    for m in (1, 7, 8, 9, 16, 63, 64, 65, 200):
        Y, p = np.random.default_rng(m).normal(size=(m, n)), np.arange(m) + 1.0
        expected = Y[:, np.arange(outputs) % n] + np.arange(outputs)
        assert np.array_equal(function.rows(0.0, Y, [1.0]), expected)
        own = p[:, None] * Y[:, np.arange(outputs) % n] + np.arange(outputs)
        assert np.array_equal(function.rows(0.0, Y, [p]), own)


def test_a_batch_of_a_driven_law_is_its_rows_bit_for_bit(compiler_here):
    """Functions of time and of parameters, own and shared, in every form."""
    w, rng, t = sp.Symbol("w", real=True), np.random.default_rng(5), q.t
    field = (J * sp.sin(w * t), sp.exp(sp.cos(w * t)) / (1 + w**2), sp.tanh(J * t) + D**5)
    model = q.Model(q.Space("1"), [q.Zeeman(field)])
    for law in (q.QuantumLLG(KAPPA * sp.exp(-t)), q.ClassicalLLG(KAPPA)):
        parts = law.derive(model).moments() if law.classical else law.derive(model).coefficients()
        for form in ("any",) if law.classical else ("any", "two-level"):
            compiled, Y = parts.compile("c", form=form), rng.normal(size=(77, len(parts.states))) / 3
            own = {name: rng.normal(size=77) for name in compiled.parameters}
            one = [compiled.bind({name: column[i] for name, column in own.items()}) for i in range(77)]
            alone = np.array([rhs(0.7, y) for rhs, y in zip(one, Y, strict=True)])
            assert np.array_equal(compiled.bind(own).batch(Y, 0.7), alone)
            assert np.array_equal([rhs.batch(Y, 0.7)[i] for i, rhs in enumerate(one)], alone)


def test_machine_code_never_sees_an_unaligned_array():
    """Some processors fault on one, and compilers may assume that there is none."""
    seen = []

    def spy(t, y, p):
        seen.extend([y, p])
        return y

    program = Kernel("copy", ("a", "b"), ("k",), (), (("a", "y0"), ("b", "y1")))
    function = Function(program, targets.find("numpy"), targets.Routines(spy, spy, np.dtype(float)), None)
    raw = np.frombuffer(b"\0" + np.arange(2.0).tobytes(), dtype=np.uint8)[1:].view(float)
    assert not raw.flags.aligned
    function(0.0, raw, raw[:1])
    function.batch(0.0, raw[:, None], raw[:1])
    assert [a.flags.aligned and a.flags.c_contiguous for a in seen] == [True] * 4


def test_functions_take_unaligned_parameters(compiled):
    function = compiled["any"].field
    p = np.arange(1.0, 7.0)
    unaligned = np.frombuffer(b"\0" + p.tobytes(), dtype=np.uint8)[1:].view(float)
    y = states(1)[0]
    assert np.array_equal(function(0.0, y, unaligned), function(0.0, y, p))


@pytest.mark.parametrize("form", ["any", "two-level"])
@pytest.mark.parametrize("scale", [0.0, 1e6, -1e6])
def test_parameters_of_any_size(dimer, compiled, form, scale):
    """All couplings zero, or a million, against 50 digits; κ = 0 and 10."""
    sharp, y = dimer.compile("mpmath", form=form, digits=50), states(1)[0]
    for kappa in (0.0, 10.0):
        values = {name: scale * v for name, v in VALUES.items()} | {"kappa": kappa} | EXTRA[form]
        exact = np.array(sharp.bind(values)(0, list(y)), dtype=float)
        found = compiled[form].bind(values)
        assert np.abs(found(0.0, y) - exact).max() <= 1e-13 * (1 + np.abs(exact).max())
        assert np.array_equal(found.batch(y[None]), [found(0.0, y)])
        assert scale or not found(0.0, y).any()


@pytest.mark.parametrize("kappa", [1e6, -1e6])
def test_a_damping_of_a_million_stays_finite_and_small(dimer, compiled, kappa):
    """|ẏ| is bounded by |τ| for every κ; the promise of 1e-13 ends at κ = 10."""
    y, values = states(1)[0], {**VALUES, "kappa": kappa}
    found = compiled["any"].bind(values)(0.0, y)
    exact = np.array(dimer.compile("mpmath", digits=50).bind(values)(0, list(y)), dtype=float)
    assert np.abs(found - exact).max() < 1e-7 * (1 + np.abs(exact).max())


@pytest.mark.parametrize("form", EXTRA)
def test_infinity_and_nan_come_through(compiled, form):
    rhs = compiled[form].bind({**VALUES, **EXTRA[form]})
    Y = states(12)
    for bad in (np.nan, np.inf):
        Z = Y.copy()
        Z[5, 3] = bad
        found = rhs.batch(Z)
        assert not np.isfinite(found[5]).all()
        assert np.array_equal(np.delete(found, 5, axis=0), np.delete(rhs.batch(Y), 5, axis=0))


def test_auto_goes_on_when_the_compiler_hangs(monkeypatch, cache_folder, tmp_path):
    """One warning with the compiler's name, one sentence, and the same numbers by NumPy."""
    script = tmp_path / "slow-cc"
    script.write_text("#!/bin/sh\nsleep 5\n")
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    monkeypatch.setattr(compiler, "TIMEOUT", 0.2)
    components = q.QuantumLLG(0.5).derive(q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0))])).pauli()
    with pytest.warns(q.QllgWarning, match=rf"^NumPy is used [^\n]*{script}[^\n]* must end in 0\.2 s[^\n]*\.$"):
        rhs = components.compile("auto").bind()
    assert rhs.compiled.target == "numpy"
    assert np.array_equal(rhs(0.0, [0.1, 0.2, 0.3]), components.compile("numpy").bind()(0.0, [0.1, 0.2, 0.3]))


def test_a_cut_library_of_a_real_kernel_is_built_again(compiler_here, cache_folder, dimer):
    """Truncated in the cache between two processes' uses; the first library is still mapped and keeps working."""
    program = dimer.kernel("two-level")
    p = [*VALUES.values(), 0.8]
    first, y = load(copy(program), "c"), states(1)[0]      # a copy, as another process has it
    before = first(0.0, y, p)
    name = function_name(first.kernel).encode()
    [stored] = [f for f in cache_folder.iterdir() if f.is_file() and name in f.read_bytes()]
    whole = stored.read_bytes()
    stored.unlink()
    stored.write_bytes(whole[:len(whole) // 2])
    compiler._library.cache_clear()
    assert np.array_equal(load(copy(program), "c")(0.0, y, p), before)
    assert stored.stat().st_size >= len(whole)
