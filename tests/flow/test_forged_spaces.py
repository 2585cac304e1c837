"""A file whose numbers are said to be of one space, and whose model is of another, is refused."""

import json

import numpy as np
import pytest

import qllg_sym as q

LAW, TIMES = q.QuantumLLG(0.5), [0, 0.5]
WHOLE = q.Model(q.Space("1/2", "1"), [q.Exchange(1, 0, 1), q.Zeeman((0, 0, 1))])


def ring(m, k):
    space = q.Space.half(5, magnetisation=m, momentum=k)
    return q.Model(space, [q.Exchange(1, i, (i + 1) % 5) for i in range(5)])


def whole():
    return q.solve(WHOLE, LAW, q.states.product("up", "down"), TIMES)


def wave():
    return q.solve(ring("1/2", 1), LAW, q.states.random(ring("1/2", 1).space, 1, seed=1), TIMES)


def many():
    starts = [q.states.random(ring("1/2", 1).space, 1, seed=seed) for seed in (1, 2)]
    return q.solve_many(ring("1/2", 1), LAW, starts, TIMES)


def hybrid():
    start = q.HybridState([q.states.product("up")], [[1, 0, 0]])
    return q.solve(WHOLE, q.Hybrid(0.1, 0.1, clusters=[0], classical=[1]), start, TIMES)


def chain():
    model = q.Model(q.Space.half(3), q.chain(3, q.Bilinear, [[[1, 0, 0], [0, 1, 0], [0, 0, 0]]] * 2))
    return q.solve(model, LAW, q.states.product("up", "down", "up"), TIMES, method="gaussian")


@pytest.mark.parametrize(("make", "forge"), [
    (wave, {"momentum": 4}), (wave, {"momentum": 3}), (wave, {"magnetisation": "-1/2"}), (many, {"momentum": 4}),
    (whole, {"spins": ["1", "1/2"]}), (hybrid, {"spins": ["1/2", "3/2"]}), (chain, {"spins": ["1/2", "1/2", "1"]})])
def test_numbers_and_model_are_of_one_space(make, forge, tmp_path):
    make().save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as found:
        arrays = dict(found)
    header = json.loads(arrays["header"].tobytes())
    assert set(forge) <= set(header["metadata"])
    np.savez(tmp_path / "same.npz", **arrays)
    assert repr(q.load(tmp_path / "same.npz"))
    header["metadata"] |= forge
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(tmp_path / "forged.npz", **arrays)
    with pytest.raises(q.FileError, match="do not fit"):
        q.load(tmp_path / "forged.npz")
