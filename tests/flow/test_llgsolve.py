"""`llgsolve`: classical moments in QuTiP's shape."""

import numpy as np
import pytest

import qllg_sym as q

TIMES = np.linspace(0, 4, 9)
FIELD = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])


def test_one_damped_moment_ends_as_its_closed_form_says():
    """m_z = tanh(αt/(1 + α²)) from +x."""
    result = q.llgsolve(FIELD, [[1, 0, 0]], TIMES, alpha=0.5, e_ops={"z": lambda t, m: m[0, 2], "t": lambda t, m: t})
    assert abs(result.e_data["z"] - np.tanh(0.4 * TIMES)).max() < 1e-9
    assert (result.e_data["t"] == TIMES).all()
    assert result.moments.shape == (9, 1, 3)
    assert (result.states, result.solver) == ([], "llgsolve")
    assert abs(result.final_state - result.moments[-1]).max() == 0


@pytest.mark.parametrize("kind", ["array", "Qobj"])
def test_a_hamiltonian_of_spins_acts_by_its_mean(kind):
    """−S·B in the mean field is the same B."""
    qutip = pytest.importorskip("qutip")
    h = -0.5 * qutip.sigmaz() - 0.2 * qutip.sigmax()
    model = q.Model(q.Space("1/2"), [q.Zeeman((0.4, 0, 1))])
    given = h if kind == "Qobj" else h.full()
    mine = q.llgsolve(given, [[0, 1, 0]], TIMES, alpha=0.2)
    assert len(mine.states) == 9
    assert abs(np.array(mine.states) - q.llgsolve(model, [[0, 1, 0]], TIMES, alpha=0.2).moments).max() < 1e-9


def test_two_spins_turn_about_each_other_with_half_the_coupling_of_the_paper():
    """J σ·σ: the mean field of the partner is −2J m, that of the paper −J m."""
    pair = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1)])
    start = [[1, 0, 0], [0, 1, 0]]
    fields = {field: q.llgsolve(pair, start, [0, 0.3], alpha=0, field=field).moments[-1] for field in ("mean", "paper")}
    slow = q.llgsolve(pair, start, [0, 0.6], alpha=0).moments[-1]
    assert abs(fields["mean"] - slow).max() < 1e-9
    assert abs(fields["mean"] - fields["paper"]).max() > 0.1


@pytest.mark.parametrize(("change", "argument"), [
    ({"m0": [[1, 1, 0]]}, "m0"), ({"m0": [1, 0, 0]}, "m0"), ({"e_ops": [np.eye(2)]}, r"e_ops\[0\]"),
    ({"field": "strong"}, "field"), ({"tlist": [1, 0]}, "tlist"), ({"options": {"method": "exact"}}, "options"),
])
def test_messages_name_its_own_arguments(change, argument):
    given = {"H": FIELD, "m0": [[1, 0, 0]], "tlist": TIMES, "alpha": 0.5} | change
    with pytest.raises(q.QllgError, match=rf"^`{argument}[^\n]*\.$"):
        q.llgsolve(**given)
