"""Vector forms: what is printed is read back, contracted by NumPy, and compared with the components."""

import random
import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from equations.printed_equations import SUPERSCRIPTS, value
from qllg_sym.equations import vector_equations as module
from qllg_sym.equations.tensors import EPSILON, Candidate
from qllg_sym.equations.vector_form import vector_form

J, D, kappa = sp.symbols("J D kappa", real=True)
hbar, gamma, s = sp.symbols("hbar gamma_g s", positive=True)
B = sp.symbols("Bx By Bz", real=True)
M = [[sp.Symbol(f"M{i}{k}", real=True) for k in "abc"] for i in "abc"]
LAWS = [q.QuantumLLG(kappa), q.QuantumLL(kappa), q.VonNeumann(), q.Dephasing(kappa)]
LEVI_CIVITA = np.zeros((3, 3, 3), dtype=object)
for key, sign in EPSILON.items():
    LEVI_CIVITA[key] = sign


def eta(law, spin=s):
    return law.derive(q.Model(q.Space(spin), [q.Zeeman(B)], hbar=hbar, gamma=gamma)).eta()


def dimer(law, *terms):
    terms = terms or (q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1))
    return law.derive(q.Model(q.Space.half(2), terms, hbar=hbar, gamma=gamma)).pauli()


def moments(law, *terms, spins=("1/2", "1")):
    terms = terms or (q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1))
    return law.derive(q.Model(q.Space(*spins), terms)).moments()


def test_one_spin_is_equation_8_of_the_paper():
    assert vector_form(eta(q.QuantumLLG(kappa))).latex() == "\n".join([
        r"\begin{aligned}",
        r"\dot{\boldsymbol{\eta}} &= \gamma_{g} \boldsymbol{\eta} \times \mathbf{B} "
        r"- \frac{\kappa \hbar}{2 s + 1} \boldsymbol{\eta} \times \dot{\boldsymbol{\eta}} \\",
        r"\mathbf{B} &= \left(B_{x},\, B_{y},\, B_{z}\right)",
        r"\end{aligned}"])


@pytest.mark.parametrize(("components", "equation"), [
    (lambda: eta(q.QuantumLLG(sp.Rational(1, 2)), "3/2"), "η' = γ_g η × B - (1/8) ħ η × η'"),
    (lambda: eta(q.QuantumLL(kappa)), "η' = γ_g η × B - (γ_g κ ħ/(2 s + 1)) η × (η × B)"),
    (lambda: eta(q.VonNeumann()), "η' = γ_g η × B"),
    (lambda: eta(q.Dephasing(kappa)), "η' = γ_g η × B + (1/2) κ ħ² e_z × (e_z × η)"),
    (lambda: q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman(B)])).pauli(), "r' = r × B - κ r × r'"),
    (lambda: q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"))).pauli(), "r' = -κ r × r'"),
    (lambda: moments(q.ClassicalLLG(kappa)), "m1' = m1 × B1 - κ m1 × m1'"),
    (lambda: moments(q.ClassicalLL(kappa)), "(κ² + 1) m1' = m1 × B1 - κ m1 × (m1 × B1)"),
    (lambda: moments(q.ClassicalLL(kappa, rescaled=False)), "m0' = m0 × B0 - κ m0 × (m0 × B0)"),
    # The fields of the paper's classical Hamiltonian, B1 = B − J m2 + D(−m2y, m2x, 0) and its partner.
    (lambda: moments(q.ClassicalLLG(kappa)), "B0 = B - J m1 + D01 × m1"),
    (lambda: moments(q.ClassicalLLG(kappa)), "D01 = (0, 0, D)"),
    (lambda: moments(q.ClassicalLLG(kappa)), "D10 = (0, 0, -D)"),
    (lambda: moments(q.ClassicalLLG(kappa, field="mean"), q.Anisotropy(sp.diag(0, 0, D).tolist(), 1)),
     "B1 = (0, 0, -2 D m1_z)"),
    (lambda: moments(q.ClassicalLLG(kappa), q.Zeeman(B, sites=[1]), q.Exchange(J, 0, 1)), "B1 = B1ext - J m0"),
])
def test_known_forms(components, equation):
    assert equation in vector_form(components()).text().splitlines()


