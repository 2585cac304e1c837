r"""Theorem 17. Where q-LLG is q-LL with a rescaled time: pure states, and PRL 4 states.

Statement.   ρ̇ + κ²[ρ, [ρ, ρ̇]] = (1 + κ²)ρ̇ if ρ² = ρ, and (1 + κ²ħ²|η|²/(2s + 1)²)ρ̇ if ρ = (1 + η·S)/(2s + 1);
             so the factor times ρ̇ is the right-hand side of q-LL.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = ρ̇. Pure: ρ² = ρ. PRL 4: the form is kept, X = p v·S with v = dη/dt
             (by `prl-4` if H is linear in S); spin s > 0 as in `prl-6`, ħ > 0.
Proof.       Pure: X = i[ρ, H + κX], so ρX + Xρ − X = i[ρ² − ρ, H + κX] = 0, and ρXρ = 0. PRL 4: [η·S, [η·S, v·S]] =
             ħ²(|η|²v − (η·v)η)·S, and η·v = 0 by tr ρR = 0. With W = R + iκ[ρ, R] (`rewriting`) the second half
             follows.
Source.      PRL 133, 266704 (2024), below eq. 8.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof import vocabulary
from qllg_sym.proof.language import comm, hypothesis, i, let, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, mixed, velocity, with_values
from qllg_sym.proof.step import cancel, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, q_ll, q_llg

from .spin import (
    C,
    S,
    bilinear,
    cross,
    dot,
    eta,
    hbar,
    linear,
    norm,
    normalisation,
    p,
    s_plus,
    spin_point,
    traces,
    v,
)

ERRATA = [(
    "q-LLG takes the q-LL form for a single spin in a nonpure state of the form of eq. 4.",
    "While the state keeps that form: H linear in S, or s = ½. For s ≥ 1 and a term S_z² it does not (twin of "
    "`qll-eta`).", "below eq. 8")]
WHERE = "PRL 133, 266704 (2024), below eq. 8"

# Pure states
x, y = vocabulary.X, vocabulary.rho
law, pure = vocabulary.R, hypothesis("P", y**2 - y)
slope = i * comm(pure, vocabulary.H + kappa * x) + y * law + law * y - law          # ρX + Xρ − X
middle = y * slope * y - y * x * pure - pure * x * y
factor = equal("factor", x + kappa**2 * comm(y, comm(y, x)), (1 + kappa**2) * x,
               by=kappa**2 * (pure * x + x * pure + slope - 2 * middle))
rescaled = equal("rescaled", q_ll().about[1] + kappa**2 * x, 0, by=law + i * kappa * comm(y, law) - factor.fact)

# PRL 4 states
rho, X = let("rho", p * (1 + dot(eta, S))), let("X", p * dot(v, S))
R, steps, size = q_llg(X, state=rho), traces(s_plus), 2 * s_plus + 1
bare, turn = tr((1 + dot(eta, S)) * dot(v, S)), cross(eta, v)
extra = kappa**2 * hbar**2 * dot(eta, eta) * p**2
normal = cancel("normal", dot(eta, v), norm(s_plus),
                by=size**2 * tr(rho * R) - normalisation(s_plus) * (size * p + 1) * bare
                - linear(v, steps) - bilinear(eta, v, steps))
factor_eta = equal("factor", X + kappa**2 * comm(rho, comm(rho, X)), (1 + extra) * X, by=kappa**2 * p**3 * (
    i * hbar * dot(cross(eta, turn), C) + comm(dot(eta, S), dot(turn, C)) - hbar**2 * normal.fact * dot(eta, S)))
rescaled_eta = equal("rescaled", q_ll(X, state=rho).about[1] + extra * X, 0,
                     by=R + i * kappa * comm(rho, R) - factor_eta.fact)

THEOREMS = [
    Theorem(id="qll-pure", statement=r"\rho^2 = \rho:\quad \dot\rho + \kappa^2[\rho, [\rho, \dot\rho]] = "
            r"(1 + \kappa^2)\,\dot\rho",
            source=WHERE, scope="every dimension", sample=lambda rng: mixed(rng, 3, 1),
            claim_of=("factor", "rescaled"), steps=[factor, rescaled]),
    Theorem(id="qll-eta", statement=r"\rho = \frac{1}{2s+1}(1 + \boldsymbol\eta\cdot\mathbf S),\ \dot\rho = "
            r"\frac{1}{2s+1}\dot{\boldsymbol\eta}\cdot\mathbf S \text{ by PRL 3},\ s, \hbar > 0 \Rightarrow "
            r"\dot\rho + \kappa^2[\rho, [\rho, \dot\rho]] = \left(1 + "
            r"\frac{\kappa^2\hbar^2|\boldsymbol\eta|^2}{(2s+1)^2}\right)\dot\rho = "
            r"\frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]]",
            source=WHERE, scope="every dimension", sample=spin_point, claim_of=("factor", "rescaled"),
            steps=[*steps.values(), normal, factor_eta, rescaled_eta])]


def any_hamiltonian(rng: Random) -> Point:
    """A spin 1 in a PRL 4 state, in a field that is not linear in S, so that X leaves the form."""
    a = spin_point(rng, Fraction(1))
    h, state = hermitian(rng, 3), with_values(a, rho=rho).letters["rho"]
    return Point({**a.letters, "H": h, "X": velocity(state, h, a.scalars["kappa"])}, a.scalars)


R_any = q_llg(state=rho)
BROKEN = [
    THEOREMS[0].twin("a mixed state", claim_of=("factor",), sample=mixed, steps=[
        equal("factor", x + kappa**2 * comm(y, comm(y, x)), (1 + kappa**2) * x)]),
    THEOREMS[1].twin("a Hamiltonian that is not linear in S", claim_of=("factor",), sample=any_hamiltonian, steps=[
        equal("factor", x + kappa**2 * comm(rho, comm(rho, x)), (1 + extra) * x,
              by=R_any + i * kappa * comm(rho, R_any))])]
