"""Reads a model file, key by key; what is unknown, missing or wrong is refused with its place."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import FileError, InputError, InputTypeError, ModelError, meant
from qllg_sym.flow.choose import own_options
from qllg_sym.flow.options import Options
from qllg_sym.model import terms
from qllg_sym.model.expressions import check_declared
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.modelfile import keys
from qllg_sym.modelfile.dissipators import read_law
from qllg_sym.modelfile.graphs import build_terms
from qllg_sym.modelfile.model_file import BUILTIN, ModelFile, builtin
from qllg_sym.modelfile.state import read_state
from qllg_sym.modelfile.tables import Table
from qllg_sym.units import Units

MAX_BYTES = 1_000_000
MAX_PARTS = 16          # of a dotted key: tomllib's time and memory grow with the square
MAX_POINTS = 10_000_000
MAX_SITES = 1000
_PART = r"""(?>(?>[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
_DOTTED = re.compile(f"{_PART}{{{MAX_PARTS},}}")
TOLERANCES = ("rtol", "atol", "max_step")
TABLES = ("system", "term", "values", "law", "state", "time", "solver")


def model_named(name: str) -> ModelFile:
    """Return a built-in model ("dimer", "spin"), or what a TOML file says.

    Raises:
        FileError: no such file, not readable, or no TOML.
        ModelError: what it says is no model.

    >>> model_named("dimer").model.space.sites
    2
    """
    if name in BUILTIN:
        return builtin(name)
    if not os.path.exists(name):
        raise FileError(f"`MODEL` must be {', '.join(BUILTIN)} or a TOML file, but {name!a} does not exist"
                        f"{meant(name, BUILTIN)}; give the path of a model file.")
    return read_file(name)


def read_file(path: str | os.PathLike[str]) -> ModelFile:
    """Return what a model file says.

    Args:
        path: a TOML file with [system], [[term]], [values], [law], [state], [time] and [solver] (method, rtol, atol,
            max_step, breakpoints, and what the method alone has); all but the first may be left out.

    Raises:
        FileError: not readable, too large, or no TOML; damage is named by line and column.
        ModelError: an unknown, missing or wrong key, or what the model itself refuses.
    """
    return parse_document(_toml(Path(path)), Path(path).stem)


def parse_document(document: dict[str, Any], name: str) -> ModelFile:
    """Return what a TOML document says; `name` is that of the record.

    >>> parse_document({"system": {"spins": ["1/2"]}}, "one").model.space
    Space('1/2')
    """
    Table("The model file", document).only(TABLES)
    system = Table("[system]", Table("The model file", document).raw("system"))
    values = _values(Table("[values]", document.get("values", {})))
    names = _symbols(system, values)
    model = _model(system, document.get("term", []), names)
    tables = {key: Table(f"[{key}]", document[key], names) for key in TABLES[3:] if key in document}
    return ModelFile(
        name=name, model=model, values=values,
        law=read_law(tables["law"], model) if "law" in tables else None,
        state=read_state(tables["state"], model) if "state" in tables else None,
        times=_times(tables["time"]) if "time" in tables else None,
        options=_options(tables["solver"]) if "solver" in tables else Options(),
    )


def _toml(path: Path) -> dict[str, Any]:
    """The document of a file."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FileError(f"The model file `{path}` must have at most {MAX_BYTES} bytes, but has {size}; "
                            "give a model file.")
        text = path.read_bytes().decode("utf-8")
        if found := _DOTTED.search(text):
            raise FileError(f"The model file `{path}` must have keys of at most {MAX_PARTS} parts, but line "
                            f"{text.count(chr(10), 0, found.start()) + 1} has more; give a flat file.")
        return tomllib.loads(text)
    except OSError as error:
        raise FileError(f"The model file {str(path)!a} must be readable, but is not ({error.strerror or error}); "
                        "give the path of a TOML file.") from None
    except UnicodeDecodeError:
        raise FileError(f"The model file `{path}` must be TOML in UTF-8, but is no text; give a TOML file.") from None
    except RecursionError:
        raise FileError(f"The model file `{path}` must be TOML, but is nested too deeply; give a flat file.") from None
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        lines = text.split("\n")
        reason = str(error).replace("at end of document", f"at line {len(lines)}, column {len(lines[-1]) + 1}")
        reason = reason if reason.isprintable() else ascii(reason)
        raise FileError(f"The model file `{path}` must be TOML, but is damaged: {reason}; mend it there.") from None


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
        units = Units(*system.items("units")) if "units" in system else None
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


def _times(table: Table) -> NDArray[np.float64]:
    """Equally spaced times, or those listed."""
    if "times" in table:
        table.only(("times",))
        times = np.array(table.numbers("times"), dtype=float)
    else:
        table.only(keys.TIME)
        points = table.integer("points")
        if not 1 <= points <= MAX_POINTS:
            raise table.wrong("points", f"between 1 and {MAX_POINTS}", points)
        times = np.linspace(table.number("start", 0.0), table.number("stop"), points)
    if len(times) == 0 or not (np.diff(times) > 0).all():
        raise ModelError("[time] must have increasing times, but has not; give a stop after the start.")
    return times


def _options(table: Table) -> Options:
    """How to solve, with what the method alone has."""
    method = table.text("method", "auto")
    own = own_options(method)
    table.only((*keys.SOLVER, *own))
    found: dict[str, Any] = {key: table.number(key) for key in TOLERANCES if key in table}
    found |= {"breakpoints": table.numbers("breakpoints")} if "breakpoints" in table else {}
    try:
        return Options(method, own={key: table.raw(key) for key in own if key in table}, **found)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"[solver]: {error}") from None
