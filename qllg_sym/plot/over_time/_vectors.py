"""Panels of vectors, one a spin."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves, line_of

MOST_SPINS = 4


def vectors(trajectory: Drawable, symbol: str) -> list[Panel]:
    """Return one panel a spin with the three components of its vector; the last says if there are more spins."""
    count = len(trajectory.spins)
    shown = min(count, MOST_SPINS)
    left_out = f"spins 0 to {MOST_SPINS - 1} of {count} are drawn" if count > MOST_SPINS else ""
    letters = ["m" if i in getattr(trajectory, "classical", ()) else symbol for i in range(shown)]
    # one legend serves all the panels of the group
    return [
        curves(
            trajectory.times,
            dict(zip("xyz", trajectory.bloch(i).T, strict=True)),
            rf"$\mathbf{{{letters[i]}}}" + (rf"_{{{i}}}$" if count > 1 else "$"),
            line=line_of(trajectory, i),
            limits=(-1.08, 1.08),
            legend=i == 0,
            remark=left_out if i == shown - 1 else "",
        )
        for i in range(shown)
    ]
