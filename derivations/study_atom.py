r"""A single-atom magnet on a film of 64 × 64 moments, and the pulse that reverses it.

Question.     An atom of spin 2 with an easy axis sits on a ferromagnet; a field pulse at the atom points against it.
              When does it reverse, and for how long: as a quantum spin, as a classical moment?
Setting.      H = −D S_z² − K S·S_c + B(t) S_z for the atom, film of 64 × 64 moments, S = 1, closed, exchange 1, easy
              axis z; ħ = D = 1, κ = α = 0.2; the atom in a coherent state θ = 0.3 off its axis. `Hybrid`, and all of it
              classical.
Answer.       Along z the film is a field K. Then amplitudes c_m only decay and precess, and with γ = κ/(1 + κ²)
                  |c_−S/c_S|² = tan^{4S}(θ/2) exp[4Sγ ∫(B − K) dt]:
              the atom is down as long as γ ∫(B − K) dt > ln cot(θ/2). Area counts, not strength, and the 2S − 1
              levels in between play no part: the anisotropy is no barrier for a pure state under q-LLG. On the way
              it is a superposition of up and down, its moment shrinks to almost nothing, the film hardly moves. After
              the pulse the film's field K takes the area back, and the atom with it. The classical moment obeys
              ṁ_z = −λ(1 − m_z²)(B − K − 2DS m_z), λ = α/(1 + α²): it reverses only for B − K > 2DS cos θ, with a moment
              of length one that shakes the film, and it stays.
Source.       Own; the law is PRL 133, 266704 (2024), eqs. 1 and 3, in mean fields; barrier: E. C. Stoner, E. P.
              Wohlfarth, Phil. Trans. R. Soc. A 240, 599 (1948).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from qllg_sym import (
    Anisotropy,
    Bilinear,
    Hybrid,
    HybridState,
    HybridTrajectory,
    Model,
    Space,
    Zeeman,
    from_sites,
    solve,
    square,
    states,
    t,
)
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "atom", "A single-atom magnet on a film, and a pulse"
FIELDS = 0.8, 2.3           # of pulses about the threshold of their area
LONG = 80.0                 # of a pulse on the classical atom


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = D = 1."""

    side: int = 64
    small: int = 12             # side of the film where thresholds are looked for
    S: int = 2
    K: float = 0.3
    easy: float = 0.2           # anisotropy of the film
    kappa: float = 0.2
    alpha: float = 0.2
    theta: float = 0.3
    strong: float = 2.3         # the pulse that is drawn, and its length
    long: float = 8.0
    stop: float = 36.0
    points: int = 181
    margin: float = 0.05        # of areas and fields about their thresholds

    @cached_property
    def area(self) -> float:
        """∫(B − K) dt at which the levels ±S have equal weight."""
        return float(np.log(1 / np.tan(self.theta / 2)) * (1 + self.kappa**2) / self.kappa)

    @cached_property
    def coercive(self) -> float:
        """The field of a classical moment."""
        return float(self.K + 2 * self.S * np.cos(self.theta))


QUICK = Parameters(side=8, small=4)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    times = np.linspace(0, p.stop, p.points)
    runs = {kind: pulsed(p, kind, p.strong, p.long, times) for kind in ("quantum", "classical")}
    statements = (_path(p, runs["quantum"]), _area(p), _barrier(p), _shrinks(p, runs), _returns(p, runs))
    tables = {"time": {"t": times} | {f"{kind}_{name}": values for kind, run in runs.items() for name, values in (
        ("z", atom(run)[:, 2]), ("length", np.linalg.norm(atom(run), axis=1)), ("film", shaken(run)))}
        | {"closed_z": closed(p, times, p.strong, p.long)[0]}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables, runs), statements, _checks(runs))


def model(p: Parameters, field: float, long: float) -> Model:
    """The film, and the atom as the last site, above its middle."""
    n = p.side**2
    pulse = sp.Rational(str(field)) * (1 - sp.Heaviside(t - sp.Rational(str(long))))
    easy = [[0, 0, 0], [0, 0, 0], [0, 0, -p.easy]]
    film = square(p.side, p.side, Bilinear, -1, periodic=True)
    middle = n // 2 + p.side // 2
    return Model(Space(*["1"] * n, str(p.S)), [
        film, from_sites(n, Anisotropy, easy), Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -1]], n),
        Bilinear(-p.K, n, middle), Zeeman((0, 0, -pulse), sites=[n])],
        positions=[*film.positions.tolist(), film.positions[middle].tolist()])


