r"""Vector form: the equations of one spin, of classical moments and of two spins ½ as physicists write them.

No result is typed in. Candidates such as η × B and η × η̇ get coefficients from an exact fit to the components, and a
form is returned only if the difference vanishes identically in every component.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import to_expr, to_ring
from qllg_sym.equations.combination import RationalFunctions, combination
from qllg_sym.equations.evaluation import ring_for
from qllg_sym.equations.grouping import as_given, in_groups
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name, read
from qllg_sym.equations.notation import Group, Line
from qllg_sym.equations.printing import Printed
from qllg_sym.equations.tensors import EPSILON, Candidate, Tensor, contraction, cross, double_cross, itself
from qllg_sym.errors import DerivationError
from qllg_sym.model.classical import effective_fields


class VectorForm(Printed):
    r"""Vector equations and the definitions of what stands in them; repeated index letters are summed over.

    Attributes:
        lines: equations first, then definitions.
    """


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
    found = _vector_form(components)
    return found and VectorForm(tuple(as_given(components.equation, list(found.lines))))


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
        return _moments(_Workshop.open(components, _classical_fields(components)))
    if components.kind == "eta" or (components.kind == "pauli" and sites == 1):
        return _one_spin(_Workshop.open(components, [_field(components, 0)]))
    if components.kind == "pauli" and sites == 2:
        given = [_field(components, 0), _field(components, 1), _coupling(components)]
        return _two_spins(_Workshop.open(components, given))
    return None


@dataclass(frozen=True)
class _Workshop:
    """The ring and field of one derivation, the residual in it, and the given vectors as tuples of polynomials."""

    components: ImplicitComponents
    ring: PolyRing
    residual: tuple[PolyElement, ...]
    given: tuple[tuple[PolyElement, ...], ...]

    @classmethod
    def open(cls, components: ImplicitComponents, given: Sequence[Sequence[sp.Expr]]) -> "_Workshop":
        """Bring residual and given vectors into one ring."""
        residual = [sp.expand(to_expr(p)) for p in components.polynomials]
        ring = ring_for(components.states, components.velocities,
                        [e for e in (*residual, *(x for vector in given for x in vector)) if e != 0])
        return cls(components, ring, tuple(to_ring(ring, e) for e in residual),
                   tuple(tuple(to_ring(ring, e) for e in vector) for vector in given))

    @property
    def letters(self) -> list[Name]:
        """Names of states and velocities."""
        states = [read(s.name) for s in self.components.states]
        return [*states, *(name.dotted() for name in states)]

    def pair(self, name: Name, places: Sequence[int]) -> tuple[Tensor, Tensor]:
        """A vector or matrix of states, and its time derivative."""
        n = len(self.components.states)
        return (Tensor.of(name, [self.ring.gens[i] for i in places]),
                Tensor.of(name.dotted(), [self.ring.gens[n + i] for i in places]))

    def equation(self, places: Sequence[int], candidates: Sequence[Candidate]) -> tuple[Line, list[Candidate]] | None:
        """The vector equation of some components, and the candidates that it uses; the first one is the velocity."""
        scalars = RationalFunctions(self.ring, len(self.letters))
        found = combination(scalars, [c.values for c in candidates], [self.residual[i] for i in places])
        if found is None or not found[0]:
            return None
        left, *right = ((scalars.signed(c), candidate) for c, candidate in zip(found, candidates, strict=True) if c)
        line = Line(_collect([left]), tuple(group.negated() for group in _collect(right)))
        return line, [candidate for _, candidate in right]

    def definition(self, tensor: Tensor) -> Line:
        """What a given tensor is."""
        rank = len(next(iter(tensor.entries), (0,)))
        rows = [[(k,) for k in range(3)]] if rank == 1 else [[(i, j) for j in range(3)] for i in range(3)]
        entries = tuple(tuple(tuple(in_groups(self.ring.zero + tensor[key], self.letters)) for key in row)
                        for row in rows)
        return Line(_single(tensor), entries=entries)

    def at_rest(self, polynomial: PolyElement) -> PolyElement:
        """The part without states and velocities."""
        n = len(self.letters)
        return self.ring.from_dict({e: c for e, c in polynomial.terms() if not any(e[:n])})


def _single(tensor: Tensor) -> tuple[Group, ...]:
    return (Group(sp.S.One, ((1, ((tensor.name, 1),)),)),)


def _collect(terms: Sequence[tuple[tuple[int, sp.Expr], Candidate]]) -> tuple[Group, ...]:
    """Terms with their coefficients (sign, positive expression), equal ones in one group."""
    found: dict[Any, tuple[sp.Expr, list[Any]]] = {}
    for i, ((sign, coefficient), candidate) in enumerate(terms):
        key = i if coefficient == 1 else coefficient                # there is nothing to factor out of 1
        found.setdefault(key, (coefficient, []))[1].append((sign, candidate.factors))
    return tuple(Group(coefficient, tuple(members)) for coefficient, members in found.values())


def _assembled(equations: Sequence[tuple[Line, list[Candidate]] | None],
               define: Callable[[Tensor], Sequence[Line]], always: Sequence[Tensor] = ()) -> VectorForm | None:
    """All equations with the definitions of what they use; None if one is missing."""
    known = [equation for equation in equations if equation is not None]
    if len(known) != len(equations):
        return None
    used: dict[Name, Tensor] = {tensor.name: tensor for tensor in always}
    for _, candidates in known:
        used |= {tensor.name: tensor for candidate in candidates for tensor in candidate.tensors}
    definitions = dict.fromkeys(line for tensor in used.values() for line in define(tensor))       # each of them once
    return VectorForm((*(line for line, _ in known), *definitions))


def _given(work: _Workshop, *tensors: Tensor) -> Callable[[Tensor], Sequence[Line]]:
    """Definitions of those tensors that are not made of velocities, nor known to every reader."""
    names = {tensor.name for tensor in tensors}
    return lambda tensor: [work.definition(tensor)] if tensor.name in names else []


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


def _candidates(ring: PolyRing, v: Tensor, dv: Tensor, b: Tensor) -> list[Candidate]:
    """Everything that a vector equation of one moment may hold."""
    z = Tensor(Name("e_z", "e", ("z",), bold=True), {(2,): ring.one})
    return [itself(ring, dv), cross(ring, v, b), cross(ring, v, dv), double_cross(ring, v, b), double_cross(ring, z, v)]


def _one_spin(work: _Workshop) -> VectorForm | None:
    """η or r."""
    name = Name("eta", "eta", bold=True) if work.components.kind == "eta" else Name("r", "r", bold=True)
    v, dv = work.pair(name, range(3))
    b = Tensor.of(Name("B", "B", bold=True), work.given[0])
    shown = (b,) if name.base == "eta" else (b, v)
    return _assembled([work.equation(range(3), _candidates(work.ring, v, dv, b))], _given(work, *shown))


def _classical_fields(components: ImplicitComponents) -> list[list[sp.Expr]]:
    equation = components.equation
    fields = effective_fields(equation.model, equation.field)
    return [[sp.expand(to_expr(x) / equation.model.gamma) for x in b] for b in fields]


def _moments(work: _Workshop) -> VectorForm | None:
    """m_k of every site, and the effective field on it."""
    equations, fields = [], {}
    vectors = [work.pair(_numbered("m", k, False), range(3 * k, 3 * k + 3)) for k in range(len(work.given))]
    for k, (v, dv) in enumerate(vectors):
        b = Tensor.of(_numbered("B", k, False), work.given[k])
        fields[b.name] = _effective_field(work, b, [v for v, _ in vectors], k)
        equations.append(work.equation(range(3 * k, 3 * k + 3), _candidates(work.ring, v, dv, b)))
    return _assembled(equations, lambda tensor: fields.get(tensor.name, []))


def _effective_field(work: _Workshop, b: Tensor, moments: Sequence[Tensor], site: int) -> list[Line]:
    """B_k as a fixed vector, multiples of moments and D × moments, proved equal; by components where that fails."""
    ring, values = work.ring, list(work.given[site])
    fixed = [[work.at_rest(p) for p in vector] for vector in work.given]
    external = Tensor.of(_numbered("B", site, True) if fixed.count(fixed[0]) == len(fixed) else
                         Name(f"B{site}ext", "B", (str(site), "ext"), bold=True), fixed[site])
    candidates = [itself(ring, external)]
    for j, m in enumerate(moments):
        turn = Tensor.of(Name(f"D{site}{j}", "D", (f"{site}{j}",), bold=True), _turn(work, values, j))
        candidates += [itself(ring, m), cross(ring, turn, m)]
    scalars = RationalFunctions(ring, len(work.letters))
    found = combination(scalars, [c.values for c in candidates], values)
    terms = [(scalars.signed(c), x) for c, x in zip(found or [], candidates, strict=False) if c]
    if not any(tensor in moments for _, x in terms for tensor in x.tensors):
        return [work.definition(b)]
    defined = [tensor for _, x in terms for tensor in x.tensors if tensor not in moments]
    return [Line(_single(b), _collect(terms)), *(work.definition(tensor) for tensor in defined)]


def _turn(work: _Workshop, values: Sequence[PolyElement], j: int) -> list[PolyElement]:
    """D with D × m_j the antisymmetric linear part of a field."""
    d = [work.ring.zero] * 3
    for (a, b, c), sign in EPSILON.items():
        d[c] = d[c] - work.at_rest(values[a].diff(3 * j + b)) * sp.QQ(sign, 2)
    return d


def _numbered(letter: str, k: int, same: bool) -> Name:
    """A vector's name, with a number unless all of its kind are the same."""
    return Name(letter, letter, bold=True) if same else Name(f"{letter}{k}", letter, (str(k),), bold=True)


