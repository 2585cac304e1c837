r"""A mixed product of two uncoupled spins ½: q-LLG correlates them, and the correlations need not last.

Question.     Uncoupled spins in a pure product state stay one. What happens to a mixed product?
Setting.      ρ(0) = ρ1 ⊗ ρ2 with Bloch vectors r1 x̂, r2 x̂; H = −½ B (σz⊗1 + 1⊗σz); ħ = γ_g = B = 1.
Answer.       q = (1 ± r)/2 the probabilities of a spin, f(q) = 1/(1 − iκrq): a flip of one spin goes at a rate that
              depends on the probability q of the other's state, so the mutual information grows as
                  I = ¼ t² Σ_i r_i ln[(1 + r_i)/(1 − r_i)] q_j₊ q_j₋ |f(q_j₊) − f(q_j₋)|² + O(t³),  j the other spin,
              and dies at twice the slowest rate κΔE Δp/(1 + κ²Δp²) at the passive state, itself a product for r1 = r2.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3; the paper's claim on uncoupled systems stands below eq. 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym import Model, QuantumLLG, Space, Zeeman, solve, solve_many
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "mixed-product", "Uncoupled spins in a mixed product state"
KNOWN = {3.0: 0.046, 10.0: 0.093, 100.0: 0.0002}    # I(t) of the default parameters, to the digits given
EARLY, LATE = 0.01, (150.0, 200.0)
ROUNDING = 1e-10
UNEQUAL, PURE = ((0.8, 0.0), (0.8, 1.0)), (1.0, 1.0)


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = B = 1."""

    r: float = 0.8
    kappa: float = 0.5
    points: int = 241
    scan: int = 41      # values of r2
    watched: float = 40.0


QUICK = Parameters(points=61, scan=6)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    curve = _run(p, p.r, p.r, _grid(p))
    lengths = np.linspace(0, 1, p.scan)
    peaks = {r1: _peaks(p, [(r1 or r2, r2) for r2 in lengths]) for r1 in (p.r, 1.0, 0.0)}
    statements = (_known(p), _growth(p), _decay(p), _product(p), _own(p))
    tables = {"curve": _columns(p, curve),
              "scan": {"r2": lengths, **{f"max_I_r1_{f'{r1:g}' if r1 else 'r2'}": v for r1, v in peaks.items()}}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, curve, lengths, peaks), statements, _checks(p, curve))


def growth(r: Sequence[float], kappa: float) -> float:
    """Return the limit of I/t² at t → 0 for Bloch vectors r1 x̂ and r2 x̂ with r < 1, in units of B = ħ = 1.

    >>> round(growth((0.8, 0.8), 0.5), 7)
    0.0071591
    """
    total = 0.0
    for own, other in ((r[0], r[1]), (r[1], r[0])):
        q = np.array([1 + other, 1 - other]) / 2
        f = 1 / (1 - 1j * kappa * own * q)          # the frame weight a second time on purpose
        total += own * np.log((1 + own) / (1 - own)) * q[0] * q[1] * abs(f[0] - f[1]) ** 2 / 4
    return float(total)


def decay(r: float, kappa: float) -> float:
    """Return the rate at which I dies for r1 = r2 = r: twice that of the smallest gap (q₋q₊ − q₋²) of probabilities.

    >>> round(decay(0.8, 0.5), 7)
    0.0798722
    """
    gap = (1 - r) / 2 * r
    return 2 * kappa * gap / (1 + (kappa * gap) ** 2)


def _grid(p: Parameters) -> Array:
    """Times that show both the powers of t and the precession."""
    return np.union1d(np.geomspace(EARLY, LATE[1], p.points), np.linspace(0, 12, p.points))


def _mixed(r: float, axis: str = "x") -> Array:
    """One spin ½ with a Bloch vector of length r along x or z."""
    return np.array([[1, r], [r, 1]] if axis == "x" else [[1 + r, 0], [0, 1 - r]]) / 2


def _run(p: Parameters, r1: float, r2: float, times: Sequence[float] | Array, method: str = "auto",
         axis: str = "x") -> Trajectory:
    """The two spins, the second along an axis."""
    model = Model(Space("1/2", "1/2"), [Zeeman((0, 0, 1))])
    return solve(model, QuantumLLG(p.kappa), np.kron(_mixed(r1), _mixed(r2, axis)), times, method=method)


