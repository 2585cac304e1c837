"""A dimensionless model: what it is scaled by, what its parameters are, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import exact_float
from qllg_sym.algebra.symbols import t
from qllg_sym.codegen.values import checked_values
from qllg_sym.model.model import Model


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
