"""[system], [[term]], [values] and [signals]: the model, the names in expressions, and what they stand for."""

from pathlib import Path
from typing import Any

from qllg_sym.algebra.signals import Signal
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import terms
from qllg_sym.model.expressions import check_declared
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.graphs import build_terms
from qllg_sym.modeltext.signals import read_signals
from qllg_sym.modeltext.tables import Table
from qllg_sym.units import Units

MAX_SITES = 2**20
SECTOR = "magnetisation", "momentum", "reflection"


Names = list[str | Signal]


def read_system(document: dict[str, Any], folder: Path | None = None) -> tuple[Model, dict[str, Any], Names]:
    """Return the model of a document, the numbers and samples that it gives, and the names that expressions may use.

    Args:
        document: what TOML says.
        folder: where the files of samples are; None where none may be read.

    Raises:
        FileError: a file of samples that is not there, too large or damaged.
        ModelError: an unknown, missing or wrong key, or what the model itself refuses.

    >>> read_system({"system": {"spins": ["1/2"]}, "values": {"J": 1}})[1:]
    ({'J': 1.0}, ['J'])
    """
    system = Table("[system]", Table("The model file", document).raw("system"))
    values = _values(Table("[values]", document.get("values", {})))
    signals, samples = read_signals(Table("[signals]", document.get("signals", {})), folder)
    symbols = _symbols(system, values)
    if taken := [each.name for each in signals if each.name in symbols]:
        raise ModelError(f"[signals] must have names of their own, but `{taken[0]}` is a parameter, too; choose "
                         "another name.")
    names: Names = [*symbols, *signals]
    return _model(system, document.get("term", []), names), {**values, **samples}, names


def _values(table: Table) -> dict[str, float]:
    """Numbers for symbols."""
    return {check_declared(name): table.number(name) for name in table}


def _symbols(system: Table, values: dict[str, float]) -> list[str]:
    """The names that expressions may use: those with values, and those that [system] declares."""
    declared = system.items("symbols") if "symbols" in system else []
    for name in declared:
        if not isinstance(name, str):
            raise system.wrong("symbols", "an array of names", declared)
        check_declared(name)
    return sorted({*values, *declared})


def _model(system: Table, content: Any, names: Names) -> Model:
    """The model of [system] and the [[term]] tables."""
    system.only(keys.SYSTEM)
    system.names = tuple(names)
    if not isinstance(content, list):
        raise ModelError("[[term]] must be an array of tables, but is one table; write [[term]] with two brackets.")
    spins = _spins(system)
    found = [term for i, item in enumerate(content, 1)
             for term in build_terms(Table(f"[[term]] {i}", item, names), terms, len(spins))]
    constants = {key: system.coefficient(key) for key in ("hbar", "gamma") if key in system}
    try:
        units = Units.of_spelling(system.raw("units")) if "units" in system else None
        return Model(_space(system, spins), found, **constants, units=units)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"The model: {error}") from None


def _space(system: Table, spins: list[Any]) -> Space:
    """The space of the spins, or its sector."""
    space = Space(*spins)
    if not set(SECTOR) & set(system):
        return space
    if not space.is_half:
        raise ModelError(f"`magnetisation` must go with spins 1/2 alone, but the spins are {system.raw('spins')!r}; "
                         "leave it out.")
    given = {name: system.raw(name) for name in SECTOR if name in system}
    return Space.half(space.sites, **given)


def _spins(system: Table) -> list[Any]:
    """The spins one by one, or one that stands for all `sites`."""
    if "sites" not in system:
        return system.items("spins")
    count, spin = system.integer("sites"), system.raw("spins")
    if not 1 <= count <= MAX_SITES:
        raise system.wrong("sites", f"between 1 and {MAX_SITES}", count)
    if isinstance(spin, list):
        raise system.wrong("spins", "one spin where `sites` says how many", spin)
    return [spin] * count
