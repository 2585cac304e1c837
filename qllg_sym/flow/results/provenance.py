"""What made numbers: model, law and settings, as objects while they are known, as text in files."""

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from math import inf
from numbers import Real
from typing import Any

import sympy as sp

from qllg_sym.algebra.decimals import in_decimals
from qllg_sym.algebra.fields import ByFields
from qllg_sym.equations.implicit_equation import LawOfMotion
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, QllgError
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.options import Options
from qllg_sym.model.model import Model
from qllg_sym.model.term import Term, letters_of
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text, system_as_written
from qllg_sym.units import Units

SHOWN = 30              # terms that are printed in LaTeX
PACKAGES = ("numpy", "sympy")
TEXT, REASON = "model_file", "model_file_missing"


@dataclass(frozen=True, repr=False)
class Provenance(ByFields):
    """What was solved, and how.

    Attributes:
        solved: the model and the law; None where a file was loaded.
        settings: what the solver was asked for, by name.
        told: what a file says, by name; empty for what was solved here.
        signals: what the signals were, by name: (times, samples), or None for a function.
    """

    solved: tuple[Model, Law] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    signals: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, law: LawOfMotion, options: Options, signals: Mapping[str, Any]) -> "Provenance":
        """Return that of what is about to be solved."""
        settings: dict[str, Any] = {"method_asked": options.method, "rtol": options.rtol, "atol": options.atol}
        settings |= {"max_step": options.max_step} if options.max_step < inf else {}
        settings |= {"breakpoints": [float(t) for t in options.breakpoints]} if len(options.breakpoints) else {}
        if options.own:
            settings["options"] = {str(name): value if isinstance(value, str) else float(value)
                                   for name, value in options.own.items() if isinstance(value, str | Real)}
        return cls((model, law) if isinstance(law, Law) else None, settings, signals=signals)

    @classmethod
    def loaded(cls, told: Mapping[str, Any], spins: Sequence[str],
               sector: tuple[Any, ...] = (None,) * 3) -> "Provenance":
        """Return what a file says, which has such spins, total S_z, wave number and reflection.

        Raises:
            FileError, ValueError, KeyError, TypeError: the text of its model is none, or is of another space.
        """
        if (text := told.get(TEXT)) is not None and system_as_written(str(text)) != (tuple(spins), tuple(sector)):
            raise ValueError("the text of the model is of another space")
        return cls(told=dict(told))

    @property
    def model(self) -> Model:
        """The model.

        Raises:
            InputError: nothing is known of it, or a file has no text of it.
        """
        return self._objects("model")[0]

    @property
    def law(self) -> Law:
        """The law of motion.

        Raises:
            InputError: as `model`.
        """
        return self._objects("law")[1]

    @property
    def has_text(self) -> bool:
        """Whether this is what a file says, with a text of the model."""
        return self.told.get(TEXT) is not None

    @property
    def samples(self) -> Mapping[str, Any]:
        """The numbers, and the times and samples of signals, that a file's text has, by name."""
        return self._read(str(self.told[TEXT]))[2]

    @cached_property
    def units(self) -> Units | None:
        """The units of the model; None without units, and where nothing is known."""
        if self.solved is not None:
            return self.solved[0].units
        try:
            return Units.of_spelling(self.told["units"]) if self.told.get("units") is not None else None
        except QllgError:
            return None

    def gamma(self, values: Mapping[str, Any]) -> float:
        """Return γ_g with numbers; 1 where nothing is known."""
        try:
            return number_of(self.model.gamma, dict(values))
        except QllgError:
            return 1.0

    def _objects(self, name: str) -> tuple[Model, Law]:
        """Return model and law as objects."""
        if self.solved is not None:
            return self.solved
        if (text := self.told.get(TEXT)) is None:
            why = self.told.get(REASON)
            raise InputError(f"`{name}` must be known to be asked for, but these numbers came without a model file"
                             f"{f' ({why})' if why else ''}; keep the model beside them.")
        return self._read(str(text))[:2]

    def _read(self, text: str) -> tuple[Model, Law, Mapping[str, Any]]:
        """Return what text says, read once."""
        if (known := vars(self).get("_known")) is None:
            model, law, values = model_from_text(text)
            if law is None:
                raise InputError("`law` must be known to be asked for, but the model file of these numbers has none; "
                                 "keep the law beside them.")
            known = vars(self)["_known"] = model, law, values
        objects: tuple[Model, Law, Mapping[str, Any]] = known
        return objects

    def about(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a file says of it: text and numbers, and tables of them.

        Args:
            values: the parameters, numbers or arrays.
        """
        if self.solved is None:
            return dict(self.told)
        model, law = self.solved
        numbers = {name: value for name, value in values.items() if isinstance(value, (int, float))}
        found: dict[str, Any] = {
            "hamiltonian": model.describe(getattr(law, "field", None)), "hamiltonian_latex": hamiltonian_latex(model),
            "law": repr(law), "law_kind": law.kind, "law_source": law.source, "equation": _equation(law),
            "values": numbers, **self.settings, "units": None if model.units is None else model.units.spelled,
            "created": datetime.now(UTC).isoformat(timespec="seconds"), "versions": versions()}
        try:
            found[TEXT] = model_as_text(model, law, {**numbers, **self.signals})
            found["equation_digest"] = hashlib.sha256(model_as_text(model, law).encode()).hexdigest()
        except QllgError as error:
            found[REASON] = str(error).rstrip(".")
        return found


def versions() -> dict[str, str]:
    """Return the versions of what computes.

    >>> sorted(versions())
    ['numpy', 'python', 'qllg_sym', 'sympy']
    """
    return {"qllg_sym": str(sys.modules["qllg_sym"].__version__), "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES}}


def text_and_numbers(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `about` holds as text and numbers alone, for readers of files.

    >>> text_and_numbers({"rtol": 1e-10, "values": {"J": 1.0}, "units": None})
    {'rtol': 1e-10, 'values': '{"J": 1.0}'}
    """
    return {name: value if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)
            for name, value in about.items() if value is not None}


def hamiltonian_latex(model: Model) -> str:
    r"""Return H in LaTeX, term by term, each with the values of its letters.

    >>> from qllg_sym import Exchange, Space
    >>> print(hamiltonian_latex(Model(Space.half(2), [Exchange(sp.Rational("0.7"), 0, 1)])))
    H = \frac{4J}{\hbar^2}\, \mathbf S_i \cdot \mathbf S_j\;[J = 0.7,\ i = 0,\ j = 1]
    """
    shown = [_term_latex(term) for term in model.terms[:SHOWN]]
    if more := len(model.terms) - len(shown):
        shown.append(rf"\text{{{more} more terms}}")
    return "H = " + (" + ".join(shown) or "0")


def _term_latex(term: Term) -> str:
    """One term."""
    letters = [(name, value) for name, value in letters_of(term)]
    letters += [(name, getattr(term, name)) for name in ("i", "j", "sites") if getattr(term, name, None) is not None]
    told = r",\ ".join(f"{name} = {_value(value)}" for name, value in letters)
    return f"{term.latex}\\;[{told}]" if told else term.latex


def _value(value: Any) -> str:
    """A coefficient, or a vector or a matrix of them."""
    if isinstance(value, tuple):
        return rf"\left({', '.join(map(_value, value))}\right)"
    return str(sp.latex(in_decimals(value))) if isinstance(value, sp.Expr) else str(value)


def _equation(law: Law) -> str:
    """The equation that the docstring of each law begins with."""
    return "; ".join((type(member).__doc__ or member.kind).partition("\n")[0].strip(" .") for member in law.members)
