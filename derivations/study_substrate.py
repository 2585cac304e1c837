r"""A spin-½ dimer on a ferromagnet: its moment against distance, quantum beside classical.

Question.     A molecule of two spins ½, coupled antiferromagnetically, comes down on a magnetic surface. What is left
              of its moments, and when does the surface polarise it?
Setting.      H = J S_0·S_1 + (K_0 S_0 + K_1 S_1)·S_c on a ferromagnet of 5 × 5 moments, S = 1, closed, with an easy
              axis z; K_i = −K e^{−d_i/λ}, d_1 = d_0 (lying) or d_0 + λ (upright); ħ = J = 1. `Hybrid`, the dimer one
              cluster, or classical as well; from tilted moments to rest, κ = α = 0.7.
Answer.       The surface is a field b_i = |K_i| on each spin. Quantum: singlet and triplet mix by b_0 − b_1 alone,
                  ⟨σ_0z⟩ = −⟨σ_1z⟩ = (b_0 − b_1)/√(J² + (b_0 − b_1)²),
              so moments of the upright dimer shrink to zero with distance as b_0 − b_1, and the lying one has none. At
              1/b_0 + 1/b_1 = 2/J the triplet crosses it, and the dimer is polarised at once. Classical moments have
              length one at every distance: the lying pair cants with m_z = b/J, the upright one is antiparallel until
              1/b_1 − 1/b_0 = 2/J and cants from there; both are aligned where the quantum dimer is: the stretched state
              is one product in both. What a classical dimer cannot do is to have moments shorter than one.
Source.       Own; the law is PRL 133, 266704 (2024), eqs. 1 and 3, in mean fields.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from scipy.optimize import brentq, minimize

from qllg_sym import (
    Anisotropy,
    Bilinear,
    Hybrid,
    HybridState,
    HybridTrajectories,
    Model,
    Space,
    solve,
    solve_many,
    states,
)
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "substrate", "A dimer on a ferromagnet, against distance"
TILTED = ((0.9, 0.2), (2.0, 1.1))       # polar angles of the dimer's spins at the start
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = λ = 1."""

    side: int = 5
    K: float = 4.0
    stiff: float = 1.0                      # exchange of the surface
    easy: float = 0.5                       # its anisotropy
    kappa: float = 0.7
    alpha: float = 0.7
    heights: tuple[float, ...] = (0.0, 0.2, 0.4, 1.0, 1.2, 2.0, 2.4)     # none near a crossing, where it takes long
    between: float = 1.0                    # from spin to spin of the upright dimer
    stop: float = 150.0
    followed: float = 1.2                   # the height that is drawn over time

    @property
    def moments(self) -> int:
        """How many the surface has."""
        return self.side**2

    @cached_property
    def fields(self) -> dict[str, tuple[Array, Array]]:
        """b_0 and b_1 at all heights."""
        b = self.K * np.exp(-np.array(self.heights))
        return {"lying": (b, b), "upright": (b, b * np.exp(-self.between))}


QUICK = Parameters(side=3, heights=(0.0, 1.0, 2.0), stop=200.0)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    runs = {(name, kind): relaxed(p, name, kind) for name in p.fields for kind in ("quantum", "classical")}
    statements = (_quantum(p, runs), _crossing(), _lying(p, runs), _upright(p, runs), _energies(p, runs))
    tables: dict[str, dict[str, Array]] = {}
    for name, b in p.fields.items():
        tables[name] = {"height": np.array(p.heights), "b_0": b[0], "b_1": b[1]} | {
            f"{kind}_{i}": runs[name, kind].bloch(i)[:, -1, 2] for kind in ("quantum", "classical") for i in (0, 1)}
    tables["time"] = _over_time(p)
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, runs))


