r"""Time to the ground state against the number of spins and the gap, from the exact law for pure states.

Question.     How long does q-LLG take to bring a pure state within ε of the ground state?
Setting.      Open Ising chain in a transverse field, H = −J Σ σz σz − h Σ σx, gapped (h = 2J) and critical (h = J);
              free fermions give its levels: ε_k = 2 × the singular values of the N×N matrix with h on and J beside the
              diagonal, for h = J the lowest is 4J sin[π/(4N + 2)]. Units ħ = J = 1.
Answer.       c_k/c_0 decays at κ(E_k − E_0)/(ħ(1 + κ²)) exactly, so 1 − F(t) = ε where
                  Σ_{k>0} |c_k/c_0|² exp(−2γ(E_k − E_0)t) = ε/(1 − ε),  γ = κ/(ħ(1 + κ²)):
              t ≤ ln[(1 − ε)/(ε w_0)]/(2γΔ), linear in N for w_0 = 2^−N and inverse in the gap. Starts with weight on
              every level stay below it: with equal weights the sum is Π_k(1 + exp(−2γtε_k)) − 1, and t grows as ln N
              where the gap stays open, as N where it closes as 1/N.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3; times linear in N for random starts: arXiv 2604.03731.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import brentq

from qllg_sym import Bilinear, Model, QuantumLLG, Space, Zeeman, chain, solve, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.states.state import State
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "ground-time", "Time to the ground state"
GAPPED, CRITICAL = 2.0, 1.0     # h/J
SIZES = tuple(2**k for k in range(1, 13))


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = 1."""

    kappa: float = 0.5
    epsilon: float = 0.01
    largest: int = 10           # spins that are integrated, and diagonalised for their ground state
    seeds: int = 8              # random starts a size
    points: int = 61

    @property
    def gamma(self) -> float:
        """κ/(1 + κ²), the damping of pure states a second time on purpose."""
        return self.kappa / (1 + self.kappa**2)


QUICK = Parameters(largest=4, seeds=1, points=41)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    curves = {(h, n): _curve(p, h, n) for h in (GAPPED, CRITICAL) for n in (4, p.largest)}
    found = {h: _times(p, h) for h in (GAPPED, CRITICAL)}
    rates, law = _rates(p)
    statements = (_exact(rates, law), _gaps(p, curves), _free(p), _equal(p, found), _bound(p, found), _scaling(p))
    sizes = np.array(SIZES, dtype=float)
    tables = {"scaling": {"N": sizes, **{f"t_h_{h:g}": _predicted(p, h) for h in found},
                          **{f"bound_h_{h:g}": np.array([limit(p, h, n) for n in SIZES]) for h in found}},
              **{f"infidelity-h{h:g}-n{n}": {"t": t, "infidelity": y} for (h, n), (t, y) in curves.items()}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, curves, found, rates), statements,
                 (Check("rates and law apart", float(np.abs(rates[1] - law).max()), 1e-7),))


# Closed forms -----------------------------------------------------------------------------------------------------


@cache
def levels(h: float, n: int) -> Array:
    """Return the free-fermion energies of the chain, (n,), ascending, in units of J.

    >>> levels(1.0, 2).round(6).tolist()        # 4 sin(π/10), 4 sin(3π/10)
    [1.236068, 3.236068]
    """
    diagonal = np.full(n, h * h + 1)
    diagonal[0] = h * h
    return np.asarray(2 * np.sqrt(eigh_tridiagonal(diagonal, np.full(n - 1, h), eigvals_only=True)))


def equal_weights(p: Parameters, h: float, n: int) -> float:
    """Return when 1 − F = ε from equal weights on all levels.

    >>> round(equal_weights(Parameters(), 2.0, 1), 6)      # ln 99/(4γh)
    1.435975
    """
    def excess(t: float) -> float:
        total = float(np.log1p(np.exp(-2 * p.gamma * t * levels(h, n))).sum())
        return total + float(np.log1p(-p.epsilon))
    return float(brentq(excess, 0, limit(p, h, n), xtol=1e-12))


