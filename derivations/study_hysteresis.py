r"""Hysteresis of a single-molecule magnet: steps where levels cross, and what damping makes of Landau and Zener.

Question.     A spin S = 2 with an easy axis goes up a field ramp from its ground state m = −S. Where does its moment
              step, how high, and what do κ and a heat bath change?
Setting.      H = −D S_z² + E(S_x² − S_y²) − B(t) S_z − B_x S_x, Ḃ constant; ħ = γ_g = 1, energies in D.
Answer.       Levels m = −S and S − n cross near B = nD/(gμ_B). Without damping a fraction P_n = 1 − exp(−πΔ_n²/(2ħv_n))
              goes over, v_n = (2S − n)Ḃ, Δ_n the gap that the transverse terms leave. With damping the odds of the two
              wells grow by exp(2γ∫ΔE dt) on the way, γ = κ/(1 + κ²): a small P_0 is enough, and the moment reverses at
                  B_c = √(Ḃ ln[(1 − P_0)/P_0]/(2γS)).
              P_n is the limit κ∫ΔE dt → 0 alone. A heat bath reverses it earlier, and ends in the canonical ensemble.
Source.       Landau (1932), Zener (1932); steps of Mn12: Thomas et al., Nature 383, 145 (1996); else own; the law is
              PRL 133, 266704 (2024), eq. 3.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from qllg_sym import (
    Bath,
    Model,
    QuantumLLG,
    Space,
    ThermalEnsemble,
    Units,
    Zeeman,
    ZeroField,
    canonical,
    langevin,
    solve,
    states,
    t,
)
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "hysteresis", "Hysteresis of a single-molecule magnet"
TENS = 3.0          # standard errors


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = D = 1."""

    S: int = 2
    E: float = 0.1
    B_x: float = 0.1
    begin: float = -0.5
    end: float = 1.5
    rate: float = 1e-3                                  # of the ramp of the steps
    rates: tuple[float, ...] = (5e-4, 1e-3, 2e-3, 5e-3, 1e-2)
    kappas: tuple[float, ...] = (1e-5, 1e-4, 1e-3)
    fast: float = 1e-2                                  # of the ramp of the loops
    kappa: float = 0.1                                  # in the loops
    kT: float = 0.3
    trajectories: int = 400
    points: int = 401
    seed: int = 7


QUICK = Parameters(rates=(2e-3, 1e-2), rate=2e-3, trajectories=150, points=161)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    fields = np.linspace(p.begin, p.end, p.points)
    steps = {kappa: _ramp(p, p.rate, kappa, fields) for kappa in (0.0, *p.kappas)}
    loops = {kappa: _ramp(p, p.fast, kappa, fields) for kappa in (p.kappa / 4, p.kappa)}
    hot = _heated(p)
    rates = np.array(p.rates)
    gone = np.array([1 - survival(p, _ramp(p, rate, 0.0, [p.begin, 0.5]), -1) for rate in p.rates])
    fine = np.geomspace(rates.min() / 1.3, rates.max() * 1.3, 61)
    tables = {"ramp": {"B": fields, **{f"kappa_{kappa:g}": moment(p, run) for kappa, run in steps.items()}},
              "rates": {"rate": rates, "gone": gone, "landau_zener": landau_zener(p, 0, rates)},
              "formula": {"rate": fine, "landau_zener": landau_zener(p, 0, fine)},
              "loops": {"B": fields, **{f"kappa_{kappa:g}": moment(p, run) for kappa, run in loops.items()}},
              "heated": {"B": p.begin + p.fast * hot.times, "mean": hot.mean["moment"] / p.S,
                         "error": hot.error["moment"] / p.S}}
    statements = (_steps(p, steps[0.0]), _formula(p, gone), _limit(p, steps), _odds(p), _coercive(p), _selection(p),
                  _bath(p, hot))
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, steps[0.0]))


# Numbers ----------------------------------------------------------------------------------------------------------


