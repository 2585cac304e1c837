r"""A single-molecule magnet under field reversal: q-LLG finds the lower well through any barrier, LLG does not.

Question.     A spin S = 10 with an easy axis starts tilted by θ; the field is turned against it. When does it switch?
Setting.      H = −D S_z² − B(t) S_z; coherent start; ħ = γ_g = 1. H is diagonal at all times, so that exactly
                  c_m(t) ∝ c_m(0) exp[−(κ + i)/(1 + κ²) ∫ E_m dt],  E_m = −D m² − B m.
Answer.       The two wells' amplitudes c_S and c_−S change places when the area of the reversed field is
                  ∫ −B dt = ln cot(θ/2)/γ,  γ = κ/(1 + κ²):
              an area theorem without D and S. At that time the state is a superposition of both wells, ΔS_z = S. The
              classical moment stays in its well whenever it starts inside it: cos θ > |B|/(2DS).
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3; relaxation of pure states as in arXiv 2604.03731.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.optimize import brentq

from qllg_sym import Anisotropy, ClassicalLLG, Model, QuantumLLG, Space, Zeeman, solve, states, t
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "magnet", "A single-molecule magnet under field reversal"


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = 1."""

    S: int = 10
    D: float = 1.0
    B: float = 1.0          # of the reversed field
    theta: float = np.pi / 3
    kappa: float = 0.5
    ramp: float = 2.0       # time in which B goes from +B to −B
    points: int = 301
    angles: int = 9

    @property
    def gamma(self) -> float:
        """κ/(1 + κ²), the damping of pure states a second time on purpose."""
        return self.kappa / (1 + self.kappa**2)


QUICK = Parameters(points=101, angles=3)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    angles = np.linspace(np.pi / 4, 0.45 * np.pi, p.angles)
    found = np.array([_switched(p, theta) for theta in angles])
    sudden, ramped = _curve(p, "sudden"), _curve(p, "ramp")
    statements = (_law(p, sudden, ramped), _area(p, angles, found), _superposed(p), _stays(p, sudden))
    tables = {"sudden": sudden, "ramp": ramped, "time": {"theta": angles, "switched": found, "law": area(p, angles)}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, sudden, ramped, angles, found), statements, _checks(p))


def area(p: Parameters, theta: ArrayLike) -> Array:
    """Return the area of the reversed field at which the wells change places: ln cot(θ/2)/γ, in units of ħ/energy × B.

    >>> bool(abs(area(Parameters(), np.pi / 2)) < 1e-15)
    True
    """
    return -np.log(np.tan(np.asarray(theta) / 2)) / p.gamma


def populations(p: Parameters, theta: float, time: float, turned: float) -> Array:
    """Return |c_m|² from m = S down, from the closed form.

    Args:
        p: parameters.
        theta: tilt of the start.
        time: since the start.
        turned: ∫ B dt.

    >>> round(float(populations(Parameters(), 0.5, 0.0, 0.0).sum()), 12)
    1.0
    """
    m = np.arange(p.S, -p.S - 1, -1.0)
    k = p.S - m
    binomial = np.log([float(comb(2 * p.S, int(j))) for j in k])
    exponent = binomial + 2 * (2 * p.S - k) * np.log(np.cos(theta / 2)) + 2 * k * np.log(np.sin(theta / 2))
    exponent += 2 * p.gamma * (p.D * m**2 * time + m * turned)
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())


def _field(p: Parameters, kind: str) -> float | sp.Expr:
    """B(t): −B from the start, or a ramp from B to −B that goes on beyond."""
    return -p.B if kind == "sudden" else p.B * (1 - 2 * t / p.ramp)


def _turned(p: Parameters, kind: str, time: float) -> float:
    """∫ B dt."""
    return float(quad(lambda x: -p.B if kind == "sudden" else p.B * (1 - 2 * x / p.ramp), 0, time)[0])


