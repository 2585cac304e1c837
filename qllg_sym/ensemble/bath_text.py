"""A heat bath in words: what files of ensembles hold, and what [bath] in a model file says."""

from collections.abc import Mapping
from typing import Any

from qllg_sym.algebra.signals import Signal
from qllg_sym.ensemble.bath import Bath
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.modeltext.coefficients import coefficient_as_text
from qllg_sym.modeltext.signals import read_signals, signals_table
from qllg_sym.modeltext.tables import Table


def bath_content(bath: Bath) -> dict[str, Any]:
    """Return a bath as tables of text and numbers; signals without their samples.

    Raises:
        ModelError: kT is no expression of the grammar of model files.

    >>> bath_content(Bath(0.5))
    {'symbols': [], 'signals': {}, 'kT': 0.5, 'noise': 'invariant'}
    """
    symbols = [s.name for s in bath.parameters if not isinstance(s, Signal)]
    signals = [s for s in bath.parameters if isinstance(s, Signal)]
    table, _ = signals_table(signals, {})
    plain = {name: {key: part for key, part in entry.items() if key in ("support", "resolution")}
             for name, entry in table.items()}
    return {"symbols": symbols, "signals": plain,
            "kT": coefficient_as_text(bath.kT, [*symbols, *(s.name for s in signals)]), "noise": bath.noise}


def bath_of_content(content: Mapping[str, Any]) -> Bath:
    """Return the bath of which `bath_content` told.

    Raises:
        ModelError: it told of none.

    >>> bath_of_content(bath_content(Bath(0.5, "local")))
    Bath(kT=1/2, noise='local')
    """
    signals, _ = read_signals(Table("[signals]", content["signals"]), None)
    return bath_of_table(Table("[bath]", content, [*map(str, content["symbols"]), *signals]))


def bath_of_table(table: Table, kT: Any = None) -> Bath:
    """Return the bath of a [bath] table.

    Args:
        table: its keys are `kT` and `noise`; others are not looked at.
        kT: in place of that key.

    Raises:
        ModelError: no kT, one that is no expression, or what `Bath` refuses.

    >>> bath_of_table(Table("[bath]", {"kT": "T0*exp(-t)"}, ["T0"])).kT
    T0*exp(-t)
    """
    noise = table.text("noise", "invariant")
    try:
        return Bath(table.coefficient("kT") if kT is None else kT, noise)
    except (InputError, InputTypeError) as error:
        raise error if str(error).startswith(table.place) else ModelError(f"{table.place}: {error}") from None
