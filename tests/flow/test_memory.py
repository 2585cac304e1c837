"""No call compiles, lowers or derives again what the last one had; a batch costs no more of it than one trajectory.

Of a kernel in C a batch compiles one function more, for states in columns, which one trajectory does not need.

What is counted are the doors themselves, not the memories: libraries asked of the compiler or its cache on disk,
builders of kernels, printed sources, residuals derived or evaluated in components, and calls of right-hand sides.
"""

import copy
import ctypes
import pickle
from collections import Counter

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.codegen import passes
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.targets import c, numpy
from qllg_sym.equations import evaluation, law, lowering
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.equations.operator_word import OperatorWord
from qllg_sym.flow.hamiltonians import dense
from qllg_sym.flow.steppers import dop853_c as compiled
from qllg_sym.memo import kept

ROWS = 64
J = sp.Symbol("J", real=True)


@pytest.fixture
def work(monkeypatch):
    """Counts of work of each kind from now on, with nothing remembered of equal models of other tests."""
    counts = Counter()
    law._derived.cache_clear()
    dense._kept.cache_clear()

    def counted(owner, name, kind):
        real = getattr(owner, name)

        def call(*args, **kwargs):
            counts[kind] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, call)

    counted(c, "shared_library", "compile")
    # A pass that writes a kernel anew lowers nothing.
    monkeypatch.setattr(passes, "Builder", type("Rewriter", (Builder,), {"__init__": Builder.__init__}))
    counted(Builder, "__init__", "lower")
    counted(c, "emit", "emit")
    counted(numpy, "emit", "emit")
    for owner, name in ((OperatorWord, "of"), (evaluation, "moments"), (evaluation, "single_spin")):
        counted(owner, name, "derive")
    counted(QuantumLLG, "residual", "derive")
    return counts


def ring(sites):
    spins = q.Space.half(sites)
    bonds = [q.Exchange(J, i, (i + 1) % sites) for i in range(sites)]
    return q.Model(spins, [*bonds, q.Zeeman((0, 0, 1))])


def pair(field=(0, 0, 1)):
    return q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman(field, 0)])


def moments(rng, sites):
    m = rng.normal(size=(ROWS, sites, 3))
    return m / np.linalg.norm(m, axis=2)[..., None]


CASES = {
    "moments": lambda rng: (ring(5), q.ClassicalLLG(0.1), moments(rng, 5), "moments"),
    "pauli": lambda rng: (pair(), q.QuantumLLG(0.5), mixed(rng), "pauli"),
    "frame": lambda rng: (pair(), q.QuantumLLG(0.5), mixed(rng), "frame"),
    "driven frame": lambda rng: (pair((sp.cos(q.t), 0, 1)), q.QuantumLLG(0.5), mixed(rng), "frame"),
    "damping in time": lambda rng: (pair(), q.QuantumLLG(0.5 + q.t), mixed(rng)[:3], "frame"),
    "exact": lambda rng: (pair(), q.QuantumLLG(0.5), [q.states.product("+x", "up")] * ROWS, "exact"),
    "krylov": lambda rng: (pair(), q.QuantumLLG(0.5), [q.states.product("+x", "up")] * 3, "krylov"),
    "low-rank": lambda rng: (pair(), q.QuantumLLG(0.5), [q.states.product("+x", "up")] * 3, "low-rank"),
}

IN_COLUMNS = {"moments", "pauli"}           # whose right-hand side is a kernel of the state


def mixed(rng):
    roots = rng.normal(size=(ROWS, 4, 4)) + 1j * rng.normal(size=(ROWS, 4, 4))
    states = roots @ roots.conj().swapaxes(1, 2)
    return list(states / np.trace(states, axis1=1, axis2=2)[:, None, None])


@pytest.mark.parametrize("case", CASES)
def test_the_second_call_has_no_work_of_the_first(case, work):
    model, motion, states, method = CASES[case](np.random.default_rng(0))

    def one(number):
        return q.solve(model, motion, states[0], [0, 0.1], {"J": number}, method)

    one(-1.0)
    assert work["lower"] > 0                # the counters see this model's work
    work.clear()
    one(-0.7)
    assert not work, f"{case}: solved again, though nothing but a number is new: {dict(work)}"


