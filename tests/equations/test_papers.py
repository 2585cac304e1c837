"""Equations fit into a column of a paper, by a real LaTeX: no box is wider than 246 pt, nothing is an error."""

import re
from fractions import Fraction

import pytest
import sympy as sp

import qllg_sym as q
from equations.papers import complaints, needs_latex, widths
from equations.printed_equations import from_latex
from equations.test_printing import CASES as PRINTED
from equations.test_printing import tex, tex_dot
from qllg_sym.equations.tex_widths import width_of
from qllg_sym.errors import DerivationError, InputError

J, D, kappa, omega = sp.symbols("J D kappa omega", real=True)
B = sp.symbols("Bx By Bz", real=True)
A = sp.symbols("Axx Ayy Azz Axy Axz Ayz", real=True)
LONG = sum(sp.Symbol(f"coupling_{k}", real=True)**2 for k in range(20))


def tensor(name):
    return sp.Matrix(3, 3, lambda i, j: sp.Symbol(f"{name}_{'xyz'[i]}{'xyz'[j]}", real=True))


def general():
    """Two spins with every field, coupling and, on the spin above ½, an anisotropy."""
    matrix = sp.Matrix([[A[0], A[3], A[4]], [A[3], A[1], A[5]], [A[4], A[5], A[2]]])
    return q.Model(q.Space("1", "1/2"), [
        q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1), q.Anisotropy(matrix, 0),
        q.Bilinear(tensor("M"), 0, 1)])


def two_halves():
    fields = [q.Zeeman([sp.Symbol(f"B_{i}{k}", real=True) for k in "xyz"], sites=[i]) for i in (0, 1)]
    return q.Model(q.Space.half(2), [*fields, q.Bilinear(tensor("coupling"), 0, 1)])


def driven():
    drive = B[0] * sp.cos(omega * q.t) * sp.exp(-q.t**2) + sp.Piecewise((J, q.t > D), (0, True)) + sp.sqrt(2) / 3 * J
    return q.Model(q.Space.half(2), [q.Zeeman((drive, 0, B[2] / (1 + J**2))), q.Exchange(-0.123456789, 0, 1)])


def three(law):
    terms = [q.Zeeman(B), *q.chain(3, q.Exchange, J), q.DMI((0, 0, D), 0, 1)]
    return law.derive(q.Model(q.Space.half(3), terms))


EQUATIONS = {
    **PRINTED,
    "general": lambda: q.QuantumLLG(kappa).derive(general()).coefficients(),
    "two fields": lambda: q.QuantumLLG(kappa).derive(two_halves()).pauli(),
    "driven": lambda: q.QuantumLLG(kappa).derive(driven()).pauli(),
    "long coefficients": lambda: q.QuantumLLG(1 / LONG).derive(
        q.Model(q.Space("1/2"), [q.Zeeman((J * LONG / (1 + LONG), 0, 0))])).pauli(),
    "three spins": lambda: three(q.QuantumLLG(kappa)).pauli(),
    "three moments": lambda: three(q.ClassicalLL(kappa)).moments(),
}
EXPLICIT = {
    "dimer": lambda: PRINTED["dimer"](),
    "spin s": lambda: PRINTED["eta"](),
    "two fields": lambda: q.QuantumLLG(kappa).derive(two_halves()).pauli(),
}
VECTORS = ["dimer", "decimals", "dephasing", "eta", "eta q-ll", "llg", "ll, mass not one", "two fields"]


@pytest.mark.parametrize("width", [0, -246, float("inf"), float("nan"), True, "246", 40])
def test_a_width_is_points_that_hold_a_factor(width):
    with pytest.raises(InputError, match="`width` must"):
        PRINTED["eta"]().latex(width=width)


def test_unknown_environments_and_forms_are_refused():
    with pytest.raises(InputError, match=r"`environment` must be one of aligned, align, align\*, but is 'eqnarray'"):
        PRINTED["eta"]().latex(environment="eqnarray")
    with pytest.raises(InputError, match="`form` must be implicit or two-level, but is 'any'"):
        PRINTED["eta"]().latex(form="any")
    with pytest.raises(DerivationError, match="classical"):
        PRINTED["llg"]().latex(form="two-level")


