"""The symmetries of a Hamiltonian, found exactly."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.coefficient_field import CoefficientField
from qllg_sym.analysis.exact_start import density_of
from qllg_sym.analysis.rotation import AnySymmetry, Rotation
from qllg_sym.analysis.site_permutations import Search, Weights, permutations_of
from qllg_sym.analysis.symmetry import AXES, Symmetry
from qllg_sym.model.expansion import expand_matrix
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

Coefficients = Mapping[String, sp.Expr]

UNITS = tuple((sp.Integer(k == 0), sp.Integer(k == 1), sp.Integer(k == 2)) for k in range(3))


def symmetries(model: Model, start: Any = None) -> tuple[AnySymmetry, ...]:
    """Return symmetries that leave H unchanged, [U, H] = 0, for all values of its parameters and at all times.

    They are looked for among permutations of sites (generators of their group are given); rotations of all spins by
    any angle, about any axis; half turns about x, y and z, alone or with a permutation; time reversal, alone or with
    these. One of time reversal is given, since it gives the others with the rest. A half turn that is one of the
    rotations by any angle is not told again.

    Args:
        model: with numeric spins.
        start: a state as `solve` takes it that must be left unchanged too; none by default.

    Returns:
        Permutations, rotations by any angle, half turns, time reversal.

    Raises:
        ModelError: a spin without a number.
        StateError: a start that is no state of the space, or known in doubles alone.
        DerivationError: a graph of sites whose permutations are too hard to find.

    Source: PRL 133, 266704 (2024), eq. 10; the swap of spins keeps its Hamiltonian with a half turn where D is not 0.

    >>> from qllg_sym import DMI, Exchange, Space, Zeeman
    >>> J, D, B = sp.symbols("J D B", real=True)
    >>> symmetries(Model(Space.half(2), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1), Zeeman((B, 0, 0))]))[0].what
    'rotation by π about x and permutation (0 1)'
    """
    model.space.must_be_whole("symmetries")
    operators = [_by_strings(model)]
    if start is not None:
        found = expand_matrix(density_of(start, model).tolist(), model.space.numeric_spins)
        operators.append({string: c for string, c in found.items() if any(string)})
    weights = weights_of(operators)
    permutations = [Symmetry(model.space, p) for p in permutations_of([*model.space.numeric_spins], weights)]
    rotations = [Rotation(model.space, axis) for axis in axes_of(model.space, operators)]
    any_angle = {AXES[UNITS.index(r.axis)] for r in rotations if r.axis in UNITS}
    turns = [g for axis in AXES for g in _half_turns(model.space, weights, axis, axis in any_angle)]
    return (*permutations, *rotations, *turns, *_time_reversal(model.space, weights))


def keeps(model: Model, symmetry: AnySymmetry) -> bool:
    """Return whether a symmetry leaves H unchanged.

    >>> from qllg_sym import Space, Zeeman
    >>> keeps(Model(Space("1/2"), [Zeeman((0, 0, 1))]), Symmetry(Space("1/2"), (0,), "x"))
    False
    """
    found = _by_strings(model)
    if isinstance(symmetry, Rotation):
        total: dict[String, sp.Expr] = {}
        for string, c in found.items():
            for turned, factor in symmetry.derivative(string).items():
                total[turned] = total.get(turned, sp.S.Zero) + c * factor
        field = CoefficientField(total.values())
        return not any(field.element(e) for e in total.values())
    weights = weights_of([found])
    moved = {string: symmetry.action(string) for string in weights}
    return all(weights.get(s) == tuple(sign * c for c in weights[string]) for string, (s, sign) in moved.items())


def weights_of(operators: Sequence[Coefficients]) -> Weights:
    """Return operators by strings, the coefficients of all of them in a normal form of rational functions.

    >>> weights_of([{(3,): sp.S(1)}, {(1,): sp.S(2)}])
    {(1,): (0, 2), (3,): (1, 0)}
    """
    field = CoefficientField(c for operator in operators for c in operator.values())
    found = {string: tuple(field.element(operator.get(string, sp.S.Zero)) for operator in operators)
             for string in sorted(set().union(*operators))}
    return {string: c for string, c in found.items() if any(c)}


def axes_of(space: Space, operators: Sequence[Coefficients]) -> list[tuple[sp.Expr, sp.Expr, sp.Expr]]:
    """Return the axes n, constant in time, about which all spins may be turned: the kernel of n ↦ [n·S, A], all A.

    >>> axes_of(Space("1/2"), [{(1,): sp.Symbol("a", real=True), (3,): sp.S(2)}])
    [(a, 0, 2)]
    """
    columns = []
    for axis in UNITS:
        turned, column = Rotation(space, axis), dict[tuple[int, String], sp.Expr]()
        for k, operator in enumerate(operators):
            for string, c in operator.items():
                for found, factor in turned.derivative(string).items():
                    column[k, found] = column.get((k, found), sp.S.Zero) + c * factor
        columns.append(column)
    field = CoefficientField(e for column in columns for e in column.values())
    rows = [[field.element(column.get(key, sp.S.Zero)) for column in columns]
            for key in sorted(set().union(*columns))]
    if not any(any(row) for row in rows):
        return list(UNITS)
    kernel = DomainMatrix(rows, (len(rows), 3), field.domain).nullspace().to_dense().rep.to_ddm()
    axes = [[field.expression(x) for x in field.primitive(row)] for row in kernel]
    return [(x, y, z) for x, y, z in axes if not any(t in e.free_symbols for e in (x, y, z))]


def _by_strings(model: Model) -> Coefficients:
    """H without its part that is a number."""
    _ = model.space.numeric_spins
    return {string: to_expr(c) for (_, string), c in model.hamiltonian.terms.items() if any(string)}


def _half_turns(space: Space, weights: Weights, axis: str, any_angle: bool) -> list[Symmetry]:
    """A half turn, or one with a permutation; none where it turns by any angle."""
    return [] if any_angle else _with_permutation(weights, Symmetry(space, tuple(range(space.sites)), axis))


def _time_reversal(space: Space, weights: Weights) -> list[Symmetry]:
    """The first of time reversal that there is: those that permute no sites before the others."""
    candidates = [Symmetry(space, tuple(range(space.sites)), turn, True) for turn in ("", *AXES)]
    alone = [each for each in candidates if _turned(weights, each) == weights]
    return (alone or [g for each in candidates for g in _with_permutation(weights, each)])[:1]


def _with_permutation(weights: Weights, each: Symmetry) -> list[Symmetry]:
    """A symmetry that permutes nothing, if it is one of H, or else with a permutation that makes it one."""
    turned = _turned(weights, each)
    if turned == weights:
        return [each]
    found = Search([*each.space.numeric_spins], turned, weights).first()
    return [] if found is None else [Symmetry(each.space, found, each.half_turn, each.reverses_time)]


def _turned(weights: Weights, each: Symmetry) -> Weights:
    """Operators after a symmetry that permutes nothing, which gives their strings signs."""
    return {string: tuple(each.action(string)[1] * x for x in c) for string, c in weights.items()}
