"""Printed equations are read back by another program and compared with the residual, exactly, at random rationals."""

import os
import random
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy as sp

import qllg_sym as q
from equations.printed_equations import from_latex, from_mathml, from_text
from qllg_sym.equations import printing
from qllg_sym.equations.vector_form import vector_form
from qllg_sym.errors import InputError

ROOT = Path(__file__).parents[2]
J, D, kappa = sp.symbols("J D kappa", real=True)
hbar, gamma, s = sp.symbols("hbar gamma_g s", positive=True)
B = sp.symbols("Bx By Bz", real=True)
GREEK = {"kappa": "κ", "hbar": "ħ", "gamma_g": "γ_g"}
TEX = {"kappa": r"\kappa", "hbar": r"\hbar", "gamma_g": r"\gamma_{g}", "Bx": "B_{x}", "By": "B_{y}", "Bz": "B_{z}"}


def dimer(law):
    terms = [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]
    return law.derive(q.Model(q.Space.half(2), terms, hbar=hbar, gamma=gamma))


def one(law):
    return law.derive(q.Model(q.Space(s), [q.Zeeman(B)], hbar=hbar, gamma=gamma))


def classical(law):
    terms = [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]
    return law.derive(q.Model(q.Space("1/2", "1"), terms))


CASES = {
    "dimer": lambda: dimer(q.QuantumLLG(kappa)).pauli(),
    "dimer q-ll": lambda: dimer(q.QuantumLL(kappa)).pauli(),
    "numbers": lambda: q.QuantumLLG(0.3).derive(
        q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1)), q.Exchange(-1, 0, 1)])).pauli(),
    "decimals": lambda: q.QuantumLLG(0.3).derive(q.Model(
        q.Space.half(2), [q.Zeeman((0.35, 0, B[2]), g=2.0023193043622), q.Exchange(J / 3, 0, 1)], hbar=hbar)).pauli(),
    "dephasing": lambda: dimer(q.Dephasing(kappa)).pauli(),
    "eta": lambda: one(q.QuantumLLG(kappa)).eta(),
    "eta q-ll": lambda: one(q.QuantumLL(kappa)).eta(),
    "spin 1": lambda: q.QuantumLLG(kappa).derive(q.Model(q.Space("1"), [q.Zeeman(B)])).coefficients(),
    "llg": lambda: classical(q.ClassicalLLG(kappa)).moments(),
    "ll, mass not one": lambda: classical(q.ClassicalLL(kappa, field="mean")).moments(),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return CASES[request.param]()


def tex_name(symbol):
    """The LaTeX that a physicist writes for a state or a parameter."""
    if symbol in TEX:
        return TEX[symbol]
    match = re.fullmatch(r"(T|c|eta|m)(\d*)_(\w+)", symbol)
    if match is None:
        return symbol
    base = {"eta": r"\eta"}.get(match[1], match[1])
    below = re.sub(r"(\d)m(\d)", r"\1\\bar{\2}", re.sub(r"(\d)p(\d)", r"\1\2", match[3]))
    return base, f"_{{{match[2] + ',' if match[2] else ''}{below}}}"


def spellings(components, numbers, dot, plain):
    """{printed name: number} of states, velocities and parameters, as `dot` and `plain` write them."""
    names = {plain(symbol.name): numbers[symbol] for symbol in (*components.states, *components.parameters)}
    return names | {dot(state.name): numbers[velocity]
                    for state, velocity in zip(components.states, components.velocities, strict=True)}


def tex(name):
    found = tex_name(name)
    return found if isinstance(found, str) else "".join(found)


def tex_dot(name):
    base, below = tex_name(name)
    return rf"\dot{{{base}}}{below}"


def text(name):
    return GREEK.get(name, name.replace("eta_", "η_"))


def text_dot(name):
    return text(name).replace("_", "'_", 1)