@pytest.mark.parametrize("case", CASES)
def test_a_batch_costs_no_more_than_one_row_and_nothing_the_second_time(case, work):
    model, motion, states, method = CASES[case](np.random.default_rng(0))
    q.solve_many(model, motion, list(states[:1]), [0, 0.1], {"J": -1.0}, method)
    single = Counter(work)
    work.clear()
    law._derived.cache_clear()
    dense._kept.cache_clear()
    model, motion, states, method = CASES[case](np.random.default_rng(0))
    q.solve_many(model, motion, list(states), [0, 0.1], {"J": -1.0}, method)
    assert work["lower"] > 0
    columns = Counter(compile=1) if case in IN_COLUMNS else Counter()
    assert not work - single - columns
    work.clear()
    q.solve_many(model, motion, list(states), [0, 0.1], {"J": np.linspace(-1, 1, len(states))}, method)
    assert not work, f"{case}: solved again, though nothing but numbers is new: {dict(work)}"


@pytest.fixture
def calls(monkeypatch):
    """The numbers of lanes of all calls of compiled right-hand sides: what counts them stands in their place."""
    seen, kept_alive, real = [], [], compiled._addresses
    kind = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)

    def addresses(lanes, layout):
        slope, *rest = real(lanes, layout)
        original = kind(slope)

        def count(*args):
            seen.append(lanes)
            original(*args)

        kept_alive.append(kind(count))
        return [ctypes.cast(kept_alive[-1], ctypes.c_void_p).value, *rest]

    monkeypatch.setattr(compiled, "_addresses", addresses)
    return seen


@pytest.mark.parametrize("case", CASES)
def test_a_batch_evaluates_no_more_than_its_rows_one_after_another(case, calls):
    """In lockstep one call serves eight rows; rows that are taken one by one count as often as alone."""
    model, motion, states, method = CASES[case](np.random.default_rng(0))
    numbers, times = np.linspace(-1, 1, len(states)), [0, 0.5, 1]

    def batch(**how):
        calls.clear()
        many = q.solve_many(model, motion, list(states), times, {"J": numbers}, method, threads=1, **how)
        return len(calls), int(np.sum(many.stats["evaluations"]))

    alone = [q.solve(model, motion, state, times, {"J": number}, method).stats["evaluations"]
             for state, number in zip(states, numbers, strict=True)]
    single = len(calls)
    assert single in (0, sum(alone))                # what is counted here and what the methods count is one
    together, counted = batch()
    if case in ("moments", "pauli", "frame"):
        assert 0 < together * 4 < single
        assert batch(stop=lambda t, state: False)[0] > together * 4
    else:
        assert together <= single
        assert counted <= sum(alone)


def test_an_equal_model_made_anew_has_no_work_either(work):
    def solved():
        return q.solve(pair(), q.QuantumLLG(0.5), np.eye(4) / 4, [0, 1], {"J": 1}, method="pauli")

    solved()
    work.clear()
    solved()
    assert not work


def test_components_compile_once_in_every_form_and_language(work):
    components = q.QuantumLLG(0.5).derive(pair()).pauli()
    ways = [(target, form) for target in ("c", "numpy", "mpmath") for form in ("two-level", "spectrum")]
    for target, form in ways:
        assert components.compile(target, form).kernel.operations
    work.clear()
    for target, form in ways:
        compiled = components.compile(target, form)
        assert compiled.kernel.operations
    assert not work


def test_a_large_state_space_does_not_cut_a_classical_batch(monkeypatch):
    from qllg_sym.flow.methods import moments as components

    calls = []
    real = components.integrate
    monkeypatch.setattr(components, "integrate", lambda *args, **kwargs: calls.append(1) or real(*args, **kwargs))
    q.solve_many(ring(20), q.ClassicalLLG(0.1), list(moments(np.random.default_rng(0), 20)), [0, 0.1], {"J": 1.0},
                 threads=2)
    assert len(calls) == 2


def test_what_is_remembered_is_no_part_of_copies_pickles_and_comparisons():
    equation = q.QuantumLLG(0.5).derive(pair())
    kernel = lowering.kernel(equation.pauli(), "two-level")
    before = kernel.text
    equation.pauli().compile("numpy", "two-level")
    assert "_made" in kernel.__dict__
    again = pickle.loads(pickle.dumps(kernel))
    assert again == kernel
    assert again.text == before
    assert "_made" not in again.__dict__
    assert "_made" not in copy.copy(kernel).__dict__


def test_what_fails_is_tried_again():
    class Owner:
        pass

    tries = []

    @kept
    def make(owner, key):
        tries.append(key)
        if len(tries) == 1:
            raise ValueError("not yet")
        return key

    owner = Owner()
    with pytest.raises(ValueError, match="not yet"):
        make(owner, 1)
    assert [make(owner, 1), make(owner, 1), make(Owner(), 1)] == [1, 1, 1]
    assert tries == [1, 1, 1]
