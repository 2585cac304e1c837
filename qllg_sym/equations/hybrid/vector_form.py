"""Clusters and moments in vectors: r of each spin ½ by itself, m of each moment, one pair of spins ½ with indices."""

from collections.abc import Sequence

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.equations.grouping import as_given
from qllg_sym.equations.hybrid.implicit import ImplicitHybrid
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name
from qllg_sym.equations.notation import Line
from qllg_sym.equations.tensors import Tensor
from qllg_sym.equations.vector_equations import (
    Found,
    MovingVector,
    VectorForm,
    Workshop,
    assembled_form,
    effective_field_lines,
    numbered_vector,
    pair_equations,
    vector_candidates,
)
from qllg_sym.errors import DerivationError


def hybrid_vector_form(components: ImplicitComponents, equation: ImplicitHybrid) -> VectorForm:
    """Return the equations in vectors, proved equal to the components.

    Raises:
        DerivationError: clusters other than single spins ½, and one pair of them; or products that vectors cannot say.

    >>> from qllg_sym import Exchange, Hybrid, Model, Space
    >>> law = Hybrid(1, 2, clusters=[0], classical=[1])
    >>> equation = law.derive(Model(Space("1/2", "1"), [Exchange(1, 0, 1)]))
    >>> print(hybrid_vector_form(equation.components(), equation).text())
    r0' = r0 × B0 - r0 × r0'
    m1' = m1 × B1 - 2 m1 × m1'
    r0 = (T_x, T_y, T_z)
    B0 = -4 m1
    B1 = -2 r0
    """
    found = _Parts.of(components, equation).form() if _is_short(equation) else None
    if found is None:
        clusters = ", ".join(map(str, equation.sites.clusters))
        raise DerivationError("`vector_form()` must have clusters of one spin 1/2, at most one of two, and products "
                              f"that vectors can say, but these are {len(components.states)} equations of clusters "
                              f"{clusters}; use `latex()`.")
    return VectorForm(tuple(as_given(equation, list(found.lines))))


def _is_short(equation: ImplicitHybrid) -> bool:
    """Whether vectors can say it: spins ½ alone, in clusters of one, and of two once at most."""
    sizes = sorted(len(cluster) for cluster in equation.sites.clusters)
    return all(space.is_half for space in equation.sites.spaces) and sizes[:-1] == [1] * len(sizes[:-1]) and \
        sizes[-1:] in ([], [1], [2])


class _Parts:
    """One derivation: the vectors of all sites, with their fields."""

    def __init__(self, work: Workshop, equation: ImplicitHybrid, singles: list[MovingVector],
                 pair: tuple[MovingVector, MovingVector, Sequence[int]] | None) -> None:
        self._work, self._equation, self._singles, self._pair = work, equation, singles, pair

    @classmethod
    def of(cls, components: ImplicitComponents, equation: ImplicitHybrid) -> "_Parts":
        """Bring the residual and all fields into one ring: those of quantum sites, of moments, then K of a pair."""
        sites, energy = equation.sites, equation.energy
        place = {s: k for k, s in enumerate(components.states)}
        gamma, given, coupling = equation.model.gamma, list[list[sp.Expr]](), list[list[sp.Expr]]()
        found: list[tuple[str, str, list[int]]] = []
        joint: list[int] = []
        for c, cluster in enumerate(sites.clusters):
            fields, width = energy.hamiltonian(c), len(cluster)
            for k, site in enumerate(cluster):
                strings = [_single(width, k, axis) for axis in (1, 2, 3)]
                given.append([_factor(fields.get(x), -2 / gamma) for x in strings])       # H/ħ = −γ_g B·σ/2
                found.append(("r", str(site), [place[sites.state(c, x)] for x in strings]))
            if width == 2:
                pairs = [(k, n) for k in (1, 2, 3) for n in (1, 2, 3)]
                coupling = [[_factor(fields.get(x), equation.model.hbar) for x in pairs]]
                joint = [place[sites.state(c, x)] for x in pairs]
        for site in sites.classical:
            given.append([_factor(b, 1 / gamma) for b in energy.field(site)])
            found.append(("m", str(site), [place[s] for s in sites.moment(site)]))
        work = Workshop.open(components, [*given, *coupling])
        vectors = [work.vector(*each) for each in found]
        two = next((c for c in sites.clusters if len(c) == 2), None)
        if two is None:
            return cls(work, equation, vectors, None)
        r, s = (next(v for v in vectors if v.label == str(site)) for site in two)
        return cls(work, equation, vectors, (r, s, joint))

    def form(self) -> VectorForm | None:
        """Return the form, or None where a product is none of vectors."""
        work, labels = self._work, [v.label for v in self._singles]
        fields = [Tensor.of(numbered_vector("B", v.label, False), work.given[k]) for k, v in enumerate(self._singles)]
        lines = {b.name: effective_field_lines(work, b, self._singles, k, labels) for k, b in enumerate(fields)}
        lines |= {v.value.name: [work.definition(v.value)] for v in self._singles if v.value.name.base == "r"}
        equations: list[Found | None] = []
        always: tuple[Tensor, ...] = ()
        for v, b in zip(self._singles, fields, strict=True):
            if self._pair is None or v not in self._pair[:2]:
                equations.append(work.equation(v.places, vector_candidates(work.ring, v.value, v.velocity, b)))
            elif v is self._pair[0]:
                r, s, joint = self._pair
                k = Tensor.of(Name("K", "K"), work.given[-1])
                own = fields[labels.index(r.label)], fields[labels.index(s.label)], k
                found, shown = pair_equations(work, r, s, joint, own)
                equations += found
                always = shown[:3]
                lines |= {tensor.name: [work.definition(tensor)] for tensor in (k, *shown)}

        def define(tensor: Tensor) -> Sequence[Line]:
            """What a tensor is, unless it is a velocity or known to every reader."""
            return lines.get(tensor.name, [])

        return assembled_form(equations, define, always)


def _single(width: int, k: int, axis: int) -> String:
    """A Pauli matrix on one site of a cluster."""
    return (*(0,) * k, axis, *(0,) * (width - k - 1))


def _factor(value: PolyElement | None, factor: sp.Expr) -> sp.Expr:
    """An expression times a factor."""
    return sp.S.Zero if value is None else sp.expand(to_expr(value) * factor)
