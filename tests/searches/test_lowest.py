"""The lowest levels beside a whole diagonalisation: copies of degenerate ones, residuals, products, units."""

import pickle
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse.linalg as sparse_linalg
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.steps.runge_kutta import NotFinite
from qllg_sym.flow.steps.stabilised import StabilisedStep

RING = q.Model(q.Space.half(9), [q.Exchange(1, i, (i + 1) % 9) for i in range(9)])      # every level is degenerate
MIXED = q.Model(q.Space("1", "1/2", "3/2", "1", "1", "1/2"),
                [q.Bilinear(1, i, i + 1) for i in range(5)] + [q.Zeeman((0.3, 0.2, 0.7)), q.ZeroField(0.4, 0)])
DISORDERED = q.Model(q.Space.half(9), [*RING.terms, *(q.Zeeman((0.2 * i, 0.3, (i - 4)**2 / 9), [i]) for i in range(9))])


def whole(model, values=None):
    return np.linalg.eigvalsh(Action(model, values or {}).matrix().toarray()) * float(model.hbar)


@pytest.mark.parametrize("model", [RING, MIXED, DISORDERED], ids=["ring", "mixed spins", "disorder"])
@pytest.mark.parametrize("k", [1, 5])
def test_lanczos_finds_every_copy(model, k):
    found, wanted = q.lowest(model, k=k), whole(model)
    width = wanted[-1] - wanted[0]
    assert abs(found.energies - wanted[:k]).max() < 1e-12 * width
    assert found.residuals.max() < 1e-9 * width
    h = Action(model, {}).matrix()
    image = h @ found.kets
    assert abs(np.linalg.norm(image - found.kets * found.energies, axis=0) - found.residuals).max() < 1e-12 * width
    assert abs(found.kets.conj().T @ found.kets - np.eye(k)).max() < 1e-12


def test_a_block_too_narrow_misses_copies_and_its_residuals_do_not_say_so():
    """The twin of the test above, and why the block is k wide: residuals certify levels, not that none is missing."""
    found, wanted = q.lowest(RING, k=8, tol=1e-6, options={"block": 1}), whole(RING)
    assert abs(found.energies - wanted[:8]).max() > 0.1
    assert found.residuals.max() < 1e-5
    assert abs(found.energies[:, None] - wanted).min(axis=1).max() < 1e-9


@pytest.mark.parametrize("k", [1, 3])
def test_the_law_itself_ends_in_the_lowest_levels_in_order(k):
    found, wanted = q.lowest(DISORDERED, k=k, method="q-llg", tol=1e-8), whole(DISORDERED)
    assert abs(found.energies - wanted[:k]).max() < 1e-10
    assert found.residuals.max() < 1e-7 * (wanted[-1] - wanted[0])
    lanczos = q.lowest(DISORDERED, k=k, tol=1e-8)
    assert 1 < found.products / lanczos.products < 6     # an honest count: never below Lanczos', who adapts


def test_near_kappa_one_the_time_is_shortest_and_strong_damping_takes_the_fewest_products():
    """κ/(1 + κ²) is greatest at 1; the turning, 1/κ of the damping, bounds the length of explicit steps."""
    found = {kappa: q.lowest(DISORDERED, k=1, method="q-llg", tol=1e-6, options={"kappa": kappa})
             for kappa in (0.25, 1, 4, 10, 1e4)}
    products, times = ({kappa: one.products for kappa, one in found.items()},
                       {kappa: one.stats["time"] for kappa, one in found.items()})
    assert products[1e4] < products[10] < products[1] / 2
    assert 5 * products[1e4] < products[1]
    assert times[1] < times[0.25]
    assert times[1] < times[4]


def test_products_are_those_of_scipy_or_fewer():
    model = q.Model(q.Space.half(10), [q.Exchange(1, i, i + 1) for i in range(9)] + [q.Zeeman((0.3, 0.1, 0.2), [0])])
    action, count = Action(model, {}), [0]

    def counted(ket):
        count[0] += 1
        return action.apply(np.asarray(ket).ravel())

    operator = sparse_linalg.LinearOperator((1024, 1024), matvec=counted, dtype=complex)
    sparse_linalg.eigsh(operator, k=1, which="SA", tol=1e-10, v0=np.random.default_rng(0).normal(size=1024))
    assert q.lowest(model, k=1).products < 1.2 * count[0]