def _run(p: Parameters, kind: str, theta: float, times: Sequence[float] | Array, method: str = "frame") -> Trajectory:
    """The spin under q-LLG; tolerances near rounding, for damping amplifies errors of the small amplitudes."""
    space = Space(str(p.S))
    model = Model(space, [Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -p.D]], 0), Zeeman((0, 0, _field(p, kind)))])
    return solve(model, QuantumLLG(p.kappa), states.coherent(space, [(theta, 0.0)]), times, method=method, rtol=1e-13,
                 atol=1e-15)


def _classical(p: Parameters, kind: str, theta: float, times: Sequence[float] | Array) -> Array:
    """The unit moment under LLG, (n, 3)."""
    model = Model(Space(str(p.S)), [Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -p.D]], 0),
                                    Zeeman((0, 0, _field(p, kind)))])
    start = [[np.sin(theta), 0.0, np.cos(theta)]]
    return np.asarray(solve(model, ClassicalLLG(p.kappa, field="mean"), start, times).bloch(0))


def _stop(p: Parameters, kind: str) -> float:
    """A time well after the switch."""
    late = 1.6 * float(area(p, p.theta)) / p.B
    return late if kind == "sudden" else p.ramp / 2 + np.sqrt((p.ramp / 2) ** 2 + p.ramp * late)


def _curve(p: Parameters, kind: str) -> dict[str, Array]:
    """⟨S_z⟩/S by integration, by the closed form, and the classical m_z."""
    times = np.linspace(0, _stop(p, kind), p.points)
    m = np.arange(p.S, -p.S - 1, -1.0)
    closed = np.array([populations(p, p.theta, x, _turned(p, kind, x)) @ m for x in times]) / p.S
    return {"t": times, "q-llg": _run(p, kind, p.theta, times).bloch(0)[:, 2], "closed": closed,
            "llg": _classical(p, kind, p.theta, times)[:, 2]}


def _switched(p: Parameters, theta: float) -> float:
    """When ⟨S_z⟩ passes zero under a sudden reversal, by root finding on integrated curves."""
    guess = float(area(p, theta)) / p.B
    run = _run(p, "sudden", theta, [0.0, 0.8 * guess, 1.2 * guess])
    return float(brentq(lambda x: run.snapshot(x).bloch(0)[-1, 2], 0.8 * guess, 1.2 * guess, xtol=1e-7))


# What the study says ----------------------------------------------------------------------------------------------


def _law(p: Parameters, sudden: dict[str, Array], ramped: dict[str, Array]) -> Statement:
    """Curves against the closed form."""
    apart = [float(np.abs(curve["q-llg"] - curve["closed"]).max()) for curve in (sudden, ramped)]
    return Statement(
        "Where H(t) stays diagonal, c_m ∝ exp[−(κ + i)/(1 + κ²) ∫ E_m dt] solves q-LLG in any time-dependent field.",
        "own", judged(max(apart), 1e-5, 1e-2),
        f"Largest distance of ⟨S_z⟩/S from the closed form: {shown(apart[0])} after a sudden reversal, "
        f"{shown(apart[1])} in a ramp.")


def _area(p: Parameters, angles: Array, found: Array) -> Statement:
    """The area theorem."""
    off = float(np.abs(found * p.B / area(p, angles) - 1).max())
    return Statement(
        "The wells change places at the area ∫ −B dt = ln cot(θ/2)/γ, whatever D and S.", "own",
        judged(off, 2e-3, 0.05),
        f"Times at which ⟨S_z⟩ = 0 for {len(angles)} tilts between {np.degrees(angles[0]):.0f}° and "
        f"{np.degrees(angles[-1]):.0f}°: within {shown(off)} of it; {found[0]:.5f} and {found[-1]:.5f} for "
        f"{float(area(p, angles[0])) / p.B:.5f} and {float(area(p, angles[-1])) / p.B:.5f}.")


def _superposed(p: Parameters) -> Statement:
    """The state at the switch."""
    when = float(area(p, p.theta)) / p.B
    run = _run(p, "sudden", p.theta, [0.0, when])
    weights = np.abs(run.kets[-1, :, 0]) ** 2
    m = np.arange(p.S, -p.S - 1, -1.0)
    spread = float(np.sqrt(weights @ m**2 - (weights @ m) ** 2))
    closed = populations(p, p.theta, when, -p.B * when)
    return Statement(
        "At the switch the state is a superposition of both wells.", "own",
        truth(abs(spread / p.S - 1) < 0.01 and float(np.abs(weights - closed).max()) < 1e-4),
        f"Weights {weights[0]:.5f} and {weights[-1]:.5f} of m = ±{p.S} ({closed[0]:.5f} and {closed[-1]:.5f} by the "
        f"closed form), ΔS_z = {spread:.4f}.")