def mathml(name):
    stevens = re.sub(r"(\d)m(\d)", "\\1\\2̄", re.sub(r"(\d)p(\d)", r"\1\2", text(name)))
    return re.sub(r"^B([xyz])$", r"B_\1", re.sub(r"^m(\d)_", r"m_\1,", stevens))


def mathml_dot(name):
    return mathml(name).replace("_", "'_", 1)


READERS = {
    "latex 246": (lambda components: printing.latex(components, 246), from_latex, tex_dot, tex),
    "latex": (printing.latex, from_latex, tex_dot, tex),
    "text": (printing.text, from_text, text_dot, text),
    "mathml": (printing.mathml, from_mathml, mathml_dot, mathml),
}


def random_values(components, seed=7):
    source = random.Random(seed)
    symbols = (*components.states, *components.velocities, *components.parameters)
    return {symbol: Fraction(source.randint(1, 99), source.randint(1, 9)) for symbol in symbols}


def residuals(components, numbers):
    point = {symbol: sp.Rational(x.numerator, x.denominator) for symbol, x in numbers.items()}
    return [Fraction(str(expression.xreplace(point))) for expression in components.residual]


@pytest.mark.parametrize("notation", READERS)
def test_what_is_printed_is_the_residual(case, notation):
    write, read, dot, plain = READERS[notation]
    numbers = random_values(case)
    rows = read(write(case), spellings(case, numbers, dot, plain))
    assert [left - right for left, right in rows] == residuals(case, numbers)


@pytest.mark.parametrize(("notation", "old", "new"), [
    ("latex", " + ", " - "), ("latex", r"\tfrac{1}{2}", r"\tfrac{1}{4}"), ("text", "T_0y T'_0z", "T_0z T'_0y"),
    ("mathml", "<mn>2</mn>", "<mn>3</mn>")])
def test_the_readers_see_a_wrong_equation(notation, old, new):
    components = CASES["dimer"]()
    write, read, dot, plain = READERS[notation]
    numbers = random_values(components)
    document = write(components)
    assert old in document
    rows = read(document.replace(old, new, 1), spellings(components, numbers, dot, plain))
    assert [left - right for left, right in rows] != residuals(components, numbers)


def test_decimals_stay_decimals_and_fractions_fractions():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 1e-21, 2e25), g=2.0023193043622), q.Zeeman((J / 3, 0, 0))], hbar=hbar)
    components = q.QuantumLLG(0.3 * kappa).derive(model).pauli()
    assert "g = 2.0023193043622;" in model.describe()
    assert "B = (J/3, 0, 0)" in model.describe()
    assert "(0, 1e-21, 2e25)" in model.describe()
    text, latex, xml = printing.text(components), printing.latex(components), printing.mathml(components)
    assert "T'_x = -2.0023193043622e-21 T_z + 4.0046386087244e25 T_y - 0.3 κ (" in text
    assert r"= -2.0023193043622 \cdot 10^{-21} T_{z} + 4.0046386087244 \cdot 10^{25} T_{y} - 0.3 \kappa (" in latex
    assert "<mn>2.0023193043622</mn><mo>·</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>21</mn></mrow></msup>" in xml
    assert r"\dot{T}_{y} &= \tfrac{1}{3} J T_{z}" in latex
    assert "T'_y = (1/3) J T_z" in text


def test_decimals_within_functions_and_powers():
    field = sp.cos(sp.Rational("0.7") * q.t) * sp.exp(-sp.Rational("1.5e-7") * q.t) / 3
    components = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, field))])).pauli()
    assert r"\cos{\left(0.7 t \right)}" in printing.latex(components)
    assert "exp(-1.5e-7*t)" in printing.text(components)
    assert "<mn>0.7</mn>" in printing.mathml(components)
    assert r"1.5 \cdot 10^{-7} t" in printing.latex(components)


