"""`sweep` gives at every point what `solve` gives there, labelled; what fails is told, and the rest goes on."""

import copy
import itertools
import warnings

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.modeltext.from_text import model_from_text
from studies.cases import DIMER, KAPPA, LAW, OVER, SPACE, START, TIMES, VALUES, B, D, J, first_z, same, study


@pytest.fixture(scope="module")
def ds():
    return study()


def test_every_point_is_what_solve_gives_there(ds):
    for d, kappa in itertools.product(OVER["D"], OVER["kappa"]):
        one = q.solve(DIMER, LAW, START, TIMES, {**VALUES, "D": d, "kappa": kappa})
        at = ds.sel(D=d, kappa=kappa)
        assert np.abs(at.E.values - one.energy).max() < 1e-9
        assert np.abs(at.B.values - one.nonlocality()).max() < 1e-7         # the root of rounding
        assert np.abs(at.z.values - one.bloch(0)[:, 2]).max() < 1e-9
        assert np.abs(at.r.values - one.bloch(1)).max() < 1e-9
        assert np.abs(at.xx.values - one.expectation(q.Pauli(1, "XX"))).max() < 1e-9


def test_axes_are_labelled_in_the_order_given(ds):
    assert ds.B.dims == ds.E.dims == ("D", "kappa", "time")
    assert ds.r.dims == ("D", "kappa", "time", "axis")
    assert ds.axis.values.tolist() == ["x", "y", "z"]
    assert np.array_equal(ds.D, OVER["D"])
    assert np.array_equal(ds.time, TIMES)
    assert ds.failure.dims == ("D", "kappa")
    assert np.all(ds.failure == "")
    assert "DMI" in ds.attrs["hamiltonian"]
    assert ds.attrs["values"] == '{"J": 1.0, "B": 0.3}'


def test_attributes_say_what_was_solved_as_those_of_a_trajectory_do(ds):
    """The text alone gives the numbers again."""
    model, law, values = model_from_text(ds.attrs["model_file"])
    one = q.solve(model, law, START, TIMES, {**values, "D": 0.25, "kappa": 0.5})
    assert np.abs(ds.E.sel(D=0.25, kappa=0.5).values - one.energy).max() < 1e-9
    told = one.to_xarray().attrs
    same = ("hamiltonian", "hamiltonian_latex", "equation", "law_kind", "law_source", "versions", "method_asked",
            "rtol", "atol", "equation_digest")
    assert {name: ds.attrs[name] for name in same} == {name: told[name] for name in same}


def test_signals_are_in_the_text():
    pulse = q.signal("pulse")
    driven, up = q.Model(q.Space("1/2"), [q.Zeeman((pulse, 0, J))]), q.states.product("up")
    samples = np.linspace(0, 1, 6), np.array([0, 1, 2, 0.5, 1, 0])
    ds = q.sweep(driven, q.QuantumLLG(0.5), up, [0, 1], over={"J": [0.5, 1]}, values={pulse: samples})
    model, law, values = model_from_text(ds.attrs["model_file"])
    assert np.abs(ds.energy.sel(J=1).values - q.solve(model, law, up, [0, 1], {**values, "J": 1}).energy).max() < 1e-9
    driven = q.Model(q.Space("1/2"), [q.Zeeman((q.signal("pulse", resolution=0.1), 0, J))])
    called = q.sweep(driven, q.QuantumLLG(0.5), up, [0, 1], over={"J": [0.5]}, values={"pulse": np.sin},
                     observe=["energy"])
    assert "its values are not kept" in called.attrs["model_file"]


def test_what_has_no_text_says_why():
    odd = q.Model(q.Space("1/2"), [q.Zeeman((sp.Symbol("B_{x}", real=True), 0, 0))])
    ds = q.sweep(odd, q.QuantumLLG(0.5), q.states.product("up"), [0, 1], over={"B_{x}": [1]}, observe=["energy"])
    assert "model_file" not in ds.attrs
    assert "B_{x}" in ds.attrs["model_file_missing"]
    assert r"\mathbf B" in ds.attrs["hamiltonian_latex"]


def test_energy_and_bloch_vectors_are_read_unless_something_else_is_asked():
    ds = q.sweep(DIMER, LAW, START, TIMES, over={"D": [0.2]}, values={**VALUES, "kappa": 0.5})
    one = q.solve(DIMER, LAW, START, TIMES, {**VALUES, "D": 0.2, "kappa": 0.5})
    assert ds.bloch.dims == ("D", "time", "site", "axis")
    assert np.abs(ds.bloch[0].values - one.profile()).max() < 1e-9
    assert set(ds.data_vars) == {"energy", "bloch", "failure"}


