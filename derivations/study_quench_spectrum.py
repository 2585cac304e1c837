r"""A spectrum through the quench of Fig. 1: what a weak probe pulse sees at each delay.

Question.     The dimer of Fig. 1 relaxes from |↑↓⟩. What does it absorb on the way, when a weak pulse probes it at t_w?
Setting.      H = J σ·σ − ½ B (σx1 + σx2) − f g(t − t_w) A, A = ½(σz1 + σz2), g a narrow Gaussian of area 1;
              ħ = γ_g = 1.
              The signal s(τ) = ∂⟨A⟩(t_w + τ)/∂f at f = 0 is an exact sensitivity, no difference of runs;
              χ(ω; t_w) = ∫ s(τ) e^{iωτ} dτ/∫ g(τ) e^{iωτ} dτ.
Answer.       Right behind the pulse s = 2κ/(1 + κ²)·Var A in the state at t_w: friction makes a kick felt at once, by
              as much as A fluctuates. The start is no passive state and amplifies some frequencies; late the probe
              finds the susceptibility of the end state, which absorbs at every one.
Source.       Own; Fig. 1 of PRL 133, 266704 (2024); the late limit is the susceptibility of `response`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from qllg_sym import Exchange, Model, Operator, QuantumLLG, Space, Zeeman, response, solve, states, t
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "quench-spectrum", "A spectrum through the quench of Fig. 1"
A = np.diag([1.0, 0.0, 0.0, -1.0])      # ½(σz1 + σz2)


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = |J| = 1."""

    J: float = -1.0
    B: float = 1.0
    kappa: float = 0.2
    width: float = 0.02                                 # of the pulse, its standard deviation
    delays: tuple[float, ...] = (0.5, 2.0, 4.0, 8.0, 30.0)
    window: float = 60.0                                # of time behind the pulse
    points: int = 3001
    frequencies: int = 161
    highest: float = 4.0


QUICK = Parameters(delays=(0.5, 4.0, 30.0), points=1501, window=45.0, frequencies=41)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    probed = {delay: _probed(p, delay) for delay in p.delays}
    signals = {delay: signal(run) for delay, run in probed.items()}
    omega = np.linspace(0.05, p.highest, p.frequencies)
    spectra = {delay: spectrum(p, delay, probed[delay].times, s, omega) for delay, s in signals.items()}
    late = response(_model(p), QuantumLLG(p.kappa), "ground").susceptibility(A, A, omega)
    last = p.delays[-1]
    tables = {"signals": {"tau": probed[last].times - last,
                          **{f"t_{delay:g}": s for delay, s in signals.items()}},
              "absorption": {"omega": omega, **{f"t_{delay:g}": omega * chi.imag / 2 for delay, chi in spectra.items()},
                             "stationary": omega * late.imag / 2},
              "variance": _variances(p)}
    statements = (_felt(p, probed, signals), _late(p, spectra[last], late), _gain(p, omega, spectra, late),
                  _undamped(p))
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, probed[p.delays[0]]))


# Numbers ----------------------------------------------------------------------------------------------------------


def _model(p: Parameters, pulse: Any = 0) -> Model:
    """The dimer, with a probe."""
    parts = [Exchange(p.J, 0, 1), Zeeman((p.B, 0, 0))]
    return Model(Space("1/2", "1/2"), parts if pulse == 0 else [*parts, -pulse * Operator(sp.diag(1, 0, 0, -1))])


def _probed(p: Parameters, delay: float, kappa: float | None = None) -> Trajectory:
    """The quench with a probe of strength f = 0, from 8 widths before the delay; there κ may become another one."""
    f, width = sp.Symbol("f", real=True), sp.Rational(str(p.width))
    pulse = f * sp.exp(-((t - sp.Rational(str(delay))) / width)**2 / 2) / (width * sp.sqrt(2 * sp.pi))
    tau = np.concatenate([[-8 * p.width], np.linspace(-8 * p.width, 8 * p.width, 65)[1:-1],
                          np.linspace(8 * p.width, p.window, p.points)])
    law = QuantumLLG(p.kappa if kappa is None else kappa)
    before = solve(_model(p), QuantumLLG(p.kappa), states.product("up", "down"), [0.0, delay - 8 * p.width])
    return solve(_model(p, pulse), law, before.final_state, delay + tau, values={"f": 0})


