"""Panels of vectors, one a spin."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves, line_of

MOST_SPINS = 4


def vectors(trajectory: Drawable, symbol: str) -> list[Panel]:
    """Return one panel a spin with the three components of its vector; the last says if there are more spins.

    Spins of quantum clusters come first, wherever they stand among moments.
    """
    count, quantum = len(trajectory.spins), [i for sites in getattr(trajectory, "quantum", ()) for i in sites]
    order = [*quantum, *(i for i in range(min(count, MOST_SPINS + len(quantum))) if i not in quantum)]
    shown = sorted(order[:MOST_SPINS])
    named = f"0 to {MOST_SPINS - 1}" if shown[-1] < MOST_SPINS else ", ".join(map(str, shown))
    left_out = f"spins {named} of {count} are drawn" if count > MOST_SPINS else ""
    letters = ["m" if i in getattr(trajectory, "classical", ()) else symbol for i in shown]
    # one legend serves all the panels of the group
    return [
        curves(
            trajectory.times,
            dict(zip("xyz", trajectory.bloch(i).T, strict=True)),
            rf"$\mathbf{{{letter}}}" + (rf"_{{{i}}}$" if count > 1 else "$"),
            line=line_of(trajectory, i),
            limits=(-1.08, 1.08),
            legend=i == shown[0],
            remark=left_out if i == shown[-1] else "",
        )
        for i, letter in zip(shown, letters, strict=True)
    ]