def test_no_vector_form_is_told_in_a_sentence():
    with pytest.raises(DerivationError, match=r"8 coefficients equations .* use `latex\(\)`"):
        PRINTED["spin 1"]().vector_form()
    with pytest.raises(DerivationError, match=r"63 pauli equations"):
        three(q.QuantumLLG(kappa)).pauli().vector_form()


def test_explicit_equations_are_those_of_two_level():
    components = PRINTED["eta"]()
    rows = components.latex(form="two-level").replace("\\\\\n&\\quad", "").splitlines()[1:-1]
    numbers = {x: sp.Rational(k + 2, k + 5) for k, x in enumerate((*components.states, *components.parameters, q.gap))}
    names = {tex(x.name): Fraction(str(v)) for x, v in numbers.items()} | {r"\Delta": Fraction(str(numbers[q.gap]))}
    body = "\\\\\n".join(row.removesuffix(r" \\") for row in rows)
    for (_, right), expression in zip(from_latex(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}", {
            **names, **{tex_dot(x.name): 0 for x in components.states}}), components.two_level(), strict=True):
        assert right == Fraction(str(expression.xreplace(numbers)))


def test_a_matrix_that_is_too_wide_is_written_entry_by_entry():
    form = EQUATIONS["two fields"]().vector_form()
    assert r"\begin{pmatrix}" in form.latex(width=246)
    narrow = form.latex(width=190)
    assert r"K_{xy} &= \tfrac{1}{4} \mathrm{coupling}_{xy}" in narrow
    assert r"T &= \begin{pmatrix}" in narrow


def test_equations_break_between_pages_and_are_numbered_on_request():
    plain, free, numbered = (PRINTED["dimer"]().latex(246, name) for name in ("aligned", "align*", "align"))
    assert free == plain.replace("{aligned}", "{align*}").join(("{\\allowdisplaybreaks\n", "}"))
    assert numbered.count(r"\notag") == plain.count(r"&\quad")
    assert numbered.replace(r" \notag", "") == free.replace("align*", "align")


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUATIONS)
@pytest.mark.parametrize("environment", ["aligned", "align*"])
def test_equations_fit_into_a_column(name, environment, tmp_path):
    text = EQUATIONS[name]().latex(width=246, environment=environment)
    assert complaints(tmp_path, text) == []


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLICIT)
def test_explicit_equations_fit(name, tmp_path):
    text = EXPLICIT[name]().latex(width=246, environment="align", form="two-level")
    assert complaints(tmp_path, text) == []


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("name", VECTORS)
def test_vector_forms_fit(name, tmp_path):
    form = EQUATIONS[name]().vector_form()
    assert complaints(tmp_path, form.latex(width=246), form.latex(width=246, environment="align*")) == []


@needs_latex
@pytest.mark.slow
def test_what_is_not_broken_is_told(tmp_path):
    assert "Overfull" in " ".join(complaints(tmp_path, EQUATIONS["dimer"]().latex()))
    (tmp_path / "wide").mkdir()
    assert "Overfull" in " ".join(complaints(tmp_path / "wide", EQUATIONS["dimer"]().latex(width=300)))


@needs_latex
@pytest.mark.slow
def test_no_formula_is_wider_than_told(tmp_path):
    lines = [part for name in ("general", "driven", "long coefficients", "decimals", "ll, mass not one", "eta")
             for row in EQUATIONS[name]().latex().splitlines()[1:-1]
             for part in re.split(r"&=|&\\quad", row.removesuffix(r"\\").strip()) if part.strip() and "&" not in part]
    lines += [r"\boldsymbol{\eta} \times \mathbf{B}", r"\mathrm{rate} \hbar", r"\sqrt[3]{x} \Omega_{\mathrm{eff}}",
              r"\begin{pmatrix} J & D & 0 \\ -D & J & 0 \\ 0 & 0 & \frac{J}{2} \end{pmatrix}"]
    lines += [rf"{letter}" for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    real = widths(tmp_path, lines)
    assert len(real) == len(lines)
    for text, width in zip(lines, real, strict=True):
        assert width - 0.01 <= width_of(text) <= 1.35 * width + 25, text
