"""The contract of every file in the folder of targets, and what is special to each."""

import importlib.util
import random
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from codegen import printed_programs
from codegen.kernels import contract_kernel, skew_kernel
from qllg_sym import cli
from qllg_sym.codegen import targets
from qllg_sym.codegen.build import load
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operation
from qllg_sym.codegen.passes import optimise
from qllg_sym.errors import CodegenError, InputError

EMPTY = Kernel("nothing", (), (), (), ())
every_target = pytest.mark.parametrize("name", targets.names())
every_loadable = pytest.mark.parametrize("name", targets.loadable())


@pytest.fixture
def loadable(name, request):
    """The name of a target that can run here."""
    if name == "c":
        request.getfixturevalue("compiler_here")
    return name


def inputs_of(kernel, values):
    return [np.array([float(values[name]) for name in names]) for names in (kernel.states, kernel.parameters)]


def relative_error(got, kernel, values):
    """The largest error of the outputs, each relative to 1 + its size, against 45 digits of the kernel itself."""
    expected = kernel.evaluate(values, 45)
    with mpmath.workdps(45):
        return max(abs(mpmath.mpf(g) - e) / (1 + abs(e)) for g, e in zip(got, expected.values(), strict=True))


@every_target
def test_contract(name):
    check_contract(name)


def check_contract(name):
    """What every target is held to, a newcomer's too: the text, and what it computes where it is only printed."""
    target = targets.find(name)
    assert target.name == name
    assert re.fullmatch(r"\.[a-z]\w*", target.suffix)
    for kernel in (contract_kernel(), skew_kernel(8), EMPTY):
        text = target.emit(kernel)
        assert text == target.emit(kernel)
        assert text.isascii()
        assert text.endswith("\n")
        assert "\r" not in text
        assert max(map(len, text.splitlines())) <= 120
        assert not [line for line in text.splitlines() if line != line.rstrip()]
    kernel = skew_kernel(4)
    text = target.emit(kernel)
    for word in ("skew", kernel.digest, f"{kernel.operations} operations", "edit the derivation", "y[2] = T_2",
                 "p[1] = kappa"):
        assert word in text
    if target.load is None:
        check_text(target)


def check_text(target):
    """The text, read back line by line, has the values of the kernel."""
    for kernel in (contract_kernel(), optimise(contract_kernel()), skew_kernel(6)):
        values = values_of(kernel)
        with mpmath.workdps(40):
            y, p = ([mpmath.mpf(values[name].numerator) / values[name].denominator for name in names]
                    for names in (kernel.states, kernel.parameters))
            t = mpmath.mpf(values["t"].numerator) / values["t"].denominator
            got = printed_programs.run(target.emit(kernel), {"t": t, "y": y, "p": p})
        assert relative_error(got, kernel, values) < 1e-13      # constants are printed as doubles


def values_of(kernel):
    """Rational values of the inputs of a kernel, all different."""
    names = (*kernel.states, *kernel.parameters)
    return {"t": Fraction(3, 8), **{name: Fraction(k + 5, 2 * k + 7) for k, name in enumerate(names)}}


@pytest.mark.parametrize("name", ["numpy", "mpmath"])
def test_what_reads_texts_back_reads_those_that_run(name):
    check_text(targets.find(name))


@every_loadable
def test_every_construct_has_the_value_of_the_kernel(loadable, contract, contract_values):
    function = load(contract, loadable)
    y, p = inputs_of(contract, contract_values)
    got = function(float(contract_values["t"]), y, p)
    assert got.shape == (len(contract.outputs),)
    assert relative_error(got, contract, contract_values) < 1e-14


@every_loadable
def test_the_comparison_catches_one_wrong_operation(loadable, contract, contract_values):
    y, p = inputs_of(contract, contract_values)
    last = max(i for i, step in enumerate(contract.steps) if step.op == "sub")
    steps = list(contract.steps)
    steps[last] = Operation(steps[last].name, "add", steps[last].args)
    broken = Kernel(contract.name, contract.states, contract.parameters, tuple(steps), contract.outputs)
    got = load(broken, loadable)(float(contract_values["t"]), y, p)
    assert relative_error(got, contract, contract_values) > 1e-3


@every_loadable
def test_a_batch_is_its_columns_bit_for_bit(loadable):
    kernel = skew_kernel(6)
    function = load(kernel, loadable)
    rng = np.random.default_rng(1)
    for columns in (0, 1, 3) if loadable == "mpmath" else (0, 1, 63, 64, 65, 2500):
        Y, P = rng.normal(size=(6, columns)), rng.normal(size=(2, columns))
        shared, own = function.batch(0.5, Y, P[:, 0] if columns else [1.0, 2.0]), function.batch(0.5, Y, P)
        assert shared.shape == own.shape == (6, columns)
        for i in range(columns):
            assert np.array_equal(shared[:, i], function(0.5, Y[:, i], P[:, 0]))
            assert np.array_equal(own[:, i], function(0.5, Y[:, i], P[:, i]))


