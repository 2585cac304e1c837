"""A model, its law and numbers as the text of a model file; what would not read back as itself is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import sympy as sp

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.scalars import real_and_imaginary, symbols_in
from qllg_sym.algebra.signals import Signal
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.lindblad import Lindblad
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import terms
from qllg_sym.model.copies import Copies
from qllg_sym.model.dipolar import Dipoles
from qllg_sym.model.model import Model
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Site, Sites, Term
from qllg_sym.model.terms.operator import Operator
from qllg_sym.modeltext.coefficients import coefficient_as_text
from qllg_sym.modeltext.dissipators import read_law
from qllg_sym.modeltext.document import MAX_BYTES
from qllg_sym.modeltext.graphs import build_terms
from qllg_sym.modeltext.hybrid import SITES, hybrid_tables
from qllg_sym.modeltext.lattices import copies_table
from qllg_sym.modeltext.operators import AXES
from qllg_sym.modeltext.signals import signals_table
from qllg_sym.modeltext.tables import Table
from qllg_sym.modeltext.toml import toml

Content = dict[str, Any]
MOST_SPINS = 100        # that are written one by one where they are alike
MOST_ROWS = 128         # of a matrix: some seconds


def model_as_text(model: Model, law: Law | None = None, values: Mapping[str, Any] | None = None) -> str:
    """Return TOML with [system], [[term]], [law] (and [hybrid]), [values] and [signals], as `qllg` reads it.

    Args:
        model: its symbols are declared, also those without a number.
        law: left out where it is None.
        values: numbers by name; arrays are left out, and their names declared. (times, samples) of a signal are kept
            where they are at most `signals.MOST_WRITTEN`; else a comment says that they are not.

    Raises:
        ModelError: text has no words for a part of it, or it would be too long.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, sp.Symbol("B", real=True)))])
    >>> print(model_as_text(model, QuantumLLG(0.5), {"B": 2.0}))
    [system]
    spins = ["1/2"]
    symbols = ["B"]
    <BLANKLINE>
    [[term]]
    kind = "zeeman"
    B = [0, 0, "B"]
    <BLANKLINE>
    [law]
    kind = "q-llg"
    kappa = 0.5
    <BLANKLINE>
    [values]
    B = 2.0
    """
    if any(isinstance(term, Dipoles) for term in model.terms):
        raise ModelError("`model` must have at most 90 sites with dipolar couplings to be written as text, but has "
                         f"{model.space.sites}; keep the program that made it.")
    used = [*model.parameters, *law_symbols(law)]
    signals = sorted({s for s in used if isinstance(s, Signal)}, key=lambda s: s.name)
    symbols = sorted({s.name for s in used if not isinstance(s, Signal)})
    names = [*symbols, *(s.name for s in signals)]
    parts = [toml(_system(model, symbols), "[system]")]
    parts += [toml(_checked(term, names, model.space.sites), "[[term]]") for term in model.terms]
    if law is not None:
        parts += [toml(content, place) for content, place in _law(law, names, model)]
    if numbers := {name: float(value) for name, value in (values or {}).items() if _is_number(value)}:
        parts.append(toml(numbers, "[values]"))
    if signals:
        parts.append(_signals(signals, values or {}))
    text = "\n\n".join(parts)
    if (size := len(text.encode())) > MAX_BYTES:
        raise ModelError(f"`model` must take at most {MAX_BYTES} bytes of text to be written, but takes {size}; keep "
                         "the program that made it.")
    return text


def law_symbols(law: Law | None) -> set[sp.Symbol]:
    """Return the symbols of a law's coefficients, without time, and the signals."""
    return set() if law is None else set(symbols_in(law.coefficients()))


def _signals(signals: list[Signal], values: Mapping[str, Any]) -> str:
    """The [signals] table, with a comment where samples are not kept."""
    table, missing = signals_table(signals, values)
    lines = toml(table, "[signals]").split("\n")
    told = [f"   # its values are not kept: {missing[name]}" if name in missing else "" for name in ["", *table]]
    return "\n".join(line + comment for line, comment in zip(lines, told, strict=True))


def _is_number(value: Any) -> bool:
    """Whether a value is one number."""
    return isinstance(value, (int, float)) or (hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0)


def _system(model: Model, symbols: Sequence[str]) -> Content:
    """The [system] table."""
    spins = [str(s) for s in model.space.spins]
    alike = len(spins) > MOST_SPINS and len({*spins}) == 1
    found: Content = {"spins": spins[0], "sites": len(spins)} if alike else {"spins": spins}
    if model.space.sector is not None:
        found["magnetisation"] = str(model.space.sector.magnetisation)
        if isinstance(sector := model.space.sector, RingSector):
            found["momentum"] = sector.momentum
            found |= {} if sector.reflection is None else {"reflection": sector.reflection}
    if symbols:
        found["symbols"] = list(symbols)
    if model.units is not None:
        found["units"] = model.units.spelled
    else:
        constants = {"hbar": model.hbar, "gamma": model.gamma}
        found |= {name: coefficient_as_text(value, symbols) for name, value in constants.items() if value != 1}
    return found


