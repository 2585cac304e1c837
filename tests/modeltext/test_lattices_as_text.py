"""Lattices too large for a term a bond are written as one table each, and read back as the same terms."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.model import copies
from qllg_sym.model.copies import Copies
from qllg_sym.model.regular import REGULAR
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text
from qllg_sym.modeltext.lattices import bonds

J = sp.Symbol("J", real=True)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Copies from one bond on, as they are beyond 4096."""
    monkeypatch.setattr(copies, "LISTED", 0)


def table_of(n, terms):
    """The words of the only [[term]], which read back as the model."""
    model = q.Model(q.Space(*["1"] * n), terms)
    assert all(isinstance(term, Copies) for term in model.terms)
    text = model_as_text(model)
    assert model_from_text(text)[0] == model
    return text.split("[[term]]\n")[1]


def named(table):
    return [line for line in table.splitlines() if line.startswith(("graph", "size", "periodic", "directions"))]


@pytest.mark.parametrize("kind", REGULAR)
def test_every_size_and_closure_reads_back(kind):
    flat = len(REGULAR[kind].sizes) == 2
    for size in product((1, 2, 3, 4), repeat=2) if flat else ((1, 1, 4), (1, 3, 1), (2, 4, 3), (3, 3, 3)):
        for closed in product((False, True), repeat=len(size)):
            if any(ring and n == 2 for n, ring in zip(size, closed, strict=True)):
                continue
            lattice = getattr(q, kind)(*size, q.Exchange, J, periodic=closed)
            if lattice:
                table_of(int(np.prod(size)), lattice)
                wraps = [ring and n > 1 for n, ring in zip(size, closed, strict=True)]
                assert bonds(size, wraps, REGULAR[kind].steps) == len(lattice[0])


@pytest.mark.parametrize("kind", REGULAR)
def test_values_by_direction_and_by_bond(kind):
    size = (4, 3, 5)[:len(REGULAR[kind].sizes)]
    n, make = int(np.prod(size)), getattr(q, kind)
    told = named(table_of(n, make(*size, q.DMI, lambda d: (J * d[1], -d[0], d[2]))))
    assert told == [f'graph = "{kind}"', f"size = {list(size)}", "directions = true"]
    count = len(make(*size, q.Exchange, 1)[0])
    assert named(table_of(n, make(*size, q.Exchange, [k % 5 - 0.5 for k in range(count)]))) == told[:2]


def test_chains_rings_sites_and_other_graphs():
    assert named(table_of(7, q.chain(7, q.Exchange, 2))) == ['graph = "chain"']
    assert named(table_of(7, 3 * q.ring(7, q.Exchange, J)[0])) == ['graph = "ring"']
    assert named(table_of(7, q.from_sites(7, q.ZeroField, [k / 3 for k in range(7)]))) == ['graph = "sites"']
    assert "edges = [[0, 2], [2, 1], [4, 3]]" in table_of(5, q.from_edges([(0, 2), (2, 1), (4, 3)], q.Exchange, J))
    one_removed = [(bond.i, bond.j) for bond in q.square(3, 3, q.Exchange, 1)[0]][:-1]
    assert "edges" in table_of(9, q.from_edges(one_removed, q.Exchange, 1))


def test_what_has_no_words_is_refused():
    some = q.Model(q.Space(*["1"] * 9), q.from_sites([0, 4, 5], q.ZeroField, 1))
    with pytest.raises(q.ModelError, match=r"^`terms` must be on all sites, .*, but are 3 copies of ZeroField; keep"):
        model_as_text(some)
    (bond,) = q.chain(3, q.Exchange, 1)
    other = Copies((*bond.terms, q.Biquadratic(1, 0, 1)), type(bond.places).of([[0, 1], [1, 2]], [0, 1]))
    with pytest.raises(q.ModelError, match=r"^`terms` must be of one kind on a lattice .* Exchange, Biquadratic; keep"):
        model_as_text(q.Model(q.Space(*["1"] * 3), [other]))


def test_a_run_on_a_lattice_knows_its_model_after_loading(tmp_path):
    model = q.Model(q.Space(*["1"] * 12), q.triangular(4, 3, q.Exchange, J, periodic=(True, False)))
    law = q.ClassicalLLG(0.1, field="mean")
    run = q.solve(model, law, np.eye(3)[[0] * 12], [0, 0.1], {"J": -1})
    run.save(tmp_path / "run.npz")
    again = q.load(tmp_path / "run.npz")
    assert (again.model, again.law) == (model, law)


def test_a_large_one_is_few_words():
    model = q.Model(q.Space(*["1/2"] * 10**4), q.square(125, 80, q.DMI, lambda d: (d[1], -d[0], 0), periodic=True))
    text = model_as_text(model)
    assert len(text) < 300
    assert model_from_text(text)[0] == model
