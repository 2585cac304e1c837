r"""Theorem 22. PRL 10 in Pauli form, for every ħ, γ_g, J, D and B.

Statement.   With S_k = ħσ_k/2:  −γ_g B·(S_1 + S_2) + (4J/ħ²) S_1·S_2 + (4D/ħ²) z·(S_1 × S_2) = J σ·σ + D (σ_x⊗σ_y −
             σ_y⊗σ_x) − ½ ħγ_g B·(σ_1 + σ_2), and this is the Hamiltonian of the package.
Hypotheses.  w = 1/ħ: wħ − 1 = 0.
Proof.       (4/ħ²)(ħ/2)² = (wħ)² = 1 + (wħ + 1)(wħ − 1).
Source.      PRL 133, 266704 (2024), eq. 10.
"""

from random import Random

import sympy as sp

from qllg_sym import DMI, Exchange, Model, Space, Zeeman
from qllg_sym.proof.language import Node, hypothesis, let, scalars
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem

from .dimer import HALF, STRINGS, explicit
from .eq_01_dimer import B_x, B_y, B_z, D, J

hbar, gamma = sp.Symbol("hbar", positive=True), sp.Symbol("gamma", real=True)
model = Model(Space("1/2", "1/2"), [Zeeman((B_x, B_y, B_z)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)], hbar, gamma)
names = dict(zip("hbar gamma J D B_x B_y B_z".split(), scalars("hbar gamma J D_z B_x B_y B_z"), strict=True))
h, g, j, d = (names[name] for name in "hbar gamma J D".split())
field = [names[f"B_{k}"] for k in "xyz"]
w, = scalars("w")
W = hypothesis("W", w * h - 1)

S1, S2 = ([let(f"S{n}{k}", HALF * h * STRINGS[f"{k}0" if n == 1 else f"0{k}"]) for k in "xyz"] for n in (1, 2))
in_spins = 4 * d * w**2 * (S1[0] * S2[1] - S1[1] * S2[0])
for b, first, second in zip(field, S1, S2, strict=True):
    in_spins = in_spins - g * b * (first + second) + 4 * j * w**2 * first * second

heisenberg = let("heisenberg", STRINGS["xx"] + STRINGS["yy"] + STRINGS["zz"])
cross = let("cross", STRINGS["xy"] - STRINGS["yx"])


def pauli_form(factor: Node) -> Node:
    """Jσ·σ + D(σ_xσ_y − σ_yσ_x) − factor · ħγB·(σ_1 + σ_2)."""
    total = j * heisenberg + d * cross
    for b, k in zip(field, "xyz", strict=True):
        total = total - factor * h * g * b * (STRINGS[f"{k}0"] + STRINGS[f"0{k}"])
    return total


def sample(rng: Random) -> Point:
    """Any units and couplings."""
    values = {x.name: rational(rng) for x in names.values()}
    return Point(scalars={**values, "w": gaussian(1) / values["hbar"]})


package, half = let("H", explicit(model.hamiltonian, names)), Node("num", (HALF,))
THEOREMS = [Theorem(
    id="prl-10",
        statement=r"H = J\,\boldsymbol\sigma\cdot\boldsymbol\sigma + D(\sigma_x\otimes\sigma_y - "
                  r"\sigma_y\otimes\sigma_x) - \tfrac12 \hbar\gamma_g \mathbf B\cdot(\boldsymbol\sigma_1 + "
                  r"\boldsymbol\sigma_2)",
        source="PRL 133, 266704 (2024), eq. 10",
    scope="this dimension", sample=sample, claim_of=("pauli", "package"),
    steps=[equal("pauli", in_spins, pauli_form(half), by=(w * h + 1) * W * (j * heisenberg + d * cross)),
           equal("package", package, pauli_form(half))])]

BROKEN = [THEOREMS[0].twin("the Zeeman term without its 1/2", claim_of=("package",),
                           steps=[equal("package", package, pauli_form(Node("num", (2 * HALF,))))])]
