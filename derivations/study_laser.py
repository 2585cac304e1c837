r"""A laser pulse heats a dimer: demagnetisation and recovery, quantum beside classical.

Question.     A pump pulse heats the electrons of a magnet; they heat the lattice and the spins. The paper calls its
              faster quantum dynamics relevant to such pump–probe experiments. What does a heated dimer do?
Setting.      H = J σ·σ − ½ B (σz1 + σz2), J = −1 (FM), and the same moments under LLG; κ = α, ħ = γ_g = |J| = B = 1.
              The heat bath is the electrons of the two-temperature model, temperatures in units of energy,
                  γ_e T_e Ṫ_e = P(t) − G(T_e − T_l),  C_l Ṫ_l = G(T_e − T_l),  P a Gaussian pulse.
Answer.       Invariant noise takes ⟨S⟩ at the rate 2dκk_BT/(ħ(1 + κ²)), Brown's noise at 4αk_BT/(ħ(1 + α²)): a ket of
              d = 4 levels loses its moment to noise twice as fast as classical spins ½ do. It loses more, and partly by
              shortening of each spin, which moments cannot. Energy and moment follow exact balances through the pulse;
              in the end all are in the canonical ensemble at the temperature that electrons and lattice share.
Source.       Own; S. I. Anisimov, B. L. Kapeliovich, T. L. Perel'man, Sov. Phys. JETP 39, 375 (1974) and E. Beaurepaire
              et al., Phys. Rev. Lett. 76, 4250 (1996), on the temperatures; PRL 133, 266704 (2024), outlook, and eq. 3
              with noise inside; W. F. Brown, Phys. Rev. 130, 1677 (1963).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from qllg_sym import Bath, ClassicalLLG, Exchange, Model, QuantumLLG, Space, Zeeman, langevin, signal, states
from qllg_sym.ensemble.thermal import ThermalEnsemble
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

from .noisy_means import (
    FALSE_ALARM,
    Z,
    dimer_matrix,
    friction_rate,
    from_pauli,
    heating_rate,
    likelihood,
    on_orbit,
    together,
    unexplained,
)
from .two_temperatures import TwoTemperatures, final_temperature, power, temperatures

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "laser", "A laser pulse on a dimer"
FIRST = [3, 7, 11]                  # T_x0, T_y0, T_z0 among T_0x, T_0y, T_0z, T_x0, …
RESAMPLED = 200                     # ensembles for errors of times


@dataclass(frozen=True)
class Parameters(TwoTemperatures):
    """Every number of the study, ħ = γ_g = |J| = B = 1."""

    J: float = -1.0
    B: float = 1.0
    kappa: float = 0.5
    ready: float = 10.0         # time before t = 0 in which the spins come to the first temperature
    stop: float = 30.0
    points: int = 301
    trajectories: int = 2000
    step: float = 0.02
    seed: int = 31

    @property
    def times(self) -> Array:
        """When spins are looked at."""
        return np.array([-self.ready, *np.linspace(0, self.stop, self.points)])


QUICK = Parameters(points=151, trajectories=400, step=0.04)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> len(compute(Parameters(ready=2.0, stop=6.0, points=31, trajectories=20, step=0.1)).statements)
    6
    """
    p = given or Parameters()
    heat = temperatures(p, np.linspace(-p.ready, p.stop, 1601))
    quantum, classical = ket_run(p, heat), moment_run(p, heat)
    statements = (_heat(p, heat), _balanced(p, quantum, classical), _ends(p, quantum, classical), _twice(p),
                  _loss(p, quantum, classical), _shorter(p, quantum))
    tables = {"temperatures": heat, "spins": _columns(p, quantum, classical)}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, quantum, classical))


# Heat and spins ---------------------------------------------------------------------------------------------------


def _model(p: Parameters) -> Model:
    """H = J σ·σ − ½ B (σz1 + σz2)."""
    return Model(Space("1/2", "1/2"), [Exchange(p.J, 0, 1), Zeeman((0, 0, p.B))])


def ket_run(p: Parameters, heat: Mapping[str, Array]) -> ThermalEnsemble:
    """Return pure states under invariant noise at the electrons' temperature, from the ground state |↑↑⟩."""
    return langevin(_model(p), QuantumLLG(p.kappa), states.product("up", "up"), p.times, Bath(signal("kT")),
                    p.trajectories, p.seed, p.step, values={"kT": (heat["t"], heat["T_e"])}, observe={"pauli": "pauli"})