def signal(run: Trajectory) -> Array:
    """Return ∂⟨A⟩/∂f over time, (n,)."""
    return np.asarray(np.einsum("njk,kj->n", run.sensitivity("f"), A).real)


def spectrum(p: Parameters, delay: float, times: Array, s: Array, omega: Array) -> Array:
    """Return χ(ω; t_w), (n,): the trapezoidal rule, over the transform of the pulse."""
    tau = times - delay
    return np.array([np.trapezoid(s * np.exp(1j * w * tau), tau) for w in omega]) * np.exp((omega * p.width)**2 / 2)


def friction(p: Parameters, rho: Array, kappa: float) -> float:
    """Return 2κ/(1 + κ²)·Var A of a pure state: what a kick is felt by at once.

    >>> friction(Parameters(), np.diag([0.5, 0, 0, 0.5]), 1.0)
    1.0
    """
    mean = np.trace(rho @ A).real
    return float(2 * kappa / (1 + kappa**2) * (np.trace(rho @ A @ A).real - mean**2))


def _variances(p: Parameters) -> dict[str, Array]:
    """Var A through the quench."""
    times = np.linspace(0, 10, 101)
    run = solve(_model(p), QuantumLLG(p.kappa), states.product("up", "down"), times)
    return {"t": times, "felt": np.array([friction(p, rho, p.kappa) for rho in run.states])}


def _behind(p: Parameters, run: Trajectory) -> int:
    """The first time 8 widths behind the pulse."""
    return int(np.argmin(abs(run.times - run.times[0] - 16 * p.width)))


# What the study says ----------------------------------------------------------------------------------------------


def _felt(p: Parameters, probed: dict[float, Trajectory], signals: dict[float, Array]) -> Statement:
    """Right behind the pulse."""
    told, off = [], 0.0
    for delay, run in probed.items():
        middle = int(np.argmin(abs(run.times - delay)))
        expected = friction(p, run.states[middle], p.kappa)
        k = _behind(p, run)
        s, tau = signals[delay][k:k + 4], run.times[k:k + 4] - delay
        found = float(np.polyfit(tau, s, 2)[-1])            # back to the middle of the pulse
        off = max(off, abs(found - expected))
        told.append(f"{found:.4f} for {expected:.4f} at {delay:g}")
    return Statement(
        "A kick is felt at once by 2κ/(1 + κ²)·Var A of the state that it finds.", "own",
        truth(off < 0.02), "; ".join(told) + ".")


def _late(p: Parameters, found: Array, expected: Array) -> Statement:
    """The end."""
    off = float(abs(found - expected).max() / abs(expected).max())
    return Statement(
        "Late the probe finds the susceptibility of the end state, the ground state.", "own", truth(off < 5e-3),
        f"t_w = {p.delays[-1]:g}: {shown(off)} of its largest value apart from `response`.")


def _gain(p: Parameters, omega: Array, spectra: dict[float, Array], late: Array) -> Statement:
    """Amplification."""
    least = {delay: float((omega * chi.imag / 2).min()) for delay, chi in spectra.items()}
    early, end = least[p.delays[0]], least[p.delays[-1]]
    return Statement(
        "Early the dimer amplifies some frequencies, late it absorbs at every one.", "own",
        truth(early < -0.02 and end > -1e-2 * abs(early) and float((omega * late.imag).min()) >= 0),
        "Least ½ω Im χ: " + ", ".join(f"{shown(x, '.4f')} at {delay:g}" for delay, x in least.items()) + ".")


