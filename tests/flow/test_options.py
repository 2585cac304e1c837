"""One record of options, checked at once; what a method alone has is passed on to it, and nothing else is."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.flow.methods import exact
from qllg_sym.flow.options import Options

MODEL, LAW, UP = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0))]), q.QuantumLLG(0.5), q.states.product("up")

WRONG = {
    "rtol": ({"rtol": 1e-15}, "rtol"), "rtol of one": ({"rtol": True}, "rtol"), "atol": ({"atol": 0}, "atol"),
    "keep": ({"keep": "some"}, "keep"), "stop": ({"stop": 3}, "stop"), "progress": ({"progress": "yes"}, "progress"),
    "threads": ({"threads": 0}, "threads"), "max_step": ({"max_step": -1}, "max_step"),
    "breakpoints": ({"breakpoints": "ab"}, "breakpoints"), "own": ({"own": 3}, "options"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_option_that_means_nothing_is_refused_at_once(name):
    wrong, argument = WRONG[name]
    with pytest.raises(q.QllgError, match=rf"^`{argument}` must [^\n]*\.$"):
        Options(**wrong)


def test_options_are_equal_where_they_ask_for_the_same():
    assert Options(breakpoints=[2, 1]) == Options(breakpoints=np.array([1.0, 2.0, 1.0]))
    assert Options(breakpoints=[2, 1]) != Options(breakpoints=[2, 1.5])
    assert Options(rtol=np.float64(1e-8)) == Options(rtol=1e-8)


def test_names_of_what_is_observed_are_text():
    assert list(q.solve(MODEL, LAW, UP, [0, 1], observe={0: np.eye(2)}).observed) == ["0"]
    assert list(q.solve_many(MODEL, LAW, [UP, UP], [0, 1], observe={0: np.eye(2)}).observed) == ["0"]


def calls(**options):
    """The three ways in which Python asks for the same."""
    yield lambda: q.solve(MODEL, LAW, UP, [0, 1], method="exact", options=options)
    yield lambda: q.solve_many(MODEL, LAW, [UP, UP], [0, 1], method="exact", options=options)
    yield lambda: q.qllgsolve(MODEL, UP, [0, 1], kappa=0.5, options={"method": "exact", **options})


def test_what_no_method_has_is_refused():
    for call in calls(bond=8):
        with pytest.raises(q.InputError, match=r"^`options` must be [^\n]*, but has 'bond'; drop it\.$"):
            call()


def test_what_a_method_alone_has_comes_to_it(monkeypatch):
    seen, run = [], exact.run
    monkeypatch.setattr(exact, "OPTIONS", ("bond", "cut"), raising=False)
    monkeypatch.setattr(exact, "run", lambda problem, watch: seen.append(problem.own) or run(problem, watch))
    for call in calls(bond=8):
        call()
    assert seen
    assert all(own == {"bond": 8} for own in seen)
    with pytest.raises(q.InputError, match=r"^`options` must be of bond, cut for the method 'exact', but has 'width'"):
        q.solve(MODEL, LAW, UP, [0, 1], options={"width": 3})