def moment_run(p: Parameters, heat: Mapping[str, Array]) -> ThermalEnsemble:
    """Return moments under Brown's noise, whose energy is H with S → ħsm."""
    return langevin(_model(p), ClassicalLLG(p.kappa, field="mean"), [[0, 0, 1], [0, 0, 1]], p.times,
                    Bath(signal("kT")), p.trajectories, p.seed, p.step, values={"kT": (heat["t"], heat["T_e"])},
                    observe={"m0": "bloch0", "m1": "bloch1"})


def moment_of(run: ThermalEnsemble) -> Array:
    """Return ½⟨σz1 + σz2⟩, or ½(m1 + m2)_z, of every trajectory, (m, n)."""
    if "pauli" in run.samples:
        return np.asarray((run.samples["pauli"][..., 2] + run.samples["pauli"][..., 11]) / 2)
    return np.asarray((run.samples["m0"][..., 2] + run.samples["m1"][..., 2]) / 2)


# Exact numbers ----------------------------------------------------------------------------------------------------


def kets_at(p: Parameters, kT: float) -> Array:
    """Return the canonical ⟨E⟩ and moment of pure states, (2,)."""
    ensemble = on_orbit(_model(p), [1, 0, 0, 0], kT)
    total = (np.kron(Z, np.eye(2)) + np.kron(np.eye(2), Z)) / 2
    return np.array([float(ensemble.energy), np.trace(ensemble.state @ total).real])


def moments_at(p: Parameters, kT: float) -> Array:
    """Return the canonical ⟨E⟩ and moment of two unit moments, (2,): |m1 + m2| = m has the density m/2 on (0, 2).

    >>> moments_at(Parameters(), 1e-3).round(2)
    array([-2.,  1.])
    """
    def over(what: str, m: float) -> float:
        x = p.B * m / (2 * kT)
        aligned = 1 / np.tanh(x) - 1 / x                # ⟨cos⟩ of the sum in the field
        weight = m * np.exp((-p.J * (m**2 - 4) / 2 + p.B * (m - 2) / 2) / kT) * -np.expm1(-2 * x) / x
        energy = p.J * (m**2 / 2 - 1) - p.B * m * aligned / 2
        return float(weight * {"one": 1.0, "energy": energy, "moment": m * aligned / 2}[what])

    one, energy, moment = (quad(lambda m, what=what: over(what, m), 1e-9, 2, epsabs=0, epsrel=1e-10, limit=200)[0]
                           for what in ("one", "energy", "moment"))
    return np.array([energy, moment]) / one


def rates_of_kets(p: Parameters, run: ThermalEnsemble, kT: Array) -> tuple[Array, Array]:
    """Return the rates of mean energy and moment in each trajectory's state after t = 0, each (m, points).

    Friction and noise stand here a second time on purpose.
    """
    h, kappa = dimer_matrix(p.J, 0.0, (0, 0, p.B)), p.kappa
    rho = from_pauli(run.samples["pauli"][:, 1:])
    total = (np.kron(Z, np.eye(2)) + np.kron(np.eye(2), Z)) / 2
    energy, moment, both = (np.einsum("...ij,ji->...", rho, a).real for a in (h, total, (h @ total + total @ h) / 2))
    drift = -2 * kappa / (1 + kappa**2) * (both - energy * moment)      # friction; H commutes with the moment
    of_energy = friction_rate(h, rho, kappa) + kT * heating_rate(h, rho, kappa)
    return of_energy, drift + kT * heating_rate(total, rho, kappa)


def rates_of_moments(p: Parameters, run: ThermalEnsemble, kT: Array) -> tuple[Array, Array]:
    """Return the same of unit moments: friction (λ/s)|∂E/∂m_i across m_i|², noise (λk_BT/s) times the Laplacian."""
    m = [run.samples[name][:, 1:] for name in ("m0", "m1")]
    forces = [-p.J * m[1 - i] + np.array([0, 0, p.B / 2]) for i in range(2)]
    strength = 2 * p.kappa / (1 + p.kappa**2)           # λ/s for s = ½
    along = [(a * g).sum(axis=-1) for a, g in zip(m, forces, strict=True)]
    turned = [g - x[..., None] * a for a, g, x in zip(m, forces, along, strict=True)]
    # the mean field is −∂E/∂m/s, and m precesses about it
    torque = sum(np.cross(a, g)[..., 2] for a, g in zip(m, forces, strict=True)) * 2 / (1 + p.kappa**2)
    energy = strength * (-sum((g**2).sum(axis=-1) for g in turned) + 2 * kT * sum(along))
    moment = strength * (sum(g[..., 2] for g in turned) / 2 - kT * (m[0][..., 2] + m[1][..., 2])) + torque / 2
    return energy, moment


