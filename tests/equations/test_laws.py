"""Laws of motion: one contract for every file of the folder, the printed formulas, and bad input."""

import dataclasses
import inspect
from functools import cache

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import formula
import oracle
import qllg_sym as q
import strategies
from qllg_sym import plugs
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations import provenance as module
from qllg_sym.equations.law import Law
from qllg_sym.equations.provenance import provenance

FOLDER = "qllg_sym.equations.laws"
RATE = sp.Symbol("lam", real=True)
DIMER = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, -0.5, 2)), q.Exchange(0.7, 0, 1)])


def law_class(module):
    found = [c for _, c in inspect.getmembers(module, inspect.isclass)
             if c.__module__ == module.__name__ and hasattr(c, "kind")]
    assert len(found) == 1, f"{module.__name__} must hold one law"
    return found[0]


JUMPS = q.Space("1/2").spin(0).minus, q.Space("1/2").spin(0).x       # of site 0 of any space, one not Hermitian


def example(cls, value=RATE):
    """The law with one value for every coefficient."""
    if cls is q.Lindblad:
        return cls([(value, JUMPS[0]), (value, JUMPS[1])])
    return cls(**{f.name: value for f in dataclasses.fields(cls) if f.type == Coefficient})


HBAR, GAMMA = sp.Rational(2, 3), sp.Rational(-7, 4)


ASCII = {"drho/dt": "drho", "dm/dt": "dm", " x ": " × ", "gamma~": "tildegamma", "gamma_g": "γ", "hbar": "ħ",
         "{": r"\{", "}": r"\}", "sum_": "Σ_", "L_k^dagger": "M_k", " . ": "·"}


def in_comments(law):
    """The equations that comments of generated code say, as `formula.equations` gives those of docstrings."""
    told, = (line for line in provenance(law.derive(q.Model(q.Space.half(2)))) if line.startswith("Law "))
    text = told.partition(": ")[2].partition(f" ({law.source[:3]}")[0]
    for written, meant in ASCII.items():
        text = text.replace(written, meant)
    return [tuple(part.split(" = ", 1)) for part in text.split("; ")]


def printed(law, names, comments=False):
    """left − right of the equation that a law's docstring prints, or the comment of code."""
    equations = in_comments(law) if comments else formula.equations(type(law).__doc__)
    assert equations, r"the docstring must print the law as $\dot\rho = …$"
    if law.kind == "lindblad":
        jumps = jump_matrices(names)
        names = {**names, "L": lambda k: jumps[k], "M": lambda k: jumps[k].conj().T,
                 "gamma": lambda k: oracle.number(law.dissipators[k].rate, {})}
    names = {**names, **{f.name: oracle.number(getattr(law, f.name), {}) for f in dataclasses.fields(law)
                         if f.type == Coefficient}}
    (left, right), *rest = equations
    names = formula.definitions(rest, names)
    return np.subtract(formula.value(left, names), formula.value(right, names))


def jump_matrices(names):
    """JUMPS on the sites whose spins are given, S in units of ħ."""
    x, y, _ = (op / names["ħ"] for op in names["S"](0))
    return x - 1j * y, x


def jump_letters(spins):
    """The letters of the law."""
    jumps = jump_matrices({"ħ": 1, "S": lambda i: spins[i]})
    return {"L0": jumps[0], "L0dag": jumps[0].conj().T, "L1": jumps[1]}


def quantum_residuals(law, rng, comments):
    """(the package's residual, the printed one) in random matrices."""
    model = q.Model(q.Space("1/2", "1"), hbar=HBAR)
    rho, drho, h = (strategies.random_hermitian(rng, 6) for _ in range(3))
    spins = oracle.site_spins(model.space.spins)
    letters = {"1": np.eye(6), "rho": rho, "drho": drho, "H": h / float(HBAR)}
    letters |= {f"Sz{i}": ops[2] for i, ops in enumerate(spins)} | jump_letters(spins)
    letters["local_drho"] = oracle.spin_part(DIMER.space.spins, drho)
    word = oracle.word_matrix(law.derive(model).residual, letters, {})
    names = {"rho": rho, "drho": drho, "H": h, "ħ": float(HBAR), "sites": range(2),
             "S": lambda i: [float(HBAR) * op for op in spins[i]], "s": lambda i: float(DIMER.space.spins[i])}
    return word, printed(law, names, comments)