def model(p: Parameters) -> Model:
    """The dimer, sites 0 and 1, and the surface; site 2 is below the dimer."""
    K0, K1 = sp.symbols("K0 K1", real=True)
    at = np.arange(2, 2 + p.moments).reshape(p.side, p.side)
    bonds = {tuple(sorted((int(a), int(b)))) for axis in (0, 1)
             for a, b in zip(at.ravel(), np.roll(at, -1, axis).ravel(), strict=True)}
    surface = [Bilinear(-p.stiff, *bond) for bond in sorted(bonds)]
    easy = [Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -p.easy]], i) for i in at.ravel().tolist()]
    return Model(Space("1/2", "1/2", *["1"] * p.moments),
                 [Bilinear(1, 0, 1), Bilinear(-K0, 0, 2), Bilinear(-K1, 1, 2), *surface, *easy])


def start(p: Parameters, kind: str) -> HybridState:
    """A tilted dimer on moments that are a little off their axis."""
    rng = np.random.default_rng(5)
    surface = np.array([0, 0, 1]) + 0.2 * rng.normal(size=(p.moments, 3)) * [1, 1, 0]
    surface /= np.linalg.norm(surface, axis=1, keepdims=True)
    dimer = np.array([[np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)] for a, b in TILTED])
    if kind == "quantum":
        return HybridState([states.coherent(Space("1/2", "1/2"), dimer.tolist())], surface)
    return HybridState([], [*dimer, *surface])


def law(p: Parameters, kind: str) -> Hybrid:
    """The dimer one cluster, or two moments."""
    surface = range(2, 2 + p.moments)
    return Hybrid(p.kappa, p.alpha, clusters=[(0, 1)], classical=surface) if kind == "quantum" else \
        Hybrid(0, p.alpha, classical=range(2 + p.moments))


def relaxed(p: Parameters, name: str, kind: str) -> HybridTrajectories:
    """The ends at all heights."""
    b0, b1 = p.fields[name]
    return solve_many(model(p), law(p, kind), start(p, kind), [0, p.stop], {"K0": b0, "K1": b1}, rtol=1e-8)


def ground(b0: float, b1: float) -> tuple[Array, float, float]:
    """Return ⟨σ_z⟩ of both spins in the ground state, its energy, and the gap, from the 4 × 4 matrix, by NumPy alone.

    >>> [round(float(x), 6) + 0 for x in ground(1.0, 0.0)[0]]
    [0.707107, -0.707107]
    """
    z0, z1 = np.kron(PAULI[2], np.eye(2)).real, np.kron(np.eye(2), PAULI[2]).real
    h = sum(np.kron(a, a) for a in PAULI).real / 4 - b0 * z0 / 2 - b1 * z1 / 2
    levels, vectors = np.linalg.eigh(h)
    weights = vectors[:, 0]**2
    return np.array([weights @ np.diag(z0), weights @ np.diag(z1)]), float(levels[0]), float(levels[1] - levels[0])


def canted(b0: float, b1: float) -> tuple[Array, float]:
    """Return m_z of both classical moments at rest and their energy, by SciPy's minimiser over two angles."""
    def energy(angles: Array) -> float:
        return float(np.cos(angles[0] - angles[1]) / 4 - b0 * np.cos(angles[0]) / 2 - b1 * np.cos(angles[1]) / 2)

    found = min((minimize(energy, x, method="BFGS", options={"gtol": 1e-10}) for x in ([0.3, -0.3], [0.2, 2.9])),
                key=lambda result: float(result.fun))
    return np.cos(found.x), float(found.fun)


# What the study says ----------------------------------------------------------------------------------------------


def _ends(run: HybridTrajectories) -> Array:
    """⟨σ_z⟩ of the dimer's spins at the end, (points, 2)."""
    return np.stack([run.bloch(i)[:, -1, 2] for i in (0, 1)], axis=1)


