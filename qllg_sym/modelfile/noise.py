"""The [bath] table: a heat bath, and how many trajectories feel it."""

from dataclasses import dataclass

import sympy as sp

from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.bath_text import bath_of_table
from qllg_sym.errors import ModelError
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.tables import Table
from qllg_sym.units import Units


@dataclass(frozen=True)
class NoiseOptions:
    """What `langevin` is asked for beside the problem itself.

    Attributes:
        bath: temperature and kind of noise.
        trajectories: how many.
        seed: of the random numbers.
        step: the longest step in time; None for the advised one.
        method: the name of a stepper, or "auto".
    """

    bath: Bath
    trajectories: int = 1000
    seed: int = 0
    step: float | None = None
    method: str = "auto"


def read_noise(table: Table, units: Units | None) -> NoiseOptions:
    """Return what a [bath] table says.

    Raises:
        ModelError: an unknown, missing or wrong key, or what `Bath` refuses.

    >>> read_noise(Table("[bath]", {"kT": 0.5, "seed": 7}), None)
    NoiseOptions(bath=Bath(kT=1/2, noise='invariant'), trajectories=1000, seed=7, step=None, method='auto')
    """
    table.only(keys.BATH)
    trajectories, seed = table.integer("trajectories", 1000), table.integer("seed", 0)
    if trajectories < 1:
        raise table.wrong("trajectories", "a positive integer", trajectories)
    if not 0 <= seed < 2**64:
        raise table.wrong("seed", "an integer from 0 to 2^64 − 1", seed)
    step = table.number("step") if "step" in table else None
    if step is not None and step <= 0:
        raise table.wrong("step", "positive", step)
    return NoiseOptions(_bath(table, units), trajectories, seed, step, table.text("method", "auto"))


def _bath(table: Table, units: Units | None) -> Bath:
    """Return the bath, whose temperature is an energy or in kelvin."""
    if "kelvin" not in table:
        return bath_of_table(table)
    if "kT" in table:
        raise ModelError(f"{table.place} must have either `kT` or `kelvin`, but has both; leave one of them out.")
    if units is None or units.energy is None:
        raise ModelError(f"{table.place} may have `kelvin` where [system] has units, but it has none; give `kT` in the "
                         "unit of H, or write units = [\"meV\", \"ps\"] there.")
    kT = sp.Rational(repr(units.k_B)) * table.coefficient("kelvin")
    return bath_of_table(Table(table.place, {"noise": table.text("noise", "invariant")}), kT)