def pulsed(p: Parameters, kind: str, field: float, long: float, times: Array,
           rtol: float = 1e-8) -> HybridTrajectory:
    """The atom in a pulse, quantum or classical."""
    n, direction = p.side**2, [float(np.sin(p.theta)), 0.0, float(np.cos(p.theta))]
    film = np.tile([0.0, 0.0, 1.0], (n, 1))
    law, start = (Hybrid(p.kappa, p.alpha, clusters=[n], classical=range(n)),
                  HybridState([states.coherent(Space(str(p.S)), [direction])], film)) if kind == "quantum" else \
        (Hybrid(0, p.alpha, classical=range(n + 1)), HybridState([], [*film, direction]))
    return solve(model(p, field, long), law, start, times, rtol=rtol, atol=1e-2 * rtol)


def atom(run: HybridTrajectory) -> Array:
    """⟨S⟩/S, (n, 3)."""
    return run.bloch(len(run.spins) - 1)


def shaken(run: HybridTrajectory) -> Array:
    """The largest tilt sin θ of a moment of the film, (n,)."""
    return np.asarray(np.linalg.norm(run.held[:, :len(run.spins) - 1, :2], axis=2).max(axis=1))


def closed(p: Parameters, times: Array, field: float, long: float) -> tuple[Array, Array]:
    """Return ⟨S_z⟩/S and the weight of −S on a film at rest, by the amplitudes' own decay, (n,) each.

    Their rate is written a second time on purpose.

    >>> p = Parameters()
    >>> bool(abs(closed(p, np.array([p.area / 2]), p.K + 2, 99.0)[0]) < 1e-12)     # ∫(B − K) dt is the area: up = down
    True
    """
    k, gamma = np.arange(2 * p.S + 1), p.kappa / (1 + p.kappa**2)
    m = p.S - k
    start = np.array([comb(2 * p.S, int(i))**0.5 for i in k]) * np.cos(p.theta / 2)**(2 * p.S - k) \
        * np.sin(p.theta / 2)**k
    gained = field * np.minimum(times, long) - p.K * times
    weights = np.log(start**2) - 2 * gamma * (np.outer(gained, m) - np.outer(times, m**2))
    weights = np.exp(weights - weights.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ m / p.S, weights[:, -1]


# What the study says ----------------------------------------------------------------------------------------------


def _path(p: Parameters, run: HybridTrajectory) -> Statement:
    """Beside the film at rest."""
    apart = float(np.abs(atom(run)[:, 2] - closed(p, run.times, p.strong, p.long)[0]).max())
    free = replace(p, K=0.0, side=3)
    alone = pulsed(free, "quantum", p.strong, p.long, run.times[::6], rtol=1e-11)
    exact = float(np.abs(atom(alone)[:, 2] - closed(free, alone.times, p.strong, p.long)[0]).max())
    return Statement(
        "The quantum atom follows amplitudes that decay by themselves, as on a film at rest; without coupling exactly.",
        "own", truth(apart < 0.02 and exact < 1e-6),
        f"⟨S_z⟩/S within {shown(apart)} with K = {p.K:g} (what the film gives way), within {shown(exact)} with K = 0.")


def _area(p: Parameters) -> Statement:
    """Pulses about the threshold."""
    found = {}
    for field in FIELDS:
        for part in (1 - p.margin, 1 + p.margin):
            long = round(part * p.area / (field - p.K), 3)
            run = pulsed(replace(p, side=p.small), "quantum", field, long, np.array([0, long]))
            found[field, part > 1] = float(atom(run)[-1, 2])
    ok = all((z < 0) == above for (_, above), z in found.items())
    return Statement(
        "At the end of a pulse the quantum atom points down if γ ∫(B − K) dt > ln cot(θ/2), whatever the strength; the "
        f"classical one needs B > {p.coercive:.2f}.", "own", truth(ok),
        f"⟨S_z⟩/S for {1 - p.margin:g} and {1 + p.margin:g} of the area {p.area:.3f}: " + "; ".join(
            f"B = {b:g}: {shown(found[b, False], '.2f')}, {shown(found[b, True], '.2f')}" for b in FIELDS) + ".")


def _barrier(p: Parameters) -> Statement:
    """The classical moment."""
    fields = [round(p.K + part * (p.coercive - p.K), 3) for part in (1 - p.margin, 1 + p.margin)]
    small, ends = replace(p, side=p.small), np.array([0, LONG])
    low, high = (float(atom(pulsed(small, "classical", field, LONG, ends))[-1, 2]) for field in fields)
    return Statement(
        "The classical atom needs B − K > 2DS cos θ, however long the pulse.", "own", truth(low > 0.9 and high < -0.9),
        f"m_z after t = {LONG:g} at {1 - p.margin:g} and {1 + p.margin:g} of 2DS cos θ: {shown(low, '.3f')}, "
        f"{shown(high, '.3f')}.")


def _shrinks(p: Parameters, runs: dict[str, HybridTrajectory]) -> Statement:
    """What reversal looks like."""
    until = np.linspace(0, p.long, p.points)
    strong = pulsed(replace(p, side=p.small), "classical", round(1.2 * p.coercive, 3), p.long, until)
    least = float(np.linalg.norm(atom(runs["quantum"]), axis=1).min())
    shakes = [float(shaken(run)[run.times <= p.long].max()) for run in (runs["quantum"], strong)]
    length = float(np.abs(np.linalg.norm(atom(strong), axis=1) - 1).max())
    return Statement(
        "On its way the quantum moment shrinks to less than a tenth, the classical one has length one and turns "
        "through the plane, which shakes the film more.", "own",
        truth(least < 0.1 and length < 1e-9 and shakes[0] < 0.7 * shakes[1] and atom(strong)[-1, 2] < -0.9),
        f"Least |⟨S⟩|/S {least:.3f}, classical 1 within {shown(length)}; the film tilts by {shakes[0]:.3f} and "
        f"{shakes[1]:.3f} at most.")


def _returns(p: Parameters, runs: dict[str, HybridTrajectory]) -> Statement:
    """After the pulse."""
    z, times = atom(runs["quantum"])[:, 2], runs["quantum"].times
    back = p.long + ((p.strong - p.K) * p.long - p.area) / p.K
    place = int(np.flatnonzero(z < 0)[-1])
    found = float(np.interp(0, z[place:place + 2], times[place:place + 2]))
    return Statement(
        "No barrier holds the quantum atom down: in the field of the film it comes back when the area is used up.",
        "own", judged(abs(found / back - 1), 0.02, 0.2),
        f"⟨S_z⟩ = 0 again at t = {found:.2f}, by area at {back:.2f}; down it is at {shown(float(z.min()), '.4f')}.")


def _checks(runs: dict[str, HybridTrajectory]) -> tuple[Check, ...]:
    """Of our own numbers: spectra and lengths, and energies that only fall when the pulse is over."""
    drifts = max(float(drift) for run in runs.values() for drift in run.invariants.values())
    late = max(float(np.diff(run.energy[run.times > 10]).max()) for run in runs.values())
    return (Check("drift of a spectrum or a length", drifts, 1e-12),
            Check("largest rise of the energy after the pulse", late, 1e-6))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]], runs: dict[str, HybridTrajectory]) -> Drawing:
    """What draws the picture when it is called."""
    table = tables["time"]

    def moment(axis: "Axes") -> None:
        axis.axvspan(0, p.long, color="0.92", linewidth=0)
        axis.axhline(0, color="0.8", linewidth=0.5)
        axis.plot(table["t"], table["quantum_z"], color=COLORS[0], label="quantum")
        axis.plot(table["t"], table["closed_z"], color=COLORS[6], linestyle=":", label="film at rest")
        axis.plot(table["t"], table["classical_z"], color=COLORS[1], linestyle=CLASSICAL, label="classical")
        axis.set(xlabel="$t$", ylabel=r"$\langle S_z\rangle/S$", xlim=(0, p.stop), ylim=(-1.1, 1.1))

    def length(axis: "Axes") -> None:
        axis.axvspan(0, p.long, color="0.92", linewidth=0)
        axis.plot(table["t"], table["quantum_length"], color=COLORS[0], label=r"$|\langle S\rangle|/S$, quantum")
        axis.plot(table["t"], 10 * table["quantum_film"], color=COLORS[2], label="10 × tilt of the film")
        axis.set(xlabel="$t$", ylabel="Length, tilt", xlim=(0, p.stop), ylim=(0, 1.5))

    def film(axis: "Axes") -> None:
        place = int(np.argmin(np.abs(table["t"] - p.long / 2)))
        tilt = runs["quantum"].held[place, :p.side**2, 0].reshape(p.side, p.side)
        limit = float(np.abs(tilt).max())
        image = axis.imshow(tilt, origin="lower", cmap="coolwarm", vmin=-limit, vmax=limit, rasterized=True)
        axis.figure.colorbar(image, ax=axis, shrink=0.8, label="$m_x$ of the film")
        middle, seen = p.side / 2, min(p.side / 2, 20) - 0.5
        axis.set(xlabel="$x$", ylabel="$y$", xlim=(middle - seen, middle + seen), ylim=(middle - seen, middle + seen))

    titles = "The atom", "Its length, and the film", f"The film at $t = {p.long / 2:g}$"
    return lambda: separate([moment, length, film], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Spin {p.S}, H = −D S_z² − K S·S_c + B(t) S_z, K = {p.K:g}, on {p.side} × {p.side} moments S = 1 "
            f"(exchange 1, easy axis {p.easy:g}), κ = {p.kappa:g}, α = {p.alpha:g}, ħ = D = 1, from θ = {p.theta:g}; "
            f"a pulse B = {p.strong:g} for t < {p.long:g} (grey). (a) ⟨S_z⟩/S. (b) Length of the quantum moment, and "
            "the largest tilt of a moment of the film. (c) Spin waves that the atom sends out.")
