"""The [epr] table: what `qllg spectrum` sweeps, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.modelfile.response_and_fit import MOST_POINTS, POINTS
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.tables import Table
from qllg_sym.spectra.epr import MODES
from qllg_sym.spectra.orientations import GRIDS

NUMBERS = ("temperature", "width")


@dataclass(frozen=True)
class EprOptions:
    """What `epr` is asked for.

    Attributes:
        arguments: of `epr`, by name.
        harmonic: what is drawn: 1 for the derivative, 0 for the absorption.
    """

    arguments: Mapping[str, Any]
    harmonic: int = 1


def read_epr(table: Table) -> EprOptions:
    """Return what an [epr] table says.

    Raises:
        ModelError: an unknown, missing or wrong key.

    >>> found = read_epr(Table("[epr]", {"frequency": 9.5, "start": 0, "stop": 1, "points": 3, "temperature": 4}))
    >>> found.arguments["fields"].tolist(), found.arguments["frequency"]
    ([0.0, 0.5, 1.0], 9.5)
    """
    table.only(keys.EPR)
    swept = "fields" if "frequency" in table else "frequencies"
    if ("frequency" in table) == ("field" in table):
        both = "both" if "field" in table else "neither"
        raise table.wrong("frequency", "given where the field is swept, or `field` where the frequency is", both)
    fixed = "frequency" if "frequency" in table else "field"
    begin, end, points = table.number("start"), table.number("stop"), table.integer("points", POINTS)
    if end <= begin:
        raise table.wrong("stop", f"above start = {begin:g}", end)
    if not 2 <= points <= MOST_POINTS:
        raise table.wrong("points", f"from 2 to {MOST_POINTS}", points)
    harmonic = table.integer("harmonic", 1)
    if harmonic not in (0, 1):
        raise table.wrong("harmonic", "0 or 1", harmonic)
    found: dict[str, Any] = {fixed: table.number(fixed), swept: np.linspace(begin, end, points),
                             "temperature": table.number("temperature")}
    if "width" in table:
        found["width"] = table.number("width")
    if "orientations" in table:
        found["orientations"] = table.integer("orientations")
    for key, known in (("powder", GRIDS), ("mode", MODES)):
        if key in table:
            found[key] = table.text(key)
            if found[key] not in known:
                raise table.wrong(key, f"one of {', '.join(known)}", found[key])
    if "direction" in table:
        found["direction"] = table.numbers("direction")
    if "g" in table:
        found["g"] = table.raw("g")
    return EprOptions(found, harmonic)
