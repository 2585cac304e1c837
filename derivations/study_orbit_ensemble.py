r"""The heat of a dimer: noisy q-LLG on the exact canonical curves of its orbit, and Gibbs' state beside them.

Question.     Noise of strength σ² = 2ħκk_BT keeps the spectrum of ρ. Which energies and Bloch vectors does it lead to?
Setting.      The AFM dimer of Fig. 4, H = J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2), from a pure state and from a
              Werner state, k_BT = 0.05 … 5; ħ = γ_g = J = 1.
Answer.       Those of exp(−Tr ρH/k_BT) on the orbit {UρU†}, not of Gibbs' state: cold, each of the d − 1 amplitudes
              beside the ground state takes k_BT, as a classical mode does, where Gibbs' state is frozen; hot,
              Tr H/d − ⟨E⟩ is less than Gibbs' by the factor (d Tr ρ² − 1)/(d² − 1). A Werner state is a pure one at
              k_BT/p. The temperature can be rescaled so that energies agree; the states still differ.
Source.       Own; C. Itzykson, J.-B. Zuber, J. Math. Phys. 21, 411 (1980), eq. 3.4; the law is PRL 133, 266704 (2024),
              eq. 3, with noise inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from qllg_sym import DMI, Bath, Exchange, Model, QuantumLLG, Space, Zeeman, langevin
from qllg_sym.ensemble.canonical.ensemble import Canonical
from qllg_sym.errors import InputError
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import CLASSICAL, COLORS, MARKERS, Drawing

from .noisy_means import FALSE_ALARM, dimer_matrix, likelihood, on_orbit, together

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "orbit-ensemble", "The heat of a dimer: canonical on its orbit"
COLDEST, HOTTEST = 0.01, 100.0
FROZEN = 0.6            # below it Gibbs' energy is that of the ground state to 1e-3, and its match colder by decades
D_LEVELS = 4
AXIS = np.ones(3) / np.sqrt(3)      # of the field


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = J = 1."""

    D: float = 0.4
    p: float = 0.9          # of the Werner state
    kappa: float = 0.5
    coldest: float = 0.05
    hottest: float = 5.0
    points: int = 8         # simulated temperatures
    curve: int = 41
    trajectories: int = 2000
    turn: float = 0.075     # of the fastest rate in a step: a quarter of the advised, whose error thousands would show
    seed: int = 1

    @property
    def spectra(self) -> dict[str, Array]:
        """The two spectra by name."""
        low = (1 - self.p) / D_LEVELS
        return {"pure": np.array([1.0, 0, 0, 0]), "werner": np.array([self.p + low, low, low, low])}


QUICK = Parameters(points=4, curve=11, trajectories=800)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> len(compute(Parameters(points=2, curve=3, trajectories=50)).statements)
    6
    """
    p = given or Parameters()
    curves = {name: exact(p, name, np.geomspace(p.coldest, p.hottest, p.curve)) for name in p.spectra}
    found = {name: simulated(p, name) for name in p.spectra}
    statements = (_agree(p, found), _caught(p, found), _apart(curves), _limits(p), _matched(p, curves), _werner(p))
    tables = {**{f"exact_{name}": table for name, table in curves.items()},
              **{f"simulated_{name}": _table(samples) for name, samples in found.items()}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, curves, found), statements, _checks(p))


def dimer(p: Parameters) -> Model:
    """Return the AFM dimer of Fig. 4."""
    field = (1 / sp.sqrt(3),) * 3
    return Model(Space("1/2", "1/2"), [Exchange(1, 0, 1), DMI((0, 0, p.D), 0, 1), Zeeman(field)])


def by_hand(p: Parameters) -> Array:
    """Return H again from Pauli matrices, (4, 4)."""
    return dimer_matrix(1.0, p.D, AXIS.tolist())


# Exact curves -----------------------------------------------------------------------------------------------------


def readings(p: Parameters, name: str, kT: float) -> Array:
    """Return the exact ⟨E⟩, r1 and r2 of the orbit at a temperature, (7,).

    >>> readings(Parameters(), "pure", 1.0).round(3)[:2]
    array([-0.897,  0.028])
    """
    model = dimer(p)
    ensemble = on_orbit(model, p.spectra[name], kT)
    return np.array([ensemble.energy, *_bloch(ensemble.state)])


def _bloch(rho: Array) -> list[float]:
    """Both Bloch vectors of a state, 6 numbers."""
    parts = np.asarray(rho).reshape(2, 2, 2, 2)
    ones = np.einsum("ikjk", parts), np.einsum("kikj", parts)
    return [float(v) for one in ones for v in (2 * one[1, 0].real, 2 * one[1, 0].imag, (one[0, 0] - one[1, 1]).real)]


def exact(p: Parameters, name: str, temperatures: Array) -> dict[str, Array]:
    """Return the exact curves of orbit and Gibbs' state, the distance of the two, and the matched temperature."""
    model, spectrum, columns = dimer(p), p.spectra[name], []
    for kT in temperatures:
        ensemble = on_orbit(model, spectrum, float(kT))
        gibbs = ensemble.gibbs
        matched = _rescaled(ensemble) if kT > FROZEN else np.nan
        r, g = (np.array(_bloch(state))[:3] @ AXIS for state in (ensemble.state, gibbs.state))
        other = np.nan if np.isnan(matched) else _distance(on_orbit(model, spectrum, matched).state, gibbs.state)
        apart = _distance(ensemble.state, gibbs.state)
        columns.append([kT, ensemble.energy, gibbs.energy, r, g, apart, matched, other])
    names = "kT", "energy", "energy_gibbs", "r1_along_B", "r1_along_B_gibbs", "distance", "matched_kT", "still_apart"
    return dict(zip(names, np.array(columns, dtype=float).T, strict=True))


