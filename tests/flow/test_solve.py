"""The options of `solve`: what is kept, observed, shown and stopped; Ctrl-C, failures, times in between, files."""

import os
import signal
import threading

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from flow.driving import drive
from flow.reference import distance, integrate
from qllg_sym.errors import InputError, IntegrationError, QllgError, SolveInterrupted
from qllg_sym.flow.exact.walk import bases
from qllg_sym.flow.progress import Progress
from systems import DampedMoment, IsotropicDimer

TIMES = np.linspace(1.0, 4.0, 7)
SYSTEM, MOMENT = IsotropicDimer(), DampedMoment()
SINGLET = np.outer([0, 1, -1, 0], [0, 1, -1, 0]) / 2
METHODS = ("exact", "frame", "pauli")


def run(method="frame", times=TIMES, **options):
    return q.solve(SYSTEM.model, SYSTEM.law, SYSTEM.state, times, method=method, **options)


def classical(**options):
    return q.solve(MOMENT.model, MOMENT.law, MOMENT.state, TIMES, **options)


@pytest.mark.parametrize("method", METHODS)
def test_keep_final(method):
    whole, last = run(method), run(method, keep="final")
    assert distance(last.final_state, whole.states[-1]) == 0
    assert np.array_equal(last.energy, whole.energy)
    assert np.array_equal(last.times, whole.times)
    with pytest.raises(InputError, match=r"^`states` [^\n]*\.$"):
        _ = last.states
    assert distance(last.at(2.0), whole.at(2.0)) < 1e-9
    assert classical(keep="final").final_state == pytest.approx(classical().moments[-1])


@pytest.mark.parametrize("method", METHODS)
def test_observe_operators_and_functions(method):
    whole = run(method)
    found = run(method, observe={"singlet": SINGLET, "corner": lambda rho: rho[0, 0].real, "row": lambda rho: rho[1],
                                 "ladder": np.diag([1, 1, 1], 1), "a name\n'": np.eye(4)})
    assert found.observed["singlet"] == pytest.approx(whole.expectation(SINGLET))
    assert found.observed["singlet"].dtype == float
    assert found.observed["ladder"].dtype == complex
    assert np.array_equal(found.observed["corner"], whole.states[:, 0, 0].real)
    assert np.array_equal(found.observed["row"], whole.states[:, 1])
    assert found.observed["a name\n'"] == pytest.approx(1)
    assert np.array_equal(found.energy, whole.energy)
    with pytest.raises(InputError, match=r"^`states` needs"):
        _ = found.states
    assert distance(found.at(TIMES[2]), whole.states[2]) < 1e-9


def test_observe_moments():
    found = classical(observe={"z": lambda m: m[0, 2]})
    assert np.array_equal(found.observed["z"], classical().moments[:, 0, 2])


@pytest.mark.parametrize("method", METHODS)
def test_stop_ends_the_work_there(method):
    seen, fractions = [], []

    def stop(t, state):
        seen.append(t)
        assert state.shape == (4, 4)
        return np.trace(state @ SINGLET).real > 0.9

    whole = run(method)
    found = run(method, stop=stop, progress=fractions.append)
    reached = int(np.argmax(whole.expectation(SINGLET) > 0.9))
    assert 0 < reached < len(TIMES) - 1
    assert seen == found.times.tolist() == TIMES[:reached + 1].tolist()
    assert distance(found.states, whole.states[:reached + 1]) == 0
    assert max(fractions) < 1                                          # nothing was integrated beyond
    assert distance(found.at(TIMES[1] + 0.1), whole.at(TIMES[1] + 0.1)) < 1e-9
    assert len(seen) == len(found)                                     # `at` does not ask it again
    with pytest.raises(InputError, match=r"^`t` must be a time from 1 to "):
        found.at(TIMES[-1])


def test_stop_before_a_failure_is_no_failure():
    model = q.Model(q.Space("1/2"), [q.Zeeman((sp.tan(q.t), 0, 0))])
    found = q.solve(model, q.QuantumLLG(0.5), q.states.product("up"), np.linspace(0, 2, 9), stop=lambda t, rho: t > 0.9)
    assert found.times[-1] == 1.0


