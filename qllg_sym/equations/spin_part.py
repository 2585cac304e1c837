r"""The spin part of the velocity, $\Lambda = \sum_i \frac{1}{s_i} \sigma_i\cdot\mathrm{Tr}(\dot\rho\,\sigma_i)$.

There σ_i = S_i/ħ. It is linear in ρ̇ through 3N numbers, d⟨σ_i⟩/dt, and so a letter of residuals beside ρ̇: words of a
free algebra have no traces. Components read it by `spin_strings`, η by `eta_share`, matrices by the strings again.
"""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import make_ring, to_expr
from qllg_sym.algebra.sites import SiteAlgebra, String
from qllg_sym.errors import DerivationError

LETTER = "local_drho"
VELOCITIES = frozenset({"drho", LETTER})        # the letters that are linear in ρ̇


def has_spin_part(residual: Element) -> bool:
    """Return whether a word of a residual holds Λ.

    >>> from qllg_sym.algebra.words import words
    >>> has_spin_part(words("drho")[0])
    False
    """
    return any(LETTER in word for _, word in residual.terms)


def local_damping(residual: Element) -> sp.Expr:
    """Return α if a residual is ρ̇ − i[ρ, H/ħ + αΛ].

    Raises:
        DerivationError: it is another one.

    >>> from qllg_sym import LocalGilbert, Model, Space
    >>> local_damping(LocalGilbert(3).derive(Model(Space("1/2"))).residual)
    3
    """
    algebra = residual.algebra
    rho, drho, h, local = (Element(algebra, {(0, (name,)): algebra.ring.one}) for name in ("rho", "drho", "H", LETTER))
    alpha = -residual.coefficient(("rho", LETTER), 1)
    if residual != drho - commutator(rho, h + local * alpha).times_i() or not alpha:
        raise DerivationError("`residual` must be that of local friction alone, but has other words; use `pauli()`.")
    return to_expr(alpha)


def spin_strings(spins: Sequence[Fraction]) -> dict[String, Fraction]:
    """Return {A: c} of Λ = Σ c A Tr(A ρ̇), A the strings that are components of one spin.

    >>> spin_strings([Fraction(1, 2)])[3,], spin_strings([Fraction(1, 2), Fraction(3, 2)])[0, 2]
    (Fraction(1, 2), Fraction(2, 3))
    """
    algebra, found = SiteAlgebra(spins, make_ring([])), dict[String, Fraction]()
    for site, s in enumerate(spins):
        for component in algebra.spin(site):
            (_, string), c = next(iter(component.terms.items()))
            number = c.coeff(1)
            found[string] = Fraction(int(number.numerator), int(number.denominator))**2 / s
    return found


def eta_share(s: sp.Expr) -> sp.Expr:
    """Return c in Λ = c ħ η̇·σ for ρ = (1 + η·S)/(2s+1), where ⟨σ⟩ = ħη s(s+1)/3.

    >>> eta_share(sp.Rational(1, 2))
    1/2
    """
    return sp.expand((s + 1) / 3)