def test_symbols_hbar_and_scale():
    J = sp.Symbol("J", real=True)
    terms = [q.Exchange(J, i, i + 1) for i in range(8)]
    plain = q.lowest(q.Model(q.Space.half(9), terms), k=4, values={"J": 1})
    for scale, hbar in ((1e-150, 1), (1e150, 1), (1, sp.Rational(1, 7))):
        found = q.lowest(q.Model(q.Space.half(9), terms, hbar=hbar), k=4, values={J: scale})
        factor = scale                                  # couplings are energies: ħ does not matter
        assert abs(found.energies / factor - plain.energies).max() < 1e-9
    zero = q.lowest(q.Model(q.Space.half(9), terms), k=2, values={"J": 0})
    assert not zero.energies.any()


def test_residuals_that_are_small_are_not_read_as_none():
    """At 1e-155 the squares of residuals vanish, those of residuals over the width do not."""
    small, plain = (q.lowest(q.Model(q.Space.half(9), q.chain(9, q.Exchange, scale)), k=1, tol=1e-8).residuals[0]
                    for scale in (1e-155, 1))
    assert plain > 0
    assert np.isclose(small * 1e155, plain, rtol=1e-3)


@pytest.mark.parametrize(("method", "sites"), [("lanczos", 9), ("q-llg", 3)])
@pytest.mark.parametrize("scale", [1e-160, 1e160])
def test_levels_whose_squares_are_no_numbers_are_refused(scale, method, sites):
    """Norms would vanish or overflow, and residuals read 0 for wrong levels; without steps there is no such limit."""
    with pytest.raises(q.InputError, match=r"must have a spectrum of H/ħ between 1e-155 and 1e\+153 wide"):
        q.lowest(q.Model(q.Space.half(sites), q.chain(sites, q.Exchange, scale)), k=1, method=method)
    found = q.lowest(q.Model(q.Space.half(3), q.chain(3, q.Exchange, scale)), k=2)
    assert np.allclose(found.energies / scale, [-4, -4], atol=1e-12)


def test_small_spaces_are_diagonalised_whole():
    model = q.Model(q.Space.half(3), [q.Exchange(1, 0, 1), q.Exchange(1, 1, 2)])
    found = q.lowest(model, k=8)
    assert abs(found.energies - whole(model)).max() < 1e-13
    assert found.products == 16                         # d to make the matrix, k for the residuals
    again = pickle.loads(pickle.dumps(found))
    assert (again.kets == found.kets).all()
    assert repr(found).startswith("<LowestLevels: 8 from -4 to ")
    assert "E_7" in found._repr_html_()


@pytest.mark.parametrize("method", ["lanczos", "q-llg"])
@pytest.mark.parametrize("constant", [0, 3, 1e-200])
def test_a_multiple_of_one_is_one_level(method, constant):
    model = q.Model(q.Space.half(9), [q.Pauli(constant, "I" * 9)])
    assert abs(q.lowest(model, k=2, method=method).energies - constant).max() <= 1e-14 * constant


def test_too_few_products_say_what_was_reached():
    with pytest.raises(q.IntegrationError, match=r"after \d+ products the largest is") as caught:
        q.lowest(RING, k=2, most_products=20)
    assert caught.value.partial.products <= 20
    with pytest.raises(q.IntegrationError) as caught:
        q.lowest(RING, k=2, method="q-llg", most_products=60)
    assert caught.value.partial.products <= 60


def test_a_step_in_which_kets_become_dependent_is_taken_again_with_fewer_slopes(monkeypatch):
    """A step of more than six slopes is said to fail: the end is the same, by shorter steps."""
    taken, after = [], StabilisedStep.after

    def fails(step, *given):
        taken.append(step.stages)
        if step.stages > 6:
            raise NotFinite
        return after(step, *given)

    monkeypatch.setattr(StabilisedStep, "after", fails)
    found = q.lowest(DISORDERED, k=2, method="q-llg", tol=1e-6)
    assert abs(found.energies - whole(DISORDERED)[:2]).max() < 1e-8
    assert max(taken) > 6
    assert all(then == now // 2 for now, then in pairwise(taken) if now > 6)