def classical_residuals(law, rng, comments):
    """The same in random vectors a, which are words in a·σ/2."""
    names = dict(zip(("m", "dm", "B"), rng.normal(size=(3, 3)), strict=True))
    letters = {name: sum(x * oracle.PAULI[k] / 2 for x, k in zip(a, "xyz", strict=True)) for name, a in names.items()}
    letters |= {"1": np.eye(2), "B": letters["B"] * float(GAMMA)}
    word = oracle.word_matrix(law.derive(q.Model(q.Space("1/2"))).residual, letters, {})
    vector = oracle.coordinates([oracle.PAULI[k] for k in "xyz"], word)
    return vector, printed(law, {**{name: list(a) for name, a in names.items()}, "γ": float(GAMMA)}, comments)


def check_formula(law, comments=False):
    """The residual is the printed law, times one and the same number in all states and velocities."""
    rng, ratios = np.random.default_rng(5), []
    for _ in range(4):
        found, wanted = (classical_residuals if law.classical else quantum_residuals)(law, rng, comments)
        assert np.abs(wanted).max() > 0.01
        ratios.append(np.vdot(wanted, found) / np.vdot(wanted, wanted))
        np.testing.assert_allclose(found, ratios[0] * wanted, atol=1e-11, err_msg="the residual is not what is printed")
    assert abs(ratios[0]) > 1e-3
    assert abs(ratios[0].imag) < 1e-12


CLASSES = [law_class(module) for module in plugs.modules(FOLDER)]


def test_folder_holds_the_laws_of_the_interface():
    kinds = {cls.kind for cls in CLASSES}
    assert {"von-neumann", "q-ll", "q-llg", "local-gilbert", "dephasing", "ll", "llg"} <= kinds
    assert len(kinds) == len(CLASSES)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.kind)
def test_contract(cls):
    check_contract(cls)


@pytest.mark.parametrize(("law", "right", "wrong"), [
    (q.QuantumLLG(0.5), r"i\kappa", r"-i\kappa"), (q.ClassicalLL(0.5), r"\alpha^2", r"\alpha^3"),
    (q.Dephasing(0.5), r"\frac12", ""),
])
def test_a_wrong_equation_in_comments_is_caught(law, right, wrong, monkeypatch):
    check_formula(law, comments=True)
    monkeypatch.setattr(module, "in_ascii", lambda text, write=module.in_ascii: write(text.replace(right, wrong)))
    with pytest.raises(AssertionError):
        check_formula(law, comments=True)


def test_without_rescaling_the_comment_says_so():
    check_formula(q.ClassicalLL(0.5, rescaled=False), comments=True)


@pytest.mark.parametrize("target", ["c", "numpy", "jax", "fortran", "javascript", "wolfram", "mpmath"])
def test_code_says_where_it_comes_from(target):
    B, kappa = sp.symbols("B kappa", real=True)
    comp = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    head = "\n".join(line for line in comp.code(target).splitlines()[:9])
    for wanted in ("Law q-llg: drho/dt = (i/hbar)[rho, H] + i kappa [rho, drho/dt] (PRL 133, 266704 (2024), eq. 3).",
                   "y[0] = T_x, y[1] = T_y, y[2] = T_z", "p[0] = B, p[1] = kappa",
                   f"kernel {optimise(comp.kernel()).digest}"):
        assert wanted in head


def test_a_sum_of_laws_names_each():
    law = q.QuantumLLG(0.5) + q.Dephasing(0.1)
    first, llg, dephasing = provenance(law.derive(q.Model(q.Space("1/2"))))
    assert first.startswith("Sum of laws")
    assert llg.startswith("q-llg: drho/dt = ")
    assert dephasing.startswith("dephasing: drho/dt = ")


