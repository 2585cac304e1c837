"""Portraits show the flow and its fixed points where they are."""

import matplotlib as mpl
import numpy as np
import pytest
import sympy as sp
from matplotlib.figure import Figure

import qllg_sym as q
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.plot.portrait import hammer, sphere_portrait

B, D, kappa = sp.symbols("B D kappa", real=True)
EASY = q.Anisotropy(((0, 0, 0), (0, 0, 0), (0, 0, D)), 0)


def marks(axis):
    """{legend entry: places of its markers}."""
    named = (line for line in axis.lines if not line.get_label().startswith("_"))
    return {line.get_label(): np.array(line.get_xydata()) for line in named}


def test_poles_of_one_spin_in_a_field():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0.6 * B, 0.8 * B))], hbar=2)
    along, against = hammer([[0, 0.6, 0.8], [0, -0.6, -0.8]])
    for components, options in [(q.QuantumLLG(kappa).derive(model).pauli(), {}),
                                (q.QuantumLL(kappa).derive(model).pauli(), {"length": 0.5}),
                                (q.QuantumLLG(kappa).derive(model).eta(), {})]:
        figure, axes = components.phase_portrait({"B": 1, "kappa": 0.3}, **options)
        found = marks(axes[0])
        assert isinstance(figure, Figure)
        assert abs(found["stable"] - along).max() < 1e-12
        assert abs(found["unstable"] - against).max() < 1e-12
    _, axes = components.phase_portrait({"B": 1, "kappa": -0.3})       # damping of the other sign
    assert abs(marks(axes[0])["stable"] - against).max() < 1e-12


def test_an_easy_axis_across_the_field_has_a_saddle():
    moment = q.ClassicalLLG(kappa, field="mean").derive(q.Model(q.Space("1"), [q.Zeeman((B, 0, 0)), EASY])).moments()
    _, axes = moment.phase_portrait({"B": 0.8, "D": -2, "kappa": 0.2})
    found = {kind: len(places) for kind, places in marks(axes[0]).items()}
    assert found == {"stable": 2, "unstable": 2, "saddle": 1}          # −x lies on the rim, at both ends of the map
    _, axes = moment.phase_portrait({"B": 0.8, "D": -2, "kappa": 0})
    assert {kind: len(places) for kind, places in marks(axes[0]).items()} == {"neutral": 4, "saddle": 1}
    _, axes = moment.phase_portrait({"B": 0, "D": 2, "kappa": 0.2})        # easy plane: its equator rests
    assert marks(axes[0]) == {}
    assert any("family" in text.get_text() for text in axes[0].texts)


def test_the_map_is_hammers_and_keeps_areas():
    u, v = np.random.default_rng(1).uniform(-0.9, 0.9, (2, 50))
    step = 1e-5

    def at(a, z):
        level = np.sqrt(1 - z**2)
        return hammer(np.stack([level * np.cos(np.pi * a), level * np.sin(np.pi * a), z], axis=-1))
    x = (at(u + step, v) - at(u - step, v)) / (2 * step * np.pi)
    y = (at(u, v + step) - at(u, v - step)) / (2 * step)
    assert abs(x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0] - 1).max() < 1e-8


def test_trajectories_follow_the_flow():
    """Larmor precession about z: every trajectory stays at its height on the sphere."""
    _, axes = sphere_portrait(lambda n: np.cross(n, [0, 0, 1.0]), [], "speed")
    bare, _ = sphere_portrait(np.zeros_like, [], "speed")       # nothing moves
    paths = [line.get_xydata() for line in axes[0].lines if line.get_zorder() == 2]
    assert len(paths) == 72
    for path in paths:
        x, y = path[~np.isnan(path[:, 0])].T
        height = y * np.sqrt(1 - x**2 / 16 - y**2 / 4)         # sin of the latitude: the inverse of the map
        assert np.ptp(height) < 1e-6
    assert bare.axes


def test_it_draws_into_given_axes_and_changes_no_setting():
    before = dict(mpl.rcParams)
    spin = q.QuantumLLG(0.2).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).pauli()
    figure = Figure()
    ax = figure.subplots()
    drawn, axes = spin.phase_portrait(ax=ax)
    assert (drawn, axes[0]) == (figure, ax)
    assert dict(mpl.rcParams) == before


def test_wrong_input_is_refused():
    spin = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    with pytest.raises(InputError, match="above 0 and at most 1"):
        spin.phase_portrait({"B": 1, "kappa": 1}, length=1.5)
    with pytest.raises(InputError, match="kappa"):
        spin.phase_portrait({"B": 1})
    with pytest.raises(InputError, match="numbers for a picture"):
        spin.phase_portrait({"B": kappa, "kappa": 1})
    with pytest.raises(InputTypeError, match="length"):
        spin.phase_portrait({"B": 1, "kappa": 1}, length="long")
    two = q.QuantumLLG(1).derive(q.Model(q.Space("1/2", "1/2"))).pauli()
    for components in (two, q.Dephasing(1).derive(q.Model(q.Space("1/2"))).pauli()):
        with pytest.raises(InputError, match="one spin ½"):
            components.phase_portrait()