def _rescaled(ensemble: Canonical) -> float:
    """The matched temperature; NaN where Gibbs' energy lies below the orbit."""
    try:
        return float(ensemble.matched_kT)
    except InputError:
        return np.nan


def _distance(one: Array, other: Array) -> float:
    """Half the trace norm of a difference of states."""
    return float(np.abs(np.linalg.eigvalsh(np.asarray(one) - np.asarray(other))).sum() / 2)


# Simulation -------------------------------------------------------------------------------------------------------


def simulated(p: Parameters, name: str) -> dict[float, Array]:
    """Return (⟨E⟩, r1, r2) of every trajectory, averaged over late times, (trajectories, 7) by temperature."""
    energies, kets = np.linalg.eigh(by_hand(p))
    low = (1 - p.spectra[name][0]) / (D_LEVELS - 1)
    start = low * np.eye(D_LEVELS) + (p.spectra[name][0] - low) * np.outer(kets[:, 0], kets[:, 0].conj())
    found = {}
    for k, kT in enumerate(np.geomspace(p.coldest, p.hottest, p.points).tolist()):
        # the slower of what relaxes at the ground state and what noise alone mixes
        unit = (1 + p.kappa**2) / (p.kappa * (p.p * (energies[1] - energies[0]) + D_LEVELS * kT))
        mixed = 2 * (D_LEVELS - 1) * p.kappa * kT / (1 + p.kappa**2)
        rate = (energies[-1] - energies[0]) / (1 + p.kappa**2)**0.5 + mixed
        run = langevin(dimer(p), QuantumLLG(p.kappa), start, unit * np.array([0, 5, 6.5, 8, 9.5]), Bath(kT),
                       p.trajectories, seed=p.seed + k, step=p.turn / rate)
        late = run.samples["bloch"][:, 1:].mean(axis=1).reshape(p.trajectories, 6)
        found[kT] = np.column_stack([run.samples["energy"][:, 1:].mean(axis=1), late])
    return found


Found = Mapping[str, Mapping[float, Array]]


def chance(p: Parameters, found: Found, factor: float = 1.0) -> float:
    """Return the probability of what was simulated, if its noise were `factor` times too strong for its temperature."""
    return together([likelihood(samples, readings(p, name, kT / factor))
                     for name, each in found.items() for kT, samples in each.items()])


def strength(p: Parameters, found: Found) -> tuple[float, float]:
    """Return the strength of the noise over the exact one as the energies tell it, and its standard error."""
    top = bottom = 0.0
    for name, each in found.items():
        for kT, samples in each.items():
            ensemble = on_orbit(dimer(p), p.spectra[name], kT)
            slope = kT * float(ensemble.heat_capacity)          # dE/d ln(strength)
            weight = len(samples) / samples[:, 0].var(ddof=1)
            top += weight * slope * (samples[:, 0].mean() - float(ensemble.energy))
            bottom += weight * slope**2
    return 1 + top / bottom, float(bottom**-0.5)


# What the study says ----------------------------------------------------------------------------------------------


def _agree(p: Parameters, found: Found) -> Statement:
    """Simulated means against exact ones."""
    probable = chance(p, found)
    worst = max(abs(samples[:, 0].mean() - readings(p, name, kT)[0]) / (samples[:, 0].std(ddof=1) / len(samples)**0.5)
                for name, each in found.items() for kT, samples in each.items())
    return Statement(
        "Noisy q-LLG has the mean energies and Bloch vectors of exp(−Tr ρH/k_BT) on the orbit.", "own",
        truth(probable > FALSE_ALARM),
        f"⟨E⟩, r1 and r2 at {p.points} temperatures from {p.coldest:g} to {p.hottest:g}, pure and Werner, "
        f"{p.trajectories} trajectories each: means as far from the exact ones have probability {probable:.2g} (limit "
        f"{shown(FALSE_ALARM)}); the worst energy is {worst:.1f} standard errors off.")


