"""The constants of a model, for terms that stand by themselves: what a Zeeman term means as an observable."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qllg_sym.model.model import Model
from qllg_sym.model.other_forms import Hamiltonian
from qllg_sym.model.space import Space

if TYPE_CHECKING:
    from qllg_sym.units import Units


@dataclass(frozen=True)
class Constants:
    """ħ, γ_g and the units of a model; with units ħ and γ_g are theirs.

    >>> from qllg_sym import Units, Zeeman
    >>> Constants(units=Units("meV", "ps")).model(Space("1/2"), Zeeman((0, 0, 1))).terms[0].g
    2
    """

    hbar: Any = 1
    gamma: Any = 1
    units: "Units | None" = None

    @classmethod
    def of(cls, model: Model) -> "Constants":
        """Return those of a model, with its symbols."""
        return cls(model.hbar, model.gamma, model.units)

    def model(self, space: Space, terms: Hamiltonian) -> Model:
        """Return terms as a model with these constants."""
        if self.units is not None:
            return Model(space, terms, units=self.units)
        return Model(space, terms, hbar=self.hbar, gamma=self.gamma)
