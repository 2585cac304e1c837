"""The reference of model files: every table, key and kind, from the tables that read them."""

import re
from dataclasses import MISSING, Field, fields
from inspect import Parameter, signature
from typing import Any

from qllg_sym import plugs
from qllg_sym.cli import solve
from qllg_sym.equations import laws
from qllg_sym.equations.law import Law
from qllg_sym.flow import methods, states
from qllg_sym.flow.choose import own_options
from qllg_sym.model import terms
from qllg_sym.model.graphs import joins
from qllg_sym.model.term import Coefficient, Factor3, Matrix3, Site, Sites, Symmetric3, Term, Vector3
from qllg_sym.modelfile.state import OF_THE_MODEL, kinds_of_state
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.terms_and_laws import kinds

# What TOML holds for an argument of a type.
WRITTEN: dict[Any, str] = {
    Coefficient: "number or expression", Vector3: "`[x, y, z]`", Matrix3: "3 rows of 3, or one number",
    Symmetric3: "3 symmetric rows of 3", Factor3: "number, or 3 rows of 3", Sites: "array of sites", Site: "site",
    str: "string", bool: "`true` or `false`", int: "integer"}
SIGNALS = """\
Functions of time, one name each: `pulse = {file = "pulse.csv"}`. The name then stands in any expression, as in
`B = ["2*pulse + 1", 0, 0]`. The file has two columns, between commas or blanks; it may begin with a header, and what
stands after # is a comment."""
BATH = """\
Thermal noise for `qllg langevin`; other commands leave it out."""
HYBRID = """\
Quantum clusters among classical moments: beside `[law]` with `kind = "hybrid"`, `kappa` and `alpha`, and in place of
`[state]`. Every site is in one cluster or classical."""
RESPONSE = """\
The response to a weak field, for `qllg spectrum`; the state is the ground state where [state] is left out."""
EPR = """\
Electron paramagnetic resonance, for `qllg spectrum`, in place of the response."""
FIT = """\
Parameters from data, for `qllg fit`; the times are those of the data."""
_FORMULA = re.compile(r"\$[^$]+\$")
_TABLE = "| key | is |\n|---|---|\n"


def pages() -> dict[str, str]:
    """Return the page."""
    example = solve.EPILOG.partition("\n\n")[2].partition("\n\n{kinds}")[0]
    toml = "\n".join(line[2:] for line in example.splitlines())
    parts = ["# Model files", "", "A model file is TOML. Numbers may be expressions in quotes: + − \\* / \\*\\*, sqrt, "
             "sin, cos, tan, exp, tanh, pi and `t` on the names of [values] and `symbols`, read by a grammar of "
             "their own. Every table but [system] may be left out; unknown keys are refused.", "",
             "```toml", toml, "```", "", "## [system]", "", plain(keys.SYSTEM), "",
             "## [[term]]", "", _terms(), "", "## [values]", "", "A number for each name.", "",
             "## [signals]", "", SIGNALS, "", plain(keys.SIGNAL), "",
             "## [law]", "", _laws(), "", "## [state]", "", _states(), "",
             "## [time]", "", plain(keys.TIME), "", "## [solver]", "", plain(keys.SOLVER), _own(), "",
             "## [bath]", "", BATH, "", plain(keys.BATH), "",
             "## [hybrid]", "", HYBRID, "", plain(keys.HYBRID), "",
             "## [response]", "", RESPONSE, "", plain(keys.RESPONSE), "",
             "## [epr]", "", EPR, "", plain(keys.EPR), "", "## [fit]", "", FIT, "", plain(keys.FIT)]
    return {"model-file": "\n".join(parts)}


def plain(table: dict[str, str]) -> str:
    """The keys of a table of `modeltext.keys`."""
    return _TABLE + "".join(f"| `{key}` | {text} |\n" for key, text in table.items())


def _terms() -> str:
    """Every kind of term, and the keys of graphs."""
    bonds = ", ".join(f"`{kind}`" for kind, cls in kinds(terms, Term).items() if joins(cls) >= 2)
    found = "\n".join(_class(kind, cls) for kind, cls in kinds(terms, Term).items())
    return (f"`kind` says which term; sites stand under their own names or together as `sites = [0, 1]`. Terms on "
            f"bonds ({bonds}) take one of these in place of sites:\n\n{plain(keys.GRAPH)}\n{found}")


def _laws() -> str:
    """Every law, and the dissipators beside it."""
    return "\n".join([*(_class(kind, cls) for kind, cls in kinds(laws, Law).items()),
                      "### [[law.dissipators]]", "", "Any number of them, beside a quantum law or of `kind = "
                      "\"lindblad\"`; in place of `spin` or `matrix` the keys of a term.", "", plain(keys.DISSIPATOR)])


def _class(kind: str, cls: type[Any]) -> str:
    """A term or a law: its formula and its keys."""
    first = (cls.__doc__ or "").partition("\n")[0].strip()
    rows = "".join(f"| `{field.name}` | {_kind_of(field)} |\n" for field in fields(cls) if field.init)
    return f"### {kind}\n\n{first}\n\n{_TABLE}{rows}" if rows else f"### {kind}\n\n{first}\n\nNo keys.\n"


def _kind_of(field: "Field[Any]") -> str:
    """What a key holds, and what it is if it is left out."""
    written = WRITTEN.get(field.type, "number or expression")
    if field.default is MISSING:
        return written
    return f"{written}; {'may be left out' if field.default is None else f'`{field.default}` if it is left out'}"


def _states() -> str:
    """Every kind of state with its keys, as its function says what they are."""
    found = []
    for kind, (names, reader) in kinds_of_state().items():
        make = getattr(states, kind) if kind in plugs.names(states.KINDS) else reader
        first = (make.__doc__ or "").partition("\n")[0].strip()
        optional = [x.name for x in signature(make).parameters.values()
                    if x.default is not Parameter.empty and x.annotation not in OF_THE_MODEL]
        listed = ", ".join(f"`{name}`" + " (may be left out)" * (name in optional) for name in names) or "none"
        found.append(f"### {kind}\n\n{first}\n\nKeys: {listed}.\n")
    return "\n".join(found)


def _own() -> str:
    """What some methods have beside these keys."""
    own = {name: own_options(name) for name in methods.names() if own_options(name)}
    rows = [f"`{name}` also takes {', '.join(f'`{key}`' for key in found)}." for name, found in own.items()]
    return "\n" + " ".join([f"Methods: {', '.join(f'`{name}`' for name in ('auto', *methods.names()))}.", *rows])
