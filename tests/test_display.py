"""Rich display: a short `repr`, HTML that is well formed, formulas that are LaTeX; never more than a screen."""

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest
import sympy as sp
from latex2mathml.converter import convert

import qllg_sym as q
from qllg_sym import plugs
from qllg_sym.display import Expressions, few, in_html

J, D, kappa = sp.symbols("J D kappa", real=True)
B = sp.symbols("Bx By Bz", real=True)
MANY = 40           # spins whose Hamiltonian fills more than a screen


@cache
def dimer():
    return q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])


@cache
def equation(law=None):
    return (law or q.QuantumLLG(kappa)).derive(dimer())


@cache
def large():
    return q.Model(q.Space.half(MANY), [*q.chain(MANY, q.Exchange, J), *q.chain(MANY, q.DMI, (0, 0, D))])


@cache
def run(values=None):
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, J))])
    up, times = q.states.product("up"), np.linspace(0, 1, 3)
    if values is None:
        return q.solve(model, q.QuantumLLG(0.5), up, times, values={"J": 1.0})
    return q.solve_many(model, q.QuantumLLG(0.5), up, times, values={"J": np.linspace(0, 1, values)})


SHOWN = {
    "model": dimer, "large model": large,
    "equation": equation, "large equation": lambda: q.QuantumLLG(1).derive(large()),
    "classical equation": lambda: equation(q.ClassicalLL(D)), "components": lambda: equation().pauli(),
    "many components": lambda: q.QuantumLLG(kappa).derive(q.Model(q.Space("1", "1/2"), [
        q.Zeeman(B), q.Exchange(J, 0, 1), q.Anisotropy(sp.diag(J, D, 0), 0)])).coefficients(),
    "vector form": lambda: equation().pauli().vector_form(),
    "explicit": lambda: equation().pauli().two_level(), "series": lambda: equation().pauli().series("kappa", 1)[1],
    "run": run, "runs": lambda: run(50), "theorem": lambda: q.theorems()[0], "theorems": q.theorems,
    "certificate": lambda: q.theorems()[0].prove(), "units": lambda: q.Units("meV", "ps"), "paper": q.Units.paper,
    "kernel": lambda: equation().pauli().kernel(), "law": lambda: q.QuantumLLG(0.5), "ll": lambda: q.ClassicalLL(J),
    "sum of laws": lambda: q.QuantumLLG(0.5) + q.Dephasing(0.1) + q.Lindblad([(0.1, q.Pauli(1, "XI"))]),
    "dephasing": lambda: equation(q.Dephasing(D)),
    **{f"term {module.__name__.rpartition('.')[2]}": (lambda module=module: TERMS[module.__name__.rpartition(".")[2]])
       for module in plugs.modules("qllg_sym.model.terms")},
}
TERMS = {
    "zeeman": q.Zeeman(B), "exchange": q.Exchange(J, 0, 1), "dmi": q.DMI((0, 0, D), 0, 1),
    "anisotropy": q.Anisotropy(sp.diag(J, D, 0), 0), "bilinear": q.Bilinear(J, 0, 1), "pauli": q.Pauli(J, "XZ"),
    "biquadratic": q.Biquadratic(J, 0, 1), "zero_field": q.ZeroField(D, 0), "stevens": q.Stevens({(2, 0): D}, 0),
    "operator": q.Operator(np.diag(np.arange(64))),
}


class Tags(HTMLParser):
    """Opened tags must be closed in their order; what is not a tag is text."""

    def __init__(self):
        super().__init__()
        self.open, self.lines = [], 0

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.lines += data.count("\n") if self.open[-1:] == ["pre"] else 0


def check(shown):
    """One object, in a notebook and at the prompt."""
    text = repr(shown)
    assert len(text.splitlines()) <= 30
    assert len(text) < 4000
    html, latex = (getattr(shown, name, lambda: None)() for name in ("_repr_html_", "_repr_latex_"))
    if html is not None:
        tags = Tags()
        tags.feed(html)
        tags.close()
        assert tags.open == []
        assert tags.lines < 30
        assert len(html) < 12000
    formulas = re.findall(r"\$\$(.*?)\$\$", unescape(html or ""), re.DOTALL) + ([latex.strip("$ \n")] if latex else [])
    for formula in formulas:
        assert formula.count("\n") <= 32
        assert "<merror" not in convert(formula)
    return html, latex


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_short_and_well_formed(name):
    shown = SHOWN[name]()
    html, latex = check(shown)
    assert html or latex or isinstance(shown, Expressions | list)


def test_what_is_cut_says_how_much_and_where_it_is():
    assert "more lines" in large()._repr_html_()
    assert "more equations: latex() has all 35" in SHOWN["many components"]()._repr_latex_()
    assert repr(equation().pauli().two_level()).startswith("<15 expressions, whole by index")
    short = q.QuantumLLG(1).derive(q.Model(q.Space("1/2"))).pauli().two_level()
    assert repr(short) == "(0, 0, 0)"
    assert short == (0, 0, 0)


def test_what_would_be_markup_is_text():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.Symbol("<script>", real=True)))])
    assert "<script" not in model._repr_html_()
    check(model)


class Wide:
    """A display with every fault."""

    def __init__(self, text, html):
        self.text, self.html = text, html

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return self.html


@pytest.mark.parametrize(("text", "html"), [
    ("line\n" * 31, ""), ("x" * 5000, ""), ("", "<div><pre></div></pre>"), ("", "<div>"), ("", "</div>"),
    ("", "<pre>" + "line\n" * 40 + "</pre>"), ("", "x" * 20000),
])
def test_a_broken_display_is_caught(text, html):
    with pytest.raises(AssertionError):
        check(Wide(text, html))


def test_few_lines():
    assert few(["a"] * 30, 29)[-1] == "… 1 more lines"
    assert in_html("a<b") == "<div><pre>a&lt;b</pre></div>"