def limit(p: Parameters, h: float, n: int) -> float:
    """Return the largest time for a start with the weight 2^−N on the ground state.

    >>> limit(Parameters(), 2.0, 8) < limit(Parameters(), 2.0, 9)
    True
    """
    return float((n * np.log(2) + np.log1p(-p.epsilon) - np.log(p.epsilon)) / (2 * p.gamma * levels(h, n)[0]))


def _predicted(p: Parameters, h: float) -> Array:
    """Times for equal weights at all sizes."""
    return np.array([equal_weights(p, h, n) for n in SIZES])


# Integration ------------------------------------------------------------------------------------------------------


def _model(h: float, n: int, coupling: float = 1.0) -> Model:
    """The chain; h σx = 2h S_x and J σz σz = 4J S_z S_z."""
    bonds = chain(n, Bilinear, ((0, 0, 0), (0, 0, 0), (0, 0, -4 * coupling)))
    return Model(Space.half(n), [*(bonds if coupling else []), Zeeman((2 * h, 0, 0))])


@cache
def _eigenvectors(model: Model) -> Array:
    """Columns from the ground state up."""
    return np.asarray(np.linalg.eigh(matrix_of(model, {}))[1])


def _infidelity(p: Parameters, model: Model, start: State | Array, times: Array) -> Array:
    """1 − F with the ground state at the times."""
    run = solve(model, QuantumLLG(p.kappa), start, times)
    return np.maximum(1 - run.fidelity(_eigenvectors(model)[:, 0]), 1e-16)


def _curve(p: Parameters, h: float, n: int) -> tuple[Array, Array]:
    """Times and 1 − F from all spins up."""
    times = np.linspace(0, 5 / (p.gamma * levels(h, n)[0]), p.points)
    return times, _infidelity(p, _model(h, n), states.product(*["up"] * n), times)


def _reached(p: Parameters, model: Model, start: State | Array, latest: float) -> float:
    """The time at which 1 − F = ε, ln(1 − F) taken as straight between times."""
    times = np.linspace(0, 1.01 * latest, p.points)
    logs = np.log(_infidelity(p, model, start, times))
    k = int(np.argmax(logs < np.log(p.epsilon)))
    part = (np.log(p.epsilon) - logs[k - 1]) / (logs[k] - logs[k - 1])
    return float(times[k - 1] + part * (times[k] - times[k - 1]))


def _times(p: Parameters, h: float) -> dict[str, Array]:
    """Times from equal weights, from random and from polarised starts, by size."""
    sizes = list(range(2, p.largest + 1, 2))
    found: dict[str, Any] = {"N": sizes, "equal": [], "random": [], "up": []}
    for n in sizes:
        model, latest = _model(h, n), limit(p, h, n)
        found["equal"].append(_reached(p, model, _eigenvectors(model).sum(axis=1) / 2 ** (n / 2), latest))
        found["up"].append(_reached(p, model, states.product(*["up"] * n), latest))
        # a random start may have less than 2^−N on the ground state: twice the time is beyond any of these
        found["random"].append([_reached(p, model, states.random(model.space, 1, seed), 2 * latest)
                                for seed in range(p.seeds)])
    return {name: np.array(values, dtype=float) for name, values in found.items()}


def _rates(p: Parameters) -> tuple[Array, Array]:
    """Energies above the ground state and decay rates of |c_k/c_0|, (2, 15), measured on the frame form; and the law.

    The chain is given unequal bonds and a field along x and z, so that no level is degenerate.
    """
    bonds = chain(4, Bilinear, [((0, 0, 0), (0, 0, 0), (0, 0, -c)) for c in (3, 4, 5)])
    model = Model(Space.half(4), [*bonds, Zeeman((2, 0, 1))])
    start, span = states.random(model.space, 1, seed=4), 0.5
    run = solve(model, QuantumLLG(p.kappa), start, [0.0, span], method="frame", rtol=1e-12, atol=1e-14)
    energies, vectors = np.linalg.eigh(matrix_of(model, {}))
    c = np.abs(vectors.conj().T @ run.kets[:, :, 0].T)
    ratio = c[1:] / c[0]
    rates = np.log(ratio[:, 0] / ratio[:, 1]) / span
    return np.array([energies[1:] - energies[0], rates]), p.gamma * (energies[1:] - energies[0])


