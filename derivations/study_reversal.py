r"""Thermally activated reversal of a spin S = 10: a moment obeys Arrhenius and Brown, a noisy pure state does not.

Question.     A magnet sits in one of two wells, U = DS² deep. How long does it stay there at k_BT = U/3 … U/8?
Setting.      H = −D S_z² + 2hDS S_z, h a field against the first well; κ = α = 1, ħ = γ_g = 1; D = 0.05, which in
              meV is about that of Mn12-acetate (U/k_B = 58 K); the unit of time is then 0.66 ps. A reversal is the
              first passage of m_z, or ⟨S_z⟩/S, from 1 to a point in the other well.
Answer.       The classical moment: rates are the lowest eigenvalue of Brown's Fokker–Planck equation, and approach
                  Γ = 2 D_r σ^{3/2} (1 − h)(1 − h²) exp[−σ(1 − h)²]/√π,  σ = U/k_BT,  D_r = αk_BT/(ħS(1 + α²)),
              Kramers' rate with Brown's prefactor, slowly and from below: 0.86 of it at σ = 8. A pure state finds no
              barrier: all superpositions a|S⟩ + b|−S⟩ have the energy of the wells. Invariant noise diffuses over them
              freely, at D_r = 2κk_BT/(ħ(1 + κ²)), and so linearly in k_BT; at U/k_BT = 3 … 8 it heats all 2S excited
              amplitudes, and there is no well. Under fields on the spin alone there are wells, but the rate over D_r
              hardly depends on k_BT (S = 3; for S = 10 and U/k_BT = 8 rates still grow when steps are halved to 0.005,
              to 0.2 D_r or more where a moment has 0.008, and are not given). Arrhenius' law belongs to the moment.
Source.       W. F. Brown, Phys. Rev. 130, 1677 (1963); H. A. Kramers, Physica 7, 284 (1940); R. Sessoli et al., Nature
              365, 141 (1993), on Mn12; M. Broadie, P. Glasserman, S. Kou, Math. Finance 7, 325 (1997), on passages that
              are seen at times alone; the law is PRL 133, 266704 (2024), eq. 3, with noise inside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym import Anisotropy, Bath, ClassicalLLG, Model, QuantumLLG, Space, Zeeman, langevin, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, MARKERS, Drawing

from .brown_diffusion import beyond, brown, lowest, mean_time, modes, surviving
from .first_passages import Passages, passages, slope, surprise
from .noisy_means import FALSE_ALARM, on_orbit

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "reversal", "Thermally activated reversal of a spin"
ABSORBED, HALF = -0.7, -0.5     # where a passage ends, of a moment and of a ket
WATCHED, READ = 1.5, 200         # D_r t until which kets are watched, and how often they are looked at


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = 1."""

    S: int = 10
    D: float = 0.05
    kappa: float = 1.0
    field: float = 0.2                                      # h of the second series, against the well
    barriers: tuple[float, ...] = (3, 4, 5, 6, 7, 8)        # over k_BT
    trajectories: int = 800
    step: float = 0.2                                       # of moments: half the advised one or less
    seen: int = 1000                                        # times at which a passage is looked for
    small: int = 3                                          # a spin on which pure states are followed for longer
    cold: tuple[float, ...] = (1000.0, 500.0, 250.0)        # U/k_BT of pure states under invariant noise
    warm: tuple[float, ...] = (4.0, 8.0, 12.0)              # and under fields
    kets: int = 600
    large: int = 60                                         # kets of the spin S itself
    path: float = 300.0
    path_seed: int = 1                                      # the moment and the ket that are drawn
    seed: int = 21

    @property
    def barrier(self) -> float:
        """U = DS², of every spin here."""
        return self.D * self.S**2


