r"""The Heisenberg chain from the Néel state: q-LLG beside q-LL, twenty spins ½.

Question.     How does a long antiferromagnetic chain relax from the Néel state under the two laws?
Setting.      H = J Σ S_i·S_{i+1}, open chain of N spins ½, ħ = J = 1; pure, d = 2^N.
Answer.       Pure, so the two laws are one in the times t and t/(1 + κ²), and
                  dE/dt = −2γ Var H,  γ = κ/(1 + κ²) for q-LLG, κ for q-LL;
              at the start E = −(N − 1)J/4 and Var H = (N − 1)J²/4. The staggered moment dies, the state ends in the
              singlet ground state, and E − E_0 falls at 2γΔ with the gap Δ to the lowest triplet in the end.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3; q-LL: PRL 110, 147201 (2013).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.integrate import simpson
from scipy.sparse.linalg import eigsh

from qllg_sym import Bilinear, Model, QuantumLL, QuantumLLG, Space, VonNeumann, chain, solve, states
from qllg_sym.equations.law import Law
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.states.state import State
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "neel-chain", "The Heisenberg chain from the Néel state"
EVERY = 12      # how many of the times are solved for again in another time


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = 1."""

    n: int = 20             # spins, even
    kappa: float = 0.5
    stop: float = 6.0
    points: int = 49        # odd, for Simpson's rule
    short: int = 12         # spins that are followed to the last stage
    late: tuple[float, float] = (50.0, 55.0)

    @property
    def gamma(self) -> float:
        """κ/(1 + κ²), the damping of pure states a second time on purpose."""
        return self.kappa / (1 + self.kappa**2)


QUICK = Parameters(n=4, stop=4.0, points=37, short=4)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    times = np.linspace(0, p.stop, p.points)
    levels, ground = lowest(p.n)
    runs = {"q-LLG": _read(p, QuantumLLG(p.kappa), times, ground), "q-LL": _read(p, QuantumLL(p.kappa), times, ground),
            "same": _read(p, QuantumLL(p.kappa), times[::EVERY] / (1 + p.kappa**2), ground),
            "von Neumann": _read(p, VonNeumann(), times, ground)}
    statements = (_start(p, runs), _same(p, runs), _energy(p, times, runs), _late(p), _ends(p, runs, levels))
    tables = {"curve": {"t": times} | {f"{name}_{part}": runs[name][part] for name in ("q-LLG", "q-LL", "von Neumann")
                                       for part in ("staggered", "energy", "variance", "infidelity")},
              "profile": {"t": times} | {f"Sz_{k}": column for k, column in enumerate(runs["q-LLG"]["profile"].T)}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, times, runs, levels), statements, _checks(runs))


