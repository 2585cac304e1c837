"""Lemmas about states of two spins ½: entanglement and nonlocality, of explicit 4 × 4 matrices.

Their conclusions are about states, so at the witness the matrix must be one: no claim is about nothing.
"""


from .certificate import Certificate
from .polynomial import Formula, Polynomial, Step, scalar
from .premises import NOTHING, Facts, about, fit

# Pauli's matrices as lists of rows in the language of certificates.
MINUS_I = ["*", -1, "i"]
SIGMA: tuple[list[list[Formula]], ...] = ([[0, 1], [1, 0]], [[0, MINUS_I], ["i", 0]], [[1, 0], [0, -1]])


def state_of_two_spins(claim: Certificate, node: Formula, lemma: str) -> Polynomial:
    """The matrix of a state, which the witness must show to be >= 0 somewhere."""
    fit(claim.ring.dimension == 4, lemma, "the state is not of two spins 1/2")
    rho = claim.polynomial(node)
    claim.states.append((lemma, rho))
    return rho


def pauli_string(claim: Certificate, j: int, k: int) -> Polynomial:
    """σ_j ⊗ σ_k."""
    return claim.ring.matrix(claim.polynomial(["*", SIGMA[j][row // 2][column // 2], SIGMA[k][row % 2][column % 2]])
                             for row in range(4) for column in range(4))


def horodecki(claim: Certificate, step: Step) -> Facts:
    """Of T_kl = tr ρ σ_k ⊗ σ_l, real, the maximum of CHSH is 2 sqrt(u + v), u and v the top eigenvalues of TᵗT.

    T stands in a 4 × 4 matrix, behind a row and a column of zeros; ρ >= 0 may be of any trace, by which one divides.
    """
    lemma, ring = "Horodecki", claim.ring
    rho, t = state_of_two_spins(claim, step["state"], lemma), claim.polynomial(step["T"])
    total = ring.trace(rho)
    fit(total and claim.is_real(total), lemma, "the trace is 0 or not real")
    for j in range(4):
        for k in range(4):
            mean = ring.trace(ring.multiply(rho, pauli_string(claim, j - 1, k - 1))) if j and k else {}
            entry = ring.entry(t, j, k)
            fit(ring.equal(entry, mean) and claim.is_real(entry), lemma,
                f"the entry {j}, {k} is not tr ρ σ_k ⊗ σ_l, or not real")
    return NOTHING


def peres(claim: Certificate, step: Step) -> Facts:
    """A state whose partial transpose has a negative expectation is entangled: −tr(v* ρ^T₂ v) > 0."""
    ring, rho, v = claim.ring, state_of_two_spins(claim, step["state"], "Peres"), claim.polynomial(step["vector"])
    transposed = ring.rearranged(rho, lambda j, k: (j - j % 2 + k % 2, k - k % 2 + j % 2))
    mean = ring.trace(ring.product(claim.star(v), transposed, v))
    fit(ring.equal(about(claim, step["on"], "positive"), ring.negative(mean)), "Peres",
        f"{step['on']} is not about the partial transpose")
    return NOTHING


def wootters(claim: Certificate, step: Step) -> Facts:
    """The concurrence is the largest less the other three roots of the eigenvalues of ρρ̃; here ρ̃ = ρ, tr ρ = 1."""
    lemma, ring, rho = "Wootters", claim.ring, state_of_two_spins(claim, step["state"], "Wootters")
    flip = pauli_string(claim, 1, 1)
    conjugate = ring.rearranged(claim.star(rho), lambda j, k: (k, j))
    fit(ring.equal(ring.product(flip, conjugate, flip), rho) and claim.is_real(rho), lemma,
        "the spin-flipped state is another one")
    fit(ring.equal(ring.trace(rho), scalar(1)), lemma, "the trace is not 1")
    return NOTHING
