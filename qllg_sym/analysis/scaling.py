"""Dimensionless models: every energy divided by one, times in ħ/energy, fields in energy/(ħγ_g), and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import exact_float
from qllg_sym.algebra.symbols import RESERVED_NAME, t
from qllg_sym.analysis.dimensions import ENERGY, FIELD, NUMBER, TIME, Dimension, Dimensions, raised
from qllg_sym.codegen.values import checked_values
from qllg_sym.model.model import Model
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator


@dataclass(frozen=True, repr=False)
class ScaledModel(Model):
    r"""A model in units of its own: $H' = H/E$, ħ = γ_g = 1, time $t' = t\,E/\hbar$, fields $B' = B\,\hbar\gamma_g/E$.

    `qllg_sym.t` in its coefficients is t′. Damping κ is a number and stays; a rate of a law is multiplied by `time`.

    Attributes:
        source: the model in its own units.
        scale: E.
        ratios: pairs (parameter of this model, what it is in parameters of the source).
    """

    source: Model = field(kw_only=True)
    scale: sp.Expr = field(kw_only=True)
    ratios: tuple[tuple[sp.Symbol, sp.Expr], ...] = field(kw_only=True)

    @property
    def time(self) -> sp.Expr:
        """The unit of time ħ/E, in parameters of the source."""
        return self.source.hbar / self.scale

    @property
    def field(self) -> sp.Expr:
        """The unit of fields E/(ħγ_g), in parameters of the source."""
        return self.scale / (self.source.hbar * self.source.gamma)

    @cached_property
    def _meaning(self) -> dict[sp.Expr, sp.Expr]:
        return {**dict(self.ratios), t: t / self.time}

    def back(self, expression: Any) -> Any:
        """Return an expression in this model's parameters and t′ in those of the source and t.

        Energies and fields are then in units of `scale` and `field`.
        """
        return (sp.S.Zero + expression).xreplace(self._meaning)

    def values(self, values: Mapping[Any, Any]) -> dict[str, Any]:
        """Return numbers for this model's parameters from numbers for those of the source, both by name.

        Others, those of a law, stay.

        Raises:
            InputError: a parameter without a number.

        >>> from qllg_sym import DMI, Exchange, Space
        >>> J, D = sp.symbols("J D", real=True)
        >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
        >>> dimer.scaled(energy=J).values({"J": 2.0, "D": 1.2, "kappa": 0.5})
        {'D_J': 0.6, 'kappa': 0.5}
        """
        named = {str(key): value for key, value in values.items()}
        own = [p.name for p in _symbols_of(self)]
        checked_values(own, {name: value for name, value in named.items() if name in own})
        exact = {p: sp.S.Zero + named[p.name] if isinstance(named[p.name], (int, sp.Expr))
                 else exact_float(named[p.name], p.name) for p in _symbols_of(self)}
        rounded = any(not isinstance(named[name], (int, sp.Expr)) for name in own)
        found = {new.name: meaning.xreplace(exact) for new, meaning in self.ratios}
        found |= {p.name: exact[p] for p in self.parameters if p in exact}
        return ({name: float(x) if rounded else x for name, x in found.items()}
                | {name: x for name, x in named.items() if name not in own})

    def describe(self, field: str | None = None) -> str:
        """Return the Hamiltonian as `Model.describe` does, and the units."""
        ratios = [f"{new} = {written(meaning)}" for new, meaning in self.ratios]
        units = [f"energy {written(self.scale)}", f"time {written(self.time)}", f"field {written(self.field)}"]
        return "\n".join([super().describe(field), f"dimensionless; in units of {', '.join(units)}"
                          + (f"; {', '.join(ratios)}" if ratios else "")])


def _symbols_of(scaled: ScaledModel) -> tuple[sp.Symbol, ...]:
    """The parameters of the source and of the scale, by name."""
    found = {*scaled.source.parameters} | scaled.scale.atoms(sp.Symbol)
    return tuple(sorted(found, key=lambda p: p.name))


@dataclass(frozen=True)
class Scaling:
    """What quantities become: a coefficient in which every dimension is known keeps its form; else units stand in it.

    Attributes:
        model: in its own units.
        energy: E.
        known: dimensions of the parameters.
        new: what parameters are in those of the dimensionless model.
    """

    model: Model
    energy: sp.Expr
    known: Dimensions
    new: Mapping[sp.Symbol, sp.Expr]

    def unit(self, dimension: Dimension) -> sp.Expr:
        """The unit of a dimension."""
        hbar, gamma = self.model.hbar, self.model.gamma
        bases = (self.energy, hbar / self.energy, self.energy / (hbar * gamma))
        powers = (sp.Rational(e.numerator, e.denominator) for e in dimension)
        return sp.Mul(*(base**power for base, power in zip(bases, powers, strict=True)))

    def scaled(self, coefficient: sp.Expr, dimension: Dimension) -> sp.Expr:
        """A coefficient in its unit."""
        if self.known.require(coefficient, dimension):
            return coefficient.xreplace(self.new)
        held = self.energy.free_symbols
        inside = {p: x * self.unit(self.known.of(p)) for p, x in self.new.items() if p not in held and not x.is_number}
        return coefficient.xreplace({**inside, t: t * self.unit(TIME)}) / self.unit(dimension)

    def inside(self, value: Any, dimension: Dimension) -> Any:
        """The same for every expression inside a value."""
        if isinstance(value, sp.Expr):
            return self.scaled(value, dimension)
        if isinstance(value, tuple):
            return tuple(self.inside(item, dimension) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return type(value)(**{item.name: self.inside(getattr(value, item.name), dimension)
                                  for item in fields(value) if item.init})
        return value


def dimensions_of(term: Term) -> dict[str, Dimension]:
    """Return what the fields of a term are, if they hold coefficients: energies or fields those in which H is linear.

    >>> from qllg_sym import Zeeman; dimensions_of(Zeeman((0, 0, 1), g=2)) == {"B": FIELD, "sites": NUMBER, "g": NUMBER}
    True
    """
    linear = term.linear or (fields(term)[0].name,)
    coupling = {"energy": ENERGY, "field": FIELD}[term.unit]
    return {item.name: coupling if item.name in linear else NUMBER for item in fields(term) if item.init}


def _written_out(term: Term) -> Term:
    """A term whose fields hold exact expressions: of a matrix, its entries."""
    return Operator(term.rows, term.sites) if isinstance(term, Operator) else term


def _expressions(value: Any) -> list[sp.Expr]:
    """The expressions inside a value."""
    if isinstance(value, sp.Expr):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        value = tuple(getattr(value, item.name) for item in fields(value) if item.init)
    return [e for item in value for e in _expressions(item)] if isinstance(value, tuple) else []


def dimensionless(model: Model, energy: sp.Expr) -> ScaledModel:
    """Return the dimensionless model, `energy` exact and real."""
    terms = [_written_out(term) for term in model.terms]
    known = _known(model, energy, terms)
    scaling = Scaling(model, energy, known, {})
    ratios = {p: p / unit for p in sorted({*model.parameters} | energy.atoms(sp.Symbol), key=lambda p: p.name)
              if (unit := scaling.unit(known.of(p))) != 1}
    taken = {p.name for p in model.parameters}
    new = {p: ratio if ratio.is_number else _symbol(p, ratio, energy, taken) for p, ratio in ratios.items()}
    scaling = Scaling(model, energy, known, new)
    found = [_term(scaling, term) for term in terms]
    made = Model(model.space, found)
    kept = tuple((x, ratios[p]) for p, x in new.items() if isinstance(x, sp.Symbol) and x in made.parameters)
    return ScaledModel(model.space, tuple(found), source=model, scale=energy, ratios=kept)


def _known(model: Model, energy: sp.Expr, terms: list[Term]) -> Dimensions:
    """The dimensions of all parameters: of E, ħ and γ_g first, then as the terms tell."""
    known = Dimensions((model.hbar == 1, model.gamma == 1))
    known.require(energy, ENERGY)
    known.require(model.hbar, raised([(ENERGY, 1), (TIME, 1)]))
    known.require(model.gamma, raised([(TIME, -1), (FIELD, -1)]))
    for term in terms:
        for name, dimension in dimensions_of(term).items():
            for coefficient in _expressions(getattr(term, name)):
                known.require(coefficient, dimension)
    return known


def _term(scaling: Scaling, term: Term) -> Term:
    """A term in the units."""
    return type(term)(**{name: scaling.inside(getattr(term, name), dimension)
                         for name, dimension in dimensions_of(term).items()})


def _symbol(parameter: sp.Symbol, ratio: sp.Expr, energy: sp.Expr, taken: set[str]) -> sp.Symbol:
    """A parameter of the dimensionless model: D_J for D/J."""
    below = energy.name if isinstance(energy, sp.Symbol) else "E"
    names = (f"{parameter.name}{between}{below}{'_' * more}" for more in range(9) for between in ("_", "_per_"))
    name = next(x for x in names if x not in taken and not RESERVED_NAME.fullmatch(x))
    taken.add(name)
    signs = {"positive": True} if ratio.is_positive else {"negative": True} if ratio.is_negative else {"real": True}
    return sp.Symbol(name, **signs)
