"""Bloch vectors of the first four spins."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel
from qllg_sym.plot.over_time._vectors import vectors
from qllg_sym.units import Units

TITLE = "Bloch vectors, one panel a spin, at most the first four"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panels of Bloch vectors ⟨S_i⟩/(s_i ħ)."""
    return vectors(trajectory, "r")