def test_stop_for_moments():
    found = classical(stop=lambda t, m: m[0, 2] > 0.9)
    assert found.moments[-1, 0, 2] > 0.9 > found.moments[-2, 0, 2]


@pytest.mark.parametrize("method", METHODS)
def test_progress_tells_the_fraction_done(method):
    seen = []
    run(method, progress=seen.append)
    assert seen == sorted(seen)
    assert 0 <= seen[0] < seen[-1] == 1.0


def test_progress_bar_goes_to_stderr_and_leaves_nothing(capsys):
    run(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("\rsolve:   0%|")
    assert err.endswith("\r")                                          # the line is cleared
    run(progress=False)
    assert capsys.readouterr().err == ""


def test_progress_is_closed_on_errors():
    holder = Progress(True)
    with pytest.raises(InputError), holder:
        classical(keep="nothing")
    assert holder._bar.disable                                         # tqdm's word for closed


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_keeps_what_was_reached(method):
    def interrupt(fraction):
        if fraction > 0.4:
            raise KeyboardInterrupt

    sentence = r"^`solve` was interrupted after t = [\d.]+; [^\n.]*`\.partial`[^\n]*\.$"
    with pytest.raises(SolveInterrupted, match=sentence) as caught:
        run(method, progress=interrupt)
    partial = caught.value.partial
    assert isinstance(caught.value, KeyboardInterrupt)
    assert isinstance(caught.value, QllgError)
    assert 1 < len(partial) < len(TIMES)
    assert distance(partial.states, run(method).states[:len(partial)]) == 0
    assert len(partial.energy) == len(partial)
    assert distance(partial.at(1.2), run(method).at(1.2)) < 1e-9


def pressed(*_, **__):
    raise KeyboardInterrupt


def one_block(*given):
    """A block of the exact solution, then Ctrl-C in the middle of the next."""
    yield next(bases(*given))[:, :3]
    raise KeyboardInterrupt


PLACES = [("methods.exact.moved", pressed, 1), ("exact.doubles.bases", one_block, 3)]
OPTIONS = [{}, {"keep": "final"}, {"observe": {"singlet": SINGLET}}]
READING = ("run.Recorder.with_energy", pressed, len(TIMES))  # energies of a last state are taken as states come


@pytest.mark.parametrize(("place", "press", "count", "options"), [
    *((*place, options) for place in PLACES for options in OPTIONS), (*READING, OPTIONS[0]), (*READING, OPTIONS[2])])
def test_ctrl_c_inside_the_arithmetic_keeps_what_is_whole(monkeypatch, place, press, count, options):
    whole = run("exact")
    monkeypatch.setattr(f"qllg_sym.flow.{place}", press)
    with pytest.raises(SolveInterrupted, match=r"^`solve` was interrupted") as caught:
        run("exact", **options)
    monkeypatch.undo()
    assert len(caught.value.partial) == count
    assert distance(caught.value.partial.last.final_state, whole.states[count - 1]) < 1e-12


@pytest.mark.parametrize("method", ["frame", "pauli", "moments"])
def test_ctrl_c_before_a_method_begins_leaves_the_start(monkeypatch, method):
    monkeypatch.setattr(f"qllg_sym.flow.methods.{method}.run", pressed)
    with pytest.raises(SolveInterrupted) as caught:
        classical() if method == "moments" else run(method)
    assert caught.value.partial.times.tolist() == TIMES[:1].tolist()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_real_signal_interrupts():
    """SIGINT in the middle of a long integration, from another thread."""
    begun = threading.Event()

    def press():
        """Press Ctrl-C once the integration runs."""
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    hand = threading.Thread(target=press, daemon=True)
    hand.start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)      # a job in the background ignores it
    try:
        with pytest.raises(SolveInterrupted) as caught:
            run(times=np.linspace(0, 1e8, 1001), progress=lambda fraction: begun.set())
    finally:
        signal.signal(signal.SIGINT, before)
    hand.join()
    assert 0 < len(caught.value.partial) < 1001


