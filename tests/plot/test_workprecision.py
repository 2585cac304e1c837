"""What a benchmark draws: every code once, in one colour, at its own numbers."""

import numpy as np
import pytest

from qllg_sym.plot.save import render
from qllg_sym.plot.workprecision import growth_with_size, work_precision

POINTS = {"ours": [[1e-8, 1e-3], [1e-12, 2e-3]], "theirs": [[1e-8, 1.0]]}


def curves(axis):
    """Lines by label, that of the target left out."""
    return {line.get_label(): line for line in axis.get_lines() if not line.get_label().startswith("_")}


def test_points_are_where_they_were_measured():
    figure = work_precision([("A", POINTS), ("B", {"theirs": [[1e-3, 9.0]]})], 1e-10, "ours")
    first, second = (curves(axis) for axis in figure.axes)
    assert list(first) == ["ours", "theirs"]
    assert first["ours"].get_xydata().tolist() == POINTS["ours"]
    assert second["theirs"].get_color() == first["theirs"].get_color() != first["ours"].get_color()
    assert first["ours"].get_linestyle() == "-" != first["theirs"].get_linestyle()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["ours", "theirs"]
    left, right = figure.axes[0].get_xlim()
    assert left > 1e-8 > 1e-12 > right                                  # smaller errors to the right, in both panels
    assert figure.axes[1].get_xlim() == (left, right)
    assert render(figure)[1:4] == b"PNG"


def test_a_program_has_one_colour_a_problem_its_name_and_an_axis_its_direction():
    point = [[1e-8, 1.0]]
    figure = work_precision([("Problem A: a dimer", {"ours, exact": point, "ours, frame": point, "other way": point})],
                            1e-10, "ours")
    lines = curves(figure.axes[0])
    colors = [lines[name].get_color() for name in ("ours, exact", "ours, frame", "other way")]
    assert colors[0] == colors[1] != colors[2]
    assert len({line.get_marker() for line in lines.values()}) == 3
    assert figure.axes[0].get_title("left") == "(a) Problem A: a dimer"
    assert "more exact to the right" in figure.axes[0].get_xlabel()
    assert "faster is lower" in figure.axes[0].get_ylabel()


def test_growth_is_drawn_beside_its_law():
    n = np.arange(8.0, 13)
    figure = growth_with_size({"N": n, "time in ms": 3 * n * 2**n, "memory in MiB": 5 * 2**n})
    for axis, values in zip(figure.axes, (3 * n * 2**n, 5 * 2**n), strict=True):
        lines = list(curves(axis).values())
        assert lines[1].get_ydata() == pytest.approx(values)
        assert lines[0].get_ydata() == pytest.approx(values)            # the law goes through the last point
    assert [axis.get_ylabel() for axis in figure.axes] == ["time (ms)", "memory (MiB)"]
    assert all("H·v" in axis.get_title("left") for axis in figure.axes)
