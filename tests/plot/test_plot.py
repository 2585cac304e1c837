"""Pictures: what is on them, that nothing is clipped or covered, that the same figure gives the same bytes."""

import io
import os
import subprocess
import sys

import matplotlib as mpl
import matplotlib.image as image
import numpy as np
import pytest
from matplotlib.figure import Figure

from qllg_sym.errors import FileError, InputError
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.save import render, save
from qllg_sym.plot.style import CLASSICAL, SINGLE_COLUMN, look
from qllg_sym.plot.trajectory import plot
from qllg_sym.units import Units
from to_draw import EVERY, TIMES, chain, classical, draw, observed, only_last, overhang, quantum


def labels(axes):
    return [axis.get_ylabel() for axis in axes]


def test_default_panels():
    energy = r"energy $E$ ($\hbar = 1$)"
    assert labels(quantum().plot()[1]) == [r"$\mathbf{r}_{0}$", r"$\mathbf{r}_{1}$", energy, "$B$, $C$"]
    assert labels(classical().plot()[1]) == [r"$\mathbf{m}_{0}$", r"$\mathbf{m}_{1}$", energy]
    assert len(quantum(("1/2",) * 6).plot()[1]) == 5  # four spins at most, and the energy
    assert labels(observed().plot()[1]) == ["observed"]


def test_curves_are_the_numbers():
    trajectory = quantum()
    _, axes = trajectory.plot()
    for curve, values in zip(axes[1].get_lines(), trajectory.bloch(1).T, strict=True):
        np.testing.assert_array_equal(curve.get_xydata(), np.stack([TIMES, values], axis=1))
    np.testing.assert_array_equal(axes[2].get_lines()[0].get_ydata(), trajectory.energy)
    np.testing.assert_array_equal(axes[3].get_lines()[0].get_ydata(), trajectory.nonlocality())


def test_many_spins_are_a_map_over_site_and_time():
    energy = r"energy $E$ ($\hbar = 1$)"
    assert labels(chain().plot()[1]) == ["$r_x$ at site $i$", "$r_z$ at site $i$", energy]  # r_y is zero throughout
    assert labels(classical(20).plot()[1]) == ["$m_x$ at site $i$", "$m_y$ at site $i$", energy]
    assert len(chain(8).plot()[1]) == 5  # lines of the first four
    assert labels(only_last().plot()[1]) == [energy]
    up = Trajectory([0, 1], ("1/2",) * 9, moments=np.zeros((2, 9, 3)), energy=[0, 0])
    assert labels(up.plot("profile")[1]) == ["$m_z$ at site $i$"]  # nothing at all: one white map


def test_colours_are_the_numbers():
    _, axes = chain().plot("profile")
    angles = np.outer(np.arange(1, 11), TIMES) / 20
    for axis, expected in zip(axes, (np.sin(angles), np.cos(angles)), strict=True):
        (mesh,) = axis.collections
        np.testing.assert_allclose(mesh.get_array(), expected, atol=1e-14)
        assert mesh.get_clim() == (-1.0, 1.0)
        corners = mesh.get_coordinates()
        assert corners[0, [0, -1], 0].tolist() == [0.0, 8.0]
        assert corners[[0, -1], 0, 1].tolist() == [-0.5, 9.5]  # site 0 at the bottom
        np.testing.assert_allclose(corners[0, 1:-1, 0], (TIMES[1:] + TIMES[:-1]) / 2)


def test_a_small_magnetisation_is_not_white():
    weak = Trajectory([0, 1], ("1/2",) * 9, moments=np.full((2, 9, 3), [0, 0.5, 0.01]), energy=[0, 0])
    figure, axes = weak.plot("profile")
    assert [axis.collections[0].get_clim() for axis in axes] == [(-0.5, 0.5)] * 2
    draw(figure)
    assert [label.get_text() for label in axes[0].child_axes[0].get_xticklabels()] == ["−0.5", "0", "0.5"]
    assert not axes[1].child_axes  # one scale serves both


