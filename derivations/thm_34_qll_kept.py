r"""Theorem 34. The criterion of theorem 32 need hold at the start only: one constant factor rescales time.

Statement.   Let ad_ρ³H = δ² ad_ρH at t = 0, H constant. It stays so under q-LLG, and 1 + κ²δ² times the q-LLG velocity
             is the q-LL velocity at every time: q-LL runs along the same curve, 1 + κ²δ² times as fast.
Hypotheses.  H = Z + F + F† with A = [ρ, Z] = 0 and T = [ρ, F] − δF = 0 at t = 0. In words: by the spectral theorem
             every such H is of this form, F = Σ P_j H P_k over p_j − p_k = δ. W = (1 − iκδ)w − 1 = 0. κ, δ real. ρ, Z
             and F move by dρ/dt = i[ρ, K], K = Z + wF + w*F†, dF/dt = i(1 − w)[Z, F] − i[K, F], dZ/dt = i(w − w*)[F,
             F†] − i[K, Z].
Proof.       dH/dt = 0 is an identity. The law is i[ρ, G] with G = FW + F†W* − iκ(A + wT − w*T†).
             dA/dt = i(w − w*)([T, F†] − [F, T†]) − i[K, A] and dT/dt = i(1 − w)([A, F] + [Z, T]) − i[K, T], by Jacobi:
             A = T = 0 stays, for these are linear in A and T (Picard–Lindelöf).
Source.      Own.
"""

from random import Random
from typing import Any

from qllg_sym.proof.language import D, Node, comm, complex_pair, hypothesis, i, let, letters, pair, scalars, star
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Matrix, Point, conjugate, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, rational, unitary
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, q_ll, q_llg, rho

Z, = letters("Z")
F, F_dag = pair("F", "F_dag")
delta, = scalars("delta")
w, w_bar = complex_pair("w", "w_bar")
A_, T_ = let("A", comm(rho, Z)), let("T", comm(rho, F) - delta * F)
A, T = hypothesis("block", A_), hypothesis("ladder", T_)           # they are 0 always, see `steps`
W = hypothesis("W", (1 - i * kappa * delta) * w - 1)
H, K = let("H", Z + F + F_dag), let("K", Z + w * F + w_bar * F_dag)
MOVED, WEIGHTED = A + T - star(T), A + w * T - w_bar * star(T)      # [ρ, H] − δ(F − F†), [ρ, K] − δ(wF − w*F†)
RISE, MIX = i * (1 - w) * comm(Z, F), i * (w - w_bar) * comm(F, F_dag)
RATES = {rho: i * comm(rho, K), F: RISE - i * comm(K, F), F_dag: star(RISE) - i * comm(K, F_dag),
         Z: MIX - i * comm(K, Z)}


def laddered(rng: Random) -> Point:
    """A ρ with the eigenvalues p, p + δ, p + 2δ in a random basis; Z keeps them and F raises them by δ."""
    u, h, low, gap, kappa_ = unitary(rng, 3), hermitian(rng, 3), rational(rng), rational(rng), rational(rng)

    def part(shift: int) -> Matrix:
        chosen = tuple(tuple(x if m - n == shift else gaussian(0) for n, x in enumerate(row))
                       for m, row in enumerate(h))
        return times(times(u, chosen), dagger(u))
    state = times(times(u, diagonal([low, low + gap, low + gap + gap])), dagger(u))
    weight = gaussian(1) / (gaussian(1) - gaussian(0, 1) * kappa_ * gap)
    return Point({"rho": state, "Z": part(0), "F": part(1), "F_dag": dagger(part(1))},
                 {"kappa": kappa_, "delta": gap, "w": weight, "w_bar": conjugate(weight)})


def steps() -> list[Step | Lemma]:
    """Both laws, and what stays."""
    factor, phase = 1 + kappa**2 * delta**2, 1 + i * kappa * delta
    g = F * W + F_dag * star(W) - i * kappa * WEIGHTED
    fast: Node = i * factor * WEIGHTED + i * delta * (phase * W * F - star(phase) * star(W) * F_dag) - i * MOVED
    first, block = stays_zero("block", A_, i * (w - w_bar) * (comm(T_, F_dag) - comm(F, star(T_))) - i * comm(K, A_),
                              by=0)
    second, ladder = stays_zero("ladder", T_, i * (1 - w) * (comm(A_, F) + comm(Z, T_)) - i * comm(K, T_), by=0)
    return [
        first, second, picard_lindelof("stays", block, ladder),
        equal("q_llg", q_llg(D(rho), hamiltonian=H).about[1], 0, by=i * comm(rho, g)),
        equal("q_ll", q_ll(factor * D(rho), hamiltonian=H).about[1], 0,
              by=fast + kappa * (delta * (T + star(T)) + comm(rho, MOVED))),
        equal("constant", D(H), 0)]


FIELDS: dict[str, Any] = {"claim_of": ("A_moves", "T_moves", "stays", "q_llg", "q_ll", "constant")}
THEOREMS = [Theorem(
    id="qll-kept", statement=r"\mathrm{ad}_\rho^3 H = \delta^2\,\mathrm{ad}_\rho H \text{ at } t = 0 \Rightarrow "
    r"\dot\rho_{\text{q-LL}} = (1 + \kappa^2\delta^2)\,\dot\rho_{\text{q-LLG}} \text{ at every } t", source="own",
    scope="every dimension", derivatives=RATES, sample=laddered, steps=steps(), **FIELDS)]

BROKEN = [THEOREMS[0].twin("F in the frame does not move", derivatives={
    **RATES, F: -i * comm(K, F), F_dag: -i * comm(K, F_dag)})]