# What the study says ----------------------------------------------------------------------------------------------


def _heat(p: Parameters, heat: Mapping[str, Array]) -> Statement:
    """The two temperatures."""
    content = p.heat_e * heat["T_e"]**2 / 2 + p.heat_l * heat["T_l"]
    off = abs(content[-1] - content[0] - p.fluence)
    k = int(np.argmax(heat["T_e"]))
    late = temperatures(p, np.array([0.0, 50 * p.heat_l / p.exchange]))
    end = final_temperature(p)
    return Statement(
        "Electrons and lattice keep what the pulse gives, and end at one temperature.", "Anisimov et al. (1974)",
        truth(bool(off < 1e-6 and abs(late["T_e"][-1] - end) < 1e-6 and abs(late["T_l"][-1] - end) < 1e-6)),
        f"γ_e T_e²/2 + C_l T_l grows by the fluence within {shown(off)}. T_e rises from {p.start:g} to "
        f"{heat['T_e'][k]:.3f} at t = {heat['t'][k]:.2f}, and ends at {late['T_e'][-1]:.5f}; the root of energy "
        f"conservation is {end:.5f}.")


def balances(p: Parameters, run: ThermalEnsemble, factor: float = 1.0) -> Array:
    """Return what energy and moment change by beyond their exact rates, (m, 2)."""
    heat = temperatures(p, p.times)
    kT = factor * heat["T_e"][1:]
    rates = rates_of_kets(p, run, kT) if "pauli" in run.samples else rates_of_moments(p, run, kT)
    values = run.samples["energy"][:, 1:], moment_of(run)[:, 1:]
    return np.column_stack([unexplained(p.times[1:], v, rate) for v, rate in zip(values, rates, strict=True)])


def _balanced(p: Parameters, quantum: ThermalEnsemble, classical: ThermalEnsemble) -> Statement:
    """Energy and moment through the pulse."""
    told, right = [], True
    for name, run in (("kets", quantum), ("moments", classical)):
        chances = [likelihood(balances(p, run, factor), np.zeros(2)) for factor in (1.0, 1 / 1.1)]
        right = right and chances[0] > FALSE_ALARM > chances[1]
        told.append(f"{name} {chances[0]:.2g}, and {shown(chances[1])} if noise were stronger by the factor 1.1")
    return Statement(
        "Through the pulse energy and moment change on average by friction and noise in closed form.", "own",
        truth(right), f"What is left of both from t = 0 to {p.stop:g} has mean zero with probability: "
        f"{'; '.join(told)}. {p.trajectories} trajectories each.")


def settled(run: ThermalEnsemble) -> Array:
    """Return ⟨E⟩ and moment of every trajectory at t = 0, (m, 2)."""
    return np.column_stack([run.samples["energy"][:, 1], moment_of(run)[:, 1]])


def _ends(p: Parameters, quantum: ThermalEnsemble, classical: ThermalEnsemble) -> Statement:
    """The ensembles before the pulse and after it."""
    last = float(temperatures(p, p.times)["T_e"][-1])
    chances, told = [], []
    for run, exact in ((quantum, kets_at), (classical, moments_at)):
        found = np.column_stack([run.samples["energy"][:, -1], moment_of(run)[:, -1]])
        chances += [likelihood(settled(run), exact(p, p.start)), likelihood(found, exact(p, last))]
        told.append(f"{exact(p, p.start)[1]:.4f} and {exact(p, last)[1]:.4f}, found {moment_of(run)[:, 1].mean():.4f} "
                    f"and {moment_of(run)[:, -1].mean():.4f}")
    return Statement(
        "Before the pulse and long after it kets and moments are in their canonical ensembles.", "own",
        truth(together(chances) > FALSE_ALARM),
        f"Energies and moments at t = 0 and t = {p.stop:g}, where k_BT is {p.start:g} and {last:.4f}: probability "
        f"{together(chances):.2g}. Moments of kets {told[0]}; of moments {told[1]}.")


