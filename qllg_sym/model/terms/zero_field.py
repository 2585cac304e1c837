"""Zero-field splitting of one spin, as electron paramagnetic resonance writes it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.errors import ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.space import Space
from qllg_sym.model.term import Site, Term


@dataclass(frozen=True)
class ZeroField(Term):
    r"""Axial and rhombic splitting of the levels of one spin in no field.

    $H = \frac{D}{\hbar^2}\, (S_i^z S_i^z - \frac13\, \mathbf S_i \cdot \mathbf S_i)
    + \frac{E}{\hbar^2}\, (S_i^x S_i^x - S_i^y S_i^y)$

    S·S = ħ²s(s + 1); D < 0 makes z an easy axis, D > 0 an easy plane; E splits x from y.

    Args:
        D: axial splitting, an energy.
        i: the site; its spin must exceed ½, where the term is zero.
        E: rhombic splitting, an energy.

    Raises:
        ModelError: a complex coefficient, spin ½, or a site that does not exist.

    Source: Abragam and Bleaney, Electron Paramagnetic Resonance of Transition Ions (1970), section 3.3.

    >>> ZeroField(-0.25, 0).D
    -1/4
    """

    D: Coefficient
    i: Site
    E: Coefficient = 0
    kind: ClassVar[str] = "zero-field"
    latex: ClassVar[str] = (r"\frac{D}{\hbar^2}\, (S_i^z S_i^z - \frac13\, \mathbf S_i \cdot \mathbf S_i) + "
                            r"\frac{E}{\hbar^2}\, (S_i^x S_i^x - S_i^y S_i^y)")
    linear: ClassVar[tuple[str, ...]] = ("D", "E")

    def check(self, space: Space) -> None:
        """Raise unless the site exists and has a spin above ½."""
        super().check(space)
        if space.spins[self.i] == Fraction(1, 2):
            raise ModelError(f"`ZeroField` must act on a spin of at least 1, but site {self.i} has spin 1/2, where it "
                             "is zero; drop the term.")

    def hamiltonian(self, x: Context) -> Letter:
        """D (S_z² − s(s + 1)/3) + E (S_x² − S_y²), S in ħ."""
        sx, sy, sz = x.spin(self.i)
        square = sx * sx + sy * sy + sz * sz            # s(s + 1), for a spin without a number too
        return x.sum([(self.D, sz * sz), (-self.D / 3, square), (self.E, sx * sx - sy * sy)])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        x, y, z = (f"S_{self.i}^{k} S_{self.i}^{k}" for k in "xyz")
        return (f"ZeroField   +(D/ħ²) ({z} − (1/3) S_{self.i}·S_{self.i}) + (E/ħ²) ({x} − {y}), "
                f"D = {written(self.D)}, E = {written(self.E)} [energy]; D < 0 is an easy axis")