def _alone(p: Parameters, r: float, times: Sequence[float] | Array, kappa: float) -> Trajectory:
    """One spin that follows its own q-LLG."""
    return solve(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(kappa), _mixed(r), times)


def _peaks(p: Parameters, pairs: Sequence[tuple[float, float]]) -> Array:
    """The largest mutual information on the way, for pairs of lengths."""
    model = Model(Space("1/2", "1/2"), [Zeeman((0, 0, 1))])
    starts = [np.kron(_mixed(a), _mixed(b)) for a, b in pairs]
    many = solve_many(model, QuantumLLG(p.kappa), starts, np.linspace(0, p.watched, p.points), rtol=1e-9)
    return np.asarray(many.mutual_information(0, 1).max(axis=1))


# What the study says ----------------------------------------------------------------------------------------------


def _known(p: Parameters) -> Statement:
    """Numbers found beforehand by integrating the implicit law."""
    found = _run(p, p.r, p.r, [0.0, *KNOWN]).mutual_information(0, 1)[1:]
    # half a unit of the last digit given: 3 decimals, and 4 for the last
    apart = [abs(v - w) / unit for v, w, unit in zip(found, KNOWN.values(), (5e-4, 5e-4, 5e-5), strict=True)]
    return Statement(
        "A mixed product of uncoupled spins becomes correlated, and loses its correlations again.", "own",
        truth(max(apart) <= 1),
        "Mutual information " + ", ".join(f"{v:.4f} at t = {t:g}" for t, v in zip(KNOWN, found, strict=True))
        + ", against " + ", ".join(f"{w:g}" for w in KNOWN.values()) + " from the implicit law.")


def _growth(p: Parameters) -> Statement:
    """The closed form at short times."""
    # two times, so that the next order can be taken off
    found = _run(p, p.r, p.r, [0.0, EARLY, 2 * EARLY], "frame").mutual_information(0, 1)[1:]
    ratio = found / np.array([EARLY, 2 * EARLY]) ** 2
    value, expected = 2 * ratio[0] - ratio[1], growth((p.r, p.r), p.kappa)
    return Statement(
        "At first the mutual information grows as t², with a coefficient in closed form.", "own",
        judged(abs(value / expected - 1), 1e-3, 0.05),
        f"I/t² tends to {value:.6f}; ¼ Σ r_i ln[(1+r_i)/(1−r_i)] q₊q₋|f₊ − f₋|² = {expected:.6f}.")


def _decay(p: Parameters) -> Statement:
    """The relaxation spectrum at the end state."""
    run = _run(p, p.r, p.r, [0.0, *LATE])
    early, late = run.mutual_information(0, 1)[1:]
    value, expected = float(np.log(early / late)) / (LATE[1] - LATE[0]), decay(p.r, p.kappa)
    return Statement(
        "In the end it dies exponentially, at twice the rate of the smallest gap of the spectrum.", "own",
        judged(abs(value / expected - 1), 1e-3, 0.05),
        f"Rate between t = {LATE[0]:g} and {LATE[1]:g}: {value:.5f}; 2κΔp/(1 + κ²Δp²) with Δp = r(1 − r)/2 is "
        f"{expected:.5f}. The passive state has the probabilities of a product of two equal spins, so it is one.")


def _product(p: Parameters) -> Statement:
    """Where the other spins' nonzero probabilities are equal the state stays a product."""
    kept = {pair: float(_peaks(p, [pair])[0]) for pair in (UNEQUAL[0], PURE)}
    lost = float(_peaks(p, [UNEQUAL[1]])[0])
    return Statement(
        "The state stays a product iff, for every spin that moves, the other's nonzero probabilities are equal.", "own",
        truth(max(kept.values()) < ROUNDING and lost > 0.01),
        f"Largest mutual information up to t = {p.watched:g}: {shown(kept[UNEQUAL[0]])} for (r1, r2) = (0.8, 0), "
        f"{shown(kept[PURE])} for (1, 1), but {lost:.4f} for (0.8, 1), where the second spin moves beside a mixed one.")


