"""Laws of motion: one contract for every file of the folder, the printed formulas, and bad input."""

import dataclasses
import importlib
import inspect
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies
from qllg_sym.equations import laws as folder

FILES = sorted(p.stem for p in Path(folder.__file__).parent.glob("*.py") if p.stem != "__init__")
RATE = sp.Symbol("lam", real=True)
DIMER = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, -0.5, 2)), q.Exchange(0.7, 0, 1)])


def law_class(stem):
    module = importlib.import_module(f"qllg_sym.equations.laws.{stem}")
    found = [c for _, c in inspect.getmembers(module, inspect.isclass)
             if c.__module__ == module.__name__ and hasattr(c, "kind")]
    assert len(found) == 1, f"{stem}.py must hold one law"
    return found[0]


def example(cls, value=RATE):
    """The law with one value for every argument that it needs."""
    return cls(**{f.name: value for f in dataclasses.fields(cls) if f.init and f.default is dataclasses.MISSING})


CLASSES = [law_class(stem) for stem in FILES]


def test_folder_holds_the_laws_of_the_interface():
    kinds = {cls.kind for cls in CLASSES}
    assert {"von-neumann", "q-ll", "q-llg", "dephasing", "ll", "llg"} <= kinds
    assert len(kinds) == len(CLASSES)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.kind)
def test_contract(cls):
    law = example(cls)
    assert getattr(q, cls.__name__) is cls
    assert any(word in cls.source for word in ("PRL", "Phys. Rev.", "("))
    assert "$" in cls.__doc__, "the docstring must print the formula"
    assert ">>>" in cls.__doc__
    assert all(not c.atoms(sp.Float) for c in example(cls, 0.3).coefficients())
    equation = law.derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, RATE))]))
    assert equation.kind == cls.kind
    assert equation.parameters == (RATE,)
    assert not equation.residual.is_zero
    comp = equation.moments() if cls.classical else equation.pauli()
    assert len(comp.states) == len(comp.velocities) == len(comp.residual) == 3
    for equations in comp.residual:
        assert not equations.atoms(sp.Float)
        assert equations == sp.expand(equations)
        assert equations.is_polynomial(*comp.states, *comp.velocities)
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
    letters |= {f"Sz{i}": ops[2] for i, ops in enumerate(oracle.site_spins(DIMER.space.spins))}
    found = oracle.word_matrix(law.derive(DIMER).residual, letters, {})
    assert found == pytest.approx(found.conj().T, abs=1e-12)
    assert np.trace(found) == pytest.approx(0, abs=1e-12)
    if law.kind in ("von-neumann", "q-ll", "q-llg", "dephasing"):
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
    letters |= {f"Sz{i}": ops[2] for i, ops in enumerate(oracle.site_spins(DIMER.space.spins))}
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
    for law in (q.QuantumLLG(0), q.QuantumLL(0), q.Dephasing(0)):
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
