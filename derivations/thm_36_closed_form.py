r"""Theorem 36. The universal explicit form of q-LLG in two, three and four dimensions.

Statement.   K = N/Δ, N = Σ_{a,b<d} n_ab ρ^a H ρ^b, solves K − iκ[ρ, K] = H for every H, with the n_ab and Δ of
             `closed_form(d)`, polynomials in κ and the elementary symmetric functions e_2 … e_d of the spectrum.
             Δ = Π_{j<k} (1 + κ²(p_j − p_k)²), so Δ ≥ 1: K is the generator of theorem 30. Δ and n_ab are conserved.
Hypotheses.  tr ρ = 1, and e_k is the elementary symmetric function that Newton's identities make of tr ρ, …, tr ρ^d
             (E_k): so χ = ρ^d − ρ^{d−1} + e_2 ρ^{d−2} − … = 0, by Cayley–Hamilton. For the conservation: R = 0, the
             law, with X = dρ/dt, and Newton's e_k, polynomials in the tr ρⁿ.
Proof.       ρ^d is all that 1 − iκ ad_ρ brings in beyond the words of K: (1 − iκ ad_ρ)ΔK − ΔH is
             iκ Σ_a n_{a,d−1} ρ^a H χ − iκ Σ_b n_{d−1,b} χ H ρ^b. Δ is an identity in p_1 … p_d with Σ p_j = 1.
Source.      PRL 133, 266704 (2024), eq. 3; own derivation.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from random import Random

import sympy as sp

from qllg_sym import closed_form
from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, node, product, scalars, sq, tr
from qllg_sym.proof.lemmas import Lemma, cayley_hamilton, elementary
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import mixed, rational, with_values
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho


def total(terms: list[Node]) -> Node:
    """The sum."""
    return sum(terms[1:], terms[0])


def polynomial(expression: sp.Expr, images: dict[str, Node]) -> Node:
    """A polynomial with Gaussian integer coefficients as a node, in Horner form in every image in turn."""
    names = sorted(images, key=lambda name: (name != "kappa", name))
    terms: dict[tuple[int, ...], Node] = {}
    for term in sp.Add.make_args(expression):
        powers = {str(base): int(power) for base, power in term.as_powers_dict().items() if base.is_Symbol}
        number, key = term.as_coeff_Mul()[0], tuple(powers.get(name, 0) for name in names)
        c = product(node(int(number)), i) if term.has(sp.I) else node(int(number))
        terms[key] = terms[key] + c if key in terms else c
    return nested(terms, [images[name] for name in names])


def nested(terms: dict[tuple[int, ...], Node], images: list[Node]) -> Node:
    """Horner form: (… (c_n x + c_{n−1}) x + …), in the first image, its coefficients in the others."""
    if not images:
        return terms[()]
    by_power: dict[int, dict[tuple[int, ...], Node]] = {}
    for (first, *rest), c in terms.items():
        by_power.setdefault(first, {})[tuple(rest)] = c
    top = max(by_power)
    result = nested(by_power[top], images[1:])
    for power in range(top - 1, -1, -1):
        result = product(result, images[0])
        result = result + nested(by_power[power], images[1:]) if power in by_power else result
    return result


def between(a: int, middle: Node | None = None, b: int = 0) -> list[Node]:
    """The factors of ρ^a · middle · ρ^b, without powers 0."""
    left, right = ([rho**e if e > 1 else rho] if e else [] for e in (a, b))
    return [*left, *([middle] if middle else []), *right]


def symmetric(values: list[Node], k: int) -> Node:
    """e_k of some values."""
    return total([product(*chosen) for chosen in combinations(values, k)])


def newton(d: int) -> tuple[list[Node], list[Node]]:
    """e_0 … e_d from tr ρ = 1 and tr ρⁿ, and their time derivatives in the hypothesis R."""
    powers = [tr(rho**m) if m > 1 else node(1) for m in range(d + 1)]
    rates = [m * tr(rho**(m - 1) * R) if m > 1 else node(0) for m in range(d + 1)]
    e, de = [node(1), node(1)], [node(0), node(0)]
    for k in range(2, d + 1):
        signs = [(Fraction((-1)**(m - 1), k), m) for m in range(1, k + 1)]
        e.append(total([c * e[k - m] * powers[m] for c, m in signs]))
        de.append(total([c * (de[k - m] * powers[m] + e[k - m] * rates[m]) for c, m in signs]))
    return e, de


def inverse(d: int, sign: int = 1) -> list[Step | Lemma]:
    """(1 − iκ ad_ρ) Σ n_ab ρ^a H ρ^b = Δ H; −1 as the sign of κ is wrong."""
    form = closed_form(d)
    e = {f"e{k}": scalars(f"e{k}")[0] for k in range(2, d + 1)}
    images = {"kappa": sign * kappa, **e}
    n = {key: polynomial(c, images) for key, c in form.coefficients.items()}
    invariants = [node(1), node(1), *e.values()]
    lemma, found = cayley_hamilton("cayley_hamilton", rho, d), elementary(rho, d)
    given = [hypothesis(f"E_{k}", invariants[k] - found[k]) for k in range(1, d + 1)]
    root = equal("root", total([product(node((-1)**k), c, *between(d - k)) for k, c in enumerate(invariants)]), 0,
                 by=total([lemma.fact, *(product(node((-1)**k), h, *between(d - k)) for k, h in enumerate(given, 1))]))
    chi = root.fact
    words = let("N", total([product(c, *between(a, H, b)) for (a, b), c in n.items()]))
    delta = let("Delta", polynomial(form.denominator, images))
    by = total([product(n[a, d - 1], *between(a, H), chi) - product(n[d - 1, a], chi, *between(0, H, a))
                for a in range(d)])
    return [lemma, root, equal("inverse", words - i * kappa * comm(rho, words), delta * H, by=i * kappa * by)]


def denominator(d: int) -> list[Step]:
    """Δ at p_1 … p_d, of which the last is 1 minus the others, is a product of factors that are 1 at least."""
    p = list(scalars(" ".join(f"p{k}" for k in range(1, d))))
    p.append(let(f"p{d}", 1 - total(p)))
    images = {"kappa": kappa, **{f"e{k}": let(f"s{k}", symmetric(p, k)) for k in range(2, d + 1)}}
    delta = let("Delta_p", polynomial(closed_form(d).denominator, images))
    factors = product(*[1 + kappa**2 * (a - b)**2 for a, b in combinations(p, 2)])
    squares = [sq(kappa * (a - b)) for a, b in combinations(p, 2)]
    excess = total([product(x, *(1 + y for y in squares[:k])) for k, x in enumerate(squares)])     # Π (1 + x) − 1
    return [equal("denominator", delta, factors), nonnegative("least", delta - 1, excess)]


def spectrum(d: int) -> Callable[[Random], Point]:
    """A sampler of a state, its e_k, and other eigenvalues p_1 … for the denominator."""
    def draw(rng: Random) -> Point:
        point = with_values(mixed(rng, d), **{f"e{k}": e for k, e in enumerate(newton(d)[0]) if k > 1})
        return Point(point.letters, {**point.scalars, **{f"p{k}": rational(rng) for k in range(1, d)}})
    return draw


def record(d: int) -> Theorem:
    """The theorem in dimension d."""
    e, de = newton(d)
    kept = [equal(f"conserved{k}", D(e[k]), 0, by=de[k]) for k in range(2, d + 1)]
    steps: list[Step | Lemma] = [*inverse(d), *denominator(d), *kept]
    return Theorem(
        id=f"closed-form-{d}", source="PRL 133, 266704 (2024), eq. 3; own derivation", scope="this dimension",
        statement=rf"K = \frac{{1}}{{\Delta}} \sum_{{a,b<{d}}} n_{{ab}}\,\rho^a H \rho^b,\ "
        r"\Delta = \prod_{j<k} (1 + \kappa^2(p_j - p_k)^2) \ge 1,\ \dot e_k = 0", derivatives={rho: X}, steps=steps,
        sample=spectrum(d), claim_of=tuple(step.name for step in steps), dimension=d)


THEOREMS = [record(d) for d in (2, 3, 4)]
BROKEN = [theorem.twin("a sign of κ", steps=inverse(d, -1), claim_of=("inverse",))
          for d, theorem in zip((2, 3, 4), THEOREMS, strict=True)]