def _caught(p: Parameters, found: Found) -> Statement:
    """The same runs read as runs at a temperature to which their noise would not belong."""
    chances = [chance(p, found, factor) for factor in (1.1, 1 / 1.1)]
    value, error = strength(p, found)
    return Statement(
        "Noise that is stronger or weaker by a factor of 1.1 would be noticed.", "own",
        truth(max(chances) < FALSE_ALARM and abs(value - 1) < 5 * error),
        f"Read as runs at k_BT/1.1, or at 1.1 k_BT, the same means have probabilities {shown(chances[0])} and "
        f"{shown(chances[1])}. From the energies σ² is {value:.4f} ± {error:.4f} times 2ħκk_BT.")


def _apart(curves: Mapping[str, Mapping[str, Array]]) -> Statement:
    """The distance of the mean state from Gibbs'."""
    told, least = [], np.inf
    for name, table in curves.items():
        k = int(np.argmax(table["distance"]))
        told.append(f"{table['distance'][k]:.3f} at k_BT = {table['kT'][k]:.2g} from the {_named(name)} state, where "
                    f"⟨E⟩ = {shown(table['energy'][k], '.3f')} against {shown(table['energy_gibbs'][k], '.3f')}")
        least = min(least, float(table["distance"].min()))
    return Statement(
        "The mean state is not Gibbs' at any of these temperatures.", "own", truth(least > 1e-3),
        f"Trace distances up to {'; '.join(told)}; the least is {least:.3f}.")


def _limits(p: Parameters) -> Statement:
    """Cold and hot, by expansions."""
    h, off = by_hand(p), []
    energies = np.linalg.eigvalsh(h)
    for spectrum in p.spectra.values():
        cold = spectrum @ energies + (D_LEVELS - 1) * COLDEST
        off.append(abs(float(readings_of(p, spectrum, COLDEST) - cold) / COLDEST))
        share = (D_LEVELS * (spectrum @ spectrum) - 1) / (D_LEVELS**2 - 1)
        lost = share * np.trace(h @ h).real / D_LEVELS / HOTTEST
        off.append(abs((np.trace(h).real / D_LEVELS - readings_of(p, spectrum, HOTTEST)) / lost - 1))
    return Statement(
        "Cold, ⟨E⟩ lies (d − 1)k_BT above the passive state; hot, below Tr H/d by (d Tr ρ² − 1)/(d² − 1) of what "
        "Gibbs' state does.", "own", truth(max(off) < 0.02),
        f"At k_BT = {COLDEST:g} the slope is off by {shown(max(off[0], off[2]))}; at {HOTTEST:g} the drop, by "
        f"{shown(max(off[1], off[3]))}. For a pure state the factor is 1/(d + 1) = 1/5.")


def readings_of(p: Parameters, spectrum: Array, kT: float) -> float:
    """Return the exact mean energy of any spectrum."""
    return float(on_orbit(dimer(p), spectrum, kT).energy)


def _matched(p: Parameters, curves: Mapping[str, Mapping[str, Array]]) -> Statement:
    """The rescaled temperature."""
    ensemble = on_orbit(dimer(p), p.spectra["pure"], HOTTEST)
    ratio = float(ensemble.matched_kT) / HOTTEST
    apart = {name: float(np.nanmax(table["still_apart"])) for name, table in curves.items()}
    pure, werner = curves["pure"], curves["werner"]
    below = not np.any(pure["matched_kT"] >= pure["kT"])
    floor = werner["kT"][~np.isnan(werner["matched_kT"])].min()
    return Statement(
        "A rescaled temperature gives Gibbs' energy, k_BT/(d + 1) for a hot pure state, but not Gibbs' state.", "own",
        truth(below and abs(ratio * (D_LEVELS + 1) - 1) < 0.01 and min(apart.values()) > 1e-3),
        f"Pure: matched k_BT is {ratio:.4f} k_BT at {HOTTEST:g} and lower than k_BT everywhere. The states still "
        f"differ, by trace distances up to {apart['pure']:.3f} (pure) and {apart['werner']:.3f} (Werner). Much colder "
        f"than {floor:.2g} Gibbs' energy is below every energy of the Werner state's orbit, and nothing matches.")


def _werner(p: Parameters) -> Statement:
    """A Werner state is a pure one at another temperature."""
    trace = np.trace(by_hand(p)).real / D_LEVELS
    off = max(abs(readings(p, "werner", kT)[0] - (1 - p.p) * trace - p.p * readings(p, "pure", kT / p.p)[0])
              for kT in (p.coldest, 1.0, p.hottest))
    return Statement(
        "The Werner state's ensemble is the pure one's at k_BT/p, shrunk by p.", "own", truth(off < 1e-10),
        f"⟨E⟩ = (1 − p) Tr H/4 + p ⟨E⟩_pure(k_BT/p) within {shown(off)}, p = {p.p:g}.")