@pytest.mark.parametrize(("field", "turn", "reached", "pole"), [
    (sp.tan(q.t), lambda t: -np.log(np.cos(t)), 1.5, np.pi / 2), (1 / (1 - q.t), lambda t: -np.log(1 - t), 0.75, 1)],
    ids=["tan", "pole"])
@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_field_that_blows_up(method, field, turn, reached, pole):
    """How far it came, and the partial result, which is right: a turn about z by the integral of the field."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, field))])
    times = np.linspace(0, 2, 9)
    sentence = r"^The integration must reach [^\n]* t = [0-9.]*: [^\n]*; [^\n]*\.$"
    with pytest.raises(IntegrationError, match=sentence) as caught:
        q.solve(model, q.VonNeumann(), q.states.product("+x"), times, method=method, rtol=1e-7)
    assert caught.value.time == pytest.approx(pole, abs=1e-4)        # the stepper's own time, not the grid's
    partial = caught.value.partial
    angle = turn(times[times <= reached])
    expected = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], axis=1)
    assert partial.times.tolist() == times[times <= reached].tolist()
    assert distance(partial.bloch(0), expected) < 1e-5


def test_a_classical_field_that_blows_up():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.tan(q.t)))])
    with pytest.raises(IntegrationError) as caught:
        q.solve(model, q.ClassicalLLG(0.1), [[1, 0, 0]], [0, 1, 2], rtol=1e-5)
    assert caught.value.partial.moments.shape == (2, 1, 3)
    assert caught.value.time == pytest.approx(np.pi / 2, abs=1e-4)


@pytest.mark.parametrize("method", ["frame", "pauli"])
@pytest.mark.parametrize("field", [1 / q.t, sp.exp(1 / q.t), sp.exp(10**6 * q.t)], ids=["pole", "essential", "stiff"])
def test_a_field_without_a_value_ends_at_once(method, field):
    """A right-hand side that is NaN or infinite, or needs endless steps, fails; it does not hang."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((field, 0, 1))])
    with pytest.raises(IntegrationError, match=r"^The integration must reach [^\n]*(not finite near|needs steps)"):
        q.solve(model, q.QuantumLLG(0.5), q.states.product("up"), [0, 1], method=method, rtol=1e-4)


def test_the_driver_reports_a_state_that_is_not_finite():
    path = drive(lambda t, y: y**2, np.ones(1), np.array([0.0, 0.5, 2.0]), 1e-8, 1e-10, lambda t: None)
    assert path.failure
    assert len(path.samples) == 2
    assert path.samples[1, 0] == pytest.approx(2.0, rel=1e-6)         # 1/(1 − t)
    assert not path.interrupted


def test_the_driver_samples_and_projects():
    """Samples lie on the circle to which `project` brings them, between steps as well as on them."""
    times = np.linspace(0, 20, 101)
    path = drive(lambda t, y: np.array([-y[1], y[0]]), np.array([1.0, 0.0]), times, 1e-9, 1e-12, lambda t: None,
                       project=lambda y: np.divide(y, np.linalg.norm(y), out=y))
    assert distance(np.linalg.norm(path.samples, axis=1), 1) < 1e-15
    assert distance(path.samples, np.stack([np.cos(times), np.sin(times)], axis=1)) < 1e-6
    assert path.steps < path.evaluations


@pytest.mark.parametrize("method", METHODS)
def test_times_in_between(method):
    found = run(method)
    for t in (1.0, 1.23, 2.5, 3.999, 4.0):
        expected = SYSTEM.exact(t - 1.0)                               # the state is that of times[0]
        assert distance(found.at(t), expected) < 1e-8
    for bad in (0.99, 4.01, np.nan, "2", None):
        with pytest.raises(InputError, match=r"^`t` must be a time from 1 to 4, but is [^\n]*\.$"):
            found.at(bad)