# What the study says ----------------------------------------------------------------------------------------------


def _exact(rates: Array, law: Array) -> Statement:
    """The law of every component."""
    return Statement(
        "|c_k/c_0| decays at κ(E_k − E_0)/(ħ(1 + κ²)), for every level and at every time.", "arXiv 2604.03731; own",
        judged(float(np.abs(rates[1] - law).max()), 1e-7, 1e-3),
        f"Fifteen rates of a chain of four spins, from the integrated frame form: {rates[1][0]:.6f} to "
        f"{rates[1][-1]:.6f}, within {shown(float(np.abs(rates[1] - law).max()))} of the law.")


def _gaps(p: Parameters, curves: dict[tuple[float, int], tuple[Array, Array]]) -> Statement:
    """The slope at late times against the closed form of the gap."""
    worst, shown_gaps = 0.0, []
    for (h, n), (times, infidelity) in curves.items():
        gap = 4 * np.sin(np.pi / (4 * n + 2)) if h == CRITICAL else levels(h, n)[0]
        slope = np.log(infidelity[-2] / infidelity[-1]) / (times[-1] - times[-2]) / (2 * p.gamma)
        worst = max(worst, abs(slope / gap - 1))
        shown_gaps.append(f"{slope:.4f} ({gap:.4f}) for h = {h:g}, N = {n}")
    return Statement(
        "In the end 1 − F falls at 2κΔ/(ħ(1 + κ²)): the gap can be read off the curve.", "own",
        judged(worst, 5e-3, 0.05),
        "Gap from the slope, and from free fermions in brackets: " + ", ".join(shown_gaps) + ".")


def _free(p: Parameters) -> Statement:
    """Uncoupled spins, where everything is elementary."""
    n, h = p.largest, CRITICAL
    expected = -np.log((1 - p.epsilon) ** (-1 / n) - 1) / (4 * p.gamma * h)
    latest = (n * np.log(2) - np.log(p.epsilon)) / (4 * p.gamma * h)
    found = _reached(p, _model(h, n, coupling=0.0), states.product(*["up"] * n), latest)
    return Statement(
        "Uncoupled spins that start across the field need −ln[(1 − ε)^(−1/N) − 1]/(4γh).", "own",
        judged(abs(found / expected - 1), 1e-3, 0.02), f"For N = {n}: {found:.5f}, against {expected:.5f}.")


def _equal(p: Parameters, found: dict[float, dict[str, Array]]) -> Statement:
    """Integrated chains against free fermions."""
    worst = 0.0
    for h, times in found.items():
        expected = np.array([equal_weights(p, h, int(n)) for n in times["N"]])
        worst = max(worst, float(np.abs(times["equal"] / expected - 1).max()))
    last = {h: times["equal"][-1] for h, times in found.items()}
    return Statement(
        "From equal weights on all levels the time solves Π(1 + exp(−2γtε_k)) = 1/(1 − ε).", "own",
        judged(worst, 2e-3, 0.02),
        f"Integrated chains of up to {p.largest} spins take within {shown(worst)} of it; the longest "
        + ", ".join(f"{t:.4f} at h = {h:g}" for h, t in last.items()) + ".")