def spin_matrices(S: int) -> tuple[Any, Any, Any]:
    """Return S_x, S_y, S_z a second time on purpose.

    >>> spin_matrices(1)[2].diagonal().tolist()
    [1.0, 0.0, -1.0]
    """
    m = S - np.arange(2 * S + 1.0)
    up = np.diag(np.sqrt(S * (S + 1) - m[1:] * (m[1:] + 1)), 1)
    return (up + up.T) / 2, (up - up.T) / 2j, np.diag(m)


def hamiltonian(p: Parameters, B: float) -> Array:
    """Return H at a field, (d, d), a second time on purpose."""
    x, y, z = spin_matrices(p.S)
    return np.asarray((p.E * (x @ x - y @ y)).real - z @ z - B * z - p.B_x * x)


def gap(p: Parameters, n: int) -> float:
    """Return Δ_n: the least distance of the levels that cross near B = n.

    >>> round(gap(Parameters(), 0), 3)
    0.028
    """
    fields = n + np.linspace(-0.05, 0.05, 4001)
    levels = np.array([np.linalg.eigvalsh(hamiltonian(p, B)) for B in fields])
    return float((levels[:, n + 1] - levels[:, n]).min())


def landau_zener(p: Parameters, n: int, rate: Any) -> Any:
    """Return P_n = 1 − exp(−πΔ_n²/(2v_n)), v_n = (2S − n)Ḃ."""
    return -np.expm1(-np.pi * gap(p, n)**2 / (2 * (2 * p.S - n) * np.asarray(rate)))


def _model(p: Parameters) -> Model:
    """The spin in a ramp."""
    rate, start = sp.symbols("rate B_0", real=True)
    return Model(Space(str(p.S)), [ZeroField(-1, 0, E=p.E), Zeeman((p.B_x, 0, start + rate * t))])


def _ramp(p: Parameters, rate: float, kappa: float, fields: Any) -> Trajectory:
    """The spin from the level that is nearly m = −S at the first of some fields."""
    times, start = (np.asarray(fields) - fields[0]) / rate, float(fields[0])
    ket = np.linalg.eigh(hamiltonian(p, start))[1][:, _branch(p, start)]
    return solve(_model(p), QuantumLLG(kappa), ket, times, values={"rate": rate, "B_0": start})


def moment(p: Parameters, run: Trajectory) -> Array:
    """Return ⟨S_z⟩/S over time."""
    return np.asarray(run.bloch(0)[:, 2])


def survival(p: Parameters, run: Trajectory, k: int) -> float:
    """Return the weight of the level that is nearly m = −S."""
    B = run.values["B_0"] + run.values["rate"] * run.times[k]
    return float(weights(p, run, k)[_branch(p, B)])


def weights(p: Parameters, run: Trajectory, k: int) -> Array:
    """Return the weights of all levels of H at a time, energies ascending."""
    B = run.values["B_0"] + run.values["rate"] * run.times[k]
    vectors = np.linalg.eigh(hamiltonian(p, B))[1]
    return np.asarray((vectors.conj().T @ run.states[k] @ vectors).diagonal().real)


def _branch(p: Parameters, B: float) -> int:
    """The number of the level that is nearly m = −S."""
    return int(np.argmax(abs(np.linalg.eigh(hamiltonian(p, B))[1][-1])))


def coercive_field(p: Parameters, kappa: float, rate: float) -> float:
    """Return √(Ḃ ln[(1 − P_0)/P_0]/(2γS)), where the moment reverses.

    >>> round(coercive_field(Parameters(), 0.1, 0.01), 2)
    0.3
    """
    P = float(landau_zener(p, 0, rate))
    return float(np.sqrt(rate * np.log(1 / P - 1) * (1 + kappa**2) / (2 * kappa * p.S)))


