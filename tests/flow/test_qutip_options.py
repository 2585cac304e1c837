"""QuTiP's options one by one: each is honoured, or refused in a sentence that says why."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.flow.qutip.options import options_of

qutip = pytest.importorskip("qutip")
DRIVEN = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, q.t))])
H, UP, TIMES = qutip.sigmax(), qutip.basis(2, 0), np.linspace(0, 2, 5)
SOLVERS = qutip.SESolver, qutip.MESolver
THEIRS = sorted({name for solver in SOLVERS for name in (
    *solver.solver_options, *(name for one in solver.avail_integrators().values() for name in one.integrator_options))})
HONOURED = {"atol": 1e-6, "rtol": 1e-6, "max_step": 0.1, "method": "frame", "normalize_output": False,
            "progress_bar": "", "progress_kwargs": {"chunk_size": 50}, "store_states": True, "store_final_state": True}


def run(**options):
    return q.qllgsolve(DRIVEN, q.states.product("up"), TIMES, kappa=0.1, options={"method": "frame", **options})


@pytest.mark.parametrize("name", THEIRS)
def test_every_option_of_qutips_solvers_is_honoured_or_refused(name):
    if name in HONOURED:
        assert options_of({name: HONOURED[name]}).shown[name] == HONOURED[name]
        return
    with pytest.raises(q.InputError, match=rf"^`options` must be [^\n]*'{name}'[^\n]*; drop it\.$"):
        options_of({name: 1})


INTEGRATORS = {name for solver in SOLVERS for name in solver.avail_integrators()}


@pytest.mark.parametrize("name", sorted(INTEGRATORS - {"krylov"}))
def test_qutips_integrators_are_named_as_such(name):
    with pytest.raises(q.InputError, match=rf"^`options\['method'\]` must be auto or one of [^\n]*'{name}' is an "):
        options_of({"method": name})


def test_tolerances_and_steps_are_those_asked_for():
    loose, tight = run(rtol=1e-4, atol=1e-4), run(rtol=1e-12, atol=1e-14)
    assert loose.stats["steps"] < tight.stats["steps"] / 2
    assert run(rtol=1e-4, atol=1e-4, max_step=0.01).stats["steps"] >= 200
    assert run(rtol=1e-4, atol=1e-4, max_step=0).stats["steps"] == loose.stats["steps"]
    assert run(breakpoints=[0.77]).stats["steps"] > 0


def test_nothing_is_renormalised():
    assert options_of({"normalize_output": False}).shown["normalize_output"] is False
    with pytest.raises(q.InputError, match=r"^`options\['normalize_output'\]` must be False"):
        options_of({"normalize_output": True})


@pytest.mark.parametrize("name", ["text", "enhanced", "html"])
def test_bars_are_drawn_by_their_names(name, capsys):
    if name == "html":
        pytest.importorskip("IPython")
    run(progress_bar=name, progress_kwargs={"chunk_size": 50})
    shown = capsys.readouterr().out
    if name == "text":
        assert [line.partition(" ")[0] for line in shown.splitlines()][-1] == "100.0%."
        assert 2 <= len(shown.splitlines()) <= 3
    elif name == "enhanced":
        assert shown.count("\r") in (2, 3)
        assert "[" + "*" * 25 + "] 100%" in shown


@pytest.mark.parametrize("name", ["", False, None])
def test_no_bar_is_drawn_where_none_is_wanted(name, capsys):
    run(progress_bar=name)
    assert capsys.readouterr() == ("", "")


def test_tqdm_draws_on_standard_error(capsys):
    run(progress_bar="tqdm")
    assert "%|" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "argument"), [
    ({"progress_bar": "fancy"}, "progress_bar"), ({"progress_kwargs": 3}, "progress_kwargs"),
    ({"progress_kwargs": {"chunk_size": 0}}, "progress_kwargs"), ({"progress_kwargs": {"a": 1}}, "progress_kwargs"),
    ({"store_states": "yes"}, "store_states"), ({"rtol": 3}, "rtol"), ({"max_step": -1}, "max_step"),
])
def test_what_means_nothing_is_refused_by_name(options, argument):
    with pytest.raises(q.QllgError, match=rf"^`options\['{argument}'\]` must [^\n]*\.$"):
        q.qllgsolve(H, UP, TIMES, kappa=0.1, options=options)


def test_a_misspelt_name_gets_the_right_one():
    with pytest.raises(q.InputError, match=r"but has 'store_state' \(did you mean store_states\?"):
        options_of({"store_state": True})