QUICK = Parameters(barriers=(3, 5), trajectories=300, seen=250, cold=(250.0,), warm=(4.0, 12.0), kets=200, large=0,
                   path=100.0)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> len(compute(Parameters(barriers=(2, 3), trajectories=50, seen=100, cold=(250.0,), warm=(4.0,), kets=20, large=0,
    ...                        path=2.0)).statements)
    6
    """
    p = given or Parameters()
    moments = [moment_passages(p, barrier / (1 - h)**2, h, k) for h in (0.0, p.field)
               for k, barrier in enumerate(p.barriers)]
    kets = {"invariant": [ket_passages(p, p.small, ratio, "invariant", p.kets) for ratio in p.cold],
            "local": [ket_passages(p, p.small, ratio, "local", p.kets) for ratio in p.warm]}
    large = [ket_passages(p, p.S, p.cold[0], "invariant", p.large)] if p.large else []
    statements = (_brown(p, moments), _prefactor(p), _arrhenius(p, moments), _free(p, kets["invariant"], large),
                  _no_well(p), _fields(p, kets["local"]))
    tables = {"moment": _columns(p, moments, p.S, "moment"),
              **{f"ket_{noise}": _columns(p, found, p.small, noise) for noise, found in kets.items()},
              "path": _path(p)}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, moments, kets, large, tables["path"]), statements,
                 _checks(p))


def diffusion(p: Parameters, spin: float, kT: float) -> float:
    """Return D_r of a moment of a spin: λk_BT/(ħS), λ = α/(1 + α²) a second time on purpose."""
    return p.kappa / (1 + p.kappa**2) * kT / spin


# Simulation -------------------------------------------------------------------------------------------------------


def _model(p: Parameters, spin: int, h: float = 0.0) -> Model:
    """H = −D S_z² + 2hDS S_z with the same U = DS² for every spin."""
    d = p.barrier / spin**2
    axis = [[0, 0, 0], [0, 0, 0], [0, 0, -d]]
    return Model(Space(str(spin)), [Anisotropy(axis, 0), Zeeman((0, 0, -2 * h * d * spin))])


def moment_passages(p: Parameters, sigma: float, h: float, k: int) -> Passages:
    """Return the passages of classical moments, watched for one lifetime."""
    kT = p.barrier / sigma
    stop = 1 / (diffusion(p, p.S, kT) * lowest(sigma, h, ABSORBED))
    run = langevin(_model(p, p.S, h), ClassicalLLG(p.kappa, field="mean"), [[0, 0, 1]],
                   np.linspace(0, stop, p.seen + 1), Bath(kT), p.trajectories, p.seed + k + (50 if h else 0),
                   p.step, observe={"m": "bloch0"})
    return passages(sigma, h, stop, run.samples["m"][:, :, 2], ABSORBED)


def ket_passages(p: Parameters, spin: int, sigma: float, noise: str, count: int) -> Passages:
    """Return the passages of pure states from |S⟩, watched for the time of free diffusion."""
    kT = p.barrier / sigma
    speed = 2 * spin * diffusion(p, spin, kT) if noise == "invariant" else diffusion(p, spin, kT)
    stop = WATCHED / speed
    space = Space(str(spin))
    step = 0.07 if noise == "invariant" else 0.005
    run = langevin(_model(p, spin), QuantumLLG(p.kappa), states.coherent(space, [(0.0, 0.0)]),
                   np.linspace(0, stop, READ + 1), Bath(kT, noise), count, p.seed, step,
                   observe={"z": space.spin(0).z})
    return passages(sigma, 0.0, stop, run.samples["z"] / spin, HALF)


def _path(p: Parameters) -> dict[str, Array]:
    """One moment and one ket of the spin S at the highest temperature."""
    times, kT, space = np.linspace(0, p.path, 601), p.barrier / p.barriers[0], Space(str(p.S))
    moment = langevin(_model(p, p.S), ClassicalLLG(p.kappa, field="mean"), [[0, 0, 1]], times, Bath(kT), 1,
                      p.path_seed, observe={"m": "bloch0"})
    ket = langevin(_model(p, p.S), QuantumLLG(p.kappa), states.coherent(space, [(0.0, 0.0)]), times, Bath(kT), 1,
                   p.path_seed, observe={"z": space.spin(0).z})
    return {"t": times, "moment": moment.samples["m"][0, :, 2], "ket": ket.samples["z"][0] / p.S}


# What the study says ----------------------------------------------------------------------------------------------


def expected(p: Parameters, found: Passages, spin: int, factor: float = 1.0) -> float:
    """Return the exact probability to have left a well by the end, of a moment, as it is seen at times alone.

    Args:
        p: parameters.
        found: where, at which temperature, and until when.
        spin: its S.
        factor: by which the noise is stronger than it should be.
    """
    kT = factor * p.barrier / found.sigma
    speed = diffusion(p, spin, kT)
    passed = speed * found.stop
    return float(1 - surviving(found.sigma / factor, found.h, beyond(ABSORBED, passed / p.seen), [passed])[0])


def _brown(p: Parameters, moments: Sequence[Passages]) -> Statement:
    """Passages against the Fokker–Planck equation."""
    chances = [surprise(moments, [expected(p, found, p.S, factor) for found in moments])
               for factor in (1, 1.1, 1 / 1.1)]
    return Statement(
        "The classical moment leaves its well as Brown's Fokker–Planck equation says.", "Brown (1963)",
        truth(chances[0] > FALSE_ALARM > max(chances[1:])),
        f"Passages within one lifetime at {len(p.barriers)} temperatures, barrier/k_BT from {p.barriers[0]:g} to "
        f"{p.barriers[-1]:g}, h = 0 and {p.field:g}, {p.trajectories} moments each: numbers as far from the exact ones "
        f"have probability {chances[0]:.2g}; with noise weaker or stronger by the factor 1.1, "
        f"{shown(max(chances[1:]))} at most.")


def _prefactor(p: Parameters) -> Statement:
    """Brown's high-barrier formula against the exact rate."""
    ratios = {h: [1 / (mean_time(b / (1 - h)**2, h, ABSORBED) * brown(b / (1 - h)**2, h)) for b in (3, 8, 40)]
              for h in (0.0, p.field)}
    return Statement(
        "Kramers' rate with Brown's prefactor is too high by a seventh at barriers of 8 k_BT, and right far beyond.",
        "Brown (1963)", truth(all(0.8 < r[1] < 0.9 and 0.97 < r[2] < 1 for r in ratios.values())),
        "; ".join(f"h = {h:g}: the exact rate is {r[0]:.3f}, {r[1]:.3f} and {r[2]:.3f} of it at 3, 8 and 40"
                  for h, r in ratios.items()) + ".")