def _heated(p: Parameters) -> ThermalEnsemble:
    """The same ramp in a heat bath, then a rest in the last field."""
    z = spin_matrices(p.S)[2]
    B_0, stop = p.begin, (p.end - p.begin) / p.fast
    field = sp.Piecewise((B_0 + sp.Rational(str(p.fast)) * t, t < stop), (p.end, True))
    model = Model(Space(str(p.S)), [ZeroField(-1, 0, E=p.E), Zeeman((p.B_x, 0, field))])
    return langevin(model, QuantumLLG(p.kappa), states.ground(model), np.append(np.linspace(0, stop, 41), stop + 60.0),
                    Bath(p.kT), p.trajectories, p.seed, observe={"moment": z})


# What the study says ----------------------------------------------------------------------------------------------


def _steps(p: Parameters, run: Trajectory) -> Statement:
    """Where the steps are."""
    B, m = p.begin + p.rate * run.times, moment(p, run)
    smooth = np.convolve(m, np.ones(9) / 9, mode="same")
    slope = np.gradient(smooth, B)[9:-9]
    found = []
    for n in (0, 1):
        near = abs(B[9:-9] - n) < 0.3
        found.append(float(B[9:-9][near][np.argmax(slope[near])]))
    off = max(abs(b - n) for n, b in enumerate(found))
    return Statement(
        "The moment steps at B = nD/(gμ_B), where m = −S and S − n cross.", "Thomas et al. (1996)",
        truth(off < 0.05), f"Steepest at B = {shown(found[0], '.3f')} and {found[1]:.3f} of Ḃ = {p.rate:g}; in "
        f"tesla, for D/k_B = 0.5 K and g = 2, every {0.5 / (2 * Units('K', 'ps').mu_B):.3f} T.")


def _formula(p: Parameters, gone: Array) -> Statement:
    """Heights against Landau and Zener."""
    expected = landau_zener(p, 0, np.array(p.rates))
    off = float(abs(gone - expected).max())
    return Statement(
        "Without damping the fraction that crosses at B = 0 is 1 − exp(−πΔ²/(2ħv)).", "Landau, Zener (1932)",
        truth(off < 0.01), f"Δ_0 = {gap(p, 0):.5f}, Ḃ from {min(p.rates):g} to {max(p.rates):g}: "
        f"{gone[0]:.4f} to {gone[-1]:.4f}, {shown(off)} from it at most.")


def _limit(p: Parameters, runs: dict[float, Trajectory]) -> Statement:
    """Two crossings, and κ → 0."""
    k = int(np.searchsorted(p.begin + p.rate * runs[0.0].times, 1.4))
    stays = {kappa: survival(p, run, k) for kappa, run in runs.items()}
    expected = float(np.prod([1 - landau_zener(p, n, p.rate) for n in (0, 1)]))
    changes = [abs(stays[kappa] - stays[0.0]) / kappa for kappa in p.kappas[:2]]
    return Statement(
        "Landau–Zener is the limit κ → 0, reached linearly; two crossings multiply.", "own",
        truth(abs(stays[0.0] - expected) < 0.02 and abs(changes[1] / changes[0] - 1) < 0.4
              and stays[p.kappas[-1]] < 0.2 * stays[0.0]),
        f"Weight left in m = −S at B = 1.4: {stays[0.0]:.4f} (Landau–Zener {expected:.4f}); "
        + ", ".join(f"κ = {kappa:g}: {shown(stays[kappa], '.4f')}" for kappa in p.kappas)
        + f". Change over κ: {changes[0]:.0f} and {changes[1]:.0f}.")


