r"""The right-hand side for a known spectrum: Cayley–Hamilton with few products, and coefficients that are constants.

A law with the weight W(Δ) = (α + iβΔ)/(1 + cΔ²) is ρ̇ = αY + iβ[ρ, Y], where Y_jk = τ_jk/(1 + cΔ_jk²) in ρ's eigenbasis
and τ = i[ρ, H/ħ]. With S_A X = (AX + XA)/2, which multiplies X_jk by the mean of two eigenvalues of A,
`cayley_hamilton` gives

    Y = Σ_m S_(N_m) S_(Q_m) τ,    Q_m = Σ_n a_mn N_n,    N_1 = ρ − 1/d, N_2 = ρ N_1 − …,

with a_mn rational in c and e2, …, ed: three products of matrices for d = 4, one for d = 3, none for d = 2. Their traces
vanish, since τ is a commutator with ρ. Whatever numbers e2, …, ed are, the form is a commutator with ρ and keeps the
spectrum; with the right ones ρ̇ is right.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.sites import string_norm
from qllg_sym.codegen.builder import ONE, Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.codegen.lower import lower, lower_polynomial
from qllg_sym.equations.cayley_hamilton import PRODUCTS, inverse, shifted
from qllg_sym.equations.explicit_components import torque, weight_parts
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.inputs import Inputs, lower_all
from qllg_sym.equations.products import Table, multiply, tables
from qllg_sym.errors import DerivationError

LARGEST = max(PRODUCTS)


def weight_of(components: ImplicitComponents) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return (α, β, c) of components that have a spectrum form.

    Raises:
        DerivationError: other coordinates than those of an operator basis, a larger dimension, or another weight.
    """
    if not components.strings:
        raise DerivationError(f"`form` \"spectrum\" must belong to pauli() or coefficients(), but these are "
                              f"{components.kind} components; use form=\"any\".")
    d = components.equation.model.space.dimension
    if d > LARGEST:
        raise DerivationError(f"`form` \"spectrum\" must have a dimension of at most {LARGEST}, but it is {d}; "
                              "use form=\"any\".")
    return weight_parts(components)


def invariants(source: ImplicitComponents | ImplicitEquation) -> tuple[sp.Symbol, ...]:
    """Return the symbols e2, …, ed of components or of an equation."""
    model = (source.equation if isinstance(source, ImplicitComponents) else source).model
    return tuple(sp.Symbol(f"e{k}", real=True) for k in range(2, model.space.dimension + 1))


def estimate(components: ImplicitComponents) -> int:
    """Return an estimate of the operations, those of the torque left out: two a monomial, and four in coefficients."""
    anticommutator, commutator = _tables(components)
    d = components.equation.model.space.dimension
    found = inverse(d)
    products = max(0, d - 2) + 2 * len(found.rows) - 1
    monomials = len(found.denominator) + sum(len(p) for row in found.rows.values() for p in row.values())
    terms = products * sum(map(len, anticommutator)) + sum(map(len, commutator))
    return 2 * terms + 4 * (monomials + len(components.states))


def velocities(builder: Builder, components: ImplicitComponents, operands: Inputs) -> list[Operand]:
    """Add the steps of the spectrum form to a builder; returns the velocities."""
    alpha, beta, strength = (lower(builder, e, operands) for e in weight_of(components))
    space = components.equation.model.space
    spins, d = space.numeric_spins, space.dimension
    ratios = [d / string_norm(spins, string) for string in components.strings]        # of dρ = 1 + Σ ratio·state·A
    rho = [builder.mul(r, operands[s]) for r, s in zip(ratios, components.states, strict=True)]
    torques = lower_all(builder, torque(components), operands)
    torques = [builder.mul(r, x) for r, x in zip(ratios, torques, strict=True)]
    scaled = builder.mul(Fraction(4, d**2), strength)                                 # the eigenvalues are d times ρ's
    known = traceless(builder, [operands[e] for e in invariants(components)])
    bent = _bent(builder, _tables(components)[0], rho, torques, [scaled, *known]) if scaled else torques
    turned = multiply(builder, _tables(components)[1], rho, bent)
    twice = builder.mul(Fraction(2, d), beta)
    found = [builder.add(builder.mul(alpha, y), builder.mul(twice, c)) for y, c in zip(bent, turned, strict=True)]
    return [builder.mul(1 / r, x) for r, x in zip(ratios, found, strict=True)]


def _tables(components: ImplicitComponents) -> tuple[Table, Table]:
    """The tables of (XY + YX)/2 and i[X, Y]/2."""
    return tables(tuple(components.equation.model.space.numeric_spins), tuple(components.strings))


