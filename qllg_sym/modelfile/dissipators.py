"""[law] with [[law.dissipators]]: a law of the folder, alone or with jump operators beside it."""

from typing import Any

import sympy as sp

from qllg_sym.equations import laws
from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.lindblad import Lindblad
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import terms
from qllg_sym.model.model import Model
from qllg_sym.model.spin_expression import SpinVector
from qllg_sym.modelfile.graphs import build_terms
from qllg_sym.modelfile.tables import Table
from qllg_sym.modelfile.terms_and_laws import build

SPINS = ("minus", "plus", "x", "y", "z")


def read_law(table: Table, model: Model) -> Law:
    """Return the law of a file: [[law.dissipators]] are those of kind "lindblad", or stand beside another quantum law.

    Each has a `rate`, and an operator: `spin` ("minus", "plus", "x", "y", "z") of a `site`, S in units of ħ; or
    `matrix`, its real part, with `imaginary`; or the keys of a Hamiltonian term.

    Raises:
        ModelError: an unknown, missing or wrong key, or what the law refuses.

    >>> from qllg_sym.model.space import Space
    >>> content = {"kind": "q-llg", "kappa": 1, "dissipators": [{"rate": 0.1, "spin": "minus", "site": 0}]}
    >>> read_law(Table("[law]", content), Model(Space("1/2"))).kind
    'q-llg + lindblad'
    """
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
        real = table.coefficient("matrix")
        imaginary = table.coefficient("imaginary") if "imaginary" in table else None
        return rate, real if imaginary is None else _complex(table, real, imaginary)
    term = Table(table.place, {key: table.raw(key) for key in table if key != "rate"}, table.names)
    return rate, sum(build_terms(term, terms, model.space.sites), start=0)


def _complex(table: Table, real: Any, imaginary: Any) -> list[list[sp.Expr]]:
    """A matrix from its two parts."""
    try:
        return [[a + sp.I * b for a, b in zip(x, y, strict=True)] for x, y in zip(real, imaginary, strict=True)]
    except (TypeError, ValueError):
        raise table.wrong("imaginary", "a matrix of the size of `matrix`", table.raw("imaginary")) from None
