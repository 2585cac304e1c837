"""One Pauli string."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term

NUMBER = {"I": 0, "X": 1, "Y": 2, "Z": 3}


@dataclass(frozen=True)
class Pauli(Term):
    r"""$H = c\, \sigma_{\alpha_1} \otimes \sigma_{\alpha_2} \otimes \cdots$ on spins ½.

    Args:
        c: coefficient, an energy.
        letters: one of I X Y Z a site, site 0 first: "XZ" is σx ⊗ σz.

    Raises:
        ModelError: other letters, the wrong number of them, or a space with a spin above ½.

    >>> Pauli(1, "XZ").letters
    'XZ'
    """

    c: Coefficient
    letters: str
    kind: ClassVar[str] = "pauli"
    latex: ClassVar[str] = r"c\, \sigma_{\alpha_1} \otimes \sigma_{\alpha_2} \otimes \cdots"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.letters, str):
            raise InputTypeError(f"`letters` must be a string of I, X, Y, Z, but is {self.letters!r}; write \"XZ\".")
        if not self.letters or set(self.letters) - set("IXYZ"):
            raise ModelError(f"`letters` must be made of I, X, Y, Z, but is {self.letters!r}; write \"XZ\".")

    def check(self, space: Space) -> None:
        """Raise unless the space is as many spins ½ as there are letters."""
        if not space.is_half or space.sites != len(self.letters):
            raise ModelError(f"`letters` must name one Pauli matrix for each of the spins of {space}, all 1/2, "
                             f"but is {self.letters!r}; give one letter a site, I where it does not act.")

    def hamiltonian(self, x: Context) -> Letter:
        """C times the product of the letters."""
        return x.sum([(self.c, x.string(tuple(map(NUMBER.__getitem__, self.letters))))])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Pauli       +c σ({self.letters}), c = {written(self.c)} [energy]"