def _bound(p: Parameters, found: dict[float, dict[str, Array]]) -> Statement:
    """The bound, and how far below it real starts are."""
    below, ratios = True, []
    for h, times in found.items():
        bounds = np.array([limit(p, h, int(n)) for n in times["N"]])
        below &= bool(np.all(times["equal"] <= bounds))
        ratios.append(f"{np.median(times['random'][-1]) / bounds[-1]:.2f} at h = {h:g}")
    return Statement(
        "The bound for the weight 2^−N, linear in N, holds; random starts take much less.", "arXiv 2604.03731; own",
        truth(below), f"Median time of {p.seeds} random starts over the bound, N = {p.largest}: {', '.join(ratios)}.")


def _scaling(p: Parameters) -> Statement:
    """How the time for equal weights grows with N."""
    open_gap, closing = _predicted(p, GAPPED), _predicted(p, CRITICAL)
    slope = (open_gap[-1] - open_gap[-3]) / np.log(SIZES[-1] / SIZES[-3]) * 2 * p.gamma * 2 * (GAPPED - 1)
    ratio = closing[-1] / closing[-2]
    return Statement(
        "With an open gap the time grows as ln N/(2γΔ), at the critical field, where Δ ∝ 1/N, as N.", "own",
        truth(abs(slope - 1) < 0.1 and abs(ratio - 2) < 0.01),
        f"Around N = {SIZES[-2]}: dt/d ln N is {slope:.3f}/(2γΔ) for h = {GAPPED:g} (the rest is −½ ln ln N), and "
        f"t(2N)/t(N) is {ratio:.4f} for h = {CRITICAL:g}.")


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, curves: dict[tuple[float, int], tuple[Array, Array]],
             found: dict[float, dict[str, Array]], rates: Array) -> Drawing:
    """What draws the picture when it is called."""
    color = {GAPPED: COLORS[0], CRITICAL: COLORS[1]}

    def law(axis: "Axes") -> None:
        axis.plot(rates[0], rates[1], "o", color=COLORS[0], markersize=3, label="integrated")
        axis.plot([0, rates[0][-1]], [0, p.gamma * rates[0][-1]], color=COLORS[6], linewidth=0.7, label="law")
        axis.set(xlabel="$E_k - E_0$", ylabel="Decay rate of $|c_k/c_0|$", xlim=(0, None), ylim=(0, None))

    def fall(axis: "Axes") -> None:
        for k, ((h, n), (times, values)) in enumerate(curves.items()):
            axis.semilogy(times, values, color=color[h], alpha=0.35 + 0.65 * n / p.largest,
                          linestyle=("-", CLASSICAL, ":")[k % max(len(curves) // 2, 1) % 3],
                          label=f"$h = {h:g}$, $N = {n}$")
        axis.set(xlabel="$t$", ylabel="$1 - F$", xlim=(0, 60), ylim=(1e-4, 1.5))

    def scaling(axis: "Axes") -> None:
        for h, times in found.items():
            axis.loglog(SIZES, _predicted(p, h), color=color[h], linewidth=1, label=f"equal weights, $h = {h:g}$")
            axis.loglog(SIZES, [limit(p, h, n) for n in SIZES], color=color[h], linestyle=":", linewidth=1,
                        label="bound")
            axis.loglog(times["N"], times["equal"], "o", color=color[h], markersize=3.5)
            axis.loglog(np.repeat(times["N"], p.seeds), times["random"].ravel(), "x", color=color[h], markersize=2.5,
                        markeredgewidth=0.6)
        axis.set(xlabel="$N$", ylabel=rf"Time to $1 - F = {p.epsilon:g}$", xlim=(1.7, SIZES[-1]), ylim=(1, 1e6))

    titles = "Decay of excited weights", "Fall of the infidelity", "Time to the ground state"
    return lambda: separate([law, fall, scaling], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"q-LLG of Ising chains in a transverse field h, κ = {p.kappa:g}, ħ = J = 1. (a) Decay rates of the "
            "fifteen components of four spins with unequal bonds. (b) Distance to the ground state from all spins up. "
            f"(c) Time to 1 − F = {p.epsilon:g}: free fermions for equal weights (lines), integrated chains (dots), "
            "random starts (crosses), and the bound for the weight 2^−N (dotted).")
