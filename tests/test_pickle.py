"""Everything that users hold can be pickled and copied, comes back equal, and works in a fresh process."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, KAPPA = sp.symbols("J kappa", real=True)
SPACE, TIMES = q.Space.half(2), np.linspace(0, 1, 4)
VALUES = {"J": 0.7, "kappa": 0.3}
COPIES = {"pickle": lambda x: pickle.loads(pickle.dumps(x)), "copy": copy.copy, "deepcopy": copy.deepcopy}


@pytest.fixture(scope="module")
def parts():
    """Records that compare by their fields, used before they travel."""
    model = q.Model(SPACE, [q.Exchange(J, 0, 1), q.Zeeman((sp.cos(q.t), 0, 1)), q.Operator(np.diag([1, 2, 3, 4.5]))])
    equation = q.QuantumLLG(KAPPA).derive(model)
    components = equation.pauli()
    theorem = next(t for t in q.theorems() if t.id == "trace")
    found = {"model": model, "law": equation.law, "equation": equation, "components": components,
             "vector": q.ClassicalLLG(KAPPA).derive(q.Model(SPACE, [q.Exchange(J, 0, 1)])).moments(),
             "kernel": components.kernel(), "space": SPACE, "theorem": theorem, "twin": theorem.broken()[0],
             "certificate": theorem.prove(), "closed form": q.closed_form(2), "units": q.Units("meV", "ps"),
             "thermal": q.states.thermal(model, 2), "product": q.states.product("up", "+x"),
             "exact": q.exact(q.Model(SPACE, [q.Exchange(1, 0, 1)]), q.QuantumLLG(1), q.states.bell("psi+")),
             "element": model.hamiltonian, "any s": q.Model(q.Space(sp.Symbol("s", positive=True)))}
    components.mass, equation.weight(), model.frequency        # what is computed on the way must not hinder
    return found


NAMES = ["model", "law", "equation", "components", "vector", "kernel", "space", "theorem", "twin", "certificate",
         "closed form", "units", "thermal", "product", "exact", "element", "any s"]


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_records_come_back_equal(parts, name, way):
    found = COPIES[way](parts[name])
    assert found == parts[name]
    assert type(found) is type(parts[name])


def test_the_list_is_the_fixture(parts):
    assert list(parts) == NAMES


@pytest.mark.parametrize("way", COPIES)
def test_symbols_come_back_as_themselves(way):
    for symbol in (q.t, q.gap):
        assert COPIES[way](symbol) is symbol
        assert COPIES[way](sp.sin(symbol) * J) == sp.sin(symbol) * J


def test_what_comes_back_is_of_use(parts):
    model, components = COPIES["pickle"](parts["model"]), COPIES["pickle"](parts["components"])
    assert q.QuantumLLG(KAPPA).derive(model).pauli().residual == components.residual == parts["components"].residual
    assert COPIES["pickle"](parts["theorem"]).prove().claim == parts["certificate"].claim
    with pytest.raises(q.ProofError):
        COPIES["pickle"](parts["twin"]).prove()


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("target", ["numpy", "mpmath"])
def test_bound_right_hand_sides(parts, way, target):
    rhs = parts["components"].compile(target).bind(VALUES)
    again, y = COPIES[way](rhs), np.linspace(-0.2, 0.2, 15)
    assert np.array_equal(again(0.3, y), rhs(0.3, y))
    if target == "numpy":
        assert np.array_equal(again.jac(0.3, y), rhs.jac(0.3, y))
        assert np.array_equal(again.batch(y[None]), rhs.batch(y[None]))


def solved():
    """A trajectory, a classical one, a batch, and a part of it; with functions that cannot travel."""
    model, up = q.Model(SPACE, [q.Exchange(J, 0, 1), q.Zeeman((sp.cos(q.t), 0, 1))]), q.states.product("up", "down")
    law, moments = q.QuantumLLG(KAPPA), [[0, 0, 1], [1, 0, 0]]
    many = q.solve_many(model, law, up, TIMES, {"J": [0.7, 0.9, 1.1], "kappa": 0.3}, stop=lambda t, y: False)
    return {"quantum": q.solve(model, law, up, TIMES, VALUES, stop=lambda t, y: False),
            "classical": q.solve(model, q.ClassicalLLG(KAPPA), moments, TIMES, VALUES),
            "low rank": q.solve(model, law, q.LowRank([1], np.eye(4)[:, :1]), TIMES, VALUES, method="low-rank"),
            "final": q.solve(model, law, up, TIMES, VALUES, keep="final"), "batch": many, "part": many[1:],
            "row": q.solve_many(model, law, up, TIMES, {"J": [0.7, 0.9], "kappa": 0.3})[1]}


KINDS = ["quantum", "classical", "low rank", "final", "batch", "part", "row"]


def reading(run):
    """What of a trajectory must be the same: kept states, energies, and a state between the times, solved anew."""
    return [run.times, run.energy, run.final_state, run.at(0.4), run.at(1.0)]


@pytest.fixture(scope="module")
def runs():
    return solved()


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("kind", KINDS)
def test_trajectories_come_back_and_can_still_be_asked_between_times(runs, kind, way):
    again = COPIES[way](runs[kind])
    for a, b in zip(reading(again), reading(runs[kind]), strict=True):
        assert np.array_equal(a, b)
    if kind in ("quantum", "batch", "part", "row"):
        assert np.allclose(again.variance(), runs[kind].variance(), rtol=0, atol=1e-14)
    assert repr(again) == repr(runs[kind])


def test_a_fresh_process_can_use_them(parts, runs, tmp_path):
    rhs = parts["components"].compile("numpy").bind(VALUES)
    (tmp_path / "all.pickle").write_bytes(pickle.dumps((parts, runs, rhs, (q.t, q.gap))))
    script = """
