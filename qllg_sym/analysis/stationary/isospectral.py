r"""Fixed points and small motions of laws that keep the spectrum: $[\rho, H] = 0$, levels of H with populations."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import gap
from qllg_sym.analysis.stationary.eigenspaces import Level, Sparse
from qllg_sym.analysis.stationary.levels import levels_of, rational_entries
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.signs import all_at_most_zero, definite_sign, is_zero_exactly
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError, InputError, InputTypeError
from qllg_sym.memo import kept

MOST = 1000                     # points of one list
Values = tuple[tuple[sp.Symbol, sp.Expr], ...]


def keeps_spectrum(components: Components) -> bool:
    """Return whether the law is one of ρ and has a frame weight.

    >>> from qllg_sym import Dephasing, Model, QuantumLL, Space
    >>> [keeps_spectrum(law(1).derive(Model(Space("1/2"))).pauli()) for law in (QuantumLL, Dephasing)]
    [True, False]
    """
    if components.equation.law.classical:
        return False
    try:
        components.equation.weight()
    except DerivationError:
        return False
    return True


@kept
def levels_at(components: Components, values: Values) -> tuple[Level, ...]:
    """Return the levels of H at exact values of some parameters."""
    return levels_of(components.equation.model, dict(values))


def fixed_points_of_spectrum(components: Components, numbers: Mapping[sp.Symbol, sp.Expr],
                             spectrum: Sequence[Any] | None) -> list[FixedPoint]:
    """Return every way to give the populations of a spectrum to the levels; see `fixed_points`."""
    levels = levels_at(components, tuple(numbers.items()))
    populations = checked_spectrum(spectrum, components.equation.model.space.dimension)
    _check_weight(components, numbers, populations)
    shares = [level.degeneracy for level in levels]
    found = list(islice(distributions(Counter(populations), shares), MOST + 1))
    if len(found) > MOST:
        raise InputError(f"`spectrum` must leave {MOST} fixed points at most, but leaves more; give a spectrum with "
                         "more equal values.")
    points = [_point(components, numbers, levels, each) for each in found]
    free = any(point.energy is not None and point.energy.free_symbols for point in points)
    return points if free else sorted(points, key=lambda point: sp.N(point.energy, 40))


def checked_spectrum(spectrum: Sequence[Any] | None, d: int) -> list[sp.Expr]:
    """Return d populations, equal ones by one expression; pure without a spectrum.

    Raises:
        InputError: more than d values, a negative one, or a sum other than one.

    >>> p = sp.Symbol("p", real=True); checked_spectrum([p, 1 - p], 3)
    [p, 1 - p, 0]
    """
    if spectrum is not None and not hasattr(spectrum, "__len__"):
        raise InputTypeError(f"`spectrum` must be a list of populations, but is {spectrum!r}; write [0.5, 0.5].")
    given = [real_coefficient(p, "spectrum") for p in ([1] if spectrum is None else spectrum)]
    if len(given) > d or not is_zero_exactly(sp.Add(*given) - 1) or any(p.is_negative for p in given):
        raise InputError(f"`spectrum` must be at most {d} populations, not negative and with the sum 1, but is "
                         f"{tuple(given)}; give the eigenvalues of ρ, such as [1] for pure states.")
    distinct: list[sp.Expr] = []
    found = []
    for p in [*given, *[sp.S.Zero] * (d - len(given))]:
        same = next((known for known in distinct if is_zero_exactly(known - p)), None)
        distinct += [p] if same is None else []
        found.append(p if same is None else same)
    return found


def distributions(populations: Mapping[sp.Expr, int], shares: Sequence[int]) -> Iterator[tuple[Counter[sp.Expr], ...]]:
    """Yield each way to give populations to levels, so many to each.

    >>> [tuple(map(dict, each)) for each in distributions({1: 1, 0: 2}, [2, 1])]
    [({1: 1, 0: 1}, {0: 1}), ({0: 2}, {1: 1})]
    """
    if not shares:
        yield ()
        return
    for chosen in _chosen(list(populations.items()), shares[0]):
        rest = {p: n - chosen[p] for p, n in populations.items() if n > chosen[p]}
        for others in distributions(rest, shares[1:]):
            yield chosen, *others


def _chosen(populations: Sequence[tuple[sp.Expr, int]], share: int) -> Iterator[Counter[sp.Expr]]:
    """Each multiset of so many populations."""
    if not populations:
        if share == 0:
            yield Counter()
        return
    (p, count), rest = populations[0], populations[1:]
    for n in range(min(count, share), -1, -1):
        for others in _chosen(rest, share - n):
            yield Counter({p: n} if n else {}) + others


def _point(components: Components, numbers: Mapping[sp.Symbol, sp.Expr], levels: Sequence[Level],
           given: Sequence[Counter[sp.Expr]]) -> FixedPoint:
    """The state with these populations of the levels; of a level with several, they go to its states in turn."""
    total = sum(given, Counter())
    common = max(total, key=lambda p: total[p])             # taken off all: the identity has no components
    entries = [sp.Add(*(_share(level, populations, common, operator)
                        for level, populations in zip(levels, given, strict=True)))
               for operator in operators_of(components)]
    energies = [level.energy for level in levels for _ in range(level.degeneracy)]
    populations = [p for each in given for p in each.elements()]
    energy = sp.expand(sp.Add(*(p * e for p, e in zip(populations, energies, strict=True))))
    dimension = sum(level.degeneracy**2 - sum(n**2 for n in each.values())
                    for level, each in zip(levels, given, strict=True))
    return FixedPoint(entries, components, energy, energies, populations, passive(levels, given), dimension,
                      values=numbers)


@kept
def operators_of(components: Components) -> tuple[Sparse, ...]:
    """Return the basis operators of the states, as sparse entries."""
    spins = components.equation.model.space.numeric_spins
    return tuple(rational_entries(spins, string) for string in components.strings)


def _share(level: Level, populations: Counter[sp.Expr], common: sp.Expr, operator: Sparse) -> sp.Expr:
    """What one level gives to a component."""
    if len(populations) == 1:
        difference = next(iter(populations)) - common
        return difference * level.expectation(operator) if difference != 0 else sp.S.Zero
    return sp.Add(*((p - common) * level.expectation_of(k, operator)
                    for k, p in enumerate(populations.elements()) if p != common))


def passive(levels: Sequence[Level], given: Sequence[Counter[sp.Expr]]) -> Any:
    """Return whether (p_j − p_k)(E_j − E_k) ≤ 0 for all pairs."""
    found = []
    for k, (high, more) in enumerate(zip(levels, given, strict=True)):
        for low, less in zip(levels[:k], given[:k], strict=True):
            # roots of one factor are in order
            energy = sp.S.One if high.spaces is low.spaces else _sign_if_known(high.energy - low.energy)
            found += [energy * _sign_if_known(p - q) for p in more for q in less if p != q]
    return all_at_most_zero(found)


def _sign_if_known(difference: sp.Expr) -> sp.Expr:
    """±1 where the sign of a number or an expression that is not zero in general is known, else what it is."""
    if not difference.free_symbols:
        return sp.Integer(definite_sign(difference))
    if difference.is_nonnegative or difference.is_nonpositive:
        return sp.S.One if difference.is_nonnegative else sp.S.NegativeOne
    return difference.primitive()[1]


def _check_weight(components: Components, numbers: Mapping[sp.Symbol, sp.Expr], populations: Sequence[sp.Expr]) -> None:
    """[ρ, H] = 0 follows from rest only where the weight is not zero."""
    parts = [part.xreplace(dict(numbers)) for part in components.equation.weight()]
    for difference in {p - q for p in populations for q in populations if p != q}:
        if all(is_zero_exactly(part.subs(gap, difference)) for part in parts):
            raise DerivationError(f"`spectrum` must not have the difference {difference}, at which "
                                  f"{components.equation.kind} moves nothing; give another spectrum.")


@dataclass(frozen=True)
class Transition:
    """Coherence of two eigenstates j and k, δρ ∝ |j⟩⟨k|, as j ≠ k; else a change of the population of j.

    Attributes:
        j, k: numbers of the eigenstates.
        growth: real part of its rate, 1/time.
        frequency: imaginary part, 1/time.
    """

    j: int
    k: int
    growth: sp.Expr
    frequency: sp.Expr


def transitions(components: Components, point: FixedPoint) -> list[Transition]:
    r"""Return the relaxation spectrum at a fixed point: δρ_jk ∝ exp(λ_jk t), λ_jk = i W(p_j − p_k)(E_k − E_j)/ħ."""
    re, im = (part.xreplace(point.values) for part in components.equation.weight())
    hbar = components.equation.model.hbar.xreplace(point.values)
    found, d = [], len(point.energies)
    for j in range(d):
        for k in range(j + 1, d):
            energy = point.energies[k] - point.energies[j]
            difference = point.populations[j] - point.populations[k]
            growth = -energy * sp.cancel(im.subs(gap, difference) / hbar)
            turning = energy * sp.cancel(re.subs(gap, difference) / hbar)
            found += [Transition(j, k, growth, turning), Transition(k, j, growth, -turning)]
    return found + [Transition(j, j, sp.S.Zero, sp.S.Zero) for j in range(1, d)]
