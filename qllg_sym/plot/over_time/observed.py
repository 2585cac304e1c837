"""What was observed in place of states."""

import numpy as np

from qllg_sym.errors import InputError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves
from qllg_sym.units import Units

TITLE = "every observed curve of real numbers"
FINER = False


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return one panel with every observed curve of real numbers."""
    named = {
        # a dollar sign in a user's name would start mathematics
        name.replace("$", r"\$"): np.real(values)
        for name, values in trajectory.observed.items()
        if values.ndim == 1 and values.dtype.kind in "iufc" and np.allclose(np.imag(values), 0)
    }
    if not named:
        raise InputError("`what` asks for observed curves, but no real numbers were kept; use `observe` in `solve`.")
    return [curves(trajectory.times, named, "observed")]
