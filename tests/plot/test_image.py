"""The main pictures as they look: no text on another, and a coarse image of 32 by 32 grey cells beside a kept one.

Coarse, since letters differ by a pixel between versions of matplotlib; what a reader would miss is caught, as the
broken pictures show. `pytest tests/plot/test_image.py --update` keeps new ones: look at them first.
"""

import io
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.plot.separate import separate
from qllg_sym.plot.workprecision import growth_with_size, work_precision
from to_draw import TIMES, chain, classical, draw, quantum

KEPT = Path(__file__).parent.parent / "data" / "pictures.json"
CELLS, DPI = 32, 60
NEAR = 20               # grey levels of 255 by which a cell may differ
SIZES = np.arange(8.0, 13)


def drifting():
    """What drifts by rounding looks otherwise on another machine; this drifts by 1e-9 to 1e-7."""
    ensemble = quantum().ensemble
    kets = ensemble.kets * (1 + 1e-9 * (1 + TIMES**2))[:, None, None]
    return Trajectory(TIMES, ("1/2", "1/2"), Ensemble((2, 2), kets=kets, weights=[1]), energy=-1 - 1e-8 * TIMES)


PICTURES = {
    "curves": lambda: quantum().plot()[0],
    "classical": lambda: classical(5).plot()[0],
    "profile": lambda: chain().plot()[0],
    "strip": lambda: drifting().plot(["correlation", "invariants"])[0],
    "sphere": lambda: quantum().bloch_sphere()[0],
    "work and precision": lambda: work_precision(
        [("Problem A: one", {"ours, x": [[1e-6, 1e-3], [1e-9, 2e-3]], "their code": [[1e-8, 1.0], [1e-11, 3.0]]}),
         ("Problem B: two", {"ours, x": [[1e-5, 1e-3], [1e-10, 3e-3]]})], 1e-10, "ours"),
    "growth": lambda: growth_with_size({"N": SIZES, "time in ms": SIZES * 2**SIZES, "memory in MiB": 2**SIZES}),
    "study": lambda: separate([lambda axis: axis.plot([0, 1], [0, 1]), lambda axis: axis.plot([0, 1], [1, 0])],
                              titles=("Up", "Down"), heading="Two lines", caption="(a) Rises. (b) Falls. " * 6),
}

FAST = {"curves", "sphere", "work and precision", "study"}


def coarse(figure):
    """Mean grey of 32 by 32 cells."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI)
    return np.asarray(Image.open(stream).convert("L").resize((CELLS, CELLS), Image.Resampling.BOX), dtype=int)


def kept():
    return json.loads(KEPT.read_text(encoding="ascii")) if KEPT.exists() else {}


def distance(figure, name):
    """The largest difference of a cell."""
    return int(np.abs(coarse(figure) - np.frombuffer(bytes.fromhex(kept()[name]), np.uint8).reshape(CELLS, -1)).max())


def unseen(figure):
    """Labels of ticks outside the limits of their axes, which matplotlib keeps and does not draw."""
    scales = [scale for axis in figure.axes for scale in (axis.xaxis, axis.yaxis)]
    return {id(label) for scale in scales for tick in (*scale.get_major_ticks(), *scale.get_minor_ticks())
            if not min(scale.get_view_interval()) <= tick.get_loc() <= max(scale.get_view_interval())
            for label in (tick.label1, tick.label2)}


def collisions(figure):
    """Pairs of texts one on the other; those in three dimensions have no place of their own on paper."""
    draw(figure)
    hidden = unseen(figure)
    shown = [(text.get_text(), text.get_window_extent()) for text in figure.findobj(Text)
             if text.get_text().strip() and text.get_visible() and id(text) not in hidden
             and not hasattr(text, "get_position_3d")]
    return [(a, b) for (a, one), (b, two) in combinations(shown, 2)
            if min(one.x1, two.x1) - max(one.x0, two.x0) > 1 and min(one.y1, two.y1) - max(one.y0, two.y0) > 1]


@pytest.mark.parametrize("name", [name if name in FAST else pytest.param(name, marks=pytest.mark.slow)
                                  for name in PICTURES])
def test_a_picture_looks_as_it_did_and_no_text_is_on_another(name, request):
    figure = PICTURES[name]()
    assert not collisions(figure)
    if request.config.getoption("--update"):
        KEPT.write_text(json.dumps(kept() | {name: bytes(coarse(figure).astype(np.uint8).ravel()).hex()}, indent=0),
                        encoding="ascii")
    assert distance(figure, name) <= NEAR


def test_a_curve_that_is_missing_is_seen():
    figure = PICTURES["curves"]()
    figure.axes[2].get_lines()[0].remove()
    assert distance(figure, "curves") > NEAR


def test_a_panel_with_another_scale_is_seen():
    figure = PICTURES["work and precision"]()
    figure.axes[0].set_yscale("linear")
    assert distance(figure, "work and precision") > NEAR


def test_a_text_on_another_is_seen():
    figure = PICTURES["study"]()
    figure.axes[0].set_title("a title much too long, which runs into that of the next panel " * 2, loc="left")
    assert collisions(figure)
