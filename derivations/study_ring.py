r"""An antiferromagnetic ring of four spins 5/2, as in Fe(III) rings: from the Néel state to the singlet.

Question.     How does the staggered moment of a molecular ring die under q-LLG, pure and mixed?
Setting.      H = J Σ S_i·S_{i+1} on a ring of four, d = 6⁴ = 1296; ħ = J = 1.
Answer.       H = J S_A·S_B with the sublattice spins S_A = S_0 + S_2, S_B = S_1 + S_3; the Néel state is
              |2s, 2s⟩|2s, −2s⟩, so everything happens in 4s + 1 = 11 states |m, −m⟩, with Landé's levels
              E_S = (J/2)[S(S + 1) − 4s(2s + 1)]. Pure: the weights (2S + 1)(4s)!²/[(4s − S)!(4s + S + 1)!] decay as
              exp[−γJS(S + 1)t], γ = κ/(1 + κ²), and the singlet has no staggered moment. A mixture of the two Néel
              states keeps its spectrum and ends in singlet and triplet, E = p_1 E_0 + p_2 E_1.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import expm

from qllg_sym import Bilinear, LowRank, Model, QuantumLL, QuantumLLG, Space, ring, solve, states
from qllg_sym.equations.law import Law
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "ring", "An antiferromagnetic ring of four spins"
NEEL = ("up", "down", "up", "down")
LATE = 15.0     # when the triplet alone is left


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = 1."""

    n: int = 5              # 2s
    kappa: float = 0.5
    stop: float = 6.0
    points: int = 241
    late: float = 40.0
    weights: tuple[float, float] = (0.7, 0.3)

    @property
    def gamma(self) -> float:
        """κ/(1 + κ²), the damping of pure states a second time on purpose."""
        return self.kappa / (1 + self.kappa**2)


QUICK = Parameters(n=1, points=41)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    times = np.linspace(0, p.stop, p.points)
    damped, slow = (_run(p, law, times) for law in (QuantumLLG, QuantumLL))
    mixed = _mixed(p, np.union1d(times, np.linspace(0, p.late, p.points)))
    statements = (_sublattices(p, damped), _lande(p, damped), _gap(p), _ends(p, mixed))
    curve = {"t": times, "staggered": _staggered(damped), "staggered_qll": _staggered(slow), "energy": damped.energy,
             "entropy": damped.entanglement((0, 2))}
    tables = {"pure": curve, "mixed": {"t": mixed.times, "staggered": _staggered(mixed), "energy": mixed.energy}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, damped, slow, mixed))


def lande(p: Parameters) -> tuple[Array, Array]:
    """Return the levels E_S, S = 0 … 4s, and the Néel state's weights on them.

    >>> energies, weights = lande(Parameters())
    >>> energies[:2].tolist(), round(float(weights.sum()), 12)
    ([-30.0, -29.0], 1.0)
    """
    S = np.arange(2 * p.n + 1)
    weights = [(2 * k + 1) * factorial(2 * p.n) ** 2 / (factorial(2 * p.n - k) * factorial(2 * p.n + k + 1))
               for k in map(int, S)]
    return (S * (S + 1) - 2 * p.n * (p.n + 1)) / 2, np.array(weights)


def sublattices(p: Parameters, times: Array) -> Array:
    """Return ⟨S_Az⟩/(2s) at equally spaced times from the 4s + 1 states |m, −m⟩ of two spins 2s, (n,).

    >>> round(float(sublattices(Parameters(), np.array([0.0, 1.0]))[0]), 12)
    1.0
    """
    m = np.arange(p.n, -p.n - 1, -1.0)
    ladder = (p.n * (p.n + 1) - m[1:] * (m[1:] + 1)) / 2
    step = expm(-(p.kappa + 1j) / (1 + p.kappa**2) * (times[1] - times[0])
                * (np.diag(-m * m) + np.diag(ladder, 1) + np.diag(ladder, -1)))
    ket, found = np.eye(len(m), dtype=complex)[0], []
    for _ in times:
        found.append(float(np.abs(ket) ** 2 @ m) / p.n)
        ket = step @ ket
        ket /= np.linalg.norm(ket)
    return np.array(found)


def _model(p: Parameters) -> Model:
    """The ring."""
    return Model(Space(*[f"{p.n}/2" if p.n % 2 else f"{p.n // 2}"] * 4), ring(4, Bilinear, 1))


def _run(p: Parameters, law: Callable[[float], Law], times: Array) -> Trajectory:
    """From the Néel state."""
    return solve(_model(p), law(p.kappa), states.product(*NEEL), times)


def _mixed(p: Parameters, times: Array) -> Trajectory:
    """From a mixture of the two Néel states: |s, −s, s, −s⟩ and |−s, s, −s, s⟩."""
    levels = p.n + 1
    kets = np.zeros((levels**4, 2))
    for column, digits in enumerate(((0, p.n, 0, p.n), (p.n, 0, p.n, 0))):
        kets[np.ravel_multi_index(digits, (levels,) * 4), column] = 1
    return solve(_model(p), QuantumLLG(p.kappa), LowRank(np.array(p.weights), kets), times, method="low-rank",
                 rtol=1e-9)


def _staggered(run: Trajectory) -> Array:
    """The staggered moment a spin, in units of s."""
    return np.asarray(run.profile("z") @ np.array([1, -1, 1, -1]) / 4)


# What the study says ----------------------------------------------------------------------------------------------


