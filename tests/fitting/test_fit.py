"""Fits: parameters back from data without and with noise, errors that are what they say, and refusals."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, kappa, B, unused = sp.symbols("J kappa B unused", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])
LAW, START, TIMES = q.QuantumLLG(kappa), q.states.product("up", "down"), np.linspace(0, 8, 41)
TRUE = {"J": 0.2, "kappa": 0.35}


def runs(model=DIMER, law=LAW, state=START, **values):
    return q.solve(model, law, state, TIMES, values={**TRUE, "B": 1.0, **values})


@pytest.fixture(scope="module")
def clean():
    return runs()


def test_data_without_noise_give_the_parameters_back(clean):
    found = q.fit(DIMER, LAW, START, TIMES, clean.bloch(0), free={"J": 0.5, "kappa": 0.5}, values={"B": 1})
    assert found.values == pytest.approx(TRUE, abs=1e-8)
    assert found.stats["jacobian"] == "exact sensitivities"
    assert found.chi2 < 1e-18
    assert found.trajectory.bloch(0) == pytest.approx(clean.bloch(0), abs=1e-8)


@pytest.mark.parametrize(("law", "state"), [
    (q.VonNeumann() + q.Dephasing(kappa), START), (q.ClassicalLLG(kappa), [(0, 0, 1), (0, 0.6, -0.8)]),
    (LAW, q.states.thermal(q.Model(DIMER.space, [q.Zeeman((J, 0, 1))]), 1))])
def test_other_laws_and_states_have_exact_sensitivities(law, state):
    data = runs(law=law, state=state).bloch(0) if not law.classical else runs(law=law, state=state).moments[:, 0]
    found = q.fit(DIMER, law, state, TIMES, data, free={"J": 0.3, "kappa": 0.4}, values={"B": 1})
    assert found.values == pytest.approx(TRUE, abs=1e-7)
    assert found.stats["jacobian"] == "exact sensitivities"


def test_several_data_with_their_own_errors(clean):
    total = (np.kron(np.diag([1, -1]), np.eye(2)) + np.kron(np.eye(2), np.diag([1, -1]))) / 2
    data = {"first": clean.bloch(0), "z": np.einsum("njk,kj->n", clean.states, total).real}
    found = q.fit(DIMER, LAW, START, TIMES, data, free={"kappa": 0.1, "J": 0.1}, values={"B": 1},
                  observe={"first": "bloch0", "z": "Sz"}, sigma={"first": 0.1, "z": np.full(41, 0.2)})
    assert found.values == pytest.approx(TRUE, abs=1e-8)
    assert found.freedom == 4 * 41 - 2


def test_the_covariance_is_that_of_the_differences(clean):
    sigma = 0.01
    found = q.fit(DIMER, LAW, START, TIMES, clean.bloch(0), {"J": 0.25, "kappa": 0.3}, values={"B": 1}, sigma=sigma)
    h = 1e-5
    moved = [runs(**{name: TRUE[name] + h}).bloch(0) - runs(**{name: TRUE[name] - h}).bloch(0) for name in TRUE]
    columns = [change.ravel() / (2 * h * sigma) for change in moved]
    expected = np.linalg.inv(np.array(columns) @ np.array(columns).T)
    assert found.covariance == pytest.approx(expected, rel=1e-4)
    assert list(found.errors.values()) == pytest.approx(np.sqrt(np.diag(expected)), rel=1e-4)
    assert found.correlation[0, 1] == pytest.approx(expected[0, 1] / np.sqrt(expected[0, 0] * expected[1, 1]), rel=1e-3)


@pytest.mark.slow
def test_errors_are_what_they_say():
    """Of 1000 sets 95 ± 2 % lie within 1.96 standard deviations: four of the share's own; with sigma doubled all do."""
    spin, times, true = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))]), np.linspace(0, 4, 6), {"B": 1.0, "kappa": 0.3}
    clean = q.solve(spin, LAW, q.states.product("+x"), times, values=true).bloch(0)
    rng, shares = np.random.default_rng(3), []
    for count, width in ((1000, 0.01), (100, 0.02)):
        inside = np.zeros(2)
        for _ in range(count):
            data = clean + rng.normal(scale=0.01, size=clean.shape)
            found = q.fit(spin, LAW, q.states.product("+x"), times, data, free=true, sigma=width)
            inside += [abs(found.values[name] - true[name]) < 1.96 * found.errors[name] for name in true]
        shares.append(inside / count)
    assert shares[0] == pytest.approx(0.95, abs=0.02)
    assert shares[1].min() > 0.99


def test_without_sigma_the_scatter_is_the_error(clean):
    noise = np.random.default_rng(5).normal(scale=0.02, size=(41, 3))
    one, other = (q.fit(DIMER, LAW, START, TIMES, clean.bloch(0) + noise, {"J": 0.2, "kappa": 0.3}, values={"B": 1},
                        sigma=sigma) for sigma in (None, 0.02))
    assert one.values == pytest.approx(other.values, rel=1e-6)
    assert one.covariance == pytest.approx(other.covariance * other.chi2 / other.freedom, rel=1e-5)
    assert 80 < other.chi2 < 170


def test_what_the_data_do_not_tell_apart_is_said():
    """One spin in a field along z, data of r_z alone: B and κ come as κB/(1 + κ²) only."""
    spin = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])
    data = q.solve(spin, LAW, q.states.product("+x"), TIMES, values={"B": 1.0, "kappa": 0.3})
    along = data.bloch(0)[:, 2] / 2
    found = q.fit(spin, LAW, q.states.product("+x"), TIMES, along, free={"B": 1.1, "kappa": 0.25}, observe="Sz")
    rate = found.values["kappa"] * found.values["B"] / (1 + found.values["kappa"]**2)
    assert rate == pytest.approx(0.3 / 1.09, abs=1e-6)
    assert np.isinf(list(found.errors.values())).all()
    shares, = found.unfixed
    assert shares["B"] / shares["kappa"] < 0        # B may rise where κ falls
    assert "the data do not fix" in found.describe()


def test_bounds_hold_and_a_damping_stays_positive(clean):
    found = q.fit(DIMER, LAW, START, TIMES, clean.bloch(0), free={"J": 0.2, "kappa": 0.4}, values={"B": 1},
                  bounds={"kappa": (0.38, 1.0)})
    assert found.values["kappa"] == pytest.approx(0.38, abs=1e-9)


def test_it_says_what_it_is(clean):
    found = q.fit(DIMER, LAW, START, TIMES, clean.bloch(0), free={"J": 0.2, "kappa": 0.3}, values={"B": 1}, sigma=0.01)
    assert repr(found).startswith("<Fit: J = 0.2 ± ")
    assert "least known:" in found.describe()


def test_a_parameter_that_a_bound_holds_is_named(clean):
    """J = 0.2 lies beyond the bound; κ, within its own, is not named, nor J where the bound is elsewhere."""
    def found(low, high):
        return q.fit(DIMER, LAW, START, TIMES, clean.bloch(0), free={"J": 0.15, "kappa": 0.3}, values={"B": 1},
                     sigma=0.01, bounds={"J": (low, high)})

    held = found(0.1, 0.18)
    assert held.at_bounds == ("J",)
    assert "J is at a bound: its error holds without the bound only" in held.describe().splitlines()
    free = found(0.1, 0.3)
    assert free.at_bounds == ()
    assert "bound" not in free.describe()