@every_loadable
def test_outputs_without_inputs_and_kernels_without_anything(loadable):
    kernel = Kernel("k", ("a",), (), (), (("one", Fraction(1)), ("a", "y0"), ("time", "t")))
    function = load(kernel, loadable)
    assert function(2.5, [3.0], []).tolist() == [1, 3, 2.5]
    assert function.batch(2.5, [[3.0, 4.0]], []).tolist() == [[1, 1], [3, 4], [2.5, 2.5]]
    assert load(EMPTY, loadable)(0.0, [], []).shape == (0,)
    assert load(EMPTY, loadable).batch(0.0, np.empty((0, 4)), []).shape == (0, 4)


@pytest.mark.parametrize("name", ["numpy", "mpmath"])
def test_the_printed_module_works_as_a_file(name, contract, contract_values, tmp_path):
    path = tmp_path / "printed.py"
    path.write_text(targets.find(name).emit(contract), encoding="ascii")
    spec = importlib.util.spec_from_file_location("printed", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (function,) = (value for key, value in vars(module).items() if key.startswith("qllg_"))
    y, p = inputs_of(contract, contract_values)
    with mpmath.workdps(50):
        got = function(float(contract_values["t"]) if name == "numpy" else mpmath.mpf("0.375"), y, p)
    assert relative_error(got, contract, contract_values) < (1e-14 if name == "numpy" else 1e-38)


@pytest.mark.parametrize("name", ["c", "numpy"])
def test_single_operations_are_rounded_as_in_python(loadable):
    """Brackets are kept: the result equals the same operations done one by one, to the last bit."""
    kernel = optimise(skew_kernel(7, seed=4))
    rng = random.Random(2)
    y, p = [rng.uniform(-1, 1) for _ in range(7)], [rng.uniform(-1, 1) for _ in range(2)]
    known = {"t": 0.0, **{f"y{i}": v for i, v in enumerate(y)}, **{f"p{i}": v for i, v in enumerate(p)}}
    for step in kernel.steps:
        args = [float(arg) if isinstance(arg, Fraction) else known[arg] for arg in step.args]
        known[step.name] = {
            "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
            "neg": lambda a: -a,
        }[step.op](*args)  # fmt: skip
    assert load(kernel, loadable)(0.0, y, p).tolist() == [known[operand] for _, operand in kernel.outputs]


@pytest.mark.parametrize("name", ["c", "numpy"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e308])
def test_invalid_numbers_pass_through_as_ieee_says(loadable, bad):
    b = Builder("ieee", ["a", "b"], [])
    u, v = b.state(0), b.state(1)
    outputs = [
        b.sub(b.mul(u, v), b.mul(u, b.mul(v, v))),
        b.div(u, v),
        b.call("sqrt", u),
        b.call("tanh", u),
        b.call("exp", u),
        v,
    ]
    function = load(b.kernel({str(i): operand for i, operand in enumerate(outputs)}), loadable)
    for u, v in ((bad, 1.0), (bad, 0.0), (bad, bad), (1.0, bad)):
        with np.errstate(all="ignore"):
            a, c = np.float64(u), np.float64(v)
            expected = [a * c - a * (c * c), a / c, np.sqrt(a), np.tanh(a), np.exp(a), c]
        np.testing.assert_array_equal(function(0.0, [u, v], []), expected)
        np.testing.assert_array_equal(function.batch(0.0, [[u] * 70, [v] * 70], [])[:, 69], expected)


def test_c_is_clean_under_strict_warnings(strict_compile, contract):
    for kernel in (
        contract,
        optimise(contract),
        EMPTY,
        skew_kernel(5),
        Kernel("sin", ("a",), ("b",), (), (("o", "t"),)),
    ):
        for flags in (
            (),
            ("-O3", "-pedantic", "-Wshadow", "-Wconversion", "-Wmissing-braces", "-Wundef"),
            ("-std=c99", "-trigraphs", "-Wtrigraphs"),
        ):
            done = strict_compile(targets.find("c").emit(kernel), *flags)
            assert done.returncode == 0, done.stderr


def test_strict_compiling_catches_a_name_that_ends_the_comment(strict_compile, contract):
    raw = targets.find("c").emit(contract).replace("\\u002a\\u002f #error", "*/\n#error")
    assert strict_compile(raw).returncode != 0


@pytest.mark.parametrize("name", ["c", "numpy"])
def test_constants_are_the_closest_doubles(loadable):
    constants = [
        Fraction(1, 3), Fraction(-2, 7), Fraction(1, 10), Fraction(2**53 + 1),
        Fraction(10**22 + 1, 10**22), Fraction(-(10**300)),
        Fraction(3, 2**1074), Fraction(2**200 + 1, 3**120), Fraction(2**1024 - 2**971),
    ]  # fmt: skip
    kernel = Kernel("c", (), (), (), tuple((str(i), c) for i, c in enumerate(constants)))
    assert load(kernel, loadable)(0.0, [], []).tolist() == [float(c) for c in constants]


@pytest.mark.parametrize("constant", [Fraction(10**309), Fraction(-1, 10**400)])
def test_constants_beyond_doubles_are_refused(constant):
    kernel = Kernel("c", (), (), (), (("o", constant),))
    for name in ("c", "numpy"):
        with pytest.raises(CodegenError, match="double"):
            targets.find(name).emit(kernel)
    (value,) = load(kernel, "mpmath", digits=20)(0, [], [])
    assert abs(value * constant.denominator / constant.numerator - 1) < 1e-15


def test_what_depends_on_time_alone_is_computed_outside_the_loop():
    b = Builder("drive", ["a"], [])
    wave = b.call("sin", b.mul(Fraction(3), b.time))
    text = targets.find("c").emit(
        b.kernel({"a": b.add(b.mul(b.state(0), wave), b.call("cos", b.state(0))), "w": b.call("cos", b.time)})
    )
    before, inside = text.split("for (size_t i = 0; i < width; i++) {")
    assert "sin(" in before
    assert "cos(t)" in before
    assert "sin(" not in inside
    assert "cos(y_a)" in inside


def test_mpmath_gives_the_digits_asked_for():
    b = Builder("root", ["a"], [])
    kernel = b.kernel({"root": b.call("sqrt", b.state(0))})
    (value,) = load(kernel, "mpmath", digits=80)(0, [2], [])
    with mpmath.workdps(90):
        assert abs(value - mpmath.sqrt(2)) < mpmath.mpf(10) ** -79
    assert isinstance(load(kernel, "mpmath").batch(0, [[2, 3]], [])[0, 1], mpmath.mpf)


def test_an_unknown_target_is_refused_and_private_files_are_none():
    with pytest.raises(InputError, match="numpy"):
        targets.find("fortran77")
    with pytest.raises(InputError):
        targets.find("__init__")


def test_a_new_target_is_one_file(drop, tmp_path, capsys):
    """It prints, on the command line too; who wants to run it is told in a sentence, whatever the size."""
    drop("qllg_sym.codegen.targets", "targets/julia.py")
    check_contract("julia")
    assert "julia" in targets.names()
    assert "julia" not in targets.loadable()
    J = sp.Symbol("J", real=True)
    components = q.QuantumLLG(1).derive(q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1)])).pauli()
    large = q.QuantumLLG(1).derive(q.Model(q.Space.half(3), q.chain(3, q.Exchange, 1))).pauli()
    sentence = "`target` must be one that can run here, c, mpmath, numpy or auto, but 'julia' is only printed; print it"
    for attempt in (lambda: load(EMPTY, "julia"), lambda: components.compile(target="julia"),
                    lambda: large.compile(target="julia")):
        with pytest.raises(CodegenError, match=sentence):
            attempt()
    assert cli.main(["generate", "dimer", "--target", "julia"]) == 0
    printed = capsys.readouterr().out
    assert "function qllg_" in printed
    assert cli.main(["generate", "dimer", "--target", "julia", "--out", str(tmp_path / "out")]) == 0
    (written,) = (tmp_path / "out").iterdir()
    assert written.suffix == ".jl"
    assert written.read_text() == printed


