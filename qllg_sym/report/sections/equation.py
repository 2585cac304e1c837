"""The law and the Hamiltonian, in operators: printed from the law and the model that all else is derived from."""

import re
from importlib import import_module

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.equations.operator_form import operator_form
from qllg_sym.model.model import Model
from qllg_sym.model.term import Term, letters_of, sites_of
from qllg_sym.report.formula import display, in_pieces
from qllg_sym.report.html import Markup, join, paragraphs
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 20, "equation", "The equation"


def body(reproduction: Reproduction) -> Markup:
    """State PRL 3 and PRL 10."""
    del reproduction
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    model: Model = dimer.model()
    return join([
        paragraphs("The law of motion is implicit: the velocity stands on both sides (eq. 3 of the paper)."),
        display(law(QuantumLLG(dimer.kappa), model)),
        paragraphs(prose("It keeps every eigenvalue of ρ, hence trace, purity and entropy, and for κ > 0 and a "
                         "constant Hamiltonian it lowers the energy. The dimer, two spins 1 and 2, has the Hamiltonian "
                         "(eq. 10)")),
        in_pieces(hamiltonian(model)),
        paragraphs(prose(f"Here {meanings(model)}; J > 0 is antiferromagnetic, the bond is counted once, and "
                         "ħ = γ_g = 1 in everything that follows unless they are printed."))])


def law(of: QuantumLLG, model: Model) -> str:
    """Return PRL 3 as MathML, from the residual; ħ is printed."""
    form = operator_form(of.derive(Model(model.space, model.terms, hbar=sp.Symbol("hbar", positive=True))))
    assert form is not None                 # q-LLG is made of commutators with ρ
    return form.mathml()


def hamiltonian(model: Model) -> str:
    r"""Return H as LaTeX: the formula of each term, its sites numbered from 1 as in the paper.

    >>> from qllg_sym import Exchange, Space
    >>> hamiltonian(Model(Space("1/2", "1/2"), [Exchange(2, 0, 1)]))
    'H = \\frac{4J}{\\hbar^2}\\, \\mathbf S_1 \\cdot \\mathbf S_2'
    """
    found = [_formula(term) for term in model.terms]
    return "H = " + found[0] + "".join(part if part[0] == "-" else f" + {part}" for part in found[1:])


def _formula(term: Term) -> str:
    """A term's own formula with the numbers of its sites."""
    numbers = {name: str(getattr(term, name) + 1) for name in sites_of(type(term))}
    return re.sub(r"_([a-z])\b", lambda m: f"_{numbers.get(m[1], m[1])}", term.latex)


def meanings(model: Model) -> str:
    """Return what the letters of the formula stand for, those that stand for themselves left out.

    >>> from qllg_sym import Space, Zeeman
    >>> meanings(Model(Space("1/2"), [Zeeman((0, 0, 1))]))
    'B = (0, 0, 1) and g = 1'
    """
    found = [f"{name} = {written(value)}" for term in model.terms for name, value in letters_of(term)
             if str(value) != name]
    return " and ".join([", ".join(found[:-1]), *found[-1:]] if len(found) > 1 else found)
