"""[system], [[term]] and [values]: the model, the names that expressions may use, and numbers for them."""

from typing import Any

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import terms
from qllg_sym.model.expressions import check_declared
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.graphs import build_terms
from qllg_sym.modeltext.tables import Table
from qllg_sym.units import Units

MAX_SITES = 1000


def read_system(document: dict[str, Any]) -> tuple[Model, dict[str, float], list[str]]:
    """Return the model of a document, the numbers that it gives, and the names that its expressions may use.

    Raises:
        ModelError: an unknown, missing or wrong key, or what the model itself refuses.

    >>> read_system({"system": {"spins": ["1/2"]}, "values": {"J": 1}})[1:]
    ({'J': 1.0}, ['J'])
    """
    system = Table("[system]", Table("The model file", document).raw("system"))
    values = _values(Table("[values]", document.get("values", {})))
    names = _symbols(system, values)
    return _model(system, document.get("term", []), names), values, names


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


def _model(system: Table, content: Any, names: list[str]) -> Model:
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
        return Model(Space(*spins), found, **constants, units=units)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"The model: {error}") from None


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
