"""Spins where they are: arrows and colours are the numbers, clusters are ringed, films follow the times."""

import numpy as np
import pytest
from matplotlib.patches import Circle

import qllg_sym as q

N = 4
FILM = q.square(N, N, q.Bilinear, -1)
PLACES = np.vstack([np.array(FILM.positions, dtype=float), [[1, 1, 1], [2, 1, 1]]])
MODEL = q.Model(q.Space(*["1"] * N**2, "1/2", "1/2"), [FILM, q.Bilinear(1, 16, 17), q.Bilinear(-0.5, 16, 5)],
                positions=PLACES)


@pytest.fixture(scope="module")
def run():
    moments = np.random.default_rng(3).normal(size=(N**2, 3))
    moments /= np.linalg.norm(moments, axis=1, keepdims=True)
    law = q.Hybrid(0.3, 0.2, clusters=[(16, 17)], classical=range(16))
    return q.solve(MODEL, law, q.HybridState([q.states.product("up", "+x")], moments), np.linspace(0, 2, 5))


def parts(axis):
    """The spots' places and colours, and the arrows."""
    spots, arrows = (next(c for c in axis.collections if hasattr(c, "U") is which) for which in (False, True))
    return np.asarray(spots.get_offsets()), np.asarray(spots.get_array()), np.stack([arrows.U, arrows.V], axis=1)


def test_arrows_and_colours_are_the_profile(run):
    profile = run.profile()
    for site in range(18):
        assert np.array_equal(profile[:, site], run.bloch(site))
    _, (axis,) = run.plot_lattice(t=1.0)
    at, colours, arrows = parts(axis)
    assert np.allclose(at, PLACES[:, :2])
    assert np.allclose(colours, profile[2, :, 2])
    assert np.allclose(arrows, profile[2, :, :2])
    rings = [patch.center for patch in axis.patches if isinstance(patch, Circle)]
    assert sorted(rings) == [(1, 1), (2, 1)]
    assert "t$ = 1" in axis.texts[0].get_text()
    last = parts(run.plot_lattice()[1][0])[1]
    assert np.allclose(last, profile[-1, :, 2])
    some = parts(run.plot_lattice(sites=[3, 16])[1][0])
    assert np.allclose(some[1], profile[-1, [3, 16], 2])


def test_curves_are_of_clusters_first(run):
    _, axes = run.plot("bloch")
    assert [axis.get_ylabel() for axis in axes] == [rf"$\mathbf{{{letter}}}_{{{i}}}$" for letter, i in
                                                    (("m", 0), ("m", 1), ("r", 16), ("r", 17))]
    assert any("spins 0, 1, 16, 17 of 18 are drawn" in text.get_text() for text in [*axes[-1].texts, axes[-1].title,
               *(child for child in axes[-1].get_children() if hasattr(child, "get_text"))])
    assert np.allclose(axes[2].get_lines()[0].get_ydata()[-1], run.bloch(16)[-1, 0])


def test_of_many_sites_some_have_an_arrow():
    n = 50
    model = q.Model(q.Space(*["1"] * n**2), [q.square(n, n, q.Bilinear, -1)])
    start = q.HybridState([], np.tile([0.6, 0, 0.8], (n**2, 1)))
    _, (axis,) = q.solve(model, q.Hybrid(0, 0.1, classical=range(n**2)), start, [0]).plot_lattice()
    _, colours, arrows = parts(axis)
    assert len(colours) == n**2
    assert 400 <= len(arrows) <= 700
    assert np.allclose(arrows, [0.6, 0])


def test_quantum_and_classical_runs_have_the_same_picture():
    model = q.Model(q.Space.half(4), [q.square(2, 2, q.Exchange, 1)])
    run = q.solve(model, q.QuantumLLG(0.1), q.states.product("up", "down", "+x", "up"), [0, 1])
    assert np.allclose(parts(run.plot_lattice(t=0)[1][0])[1], [1, -1, 0, 1])
    loaded = q.Trajectory(run.times, run.spins, run.ensemble)
    with pytest.raises(q.InputError, match="`positions` must be given for a model that has none"):
        loaded.plot_lattice()
    assert np.allclose(parts(loaded.plot_lattice(t=0, positions=[[0, 0], [1, 0], [0, 1], [1, 1]])[1][0])[0][3], [1, 1])


def test_films_of_lattices_spheres_and_curves(run, tmp_path):
    from PIL import Image

    figure, _ = run.animate(tmp_path / "run.gif", frames=5, dpi=50)
    assert np.allclose(parts(figure.axes[0])[1], run.profile()[-1, :, 2])          # the last frame is what is left
    with Image.open(tmp_path / "run.gif") as made:
        assert made.n_frames == 5
    for kind in ("sphere", "curves"):
        run.animate(tmp_path / f"{kind}.gif", kind=kind, sites=[0, 16], frames=2, dpi=40)
        with Image.open(tmp_path / f"{kind}.gif") as made:
            assert made.n_frames == 2


def test_what_cannot_be_drawn_is_refused(run, tmp_path):
    wrong = {
        "`t` must be one of the times, but is 0.3; the nearest is 0.5; take that.": lambda: run.plot_lattice(t=0.3),
        "`positions` must be 18 finite rows of two or three, one a site, but are of shape (2,); give one a site.":
            lambda: run.plot_lattice(positions=[0, 1]),
        "`positions` must be 18 finite rows of two or three, one a site, but are not finite; give one a site.":
            lambda: run.plot_lattice(positions=PLACES * np.nan),
        "`positions` must be left out for kind 'sphere', but are given; write kind=\"lattice\".":
            lambda: run.animate(tmp_path / "x.gif", kind="sphere", positions=PLACES),
        "`sites` must be numbers from 0 to 17, but is 18; leave it out for all.": lambda: run.plot_lattice(sites=18)}
    for says, make in wrong.items():
        with pytest.raises(q.InputError) as caught:
            make()
        assert str(caught.value) == says
    assert list(tmp_path.iterdir()) == []