def test_time_axes_of_maps_and_lines_are_aligned():
    figure, axes = chain().plot()
    draw(figure)
    sides = {(round(axis.bbox.x0, 6), round(axis.bbox.x1, 6)) for axis in axes}
    assert len(sides) == 1


@pytest.mark.parametrize("kind", ["quantum", "chain", "chain at one time", "classical chain"])
def test_nothing_is_cut_off_in_the_file(kind):
    """The border of the saved picture is white: a label that sticks out would touch it."""
    assert border(EVERY[kind]().plot()[0]).min() == 1.0


def test_what_is_cut_off_in_the_file_is_caught():
    figure = Figure(figsize=(1, 1))
    figure.suptitle("much too long a title for this figure")
    assert border(figure).min() < 1


def border(figure):
    """The outermost pixels of the saved picture."""
    pixels = image.imread(io.BytesIO(render(figure)))
    return np.concatenate([pixels[:2].ravel(), pixels[-2:].ravel(), pixels[:, :2].ravel(), pixels[:, -2:].ravel()])


def test_quantum_is_solid_and_classical_dashed():
    solid, dashed = quantum().plot()[1][0].get_lines()[0], classical().plot()[1][0].get_lines()[0]
    assert solid.get_linestyle() == "-"
    assert dashed.get_linestyle() == "--"
    assert CLASSICAL[1] == (4.0, 1.6)


def test_units_are_on_the_labels():
    _, axes = quantum().plot(units=Units.paper())
    assert axes[-1].get_xlabel() == "time $t$ (ps)"
    assert axes[2].get_ylabel() == "energy $E$ (meV)"
    assert quantum().plot()[1][-1].get_xlabel() == r"time $t$ ($\hbar = 1$)"
    other = Trajectory([0], ("1/2",), moments=[[[0, 0, 1]]], energy=[0], hbar=2)
    assert "units of the model" in other.plot()[1][-1].get_xlabel()


@pytest.mark.parametrize("kind", EVERY)
def test_nothing_is_clipped(kind):
    figure, _ = EVERY[kind]().plot()
    assert figure.get_size_inches()[0] == SINGLE_COLUMN
    assert overhang(figure) <= 0


def test_a_clipped_label_is_caught():
    figure = Figure(figsize=(1, 1))
    figure.subplots().set_ylabel("much too long a label for this figure")
    assert overhang(figure) > 0.1


@pytest.mark.parametrize("kind", ["quantum", "classical", "observed"])
def test_legends_stand_above_the_curves(kind):
    figure, axes = EVERY[kind]().plot()
    draw(figure)
    legends = [axis.get_legend() for axis in axes if axis.get_legend()]
    assert legends
    assert all(legend.get_window_extent().y0 >= legend.axes.bbox.y1 - 1 for legend in legends)
    assert all(legend.get_window_extent().x0 >= 0 for legend in legends)


def test_rounding_of_a_constant_is_not_blown_up():
    _, axes = classical().plot("energy")
    low, high = axes[0].get_ylim()
    assert low < -1.4
    assert high > -0.6


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("chain", ".pdf"), ("quantum", ".png"), ("quantum", ".svg"), ("observed", ".pdf"), *(
        pytest.param(kind, suffix, marks=pytest.mark.slow)
        for kind, suffix in (("quantum", ".pdf"), ("observed", ".png"), ("observed", ".svg")))],
)
def test_same_figure_same_bytes(tmp_path, kind, suffix):
    for name in "ab":
        save(EVERY[kind]().plot()[0], tmp_path / (name + suffix))
    first = (tmp_path / f"a{suffix}").read_bytes()
    assert first == (tmp_path / f"b{suffix}").read_bytes()
    assert b"Date" not in first
    assert len(first) > 2000
    assert sorted(os.listdir(tmp_path)) == [f"a{suffix}", f"b{suffix}"]


def test_drawing_is_not_affected_by_the_users_settings_nor_affects_them():
    before, plain = dict(mpl.rcParams), render(quantum().plot()[0])
    assert dict(mpl.rcParams) == before
    with mpl.rc_context({"font.size": 20, "lines.linewidth": 5, "axes.labelsize": 30}):
        assert render(quantum().plot()[0]) == plain
    with look():
        assert mpl.rcParams["font.size"] == 8