def _arrhenius(p: Parameters, moments: Sequence[Passages]) -> Statement:
    """Effective barriers."""
    told, right = [], True
    for h in sorted({found.h for found in moments}):
        each = [found for found in moments if found.h == h]
        logs = [(m.barrier, np.log(m.rate), m.error / m.rate) for m in each]
        exact = [(m.barrier, np.log(diffusion(p, p.S, p.barrier / m.sigma) * lowest(m.sigma, h, ABSORBED)), e)
                 for m, (_, _, e) in zip(each, logs, strict=True)]
        bare = [(b, y - 0.5 * np.log(b), e) for b, y, e in logs]      # without Brown's prefactor, σ^½ at fixed h
        (fitted, error), law, rest = slope(logs), slope(exact)[0], slope(bare)[0]
        right = right and abs(fitted - law) < 5 * error and 0.8 < law < 0.95
        told.append(f"h = {h:g}: {fitted:.3f} ± {error:.3f} of the true one ({law:.3f} from the exact rates), "
                    f"{rest:.3f} with Brown's k_BT^(−1/2) divided out")
    return Statement(
        "An Arrhenius plot gives a barrier that is too low by a tenth: the prefactor depends on the temperature.",
        "own", truth(bool(right)), "Effective barriers: " + "; ".join(told) + ".")


def _free(p: Parameters, found: Sequence[Passages], large: Sequence[Passages]) -> Statement:
    """Pure states under invariant noise, cold."""
    spins = [p.small] * len(found) + [p.S] * len(large)
    every = [*found, *large]
    tried = [_free_chance(p, each, spin) for each, spin in zip(every, spins, strict=True)]
    off = surprise(every, tried)
    wrong = surprise(every, [_free_chance(p, each, spin, 1.5) for each, spin in zip(every, spins, strict=True)])
    told = ", ".join(f"{1 - each.left[1]:.3f} ({q:.3f}) for S = {s} at U/k_BT = {each.sigma:g}"
                     for each, q, s in zip(every, tried, spins, strict=True))
    return Statement(
        "Cold pure states under invariant noise reverse by free diffusion over a|S⟩ + b|−S⟩, at a rate linear in k_BT, "
        "through any barrier.", "own", truth(off > FALSE_ALARM > wrong),
        f"Fractions past ⟨S_z⟩/S = {shown(HALF, 'g')} when D_r t = {WATCHED:g}, and those of a free moment: {told}; "
        f"probability {off:.2g}, and {shown(wrong)} if it were half as fast again. A moment's rate has the factor "
        f"e^(−{every[0].sigma:g}).")


def _free_chance(p: Parameters, found: Passages, spin: int, factor: float = 1.0) -> float:
    """The probability to have passed, on the sphere of a|S⟩ + b|−S⟩ with what the excited levels hold on average."""
    kT, d = p.barrier / found.sigma, p.barrier / spin**2
    excited = sum(2 * kT / (d * (spin**2 - m**2)) for m in range(1, spin)) + kT / (d * spin**2)
    speed = factor * WATCHED / (1 - excited)
    return float(1 - surviving(0.0, 0.0, max(beyond(HALF / (1 - excited), speed / READ), -0.99), [speed])[0])