def test_initial_states_are_an_axis():
    states = {"up down": START, "mixed": q.states.werner("psi+", 0.4), "hot": q.states.thermal(DIMER, 2)}
    ds = q.sweep(DIMER, LAW, None, TIMES, over={"D": [0, 0.5], "state": states, "kappa": [0.3, 0.4]}, values=VALUES,
                 observe=["purity", "energy"])
    assert ds.purity.dims == ("D", "state", "kappa", "time")
    assert ds.state.values.tolist() == list(states)
    for name, d, kappa in itertools.product(states, [0, 0.5], [0.3, 0.4]):
        one = q.solve(DIMER, LAW, states[name], TIMES, {**VALUES, "D": d, "kappa": kappa})
        at = ds.sel(state=name, D=d, kappa=kappa)
        assert np.abs(at.purity.values - one.purity).max() < 1e-9
        assert np.abs(at.energy.values - one.energy).max() < 1e-9


def test_states_alone_are_a_study():
    ds = q.sweep(DIMER, LAW, None, TIMES, over={"state": {"a": START, "b": q.states.bell("psi-")}},
                 values={**VALUES, "D": 0, "kappa": 1}, observe="concurrence(1, 0)")
    assert ds["concurrence(1, 0)"].dims == ("state", "time")
    assert np.allclose(ds["concurrence(1, 0)"].sel(state="b"), 1, rtol=0, atol=1e-12)


def test_a_coefficient_of_the_law_needs_no_symbol():
    with_symbol = study(over={"kappa": [0.1, 0.5]}, values={**VALUES, "D": 0.3})
    assert same(study(law=q.QuantumLLG(0.7), over={"kappa": [0.1, 0.5]}, values={**VALUES, "D": 0.3}), with_symbol)
    spin, up = q.Model(q.Space("1/2"), [q.Zeeman((B, 0, 1))]), q.states.product("up")
    ds = q.sweep(spin, q.QuantumLLG(0.2) + q.Dephasing(0.1), up, TIMES, over={"rate": [0.0, 1.0]}, values={"B": 0.3})
    for rate in (0.0, 1.0):
        one = q.solve(spin, q.QuantumLLG(0.2) + q.Dephasing(rate), up, TIMES, {"B": 0.3})
        assert np.abs(ds.energy.sel(rate=rate).values - one.energy).max() < 1e-8


def test_classical_laws():
    moments = np.array([[0, 0, 1.0], [1.0, 0, 0]])
    ds = q.sweep(DIMER, q.ClassicalLLG(0.3), moments, TIMES, over={"alpha": [0.1, 0.4], "D": [0.1]},
                 values=VALUES, observe={"r": "bloch1", "z": lambda m: m[0, 2], "E": "energy"})
    for alpha in (0.1, 0.4):
        one = q.solve(DIMER, q.ClassicalLLG(alpha), moments, TIMES, {**VALUES, "D": 0.1})
        at = ds.sel(alpha=alpha, D=0.1)
        assert np.abs(at.r.values - one.bloch(1)).max() < 1e-8
        assert np.abs(at.z.values - one.bloch(0)[:, 2]).max() < 1e-8
        assert np.abs(at.E.values - one.energy).max() < 1e-8


def test_a_point_without_an_equation_is_told_and_the_rest_goes_on():
    model = q.Model(SPACE, [q.Exchange(1 / J, 0, 1), q.Zeeman((0, 0, B))])
    points = [-1.0, 0.0, 0.5, 2.0]
    ds = q.sweep(model, q.QuantumLLG(0.5), START, TIMES, over={"J": points}, values={"B": 1}, observe=["energy"])
    assert np.isnan(ds.energy.sel(J=0.0)).all()
    assert ds.failure.sel(J=0.0).item() == "the Hamiltonian is not finite, after t = 0"
    for j in (-1.0, 0.5, 2.0):
        one = q.solve(model, q.QuantumLLG(0.5), START, TIMES, {"J": j, "B": 1})
        assert np.abs(ds.energy.sel(J=j).values - one.energy).max() < 1e-9
        assert ds.failure.sel(J=j).item() == ""


def test_a_function_that_fails_at_a_point_is_told():
    def picky(rho):
        if abs(rho[1, 1] - 1) > 1e-12 and rho[1, 1].real < 0.5:
            raise ZeroDivisionError("too far")
        return 1.0

    ds = study(observe={"one": picky, "E": "energy"}, over={"D": [0.0, 1.0], "kappa": [1e-3]}, times=[0, 0.4],
               values={"J": 0.0, "B": 0.0})
    assert ds.failure.values[:, 0].tolist() == ["", "ZeroDivisionError: too far"]
    assert np.isnan(ds.E.values[1]).all()
    assert np.all(ds.one.values[0] == 1)


