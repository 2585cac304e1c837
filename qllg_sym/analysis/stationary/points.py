"""Fixed points: values of the states at rest, with what is known of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import listed
from qllg_sym.equations.components import Components

SHOWN, LONGEST, DIGITS = 4, 60, 7        # values, and characters of each; digits of numbers that are longer


class FixedPoint(tuple[sp.Expr, ...]):
    """Values of the states at rest, expressions in the order of the components' states.

    Attributes:
        components: whose states they are.
        energy: E of this state, in the units of H; None for a law without energy.
        energies, populations: of the eigenstates that the state is diagonal in, for laws that keep the spectrum.
        passive: whether higher levels are never more populated, so that damping (κ > 0) leaves the state where it is:
            True, False or a condition on the parameters; None where there are no populations.
        dimension: 0 for a state alone at rest on its orbit of equal spectrum (on its spheres, for moments); else it is
            one of a family of so many dimensions.
        directions: vectors that span the family of a linear law, in the states.
        radius: 0 for exact values, else a proven bound of each value's error, or None where there is none.
        residual: a proven bound of the forcing, 0 for exact values.
        values: numbers of parameters that went in.
    """

    components: Components
    energy: sp.Expr | None
    energies: tuple[sp.Expr, ...]
    populations: tuple[sp.Expr, ...]
    passive: Any
    dimension: int
    directions: tuple[tuple[sp.Expr, ...], ...]
    radius: sp.Expr | None
    residual: sp.Expr
    values: dict[sp.Symbol, sp.Expr]

    def __new__(cls, entries: Iterable[sp.Expr], components: Components, energy: sp.Expr | None = None,
                energies: Sequence[sp.Expr] = (), populations: Sequence[sp.Expr] = (), passive: Any = None,
                dimension: int = 0, directions: Sequence[tuple[sp.Expr, ...]] = (), radius: sp.Expr | None = sp.S.Zero,
                residual: sp.Expr = sp.S.Zero, values: Mapping[sp.Symbol, sp.Expr] | None = None) -> "FixedPoint":
        """Make one of values and attributes."""
        point = super().__new__(cls, entries)
        point.components, point.energy, point.passive, point.dimension = components, energy, passive, dimension
        point.energies, point.populations, point.directions = tuple(energies), tuple(populations), tuple(directions)
        point.radius, point.residual, point.values = radius, residual, dict(values or {})
        return point

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what `__new__` takes, for pickles and copies, which then set the other attributes."""
        return tuple(self), self.components

    @property
    def states(self) -> tuple[sp.Symbol, ...]:
        """The symbols of the states."""
        return self.components.states

    @property
    def exact(self) -> bool:
        """Whether the values are exact."""
        return self.radius == 0

    def as_dict(self) -> dict[sp.Symbol, sp.Expr]:
        """Return {state: value}.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> spin = QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli()
        >>> spin.fixed_points()[0].as_dict()
        {T_x: 0, T_y: 0, T_z: 1}
        """
        return dict(zip(self.states, self, strict=True))

    def __repr__(self) -> str:
        """Say what it is, on one line; `tuple(point)` are the values."""
        moving = [(s, e) for s, e in self.as_dict().items() if e != 0]
        energy = "" if self.energy is None else f" of energy {_short(self.energy)}"
        kind = "" if not self.dimension else f", one of a family of {self.dimension} dimensions"
        passive = (", passive" if self.passive else ", not passive") if isinstance(self.passive, bool) else ""
        texts = [f"{s} = {_short(e)}".replace("= ≈", "≈") for s, e in moving[:SHOWN]]
        shown = listed(texts, len(moving)) or "all states 0"
        return f"<FixedPoint{energy}{passive}{kind}: {shown}>"


def _short(thing: sp.Expr) -> str:
    """An expression, cut where it is long; a number that is long in decimals."""
    text = str(thing)
    if len(text) <= LONGEST:
        return text
    return f"≈ {thing.n(DIGITS)}" if thing.is_number else f"{text[:LONGEST - 1]}…"