def _no_well(p: Parameters) -> Statement:
    """Pure states at the classical temperatures."""
    kT, space = p.barrier / p.barriers[-1], Space(str(p.S))
    model, z = _model(p, p.S), np.diag(p.S - np.arange(2 * p.S + 1.0)) / p.S
    exact = float(on_orbit(model, np.eye(2 * p.S + 1)[0], kT).variance_of(z))
    times = np.linspace(0, 1.2, 5)
    run = langevin(model, QuantumLLG(p.kappa), states.coherent(space, [(0.0, 0.0)]), times, Bath(kT), 100, p.seed,
                   0.02, observe={"z": space.spin(0).z})
    found = (run.samples["z"][:, -1] / p.S)**2
    error = found.std(ddof=1) / len(found)**0.5
    x = np.linspace(-1, 1, 2001)
    weight = np.exp(p.barriers[-1] * (x**2 - 1))
    return Statement(
        "At the temperatures at which a moment has wells, a pure state under invariant noise has none.", "own",
        truth(abs(found.mean() - exact) < 5 * error and exact < 0.1),
        f"At U/k_BT = {p.barriers[-1]:g} ⟨⟨S_z⟩²⟩/S² is {found.mean():.4f} ± {error:.4f} for S = {p.S} at "
        f"t = {times[-1]:g}, {exact:.4f} in the canonical ensemble of kets and {1 / (6 * p.S):.4f} over all kets; "
        f"⟨m_z²⟩ of a moment is {float(weight @ x**2 / weight.sum()):.4f}. Each of the 2S amplitudes above the ground "
        "state takes k_BT.")


def _fields(p: Parameters, found: Sequence[Passages]) -> Statement:
    """Pure states under fields on the spin."""
    told, first, last = [], found[0], found[-1]
    for each in found:
        speed = diffusion(p, p.small, p.barrier / each.sigma)
        told.append(f"{each.rate / speed:.2f} ± {each.error / speed:.2f} at U/k_BT = {each.sigma:g}, where a moment "
                    f"has {lowest(each.sigma, 0.0, HALF):.1g}")
    speeds = [diffusion(p, p.small, p.barrier / each.sigma) for each in (first, last)]
    drop = (last.rate / speeds[1]) / (first.rate / speeds[0])
    classical = lowest(last.sigma, 0.0, HALF) / lowest(first.sigma, 0.0, HALF)
    return Statement(
        "Under fields on the spin alone a pure state does not obey Arrhenius' law either.", "own",
        truth(len(found) == 1 or drop > 10 * classical),
        f"S = {p.small}, rate over D_r: {'; '.join(told)}. From the first to the last it changes by the factor "
        f"{drop:.2f}, a moment's by {shown(classical)}. Steps of 0.005, which make rates too low by about a tenth.")


def _checks(p: Parameters) -> tuple[Check, ...]:
    """Of our own numbers: mean passage times by eigenvalues and by quadrature, with more cells and with fewer."""
    off = []
    for sigma, h in ((0.0, 0.0), (5.0, 0.0), (8.0, p.field)):
        rates, first = modes(sigma, h, ABSORBED, 800)
        off.append(abs((first / rates).sum() / mean_time(sigma, h, ABSORBED) - 1))
    coarse = abs(lowest(8.0, 0.0, ABSORBED, 400) / lowest(8.0, 0.0, ABSORBED) - 1)
    return (Check("mean passage times by eigenvalues and by quadrature apart", max(off), 5e-3),
            Check("rates with half the cells apart", coarse, 1e-3))


# What is drawn and written ----------------------------------------------------------------------------------------


def _columns(p: Parameters, found: Sequence[Passages], spin: int, kind: str) -> dict[str, Array]:
    """Rates with standard errors, and D_r."""
    factor = 2 * spin if kind == "invariant" else 1
    speeds = [factor * diffusion(p, spin, p.barrier / each.sigma) for each in found]
    return {"U_over_kT": np.array([each.sigma for each in found]), "h": np.array([each.h for each in found]),
            "barrier_over_kT": np.array([each.barrier for each in found]),
            "rate": np.array([each.rate for each in found]), "rate_error": np.array([each.error for each in found]),
            "D_r": np.array(speeds)}


