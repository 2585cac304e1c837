r"""Fields at which a transition of a molecule has a given frequency: levels followed in the field, roots refined.

Between nodes the levels, ascending, are cubics of their values and slopes; nodes are added where a level in the middle
is not as foretold (at crossings and anticrossings). Roots of E_k − E_j = ħω are those of the cubics, looping
transitions with two roots included, and are then refined with H itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.spectra.in_field import InField, slopes_of

Array = NDArray[Any]
NODES = 17              # to begin with
DEPTH = 9               # halvings of an interval
FORETOLD = 1e-4         # of ħω: how well cubics foretell a level
REFINED = 1e-13         # of the range of fields: the last step of a root
STEPS = 60
SETTLED = 1e-8          # of ω: what is left of a root
BITS = 50               # halvings of a root of a cubic
TOGETHER = 1 << 20      # intervals times pairs


@dataclass(frozen=True)
class Roots:
    """Where E_upper − E_lower = ħω: one entry a root.

    Attributes:
        orientation: number of the direction, (r,).
        field: B, (r,).
        lower: and `upper`, numbers of the levels, ascending at this field, (r,).
        levels: E/ħ of all levels there, (r, d).
        vectors: (r, d, d).
        slope: d(E_upper − E_lower)/dB/ħ, (r,).
    """

    orientation: Array
    field: Array
    lower: Array
    upper: Array
    levels: Array
    vectors: Array
    slope: Array


def resonance_fields(molecule: InField, directions: Array, low: float, high: float, omega: float,
          centre: Callable[[Array, Array, Array], Array]) -> Roots:
    """Return all resonance fields in an interval.

    Args:
        molecule: H(B).
        directions: of the field, (n, 3).
        low: where the interval begins.
        high: where it ends.
        omega: the frequency.
        centre: (levels, lower, upper) ↦ the level difference at which a line is seen, near ω.
    """
    along = molecule.along(directions)
    rough = [_of_cubics(piece, omega, molecule.dimension)
             for piece in _intervals(molecule, along, low, high, FORETOLD * omega)]
    at, field, lower, upper, left, right = (np.concatenate(columns) for columns in zip(*rough, strict=True))
    span, active = high - low, np.arange(len(at))
    for _ in range(STEPS):
        if not len(active):
            break
        k = active
        gap, slope, wanted = _missed(molecule, along[at[k]], field[k], lower[k], upper[k], centre)[:3]
        with np.errstate(divide="ignore", invalid="ignore"):
            move = np.where(slope != 0, (wanted - gap) / slope, 0.0)
        wide = right[k] - left[k]
        new = np.clip(field[k] + np.clip(move, -wide, wide), np.maximum(left[k] - wide, low),
                      np.minimum(right[k] + wide, high))
        active = k[abs(new - field[k]) > REFINED * span]
        field[k] = new
    gap, slope, wanted, levels, vectors = _missed(molecule, along[at], field, lower, upper, centre)
    settled = abs(gap - wanted) <= SETTLED * omega
    found = Roots(at[settled], field[settled], lower[settled], upper[settled], levels[settled], vectors[settled],
                  slope[settled])
    return _once(found, span)


def _missed(molecule: InField, along: Array, field: Array, lower: Array, upper: Array,
            centre: Callable[[Array, Array, Array], Array]) -> tuple[Array, ...]:
    """Return E_upper − E_lower, its slope, what it is to be, levels and vectors."""
    levels, vectors = molecule.diagonal(along, field)
    k, rises = np.arange(len(field)), slopes_of(along, vectors)
    return (levels[k, upper] - levels[k, lower], rises[k, upper] - rises[k, lower], centre(levels, lower, upper),
            levels, vectors)


def _once(found: Roots, span: float) -> Roots:
    """Return roots in order, those found from two intervals once."""
    order = np.lexsort((found.field, found.upper, found.lower, found.orientation))
    same = [np.diff(getattr(found, name)[order], prepend=-1) == 0 for name in ("orientation", "lower", "upper")]
    near = np.diff(found.field[order], prepend=-np.inf) <= 1e-10 * span
    kept = order[~(same[0] & same[1] & same[2] & near)]
    kept = kept[np.lexsort((found.field[kept], found.orientation[kept]))]
    return Roots(*(getattr(found, name)[kept] for name in Roots.__dataclass_fields__))


def _intervals(molecule: InField, along: Array, low: float, high: float,
               tolerance: float) -> list[tuple[Array, ...]]:
    """Return (orientation, ends (n, 2), levels (n, 2, d), slopes (n, 2, d)) of intervals on which cubics serve."""
    count, nodes = len(along), np.linspace(low, high, NODES)
    at = np.repeat(np.arange(count), NODES)
    levels, slopes = _known(molecule, along, at, np.tile(nodes, count))
    d = molecule.dimension
    levels, slopes = levels.reshape(count, NODES, d), slopes.reshape(count, NODES, d)
    pairs = [np.stack([x[:, :-1], x[:, 1:]], axis=2).reshape(-1, 2, d) for x in (levels, slopes)]
    ends = np.tile(np.stack([nodes[:-1], nodes[1:]], axis=1), (count, 1))
    owner = np.repeat(np.arange(count), NODES - 1)
    found = []
    for depth in range(DEPTH + 1):
        if not len(owner):
            break
        middle = ends.mean(axis=1)
        e, s = _known(molecule, along, owner, middle)
        width = (ends[:, 1] - ends[:, 0])[:, None]
        foretold = pairs[0].mean(axis=1) + width / 8 * (pairs[1][:, 0] - pairs[1][:, 1])
        bad = (abs(e - foretold).max(axis=1) > tolerance) & (depth < DEPTH)
        halves = [np.stack([ends[:, 0], middle], axis=1), np.stack([middle, ends[:, 1]], axis=1)]
        inner = [[np.stack([p[:, 0], m], axis=1), np.stack([m, p[:, 1]], axis=1)]
                 for p, m in zip(pairs, (e, s), strict=True)]
        for half in (0, 1):
            found.append((owner[~bad], halves[half][~bad], inner[0][half][~bad], inner[1][half][~bad]))
        owner = np.tile(owner[bad], 2)
        ends = np.concatenate([half[bad] for half in halves])
        pairs = [np.concatenate([half[bad] for half in each]) for each in inner]
    return [piece for whole in found for piece in _cut(whole, d)]


def _cut(whole: tuple[Array, ...], d: int) -> list[tuple[Array, ...]]:
    """Return pieces whose pairs of levels fit into memory."""
    step = max(1, TOGETHER // (d * d))
    return [tuple(x[k:k + step] for x in whole) for k in range(0, max(len(whole[0]), 1), step)]


def _known(molecule: InField, along: Array, at: Array, fields: Array) -> tuple[Array, Array]:
    """Return levels and slopes, (n, d) each."""
    levels, slopes = np.empty((2, len(at), molecule.dimension))
    step = max(1, TOGETHER // molecule.dimension**2)
    for begin in range(0, len(at), step):
        part = slice(begin, begin + step)
        levels[part], vectors = molecule.diagonal(along[at[part]], fields[part])
        slopes[part] = slopes_of(along[at[part]], vectors)
    return levels, slopes


def _of_cubics(piece: tuple[Array, ...], omega: float, d: int) -> tuple[Array, ...]:
    """Return (orientation, field, lower, upper, left, right) of the roots of all cubics."""
    owner, ends, levels, slopes = piece
    lower, upper = np.triu_indices(d, 1)
    width = ends[:, 1] - ends[:, 0]
    g = levels[:, :, upper] - levels[:, :, lower] - omega               # (n, 2, pairs)
    m = (slopes[:, :, upper] - slopes[:, :, lower]) * width[:, None, None]
    jump = g[:, 1] - g[:, 0]
    c = np.array([g[:, 0], m[:, 0], 3 * jump - 2 * m[:, 0] - m[:, 1], m[:, 0] + m[:, 1] - 2 * jump])
    with np.errstate(invalid="ignore", divide="ignore"):
        inner = np.sqrt(c[2]**2 - 3 * c[3] * c[1])
        turn = np.sort(np.nan_to_num(np.clip([(-c[2] - inner) / (3 * c[3]), (-c[2] + inner) / (3 * c[3])], 0, 1),
                                     nan=0.0), axis=0)
        plain = np.nan_to_num(np.clip(-c[1] / (2 * c[2]), 0, 1), nan=0.0)
    turn = np.where(abs(c[3]) > 1e-12 * (abs(c[1]) + abs(c[2]) + 1e-300), turn, plain)
    cuts = np.stack([np.zeros_like(plain), turn[0], turn[1], np.ones_like(plain)])
    values = _cubic(c[:, None], cuts)
    found = []
    for k in range(3):
        n, pair = np.nonzero((values[k] < 0) != (values[k + 1] < 0))
        a, b, own = cuts[k][n, pair], cuts[k + 1][n, pair], c[:, n, pair]
        falls = values[k][n, pair] >= 0
        for _ in range(BITS):
            middle = (a + b) / 2
            beyond = (_cubic(own, middle) >= 0) != falls
            a, b = np.where(beyond, a, middle), np.where(beyond, middle, b)
        found.append((owner[n], ends[n, 0] + width[n] * (a + b) / 2, lower[pair], upper[pair], ends[n, 0], ends[n, 1]))
    return tuple(np.concatenate(columns) for columns in zip(*found, strict=True))


def _cubic(c: Array, x: Array) -> Array:
    """Return c₀ + c₁x + c₂x² + c₃x³."""
    return np.asarray(c[0] + x * (c[1] + x * (c[2] + x * c[3])))
