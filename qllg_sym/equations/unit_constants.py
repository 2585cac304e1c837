"""ħ and γ_g of a model with units as letters in what is printed, with their numbers beside.

The equations themselves hold the numbers; what is printed is derived once more, with letters in their place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import sympy as sp

from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name, read
from qllg_sym.equations.notation import Group, Line

HBAR, GAMMA = sp.Symbol("hbar", positive=True), sp.Symbol("gamma_g", real=True)
WORDS = {"T": "tesla", "J": "joule", "K": "kelvin", "s": "second"}


def in_letters(components: ImplicitComponents) -> ImplicitComponents:
    """Return the same components with ħ and γ_g as letters where units gave their numbers; else as they are.

    Components that are tied to their equation, as restricted ones are, keep the numbers, and so do those of a user with
    such letters of other meaning.
    """
    equation = components.equation
    taken = {symbol.name for symbol in components.parameters} & {HBAR.name, GAMMA.name}
    units = equation.model.units
    if units is None or units.energy is None or taken or not components.follows_its_model:
        return components
    lettered = replace(equation.model, units=None, hbar=HBAR, gamma=GAMMA)
    return replace(components, equation=equation.law.derive(lettered))


def values_of_letters(components: ImplicitComponents, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield ħ = … and γ_g = … with units, for those that `in_letters` put into what is printed.

    Args:
        components: with the numbers.
        lines: all that is printed of them.
    """
    model = components.equation.model
    if in_letters(components) is components or model.units is None:
        return
    groups = [group for line in lines for side in (line.left, line.right, *(x for row in line.entries for x in row))
              for group in side]
    present = set().union(*(group.coefficient.free_symbols for group in groups))
    energy, time = (_unit(name or "") for name in (model.units.energy, model.units.time))
    tesla = _unit("T")
    for symbol, value, unit in ((HBAR, model.hbar, (energy, time)), (GAMMA, model.gamma, (_inverse(time),
                                                                                         _inverse(tesla)))):
        if symbol in present:
            number = Group(value, ((1, unit),)).in_decimals()
            yield Line((Group(sp.S.One, ((1, ((read(symbol.name), 1),)),)),), (number,))


def _unit(name: str) -> tuple[Name, int]:
    """A unit as a factor, in words where its letter is one of a formula; cm-1 is a power of cm."""
    if name == "cm-1":
        return Name("cm", "cm"), -1
    word = WORDS.get(name, name)
    return Name(word, word), 1


def _inverse(factor: tuple[Name, int]) -> tuple[Name, int]:
    return factor[0], -factor[1]