def test_fractions_of_an_exact_law_stay_fractions():
    components = q.QuantumLLG(kappa).derive(q.Model(q.Space("3/2"), [q.Zeeman((0, 0, J))])).coefficients()
    assert r"\tfrac{1}{10} \kappa" in printing.latex(components)
    assert "(1/10) κ" in printing.text(components)


def test_one_spin_reads_like_the_paper():
    lines = printing.latex(one(q.QuantumLLG(kappa)).eta()).splitlines()
    assert lines[1] == (r"\dot{\eta}_{x} &= -\gamma_{g} B_{y} \eta_{z} + \gamma_{g} B_{z} \eta_{y} "
                        r"- \frac{\kappa \hbar}{2 s + 1} (\eta_{y} \dot{\eta}_{z} - \eta_{z} \dot{\eta}_{y}) \\")


def test_every_state_has_its_row_in_order(case):
    rows = [row for row in printing.latex(case).splitlines() if "&=" in row]
    assert len(rows) == len(case.states)
    for state, row in zip(case.states, rows, strict=True):
        assert tex_dot(state.name) in row.split("&=")[0]


@pytest.mark.parametrize("width", [40, 72, 100])
def test_text_keeps_the_width(case, width):
    document = printing.text(case, width)
    assert max(map(len, document.splitlines())) <= width
    numbers = random_values(case)
    rows = from_text(document, spellings(case, numbers, text_dot, text))
    assert [left - right for left, right in rows] == residuals(case, numbers)


def test_latex_lines_are_short(case):
    for row in printing.latex(case).splitlines():
        assert len(re.findall(r"[-+]", re.sub(r"\{[^{}]*\}", "", row))) <= printing.TERMS


@pytest.mark.parametrize("width", [39, 80.0, True, "80"])
def test_a_senseless_width_is_refused(width):
    with pytest.raises(InputError, match="`width` must be an integer of at least 40, but is"):
        printing.text(CASES["eta"](), width)


