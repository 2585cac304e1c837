r"""Theorems 52. White noise inside the law, read after Stratonovich, keeps the spectrum; of a classical moment, |m|.

Statement.   noise-spectrum      dρ = (i/ħ)[ρ, H dt + dN] + iκ[ρ, dρ] keeps tr ρⁿ, n = 1, 2, 3, …, and the eigenvalues.
             noise-spectrum-qll  So does q-LL with the noise in its precession term.
             noise-length        PRL 1 in the field B + b keeps m·m.
Hypotheses.  R = 0: the law with H + N for H, where N (for the moment b) is the noise, any Hermitian matrix at each
             instant. Stratonovich noise is the limit of smooth noise (Wong and Zakai), so the product rule is D's.
Proof.       d/dt tr(ρⁿ) = n tr(ρⁿ⁻¹R), for tr(ρⁿ⁻¹[ρ, ·]) = 0; Newton for the eigenvalues. m·ṁ = m·R.
In words.    Read after Itô, the formula has the further drift ½σ² Σ_a [[ρ, G_a], G_a], and tr ρ² is not kept (twin).
Source.      Own; PRL 133, 266704 (2024), outlook: thermal effects as a stochastic noise operator.
"""

from collections.abc import Callable
from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, letters, scalars, tr
from qllg_sym.proof.lemmas import Lemma, constant_spectrum
from qllg_sym.proof.numeric import Point, plus
from qllg_sym.proof.random_points import hermitian, mixed, rational, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, n, q_ll, q_llg, rho

from .spin import HALF, B, cross, dot, v

SOURCE = "own; PRL 133, 266704 (2024), outlook"
N, = letters("N")
R = q_llg(hamiltonian=H + N)
R_QLL = hypothesis("R", q_ll().about[1] - i * comm(rho, N))


def noisy(rng: Random) -> Point:
    """A state, a noise matrix, and the velocity by q-LLG of both."""
    point, noise = mixed(rng), hermitian(rng, 3)
    x = velocity(point.letters["rho"], plus(point.letters["H"], noise), point.scalars["kappa"])
    return Point({**point.letters, "N": noise, "X": x}, point.scalars, point.exponents)


def solving(law: Node) -> Callable[[Random], Point]:
    """A sampler of points whose X makes the law zero; the law is X minus what has no X."""
    return lambda rng: with_values(noisy(rng), X=X - law.about[1])


def kept(law: Node) -> list[Step | Lemma]:
    """Every moment stays, and the eigenvalues with them."""
    moments = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * law))
    return [moments, constant_spectrum("spectrum", rho, moments, n)]


# One classical moment.
m, b, (alpha,) = scalars("mx my mz"), scalars("bx by bz"), scalars("alpha")
field = tuple(x + y for x, y in zip(B, b, strict=True))
torque = tuple(x - alpha * y for x, y in zip(cross(m, field), cross(m, v), strict=True))
LLG = tuple(hypothesis(f"R{k}", x - y) for k, x, y in zip("xyz", v, torque, strict=True))


def moving(rng: Random) -> Point:
    """A moment, a field, noise, and the velocity (ṁ + αm × ṁ = m × (B + b)) solved: ṁ·(1 + α²m²) = T − αm × T."""
    point = Point(scalars={x.name: rational(rng) for x in (*m, *B, *b, alpha)})
    pull = cross(m, field)
    slow = with_values(point, w=1 + alpha**2 * dot(m, m)).scalars["w"]
    raw = with_values(point, **{x.name: y - alpha * z for x, y, z in zip(v, pull, cross(m, pull), strict=True)})
    return Point(scalars={**point.scalars, **{x.name: raw.scalars[x.name] / slow for x in v}})


def length(law: tuple[Node, ...]) -> list[Step]:
    """d/dt m·m."""
    return [equal("length", D(dot(m, m)), 0, by=2 * dot(m, law))]


THEOREMS = [
    Theorem(id="noise-spectrum", statement=r"d\rho = \tfrac{i}{\hbar}[\rho, H\,dt + dN] + i\kappa[\rho, d\rho] "
            r"\text{ (Stratonovich)} \Rightarrow d\,\mathrm{Tr}\,\rho^n = 0", source=SOURCE, scope="every dimension",
            sample=noisy, derivatives={rho: X}, claim_of=("moments", "spectrum"), trajectory={X: R}, steps=kept(R)),
    Theorem(id="noise-spectrum-qll", statement=r"d\rho = \tfrac{i}{\hbar}[\rho, H\,dt + dN] - "
            r"\tfrac{\kappa}{\hbar}[\rho, [\rho, H]]\,dt \text{ (Stratonovich)} \Rightarrow d\,\mathrm{Tr}\,\rho^n = 0",
            source=SOURCE, scope="every dimension", sample=solving(R_QLL), derivatives={rho: X},
            claim_of=("moments", "spectrum"), trajectory={X: R_QLL}, steps=kept(R_QLL)),
    Theorem(id="noise-length", statement=r"d\mathbf m = \mathbf m \times (\mathbf B\,dt + d\mathbf b) - "
            r"\alpha\,\mathbf m \times d\mathbf m \text{ (Stratonovich)} \Rightarrow d|\mathbf m|^2 = 0",
            source=SOURCE, scope="this dimension", sample=moving,
            derivatives=dict(zip(m, v, strict=True)), steps=length(LLG))]

ADDED = hypothesis("R", q_llg().about[1] - N)
ITO = hypothesis("R", R_QLL.about[1] - HALF * comm(comm(rho, N), N))
OUTSIDE = tuple(hypothesis(f"R{k}", v_ - x - y) for k, v_, x, y in zip("xyz", v, cross(m, B), b, strict=True))


def pushed(rng: Random) -> Point:
    """The velocity with noise that is added to q-LLG: (1 − iκ ad)⁻¹N is N plus κ times the velocity of N."""
    point = noisy(rng)
    state, h, k = point.letters["rho"], point.letters["H"], point.scalars["kappa"]
    x = plus(velocity(state, plus(h, point.letters["N"], k), k), point.letters["N"])
    return Point({**point.letters, "X": x}, point.scalars, point.exponents)


def beside(rng: Random) -> Point:
    """A moment without damping, with noise that is added to its velocity."""
    point = Point(scalars={x.name: rational(rng) for x in (*m, *B, *b)})
    return with_values(point, **{x.name: y + z for x, y, z in zip(v, cross(m, B), b, strict=True)})


BROKEN = [
    THEOREMS[0].twin("noise added to ρ, not to H", claim_of=("moments",), sample=pushed, steps=[
        equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * ADDED))]),
    THEOREMS[1].twin("the further drift of Itô's reading", claim_of=("moments",), sample=solving(ITO), steps=[
        equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * ITO))]),
    THEOREMS[2].twin("noise added to m, not to B", sample=beside, steps=length(OUTSIDE))]