def _twice(p: Parameters) -> Statement:
    """What noise alone takes."""
    flat = Model(Space("1/2", "1/2"), [])
    kT, times, rate = 0.5, np.linspace(0, 0.5, 3), 4 * p.kappa / (1 + p.kappa**2)
    runs = (langevin(flat, QuantumLLG(p.kappa), states.product("up", "up"), times, Bath(kT), p.trajectories, p.seed,
                     p.step, observe={"pauli": "pauli"}),
            langevin(flat, ClassicalLLG(p.kappa, field="mean"), [[0, 0, 1], [0, 0, 1]], times, Bath(kT),
                     p.trajectories, p.seed, p.step, observe={"m0": "bloch0", "m1": "bloch1"}))
    exact = [np.exp(-factor * rate * kT * times[1:]) for factor in (2, 1)]
    chances = [likelihood(moment_of(run)[:, 1:], each) for run, each in zip(runs, exact, strict=True)]
    crossed = [likelihood(moment_of(run)[:, 1:], each) for run, each in zip(runs, exact[::-1], strict=True)]
    return Statement(
        "Noise alone takes the moment of kets at 2dκk_BT/(1 + κ²), twice as fast as that of classical spins ½.", "own",
        truth(min(chances) > FALSE_ALARM > max(crossed)),
        f"H = 0, k_BT = {kT:g}, t = {times[-1]:g}: moments {moment_of(runs[0])[:, -1].mean():.4f} (exact "
        f"{exact[0][-1]:.4f}) and {moment_of(runs[1])[:, -1].mean():.4f} (exact {exact[1][-1]:.4f}); probabilities "
        f"{chances[0]:.2g} and {chances[1]:.2g}.")


def half_loss(times: Array, curve: Array) -> float:
    """Return when a curve has lost half of what it loses at most.

    >>> half_loss(np.array([0.0, 1, 2]), np.array([1.0, 0.0, 0.5]))
    0.5
    """
    low = int(np.argmin(curve))
    level = (curve[0] + curve[low]) / 2
    k = int(np.argmax(curve[:low + 1] <= level))
    return float(times[k - 1] + (times[k] - times[k - 1]) * (curve[k - 1] - level) / (curve[k - 1] - curve[k]))


def _loss(p: Parameters, quantum: ThermalEnsemble, classical: ThermalEnsemble) -> Statement:
    """How deep, how fast, and when."""
    times, rng, told, spread, lows = p.times[1:], np.random.default_rng(p.seed), [], [], []
    heat = temperatures(p, times)
    for run in (quantum, classical):
        each = moment_of(run)[:, 1:]
        again = [half_loss(times, each[rng.integers(0, len(each), len(each))].mean(axis=0)) for _ in range(RESAMPLED)]
        k = int(np.argmin(each.mean(axis=0)))
        spread.append((half_loss(times, each.mean(axis=0)), float(np.std(again))))
        lows.append((float(each.mean(axis=0)[k]), float(each[:, k].std(ddof=1) / len(each)**0.5), float(times[k])))
        told.append(f"from {each[:, 0].mean():.3f} to {lows[-1][0]:.3f} ± {lows[-1][1]:.3f} at t = {lows[-1][2]:.2f}, "
                    f"half of it by {spread[-1][0]:.2f} ± {spread[-1][1]:.2f}")
    depth = (lows[1][0] - lows[0][0]) / np.hypot(lows[0][1], lows[1][1])
    hottest = float(times[int(np.argmax(heat["T_e"]))])
    fast = (spread[1][0] - spread[0][0]) / np.hypot(spread[0][1], spread[1][1])
    return Statement(
        "The quantum dimer loses more of its moment than the classical one, and both lag behind the electrons.", "own",
        truth(bool(depth > 5 and min(low[2] for low in lows) > hottest)),
        f"Kets: {told[0]}. Moments: {told[1]}. T_e is largest at t = {hottest:.2f}. In time kets are ahead by "
        f"{spread[1][0] - spread[0][0]:.2f}, {fast:.1f} standard errors.")


def _shorter(p: Parameters, quantum: ThermalEnsemble) -> Statement:
    """Spins that shorten."""
    squares = (quantum.samples["pauli"][:, 1:, FIRST]**2).sum(axis=-1)
    ensemble = on_orbit(_model(p), [1, 0, 0, 0], float(temperatures(p, p.times)["T_e"][-1]))
    spins = [np.kron(a, np.eye(2)) for a in (np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), Z)]
    exact = sum(float(ensemble.variance_of(a)) + np.trace(ensemble.state @ a).real**2 for a in spins)
    chance = likelihood(squares[:, -1:], np.array([exact]))
    means = squares.mean(axis=0)
    return Statement(
        "Part of the loss is shortening of each spin, which entanglement allows a ket and nothing a moment.", "own",
        truth(bool(chance > FALSE_ALARM and means.min() < means[0] - 0.1)),
        f"⟨|r1|²⟩^½ falls from {means[0]**0.5:.3f} to {means.min()**0.5:.3f}, and is {means[-1]**0.5:.4f} at last, "
        f"{exact**0.5:.4f} in the canonical ensemble; |m1| = 1 throughout.")