def test_an_integration_that_does_not_end_is_told():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1 / (J - q.t)))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = q.sweep(model, q.QuantumLLG(0.5), q.states.product("+x"), [0, 2], over={"J": [1.0, 4.0]},
                     observe=["energy"])
    assert ds.failure.values[0] != ""
    assert ds.failure.values[1] == ""
    assert np.isnan(ds.energy[0]).all()
    assert np.isfinite(ds.energy[1]).all()


def test_complex_readings_and_matrices():
    ds = study(observe={"s": SPACE.spin(0).plus, "rho": "reduced(0)"}, over={"D": [0.5]}, values={**VALUES, "kappa": 1})
    one = q.solve(DIMER, LAW, START, TIMES, {**VALUES, "D": 0.5, "kappa": 1})
    assert np.abs(ds.rho[0].values - one.reduced(0)).max() < 1e-9
    assert ds.rho.dims == ("D", "time", "rho_1", "rho_2")
    assert ds.s.dtype == complex


def test_observables_by_name_are_for_solve_too():
    values = {**VALUES, "D": 0.5, "kappa": 1}
    one = q.solve(DIMER, LAW, START, TIMES, values, observe={"B": "nonlocality", "p": "purity"})
    full = q.solve(DIMER, LAW, START, TIMES, values)
    assert np.abs(one.observed["B"] - full.nonlocality()).max() < 1e-12
    assert np.abs(one.observed["p"] - full.purity).max() < 1e-12


def test_units_label_the_axes():
    model = q.Model(SPACE, [q.Exchange(J, 0, 1)], units=q.Units("meV", "ps"))
    ds = q.sweep(model, q.QuantumLLG(0.1), START, [0, 1], over={"J": [1.0]})
    assert ds.time.attrs["units"] == "ps"
    assert ds.energy.attrs["units"] == "meV"


def test_progress_is_told():
    seen = []
    study(progress=seen.append)
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_ctrl_c_ends_a_study():
    def stop(done):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(progress=stop, over={"D": np.linspace(0, 1, 40), "kappa": np.linspace(0, 1, 40)})


def test_bits_do_not_depend_on_how_many_cores_there_are(ds, monkeypatch):
    from qllg_sym.parallel.executors import threads

    monkeypatch.setattr(threads, "available_cores", lambda: 7)
    assert same(study(), ds)


def test_other_samples_in_the_hamiltonian_change_the_digest():
    """QuTiP's lists carry them in the model, of which print shows a name."""
    from qllg_sym.parallel.fingerprint import fingerprint

    def model(samples):
        return q.Model(q.Space("1/2"), [np.diag([1, -1]), [np.array([[0, 1], [1, 0]]), samples]], tlist=np.arange(6))

    pulse = np.array([0, 1, 2, 0.5, 1, 0])
    assert fingerprint(model(pulse)) == fingerprint(model(pulse.copy()))
    assert fingerprint(model(pulse)) != fingerprint(model(2 * pulse))


def test_a_point_more_changes_the_digest(ds):
    assert study().attrs["digest"] == ds.attrs["digest"]
    others = [{"over": {**OVER, "kappa": [0.1, 0.5]}}, {"values": {**VALUES, "B": 0.4}}, {"rtol": 1e-9},
              {"times": [0, 0.5]}, {"law": q.QuantumLL(KAPPA)},
              {"observe": {"E": "energy", "z": lambda r: r[0, 0].real}},
              {"observe": {"E": "energy", "z": lambda r: r[1, 1].real}}, {"state": q.states.product("up", "up")},
              {"model": q.Model(SPACE, [*DIMER.terms, q.Pauli(1, "ZZ")])}]
    digests = [study(**other).attrs["digest"] for other in others]
    assert len({*digests, ds.attrs["digest"]}) == len(others) + 1


def test_digests_are_of_content():
    from qllg_sym.parallel.fingerprint import fingerprint

    for thing in (DIMER, LAW, START, VALUES, first_z, q.states.thermal(DIMER, 2), q.LowRank([1], np.eye(4)[:, :1]),
                  q.QuantumLLG(KAPPA) + q.Lindblad([(0.1, SPACE.spin(0).minus)]), sp.sin(q.t) * D, {1, 2, 3}):
        assert fingerprint(thing) == fingerprint(copy.deepcopy(thing))
    assert fingerprint([1, 2]) != fingerprint([1, [2]])
    assert fingerprint(np.arange(4)) != fingerprint(np.arange(4).reshape(2, 2))
    signals = q.signal("f"), q.signal("f", support=[(0, 1)]), q.signal("f", resolution=1)      # which print alike
    assert len({fingerprint(q.Model(SPACE, [q.Zeeman((f, 0, 0))])) for f in signals}) == len(signals)
