"""The eigenvalues of ρ, constants of motion of q-LLG and q-LL."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves
from qllg_sym.units import Units

TITLE = "the eigenvalues of ρ, at most the five largest"
MOST = 5


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the largest eigenvalues; it says how many are left out."""
    values = trajectory.spectrum.T
    remark = f"the largest {MOST} of {len(values)}" if len(values) > MOST else ""
    named = {rf"$p_{k}$": row for k, row in enumerate(values[:MOST])}
    return [curves(trajectory.times, named, r"eigenvalues $p_k$ of $\rho$", limits=(-0.04, 1.08), remark=remark)]