def test_no_pyplot_and_no_display_are_needed():
    code = (
        "import sys, numpy as np\n"
        "from qllg_sym.flow.results.trajectory import Trajectory\n"
        "import qllg_sym.plot.style, qllg_sym.plot.save, qllg_sym.plot.trajectory\n"
        "assert not any(name.startswith('matplotlib') for name in sys.modules)\n"
        "t = Trajectory([0.0, 1.0], ('1/2',), moments=np.ones((2, 1, 3)), energy=[0, 1])\n"
        "fig, axes = t.plot(); qllg_sym.plot.save.render(fig)\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "MPLBACKEND")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_axes_and_figures_of_the_user():
    mine = Figure(layout="constrained")
    figure, axes = plot(quantum(), ["purity", "energy"], fig=mine)
    assert figure is mine
    assert len(axes) == 2
    theirs = Figure().subplots(1, 2)
    figure, axes = plot(quantum(), ["purity", "energy"], axes=theirs)
    assert figure is theirs[0].figure
    assert axes[1].get_lines()
    assert plot(quantum(), "purity", axes=Figure().subplots())[1].shape == (1,)


@pytest.mark.parametrize(
    ("make", "arguments", "words"),
    [
        (quantum, {"what": "spin"}, "`what` must name panels among bloch, correlation, energy, .* but is 'spin'"),
        (quantum, {"what": []}, "empty"),
        (quantum, {"what": "moments"}, "this trajectory is quantum"),
        (quantum, {"what": "observed"}, "no real numbers"),
        (classical, {"what": "nonlocality"}, "this trajectory is classical"),
        (observed, {"what": "energy"}, "`energy` was not kept"),
        (lambda: quantum(("1/2",)), {"what": "nonlocality"}, "`j` must be a site"),
        (quantum, {"what": "bloch", "axes": Figure().subplots()}, "`axes` must be 2, one a panel, but are 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, arguments, words):
    with pytest.raises(InputError, match=words) as caught:
        plot(make(), **arguments)
    assert str(caught.value).endswith(".")


def test_places_are_refused_before_drawing(tmp_path):
    class NeverDrawn:
        def savefig(self, *_, **__):
            raise AssertionError

    for name in ("a.jpg", "none/a.png", "a"):
        with pytest.raises(FileError):
            save(NeverDrawn(), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_plot_says_which_spins_it_draws():
    _, axes = quantum(("1/2",) * 6).plot()
    assert [axis.get_title("right") for axis in axes] == ["", "", "", "spins 0 to 3 of 6 are drawn", ""]
    assert not any(axis.get_title("right") for axis in quantum(("1/2",) * 4).plot()[1])
    assert classical(5).plot()[1][3].get_title("right") == "spins 0 to 3 of 5 are drawn"


def test_no_label_is_longer_than_its_panel():
    """An axis label in units without names ran into the next panel."""
    whole = quantum()
    figure, axes = Trajectory(TIMES, whole.spins, whole.ensemble, energy=whole.energy, hbar=2.0).plot()
    renderer = draw(figure)
    for axis in axes:
        label, panel = axis.yaxis.label.get_window_extent(renderer), axis.get_window_extent(renderer)
        assert label.height <= panel.height
    assert "units" in axes[2].get_ylabel()


def test_a_notebook_shows_the_picture_without_pyplot():
    """What Jupyter asks a value for, in a process that never imports pyplot."""
    script = ("import sys\nimport numpy as np\nfrom qllg_sym.flow.results.trajectory import Trajectory\n"
              "drawn = Trajectory([0, 1], ('1/2',), moments=np.ones((2, 1, 3)), energy=[0, 1]).plot()\n"
              "figure, axes = drawn\nassert drawn._repr_png_()[1:4] == figure._repr_png_()[1:4] == b'PNG'\n"
              "assert 'matplotlib.pyplot' not in sys.modules\n")
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