def test_times_in_between_of_a_driven_field_and_of_moments():
    model = q.Model(q.Space("1"), [q.Zeeman((sp.sin(q.t), 0, 1))])
    rho = np.diag([0.6, 0.3, 0.1])
    found = q.solve(model, q.QuantumLLG(0.5), rho, [2.0, 3.0, 4.0])
    assert distance(found.at(3.4), integrate(model, q.QuantumLLG(0.5), rho, [2.0, 3.4])[-1]) < 1e-8
    assert distance(classical().at(2.2), MOMENT.exact(1.2)) < 1e-8


@pytest.mark.parametrize("make", [run, lambda **o: run("pauli", **o), lambda **o: run("exact", **o), classical],
                         ids=["frame", "pauli", "exact", "moments"])
@pytest.mark.parametrize("options", [{}, {"keep": "final"}, {"observe": {"a": lambda s: abs(s)**2, "b'": np.trace}}],
                         ids=["all", "final", "observe"])
def test_files_keep_everything(make, options, tmp_path):
    saved = make(**options)
    saved.save(tmp_path / "curve.npz")
    loaded = q.Trajectory.load(tmp_path / "curve.npz")
    for name in ("times", "energy"):
        assert np.array_equal(getattr(loaded, name), getattr(saved, name))
    for name in ("spins", "labels", "method", "stats", "hbar"):
        assert getattr(loaded, name) == getattr(saved, name)
    assert loaded.observed.keys() == saved.observed.keys()
    assert all(np.array_equal(loaded.observed[name], saved.observed[name]) for name in saved.observed)
    if "observe" not in options:
        assert np.array_equal(loaded.final_state, saved.final_state)
    if not options:
        assert np.array_equal(loaded.bloch(0), saved.bloch(0))
        assert loaded.invariants == saved.invariants
        assert np.array_equal(loaded.at(2.5), saved.states[3] if saved.ensemble else saved.moments[3])
        with pytest.raises(InputError, match=r"^`t` must be a stored time"):
            loaded.at(2.6)


def test_counts_and_method_are_told():
    found = run()
    assert found.method == "frame"
    assert found.stats["steps"] > 1
    assert found.stats["evaluations"] > found.stats["steps"]
    assert found.stats["seconds"] > 0
    assert run("pauli").stats["target"] in ("c", "numpy")
    assert run().labels[:3] == ("T_0x", "T_0y", "T_0z")
    assert len(run().labels) == 15
    assert classical().labels == ("m0_x", "m0_y", "m0_z")
    assert run().spins == ("1/2", "1/2")


def test_labels_are_those_of_the_components():
    names = [s.name for s in SYSTEM.law.derive(SYSTEM.model).pauli().states]
    assert list(run().labels) == names


@pytest.mark.parametrize("method", ["exact", "krylov", "frame", "low-rank", "pauli"])
def test_the_first_state_and_ctrl_c_in_stop(method):
    """`at` the first time where only the last state was kept, and Ctrl-C that arrives inside the user's `stop`."""
    assert np.abs(run(method, keep="final").at(TIMES[0]) - SYSTEM.state).max() < 1e-12

    def stop(t, state):
        if t >= 2:
            raise KeyboardInterrupt
        return False

    with pytest.raises(q.SolveInterrupted) as caught:
        run(method, stop=stop)
    assert [1.0, 1.5] == caught.value.partial.times[:2].tolist()
    assert len(caught.value.partial.times) < len(TIMES)


@pytest.mark.parametrize(("options", "argument"), [
    ({"stop": lambda t, rho: np.array([True, False])}, "stop"),
    ({"observe": {"f": lambda rho, seen=[]: np.zeros(len(seen.append(1) or seen))}}, r"observe\['f'\]"),
    ({"observe": {"f": lambda rho: "text"}}, r"observe\['f'\]"),
    ({"observe": {"f": lambda rho: None}}, r"observe\['f'\]"),
])
def test_answers_of_the_users_functions_are_checked(options, argument):
    with pytest.raises(q.InputTypeError, match=rf"^`{argument}` must return [^\n]*\.$"):
        run(**options)
