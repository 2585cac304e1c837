"""What is too large to be written out is refused at once, by every door that leads to it; what fits is not."""

import time
from itertools import product

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.cli import main
from qllg_sym.equations import lowering, size
from qllg_sym.errors import QllgError

KAPPA = sp.Symbol("kappa", real=True)
J = sp.Symbol("J", real=True)
SENTENCE = r"^[^\n]* must [^\n]*; take fewer or smaller spins[^\n]*\.$"
WRITTEN = {"residual": lambda c: c.residual, "mass": lambda c: c.mass, "forcing": lambda c: c.forcing}
DOORS = {       # to a polynomial ring
    "split": lambda c: c.split, "jacobian": lambda c: c.jacobian, "latex": lambda c: c.latex(),
    "text": lambda c: c.text(), "mathml": lambda c: c.mathml(), "two_level": lambda c: c.two_level(),
}


def chain(spins, law=None):
    bonds = [q.Exchange(J, i, i + 1) for i in range(len(spins) - 1)]
    return (law or q.QuantumLLG(KAPPA)).derive(q.Model(q.Space(*spins), [*bonds, q.Zeeman((0, 0, 1))]))


@pytest.mark.parametrize(("door", "spins"), [*product(DOORS, [("1/2",) * 5, ("1",) * 3, ("5/2",) * 2]),
                                             *product(WRITTEN, [("1/2",) * 6, ("1",) * 4, ("5/2", "5/2")])])
def test_every_door_to_too_large_a_residual_says_so_at_once(door, spins):
    components = chain(spins).coefficients()
    started = time.process_time()
    with pytest.raises(q.DerivationError, match=SENTENCE) as caught:
        (DOORS | WRITTEN)[door](components)
    assert time.process_time() - started < 5            # a second where nothing else runs; minutes without the guard
    assert "GiB" in str(caught.value)


def test_a_notebook_shows_in_one_line_what_is_too_large():
    components = chain(("1/2",) * 5).pauli()
    assert components._repr_latex_() is None
    assert repr(components).startswith("<Components: 1023 pauli equations of q-llg")


@pytest.mark.parametrize("form", ["any", "two-level"])
def test_a_kernel_that_is_too_large_says_so_at_once(form):
    with pytest.raises(QllgError, match=r"^`kernel` must [^\n]*\.$"):
        chain(("1/2",) * 5).pauli().kernel(form)


def test_what_needs_no_residual_works_at_the_size_that_is_refused():
    equation = chain(("1/2",) * 5)
    rhs = equation.pauli().compile("numpy").bind(J=1, kappa=0.5)
    rho = np.zeros((32, 32))
    rho[1, 1] = 1
    y = rhs.compiled.field.coordinates(rho)
    assert np.isfinite(rhs(0.0, y)).all()


def test_components_that_cannot_be_listed_and_bases_that_cannot_be_held():
    with pytest.raises(q.DerivationError, match=r"^`coefficients\(\)` must have .* has 4194303; "):
        chain(("1/2",) * 11).pauli()
    with pytest.raises(q.DerivationError, match=r"^`basis` must have .* has 16,773,120; "):
        _ = chain(("1/2",) * 6).pauli().basis


@pytest.mark.parametrize("law", [q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA), q.VonNeumann(), q.Dephasing(KAPPA)])
def test_five_spins_and_all_smaller_ones_pass(law):
    """The work itself is left out: it takes up to a minute."""
    for spins in (("1/2",) * 5, ("1/2",) * 4, ("1/2",) * 3, ("1", "1"), ("5/2",), ("1/2", "3/2")):
        components = chain(spins, law).coefficients()
        word = components.word(components.equation.residual)
        size.check_terms("pauli", components.equation.model.space, word)
        if spins != ("1/2",) * 5:
            size.check_exponents("pauli", components.equation.model.space, [word])


@pytest.mark.parametrize("spins", [("1/2",), ("1/2", "1/2"), ("1",), ("1/2", "1"), ("1/2",) * 3, ("3/2",), ("1", "1")])
@pytest.mark.parametrize("law", [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann(), q.Dephasing(KAPPA)])
def test_the_estimate_is_within_a_factor_of_three_of_the_terms(spins, law):
    for equation in (chain(spins, law), law.derive(q.Model(q.Space(*spins)))):
        components = equation.coefficients()
        estimate = size.terms(components.word(equation.residual))
        assert components.sparse.count / 3 < estimate < 3 * components.sparse.count


def test_the_command_line_refuses_too(tmp_path, capsys):
    path = tmp_path / "five.toml"
    path.write_text('[system]\nspins = ["1/2", "1/2", "1/2", "1/2", "1/2"]\n[law]\nkind = "q-llg"\nkappa = 0.5\n'
                    '[[term]]\nkind = "zeeman"\nB = [0, 0, 1]\n')
    assert main(["derive", str(path)]) != 0
    error = capsys.readouterr().err
    assert "must be small enough to be written out" in error
    assert len(error.strip().splitlines()) == 1


def test_a_batch_above_the_operation_limit_goes_row_by_row(monkeypatch):
    """The matrix form runs, as in `solve`: an AttributeError before."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, sp.Rational(1, 7)))])
    states = [np.diag([0.6 + k / 10, 0.4 - k / 10]) for k in range(3)]
    expected = q.solve_many(model, q.QuantumLLG(0.5), states, [0, 0.5], method="frame")
    monkeypatch.setattr(lowering, "OPERATION_LIMIT", 10)
    found = q.solve_many(model, q.QuantumLLG(0.5), states, [0, 0.5], method="pauli")
    assert set(found.stats["target"]) == {"matrix"}
    assert np.abs(found.states - expected.states).max() < 1e-9


@pytest.mark.parametrize("sites", [6, 7])
def test_refusals_come_before_the_ring_of_all_symbols(sites, monkeypatch):
    """Eight spins have 131,070 symbols, whose ring alone is 128 GiB of exponents."""
    monkeypatch.setattr("qllg_sym.equations.implicit_components.make_ring", lambda *_: pytest.fail("the ring was made"))
    model = q.Model(q.Space.half(sites), [*q.ring(sites, q.Exchange, 1)])
    with pytest.raises(q.DerivationError, match="must be small enough to be written out"):
        _ = q.QuantumLLG(1).derive(model).pauli().residual


def test_dense_jump_operators_are_refused_at_once_and_sparse_ones_are_not():
    space, rng = q.Space.half(5), np.random.default_rng(0)
    dense = q.Lindblad([(KAPPA, rng.integers(-3, 4, (32, 32)))]).derive(q.Model(space)).pauli()
    started = time.process_time()
    with pytest.raises(q.DerivationError, match=SENTENCE):
        _ = dense.residual
    assert time.process_time() - started < 20           # most of it to read the matrix
    sparse = q.Lindblad([(KAPPA, space.spin(i).minus) for i in range(5)]).derive(q.Model(space)).pauli()
    estimate = size.terms(sparse.word(sparse.equation.residual))
    assert sparse.sparse.count / 3 < estimate < 3 * sparse.sparse.count