def _quantum(p: Parameters, runs: dict[tuple[str, str], HybridTrajectories]) -> Statement:
    """Moments of the quantum dimer."""
    apart, least = 0.0, 1.0
    for name, fields in p.fields.items():
        for found, b0, b1 in zip(_ends(runs[name, "quantum"]), *fields, strict=True):
            mixed = (b0 - b1) / np.hypot(1, b0 - b1)
            closed = np.array([mixed, -mixed]) if 1 / b0 + 1 / b1 > 2 else np.ones(2)
            apart = max(apart, float(np.abs(found - closed).max()), float(np.abs(ground(b0, b1)[0] - closed).max()))
            least = min(least, float(np.abs(found).max()))
    return Statement(
        "The quantum dimer comes to rest with ⟨σ_z⟩ = ±(b_0 − b_1)/√(J² + (b_0 − b_1)²), or polarised where "
        "1/b_0 + 1/b_1 < 2/J.", "own", judged(apart, 1e-5, 0.05),
        f"All heights, lying and upright, within {shown(apart)} of it and of the 4 × 4 matrix; the least moment is "
        f"{shown(least)}.")


def _crossing() -> Statement:
    """Where the triplet crosses."""
    apart = 0.0
    for ratio in (1.0, 0.7, np.exp(-1)):
        def lead(b: float, ratio: float = ratio) -> float:
            return float(ground(b, ratio * b)[0].sum()) - 1.0      # a jump from 0 to 2

        found = brentq(lead, 0.5, 4.0, xtol=1e-13)
        apart = max(apart, abs(1 / found + 1 / (ratio * found) - 2))
    return Statement("The stretched triplet is lowest from 1/b_0 + 1/b_1 = 2/J on.", "own", judged(apart, 1e-10, 1e-3),
                     f"Bisected in the 4 × 4 matrix for three ratios b_1/b_0: within {shown(apart)}.")


def _lying(p: Parameters, runs: dict[tuple[str, str], HybridTrajectories]) -> Statement:
    """Both over one moment."""
    b = p.fields["lying"][0]
    quantum, classical = (_ends(runs["lying", kind]) for kind in ("quantum", "classical"))
    apart = float(np.abs(classical - np.minimum(b, 1)[:, None]).max())
    quenched = float(np.abs(quantum[b < 1]).max(initial=0.0))
    return Statement(
        "Lying, the classical pair cants with m_z = b/J up to b = J; the quantum dimer has no moment up to there.",
        "own", truth(apart < 1e-5 and quenched < 1e-5 and bool((b < 1).any() and (b > 1).any())),
        f"Classical within {shown(apart)}; the largest quantum moment where b < J is {shown(quenched)}.")


def _upright(p: Parameters, runs: dict[tuple[str, str], HybridTrajectories]) -> Statement:
    """One above the other."""
    b0, b1 = p.fields["upright"]
    found = _ends(runs["upright", "classical"])
    apart = max(float(np.abs(ends - canted(x, y)[0]).max()) for ends, x, y in zip(found, b0, b1, strict=True))
    stiff = 1 / b1 - 1 / b0 > 2
    anti = float(np.abs(found[stiff] - [1, -1]).max(initial=0.0))
    return Statement(
        "Upright, the classical pair is antiparallel and of full length where 1/b_1 − 1/b_0 > 2/J, canted closer by.",
        "own", truth(apart < 1e-4 and anti < 1e-4 and bool(stiff.any())),
        f"Within {shown(apart)} of the least energy over two angles; antiparallel within {shown(anti)} at "
        f"{int(stiff.sum())} heights; at the farthest the quantum moment is {ground(b0[-1], b1[-1])[0][0]:.3f}.")


def _energies(p: Parameters, runs: dict[tuple[str, str], HybridTrajectories]) -> Statement:
    """All of it at rest."""
    surface = -p.stiff * len(model(p).terms[3:]) + (p.stiff - p.easy) * p.moments
    apart, gains = 0.0, list[float]()
    for name, fields in p.fields.items():
        for k, (b0, b1) in enumerate(zip(*fields, strict=True)):
            quantum, classical = (float(runs[name, kind].energy[k, -1]) for kind in ("quantum", "classical"))
            apart = max(apart, abs(quantum - surface - ground(b0, b1)[1]), abs(classical - surface - canted(b0, b1)[1]))
            gains.append(classical - quantum)
    return Statement(
        "At rest the surface stands along z, and the energy is its own with that of the dimer in the fields b; the "
        "quantum dimer's is never above the classical one's.", "own", truth(apart < 1e-6 and min(gains) > -1e-6),
        f"Energies within {shown(apart)}; quantum below classical by 0 (polarised) to {max(gains):.3f} J (far away).")


