"""Hamiltonians in time as QuTiP's users write them: at κ = 0 the solver gives what `sesolve` gives."""

import numpy as np
import pytest

import qllg_sym as q

qutip = pytest.importorskip("qutip")
TIMES = np.linspace(0, 5, 41)
Z, X, UP = qutip.sigmaz() / 2, qutip.sigmax() / 2, qutip.basis(2, 0)
FREQUENCY = {"w": 2.0}


def shared(t, args):
    return np.cos(args["w"] * t)


def named(t, w):
    return np.cos(w * t)


def any_name(t, **given):
    return np.cos(given["w"] * t)


def expected(H, args):
    evolving = qutip.QobjEvo(H, tlist=TIMES, args=args)
    return qutip.sesolve(evolving, UP, TIMES, e_ops=[qutip.sigmaz()], options={
        "method": "dop853", "rtol": 1e-11, "atol": 1e-12, "nsteps": 10**5}).expect[0]


@pytest.mark.filterwarnings("ignore::qllg_sym.QllgWarning")
@pytest.mark.parametrize("f", [shared, named, any_name, "cos(w*t)", np.cos(2 * TIMES)],
                         ids=["args", "name", "keywords", "text", "samples"])
def test_a_list_gives_what_qutip_gives(f):
    args = None if isinstance(f, np.ndarray) else FREQUENCY
    found = q.qllgsolve([Z, [X, f]], UP, TIMES, kappa=0, e_ops=[qutip.sigmaz()], args=args)
    reference = expected([Z, [X, f if isinstance(f, np.ndarray) else named]], args)
    assert abs(found.expect[0] - reference).max() < 1e-8
    assert abs(found.expect[0] - expected([Z, [X, lambda t: np.cos(1.9 * t)]], None)).max() > 1e-2    # the broken twin


@pytest.mark.filterwarnings("ignore::qllg_sym.QllgWarning")
def test_a_qobjevo_is_taken_as_it_is():
    evolving = qutip.QobjEvo([Z, [X, np.cos(2 * TIMES)]], tlist=TIMES)
    found = q.qllgsolve(evolving, UP, TIMES, kappa=0, e_ops=[qutip.sigmaz()])
    assert abs(found.expect[0] - expected([Z, [X, np.cos(2 * TIMES)]], None)).max() < 1e-8


@pytest.mark.parametrize(("coefficient", "says"), [("np.cos(t)", "arithmetic"), (np.ones(3), "has 41 for 3 samples"),
                                                   ("cos(w*t)", "'w' is unbound")])
def test_bad_coefficients_are_refused(coefficient, says):
    with pytest.raises(q.QllgError) as caught:
        q.qllgsolve([Z, [X, coefficient]], UP, TIMES, kappa=0)
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 0
