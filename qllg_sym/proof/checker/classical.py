"""The closed list of classical lemmas, at most twelve: what each says, and what a step that cites it must hold.

A proof may cite nothing else. Which formulas a lemma stands on is said in `operators`, `motion` and `entanglement`, one
function a lemma.
"""

from typing import NamedTuple

EXPRESSION, NAME, LIST = "an expression", "a name", "a list"


class Lemma(NamedTuple):
    """A lemma as a step of a certificate cites it.

    Attributes:
        says: the lemma itself.
        concludes: what a step that cites it claims, in its parts.
        parts: the keys of the step, and what stands under each: an expression, a name or a list.
        in_time: the keys under which premises stand that must hold always; empty for a lemma about one instant.
    """

    says: str
    concludes: str
    parts: dict[str, str]
    in_time: tuple[str, ...] = ()


LEMMAS = {
    "trace form": Lemma(
        says="tr(X* X) >= 0, and = 0 only for X = 0",
        concludes="",                                      # no step cites it: it is seen from squares of operators
        parts={}),
    "rank-nullity": Lemma(
        says="an injective linear map of a finite-dimensional space into itself is bijective",
        concludes="{law} = 0 has one solution {solution}, whatever its other letters are",
        parts={"unknown": NAME, "kernel": NAME, "on": NAME, "law": NAME, "solution": NAME}),
    "spectral theorem": Lemma(
        says="Hermitian operators have real eigenvalues, an orthonormal basis",
        concludes="{operator} is a sum of eigenvalues times projections of sum 1, and each pair fits {eigen}",
        parts={"operator": EXPRESSION, "eigen": LIST}),
    "constant spectrum": Lemma(
        says="the traces of A^n, n = 1, 2, ..., fix the eigenvalues of A",
        concludes="the eigenvalues of {operator} are constant",
        parts={"operator": EXPRESSION, "on": NAME},
        in_time=("on",)),
    "characteristic polynomial": Lemma(
        says="Newton's identities give its coefficients",
        concludes="the eigenvalues of {operator} have the elementary symmetric functions {symmetric}",
        parts={"operator": EXPRESSION, "symmetric": LIST}),
    "Cayley-Hamilton": Lemma(
        says="an operator is a root of its characteristic polynomial",
        concludes="{equation} = 0",
        parts={"operator": EXPRESSION, "equation": EXPRESSION}),
    "Picard-Lindelof": Lemma(
        says="a smooth differential equation has one solution through each start",
        concludes="{zeros} always",
        parts={"facts": LIST, "zeros": LIST, "start": LIST, "on": LIST, "through": LIST},
        in_time=("on",)),
    "Horodecki": Lemma(
        says="max CHSH = 2 sqrt(u + v), u and v top eigenvalues of T^t T",
        concludes="the maximum of CHSH in {state} >= 0, not 0, times tr({state}) is twice the root of "
                  "the sum of the two largest eigenvalues of star({T})*{T}",
        parts={"state": EXPRESSION, "T": EXPRESSION}),
    "Peres": Lemma(
        says="a state whose partial transpose is not >= 0 is entangled",
        concludes="{state} >= 0 is entangled",
        parts={"state": EXPRESSION, "vector": EXPRESSION, "on": NAME}),
    "Wootters": Lemma(
        says="concurrence from the eigenvalues of rho and the spin-flipped rho",
        concludes="{state} >= 0 has the concurrence 2*(its largest eigenvalue) - 1, or 0 if this is negative",
        parts={"state": EXPRESSION}),
    "LaSalle": Lemma(
        says="solutions tend to the largest invariant set where a falling E rests",
        concludes="{state} tends to the largest invariant set in D({energy}) = 0",
        parts={"state": EXPRESSION, "law": NAME, "damping": EXPRESSION, "energy": EXPRESSION, "on": NAME,
               "bounded": NAME},
        in_time=("on", "bounded", "law")),
    "Gronwall": Lemma(
        says="D x <= L x + c, L, c constant: x <= e^Lt x(0) + c (e^Lt - 1)/L",
        concludes="ever after, {x} <= the solution of D(.) = ({L})*(.) + {c} with the same start",
        parts={"x": EXPRESSION, "L": EXPRESSION, "c": EXPRESSION, "on": NAME, "constant": LIST},
        in_time=("on", "constant"))}
