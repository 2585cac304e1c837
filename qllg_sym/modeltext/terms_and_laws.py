"""Terms and laws from tables: the keys are the arguments of the class, so that a new term needs no line here."""

from dataclasses import MISSING, Field, fields
from types import ModuleType
from typing import Any, TypeVar

from qllg_sym import plugs
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, ModelError, meant
from qllg_sym.model.graphs import joins
from qllg_sym.model.term import Site, Sites, Term, depths
from qllg_sym.modeltext.tables import Table, shown

LawOrTerm = TypeVar("LawOrTerm", bound=Law | Term)
Entry = TypeVar("Entry")


def kinds(folder: ModuleType, base: type[LawOrTerm]) -> dict[str, type[LawOrTerm]]:
    """The laws or terms of a folder by the `kind` that model files call them.

    >>> from qllg_sym.equations import laws
    >>> "q-llg" in kinds(laws, Law)
    True
    """
    found = {item.kind: item for item in plugs.classes(folder.__name__, "kind") if issubclass(item, base)}
    return dict(sorted(found.items()))


def build(table: Table, folder: ModuleType, base: type[LawOrTerm]) -> LawOrTerm:
    """Return the term or law that a table describes.

    Args:
        table: a table with the key `kind`.
        folder: the package that holds the plugs.
        base: `Law` or `Term`.

    Raises:
        ModelError: an unknown kind, an unknown, missing or wrong key, or what the class itself refuses.
    """
    cls = of_kind(table, kinds(folder, base))
    arguments = [field for field in fields(cls) if field.init]
    places = [field.name for field in arguments if field.type == Site]
    on_sites = ["graph"] if issubclass(cls, Term) and len(places) == 1 and depths(cls) else []
    on_graphs = {0: on_sites, 2: ["graph", "edges"]}.get(joins(cls), ["edges"])        # which `graphs` takes
    table.only(["kind", *(["sites"] if places else []), *(field.name for field in arguments), *on_graphs])
    given: dict[str, Any] = {**_sites(table, places)}
    for field in arguments:
        if field.name in table and field.name not in places:
            given[field.name] = _argument(table, field)
        elif field.name not in given and field.default is MISSING:
            table.raw("sites" if field.name in places else field.name)  # missing: refused there
    try:
        return cls(**given)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{table.place}: {error}") from None


def of_kind(table: Table, known: dict[str, Entry]) -> Entry:
    """Return the entry of `known` that the table's `kind` names.

    >>> of_kind(Table("[law]", {"kind": "b"}), {"a": 1, "b": 2})
    2
    """
    kind = table.text("kind")
    if kind not in known:
        raise ModelError(f"{table.place} `kind` must be one of {', '.join(known)}, but is "
                         f"{shown(kind)}{meant(kind, known)}; choose one of them.")
    return known[kind]


def _sites(table: Table, places: list[str]) -> dict[str, int]:
    """The sites of a term, given as `sites` or under their own names."""
    if not places or "sites" not in table:
        return {name: table.integer(name) for name in places if name in table}
    sites = table.integers("sites")
    if len(sites) != len(places):
        raise table.wrong("sites", f"{len(places)} site{'s' * (len(places) > 1)}", sites)
    for name in places:
        if name in table:
            raise ModelError(f"{table.place} must have `sites` or `{name}`, but has both; leave one out.")
    return dict(zip(places, sites, strict=True))


def _argument(table: Table, field: "Field[Any]") -> Any:
    """One argument, read by the type that its class declares."""
    if field.type is str:
        return table.text(field.name)
    if field.type is bool:
        return table.flag(field.name)
    if field.type is int:
        return table.integer(field.name)
    if field.type == Sites:
        return table.integers(field.name)
    return table.coefficient(field.name)