def divided(p: Parameters, kT: float) -> float:
    """Return the pure state's mean energy from Z = (d − 1)! Σ_j e^(−βE_j)/Π_(k≠j) β(E_k − E_j), all levels apart.

    >>> round(divided(Parameters(), 1.0), 3)
    -0.897
    """
    levels = np.linalg.eigvalsh(by_hand(p))
    gaps = levels - levels[:, None] + np.eye(D_LEVELS)
    weights = np.exp((levels[0] - levels) / kT) / gaps.prod(axis=1)
    return float(weights @ (levels + (D_LEVELS - 1) * kT) / weights.sum())


def _checks(p: Parameters) -> tuple[Check, ...]:
    """Of our own numbers: H, and the exact energies by another formula."""
    held = on_orbit(dimer(p), p.spectra["pure"], 1.0)
    matrix: Array = np.array(held.hamiltonian().evalf(), dtype=np.complex128)
    energies = max(abs(readings(p, "pure", kT)[0] - divided(p, kT)) for kT in (p.coldest, 0.3, 1.0))
    return (Check("H from Pauli matrices apart", float(np.abs(matrix - by_hand(p)).max()), 1e-12),
            Check("mean energies by divided differences apart", energies, 1e-9))


# What is drawn and written ----------------------------------------------------------------------------------------


def _named(name: str) -> str:
    """A spectrum's name in sentences."""
    return "Werner" if name == "werner" else name


def _table(found: Mapping[float, Array]) -> dict[str, Array]:
    """Means and standard errors by temperature."""
    each = list(found.values())
    along = [np.column_stack([samples[:, 0], samples[:, 1:4] @ AXIS]) for samples in each]
    means = np.array([v.mean(axis=0) for v in along])
    errors = np.array([v.std(axis=0, ddof=1) / len(v)**0.5 for v in along])
    return {"kT": np.array(list(found)), "energy": means[:, 0], "energy_error": errors[:, 0],
            "r1_along_B": means[:, 1], "r1_along_B_error": errors[:, 1]}


def _drawing(p: Parameters, curves: Mapping[str, Mapping[str, Array]], found: Found) -> Drawing:
    """What draws the picture when it is called."""
    points = {name: _table(each) for name, each in found.items()}

    def against(column: str, label: str) -> Painter:
        def paint(axis: "Axes") -> None:
            for k, (name, table) in enumerate(curves.items()):
                axis.plot(table["kT"], table[column], color=COLORS[k], linewidth=0.9)
                axis.errorbar(points[name]["kT"], points[name][column], points[name][f"{column}_error"],
                              fmt=MARKERS[k], color=COLORS[k], markersize=3.2, capsize=2, linewidth=0.8,
                              markerfacecolor="white" if k else COLORS[k], label=_named(name))
            axis.plot(table["kT"], table[f"{column}_gibbs"], color=COLORS[6], linestyle=CLASSICAL, linewidth=0.9,
                      label="Gibbs")
            axis.set(xlabel=r"$k_BT$", ylabel=label, xscale="log")
        return paint

    def matched(axis: "Axes") -> None:
        for k, (name, table) in enumerate(curves.items()):
            axis.loglog(table["kT"], table["matched_kT"], color=COLORS[k], marker=MARKERS[k], markevery=(k, 4),
                        markersize=3.2, markerfacecolor="white" if k else COLORS[k], label=_named(name))
        axis.loglog(table["kT"], table["kT"], color="0.6", linewidth=0.7, label="$k_BT$")
        axis.loglog(table["kT"], table["kT"] / (D_LEVELS + 1), color=COLORS[6], linestyle=":", label="$k_BT/5$")
        axis.set(xlabel=r"$k_BT$", ylabel="Matched $k_BT$", ylim=(2e-3, 10))

    titles = "Mean energy", "Bloch vector along the field", "Matched temperature"
    return lambda: separate([against("energy", r"$\langle E\rangle$"), against("r1_along_B", r"$\mathbf{r}_1\cdot"
                             r"\hat{\mathbf{B}}$"), matched], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"AFM dimer of Fig. 4, H = J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2), D = {p.D:g}, |B| = 1 along (1, 1, 1), "
            f"ħ = γ_g = J = 1; q-LLG, κ = {p.kappa:g}, invariant noise. Lines: exact canonical ensembles of the orbits "
            f"of a pure state and of a Werner state, p = {p.p:g}. Points: means of {p.trajectories} noisy trajectories "
            f"with standard errors. Dashed: Gibbs' state.")
