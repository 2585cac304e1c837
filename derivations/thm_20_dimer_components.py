r"""Theorems 20. PRL 9: what the numbers T_αβ are, and the 15 component equations are the operator equation.

Statement.   For ρ = ¼ Σ T_αβ σ_α⊗σ_β:  Tr ρ = T_00;  Tr ρ σ_α⊗σ_β = T_αβ;  Tr_2 ρ = ½ Σ T_α0 σ_α, Tr_1 ρ = ½ Σ T_0β
             σ_β, so that T_k0 and T_0l are the Bloch vectors;  Tr ρ² = ¼ Σ T_αβ². The residual R of PRL 3 with H of
             PRL 10 is ¼ Σ r_αβ σ_α⊗σ_β, where r_αβ = 0 are the 15 equations that the package derives: R = 0 if and
             only if all r_αβ = 0, for the strings are independent (dimer-bloch).
Hypotheses.  None on T, dT/dt, B, J, D, κ; in the equations T_00 = 1.
Proof.       Pauli strings are orthogonal, Tr σ_a σ_b = 4 δ_ab; ½ Σ_k (1⊗σ_k) ρ (1⊗σ_k) = (Tr_2 ρ)⊗1, k = 0, x, y, z.
             The rest is expansion, exact in all letters.
Source.      PRL 133, 266704 (2024), eqs. 3, 9, 10 and the text below eq. 9.
"""

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.proof.language import Node, let, scalars, tr
from qllg_sym.proof.laws import residual
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa

from .dimer import HALF, STRINGS, T, any_numbers, combination, coupling, explicit, normed, translate
from .eq_01_dimer import kappa as damping
from .eq_01_dimer import model

SOURCE = "PRL 133, 266704 (2024), eq. 9"
rho = let("rho", combination(T))


def averaged(names: str) -> Node:
    """½ Σ_k σ_k ρ σ_k over the strings of one spin: the trace over it, beside its identity."""
    total = rho
    for name in names.split():
        total = total + STRINGS[name] * rho * STRINGS[name]
    return HALF * total


def bloch(names: str) -> Node:
    """½ Σ T_α σ_α for the names of one spin, beside the identity of the other."""
    return HALF * Node("+", tuple(T[name] * STRINGS[name] for name in names.split()))


first, second = averaged("0x 0y 0z"), averaged("x0 y0 z0")
law = QuantumLLG(damping)
equations = law.derive(model()).pauli()
rates = {name: scalars(f"dT_{name}")[0] for name in STRINGS if name != "00"}
others = {x.name: coupling(x.name) for x in equations.parameters if x.name != "kappa"}
names = {**{x.name: x for x in (*T.values(), *rates.values(), kappa)}, **others}


def operator_law(h: dict[str, Node]) -> Node:
    """The residual of PRL 3 as an explicit matrix; T_00 = 1."""
    state = let("rho", normed(T))
    images = {"rho": state, "drho": let("X", combination(rates)), "H": let("H", explicit(model().frequency, h))}
    return residual(law, images, {"kappa": kappa})


components = {name: let(f"r{name}", translate(to_expr(p), names))
              for name, p in zip(rates, equations.polynomials, strict=True)}
R = operator_law(others)
everything = any_numbers(*T.values(), *rates.values(), kappa, *others.values())

expectations = [equal(f"string_{name}", tr(rho * s), T[name]) for name, s in STRINGS.items()]

THEOREMS = [
    Theorem(
        id="dimer-components",
        statement=r"R = \dot\varrho - \tfrac{i}{\hbar}[\varrho, H] - i\kappa[\varrho, \dot\varrho] = \tfrac14 \sum "
                  r"r_{\alpha\beta}\, \sigma_\alpha \otimes \sigma_\beta:\quad "
                  r"R = 0 \Leftrightarrow r_{\alpha\beta} = 0",
        source="PRL 133, 266704 (2024), eqs. 3, 9, 10",
        scope="this dimension", sample=everything, steps=[equal("operator", R, combination(components))]),
    Theorem(
        id="dimer-bloch",
        statement=r"T_{\alpha\beta} = \mathrm{Tr}\,\varrho\,\sigma_\alpha\otimes\sigma_\beta,\quad T_{00} = "
                  r"\mathrm{Tr}\,\varrho,\quad \varrho_1 = \tfrac12 T_{\alpha 0}\sigma_\alpha,\quad \varrho_2 = "
                  r"\tfrac12 T_{0\beta}\sigma_\beta",
        source=SOURCE, scope="this dimension", sample=any_numbers(*T.values()),
        claim_of=("first", "second", *(step.name for step in expectations)),
        steps=[equal("first", first, bloch("00 x0 y0 z0")), equal("second", second, bloch("00 0x 0y 0z")),
               *expectations]),
    Theorem(
        id="dimer-purity",
        statement=r"\mathrm{Tr}\,\varrho^2 = \tfrac14 \sum T_{\alpha\beta}^2,\quad T_{\alpha\beta} = "
                  r"\mathrm{Tr}\,\varrho\,\sigma_\alpha\otimes\sigma_\beta",
        source=SOURCE, claim_of=("purity", *(step.name for step in expectations)),
        scope="this dimension", sample=any_numbers(*T.values()),
        steps=[*expectations, equal("purity", tr(rho**2), Node("+", tuple(x**2 for x in T.values())) / 4)])]

BROKEN = [
    THEOREMS[0].twin("−D for D in the operator law", steps=[
        equal("operator", operator_law({**others, "D": -others["D"]}), combination(components))]),
    THEOREMS[1].twin("the Bloch vectors of the two spins exchanged", claim_of=("first",),
                     steps=[equal("first", first, bloch("00 0x 0y 0z"))]),
    THEOREMS[2].twin("a factor 1/2", claim_of=("purity",), steps=[
        equal("purity", tr(rho**2), Node("+", tuple(x**2 for x in T.values())) / 2)])]
