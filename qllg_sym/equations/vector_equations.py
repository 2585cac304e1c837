"""Equations of vectors, found and proved: what every vector form is made of.

Candidates such as m × B and m × ṁ get coefficients from an exact fit to the components of an equation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import to_expr, to_ring
from qllg_sym.equations.combination import RationalFunctions, combination
from qllg_sym.equations.evaluation import ring_for
from qllg_sym.equations.grouping import in_groups
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name, read
from qllg_sym.equations.notation import Group, Line
from qllg_sym.equations.printing import Printed
from qllg_sym.equations.tensors import EPSILON, Candidate, Tensor, contraction, cross, double_cross, itself


class VectorForm(Printed):
    r"""Vector equations and the definitions of what stands in them; repeated index letters are summed over.

    Attributes:
        lines: equations first, then definitions.
    """


Found = tuple[Line, list[Candidate]]


@dataclass(frozen=True)
class Workshop:
    """The ring and field of one derivation, the residual in it, and the given vectors as tuples of polynomials."""

    components: ImplicitComponents
    ring: PolyRing
    residual: tuple[PolyElement, ...]
    given: tuple[tuple[PolyElement, ...], ...]

    @classmethod
    def open(cls, components: ImplicitComponents, given: Sequence[Sequence[sp.Expr]]) -> "Workshop":
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

    def vector(self, letter: str, label: str, places: Sequence[int]) -> "MovingVector":
        """A vector of states with its number."""
        return MovingVector(label, *self.pair(numbered_vector(letter, label, False), places), places)

    def equation(self, places: Sequence[int], candidates: Sequence[Candidate]) -> Found | None:
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


def assembled_form(equations: Sequence[Found | None],
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


def definitions_of(work: Workshop, *tensors: Tensor) -> Callable[[Tensor], Sequence[Line]]:
    """Definitions of those tensors that are not made of velocities, nor known to every reader."""
    names = {tensor.name for tensor in tensors}
    return lambda tensor: [work.definition(tensor)] if tensor.name in names else []


def vector_candidates(ring: PolyRing, v: Tensor, dv: Tensor, b: Tensor) -> list[Candidate]:
    """Everything that a vector equation of one moment may hold."""
    z = Tensor(Name("e_z", "e", ("z",), bold=True), {(2,): ring.one})
    return [itself(ring, dv), cross(ring, v, b), cross(ring, v, dv), double_cross(ring, v, b), double_cross(ring, z, v)]


@dataclass(frozen=True)
class MovingVector:
    """A vector of states.

    Attributes:
        label: its number in print.
        value: the vector.
        velocity: its time derivative.
        places: of its components among the states.
    """

    label: str
    value: Tensor
    velocity: Tensor
    places: Sequence[int]


def effective_field_lines(work: Workshop, b: Tensor, vectors: Sequence[MovingVector], k: int,
                          labels: Sequence[str]) -> list[Line]:
    """Return B, given number k, as a fixed vector, multiples of vectors and D × vectors, proved equal; else components.

    Args:
        work: the derivation.
        b: the field.
        vectors: what it may hold.
        k: which of the given vectors it is.
        labels: of the fields that are given, in print.
    """
    ring, values, label = work.ring, list(work.given[k]), labels[k]
    fixed = [[work.at_rest(p) for p in vector] for vector in work.given[:len(labels)]]
    external = Tensor.of(numbered_vector("B", label, True) if fixed.count(fixed[0]) == len(fixed) else
                         Name(f"B{label}ext", "B", (label, "ext"), bold=True), fixed[k])
    candidates = [itself(ring, external)]
    for vector in vectors:
        name = Name(f"D{label}{vector.label}", "D", (f"{label}{vector.label}",), bold=True)
        turn = Tensor.of(name, _turn(work, values, vector.places))
        candidates += [itself(ring, vector.value), cross(ring, turn, vector.value)]
    scalars = RationalFunctions(ring, len(work.letters))
    found = combination(scalars, [c.values for c in candidates], values)
    terms = [(scalars.signed(c), x) for c, x in zip(found or [], candidates, strict=False) if c]
    moving = [vector.value for vector in vectors]
    if not any(tensor in moving for _, x in terms for tensor in x.tensors):
        return [work.definition(b)]
    defined = [tensor for _, x in terms for tensor in x.tensors if tensor not in moving]
    return [Line(_single(b), _collect(terms)), *(work.definition(tensor) for tensor in defined)]


def _turn(work: Workshop, values: Sequence[PolyElement], places: Sequence[int]) -> list[PolyElement]:
    """D with D × v the antisymmetric linear part of a field."""
    d = [work.ring.zero] * 3
    for (a, b, c), sign in EPSILON.items():
        d[c] = d[c] - work.at_rest(values[a].diff(places[b])) * sp.QQ(sign, 2)
    return d


def numbered_vector(letter: str, number: str, same: bool) -> Name:
    """Return a vector's name, with a number unless all of its kind are the same."""
    return Name(letter, letter, bold=True) if same else Name(f"{letter}{number}", letter, (number,), bold=True)


def pair_equations(work: Workshop, r: MovingVector, s: MovingVector, both: Sequence[int],
                   fields: tuple[Tensor, Tensor, Tensor]) -> tuple[list[Found | None], tuple[Tensor, ...]]:
    """Return the equations of two spins ½ with index letters, and the tensors that are shown: r, s, T, and P.

    Args:
        work: the derivation.
        r: the Bloch vector of the first.
        s: that of the second.
        both: the places of T_kl, in rows.
        fields: B of the first, of the second, and K.
    """
    ring, (a, b, k) = work.ring, fields
    t, dt = work.pair(Name("T", "T"), both)
    e = Tensor(Name("epsilon", "epsilon"), {key: ring.one * sign for key, sign in EPSILON.items()})
    p = Tensor(Name("P", "P"), {(0, 0): ring.one, (1, 1): ring.one})

    def candidates(free: str, *products: str) -> list[Candidate]:
        """Contractions written as letters for tensors, each followed by its indices."""
        tensors = {"e": e, "r": r.value, "R": r.velocity, "s": s.value, "S": s.velocity, "t": t, "T": dt, "a": a,
                   "b": b, "k": k, "p": p}
        return [contraction(ring, free, *((word[1:], tensors[word[0]]) for word in x.split())) for x in products]

    return [
        work.equation(r.places, candidates("i", "Ri", "eikl rk al", "eikl kkm tlm", "eikl rk Rl", "eikl tkm Tlm",
                                           "pik rk")),
        work.equation(s.places, candidates("j", "Sj", "ejkl sk bl", "ejkl kmk tml", "ejkl sk Sl", "ejkl tmk Tml",
                                           "pjk sk")),
        work.equation(both, candidates(
            "ij", "Tij", "eikl tkj al", "ejkl tik bl", "eikl rk klj", "ejkl sk kil",
            "eikl rk Tlj", "eikl tkj Rl", "ejkl sk Til", "ejkl tik Sl", "pik tkj", "pjk tik")),
    ], (r.value, s.value, t, p)