def check_contract(cls):
    """What every law is held to, a newcomer's too."""
    law = example(cls)
    assert isinstance(law, Law)
    assert getattr(q, cls.__name__) is cls
    assert any(word in cls.source for word in ("PRL", "Phys. Rev.", "("))
    assert "$" in cls.__doc__, "the docstring must print the formula"
    assert ">>>" in cls.__doc__
    assert all(not c.atoms(sp.Float) for c in example(cls, 0.3).coefficients())
    equation = law.derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, RATE))]))
    assert equation.kind == cls.kind
    assert equation.parameters == (RATE,)
    assert all(c in law.coefficients() for c in vars(law).values() if isinstance(c, sp.Expr))
    assert not equation.residual.is_zero
    comp = equation.moments() if cls.classical else equation.pauli()
    assert len(comp.states) == len(comp.velocities) == len(comp.residual) == 3
    for equations in comp.residual:
        assert not equations.atoms(sp.Float)
        letters = sp.Poly(equations, *comp.states, *comp.velocities)
        assert all(sp.Poly(part, *letters.gens).is_monomial for part in sp.Add.make_args(equations)), "multiplied out"
    for value in (sp.Rational(3, 7), sp.Rational(11, 5)):
        check_formula(example(cls, value))
        check_formula(example(cls, value), comments=True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        law.kind = "other"
    assert hash(law) == hash(example(cls))
    with pytest.raises(q.InputTypeError, match="`model` must be a Model"):
        law.derive("dimer")


@pytest.mark.parametrize("cls", [c for c in CLASSES if not c.classical], ids=lambda cls: cls.kind)
@given(data=st.data())
def test_word_is_the_printed_law(cls, data):
    law = example(cls, data.draw(strategies.rationals().map(abs)))
    rho, drho = data.draw(strategies.density(6)), data.draw(strategies.velocities(6))
    h = oracle.hamiltonian(DIMER, {})
    letters = {"1": np.eye(6), "rho": rho, "drho": drho, "H": h}
    spins = oracle.site_spins(DIMER.space.spins)
    letters |= {f"Sz{i}": ops[2] for i, ops in enumerate(spins)} | jump_letters(spins)
    letters["local_drho"] = oracle.spin_part(DIMER.space.spins, drho)
    found = oracle.word_matrix(law.derive(DIMER).residual, letters, {})
    assert found == pytest.approx(found.conj().T, abs=1e-12)
    assert np.trace(found) == pytest.approx(0, abs=1e-12)
    if law.kind in ("von-neumann", "q-ll", "q-llg", "local-gilbert", "dephasing"):
        assert found == pytest.approx(oracle.residual(law, DIMER, rho, drho, {}), abs=1e-11)
        flipped = oracle.residual(law, DIMER, rho, -drho, {})
        assert not np.allclose(found, flipped)


@cache
def derived(cls):
    return example(cls).derive(DIMER).coefficients()


@pytest.mark.parametrize("cls", [c for c in CLASSES if not c.classical], ids=lambda cls: cls.kind)
@settings(max_examples=8)
@given(data=st.data())
def test_components_are_the_word_in_matrices(cls, data):
    """For laws of newcomers too: coordinates of the word's value, whatever the word says."""
    comp, values = derived(cls), {RATE: data.draw(strategies.rationals().map(abs))}
    basis = [np.array(a.tolist(), dtype=complex) for a in comp.basis]
    rho, drho = data.draw(strategies.density(6)), data.draw(strategies.velocities(6))
    letters = {"1": np.eye(6), "rho": rho, "drho": drho, "H": oracle.hamiltonian(DIMER, {})}
    spins = oracle.site_spins(DIMER.space.spins)
    letters |= {f"Sz{i}": ops[2] for i, ops in enumerate(spins)} | jump_letters(spins)
    letters["local_drho"] = oracle.spin_part(DIMER.space.spins, drho)
    coordinates = (*oracle.coordinates(basis, rho), *oracle.coordinates(basis, drho))
    values |= dict(zip((*comp.states, *comp.velocities), coordinates, strict=True))
    expected = oracle.coordinates(basis, oracle.word_matrix(comp.equation.residual, letters, values))
    assert oracle.numbers(comp.residual, values) == pytest.approx(expected, abs=1e-11)


def test_words_are_exactly_these():
    kappa = sp.Symbol("kappa", real=True)
    residual = q.QuantumLLG(kappa).derive(DIMER).residual
    found = {key: c.as_expr() for key, c in residual.terms.items()}
    assert found == {(0, ("drho",)): 1, (1, ("rho", "H")): -1, (1, ("H", "rho")): 1,
                     (1, ("rho", "drho")): -kappa, (1, ("drho", "rho")): kappa}


def test_no_damping_is_von_neumann():
    for law in (q.QuantumLLG(0), q.QuantumLL(0), q.LocalGilbert(0), q.Dephasing(0)):
        assert law.derive(DIMER).coefficients().residual == q.VonNeumann().derive(DIMER).coefficients().residual
    assert q.QuantumLLG(1).derive(DIMER).coefficients().residual != q.VonNeumann().derive(DIMER).coefficients().residual
    free = q.ClassicalLLG(0).derive(DIMER).moments().residual
    for law in (q.ClassicalLL(0), q.ClassicalLL(0, rescaled=False)):
        assert law.derive(DIMER).moments().residual == free


def test_limit_of_a_symbolic_kappa_is_von_neumann():
    kappa = sp.Symbol("kappa", real=True)
    expected = q.VonNeumann().derive(DIMER).coefficients().residual
    for law in (q.QuantumLLG(kappa), q.QuantumLL(kappa)):
        found = law.derive(DIMER).coefficients().residual
        assert tuple(e.xreplace({kappa: sp.S.Zero}) for e in found) == expected
        assert found != expected


BAD = {
    "kappa complex": (lambda: q.QuantumLLG(1j), q.ModelError, "`kappa` must be real"),
    "kappa NaN": (lambda: q.QuantumLLG(float("nan")), q.ModelError, "`kappa` must be a finite"),
    "kappa inf": (lambda: q.QuantumLL(float("inf")), q.ModelError, "`kappa` must be a finite"),
    "kappa plain": (lambda: q.QuantumLLG(sp.Symbol("kappa")), q.ModelError,
                    r"kappa = sympy.Symbol\('kappa', real=True\)"),
    "kappa text": (lambda: q.QuantumLLG("0.5"), q.InputTypeError, "`kappa`"),
    "kappa reserved": (lambda: q.QuantumLLG(sp.Symbol("e2", real=True)), q.ModelError, "`e2`"),
    "rate negative": (lambda: q.Dephasing(-0.1), q.ModelError, "`rate` must not be negative"),
    "rate complex": (lambda: q.Dephasing(1j), q.ModelError, "`rate` must be real"),
    "rate negative symbol": (lambda: q.Dephasing(sp.Symbol("r", negative=True)), q.ModelError, "`rate`"),
    "alpha complex": (lambda: q.ClassicalLLG(1j), q.ModelError, "`alpha` must be real"),
    "alpha text": (lambda: q.ClassicalLL("a"), q.InputTypeError, "`alpha`"),
    "field": (lambda: q.ClassicalLLG(0.5, field="quantum"), q.ModelError, "`field` must be \"paper\" or \"mean\""),
    "field None": (lambda: q.ClassicalLL(0.5, field=None), q.ModelError, "`field`"),
    "field list": (lambda: q.ClassicalLL(0.5, field=["mean"]), q.QllgError, "`field`"),
    "rescaled": (lambda: q.ClassicalLL(0.5, rescaled="no"), q.InputTypeError, "`rescaled` must be True or False"),
    "model": (lambda: q.QuantumLLG(0.5).derive([q.Zeeman((0, 0, 1))]), q.InputTypeError, "`model` must be a Model"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_one_sentence(case):
    action, kind, words = BAD[case]
    with pytest.raises(kind, match=words) as caught:
        action()
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_new_law_is_one_file(drop):
    """Rational coefficients, every view; q-LLG itself on pure states, slower q-LL on mixed ones."""
    check_contract(law_class(drop(FOLDER, "laws/divided.py")))
    assert "Divided" in dir(q)
    kappa, J = sp.symbols("kappa J", real=True)
    dimer = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(J, 0, 1)])
    equation = q.Divided(kappa).derive(dimer)
    assert equation.weight() == (1 / (1 + kappa**2), kappa * q.gap / (1 + kappa**2))
    components, plain = equation.pauli(), q.QuantumLL(kappa).derive(dimer).pauli()
    for found, wanted, velocity in zip(components.residual, plain.residual, plain.velocities, strict=True):
        rest = wanted - velocity
        assert sp.cancel((found - velocity) * (1 + kappa**2) - rest) == 0
    assert r"\frac{" in components.latex()
    values, times = {"J": 0.7, "kappa": 0.5}, np.linspace(0, 3, 4)
    up = q.states.product("up", "down")
    reference = q.solve(dimer, q.QuantumLLG(kappa), up, times, values=values).states
    for method in ("exact", "frame", "pauli", "krylov", "low-rank"):
        run = q.solve(dimer, q.Divided(kappa), up, times, values=values, method=method)
        np.testing.assert_allclose(run.states, reference, atol=1e-9, err_msg=method)
    mixed = q.states.random(dimer.space, seed=1)
    run = q.solve(dimer, q.Divided(kappa), mixed, times, values=values)
    other = q.solve(dimer, q.QuantumLL(kappa), mixed, times / 1.25, values=values)
    np.testing.assert_allclose(run.states, other.states, atol=1e-9)


def test_a_new_classical_law_is_one_file(drop):
    """It need not say which field it takes, which is the mean one then."""
    check_contract(law_class(drop(FOLDER, "laws/solved.py")))
    dimer = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, 0, 0.3)), q.Exchange(0.7, 0, 1)])
    start, times = np.array([[0, 0.6, 0.8], [1, 0, 0]]), [0, 1, 2]
    alpha = sp.Symbol("alpha", real=True)
    found = q.solve(dimer, q.Solved(alpha), start, times, {"alpha": 0.4}).moments
    wanted = q.solve(dimer, q.ClassicalLL(0.4, field="mean"), start, times).moments
    np.testing.assert_allclose(found, wanted, atol=1e-9)
    assert np.abs(found - q.solve(dimer, q.ClassicalLL(0.4), start, times).moments).max() > 0.1
    assert q.Solved(alpha).derive(dimer).field == "mean"


BROKEN_LAWS = {
    "a sign": [("w.drho - rate * torque.times_i() + rate", "w.drho - rate * torque.times_i() - rate")],
    "a factor": [("w.number(1 / (1 + self.kappa**2))", "w.number(1 / (1 + self.kappa))")],
    "an order": [("torque = commutator(w.rho, w.H)", "torque = commutator(w.H, w.rho)")],
    "the printed sign": [("- \\frac", "+ \\frac")],
    "no formula": [("$", "")],
    "no equation": [("\\dot\\rho = ", "")],
    "words that nobody knows": [("[\\rho, H] -", "[\\rho, K] -")],
    "no source": [('"PRL 133, 266704 (2024), eq. 3, for pure states"', '"someone"')],
    "a coefficient that is none": [("kappa: Coefficient", "kappa: object")],
    "no law": [("class Divided(Law)", "class Divided")],
}


@pytest.mark.parametrize("case", BROKEN_LAWS)
def test_the_contract_catches_a_law_with(case, drop):
    module = drop(FOLDER, "laws/divided.py", *BROKEN_LAWS[case])
    with pytest.raises((AssertionError, AttributeError, TypeError)):
        check_contract(law_class(module))
