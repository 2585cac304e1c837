"""Every model and law that text has words for reads back as itself; what it has none for is refused."""

import tomllib

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym import plugs
from qllg_sym.equations.law import Law
from qllg_sym.model import terms
from qllg_sym.modelfile.read import parse_document
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text
from qllg_sym.modeltext.terms_and_laws import kinds

J, D, B, OMEGA = sp.symbols("J D B omega", real=True)
HALVES, ONES = q.Space.half(3), q.Space("1", "3/2")
S, L = HALVES.spin, ONES.spin
Y = [[0, -1j], [1j, 0]]
TERMS = {
    "zeeman": (HALVES, q.Zeeman((B * sp.cos(OMEGA * q.t), 0, sp.Rational(1, 3)), [0, 2], 2.0023)),
    "zeeman tensor": (HALVES, q.Zeeman((0.1, 0, B), g=[[2, 0.1, 0], [0.1, 2, 0], [0, 0, 2.2]])),
    "exchange": (HALVES, q.Exchange(J * sp.sqrt(2) - 1e-7, 0, 2)),
    "dmi": (HALVES, q.DMI((0, D**2, -D / 3), 0, 1)),
    "anisotropy": (ONES, q.Anisotropy([[1, D, 0], [D, 2, 0], [0, 0, -3]], 1)),
    "zero-field": (ONES, q.ZeroField(D, 0, E=0.1)),
    "stevens": (ONES, q.Stevens({(2, 0): B, (2, -1): 0.25}, 1)),
    "bilinear": (HALVES, q.Bilinear([[1, 2, 3], [0, J, 0], [0, 0, sp.pi]], 1, 2)),
    "biquadratic": (ONES, q.Biquadratic(sp.exp(1) * J, 0, 1)),
    "pauli": (HALVES, q.Pauli(sp.exp(-(q.t - 5)**2), "XIZ")),
    "operator": (HALVES, q.Operator(np.diag(np.arange(8) / 3))),
    "operator on a site": (HALVES, q.Operator(Y, [1])),
    "operator with symbols": (HALVES, q.Operator(sp.Matrix([[J, sp.I * D], [-sp.I * D, sp.tanh(q.t)]]), [2])),
}
SPINS = {"J S·S": (HALVES, J * S(0).dot(S(1))), "three sites": (HALVES, S(0).dot(S(1).cross(S(2)))),
         "i [S, S]": (ONES, sp.I * (L(0).x * L(0).y - L(0).y * L(0).x) + 2),
         "S₊² + S₋²": (ONES, L(0).plus**2 + L(0).minus**2)}


@pytest.mark.parametrize("name", [*TERMS, *SPINS])
def test_terms_read_back_as_themselves(name):
    space, term = {**TERMS, **SPINS}[name]
    model = q.Model(space, term)
    text = model_as_text(model)
    assert model_from_text(text)[0] == model
    assert parse_document(tomllib.loads(text), "file").model == model          # `qllg` reads it, too


def test_every_kind_of_term_is_among_them():
    """A newcomer beside these is written by its fields; see `tests/plugs`."""
    assert {term.kind for _, term in TERMS.values()} >= {
        kind for kind, cls in kinds(terms, q.Exchange.__mro__[1]).items() if cls.__module__.startswith("qllg_sym.model")
        and plugs.names("qllg_sym.model.terms").count(cls.__module__.rpartition(".")[2])} - {"collective", "chirality"}


G = sp.Symbol("g", real=True)
LAWS = {
    "von-neumann": q.VonNeumann(), "q-ll": q.QuantumLL(G), "q-llg": q.QuantumLLG(0.1), "dephasing": q.Dephasing(G**2),
    "sum": q.QuantumLLG(G) + q.Dephasing(0.1) + q.Lindblad([(G**2, S(0).minus)]),
    "jumps": q.Lindblad([(0.1, S(0).minus), (0.2, q.Pauli(1, "XIZ")), (1, np.eye(8, k=1)), (0.3, 1j * S(1).x)]),
    "ll": q.ClassicalLL(G, field="mean", rescaled=False), "llg": q.ClassicalLLG(0.2),
}


@pytest.mark.parametrize("name", LAWS)
def test_laws_read_back_as_themselves(name):
    law: Law = LAWS[name]
    assert model_from_text(model_as_text(q.Model(HALVES), law))[1] == law


@pytest.mark.parametrize("units", [q.Units("meV", "ps"), q.Units("GHz", "ns"), q.Units.paper(), q.Units(), None])
def test_units_and_constants_read_back(units):
    model = q.Model(HALVES, q.Zeeman((0, 0, 0.34)), units=units)
    assert model_from_text(model_as_text(model))[0] == model
    other = q.Model(HALVES, q.Zeeman((0, 0, 1)), hbar=sp.Symbol("h", positive=True), gamma=-1.5)
    again = model_from_text(model_as_text(other))[0]
    assert (str(again.hbar), again.gamma) == ("h", other.gamma)


def test_numbers_read_back_and_arrays_are_declared():
    model = q.Model(HALVES, q.Exchange(J * D, 0, 1))
    assert model_from_text(model_as_text(model, None, {"J": 0.1, "D": np.arange(3)}))[2] == {"J": 0.1}


WORDLESS = {
    "a name that is no identifier": (sp.Symbol("J_{12}", real=True), "letters, digits and underscores"),
    "a word of the grammar": (sp.Symbol("exp", real=True), "must not be a word of the grammar"),
    "a function without a word": (sp.besselj(0, J), "use known names alone"),
    "too long": (sum(sp.cos(k * OMEGA * q.t + sp.Rational(1, k)) for k in range(1, 300)), "at most 2000 characters"),
}


@pytest.mark.parametrize("name", WORDLESS)
def test_what_has_no_words_is_refused(name):
    coefficient, says = WORDLESS[name]
    with pytest.raises(q.ModelError, match=says):
        model_as_text(q.Model(HALVES, q.Exchange(coefficient, 0, 1)))


def test_a_matrix_that_is_too_large_is_refused():
    with pytest.raises(q.ModelError, match="must have at most 128 rows"):
        model_as_text(q.Model(q.Space.half(8), q.Operator(np.diag(np.arange(256) + 0.5))))