def _checks(p: Parameters, quantum: ThermalEnsemble, classical: ThermalEnsemble) -> tuple[Check, ...]:
    """Of our own numbers: purity, lengths, and the moments' ensemble by another integral."""
    purity = float(np.abs((quantum.samples["pauli"]**2).sum(axis=-1) - 3).max())
    length = float(np.abs((classical.samples["m0"]**2).sum(axis=-1) - 1).max())
    free = moments_at(Parameters(J=0.0, B=p.B), 0.3)[1]
    known = float(brentq(lambda y: y - (1 / np.tanh(p.B / 0.6) - 0.6 / p.B), 0, 1))
    return (Check("drift of the purity", purity, 1e-9), Check("drift of |m1|", length, 1e-12),
            Check("moment of uncoupled moments and Langevin's function apart", abs(free - known), 1e-6))


# What is drawn and written ----------------------------------------------------------------------------------------


def _columns(p: Parameters, quantum: ThermalEnsemble, classical: ThermalEnsemble) -> dict[str, Array]:
    """Means with standard errors after t = 0."""
    columns = {"t": p.times[1:]}
    for name, run in (("kets", quantum), ("moments", classical)):
        for what, each in (("moment", moment_of(run)), ("energy", run.samples["energy"])):
            columns[f"{name}_{what}"] = each[:, 1:].mean(axis=0)
            columns[f"{name}_{what}_error"] = each[:, 1:].std(axis=0, ddof=1) / len(each)**0.5
    columns["kets_length"] = np.sqrt((quantum.samples["pauli"][:, 1:, FIRST]**2).sum(axis=-1).mean(axis=0))
    return columns


def _drawing(p: Parameters, tables: Mapping[str, Mapping[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    heat, spins = tables["temperatures"], tables["spins"]

    def bath(axis: "Axes") -> None:
        axis.plot(heat["t"], heat["T_e"], color=COLORS[1], label="electrons")
        axis.plot(heat["t"], heat["T_l"], color=COLORS[6], linestyle=(0, (4.0, 1.4, 1.0, 1.4)), label="lattice")
        axis.axhline(final_temperature(p), color="0.6", linewidth=0.6)
        given = np.array([power(p, t) for t in heat["t"]])
        axis.fill_between(heat["t"], 0.1 * given / given.max(), color="0.85", linewidth=0)
        axis.set(xlabel="$t$", ylabel="$k_BT$", xlim=(0, p.stop), ylim=(0, None))

    def curve(axis: "Axes", what: str) -> None:
        for name, label, color, line in (("kets", "q-LLG", 0, "-"), ("moments", "LLG", 2, CLASSICAL)):
            mean, band = spins[f"{name}_{what}"], 2 * spins[f"{name}_{what}_error"]
            axis.fill_between(spins["t"], mean - band, mean + band, color=COLORS[color], alpha=0.25, linewidth=0)
            axis.plot(spins["t"], mean, color=COLORS[color], linestyle=line, linewidth=1.0, label=label)

    def moment(axis: "Axes") -> None:
        curve(axis, "moment")
        axis.plot(spins["t"], spins["kets_length"], color=COLORS[0], linestyle=":", linewidth=1.0,
                  label=r"$\langle|\mathbf{r}_1|^2\rangle^{1/2}$, q-LLG")
        axis.set(xlabel="$t$", ylabel="Moment", xlim=(0, p.stop), ylim=(0, 1.02))

    def energy(axis: "Axes") -> None:
        curve(axis, "energy")
        axis.set(xlabel="$t$", ylabel=r"$\langle E\rangle$", xlim=(0, p.stop))

    titles = "Two temperatures", "Demagnetisation and recovery", "Energy"
    return lambda: separate([bath, moment, energy], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"FM dimer, H = J σ·σ − ½ B (σz1 + σz2), κ = α = {p.kappa:g}, ħ = γ_g = |J| = B = 1. (a) Two-temperature "
            f"model: γ_e = {p.heat_e:g}, C_l = {p.heat_l:g}, G = {p.exchange:g}, a pulse of fluence {p.fluence:g} and "
            f"standard deviation {p.width:g} at t = {p.arrives:g} (shaded); electrons heat the spins. (b) ½⟨σz1 + σz2⟩ "
            "of kets under invariant noise, ½(m1z + m2z) of moments under Brown's noise; dotted: length of a quantum "
            f"spin. (c) Mean energy. {p.trajectories} trajectories, bands of ±2 standard errors.")
