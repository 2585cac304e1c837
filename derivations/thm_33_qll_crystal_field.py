r"""Theorem 33. A spin 1 of form PRL 4 in a crystal field: q-LL and q-LLG are not one equation in two units of time.

Statement.   ρ = (1 + η·S)/3 with η = (x, 0, z), H = A S_z², A, x, z > 0: ad_ρ³H and ad_ρH are not parallel, so that
             (theorem 32) no δ makes Y = (1 + κ²δ²) X for κ ≠ 0.
Hypotheses.  None: the matrices are explicit, S_a of spin 1 in the Cartesian basis, (S_a)_bc = −iε_abc; A, x, z > 0.
Proof.       The Gram determinant ‖ad_ρ³H‖² ‖ad_ρH‖² − (tr (ad_ρ³H)† ad_ρH)² is positive, by its form.
Source.      PRL 133, 266704 (2024), below eq. 8, where the opposite is stated for every H; own proof.
"""

from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym import Anisotropy, Model, Space
from qllg_sym.proof.language import Node, comm, i, let, matrix, product, scalars, tr
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import equal, positive
from qllg_sym.proof.theorem import Theorem

ERRATA = [("q-LL and q-LLG are equivalent for a single spin in a state of form PRL 4",
           "for H linear in S, or s = ½; not for spin 1 in a crystal field A S_z² "
           "with η neither along z nor normal to z", "below eq. 8")]
A, x, z = scalars("A x z", "positive")
LEVI_CIVITA = {(0, 1, 2): 1, (1, 2, 0): 1, (2, 0, 1): 1, (0, 2, 1): -1, (2, 1, 0): -1, (1, 0, 2): -1}
S = [let(f"S{name}", matrix([[-i * LEVI_CIVITA.get((a, b, c), 0) for c in range(3)] for b in range(3)]))
     for a, name in enumerate("xyz")]


def crystal_field() -> Node:
    """H of a model, whose words are S_x^a S_y^b S_z^c, as a matrix."""
    strength = sp.diag(0, 0, sp.Symbol("A", real=True)).tolist()
    model = Model(Space(sp.Symbol("s", positive=True)), [Anisotropy(strength, 0)])
    words: list[Node] = []
    for (_, powers), _ in model.frequency.terms.items():
        factors = [spin**power for spin, power in zip(S, powers, strict=True) if power]
        words.append(product(A, *factors))
    return sum(words[1:], words[0])


def gram(a: Node, b: Node) -> Node:
    """The Gram determinant of two anti-Hermitian matrices."""
    return tr(a * a) * tr(b * b) - tr(a * b)**2


def unequal(rng: Random) -> Point:
    """Positive A, x and z."""
    return Point({}, {name: gaussian(abs(rational(rng).x)) for name in ("A", "x", "z")})


H = let("H", crystal_field())


meaning = [*(equal(f"spin_{k}", comm(S[k - 2], S[k - 1]), i * S[k]) for k in range(3)),
           equal("length", S[0]**2 + S[1]**2 + S[2]**2, 2), equal("hamiltonian", H, A * S[2]**2)]


def state(eta: Node) -> Node:
    """ρ of PRL 4."""
    return let("rho", (1 + eta) / 3)


def torques(eta: Node) -> tuple[Node, Node]:
    """ad_ρ³H and ad_ρH."""
    rho = state(eta)
    torque = comm(rho, H)
    return comm(rho, comm(rho, torque)), torque


tilted = x * S[0] + z * S[2]

THEOREMS = [Theorem(
    id="qll-crystal-field", statement=r"\rho = \frac13(1 + \eta\cdot S),\ H = A S_z^2,\ \eta = (x, 0, z): \ "
    r"\mathrm{ad}_\rho^3 H \nparallel \mathrm{ad}_\rho H\ (A, x, z > 0,\ s = 1)",
    source="PRL 133, 266704 (2024), below eq. 8; own proof",
    scope="this dimension", sample=unequal,
    claim_of=("apart", "state", *(step.name for step in meaning)),
    steps=[*meaning, equal("state", 3 * state(tilted), 1 + tilted),
           positive("apart", gram(*torques(tilted)), Fraction(4, 729) * A**4 * x**6 * z**2)])]

BROKEN = [THEOREMS[0].twin("η in the plane, where only equal gaps are coupled", claim_of=("apart",), steps=[
    positive("apart", gram(*torques(x * S[0] + z * S[1])), Fraction(4, 729) * A**4 * x**6 * z**2)])]
