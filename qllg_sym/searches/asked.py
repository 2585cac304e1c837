"""What is searched for: H with numbers as an action on kets, how many levels, how well; products are counted here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.numbers import number_of
from qllg_sym.model.model import Model
from qllg_sym.searches.result import LowestLevels

Array = NDArray[Any]
SMALLEST, LARGEST = 1e-155, 1e153   # of the width: squares of numbers beyond vanish or overflow
ROUNDING = 1e-12        # of the largest level: a spectrum narrower than this is one level


@dataclass(eq=False)
class LevelSearch:
    """One search.

    Attributes:
        model: constant in time.
        values: a number for every parameter, by name.
        k: how many levels.
        tol: of the width of the spectrum: the largest residual.
        seed: of random starts.
        most: how many products are allowed.
        own: options of the way alone, by name.
        products: how many there were, of one ket each.
    """

    model: Model
    values: Mapping[str, float]
    k: int
    tol: float
    seed: int
    most: int
    own: Mapping[str, Any]
    products: int = 0

    @cached_property
    def action(self) -> Action:
        """H/ħ as an action on kets."""
        return Action(self.model, self.values)

    @cached_property
    def hbar(self) -> float:
        """ħ."""
        return number_of(self.model.hbar, self.values)

    @property
    def dimension(self) -> int:
        """Of the space."""
        return self.model.space.dimension

    @cached_property
    def width(self) -> float:
        """A bound of the width of the spectrum of H/ħ; that of a multiple of 1, to rounding, is its size."""
        low, high = self.action.bounds()
        size = max(abs(low), abs(high))
        return high - low if high - low > ROUNDING * size else size or 1.0

    def check_squares(self) -> None:
        """Refuse what steps cannot lead to levels: norms of H and a ket would vanish or overflow.

        Raises:
            InputError: the spectrum is too narrow or too wide, though not a single level.
        """
        low, high = self.action.bounds()
        if high - low > ROUNDING * max(abs(low), abs(high)) and not SMALLEST < high - low < LARGEST:
            raise InputError(f"`model` must have a spectrum of H/ħ between {SMALLEST:g} and {LARGEST:g} wide, since "
                             f"its squares are taken, but has one of about {high - low:.2g}; give it other units.")

    def image(self, kets: Array) -> Array:
        """Return H/ħ · kets (d, r), counted."""
        self.products += kets.shape[1]
        return self.action.apply(kets)

    def residuals(self, kets: Array) -> tuple[Array, Array]:
        """Return ⟨v|H|v⟩/ħ of orthonormal kets (d, k), and ‖Hv − Ev‖/ħ; k products."""
        image = self.image(kets)
        energies = np.einsum("ij,ij->j", kets.conj(), image).real
        # In units of the width, so that squares of what is small beside it do not vanish.
        return energies, self.width * np.linalg.norm((image - kets * energies) / self.width, axis=0)

    def levels(self, kets: Array, method: str, stats: Mapping[str, Any]) -> LowestLevels:
        """Return kets as levels, ascending, their energies and residuals measured."""
        energies, residuals = self.residuals(kets)
        order = np.argsort(energies, kind="stable")
        return LowestLevels(self.hbar * energies[order], kets[:, order], self.hbar * residuals[order], self.products,
                            method, dict(stats))