def _drawing(p: Parameters, moments: Sequence[Passages], kets: Mapping[str, Sequence[Passages]],
             large: Sequence[Passages], path: Mapping[str, Array]) -> Drawing:
    """What draws the picture when it is called."""
    def paths(axis: "Axes") -> None:
        axis.axhline(0, color="0.8", linewidth=0.5)
        axis.plot(path["t"], path["moment"], color=COLORS[0], linewidth=0.7, label="moment, $m_z$")
        axis.plot(path["t"], path["ket"], color=COLORS[1], linewidth=0.7, linestyle=(0, (3.0, 1.0)),
                  label=r"ket, $\langle S_z\rangle/S$")
        axis.set(xlabel="$t$", ylabel=r"$m_z$, $\langle S_z\rangle/S$", xlim=(0, path["t"][-1]), ylim=(-1.08, 1.6))

    def rates(axis: "Axes") -> None:
        barriers = np.linspace(min(p.barriers) - 0.5, max([*p.barriers, *p.warm]), 60)
        for k, h in enumerate((0.0, p.field)):
            sigmas = barriers / (1 - h)**2
            axis.plot(barriers, [lowest(s, h, ABSORBED) for s in sigmas], color=COLORS[k], linewidth=0.8)
            axis.plot(barriers, [brown(s, h) for s in sigmas], color=COLORS[k], linestyle=CLASSICAL, linewidth=0.8)
            each = _columns(p, [m for m in moments if m.h == h], p.S, "moment")
            axis.errorbar(each["barrier_over_kT"], each["rate"] / each["D_r"], each["rate_error"] / each["D_r"],
                          fmt=MARKERS[k], color=COLORS[k], markersize=3, linewidth=0.8,
                          markerfacecolor="white" if k else COLORS[k], label=f"moment, $h = {h:g}$")
        each = _columns(p, kets["local"], p.small, "local")
        axis.errorbar(each["barrier_over_kT"], each["rate"] / each["D_r"], each["rate_error"] / each["D_r"],
                      fmt=MARKERS[2], color=COLORS[2], markersize=3.5, linewidth=0.8,
                      label=f"ket, fields, $S = {p.small}$")
        axis.set(xlabel="Barrier$/k_BT$", ylabel=r"Rate$/D_r$", yscale="log", ylim=(2e-5, 60))

    def linear(axis: "Axes") -> None:
        kT = np.geomspace(p.barrier / max(p.cold) / 1.5, p.barrier / min(p.warm) * 1.3, 30)
        free = 2 * p.small * diffusion(p, p.small, 1.0) * lowest(0.0, 0.0, beyond(HALF, WATCHED / READ))
        axis.loglog(kT, free * kT, color=COLORS[3], linewidth=0.8, label="free diffusion")
        hot = kT[kT > p.barrier / 20]
        axis.loglog(hot, [diffusion(p, p.S, x) * lowest(p.barrier / x, 0.0, HALF) for x in hot], color=COLORS[0],
                    linestyle=CLASSICAL, linewidth=0.8, label=f"moment, $S = {p.S}$")
        drawn = [(kets["invariant"], p.small, "invariant", 3), (kets["local"], p.small, "fields", 2)]
        for found, spin, name, k in [*drawn, *([(large, p.S, "invariant", 4)] if large else [])]:
            axis.errorbar([p.barrier / m.sigma for m in found], [m.rate for m in found], [m.error for m in found],
                          fmt=MARKERS[k], color=COLORS[k], markersize=3.5, linewidth=0.8,
                          label=f"ket, {name}, $S = {spin}$")
        axis.set(xlabel="$k_BT$", ylabel="Rate", ylim=(1e-5, 200))

    titles = f"One of each, $U/k_BT = {p.barriers[0]:g}$", "Over the barrier", "Without a barrier"
    return lambda: separate([paths, rates, linear], titles=titles, heading=TITLE, caption=_caption(p), row_height=2.6)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"H = −D S_z² + 2hDS S_z, S = {p.S}, D = {p.D:g}, U = DS² = {p.barrier:g} for every spin, κ = α = "
            f"{p.kappa:g}, ħ = γ_g = 1. (a) LLG with Brown's noise; q-LLG with invariant noise, a ket of dimension "
            f"{2 * p.S + 1}. (b) Rates of first passage, to m_z = {shown(ABSORBED, 'g')} of {p.trajectories} moments, "
            f"to ⟨S_z⟩/S = {shown(HALF, 'g')} of {p.kets} kets, over D_r = λ k_B T/S, λ = κ/(1 + κ²); solid: "
            "Brown's Fokker–Planck equation, dashed: Kramers' rate with Brown's prefactor. (c) Rates of kets; free "
            "diffusion on the sphere of a|S⟩ + b|−S⟩.")