@pytest.mark.slow
def test_the_text_does_not_depend_on_the_process():
    """Here and where sets and dictionaries of names have another order."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PYTHONUTF8": "1"}
    code = "import sys; sys.path.insert(0, 'tests'); from equations import test_printing as t; print(t.everything())"
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8",
                               cwd=ROOT, env=environment).stdout
    assert elsewhere == everything() + "\n"
    assert len(elsewhere) > 10_000


def everything():
    """Every case in every form."""
    def printed(c):
        form = vector_form(c)
        return f"{printing.latex(c)} {printing.text(c)} {printing.mathml(c)} {form and form.latex()}"
    return "\n".join(printed(make()) for make in CASES.values())


HOSTILE = [r"\input{/etc/passwd}", "a$b", "100%", "a & b", "#1", "x~y", "x^2", "{", "}", "\\", "_", "a_{b", "<script>",
           "]]>", "&amp;", "\x1b[2J", "new\nline", "\x00", "'\"", "Ω!", r"\\", r"\end{aligned}", r"a\_b", "|a|", " "]


def named(name):
    x = sp.Symbol(name, real=True)
    f = sp.Function(name.replace("\x00", "f"), real=True)(q.t)        # SymPy itself refuses NUL in function names
    return q.QuantumLLG(x).derive(q.Model(q.Space("1/2"), [q.Zeeman((x, 1 / x**2, f))])).pauli()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_harmless(name):
    components = named(name)
    latex = printing.latex(components)
    # What is left once commands of ours and escaped characters are gone must hold nothing that TeX obeys.
    known = (r"\\(?:begin\{aligned\}|end\{aligned\}|dot|mathrm|frac|tfrac|left|right|quad|backslash|sim|wedge|\\\n"
             r"|[{}$%&#_ ])")
    rest = re.sub(known, "", latex)
    assert not re.search(r"[\\$%#~]", rest)
    assert rest.count("&") == latex.count("&=") + latex.count(r"&\quad")
    depth = 0
    for mark in re.findall(r"[{}]", re.sub(r"\\[{}]", "", latex)):
        depth += 1 if mark == "{" else -1
        assert depth >= 0
    assert depth == 0
    table = ElementTree.fromstring(printing.mathml(components))
    assert {node.tag.split("}")[-1] for node in table.iter()} <= {
        "math", "mtable", "mtr", "mtd", "mrow", "mi", "mn", "mo", "msub", "msup", "msubsup", "mover", "mfrac", "mspace",
        "mstyle", "mfenced"}
    assert "".join(printing.text(components).split("\n")).isprintable()


@pytest.mark.parametrize(("name", "latex"), [
    ("kappa", r"\kappa"), (r"\kappa", r"\kappa"), ("κ", r"\kappa"), ("hbar", r"\hbar"), ("Bx", "B_{x}"),
    ("B_x", "B_{x}"), ("M_{xy}", "M_{xy}"), ("J0", "J_{0}"), ("B1x", "B_{1,x}"), ("rate", r"\mathrm{rate}"),
    ("B_ext", r"B_{\mathrm{ext}}"), ("K_alpha", r"K_{\alpha}"), ("local", r"\mathrm{local}"),
    ("x^2", r"\mathrm{x{\wedge}2}"), ("J_α", r"J_{\alpha}"), ("B_α2", r"B_{\alpha 2}"), ("J_Δ", r"J_{\Delta}"),
    ("ϕ", r"\phi"), ("φ", r"\varphi"), ("ε_1", r"\varepsilon_{1}"), ("Jα", r"J_{\alpha}"), ("ΔE", r"\Delta E"),
    ("J_{ij}^{xx}", "J_{ij}^{xx}"), ("J_ij^xx", "J_{ij}^{xx}"), ("J^{xx}_{ij}", "J_{ij}^{xx}"),
    ("J__xx_ij", "J_{ij}^{xx}"), ("D^{α}_{1,2}", r"D_{1,2}^{\alpha}"), ("J_alpha_beta", r"J_{\alpha,\beta}"),
    (r"J_{\alpha\beta}", r"J_{\alpha \beta}"), (r"\kappa_{\mathrm{eff}}", r"\kappa_{\mathrm{eff}}"),
    ("J_perp", r"J_{\perp}"), ("J_∥", r"J_{\parallel}"), ("J_1'", r"J_{1}^{\prime}"), ("J₁₂", "J_{12}"),
    ("Bx1", "B_{x,1}"), ("vartheta", r"\vartheta"), (r"J_{\input}", r"\mathrm{J\_\{{\backslash}input\}}")])
def test_names_are_typeset(name, latex):
    symbol = sp.Symbol(name, real=True)
    first = printing.latex(q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, symbol))])).pauli())
    assert rf"\dot{{T}}_{{x}} &= {latex} T_{{y}} \\" in first


@pytest.mark.parametrize(("name", "text", "mathml"), [
    ("J_α2", "J_α2", "<msub><mi>J</mi><mrow><mi>α</mi><mn>2</mn></mrow></msub>"),
    ("J_alpha", "J_α", "<msub><mi>J</mi><mrow><mi>α</mi></mrow></msub>"), (r"\kappa", "κ", "<mi>κ</mi>"),
    ("ϕ", "ϕ", "<mi>ϕ</mi>"), ("φ", "φ", "<mi>φ</mi>"),
    ("J_{ij}^{xx}", "J_{ij}^{xx}",
     "<msubsup><mi>J</mi><mrow><mi>i</mi><mi>j</mi></mrow><mrow><mi>x</mi><mi>x</mi></mrow></msubsup>")])
def test_the_same_names_in_text_and_in_mathml(name, text, mathml):
    field = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.Symbol(name, real=True)))])
    components = q.VonNeumann().derive(field).pauli()
    assert f"T'_x = {text} T_y" in printing.text(components)
    assert mathml in printing.mathml(components)


def test_functions_are_named_like_symbols():
    omega, coupling = (sp.Function(name, real=True)(q.t) for name in ("Ω_α", "B_{ij}^{xx}"))
    components = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, omega, coupling**2))])).pauli()
    assert r"\dot{T}_{z} &= \Omega_{\alpha}{\left(t \right)} T_{x}" in printing.latex(components)
    assert r"\left(B_{ij}^{xx}\right)^{2}{\left(t \right)} T_{y}" in printing.latex(components)
    assert "T'_z = Ω_α(t) T_x" in printing.text(components)
    assert "<msub><mi>&#937;</mi><mrow><mi>&#945;</mi></mrow></msub>" in printing.mathml(components)
    assert from_names(printing.mathml(components), "msubsup") == {"Bijxx"}


def from_names(document, tag):
    """The letters of all elements of a kind."""
    return {"".join(node.itertext()) for node in ElementTree.fromstring(document).iter() if node.tag.endswith(tag)}


def test_a_name_with_indices_above_is_raised_to_a_power_in_parentheses():
    strength = sp.Symbol("J^{xx}", real=True)
    components = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, strength**2))])).pauli()
    assert r"\dot{T}_{x} &= (J^{xx})^{2} T_{y}" in printing.latex(components)
    assert "T'_x = (J^{xx})² T_y" in printing.text(components)


def test_opaque_factors():
    field = (sp.sqrt(3) * sp.sin(2 * q.t)**2, sp.exp(-q.t) / J**2, 2 * sp.pi / J)
    components = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman(field)])).pauli()
    row = printing.latex(components).splitlines()[2]
    assert row == r"\dot{T}_{y} &= \sqrt{3} \sin^{2}{\left(2 t \right)} T_{z} - \frac{2 \pi}{J} T_{x} \\"
    assert "<msup><mi>sin</mi><mn>2</mn></msup>" in printing.mathml(components)
    assert "T'_x = (2 π/J) T_y - (exp(-t)/J²) T_z" in printing.text(components)


def test_no_entity_is_left_in_mathml():
    field = (J * sp.sin(D * q.t), sp.sqrt(hbar) * D, sp.Function("f", real=True)(q.t))
    document = printing.mathml(q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman(field)])).pauli())
    assert not set(re.findall(r"&(\w+);", document)) - {"lt", "gt", "amp", "quot", "apos"}
    ElementTree.fromstring(document)


def test_components_print_themselves():
    components = CASES["eta"]()
    assert components.latex() == printing.latex(components)
    assert components._repr_latex_() == f"$$\n{printing.latex(components)}\n$$"
    assert components.text() == printing.text(components)
    assert components.mathml() == printing.mathml(components)


def test_a_notebook_shows_the_first_of_many_equations():
    components = q.QuantumLLG(J).derive(q.Model(q.Space.half(3), q.chain(3, q.Exchange, 1))).pauli()
    whole, shown = components.latex(), components._repr_latex_()
    start = whole[:whole.index(r"\dot{T}_{0xy} &=")].rstrip()
    assert shown.startswith(f"$$\n{start}")
    assert shown.count(r"\dot") < whole.count(r"\dot") / 4
    assert shown.endswith("58 more equations: latex() has all 63}\n\\end{aligned}\n$$")


def test_the_record_holds_strings():
    components = CASES["eta"]()
    record = printing.record(components)
    assert record["states"] == ["eta_x", "eta_y", "eta_z"]
    assert record["velocities"] == ["deta_x", "deta_y", "deta_z"]
    assert (record["law"], record["form"], record["source"]) == ("q-llg", "eta", "PRL 133, 266704 (2024), eq. 3")
    symbols = {x.name: x for x in (*components.states, *components.velocities, *components.parameters)}
    assert [sp.parse_expr(x, symbols) for x in record["residual"]] == list(components.residual)
    assert record["latex"] == printing.latex(components)
    assert "gamma_g" in record["model"]