def _two_spins(work: _Workshop) -> VectorForm | None:
    """The Bloch vectors and the correlation matrix of two spins ½, with index letters."""
    ring, places = work.ring, {s.name[2:]: i for i, s in enumerate(work.components.states)}
    one, two = [places[f"{k}0"] for k in "xyz"], [places[f"0{k}"] for k in "xyz"]
    both = [places[k + n] for k in "xyz" for n in "xyz"]
    r, dr = work.pair(_numbered("r", 1, False), one)
    s, ds = work.pair(_numbered("r", 2, False), two)
    t, dt = work.pair(Name("T", "T"), both)
    same = work.given[0] == work.given[1]
    a, b = (Tensor.of(_numbered("B", site + 1, same), work.given[site]) for site in (0, 1))
    k = Tensor.of(Name("K", "K"), work.given[2])
    e = Tensor(Name("epsilon", "epsilon"), {key: ring.one * sign for key, sign in EPSILON.items()})
    p = Tensor(Name("P", "P"), {(0, 0): ring.one, (1, 1): ring.one})

    def candidates(free: str, *products: str) -> list[Candidate]:
        """Contractions written as letters for tensors, each followed by its indices."""
        tensors = {"e": e, "r": r, "R": dr, "s": s, "S": ds, "t": t, "T": dt, "a": a, "b": b, "k": k, "p": p}
        return [contraction(ring, free, *((word[1:], tensors[word[0]]) for word in x.split())) for x in products]

    equations = [
        work.equation(one, candidates("i", "Ri", "eikl rk al", "eikl kkm tlm", "eikl rk Rl", "eikl tkm Tlm", "pik rk")),
        work.equation(two, candidates("j", "Sj", "ejkl sk bl", "ejkl kmk tml", "ejkl sk Sl", "ejkl tmk Tml", "pjk sk")),
        work.equation(both, candidates(
            "ij", "Tij", "eikl tkj al", "ejkl tik bl", "eikl rk klj", "ejkl sk kil",
            "eikl rk Tlj", "eikl tkj Rl", "ejkl sk Til", "ejkl tik Sl", "pik tkj", "pjk tik")),
    ]
    return _assembled(equations, _given(work, a, b, k, p, r, s, t), always=(r, s, t))