def _odds(p: Parameters) -> Statement:
    """What damping does between crossings."""
    kappa, fields = p.kappa / 4, np.linspace(-0.5, 0.4, 10)
    run = _ramp(p, p.fast, kappa, fields)
    first, last = 7, 9                          # B = 0.2 and 0.4
    odds = []
    for k in (first, last):
        w = weights(p, run, k)
        odds.append(np.log(w[0] / w[_branch(p, float(fields[k]))]))
    gamma = kappa / (1 + kappa**2)
    grid = np.linspace(fields[first], fields[last], 2001)
    levels = np.array([np.linalg.eigvalsh(hamiltonian(p, B))[[0, _branch(p, B)]] for B in grid])
    grown = 2 * gamma * float(np.trapezoid(levels[:, 1] - levels[:, 0], grid)) / p.fast
    off = abs((odds[1] - odds[0]) / grown - 1)
    return Statement(
        "Between crossings the odds of two levels grow by exp(2γ∫ΔE dt/ħ), γ = κ/(1 + κ²).", "own",
        truth(off < 0.01), f"κ = {kappa:g}, from B = 0.2 to 0.4: ln of the odds grows by {odds[1] - odds[0]:.4f}, "
        f"{grown:.4f} expected.")


def _coercive(p: Parameters) -> Statement:
    """Where the moment reverses."""
    told, off = [], 0.0
    for kappa in (p.kappa / 4, p.kappa / 2, p.kappa):
        fields = np.linspace(p.begin, 0.95, 581)
        m = moment(p, _ramp(p, p.fast, kappa, fields))
        k = int(np.argmax((m > 0) & (fields > 0.02)))
        found = float(fields[k - 1] - m[k - 1] * (fields[k] - fields[k - 1]) / (m[k] - m[k - 1]))
        expected = coercive_field(p, kappa, p.fast)
        off = max(off, abs(found / expected - 1))
        told.append(f"κ = {kappa:g}: {found:.4f} for {expected:.4f}")
    return Statement(
        "With damping the moment reverses at B_c = √(Ḃ ln[(1 − P_0)/P_0]/(2γS)), far before the next crossing.", "own",
        truth(off < 0.03), f"Ḃ = {p.fast:g}: " + "; ".join(told) + ".")


def _selection(p: Parameters) -> Statement:
    """E alone changes m by 2."""
    straight = replace(p, B_x=0.0)
    run = _ramp(straight, p.rate, 0.0, [0.5, 0.7, 1.3])
    change = abs(survival(straight, run, 2) - survival(straight, run, 0))
    bent = _ramp(p, p.rate, 0.0, [0.5, 0.7, 1.3])
    return Statement(
        "Without a transverse field there is no step at odd n: E(S_x² − S_y²) changes m by 2.", "symmetry",
        truth(change < 1e-6 and survival(p, bent, 2) < 0.7 and survival(straight, run, 0) > 1 - 1e-12),
        f"Past B = 1 the weight of m = −S changes by {shown(change)} for B_x = 0, and falls to "
        f"{survival(p, bent, 2):.3f} for B_x = {p.B_x:g}.")


def _bath(p: Parameters, hot: ThermalEnsemble) -> Statement:
    """Heat."""
    model = _model(p).subs({"rate": 0, "B_0": p.end})
    exact = canonical(model, [1.0, *[0.0] * (2 * p.S)], p.kT).energy
    apart = (float(hot.mean["energy"][-1]) - float(exact)) / float(hot.error["energy"][-1])
    m, B = hot.mean["moment"] / p.S, p.begin + p.fast * hot.times
    k = int(np.argmax((m > 0) & (B > p.begin)))
    turned = float(B[k - 1] - m[k - 1] * (B[k] - B[k - 1]) / (m[k] - m[k - 1]))
    cold = coercive_field(p, p.kappa, p.fast)
    return Statement(
        "In a heat bath the moment reverses in a smaller field, and ends in the canonical ensemble.", "own",
        truth(abs(apart) < TENS and turned < 0.8 * cold),
        f"k_BT = {p.kT:g}, κ = {p.kappa:g}, {p.trajectories} trajectories: the mean moment passes 0 at B = "
        f"{turned:.3f}, {cold:.3f} without noise; the last mean energy is {float(hot.mean['energy'][-1]):.3f}, "
        f"{float(exact):.3f} in the ensemble ({shown(apart, '.1f')} standard errors apart).")