def lowest(n: int) -> tuple[Array, Array]:
    """Return the two lowest energies in the sector S_z = 0, (2,), and the ground state, (2^n,), by SciPy alone.

    >>> lowest(2)[0].round(12).tolist()     # singlet and triplet
    [-0.75, 0.25]
    """
    ups = np.array([k.bit_count() for k in range(2**n)])
    sector = np.flatnonzero(ups == n // 2)
    place = np.full(2**n, -1)
    place[sector] = np.arange(len(sector))
    H = sparse.csr_array((len(sector), len(sector)))
    for bond in range(n - 1):
        unlike = (sector >> bond ^ sector >> bond + 1) & 1 == 1
        H = H + sparse.diags_array(np.where(unlike, -0.25, 0.25))
        flipped = place[sector[unlike] ^ (3 << bond)]
        H = H + sparse.csr_array((np.full(len(flipped), 0.5), (np.flatnonzero(unlike), flipped)), shape=H.shape)
    if len(sector) < 10:
        energies, vectors = np.linalg.eigh(H.toarray())
    else:
        energies, vectors = eigsh(H, k=2, which="SA", v0=np.ones(len(sector)) + np.arange(len(sector)) % 7)
    order = np.argsort(energies)[:2]
    ket = np.zeros(2**n)
    ket[sector] = vectors[:, order[0]]
    return energies[order], ket


def _neel(n: int) -> State:
    """The state ↑↓↑↓…."""
    return states.product(*["up", "down"] * (n // 2))


def _read(p: Parameters, law: Law, times: Array, ground: Array) -> dict[str, Array]:
    """What is read off one run; the kets are let go."""
    run = solve(Model(Space.half(p.n), chain(p.n, Bilinear, 1)), law, _neel(p.n), times)
    profile = np.array([_profile(np.abs(ket) ** 2) for ket in run.kets[:, :, 0]])
    return {"profile": profile, "staggered": profile @ (-1.0) ** np.arange(p.n) / p.n, "energy": run.energy,
            "variance": run.variance(), "infidelity": 1 - run.fidelity(ground),
            "drift": np.abs(run.purity - 1)}


def _profile(probabilities: Array) -> Array:
    """2⟨S_z⟩ of every site, (n,), from the probabilities of basis states: sites are split off one after the other."""
    found, left = [], probabilities
    while len(left) > 1:
        first = left.reshape(2, -1)
        found.append(float(first[0].sum() - first[1].sum()))
        left = first[0] + first[1]
    return np.array(found)


# What the study says ----------------------------------------------------------------------------------------------


def _start(p: Parameters, runs: dict[str, dict[str, Array]]) -> Statement:
    """Moments of the energy in the Néel state."""
    expected = (p.n - 1) / 4
    energy, variance = (float(runs["q-LLG"][part][0]) for part in ("energy", "variance"))
    return Statement(
        "At the start E = −(N − 1)J/4 and Var H = (N − 1)J²/4.", "own",
        judged(max(abs(energy + expected), abs(variance - expected)), 1e-10, 1e-3),
        f"N = {p.n}: E = {shown(energy, '.6f')}, Var H = {variance:.6f}.")


def _same(p: Parameters, runs: dict[str, dict[str, Array]]) -> Statement:
    """One law in two times."""
    apart = float(np.abs(runs["q-LLG"]["profile"][::EVERY] - runs["same"]["profile"]).max())
    differ = float(np.abs(runs["q-LLG"]["profile"] - runs["q-LL"]["profile"]).max())
    return Statement(
        "From a pure state q-LL runs through the states of q-LLG, faster by 1 + κ².", "PRL 133, 266704 (2024); own",
        truth(apart < 1e-8 and differ > 1e-2),
        f"Largest distance of ⟨S_z⟩ at any site: {shown(apart)} in the time t/(1 + κ²), {differ:.3f} in the same time.")


def _energy(p: Parameters, times: Array, runs: dict[str, dict[str, Array]]) -> Statement:
    """The balance of energy."""
    worst, parts = 0.0, []
    for name, rate in (("q-LLG", p.gamma), ("q-LL", p.kappa)):
        lost = float(runs[name]["energy"][0] - runs[name]["energy"][-1])
        balance = 2 * rate * float(simpson(runs[name]["variance"], x=times))
        worst = max(worst, abs(balance / lost - 1))
        parts.append(f"{name} {lost:.6f} and {balance:.6f}")
    return Statement(
        "The energy falls as dE/dt = −2γ Var H, γ = κ/(1 + κ²) for q-LLG and κ for q-LL.", "own",
        judged(worst, 1e-4, 1e-2), f"Energy lost up to t = {p.stop:g}, and 2γ∫Var H dt: {', '.join(parts)}.")


def _late(p: Parameters) -> Statement:
    """The last stage, of a shorter chain."""
    model, (levels, _) = Model(Space.half(p.short), chain(p.short, Bilinear, 1)), lowest(p.short)
    energy = solve(model, QuantumLLG(p.kappa), _neel(p.short), [0.0, *p.late]).energy[1:] - levels[0]
    rate, expected = np.log(energy[0] / energy[1]) / (p.late[1] - p.late[0]), 2 * p.gamma * (levels[1] - levels[0])
    return Statement(
        "In the end E − E_0 falls at 2γΔ, Δ the gap to the lowest triplet.", "own",
        judged(abs(rate / expected - 1), 0.02, 0.2),
        f"N = {p.short}: between t = {p.late[0]:g} and {p.late[1]:g} at {rate:.5f}; 2γΔ = {expected:.5f} with Δ = "
        f"{levels[1] - levels[0]:.6f} from Lanczos' method in the sector S_z = 0.")


def _ends(p: Parameters, runs: dict[str, dict[str, Array]], levels: Array) -> Statement:
    """Where the chain goes."""
    run, free = runs["q-LLG"], runs["von Neumann"]
    kept = float(np.ptp(free["energy"]))
    return Statement(
        "The damped chain goes towards its singlet ground state; without damping its energy stays.", "own",
        truth(bool(np.all(np.diff(run["infidelity"]) < 0) and np.all(run["energy"] > levels[0]) and kept < 1e-8)),
        f"E_0 = {shown(float(levels[0]), '.6f')}; at t = {p.stop:g} E = {shown(float(run['energy'][-1]), '.6f')}, "
        f"fidelity {1 - run['infidelity'][-1]:.4f} (at the start {1 - run['infidelity'][0]:.4f}), staggered moment "
        f"{shown(float(run['staggered'][-1]), '.4f')}; without damping E moves by {shown(kept)}.")


def _checks(runs: dict[str, dict[str, Array]]) -> tuple[Check, ...]:
    """Of our own numbers."""
    total = max(float(np.abs(run["profile"].sum(axis=1)).max()) for run in runs.values())
    return (Check("drift of the purity", max(float(run["drift"].max()) for run in runs.values()), 1e-10),
            Check("total S_z", total, 1e-8),
            Check("largest rise of the energy", float(np.diff(runs["q-LLG"]["energy"]).max()), 1e-10))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, times: Array, runs: dict[str, dict[str, Array]], levels: Array) -> Drawing:
    """What draws the picture when it is called."""
    def profile(axis: "Axes") -> None:
        values = runs["q-LLG"]["profile"]
        shade = axis.pcolormesh(np.arange(p.n), times, values, cmap="RdBu_r", vmin=-1, vmax=1, shading="nearest",
                                rasterized=True)
        axis.figure.colorbar(shade, ax=axis, label=r"$2\langle S_z\rangle$", pad=0.02)
        axis.set(xlabel="Site", ylabel="$t$")

    def staggered(axis: "Axes") -> None:
        axis.axhline(0, color="0.8", linewidth=0.5)
        for k, (name, line) in enumerate((("q-LLG", "-"), ("q-LL", CLASSICAL), ("von Neumann", ":"))):
            axis.plot(times, runs[name]["staggered"], color=COLORS[k], linestyle=line, label=name)
        axis.set(xlabel="$t$", ylabel="Staggered moment", xlim=(0, p.stop))

    def energy(axis: "Axes") -> None:
        for k, (name, line) in enumerate((("q-LLG", "-"), ("q-LL", CLASSICAL))):
            axis.semilogy(times, (runs[name]["energy"] - levels[0]) / p.n, color=COLORS[k], linestyle=line,
                          label=f"$(E - E_0)/N$, {name}")
            axis.semilogy(times, runs[name]["infidelity"], color=COLORS[k], linestyle=line, linewidth=0.7,
                          label=f"$1 - F$, {name}")
        low = min((runs[name]["energy"].min() - levels[0]) / p.n for name in ("q-LLG", "q-LL"))
        axis.set(xlabel="$t$", ylabel="Distance to the ground state", xlim=(0, p.stop),
                 ylim=(low / 15, 2))        # the legend stands below the curves

    titles = "Magnetisation, q-LLG", "Staggered moment", "Energy and infidelity"
    return lambda: separate([profile, staggered, energy], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Open Heisenberg chain of {p.n} spins ½, H = J Σ S_i·S_(i+1), from the Néel state, κ = {p.kappa:g}, ħ = J "
            "= 1. (a) Profile under q-LLG. (b) Staggered moment. (c) Energy above the ground state a spin (thick), and "
            "infidelity with the ground state (thin).")