def _sublattices(p: Parameters, run: Trajectory) -> Statement:
    """Four spins against two."""
    apart = float(np.abs(_staggered(run) - sublattices(p, run.times)).max())
    return Statement(
        "The ring moves as two spins 2s: 4s + 1 states serve for all (2s + 1)⁴.", "own", judged(apart, 1e-7, 1e-2),
        f"d = {(p.n + 1)**4}: staggered moment within {shown(apart)} of that of {2 * p.n + 1} states.")


def _lande(p: Parameters, run: Trajectory) -> Statement:
    """The energy."""
    energies, weights = lande(p)
    S = np.arange(len(weights))
    decayed = weights * np.exp(-p.gamma * np.outer(run.times, S * (S + 1)))
    closed = decayed @ energies / decayed.sum(axis=1)
    apart = float(np.abs(run.energy - closed).max())
    return Statement(
        "The energy is that of Landé's levels with weights that decay as exp[−γJS(S + 1)t].", "own",
        judged(apart, 1e-7, 1e-2),
        f"From {shown(run.energy[0], '.4f')} to {shown(run.energy[-1], '.4f')} (singlet {shown(energies[0], 'g')}), "
        f"within {shown(apart)}.")


def _gap(p: Parameters) -> Statement:
    """The last stage."""
    run = _run(p, QuantumLLG, np.array([0.0, LATE]))
    excess = run.energy[-1] - lande(p)[0][0]
    closed = 3 * p.n / (p.n + 1) * np.exp(-2 * p.gamma * LATE)
    return Statement(
        "In the end only the triplet is left beside the singlet, and the excess energy is 3(2s)/(2s + 1) × "
        "exp(−2γJt) × J to leading order.", "own",
        truth(abs(excess / closed - 1) < 1e-2),
        f"At t = {LATE:g} the excess is {shown(excess, '.4e')}, the closed form {shown(closed, '.4e')}.")


def _ends(p: Parameters, mixed: Trajectory) -> Statement:
    """The mixture."""
    energies, _ = lande(p)
    expected = float(np.array(p.weights) @ energies[:2])
    apart, drift = abs(float(mixed.energy[-1]) - expected), mixed.invariants["spectrum"]
    return Statement(
        "A mixture of the two Néel states ends in singlet and triplet with its two weights.", "own",
        truth(apart < 1e-4 and drift < 1e-10),
        f"Energy {shown(mixed.energy[-1], '.6f')} at t = {p.late:g} for {p.weights[0]:g} E_0 + {p.weights[1]:g} E_1 = "
        f"{shown(expected, '.6f')}; the spectrum drifts by {shown(drift)}.")


def _checks(p: Parameters, damped: Trajectory, slow: Trajectory, mixed: Trajectory) -> tuple[Check, ...]:
    """Of our own numbers: the spectrum, energies that only fall, and q-LL in its own time."""
    rescaled = _run(p, QuantumLL, damped.times / (1 + p.kappa**2))
    return (Check("drift of the purity", max(r.invariants["purity"] for r in (damped, slow, mixed)), 1e-9),
            Check("largest rise of the energy", float(max(np.diff(r.energy).max() for r in (damped, mixed))), 1e-7),
            Check("q-LL in the time t/(1 + κ²) apart",
                  float(np.abs(_staggered(rescaled) - _staggered(damped)).max()), 1e-7))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    pure, mixed = tables["pure"], tables["mixed"]

    def moment(axis: "Axes") -> None:
        axis.axhline(0, color="0.8", linewidth=0.5)
        axis.plot(pure["t"], pure["staggered"], color=COLORS[0], label="q-LLG")
        axis.plot(pure["t"], sublattices(p, pure["t"]), color=COLORS[6], linestyle=":", label="two spins $2s$")
        axis.plot(pure["t"], pure["staggered_qll"], color=COLORS[1], linestyle=CLASSICAL, label="q-LL")
        axis.set(xlabel="$t$", ylabel="Staggered moment / $s$", xlim=(0, p.stop))

    def energy(axis: "Axes") -> None:
        levels, _ = lande(p)
        for k, level in enumerate(levels[:3]):
            axis.axhline(level, color="0.75", linewidth=0.6, zorder=0)
            axis.text(0.02 * p.stop, level, f"$S = {k}$", fontsize=6, ha="left", va="bottom", color="0.4")
        axis.plot(pure["t"], pure["energy"], color=COLORS[0], label="pure")
        axis.plot(mixed["t"], mixed["energy"], color=COLORS[2], label="mixed")
        axis.set(xlabel="$t$", ylabel="Energy", xlim=(0, p.stop), ylim=(levels[0] - 0.5, levels[0] + 4.5))

    def entropy(axis: "Axes") -> None:
        axis.plot(pure["t"], pure["entropy"], color=COLORS[3], label="of a sublattice")
        axis.axhline(np.log(2 * p.n + 1), color=COLORS[6], linestyle=CLASSICAL, linewidth=0.7,
                     label=f"$\\ln {2 * p.n + 1}$, singlet")
        axis.set(xlabel="$t$", ylabel="Entanglement entropy", xlim=(0, p.stop), ylim=(0, None))

    titles = "Néel state of the ring", "Energy, Landé's levels grey", "Entanglement of sublattices"
    return lambda: separate([moment, energy, entropy], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Ring of four spins {p.n}/2, H = J Σ S_i·S_(i+1), κ = {p.kappa:g}, ħ = J = 1, from the Néel state. "
            f"(a) Staggered moment. (b) Energy, pure and of a mixture {p.weights} of both Néel states, with Landé's "
            "levels. (c) Entanglement of the two sublattices.")