def _over_time(p: Parameters) -> dict[str, Array]:
    """The upright dimer at one height."""
    times, b = np.linspace(0, 25, 251), p.K * np.exp(-p.followed)
    values = {"K0": b, "K1": b * np.exp(-p.between)}
    found = {kind: solve(model(p), law(p, kind), start(p, kind), times, values) for kind in ("quantum", "classical")}
    return {"t": times} | {f"{kind}_{i}": run.bloch(i)[:, 2] for kind, run in found.items() for i in (0, 1)} | {
        "length": np.linalg.norm(found["quantum"].bloch(0), axis=1)}


def _checks(p: Parameters, runs: dict[tuple[str, str], HybridTrajectories]) -> tuple[Check, ...]:
    """Of our own numbers: spectra and lengths, and the surface along z at the end."""
    tilt = max(float(1 - run.moments[:, -1, -p.moments:, 2].min()) for run in runs.values())
    drifts = [float(np.max(drift)) for run in runs.values() for drift in run.invariants.values()]
    return (Check("drift of a spectrum or a length", max(drifts), 1e-12),
            Check("tilt of the surface at rest", tilt, 1e-6))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def against(name: str) -> Painter:
        def paint(axis: "Axes") -> None:
            table, fine = tables[name], np.linspace(min(p.heights), max(p.heights), 400)
            b0 = p.K * np.exp(-fine)
            b1 = b0 * (np.exp(-p.between) if name == "upright" else 1)
            exact = np.array([ground(x, y)[0] for x, y in zip(b0, b1, strict=True)])
            moments = np.array([canted(x, y)[0] for x, y in zip(b0, b1, strict=True)])
            axis.axhline(0, color="0.8", linewidth=0.5)
            for i in (0, 1):
                if name == "lying" and i:
                    continue
                axis.plot(fine, exact[:, i], color=COLORS[i], label=f"spin {i}" if name == "upright" else "quantum")
                axis.plot(fine, moments[:, i], color=COLORS[i], linestyle=CLASSICAL,
                          label="classical" if name == "lying" else None)
                axis.plot(table["height"], table[f"quantum_{i}"], "o", color=COLORS[i], markersize=3)
                axis.plot(table["height"], table[f"classical_{i}"], "s", color=COLORS[i], markersize=3,
                          markerfacecolor="white")
            axis.set(xlabel=r"Height $d/\lambda$", ylabel=r"$\langle\sigma_z\rangle$ at rest", ylim=(-1.15, 1.15))
        return paint

    def time(axis: "Axes") -> None:
        table = tables["time"]
        axis.axhline(0, color="0.8", linewidth=0.5)
        for i in (0, 1):
            axis.plot(table["t"], table[f"quantum_{i}"], color=COLORS[i])
            axis.plot(table["t"], table[f"classical_{i}"], color=COLORS[i], linestyle=CLASSICAL)
        axis.plot(table["t"], table["length"], color="0.4", linestyle=":", label=r"$|\langle\sigma\rangle|$, quantum")
        axis.set(xlabel="$t$", ylabel=r"$\langle\sigma_z\rangle$", xlim=(0, 25), ylim=(-1.15, 1.15))

    painters = [against("lying"), against("upright"), time]
    titles = "Lying", "Upright", f"Upright at $d = {p.followed:g}\\lambda$"
    return lambda: separate(painters, titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Two spins ½, H = J S_0·S_1, on one of {p.side} × {p.side} moments S = 1 (exchange {p.stiff:g} J, easy "
            f"axis {p.easy:g} J), couplings {p.K:g} J e^(−d/λ) to it, κ = {p.kappa:g}, α = {p.alpha:g}, ħ = J = λ = 1. "
            f"Marks: relaxed until t = {p.stop:g}; curves: 4 × 4 matrix and least classical energy. (a) Both spins at "
            "one height. (b) One above the other by λ. (c) On the way to rest. Quantum solid, classical dashed.")
