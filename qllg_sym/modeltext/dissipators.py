"""[law] with [[law.dissipators]]: a law of the folder, alone or with jump operators beside it."""

from dataclasses import fields
from functools import reduce
from typing import Any

from qllg_sym.equations import laws
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.lindblad import Lindblad
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import terms
from qllg_sym.model.jump_operator import JumpOperator
from qllg_sym.model.model import Model
from qllg_sym.model.spin_expression import SpinVector
from qllg_sym.model.term import Term
from qllg_sym.modeltext.graphs import build_terms
from qllg_sym.modeltext.hybrid import read_hybrid_law
from qllg_sym.modeltext.operators import complex_matrix
from qllg_sym.modeltext.tables import Table
from qllg_sym.modeltext.terms_and_laws import build, kinds, of_kind

SPINS = ("minus", "plus", "x", "y", "z")


def read_law(table: Table, model: Model, parts: Table | None = None) -> Law:
    """Return the law of a file: [[law.dissipators]] are those of kind "lindblad", or stand beside another quantum law.

    Each has a `rate`, and an operator: `spin` ("minus", "plus", "x", "y", "z") of a `site`, S in units of ħ; or
    `matrix`, its real part, with `imaginary`; or the keys of a Hamiltonian term.

    A `kind` such as "q-llg + dephasing" has the keys of each. What `model_as_text` makes of a dissipator has the tables
    of its Hermitian and anti-Hermitian parts, `real` and `imaginary`. A law of kind "hybrid" takes the sites of its
    clusters and moments from `parts`, the table [hybrid].

    Raises:
        ModelError: an unknown, missing or wrong key, or what the law refuses.

    >>> from qllg_sym.model.space import Space
    >>> content = {"kind": "q-llg", "kappa": 1, "dissipators": [{"rate": 0.1, "spin": "minus", "site": 0}]}
    >>> read_law(Table("[law]", content), Model(Space("1/2"))).kind
    'q-llg + lindblad'
    """
    if table.text("kind") == Hybrid.kind:
        return read_hybrid_law(table, parts)
    if parts is not None:
        raise ModelError(f"[hybrid] must stand beside a law of kind hybrid, but {table.place} is of kind "
                         f"{table.text('kind')}; leave it out, or write kind = \"hybrid\".")
    if "+" in table.text("kind"):
        return _sum(table, model)
    if "dissipators" not in table:
        if table.text("kind") == Lindblad.kind:
            table.raw("dissipators")                # missing: refused there
        return build(table, laws, Law)
    try:
        added = Lindblad([_jump(Table(f"[[law.dissipators]] {k}", item, table.names), model)
                          for k, item in enumerate(table.items("dissipators"), 1)])
        added.check(model)
        rest = Table(table.place, {key: table.raw(key) for key in table if key != "dissipators"}, table.names)
        if rest.text("kind") == added.kind:
            rest.only(["kind"])
            return added
        return build(rest, laws, Law) + added
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{table.place}: {error}") from None


def _jump(table: Table, model: Model) -> tuple[Any, Any]:
    """One rate with its operator."""
    rate = table.coefficient("rate")
    if "spin" in table:
        table.only(["rate", "spin", "site"])
        if (which := table.text("spin")) not in SPINS:
            raise table.wrong("spin", f"one of {', '.join(SPINS)}", which)
        return rate, getattr(SpinVector.of(model.space.check_site(table.integer("site", 0), "site")), which)
    if "matrix" in table:
        table.only(["rate", "matrix", "imaginary"])
        return rate, complex_matrix(table)
    if "real" in table:
        table.only(["rate", "real", "imaginary"])
        return rate, JumpOperator(*(_terms(table, name, model) for name in ("real", "imaginary")))
    term = Table(table.place, {key: table.raw(key) for key in table if key != "rate"}, table.names)
    return rate, sum(build_terms(term, terms, model.space.sites), start=0)


def _terms(table: Table, name: str, model: Model) -> tuple[Term, ...]:
    """The terms of a part of an operator."""
    items = table.items(name) if name in table else []
    return tuple(term for item in items
                 for term in build_terms(Table(f"{table.place} `{name}`", item, table.names), terms, model.space.sites))


def _sum(table: Table, model: Model) -> Law:
    """A sum of laws, each of its own keys."""
    found, used = list[Law](), ["kind"]
    for name in (part.strip() for part in table.text("kind").split("+")):
        cls = of_kind(Table(table.place, {"kind": name}), kinds(laws, Law))
        own = [field.name for field in fields(cls) if field.init]
        keys = {key: table.raw(key) for key in own if key in table}
        found.append(read_law(Table(table.place, {"kind": name, **keys}, table.names), model))
        used += own
    table.only(used)
    try:
        return reduce(lambda a, b: a + b, found)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{table.place}: {error}") from None
