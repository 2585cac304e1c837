"""States that symmetries leave alone: the linear subspace of coordinates, with an orthogonal basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.scalars import make_ring
from qllg_sym.algebra.sites import String, string_norm
from qllg_sym.analysis.coefficient_field import CoefficientField
from qllg_sym.analysis.rotation import AnySymmetry, Rotation
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import DerivationError

Vector = dict[int, Any]         # place of a state: element of the field
Metric = dict[tuple[int, int], Any]


@dataclass(frozen=True)
class Invariants:
    """An orthogonal basis of invariant states.

    Attributes:
        field: of the entries.
        vectors: each over the states of the components.
        leading: the place of a state that a vector alone has, with 1 there; None where it has been made orthogonal.
        weights: the metric of the states, Tr ρρ' in their coordinates.
    """

    field: CoefficientField
    vectors: tuple[Vector, ...]
    leading: tuple[int, ...] | None
    weights: Metric

    def projection(self, vector: Vector) -> Vector:
        """Return the linear form of states that is the coordinate along a vector of the basis."""
        form: Vector = {}
        for (i, j), w in self.weights.items():
            if i in vector:
                form[j] = form.get(j, self.field.domain.zero) + vector[i] * w
        square = sum((form[j] * x for j, x in vector.items() if j in form), self.field.domain.zero)
        return {j: x / square for j, x in form.items() if x}


def invariant_states(components: Components, symmetries: Sequence[AnySymmetry]) -> Invariants:
    """Return the states that all symmetries leave alone.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> from qllg_sym.analysis.symmetry import Symmetry
    >>> pair = VonNeumann().derive(Model(Space.half(2))).pauli()
    >>> len(invariant_states(pair, [Symmetry(pair.equation.model.space, (1, 0))]).vectors)
    9
    """
    full = components.source if isinstance(components, RestrictedComponents) else components
    strings = strings_of(full)
    places = {string: k for k, string in enumerate(strings)}
    embedding = _embedding(components, full)
    rows = [_row(places, row) for g in symmetries for row in _conditions(g, strings)]
    entries = [e for form in embedding for e in form.values()] + [e for row in rows for e in row.values()]
    field = CoefficientField(entries)
    forms = [{k: field.element(e) for k, e in form.items()} for form in embedding]
    conditions = [_combined(field, {k: field.element(e) for k, e in row.items()}, forms) for row in rows]
    vectors, leading = _kernel(field, [row for row in conditions if row], len(components.states))
    norms = [field.element(sp.Rational(1) / sp.Rational(str(string_norm(full.equation.model.space.numeric_spins, s)))
                           if full.strings else sp.S.One) for s in strings]
    weights = _metric(field, forms, norms)
    if _is_orthogonal(field, vectors, weights):
        return Invariants(field, tuple(vectors), tuple(leading), weights)
    return Invariants(field, tuple(_orthogonal(field, vectors, weights)), None, weights)


def strings_of(full: Components) -> list[String]:
    """Return what each state is the mean of: its basis string, or that of a component of one spin.

    >>> from qllg_sym import ClassicalLL, Model, Space
    >>> strings_of(ClassicalLL(0).derive(Model(Space("1/2"))).moments())
    [(1,), (2,), (3,)]
    """
    if full.strings:
        return list(full.strings)
    space = full.equation.model.space
    _ = space.numeric_spins
    if len(full.states) != 3 * space.sites:
        raise DerivationError(f"`components` must be of ρ, or three of each site, but these are {len(full.states)} "
                              f"{full.kind} components of {space}; reduce pauli() or coefficients().")
    algebra = space.algebra(make_ring([]))
    return [next(iter(axis.terms))[1] for site in range(space.sites) for axis in algebra.spin(site)]


def _embedding(components: Components, full: Components) -> list[dict[int, sp.Expr]]:
    """Full states as linear forms of the states."""
    if full is components:
        return [{k: sp.S.One} for k in range(len(full.states))]
    known = {**dict.fromkeys(full.states), **dict(getattr(components, "embedding", ()))}
    rest = dict.fromkeys(components.states, 0)
    found = []
    for state, e in known.items():
        if e is None or sp.expand(e.xreplace(rest)) != 0:
            raise DerivationError(f"`components` must hold all states, as linear forms, but {state} is "
                                  f"{'left out' if e is None else e}; reduce before that.")
        expression = sp.expand(e)
        found.append({k: expression.coeff(s) for k, s in enumerate(components.states) if expression.has(s)})
    return found


def _conditions(symmetry: AnySymmetry, strings: Sequence[String]) -> list[dict[String, sp.Expr]]:
    """Linear forms in Tr ρA that vanish if and only if ρ is invariant."""
    if isinstance(symmetry, Rotation):
        return [symmetry.derivative(string) for string in strings]
    rows: list[dict[String, sp.Expr]] = []
    for string in strings:
        moved, sign = symmetry.action(string)
        if moved != string or sign < 0:
            rows.append({moved: sp.S.One, string: -sp.Integer(sign)} if moved != string else {string: sp.S.One})
    return rows


def _row(places: dict[String, int], row: dict[String, sp.Expr]) -> dict[int, sp.Expr]:
    return {places[string]: e for string, e in row.items()}


def _combined(field: CoefficientField, row: Vector, forms: Sequence[Vector]) -> Vector:
    """A linear form of full states as one of the states."""
    total: Vector = {}
    for k, c in row.items():
        for j, x in forms[k].items():
            total[j] = total.get(j, field.domain.zero) + c * x
    return {j: x for j, x in total.items() if x}


def _kernel(field: CoefficientField, rows: Sequence[Vector], n: int) -> tuple[list[Vector], list[int]]:
    """A basis of the kernel, and the places that are free: the first that can be."""
    if not rows:
        return [{k: field.domain.one} for k in range(n)], list(range(n))
    last = n - 1                # columns in reverse, so that pivots are late states
    sparse = {i: {last - k: x for k, x in row.items()} for i, row in enumerate(rows)}
    reduced, pivots = DomainMatrix(sparse, (len(rows), n), field.domain).rref()
    entries = reduced.to_sparse().rep.to_sdm()
    free = [k for k in range(n) if last - k not in pivots]
    vectors: dict[int, Vector] = {k: {k: field.domain.one} for k in free}
    for i, pivot in enumerate(pivots):
        for column, x in entries[i].items():
            if column != pivot:
                vectors[last - column][last - pivot] = -x
    return [vectors[k] for k in free], free


def _metric(field: CoefficientField, forms: Sequence[Vector], norms: Sequence[Any]) -> Metric:
    """Σ 1/n_A of products of full states as linear forms."""
    total: dict[tuple[int, int], Any] = {}
    for form, weight in zip(forms, norms, strict=True):
        for i, x in form.items():
            for j, y in form.items():
                total[i, j] = total.get((i, j), field.domain.zero) + x * y * weight
    return {key: x for key, x in total.items() if x}


def _product(field: CoefficientField, a: Vector, b: Vector, weights: Metric) -> Any:
    return sum((a[i] * w * b[j] for (i, j), w in weights.items() if i in a and j in b), field.domain.zero)


def _is_orthogonal(field: CoefficientField, vectors: Sequence[Vector], weights: Metric) -> bool:
    """Whether the vectors are, and whether they are numbers, so that they may keep the names of states."""
    if not field.domain.is_QQ and any(not _is_number(x) for v in vectors for x in v.values()):
        return False
    homes: dict[int, list[int]] = {}
    for (i, j) in weights:
        homes.setdefault(i, []).append(j)
    owners: dict[int, set[int]] = {}
    for k, v in enumerate(vectors):
        for i in v:
            owners.setdefault(i, set()).add(k)
    near = {(a, b) for a, v in enumerate(vectors) for i in v for j in homes.get(i, ()) for b in owners.get(j, ())
            if a < b}
    return not any(_product(field, vectors[a], vectors[b], weights) for a, b in near)


def _is_number(x: Any) -> bool:
    return bool(x.numer.is_ground and x.denom.is_ground)


def _orthogonal(field: CoefficientField, vectors: Sequence[Vector], weights: Metric) -> list[Vector]:
    """Gram and Schmidt's basis, without denominators."""
    found: list[Vector] = []
    for vector in vectors:
        rest = dict(vector)
        for other in found:
            if c := _product(field, other, vector, weights):
                c = c / _product(field, other, other, weights)
                for k, x in other.items():
                    rest[k] = rest.get(k, field.domain.zero) - c * x
        kept = {k: x for k, x in rest.items() if x}
        found.append(dict(zip(kept, field.primitive(kept.values()), strict=True)))
    return found
