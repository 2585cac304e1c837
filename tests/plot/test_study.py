"""Pictures of studies: lines over one axis, maps over two; what is drawn is what is in the Dataset."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.plot.study import plot_study
from studies.cases import OVER, START, study


@pytest.fixture(scope="module")
def ds():
    return study(observe={"B": "nonlocality", "z": "bloch0"})


def test_two_axes_are_a_map_of_the_last_time(ds):
    figure, axes = plot_study(ds, "B")
    cells = axes[0].collections[0]
    assert np.array_equal(cells.get_array(), ds.B.isel(time=-1).values.T)
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == ("D", "kappa")
    title = figure.get_suptitle()
    for part in ("q-llg", "Exchange + DMI + Zeeman", "t = 2", "J = 1", "B = 0.3"):
        assert part in title


def test_many_maps_stand_in_two_columns_with_the_abscissa_below_each():
    ds = study(observe={name: "energy" for name in "abcdef"} | {"g": "purity"})
    figure, axes = plot_study(ds)
    places = [axis.get_position() for axis in axes]
    assert len(axes) == 7
    assert [len({round(place.x0, 3) for place in column}) for column in (places[::2], places[1::2])] == [1, 1]
    assert [bool(axis.get_xlabel()) for axis in axes] == [False] * 5 + [True, True]
    assert sum(axis.get_visible() for axis in figure.axes) == 2 * 7                # maps and their scales
    low, high = axes[6].collections[0].get_clim()
    assert high - low > 0.1         # purity, which is constant: its rounding is no colour


def test_a_time_is_chosen(ds):
    figure, axes = plot_study(ds, "B", time=0.4)
    assert np.array_equal(axes[0].collections[0].get_array(), ds.B.isel(time=1).values.T)
    assert "t = 0.5" in figure.get_suptitle()


def test_one_axis_is_a_line_for_each_component(ds):
    figure, axes = plot_study(ds, at={"kappa": "0.5"})
    assert len(axes) == 2
    x, y = axes[0].lines[0].get_data()
    assert np.array_equal(x, OVER["D"])
    assert np.array_equal(y, ds.B.sel(kappa=0.5).isel(time=-1))
    assert "kappa = 0.5" in figure.get_suptitle()


def test_states_are_lines():
    ds = study(state=None, over={"D": [0.0, 0.5, 1.0], "state": {"up down": START, "psi+": q.states.bell("psi+")}},
               values={"J": 1, "B": 0, "kappa": 1}, observe=["concurrence"])
    _, axes = plot_study(ds)
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == ["up down", "psi+"]
    assert np.array_equal(axes[0].lines[1].get_ydata(), ds.concurrence.sel(state="psi+").isel(time=-1))


def test_points_that_failed_are_told(ds):
    part = ds.copy(deep=True)
    part.failure.values = part.failure.values.astype(object)
    part.failure.values[1, 2], part.B.values[1, 2] = "why", np.nan
    figure, axes = plot_study(part, "B")
    assert "1 point failed (grey)" in figure.get_suptitle()
    assert np.ma.getmaskarray(axes[0].collections[0].get_array())[2, 1]


@pytest.mark.parametrize(("arguments", "says"), [
    ({"what": "A"}, r"`what` must be one of B, z, but is 'A'; choose one of them\."),
    ({"at": {"J": 1}}, r"`at` must name axes of the study, but 'J' is none; they are D, kappa\."),
    ({"at": {"D": "x"}}, r"`at` must give 'D' a point of it, but gives 'x'; write D=0\.0\."),
])
def test_wrong_input(ds, arguments, says):
    with pytest.raises(q.InputError, match=says):
        plot_study(ds, **arguments)


def test_three_axes_are_too_many():
    ds = study(over={**OVER, "J": [0.0, 1.0]}, values={"B": 0.3}, observe=["energy"])
    with pytest.raises(q.InputError, match=r"at most two axes to be drawn, but leaves D, kappa, J; .* such as J=0\.0"):
        plot_study(ds)