# ---- two spins: the printed index equations, contracted

DIMERS = {
    "q-llg": lambda: dimer(q.QuantumLLG(kappa)),
    "von Neumann": lambda: dimer(q.VonNeumann()),
    "dephasing": lambda: dimer(q.Dephasing(kappa)),
    "bilinear, two fields": lambda: dimer(q.QuantumLLG(kappa), q.Zeeman(B, sites=[0]), q.Zeeman((0, 1, J), sites=[1]),
                                          q.Bilinear(M, 0, 1), q.Exchange(J, 0, 1)),
    "numbers": lambda: dimer(q.QuantumLLG(0.3), q.Zeeman((0, 0, 1)), q.Exchange(-1, 0, 1)),
}


def tables(text, numbers):
    """The definitions of a printed form as arrays of numbers, with their derivatives, and its equations."""
    greek = {"kappa": "κ", "hbar": "ħ", "gamma_g": "γ_g"}
    symbols = {greek.get(symbol.name, symbol.name): number for symbol, number in numbers.items()}
    order = list(symbols)

    def entry(word):
        word = re.sub(r"([⁰-⁹²³]+)", lambda m: "**" + m[1].translate(SUPERSCRIPTS), word)
        for i, name in sorted(enumerate(order), key=lambda item: -len(item[1])):
            word = re.sub(rf"(?<![\w']){name}(?![\w'])", f" # {i} ", word)
        return value(word, list(symbols.values()))

    arrays, equations = {"ε": LEVI_CIVITA}, []
    for line in re.sub(r",\n +", ", ", text).replace("\n      (", ";(").replace("\n      ", " ").splitlines():
        left, right = line.split(" = ")
        if "'" in left:
            equations.append((left, right))
            continue
        rows = [[part.strip() for part in row.strip()[1:-1].split(",")] for row in right.split(";")]
        arrays[left] = np.array([[entry(x) for x in row] for row in rows], dtype=object).squeeze()
        if "T_" in right:
            arrays[left + "'"] = np.array([[entry("d" + x) for x in row] for row in rows], dtype=object).squeeze()
    return arrays, equations, entry


def contracted(side, free, arrays, entry):
    """The value of one side: signed terms, coefficient (term ± term), index letters summed."""
    total = np.zeros((3,) * len(free), dtype=object)
    pattern = r"(^-|[-+] |^)((?:(?![-+] |[εrTBKP]\w*'?_[a-m]).)*?)(\((?=[εP]\w*_)[^()]*\)|(?:[εrTBKP]\d?'?_[a-m]+ ?)+)"
    end = 0
    for match in re.finditer(pattern, side):
        assert not side[end:match.start()].strip(), side
        end = match.end()
        factor = (-1 if "-" in match[1] else 1) * (entry(match[2]) if match[2].strip() else 1)
        for sign, product in re.findall(r"([-+]?) ?((?:[εrTBKP]\d?'?_[a-m]+ ?)+)", match[3]):
            words = [word.rpartition("_") for word in product.split()]
            letters = ",".join(x[2] for x in words) + "->" + free
            part = np.einsum(letters, *(arrays[x[0]] for x in words), optimize=False)
            total = total + (-1 if sign == "-" else 1) * factor * part
    assert not side[end:].strip(), side[end:]
    return total


def random_values(components):
    source = random.Random(3)
    symbols = (*components.states, *components.velocities, *components.parameters)
    return {symbol: Fraction(source.randint(1, 99), source.randint(1, 9)) for symbol in symbols}