import pickle, sys
import numpy as np
with open(sys.argv[1], "rb") as file:
    parts, runs, rhs, symbols = pickle.load(file)
import qllg_sym as q
assert symbols[0] is q.t and symbols[1] is q.gap
assert parts["model"].time_dependent and any(r.has(q.t) for r in parts["components"].residual)
assert parts["theorem"].prove().claim == parts["certificate"].claim
np.savez(sys.argv[2], rhs=rhs(0.3, np.linspace(-0.2, 0.2, 15)), **{k: run.at(0.4) for k, run in runs.items()})
"""
    arguments = [sys.executable, "-W", "error", "-c", script, tmp_path / "all.pickle", tmp_path / "out.npz"]
    subprocess.run(arguments, check=True, timeout=120)
    found = np.load(tmp_path / "out.npz")
    assert np.array_equal(found["rhs"], rhs(0.3, np.linspace(-0.2, 0.2, 15)))
    for kind, run in runs.items():
        assert np.array_equal(found[kind], run.at(0.4)), kind


def test_reprs_are_short():
    model = q.Model(q.Space.half(300), [*q.chain(300, q.Exchange, J), q.Zeeman((0, 0, 1))])
    components = q.QuantumLLG(KAPPA).derive(q.Model(SPACE, [q.Exchange(J, 0, 1)])).pauli()
    directions = [(0, 0, 1)] * 300
    things = [model, components, components.equation, components.kernel(), q.theorems(), q.theorems()[0],
              q.theorems()[0].broken(), q.theorems()[0].prove(), q.closed_form(3), q.Operator(np.eye(64)),
              q.Model(q.Space.half(6), [q.Operator(np.eye(64))]), q.states.coherent(model.space, directions),
              q.LowRank(np.ones(64) / 64, np.eye(64)), q.states.ground(model), components.compile("numpy"),
              components.compile("numpy").bind(J=1, kappa=np.ones(1000)), model.frequency,
              q.ClassicalLLG(KAPPA).derive(q.Model(SPACE, [q.Exchange(J, 0, 1)])).moments()]
    for thing in things:
        text = repr(thing)
        assert len(text.splitlines()) <= 30, type(thing)
        assert len(text) <= 3000, type(thing)
        assert " at 0x" not in text, type(thing)


def travelling(parts, runs):
    """What is sent to other processes: everything that users hold."""
    return {**{name: parts[name] for name in NAMES}, **{f"{kind} run": runs[kind] for kind in KINDS},
            "rhs": parts["components"].compile("numpy").bind(VALUES),
            "compiled": parts["components"].compile().bind(VALUES)}


def seen(thing):
    """What another process says of a thing: numbers where it has some, else how it prints."""
    if hasattr(thing, "batch"):
        return thing(0.3, np.linspace(-0.2, 0.2, 15)).tobytes()
    return thing.at(0.4).tobytes() if hasattr(thing, "final_state") else repr(thing)


@pytest.mark.parametrize("package", ["cloudpickle", "joblib"])
def test_other_ways_to_send(parts, runs, package, tmp_path):
    library = pytest.importorskip(package)
    things = travelling(parts, runs)
    if package == "cloudpickle":
        again = pickle.loads(library.dumps(things))
    else:
        library.dump(things, tmp_path / "all.joblib")
        again = library.load(tmp_path / "all.joblib")
    for name, thing in things.items():
        assert seen(again[name]) == seen(thing), name
        if name in NAMES:
            assert again[name] == thing


@pytest.mark.slow
@pytest.mark.parametrize("way", ["spawn", "loky", "dask"])
def test_other_processes_see_the_same(parts, runs, way):
    """Spawned processes, joblib's, and a Dask worker; a lambda goes where cloudpickle is used."""
    things = travelling(parts, runs)
    if way == "spawn":
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            found = dict(zip(things, pool.map(repr, things.values()), strict=True))
        assert found == {name: repr(thing) for name, thing in things.items()}
        return
    if way == "loky":
        joblib = pytest.importorskip("joblib")
        found = joblib.Parallel(n_jobs=2)(joblib.delayed(lambda thing: seen(thing))(thing) for thing in things.values())
    else:
        distributed = pytest.importorskip("distributed")
        with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster, \
                distributed.Client(cluster) as client:
            found = client.gather([client.submit(seen, thing, pure=False) for thing in things.values()])
    assert found == [seen(thing) for thing in things.values()]