def _undamped(p: Parameters) -> Statement:
    """κ = 0 from t_w = 4 on: Kubo."""
    run = _probed(p, 4.0, 0.0)
    s, h = signal(run), _matrix(p)
    energies, vectors = np.linalg.eigh(h)
    middle = run.states[int(np.argmin(abs(run.times - 4.0)))]
    off = 0.0
    for k in range(_behind(p, run), len(s), len(s) // 12):
        phases = np.exp(1j * energies * (run.times[k] - 4.0))
        moved = vectors @ (np.outer(phases, phases.conj()) * (vectors.conj().T @ A @ vectors)) @ vectors.conj().T
        off = max(off, abs(s[k] - (1j * np.trace(middle @ (moved @ A - A @ moved))).real))
    return Statement(
        "Without damping from t_w on the signal is Kubo's i⟨[A(τ), A]⟩ in the state at t_w.", "Kubo (1957)",
        truth(off < 1e-3 * abs(s).max() and abs(s).max() > 0.1),
        f"Largest distance on the way: {shown(off)}, of a signal up to {abs(s).max():.2f}; the pulse has a width of "
        f"{p.width:g}.")


def _matrix(p: Parameters) -> Array:
    """H without the probe, a second time on purpose."""
    s = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    total = p.J * sum(np.kron(a, a) for a in s) - p.B / 2 * (np.kron(s[0], np.eye(2)) + np.kron(np.eye(2), s[0]))
    return np.asarray(total)


def _checks(p: Parameters, run: Trajectory) -> tuple[Check, ...]:
    """Of our own numbers: the sensitivity and a difference of two runs with pulses."""
    k = _behind(p, run)
    model, law = run.model, QuantumLLG(p.kappa)
    ends = [solve(model, law, run.states[0], run.times[[0, k, -1]], values={"f": f}, rtol=1e-12, atol=1e-14).states
            for f in (1e-4, -1e-4)]
    moved = np.einsum("njk,kj->n", ends[0] - ends[1], A).real / 2e-4
    return (Check("sensitivity and difference of two runs apart",
                  float(abs(moved[1:] - signal(run)[[k, -1]]).max()), 1e-6),)


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    lines = "-", (0, (5.0, 1.5)), (0, (1.0, 1.2)), (0, (4.0, 1.4, 1.0, 1.4)), (0, (6.0, 2.0))

    def felt(axis: "Axes") -> None:
        axis.plot(tables["variance"]["t"], tables["variance"]["felt"], color=COLORS[0])
        axis.set(xlabel="$t_w$", ylabel=r"Signal at $\tau = 0$", xlim=(0, 10), ylim=(0, None))

    def signals(axis: "Axes") -> None:
        for k, delay in enumerate(p.delays):
            axis.plot(tables["signals"]["tau"], tables["signals"][f"t_{delay:g}"], color=COLORS[k], linestyle=lines[k],
                      linewidth=0.9, label=f"$t_w = {delay:g}$")
        axis.set(xlabel=r"$\tau$", ylabel=r"$\partial\langle A\rangle/\partial f$", xlim=(-0.5, 16))

    def absorbed(axis: "Axes") -> None:
        table = tables["absorption"]
        axis.axhline(0, color="0.8", linewidth=0.5)
        for k, delay in enumerate(p.delays):
            axis.plot(table["omega"], table[f"t_{delay:g}"], color=COLORS[k], linestyle=lines[k], linewidth=0.9)
        axis.plot(table["omega"][::8], table["stationary"][::8], "o", color="0.2", markersize=2.5, label="ground state")
        axis.set(xlabel=r"$\omega$", ylabel=r"$\frac{1}{2}\omega\,\mathrm{Im}\,\chi$", xlim=(0, p.highest))

    titles = "Felt at once", "Signals of the probe", "Absorption"
    return lambda: separate([felt, signals, absorbed], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"FM dimer from |↑↓⟩, D = 0, κ = {p.kappa:g}, ħ = γ_g = |J| = B = 1; probed by A = ½(σz1 + σz2). (a) "
            "2κ/(1 + κ²)·Var A. (b) Signal at delays t_w. (c) ½ω Im χ(ω; t_w), lines as in (b).")
