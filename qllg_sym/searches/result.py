"""Lowest levels as they were found, with what shows how good they are and what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.display import in_html

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class LowestLevels(ByFields):
    r"""The k lowest levels of a model, ascending.

    To every energy there is a level of H no farther than its residual $\|H v - E v\|$ (Weyl); that none below was
    missed the residuals do not say.

    Attributes:
        energies: ⟨v|H|v⟩, (k,), in the model's units.
        kets: orthonormal columns, (d, k); of a method without kets what it holds in their place.
        residuals: (k,), in units of energy.
        products: how many times H was applied to one ket.
        method: the way that found them.
        stats: what else it counted.

    >>> from qllg_sym import Exchange, Model, Space, lowest
    >>> lowest(Model(Space.half(2), [Exchange(1, 0, 1)]), k=2).energies.round(12).tolist()
    [-3.0, 1.0]
    """

    energies: Array
    kets: Any
    residuals: Array
    products: int
    method: str
    stats: Mapping[str, Any]

    def __len__(self) -> int:
        """Return how many levels there are."""
        return len(self.energies)

    def _repr_html_(self) -> str:
        """What was found, for a notebook."""
        rows = [f"E_{i} = {e:.12g}   ± {r:.1g}" for i, (e, r) in enumerate(zip(self.energies, self.residuals,
                                                                                strict=True))]
        return in_html("\n".join([repr(self).strip("<>"), *rows]))

    def __repr__(self) -> str:
        """Say what was found, and how well."""
        worst = float(np.max(self.residuals, initial=0.0))
        return (f"<LowestLevels: {len(self)} from {self.energies[0]:.9g} to {self.energies[-1]:.9g}, method "
                f"{self.method}, {self.products} products, largest residual {worst:.1g}>")