def _own(p: Parameters) -> Statement:
    """What single spins do beside a maximally mixed one, beside a pure one at rest and beside a pure one that moves."""
    times, r = np.linspace(0, 10, 11), 0.8
    whole = _apart(_run(p, r, 1.0, times, axis="z").bloch(0), _alone(p, r, times, p.kappa))
    half = _apart(_run(p, r, 0.0, times).bloch(0), _alone(p, r, times, p.kappa / 2))
    moving = _run(p, r, 1.0, times)
    lost = [_apart(moving.bloch(i), _alone(p, length, times, p.kappa)) for i, length in enumerate((r, 1.0))]
    return Statement(
        "Beside a pure spin at rest a spin follows its own q-LLG, beside a maximally mixed one that with κ/2; beside a "
        "pure one that moves it does not.", "own",
        truth(max(half, whole) < 1e-8 and min(lost) > 0.01),
        f"Largest distance of the Bloch vectors up to t = 10: {shown(whole)} beside a pure spin at rest, {shown(half)} "
        f"beside a maximally mixed one; from (0.8, 1), both along x, {lost[0]:.3f} for the first spin, which begins as "
        f"its own q-LLG would, and {lost[1]:.3f} for the second.")


def _apart(r: Array, alone: Trajectory) -> float:
    """The largest distance of a Bloch vector from that of a lone spin."""
    return float(np.linalg.norm(r - alone.bloch(0), axis=1).max())


def _checks(p: Parameters, curve: Trajectory) -> tuple[Check, ...]:
    """Of our own numbers: the spectrum, and another method."""
    other = _run(p, p.r, p.r, curve.times, "pauli")
    return (Check("drift of the spectrum", curve.invariants["spectrum"], 1e-10),
            Check("methods frame and pauli apart", float(np.abs(curve.states - other.states).max()), 1e-8))


# What is drawn and written ----------------------------------------------------------------------------------------


def _columns(p: Parameters, curve: Trajectory) -> dict[str, Array]:
    """The abscissa, then one column a curve."""
    r = curve.bloch(0)
    alone = _alone(p, p.r, curve.times, p.kappa).bloch(0)
    return {"t": curve.times, "I": curve.mutual_information(0, 1),
            **{f"r1_{axis}": r[:, k] for k, axis in enumerate("xyz")},
            **{f"alone_{axis}": alone[:, k] for k, axis in enumerate("xyz")}}


def _drawing(p: Parameters, curve: Trajectory, lengths: Array, peaks: dict[float, Array]) -> Drawing:
    """What draws the picture when it is called."""
    table, t = _columns(p, curve), curve.times

    def information(axis: "Axes") -> None:
        axis.loglog(t[1:], table["I"][1:], color=COLORS[0], label="$I$")
        axis.loglog(t[1:], growth((p.r, p.r), p.kappa) * t[1:] ** 2, color=COLORS[1], linestyle=CLASSICAL,
                    label="$t^2$ law")
        late = t > 30
        tail = table["I"][-1] * np.exp(decay(p.r, p.kappa) * (t[-1] - t[late]))
        axis.loglog(t[late], tail, color=COLORS[2], linestyle=CLASSICAL, label="decay law")
        axis.set(xlabel="$t$", ylabel="Mutual information", ylim=(2e-8, 3), xlim=(EARLY, LATE[1]))

    def moments(axis: "Axes") -> None:
        for k, name in enumerate("xyz"):
            axis.plot(t, table[f"r1_{name}"], color=COLORS[k], label=f"$r_{{1{name}}}$")
            axis.plot(t, table[f"alone_{name}"], color=COLORS[k], linestyle=CLASSICAL)
        axis.set(xlabel="$t$", ylabel="Bloch vector", xlim=(0, 12), ylim=(-0.9, 0.9))

    def scan(axis: "Axes") -> None:
        for k, (r1, values) in enumerate(peaks.items()):
            axis.plot(lengths, values, color=COLORS[k], label=f"$r_1 = {r1:g}$" if r1 else "$r_1 = r_2$")
        axis.set(xlabel="$r_2$", ylabel="Largest mutual information", xlim=(0, 1), ylim=(0, None))

    titles = "A product state is left", "Not as a lone spin moves", "Against the lengths"
    return lambda: separate([information, moments, scan], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Two uncoupled spins ½ from ρ1 ⊗ ρ2, Bloch vectors r1 and r2 along x, B along z, κ = {p.kappa:g}, "
            f"ħ = γ_g = B = 1. (a) Mutual information for r1 = r2 = {p.r:g} with its closed forms at short and long "
            f"times. (b) Bloch vector of a spin (solid) and of a lone spin under its own q-LLG (dashed). (c) Largest "
            f"mutual information up to t = {p.watched:g} against r2.")
