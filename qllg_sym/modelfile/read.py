"""Reads a model file, key by key; what is unknown, missing or wrong is refused with its place."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.algebra.signals import Signal
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import FileError, InputError, InputTypeError, ModelError, meant
from qllg_sym.flow.choose import own_options
from qllg_sym.flow.options import Options
from qllg_sym.flow.states.state import State
from qllg_sym.model.model import Model
from qllg_sym.modelfile.epr_table import read_epr
from qllg_sym.modelfile.model_file import BUILTIN, ModelFile, builtin
from qllg_sym.modelfile.noise import NoiseOptions, read_noise
from qllg_sym.modelfile.response_and_fit import read_fit, read_response
from qllg_sym.modelfile.state import read_hybrid_state, read_state
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.dissipators import read_law
from qllg_sym.modeltext.document import MAX_BYTES, document
from qllg_sym.modeltext.system import read_system
from qllg_sym.modeltext.tables import Table

MAX_POINTS = 10_000_000
TOLERANCES = ("rtol", "atol", "max_step")
TABLES = ("system", "term", "values", "signals", "law", "state", "time", "solver", "bath", "hybrid", "response", "epr",
          "fit")


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
        path: a TOML file with [system], [[term]], [values], [signals], [law], [state], [time], [solver] (method,
            rtol, atol, max_step, breakpoints, and what the method alone has), [bath], [hybrid], [response],
            [epr] and [fit]; all but the first may be left out.

    Raises:
        FileError: not readable, too large, or no TOML; damage is named by line and column.
        ModelError: an unknown, missing or wrong key, or what the model itself refuses.
    """
    return parse_document(_toml(Path(path)), Path(path).stem, Path(path).parent)


def parse_document(content: dict[str, Any], name: str, folder: Path | None = None) -> ModelFile:
    """Return what the content of a TOML document says; `name` is that of the record.

    Files of samples are looked for in `folder`, and refused without one.

    >>> parse_document({"system": {"spins": ["1/2"]}}, "one").model.space
    Space('1/2')
    """
    Table("The model file", content).only(TABLES)
    model, values, names = read_system(content, folder)
    tables = {key: Table(f"[{key}]", content[key], names) for key in TABLES[4:] if key in content}
    parts = tables.get("hybrid")
    law = read_law(tables["law"], model, parts) if "law" in tables else None
    noise = read_noise(tables["bath"], model.units) if "bath" in tables else None
    _check_used([each for each in names if isinstance(each, Signal)], model, law, noise)
    return ModelFile(
        name=name, model=model, values=values, law=law,
        state=_state(tables, model, law),
        times=_times(tables["time"]) if "time" in tables else None,
        options=_options(tables["solver"]) if "solver" in tables else Options(), noise=noise,
        response=read_response(tables["response"]) if "response" in tables else None,
        epr=read_epr(tables["epr"]) if "epr" in tables else None,
        fit=read_fit(tables["fit"]) if "fit" in tables else None,
    )


def _state(tables: Mapping[str, Table], model: Model, law: Law | None) -> State | NDArray[Any] | None:
    """How an integration begins: [state], or what [hybrid] says of clusters and moments."""
    parts = tables.get("hybrid")
    if parts is not None and law is None:
        raise ModelError("[hybrid] must stand beside a law of kind hybrid, but there is no [law]; add it.")
    if isinstance(law, Hybrid) and parts is not None:
        if "state" in tables:
            raise ModelError("[state] must be left out beside [hybrid], but is given; write [[hybrid.states]] for each "
                             "cluster, and moments.")
        return read_hybrid_state(parts, model, law)
    return read_state(tables["state"], model) if "state" in tables else None


def _check_used(signals: list[Signal], model: Model, law: Law | None, noise: NoiseOptions | None) -> None:
    """Refuse a signal that no expression has."""
    others = [*(() if law is None else law.coefficients()), *(() if noise is None else [noise.bath.kT])]
    used = [s.name for s in symbols_in([*model.parameters, *others])]
    if wrong := [each.name for each in signals if each.name not in used]:
        raise ModelError(f"[signals] must have what expressions use alone, but `{wrong[0]}` is in none"
                         f"{meant(wrong[0], used)}; write it in a term, the law or the bath, or leave it out.")


def _toml(path: Path) -> dict[str, Any]:
    """The document of a file; what is too large is not read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        size = path.stat().st_size
    except OSError as error:
        raise FileError(f"The model file {str(path)!a} must be readable, but is not ({error.strerror or error}); "
                        "give the path of a TOML file.") from None
    if size > MAX_BYTES:
        raise FileError(f"The model file `{path}` must have at most {MAX_BYTES} bytes, but has {size}; "
                        "give a model file.")
    return document(content, f"The model file `{path}`")


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