def _checked(term: Term, names: Sequence[str], sites: int) -> Content:
    """The table of a term, once it reads back as that table."""
    if isinstance(term, Copies):
        return copies_table(term, tuple(names), sites)
    content = term_table(term, names)
    try:
        again = [term_table(each, names) for each in build_terms(Table("[[term]]", content, names), terms, sites)]
    except (InputError, InputTypeError) as error:
        raise ModelError(f"`terms` must have words in model files to be written, but {error}") from None
    if again != [content]:
        raise ModelError(f"`terms` must read back as themselves to be written, but {term.words} does not; "
                         "keep the program that made it.")
    return content


def term_table(term: Term, names: Iterable[str]) -> Content:
    """Return the table of one term.

    >>> from qllg_sym import Exchange
    >>> term_table(Exchange(1, 0, 1), [])
    {'kind': 'exchange', 'J': 1, 'sites': [0, 1]}
    """
    if isinstance(term, Operator):
        if term.size > MOST_ROWS:
            raise ModelError(f"`matrix` must have at most {MOST_ROWS} rows to be written as text, but has {term.size}; "
                             "keep it beside what is saved.")
        rows = [[real_and_imaginary(item) for item in row] for row in term.rows]
        real, imaginary = ([[coefficient_as_text(item[k], names) for item in row] for row in rows] for k in (0, 1))
        found: Content = {"kind": term.kind, "matrix": real}
        if any(entry for row in imaginary for entry in row):
            found["imaginary"] = imaginary
        return found if term.sites is None else {**found, "sites": list(term.sites)}
    if isinstance(term, SpinTerm):
        return {"kind": term.kind, "products": [[_pair(c, names), " ".join(f"S{site}{AXES[k]}" for site, k in word)]
                                                for c, word in term.expression.products]}
    places = [field.name for field in fields(term) if field.type == Site]
    found = {"kind": term.kind, **_arguments(term, places, names)}
    return {**found, "sites": [getattr(term, name) for name in places]} if places else found


def _arguments(part: Term | Law, left_out: Sequence[str], names: Iterable[str]) -> Content:
    """The arguments of a term or a law by name, but those left out or None."""
    found: Content = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if not field.init or field.name in left_out or value is None:
            continue
        plain = isinstance(value, (str, bool)) or field.type in (int, Sites)
        found[field.name] = coefficient_as_text(value, names) if not plain else \
            list(value) if isinstance(value, tuple) else value
    return found


def _pair(c: sp.Expr, names: Iterable[str]) -> Any:
    """A complex coefficient: itself where it is real, else [re, im]."""
    re, im = real_and_imaginary(c)
    found = [coefficient_as_text(part, names) for part in (re, im)]
    return found[0] if im == 0 else found


def _law(law: Law, names: Sequence[str], model: Model) -> list[tuple[Content, str]]:
    """The [law] table, and [hybrid] where there is one, once they read back as these tables."""
    content, sites = law_tables(law, names)
    try:
        parts = None if sites is None else Table("[hybrid]", sites, names)
        again = law_tables(read_law(Table("[law]", content, names), model, parts), names)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"`law` must have words in model files to be written, but {error}") from None
    if again != (content, sites):
        raise ModelError(f"`law` must read back as itself to be written, but {law.kind} does not; keep the program "
                         "that made it.")
    return [(content, "[law]"), *([] if sites is None else [(sites, "[hybrid]")])]


def law_tables(law: Law, names: Iterable[str]) -> tuple[Content, Content | None]:
    """Return [law], and [hybrid] of a hybrid one."""
    if isinstance(law, Hybrid):
        return hybrid_tables(law, _arguments(law, SITES, names))
    return law_table(law, names), None


def law_table(law: Law, names: Iterable[str]) -> Content:
    """Return the table of a law, or of a sum of laws.

    >>> from qllg_sym import Dephasing, QuantumLLG
    >>> law_table(QuantumLLG(0.5) + Dephasing(0.1), [])
    {'kind': 'q-llg + dephasing', 'kappa': 0.5, 'rate': 0.1}
    """
    found: Content = {"kind": law.kind}
    for member in law.members:
        if isinstance(member, Lindblad):
            found["dissipators"] = [
                {"rate": coefficient_as_text(each.rate, names)}
                | {name: [term_table(term, names) for term in part] for name, part in (
                    ("real", each.operator.real), ("imaginary", each.operator.imaginary)) if part or name == "real"}
                for each in member.dissipators]
            continue
        own = _arguments(member, (), names)
        if taken := {*own} & {*found}:
            raise ModelError(f"`law` must have arguments of different names to be written, but {min(taken)} is there "
                             "twice; keep the program that made it.")
        found |= own
    return found
