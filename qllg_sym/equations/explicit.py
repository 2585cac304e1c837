"""Explicit forms, derived from the residual: the frame weight, and the right-hand side for a two-valued spectrum."""

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import atoms_in, make_ring
from qllg_sym.algebra.words import WordAlgebra, substitute
from qllg_sym.errors import DerivationError


def weight(residual: Element, difference: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    r"""Return (Re W, Im W) with $\dot\rho_{jk} = i\,\Delta_{jk} W(\Delta_{jk}) H_{jk}/\hbar$ in the eigenbasis of ρ.

    In that basis a word ρ^a X ρ^b multiplies X_jk by p_j^a p_k^b, so that R = 0 reads A X_jk + C H_jk = 0.

    Args:
        residual: a law's residual.
        difference: the symbol that stands for Δ = p_j − p_k.

    Raises:
        DerivationError: other letters than ρ, ρ̇, H, or a weight that is not a function of Δ alone.

    >>> from qllg_sym import Model, QuantumLL, Space
    >>> weight(QuantumLL(3).derive(Model(Space("1/2"))).residual, sp.Symbol("D", real=True))
    (1, 3*D)
    """
    low = sp.Dummy("p", real=True)
    symbols = residual.algebra.ring.symbols         # √t is real where it is used, which SymPy does not know
    real = {g: g if g.is_extended_real else sp.Dummy(f"c_{i}", real=True) for i, g in enumerate(symbols)}
    sums = {"drho": [sp.S.Zero, sp.S.Zero], "H": [sp.S.Zero, sp.S.Zero]}
    for (k, letters), coefficient in residual.terms.items():
        core = [name for name in letters if name != "rho"]
        if len(core) != 1 or core[0] not in sums:
            raise DerivationError("`weight` must have a law in ρ, ρ̇ and H alone, linear in ρ̇ and H, but a term holds "
                                  f"{' '.join(letters)}; such a law need not keep the spectrum.")
        place = letters.index(core[0])
        factor = (low + difference)**place * low**(len(letters) - place - 1)
        sums[core[0]][k] += coefficient.as_expr(*real.values()) * factor
    a, c = (sp.expand(re) + sp.I * sp.expand(im) for re, im in (sums["drho"], sums["H"]))
    top = sp.expand(-c * sp.conjugate(a) / sp.I)
    bottom = sp.expand(a * sp.conjugate(a)) * difference
    parts = tuple(sp.cancel(part / bottom) for part in top.as_real_imag())
    if any(low in part.free_symbols for part in parts):
        raise DerivationError("`weight` must depend on p_j − p_k alone, but this law's does not; use the Pauli form.")
    back = {dummy: g for g, dummy in real.items()}
    return parts[0].xreplace(back), parts[1].xreplace(back)


def rational_weight(residual: Element, difference: sp.Symbol) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return (α, β, c) with W(Δ) = (α + iβΔ)/(1 + cΔ²).

    Raises:
        DerivationError: the law does not keep the spectrum, or its weight is not of this kind.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> rational_weight(QuantumLLG(3).derive(Model(Space("1/2"))).residual, sp.Symbol("D", real=True))
    (1, 3, 9)
    """
    re, im = weight(residual, difference)
    tops, strengths = [], set()
    for part in (re, sp.cancel(im / difference)):
        top, bottom = sp.fraction(sp.together(part))
        c2, c1, c0 = [0, 0, *sp.Poly(bottom, difference).all_coeffs()][-3:]
        if c1 != 0 or c0 == 0 or sp.degree(bottom, difference) > 2 or difference in top.free_symbols:
            raise DerivationError("`form` \"spectrum\" must have a law whose weight is (a + ib·gap)/(1 + c·gap²), but "
                                  "this law's is another; use form=\"any\".")
        tops.append(top / c0)
        strengths |= {sp.cancel(c2 / c0)} if top != 0 else set()
    if len(strengths) > 1:
        raise DerivationError("`form` \"spectrum\" must have a weight with one denominator, but this law's has two; "
                              "use form=\"any\".")
    return tops[0], tops[1], strengths.pop() if strengths else sp.S.Zero


def torque_word() -> Element:
    """Return τ = i[ρ, H/ħ].

    >>> torque_word().terms
    {(1, ('rho', 'H')): 1, (1, ('H', 'rho')): -1}
    """
    algebra = WordAlgebra(make_ring([]))
    return commutator(algebra.letter("rho"), algebra.letter("H")).times_i()


def two_level_words(residual: Element, gap: sp.Symbol) -> tuple[Element, Element]:
    """Return (τ, ρ̇) for a ρ whose spectrum has two values that differ by `gap`: ρ̇ is written in ρ and τ = i[ρ, H/ħ].

    There ad_ρ has the eigenvalues 0 and ±gap, in every dimension, which takes the place of `cayley_hamilton`; so
    iΔW(Δ) = α·iΔ + βΔ² with α = Re W(gap), β = −Im W(gap)/gap, given Re W even and Im W odd: ρ̇ = α τ − iβ [ρ, τ]. The
    letter "drho" of the second word stands for τ.

    Raises:
        DerivationError: the law does not keep the spectrum.

    >>> from qllg_sym import Model, QuantumLL, Space
    >>> torque, flow = two_level_words(QuantumLL(3).derive(Model(Space("1/2"))).residual, sp.Symbol("g", real=True))
    >>> flow.terms
    {(0, ('drho',)): 1, (1, ('rho', 'drho')): 3, (1, ('drho', 'rho')): -3}
    """
    re, im = weight(residual, gap)
    if sp.cancel(re - re.subs(gap, -gap)) != 0 or sp.cancel(im + im.subs(gap, -gap)) != 0:
        raise DerivationError("`two_level()` must have a weight with an even real and an odd imaginary part, but this "
                              "law's has not; use `kernel()`.")
    alpha, minus_beta = _over(re), _over(sp.cancel(im / gap))
    algebra = WordAlgebra(make_ring(sorted(atoms_in(alpha) | atoms_in(minus_beta), key=sp.default_sort_key)))
    rho, h, torque = (algebra.letter(name) for name in ("rho", "H", "drho"))
    flow = algebra.scalar(alpha) * torque + (algebra.scalar(minus_beta) * commutator(rho, torque)).times_i()
    return commutator(rho, h).times_i(), flow


def two_level_residual(residual: Element, gap: sp.Symbol) -> Element:
    """Return ρ̇ minus its two-level right-hand side, as one word in ρ, ρ̇ and H.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> word = VonNeumann().derive(Model(Space("1/2"))).residual
    >>> two_level_residual(word, sp.Symbol("g", real=True)) == word
    True
    """
    _, flow = two_level_words(residual, gap)
    algebra = WordAlgebra(flow.algebra.ring)
    rho, h, drho = (algebra.letter(name) for name in ("rho", "H", "drho"))
    return drho - substitute(flow, {"rho": rho, "drho": commutator(rho, h).times_i()}, algebra.one)


def _over(rational: sp.Expr) -> sp.Expr:
    """Numerator expanded over an opaque 1/denominator, as the polynomial ring wants it."""
    top, bottom = sp.fraction(sp.together(rational))
    return sp.expand(sp.expand(top) * (1 / sp.expand(bottom)), deep=False)