BROKEN_TARGETS = {
    "a wrong function": [('"pi": "pi"}', '"pi": "pi", "sin": "cos({})"}')],
    "an index from 0 and one from 1": [("int(key[1:]) + 1", "int(key[1:]) + (key[0] == 'y')")],
    "inputs that are shifted": [("{names[key]} = {key[0]}[{int(key[1:]) + 1}]",
                                 "{names[key]} = {key[0]}[{int(key[1:]) % 2 + 1}]")],
    "outputs in another order": [("for formula in outputs", "for formula in reversed(outputs)")],
    "rounded constants": [("constant=float_literal", "constant=lambda x: f'{float(x):.6g}'")],
    "brackets left out": [('f"{base.within(ATOM)}^', 'f"{base.text}^')],
    "a line left out": [("for line in lines]", "for line in lines[1:]]")],
    "no header": [('*(f"# {line}" for line in header(kernel)), ', "")],
    "a suffix that is none": [('SUFFIX = ".jl"', 'SUFFIX = "jl"')],
    "no suffix": [('SUFFIX = ".jl"', "")],
    "text that is not ASCII": [('"pi": "pi"', '"pi": "π"')],
    "no end of the last line": [('"end", ""', '"end"')],
}


@pytest.mark.parametrize("case", BROKEN_TARGETS)
def test_the_contract_catches_a_target_with(case, drop):
    drop("qllg_sym.codegen.targets", "targets/julia.py", *BROKEN_TARGETS[case])
    with pytest.raises((AssertionError, AttributeError, LookupError)):
        check_contract("julia")


def test_lines_of_fortran_fit_whatever_the_names_are():
    """A line may have 132 columns; compilers cut off what is beyond."""
    names = [f"{'wide' * 7}_{letter}" for letter in "abcdefghij"]
    model = q.Model(q.Space("1/2"), [q.Zeeman((sum(sp.Symbol(name, real=True)**2 for name in names), 0, 0))])
    text = targets.find("fortran").emit(optimise(q.VonNeumann().derive(model).pauli().kernel()))
    assert max(map(len, text.splitlines())) <= 120
    assert all(re.search(rf"real\(c_double\) ::.*\bp_{name}\b", text) for name in names)