def differences(components, text):
    """Left − right of every printed equation, by name of the component."""
    arrays, equations, entry = tables(text, random_values(components))
    found = {}
    for left, right in equations:
        free = left.rpartition("_")[2]
        difference = contracted(left, free, arrays, entry) - contracted(right, free, arrays, entry)
        names = {"r1'": "{}0", "r2'": "0{}", "T'": "{}{}"}[left.rpartition("_")[0]]
        for place in np.ndindex(difference.shape):
            found["T_" + names.format(*("xyz"[k] for k in place))] = difference[place]
    return found


def residuals(components):
    point = {symbol: sp.Rational(x.numerator, x.denominator) for symbol, x in random_values(components).items()}
    return {state.name: Fraction(str(expression.xreplace(point)))
            for state, expression in zip(components.states, components.residual, strict=True)}


@pytest.mark.parametrize("name", DIMERS)
def test_two_spins_contract_to_the_components(name):
    components = DIMERS[name]()
    assert differences(components, vector_form(components).text()) == residuals(components)


@pytest.mark.parametrize(("old", "new"), [("- (1/2) κ", "+ (1/2) κ"), ("ε_jkl T_ik B_l", "ε_jkl T_ki B_l"),
                                          ("(2/ħ)", "(3/ħ)"), ("K = (J, D, 0)", "K = (J, -D, 0)")])
def test_the_contraction_sees_a_wrong_print(old, new):
    components = DIMERS["q-llg"]()
    text = vector_form(components).text()
    assert old in text
    assert differences(components, text.replace(old, new)) != residuals(components)


# ---- broken twins of the linear combinations

def test_a_reversed_candidate_changes_the_sign_of_its_coefficient(monkeypatch):
    cross = module.cross
    monkeypatch.setattr(module, "cross", lambda ring, a, b: replace(
        cross(ring, a, b), values=tuple(-x for x in cross(ring, a, b).values)))
    assert "η' = -γ_g η × B + (κ ħ/(2 s + 1)) η × η'" in vector_form(eta(q.QuantumLLG(kappa))).text()


def test_a_candidate_with_one_wrong_sign_fits_nothing(monkeypatch):
    cross = module.cross

    def broken(ring, a, b):
        right = cross(ring, a, b)
        return Candidate(right.factors, right.tensors, (right.values[0], right.values[1], -right.values[2]))

    monkeypatch.setattr(module, "cross", broken)
    assert vector_form(eta(q.QuantumLLG(kappa))) is None


@pytest.mark.parametrize("components", [lambda: eta(q.QuantumLLG(kappa)), lambda: dimer(q.QuantumLLG(kappa)),
                                        lambda: moments(q.ClassicalLLG(kappa))])
def test_one_wrong_component_has_no_vector_form(components):
    right = components()
    assert vector_form(right) is not None
    for place in (0, len(right.states) - 1):
        wrong = list(right.polynomials)
        wrong[place] = wrong[place] + wrong[place].ring.gens[0]
        broken = replace(right)
        vars(broken)["polynomials"] = tuple(wrong)
        assert vector_form(broken) is None


def test_what_has_no_form_gets_none():
    assert vector_form(q.VonNeumann().derive(q.Model(q.Space.half(3))).pauli()) is None
    assert vector_form(q.VonNeumann().derive(q.Model(q.Space("1"))).coefficients()) is None
    assert vector_form(dimer(q.QuantumLL(kappa))) is None


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_all_notations_are_sound(law):
    form = vector_form(eta(law))
    table = ElementTree.fromstring(form.mathml())
    assert len(table[0]) == len(form.latex().splitlines()) - 2 == len(form.text().splitlines()) == 2
    assert "𝛈" in form.mathml()


def test_text_keeps_the_width():
    form = vector_form(DIMERS["bilinear, two fields"]())
    assert max(map(len, form.text(60).splitlines())) <= 60
    assert form.text(60).replace("\n      ", " ").split() == form.text(100).replace("\n      ", " ").split()
