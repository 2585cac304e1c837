"""Batches and parameter studies of methods without kets: the numbers of kets row by row, failures told."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, B = sp.symbols("J B", real=True)
TIMES = [0, 0.5, 2]
STARTS = [q.states.product("up", "down", "up", "down"), q.states.product("down", "up", "up", "up")]


def chain():
    bonds = q.chain(4, q.Bilinear, ((J, 0, 0), (0, J, 0), (0, 0, 0)))
    return q.Model(q.Space.half(4), [*bonds, q.Zeeman((0, 0, B))])


@pytest.mark.parametrize("method", ["gaussian", "mps"])
def test_rows_are_those_of_kets(method):
    values = {"J": [1, -0.7], "B": 0.3}
    many = q.solve_many(chain(), q.QuantumLLG(0.5), STARTS, TIMES, values, method=method)
    kets = q.solve_many(chain(), q.QuantumLLG(0.5), STARTS, TIMES, values, method="krylov")
    assert many.profile("z") == pytest.approx(kets.profile("z"), abs=1e-6 if method == "mps" else 1e-12)
    assert many.energy == pytest.approx(kets.energy, abs=1e-5 if method == "mps" else 1e-12)
    assert len(many) == 2
    assert many[1].energy == pytest.approx(many.energy[1], abs=0)
    assert len(many[:1]) == 1
    assert many.failures == {}
    assert f"method {method}" in repr(many)


@pytest.mark.parametrize("method", ["gaussian", "mps"])
def test_a_study_is_that_of_kets_with_the_reason_of_what_failed(method):
    over = {"J": [1.0, -0.7], "kappa": [0.1, 0.5]}
    kappa = sp.Symbol("kappa", nonnegative=True)
    found, kets = (q.sweep(chain(), q.QuantumLLG(kappa), STARTS[0], TIMES, over=over, values={"B": 0.3}, method=how,
                           observe={"E": "energy", "z": "profile"}) for how in (method, "krylov"))
    assert found.E.dims == kets.E.dims
    assert found.z.dims == kets.z.dims
    assert found.z.values == pytest.approx(kets.z.values, abs=1e-6 if method == "mps" else 1e-12)
    assert found.E.values == pytest.approx(kets.E.values, abs=1e-5 if method == "mps" else 1e-12)
    assert not any(found.failure.values.ravel())
    broken = q.sweep(q.Model(q.Space.half(2), q.chain(2, q.Bilinear, ((1/J, 0, 0), (0, 1/J, 0), (0, 0, 0)))),
                     q.QuantumLLG(0.5), q.states.product("up", "down"), TIMES, over={"J": [0.0, 2.0]}, method=method,
                     observe={"E": "energy"})
    assert np.isnan(broken.E.values[0]).all()
    assert np.isfinite(broken.E.values[1]).all()
    assert broken.failure.values[0]


def test_rows_that_there_are_not():
    many = q.solve_many(chain(), q.QuantumLLG(0.5), STARTS, TIMES, {"J": 1, "B": 0}, method="gaussian")
    with pytest.raises(q.InputError, match=r"^`index` must choose among the 2 trajectories from 0, but is 2; write"):
        many[2]


@pytest.mark.parametrize("method", ["gaussian", "mps"])
def test_some_rows_are_a_batch_of_their_own(method):
    many = q.solve_many(chain(), q.QuantumLLG(0.5), STARTS, TIMES, {"J": [1, -0.7], "B": 0.3}, method=method)
    for some, rows in ((many[1:], [1]), (many[::-1], [1, 0]), (many[[True, False]], [0]), (many[[1]], [1])):
        assert isinstance(some, q.ChainTrajectories)
        assert np.array_equal(some.energy, many.energy[rows])
        assert some.values["J"].tolist() == [[1, -0.7][row] for row in rows]
        assert some.values["B"] == 0.3
        assert some.shape == (len(rows),)
    with pytest.raises(q.InputError, match=r"^`index` must choose at least one of 2 trajectories, but chooses none"):
        many[2:]
    assert many.counts.tolist() == [3, 3]
    assert many.law == q.QuantumLLG(0.5)
    with pytest.raises(q.InputError, match="write many\\[0\\]\\.plot"):
        many.plot()


def test_a_row_that_fails_says_why_and_when():
    growing = q.Model(q.Space.half(4), [*chain().terms, q.Zeeman((0, 0, 1 / (sp.Symbol("T", real=True) - q.t)))])
    with pytest.raises(q.IntegrationError, match="1 of 2 trajectories stopped early, the first of them number 1") as e:
        q.solve_many(growing, q.QuantumLLG(0.5), STARTS[0], TIMES, {"J": 1, "B": 0.3, "T": [5, 0.5]}, method="gaussian")
    with pytest.raises(q.IntegrationError) as alone:
        q.solve(growing, q.QuantumLLG(0.5), STARTS[0], TIMES, {"J": 1, "B": 0.3, "T": 0.5}, method="gaussian")
    assert e.value.reason == alone.value.reason
    assert e.value.time == alone.value.time
    assert alone.value.reason in str(alone.value)
    assert not alone.value.reason.startswith("The integration")
    found = e.value.partial
    assert found.failures == {1: f"{e.value.reason}, after t = {e.value.time:g}"}
    assert found.counts.tolist() == [3, len(alone.value.partial)]
    assert found[::-1].failures == {0: found.failures[1]}
