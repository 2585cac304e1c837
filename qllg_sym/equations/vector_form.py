r"""Vector form: the equations of one spin, of classical moments and of two spins ½ as physicists write them.

No result is typed in. Candidates such as η × B and η × η̇ get coefficients from an exact fit to the components, and a
form is returned only if the difference vanishes identically in every component.
"""


import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.grouping import as_given
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name
from qllg_sym.equations.tensors import Tensor
from qllg_sym.equations.unit_constants import in_letters, values_of_letters
from qllg_sym.equations.vector_equations import (
    VectorForm as VectorForm,
)
from qllg_sym.equations.vector_equations import (
    Workshop,
    assembled_form,
    definitions_of,
    effective_field_lines,
    numbered_vector,
    pair_equations,
    vector_candidates,
)
from qllg_sym.errors import DerivationError
from qllg_sym.model.classical import effective_fields


def vector_form(components: ImplicitComponents) -> VectorForm | None:
    r"""Return the equations in vectors, if they have such a form; it is proved equal to the components.

    One spin (`eta`, or `pauli` of one site), classical moments, and two spins ½ with fields and any bilinear coupling
    under laws linear or bilinear in ρ. There $\mathbf B$ is the field of H, H = −γ_g B·S; $K_{kl}$ multiplies
    σ_k ⊗ σ_l in H; ε is the Levi-Civita symbol.

    Args:
        components: of any kind.

    Returns:
        None where no combination of the candidates equals the components exactly.

    Source: for the form of the candidates, PRL 133, 266704 (2024), eqs. 1, 2, 8 and 9.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("Bx By Bz", real=True), sp.Symbol("kappa", real=True)
    >>> print(vector_form(QuantumLLG(kappa).derive(Model(Space(1), [Zeeman(B)])).eta()).text())
    η' = η × B - (1/3) κ η × η'
    B = (Bx, By, Bz)
    """
    shown = in_letters(components)
    found = _vector_form(shown)
    return found and VectorForm((*as_given(shown.equation, list(found.lines)),
                                 *values_of_letters(components, found.lines)))


def known_vector_form(components: ImplicitComponents) -> VectorForm:
    """Return the same where there is one.

    Raises:
        DerivationError: there is none.
    """
    found = vector_form(components)
    if found is None:
        raise DerivationError(f"`vector_form()` must have one spin, classical moments, or pauli() of two spins 1/2, "
                              f"with products that vectors can say, but these are {len(components.states)} "
                              f"{components.kind} equations on {components.equation.model.space}; use `latex()`.")
    return found


def _vector_form(components: ImplicitComponents) -> VectorForm | None:
    """The same with fractions."""
    sites = components.equation.model.space.sites
    if components.kind == "moments":
        return _moments(Workshop.open(components, _classical_fields(components)))
    if components.kind == "eta" or (components.kind == "pauli" and sites == 1):
        return _one_spin(Workshop.open(components, [_field(components, 0)]))
    if components.kind == "pauli" and sites == 2:
        given = [_field(components, 0), _field(components, 1), _coupling(components)]
        return _two_spins(Workshop.open(components, given))
    return None


def _field(components: ImplicitComponents, site: int) -> list[sp.Expr]:
    """B of a site from H itself: H/ħ = −γ_g B·S/ħ + …."""
    model = components.equation.model
    result = []
    for spin in model.space.algebra(model.frequency.algebra.ring).spin(site):
        (key, unit), = spin.terms.items()
        c = model.frequency.terms.get(key)
        result.append(sp.expand(-to_expr(c) / (to_expr(unit) * model.gamma)) if c else sp.S.Zero)
    return result


def _coupling(components: ImplicitComponents) -> list[sp.Expr]:
    """K of two spins ½, in rows: H = Σ K_kl σ_k ⊗ σ_l + …."""
    model = components.equation.model
    return [sp.expand(to_expr(model.frequency.coefficient((k, n))) * model.hbar) for k in (1, 2, 3) for n in (1, 2, 3)]


def _one_spin(work: Workshop) -> VectorForm | None:
    """η or r."""
    name = Name("eta", "eta", bold=True) if work.components.kind == "eta" else Name("r", "r", bold=True)
    v, dv = work.pair(name, range(3))
    b = Tensor.of(Name("B", "B", bold=True), work.given[0])
    shown = (b,) if name.base == "eta" else (b, v)
    equation = work.equation(range(3), vector_candidates(work.ring, v, dv, b))
    return assembled_form([equation], definitions_of(work, *shown))


def _classical_fields(components: ImplicitComponents) -> list[list[sp.Expr]]:
    equation = components.equation
    fields = effective_fields(equation.model, equation.field)
    return [[sp.expand(to_expr(x) / equation.model.gamma) for x in b] for b in fields]


def _moments(work: Workshop) -> VectorForm | None:
    """m_k of every site, and the effective field on it."""
    equations, fields, labels = [], {}, [str(k) for k in range(len(work.given))]
    vectors = [work.vector("m", label, range(3 * k, 3 * k + 3)) for k, label in enumerate(labels)]
    for k, v in enumerate(vectors):
        b = Tensor.of(numbered_vector("B", v.label, False), work.given[k])
        fields[b.name] = effective_field_lines(work, b, vectors, k, labels)
        equations.append(work.equation(v.places, vector_candidates(work.ring, v.value, v.velocity, b)))
    return assembled_form(equations, lambda tensor: fields.get(tensor.name, []))


def _two_spins(work: Workshop) -> VectorForm | None:
    """The Bloch vectors and the correlation matrix of two spins ½, with index letters."""
    places = {s.name[2:]: i for i, s in enumerate(work.components.states)}
    r = work.vector("r", "1", [places[f"{k}0"] for k in "xyz"])
    s = work.vector("r", "2", [places[f"0{k}"] for k in "xyz"])
    same = work.given[0] == work.given[1]
    a, b = (Tensor.of(numbered_vector("B", str(site + 1), same), work.given[site]) for site in (0, 1))
    k = Tensor.of(Name("K", "K"), work.given[2])
    equations, shown = pair_equations(work, r, s, [places[k + n] for k in "xyz" for n in "xyz"], (a, b, k))
    return assembled_form(equations, definitions_of(work, a, b, k, *shown), always=shown[:3])
