"""The proof chapter, the errata table, the MathML of statements, and the LaTeX export."""

import re
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from qllg_sym.proof.theorem import Theorem
from qllg_sym.report import book, derivation, latex
from qllg_sym.report.sections import errata, proofs
from qllg_sym.report.tex import mathml, unknown

MODULES = list(book.theorem_files())
STATEMENTS = {t.id: t.statement for module in MODULES for t in module.THEOREMS}
SPACE = "{http://www.w3.org/1998/Math/MathML}"


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_is_mathml_of_known_signs(name):
    latex_text = STATEMENTS[name]
    assert unknown(latex_text) == []
    tree = ElementTree.fromstring(mathml(latex_text))
    assert "\\" not in "".join(tree.itertext())
    fractions = len(re.findall(r"\\[td]?frac", latex_text))
    assert len(tree.findall(f".//{SPACE}mfrac")) == fractions
    assert all(len(x) == 2 for tag in ("mfrac", "msub", "msup", "mover") for x in tree.iter(SPACE + tag))
    assert all(len(x) == 3 for x in tree.iter(SPACE + "msubsup"))


def test_every_step_is_mathml_of_known_signs():
    """The same expression as text of the claim and as a formula has the same number of commutators and of traces."""
    for module in MODULES:
        for theorem in module.THEOREMS:
            formulas = dict(derivation.proof_lines(theorem))
            assert all(unknown(text) == [] for text in formulas.values())
            for lemma in theorem.ingredients.lemmas:
                assert f"({lemma.kind})" in "".join(ElementTree.fromstring(mathml(formulas[f"lemma {lemma.name}"]))
                                                    .itertext()).replace("\xa0", " ")
            for step in theorem.ingredients.identities:
                ElementTree.fromstring(mathml(formulas[f"step {step.name}"]))
                if step.kind == "equal":
                    text = formulas[f"step {step.name}"]
                    assert [text.count(sign) for sign in ("[", r"\mathrm{tr}(", r"\begin{pmatrix}")] == [
                        step.claim.count(sign) for sign in ("[", "tr(", "matrix(")]


def test_a_changed_step_is_another_formula():
    theorem, twin = MODULES[0].THEOREMS[0], MODULES[0].THEOREMS[0].twin("a factor", steps=[
        replace(MODULES[0].THEOREMS[0].steps[0], lhs=2 * MODULES[0].THEOREMS[0].steps[0].lhs)])
    assert dict(derivation.proof_lines(theorem)) != dict(derivation.proof_lines(twin))
    shown = dict(derivation.proof_lines(theorem))
    assert shown["hypothesis R, at one instant"] == r"X - i\,[\rho, H] - i\,\kappa\,[\rho, X] = 0"
    assert shown["since"] == r"\frac{d}{dt}(\mathrm{tr}(\rho^{2})) = 2\,\mathrm{tr}(\rho\,R)"


def test_scripts_bind_to_what_stands_before_them():
    tree = ElementTree.fromstring(mathml(r"T_{kl}^2 \frac{1}{n+1} \begin{pmatrix} a & b\\ c & d \end{pmatrix} x"))
    base, below, above = tree.find(f".//{SPACE}msubsup")
    assert ["".join(x.itertext()) for x in (base, below, above)] == ["T", "kl", "2"]
    assert ["".join(x.itertext()) for x in tree.find(f".//{SPACE}mfrac")] == ["1", "n+1"]
    assert [["".join(c.itertext()) for c in row] for row in tree.iter(SPACE + "mtr")] == [["a", "b"], ["c", "d"]]
    assert "".join(tree.itertext()).endswith("x")


def test_letters_are_those_that_are_written():
    """A fraction takes one digit each, bold and upright end with their braces, bars stand near what they enclose."""
    formula = mathml(r"\tfrac13 < |\dot{\boldsymbol\eta}| + \dot{\mathbf m}\,\mathbf{B}^\mathrm{t}")
    tree, accents = ElementTree.fromstring(formula), [["𝛈", "˙"], ["𝐦", "˙"]]
    assert [x.text for x in tree.find(f".//{SPACE}mfrac")] == ["1", "3"]
    assert [["".join(x.itertext()) for x in accent] for accent in tree.iter(f"{SPACE}mover")] == accents
    assert ["".join(x.itertext()) for x in tree.find(f".//{SPACE}msup")] == ["𝐁", "t"]
    assert tree.find(f".//{SPACE}mtext").text == "t"
    assert [x.get("rspace") for x in tree.iter(f"{SPACE}mo") if x.text == "|"] == ["0", "0"]
    assert "Figs.\xa01–3" in mathml(r"\text{Figs. 1--3}")


def test_a_theorem_that_is_false_is_shown_as_not_proved(monkeypatch):
    module = MODULES[0]
    right, wrong = module.THEOREMS[0], module.BROKEN[0]
    monkeypatch.setattr(module, "THEOREMS", [wrong])
    monkeypatch.setattr(module, "BROKEN", [right])              # and a twin that is true is not refuted
    found = book.chapter(module)
    assert "is false" in found.proofs[0].failure
    assert found.proofs[0].twins[0].counterexample == ""
    page = proofs.body(SimpleNamespace(chapters=(found,), figures=()))
    assert "NOT PROVED: purity" in page
    assert "NOT REFUTED" in page


def test_the_chapter_shows_claim_scope_counterexample_and_source():
    page = proofs.body(SimpleNamespace(chapters=(book.chapter(MODULES[0]),), figures=()))
    assert "NOT PROVED" not in page
    assert "NOT REFUTED" not in page
    assert all(part in page for part in ("every dimension", "D(tr(rho^2)) = 0", "without the law", "at rho = [[",
                                         'href="derivations/thm_01_purity.py"'))


def test_errata_come_from_the_theorem_files():
    rows = errata.rows()
    assert all(len(row) == 4 and all(row) for row in rows)
    listed = [row[:3] for module in MODULES for row in getattr(module, "ERRATA", [])]
    assert [row[:3] for row in rows[len(errata.FIGURES):]] == listed
    assert sum("uncoupled" in row[0] for row in rows) >= 1


def test_latex_balances_and_holds_every_claim():
    theorems = [t for module in MODULES for t in module.THEOREMS]
    text = latex.document(theorems)
    assert text.isascii()
    assert text.count(r"\begin{gather*}") == text.count(r"\end{gather*}") == len(theorems)
    unwrapped = re.sub(r"\s+", "", text)
    assert all(re.sub(r"\s+", "", t.claim) in unwrapped for t in theorems if t.claim.isascii())
    assert all(len(line) <= 100 for block in re.findall(r"\\begin{verbatim}(.*?)\\end{verbatim}", text, re.S)
               for line in block.split("\n") if " " in line.strip())


def test_latex_escapes_a_hostile_source():
    bad = Theorem("a", r"x", r"\input{/etc/passwd} 50% & #1_2", "numeric", numeric=lambda: (0, 0, 0), formal="b")
    text = latex.document([bad])
    assert r"\input" not in text
    assert r"50\% \& \#1\_2" in text