def _stays(p: Parameters, sudden: dict[str, Array]) -> Statement:
    """The classical moment."""
    held = p.B / (2 * p.D * p.S)
    late = _classical(p, "sudden", p.theta, [0.0, 100.0])[-1, 2]
    over = _classical(p, "sudden", np.arccos(0.5 * held), [0.0, 100.0])[-1, 2]
    return Statement(
        "The classical moment stays in its well if it starts inside, cos θ > |B|/(2DS); the quantum spin leaves it.",
        "own", truth(late > 1 - 1e-6 and over < -1 + 1e-6 and sudden["q-llg"][-1] < -0.99),
        f"|B|/(2DS) = {held:.3f}: LLG ends at m_z = {late:.4f} from cos θ = {np.cos(p.theta):.3f}, and at "
        f"{shown(over, '.4f')} from cos θ = {0.5 * held:.3f}; under q-LLG ⟨S_z⟩/S is "
        f"{shown(sudden['q-llg'][-1], '.4f')} at t = {sudden['t'][-1]:.2f}.")


def _checks(p: Parameters) -> tuple[Check, ...]:
    """Of our own numbers: another method where the field is constant, and the spectrum in the ramp."""
    times = np.linspace(0, _stop(p, "sudden"), 21)
    pair = [_run(p, "sudden", p.theta, times, method).bloch(0) for method in ("frame", "exact")]
    ramp = _run(p, "ramp", p.theta, np.linspace(0, _stop(p, "ramp"), 21))
    return (Check("methods frame and exact apart", float(np.abs(pair[0] - pair[1]).max()), 1e-5),
            Check("drift of the purity", ramp.invariants["purity"], 1e-10))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, sudden: dict[str, Array], ramped: dict[str, Array], angles: Array,
             found: Array) -> Drawing:
    """What draws the picture when it is called."""
    def curve(table: dict[str, Array], label: str) -> Painter:
        def paint(axis: "Axes") -> None:
            axis.axhline(0, color="0.8", linewidth=0.5)
            axis.plot(table["t"], table["q-llg"], color=COLORS[0], label="q-LLG")
            axis.plot(table["t"], table["closed"], color=COLORS[1], linestyle=":", label="closed form")
            axis.plot(table["t"], table["llg"], color=COLORS[2], linestyle=CLASSICAL, label="LLG")
            axis.set(xlabel="$t$", ylabel=label, xlim=(0, table["t"][-1]), ylim=(-1.08, 1.3))
        return paint

    def times(axis: "Axes") -> None:
        fine = np.linspace(angles[0], angles[-1], 101)
        axis.plot(np.degrees(fine), area(p, fine) / p.B, color=COLORS[6], linewidth=0.8, label="area theorem")
        axis.plot(np.degrees(angles), found, "o", color=COLORS[0], markersize=3.5, label="integrated")
        axis.set(xlabel=r"Tilt $\theta$ (degrees)", ylabel="Time of the switch", ylim=(0, None))

    moment = r"$\langle S_z\rangle/S$, $m_z$"
    titles = "Sudden reversal of the field", "Field swept through zero", "Area theorem"
    return lambda: separate([curve(sudden, moment), curve(ramped, moment), times], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"S = {p.S}, H = −D S_z² − B(t) S_z, D = {p.D:g}, κ = α = {p.kappa:g}, ħ = γ_g = 1, coherent start at θ = "
            f"{np.degrees(p.theta):.0f}°. (a) B = −{p.B:g} from t = 0. (b) B linear in t, from {p.B:g} to −{p.B:g} at "
            f"t = {p.ramp:g}. (c) Time at which ⟨S_z⟩ = 0 in (a) against the tilt, and ln cot(θ/2)/(γ|B|).")
