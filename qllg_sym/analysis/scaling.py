"""Models made dimensionless: every energy divided by one, times in ħ/energy, fields in energy/(ħγ_g)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import sympy as sp

from qllg_sym.algebra.symbols import RESERVED_NAME, t
from qllg_sym.analysis.dimensions import ENERGY, FIELD, NUMBER, TIME, Dimension, Dimensions, raised
from qllg_sym.analysis.scaled_model import ScaledModel
from qllg_sym.model.model import Model
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator


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