def _checks(p: Parameters, run: Trajectory) -> tuple[Check, ...]:
    """Of our own numbers: Schrödinger's norm, and the same ramp in kelvin, tesla and picoseconds."""
    units = Units("K", "ps")
    kelvin, fields = 0.5, [-0.5, 0.1, 0.5]
    tesla, ps = kelvin / (2 * units.mu_B), units.hbar / kelvin
    rate = p.fast * tesla / ps
    model = Model(Space(str(p.S)), [ZeroField(-kelvin, 0, E=p.E * kelvin),
                                    Zeeman((p.B_x * tesla, 0, fields[0] * tesla + rate * t))], units=units)
    measured = solve(model, QuantumLLG(p.kappa), states.ground(model), (np.array(fields) - fields[0]) / p.fast * ps)
    plain = _ramp(p, p.fast, p.kappa, fields)
    return (Check("drift of the purity", run.invariants["purity"], 1e-8),
            Check("the ramp in kelvin and tesla apart", float(abs(measured.bloch(0) - plain.bloch(0)).max()), 1e-6))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    lines = "-", (0, (5.0, 1.5)), (0, (1.0, 1.2)), (0, (4.0, 1.4, 1.0, 1.4))

    def ramp(axis: "Axes") -> None:
        table = tables["ramp"]
        for k, kappa in enumerate((0.0, *p.kappas)):
            axis.plot(table["B"], table[f"kappa_{kappa:g}"], color=COLORS[k], linestyle=lines[k],
                      label=rf"$\kappa = 10^{{{np.log10(kappa):.0f}}}$" if kappa else r"$\kappa = 0$")
        axis.set(xlabel=r"$g\mu_BB/D$", ylabel=r"$\langle S_z\rangle/S$", ylim=(-1.08, 1.08))

    def rates(axis: "Axes") -> None:
        axis.plot(tables["formula"]["rate"], tables["formula"]["landau_zener"], color=COLORS[6], linewidth=0.8,
                  label="Landau–Zener")
        axis.plot(tables["rates"]["rate"], tables["rates"]["gone"], "o", color=COLORS[0], markersize=3.5,
                  label="integrated")
        axis.set(xlabel=r"$\dot B$", ylabel=r"$P_0$", xscale="log", ylim=(0, None))

    def loops(axis: "Axes") -> None:
        table, hot = tables["loops"], tables["heated"]
        for k, kappa in enumerate((p.kappa / 4, p.kappa)):
            m = table[f"kappa_{kappa:g}"]
            axis.plot(table["B"], m, color=COLORS[k], linestyle=lines[k], label=rf"$\kappa = {kappa:g}$")
            axis.plot(-table["B"], -m, color=COLORS[k], linestyle=lines[k])
        mean, band = hot["mean"][:-1], 2 * hot["error"][:-1]
        for sign in (1, -1):
            axis.fill_between(sign * hot["B"][:-1], sign * (mean - band), sign * (mean + band), color=COLORS[2],
                              alpha=0.35, linewidth=0, label=rf"$k_BT = {p.kT:g}D$" if sign > 0 else None)
        axis.set(xlabel=r"$g\mu_BB/D$", ylabel=r"$\langle S_z\rangle/S$", xlim=(-2.6, 1.5), ylim=(-1.08, 1.08))

    titles = "A slow ramp", "Fraction that crosses at $B = 0$", "Loops"
    return lambda: separate([ramp, rates, loops], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"S = {p.S}, H = −D S_z² + E(S_x² − S_y²) − B S_z − B_x S_x, E = {p.E:g}, B_x = {p.B_x:g}, ħ = γ_g = D = 1."
            f" (a) Ḃ = {p.rate:g}. (b) κ = 0. (c) Ḃ = ±{p.fast:g}, κ as shown; band: mean ± 2 standard errors of "
            f"{p.trajectories} trajectories in a bath, κ = {p.kappa:g}.")
