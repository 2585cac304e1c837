"""Terms on graphs in model files."""

import copy

import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.modelfile.read import parse_document

DOCUMENT = {"system": {"spins": "1/2", "sites": 12, "symbols": ["J0"]}}


def terms(**table):
    return parse_document({**DOCUMENT, "term": [table]}, "x").model.terms


def test_graphs_are_those_of_python():
    J0 = sp.Symbol("J0", real=True)
    matrix = [[0, 0, 0], [0, 0, 0], [0, 0, 4]]
    assert list(terms(kind="exchange", J="2*J0", graph="chain")) == q.chain(12, q.Exchange, 2 * J0)
    assert list(terms(kind="dmi", D=[0, 0, 0.1], graph="ring")) == q.ring(12, q.DMI, (0, 0, 0.1))
    assert list(terms(kind="biquadratic", K=1, graph="square", size=[3, 4])) == q.square(3, 4, q.Biquadratic, 1)
    assert list(terms(kind="exchange", J=1, graph="square", size=[3, 4], periodic=True)) == \
        q.square(3, 4, q.Exchange, 1, periodic=True)
    assert list(terms(kind="exchange", J=1, graph="square", size=[3, 4], periodic=[True, False])) == \
        q.square(3, 4, q.Exchange, 1, periodic=(True, False))
    assert list(terms(kind="exchange", J=1, graph="triangular", size=[4, 3], periodic=[False, True])) == \
        q.triangular(4, 3, q.Exchange, 1, periodic=(False, True))
    assert list(terms(kind="exchange", J=1, graph="cubic", size=[2, 3, 2], periodic=[False, True, False])) == \
        q.cubic(2, 3, 2, q.Exchange, 1, periodic=(False, True, False))
    assert list(terms(kind="dmi", D=[[0, "J0", 0], [-1, 0, 0]], graph="square", size=[3, 4], directions=True)) == \
        q.square(3, 4, q.DMI, lambda d: (-d[1], J0 * d[0], 0))
    assert list(terms(kind="exchange", J=[1, 2, 3], graph="triangular", size=[3, 4], directions=True)) == \
        q.triangular(3, 4, q.Exchange, lambda d: 2 if d[1] and d[0] > 0 else 3 if d[1] else 1)
    ones = {"system": {**DOCUMENT["system"], "spins": "1"}}
    each = {"kind": "zero-field", "D": "J0", "graph": "sites"}
    assert list(parse_document({**ones, "term": [each]}, "x").model.terms) == q.from_sites(12, q.ZeroField, J0)
    assert list(terms(kind="bilinear", M=matrix, edges=[[0, 5], [7, 2]])) == \
        q.from_edges([(0, 5), (7, 2)], q.Bilinear, matrix)
    assert [bond.J for bond in terms(kind="exchange", J=["J0", 1, 0.5], edges=[[0, 1], [1, 2], [2, 3]])] == \
        [J0, 1, sp.Rational(1, 2)]


def test_one_spin_for_all_sites():
    assert parse_document(DOCUMENT, "x").model.space == q.Space.half(12)
    assert parse_document({"system": {"spins": "3/2", "sites": 2}}, "x").model.space == q.Space("3/2", "3/2")


@pytest.mark.parametrize(("table", "says"), [
    ({"kind": "exchange", "J": 1, "graph": "tree"}, "[[term]] 1 `graph` must be one of chain, ring, square"),
    ({"kind": "exchange", "J": 1, "graph": "chain", "edges": [[0, 1]]}, "[[term]] 1 must have known keys alone"),
    ({"kind": "exchange", "J": 1, "graph": "chain", "sites": [0, 1]}, "[[term]] 1 must have known keys alone"),
    ({"kind": "exchange", "J": 1, "graph": "square"}, "[[term]] 1 must have the key `size`"),
    ({"kind": "exchange", "J": 1, "graph": "square", "size": [3, 3]}, "`size` must be two numbers [nx, ny] with the"),
    ({"kind": "exchange", "J": 1, "graph": "square", "size": [12]}, "`size` must be two numbers"),
    ({"kind": "exchange", "J": 1, "graph": "square", "size": [6, 2], "periodic": True}, "[[term]] 1: `ny` must be 1"),
    ({"kind": "exchange", "J": 1, "graph": "square", "size": [3, 4], "periodic": 1}, "`periodic` must be true"),
    ({"kind": "exchange", "J": 1, "graph": "cubic", "size": [3, 4]}, "`size` must be three numbers [nx, ny, nz] with"),
    ({"kind": "exchange", "J": 1, "graph": "chain", "directions": True}, "[[term]] 1 must have known keys alone"),
    ({"kind": "exchange", "J": [1, 2], "graph": "triangular", "size": [3, 4], "directions": True},
     "[[term]] 1 `J` must be a list of 3 where `directions` is true, one for each of (1, 0, 0), (1/2, sqrt(3)/2, 0), "),
    ({"kind": "exchange", "J": 1, "graph": "sites"}, "[[term]] 1 `kind` must be one of anisotropy, zero-field"),
    ({"kind": "exchange", "graph": "chain"}, "[[term]] 1 must have the key `J`"),
    ({"kind": "exchange", "J": [1, 2], "graph": "chain"}, "[[term]] 1: `J` must be one value for all edges"),
    ({"kind": "exchange", "J": 1, "edges": [[0, 12]]}, "[[term]] 1: `edges` must stay on the graph"),
    ({"kind": "exchange", "J": 1, "edges": [[0, 1], [1, 0]]}, "[[term]] 1: `edges` must not repeat"),
    ({"kind": "exchange", "J": 1, "edges": [[0, "1"]]}, "[[term]] 1: `edges` must be pairs of sites"),
    ({"kind": "exchange", "J": 1, "edges": 3}, "[[term]] 1 `edges` must be an array"),
    ({"kind": "exchange", "J": float("nan"), "graph": "ring"}, "[[term]] 1 `J` must be a finite number"),
    ({"kind": "zeeman", "B": [0, 0, 1], "graph": "chain"}, "[[term]] 1 `kind` must be one of bilinear,"),
])
def test_refuses_with_the_place(table, says):
    with pytest.raises(q.ModelError) as caught:
        terms(**table)
    assert says in str(caught.value)
    assert str(caught.value).count("[[term]] 1") == 1, "the place is said once"


@pytest.mark.parametrize(("key", "value", "says"), [
    ("sites", 0, "[system] `sites` must be between 1 and"), ("sites", 10**9, "[system] `sites` must be between 1 and"),
    ("sites", "2", "[system] `sites` must be an integer"), ("spins", ["1/2"], "[system] `spins` must be one spin"),
    ("spins", "1/3", "The model: `spins` must be positive multiples of 1/2"),
])
def test_refuses_systems(key, value, says):
    document = copy.deepcopy(DOCUMENT)
    document["system"][key] = value
    with pytest.raises(q.ModelError) as caught:
        parse_document(document, "x")
    assert says in str(caught.value)