def _bent(builder: Builder, anticommutator: Table, rho: Sequence[Operand], torque: Sequence[Operand],
          operands: Sequence[Operand]) -> list[Operand]:
    """The coordinates of Y, given those of a traceless matrix and of τ, and c, e2, …, ed."""
    found = inverse(len(operands))
    scale = builder.div(ONE, lower_polynomial(builder, found.denominator, operands))
    powers: list[Sequence[Operand]] = [(), rho]
    while len(powers) < len(operands):
        powers.append(multiply(builder, anticommutator, rho, powers[-1]))
    total: list[Operand] = [Fraction(0)] * len(rho)
    for m, row in found.rows.items():
        factors = {n: builder.mul(scale, lower_polynomial(builder, p, operands)) for n, p in row.items()}
        mixed = [builder.sum(builder.mul(c, powers[n][i]) for n, c in factors.items() if n) for i in range(len(rho))]
        part = multiply(builder, anticommutator, mixed, torque)
        if 0 in factors:
            part = [builder.add(builder.mul(factors[0], x), y) for x, y in zip(torque, part, strict=True)]
        part = multiply(builder, anticommutator, powers[m], part) if m else part
        total = [builder.add(x, y) for x, y in zip(total, part, strict=True)]
    return total


@cache
def error_kernel(d: int) -> Kernel:
    """Return a bound of the error in doubles, relative to 1 + max|ẏ|, as a kernel with parameters c, e2, …, ed of ρ.

    Every monomial of the coefficients counts with its absolute value, so that it sees what cancels; so does what the
    invariants of dρ − 1 lose in the shift from those of ρ. The largest eigenvalue is bounded by √(2|e2|(d − 1)/d). |H|
    is taken to be of order 1.

    >>> [float(error_kernel(4).evaluate({"c": c, "e2": 0, "e3": 0, "e4": 0})["error"]) < 1e-13 for c in (1, 100)]
    [True, False]
    """
    builder = Builder("error", [], ["c", *(f"e{k}" for k in range(2, d + 1))])
    return builder.kernel({"error": error(builder, [builder.parameter(k) for k in range(d)])})


def error(builder: Builder, operands: Sequence[Operand]) -> Operand:
    """Add the steps of `error_kernel` to a builder, given c, e2, …, ed of ρ."""
    d = len(operands)
    known = [builder.mul(Fraction(4, d**2), operands[0]), *traceless(builder, operands[1:])]
    sizes = [builder.call("sqrt", builder.mul(x, x)) for x in known]
    losses = [Fraction(0), *traceless(builder, [builder.call("sqrt", builder.mul(e, e)) for e in operands[1:]], 1)]
    radius = builder.call("sqrt", builder.mul(Fraction(2 * (d - 1), d), sizes[1]))
    found = inverse(d)
    terms = [_sensitivity(builder, found.denominator, sizes, losses)]
    for m, row in found.rows.items():                   # |N_n| is at most rⁿ for n ≤ 2, twice that for n = 3, …
        terms += [builder.product([Fraction(2**max(0, n - 2)), builder.power(radius, m + n),
                                   _sensitivity(builder, p, sizes, losses)]) for n, p in row.items()]
    slope = builder.add(ONE, builder.mul(sizes[0], sizes[1]))      # 1 + c(p_j − p_k)²/4 is at most this
    # Π(1 + c Δ²) ≥ 1, but its sum may cancel down to rounding, of either sign: then what is lost is of its own size.
    denominator = lower_polynomial(builder, found.denominator, known)
    size = builder.call("sqrt", builder.mul(denominator, denominator))
    lost = builder.div(builder.mul(slope, builder.sum(terms)), size)
    return builder.mul(Fraction(1, 2**53), builder.add(Fraction(32), lost))        # 32: the products of matrices


def _sensitivity(builder: Builder, p: PolyElement, sizes: Sequence[Operand], losses: Sequence[Operand]) -> Operand:
    """Σ |monomial| of a polynomial at known sizes, and what it changes by when generator k changes by losses[k]."""
    positive = p.ring.from_dict({powers: abs(c) for powers, c in p.terms()})
    changes = [builder.mul(loss, lower_polynomial(builder, positive.diff(k), sizes)) for k, loss in enumerate(losses)]
    return builder.sum([lower_polynomial(builder, positive, sizes), *changes])


def traceless(builder: Builder, invariants: Sequence[Operand], sign: int = -1) -> list[Operand]:
    """Return e2, …, ed of dρ − 1 from those of a ρ with trace one, as `cayley_hamilton.shifted` has it.

    >>> b = Builder("e", [], ["e2"])
    >>> b.kernel({"of traceless": traceless(b, [b.parameter(0)])[0]}).evaluate({"e2": 0})
    {'of traceless': mpf('-1.0')}
    """
    return shifted([ONE, ONE, *invariants], builder.mul, builder.add, sign)
