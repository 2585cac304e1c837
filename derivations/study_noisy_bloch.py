r"""Fig. 1 at a finite temperature: the first spin of a dimer under two kinds of noise, and under two kinds of friction.

Question.     What becomes of the paper's Fig. 1 in a heat bath?
Setting.      The dimers of Fig. 1 from |↑↓⟩, B along x, κ = α = 0.5, k_BT = 0.2 |J|. Noise: invariant, or fields on
              each spin; friction: q-LLG, or of each spin by itself (`LocalGilbert`); ħ = γ_g = |J| = B = 1.
Answer.       Invariant noise leads to the canonical means of the orbit. The spinless state of (b) goes: its mean moment
              stays small, but the moment fluctuates, ⟨|r1|²⟩ being that of the ensemble. Fields on each spin heat a
              singlet as fast, but end elsewhere: colder for FM exchange, and in the Langevin function of each spin
              where the spins are uncoupled. They belong to the friction of each spin by itself: together these lead
              to the canonical ensemble, also out of (a), where that friction alone stands still. Under q-LLG energy is
              balanced on the way: what it changes by beyond friction and heating, both in closed form, has mean zero.
Source.       Own; PRL 133, 266704 (2024), eq. 3 and Fig. 1, with noise inside; C. Itzykson, J.-B. Zuber, J. Math. Phys.
              21, 411 (1980), eq. 3.4; P. Langevin, Ann. Chim. Phys. 5, 70 (1905).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym import (
    DMI,
    Bath,
    Exchange,
    LocalGilbert,
    Model,
    QuantumLLG,
    Space,
    Zeeman,
    langevin,
    solve,
    states,
)
from qllg_sym.ensemble.thermal import ThermalEnsemble
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import COLORS, Dashes, Drawing

from .fig_01_bloch import PS
from .noisy_means import (
    FALSE_ALARM,
    X,
    Y,
    Z,
    dimer_matrix,
    field_heating_rate,
    fields_of_spins,
    friction_rate,
    from_pauli,
    heating_rate,
    likelihood,
    on_orbit,
    together,
    unexplained,
)

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "noisy-bloch", "Fig. 1 at a finite temperature"
NOISES = ("invariant", "local")                 # of q-LLG
BATHS: dict[str, tuple[type[QuantumLLG] | type[LocalGilbert], str]] = {
    **{noise: (QuantumLLG, noise) for noise in NOISES}, "gilbert": (LocalGilbert, "local")}
LATE = (14.0, 16.0, 18.0, 20.0)     # well after the figure
SLOW = (40.0, 45.0, 50.0, 55.0)     # FM under local friction takes longer: its torques nearly vanish on the way
LONG = 160.0            # until when friction alone is watched
STALLED = -1.1651       # energy at which local friction stands still in (a): found beforehand by integration
LINES: tuple[tuple[str, str, int, Dashes], ...] = (
    ("invariant", "q-LLG, invariant", 0, "-"), ("local", "q-LLG, fields", 1, (0, (4.0, 1.6))),
    ("gilbert", "local, fields", 2, (0, (4.0, 1.4, 1.0, 1.4))), ("none", "q-LLG, alone", 6, ":"),
    ("still", "local, alone", 3, (0, (1.0, 3.0))))


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = |J| = B = 1."""

    D: float = 0.6          # of (c) and (d)
    kappa: float = 0.5      # and α
    kT: float = 0.2
    stop: float = 8.0
    points: int = 81
    trajectories: int = 1000
    step: float = 0.025     # half the advised one: its error of the mean energy shows in a thousand trajectories
    local_step: float = 0.02
    slow_step: float = 0.05     # of local friction, and its trajectories, of which a step costs more
    few: int = 400
    seed: int = 11

    def couplings(self, letter: str) -> tuple[float, float]:
        """J and D of a panel."""
        return (-1.0 if letter in "ac" else 1.0), (0.0 if letter in "ab" else self.D)


QUICK = Parameters(points=41, trajectories=300, step=0.04, local_step=0.05, slow_step=0.09, few=100)


@dataclass(frozen=True)
class Case:
    """One panel.

    Attributes:
        h: H, (4, 4), from Pauli matrices.
        noisy: the ensemble of each bath, with Pauli components at the times of the figure and later.
        quiet: r1 without noise, (n, 3), by friction, and the energy at last.
    """

    h: Array
    noisy: Mapping[str, ThermalEnsemble]
    quiet: Mapping[str, tuple[Array, float]]

    def r1(self, noise: str) -> tuple[Array, Array]:
        """Mean Bloch vector of the first spin with standard errors, each (n, 3)."""
        run = self.noisy[noise]
        return run.mean["pauli"][:, FIRST], run.error["pauli"][:, FIRST]

    def length(self, noise: str) -> tuple[Array, Array]:
        """⟨|r1|²⟩^½ with standard errors, each (n,)."""
        squares = (self.noisy[noise].samples["pauli"][..., FIRST]**2).sum(axis=-1)
        found = np.sqrt(squares.mean(axis=0))
        return found, squares.std(axis=0, ddof=1) / len(squares)**0.5 / (2 * found)


FIRST, SECOND = [3, 7, 11], [0, 1, 2]       # of the 15 components T_0x, T_0y, T_0z, T_x0, …: T_x0, T_y0, T_z0 and T_0k


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> p = Parameters(stop=1.0, points=11, trajectories=20, local_step=0.1, slow_step=0.09, few=10)
    >>> len(compute(p).statements)
    6
    """
    p = given or Parameters()
    cases = {letter: _case(p, letter) for letter in "abcd"}
    statements = (_canonical(p, cases), _balanced(p, cases), _fluctuating(p, cases), _elsewhere(p, cases),
                  _uncoupled(p), _gilbert(p, cases))
    tables = {letter: _columns(p, case) for letter, case in cases.items()}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, cases), statements, _checks(p, cases))


def _model(J: float, D: float) -> Model:
    """H of Fig. 1."""
    return Model(Space("1/2", "1/2"), [Zeeman((1, 0, 0)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])


def _times(p: Parameters, after: tuple[float, ...] = LATE) -> Array:
    """Those of the figure, and late ones."""
    return np.array([*np.linspace(0, p.stop, p.points), *after])


def _bath(p: Parameters, letter: str, name: str) -> ThermalEnsemble:
    """The ensemble of a panel under one friction and noise, from |↑↓⟩."""
    law, noise = BATHS[name]
    count, after, step = {"invariant": (p.trajectories, LATE, p.step), "local": (p.trajectories, LATE, p.local_step),
                         "gilbert": (p.few, SLOW if letter in "ac" else LATE, p.slow_step)}[name]
    return langevin(_model(*p.couplings(letter)), law(p.kappa), states.product("up", "down"), _times(p, after),
                    Bath(p.kT, noise), count, p.seed + "abcd".index(letter), step, observe={"pauli": "pauli"})


def _case(p: Parameters, letter: str) -> Case:
    """All runs of a panel."""
    model, start = _model(*p.couplings(letter)), states.product("up", "down")
    noisy = {name: _bath(p, letter, name) for name in BATHS}
    quiet = {}
    for name, law in (("none", QuantumLLG(p.kappa)), ("still", LocalGilbert(p.kappa))):
        run = solve(model, law, start, [*_times(p), LONG])
        quiet[name] = run.bloch(0)[:-1], float(run.energy[-1])
    return Case(dimer_matrix(*p.couplings(letter), (1, 0, 0)), noisy, quiet)


# What the study says ----------------------------------------------------------------------------------------------


def exact(p: Parameters, letter: str, kT: float) -> Array:
    """Return the canonical ⟨E⟩, r1 and r2 of pure states, (7,)."""
    ensemble = on_orbit(_model(*p.couplings(letter)), [1, 0, 0, 0], kT)
    one = np.eye(2)
    spins = [np.kron(a, one) for a in (X, Y, Z)] + [np.kron(one, a) for a in (X, Y, Z)]
    return np.array([float(ensemble.energy), *(np.trace(ensemble.state @ a).real for a in spins)])


def square(p: Parameters, letter: str, kT: float) -> float:
    """Return the canonical ⟨|r1|²⟩ of pure states."""
    ensemble = on_orbit(_model(*p.couplings(letter)), [1, 0, 0, 0], kT)
    spread = [float(ensemble.variance_of(np.kron(a, np.eye(2)))) for a in (X, Y, Z)]
    return sum(spread) + float((exact(p, letter, kT)[1:4]**2).sum())


def late(case: Case, noise: str) -> Array:
    """Return ⟨E⟩, r1, r2 and |r1|² of every trajectory, averaged over late times, (m, 8)."""
    run = case.noisy[noise]
    components = run.samples["pauli"][:, -len(LATE):]
    r = components[..., FIRST]
    columns = [run.samples["energy"][:, -len(LATE):, None], r, components[..., SECOND], (r**2).sum(-1, keepdims=True)]
    return np.asarray(np.concatenate(columns, axis=-1).mean(axis=1))


def chances(p: Parameters, cases: Mapping[str, Case], name: str) -> tuple[float, float]:
    """Return how likely late means under a bath are, for the canonical ensemble and for a bath colder by 1.1."""
    right, wrong = [], []
    for letter, case in cases.items():
        found = late(case, name)[:, :7]
        right.append(likelihood(found, exact(p, letter, p.kT)))
        wrong.append(likelihood(found[:, :1], exact(p, letter, p.kT / 1.1)[:1]))
    return together(right), together(wrong)


def _canonical(p: Parameters, cases: Mapping[str, Case]) -> Statement:
    """Late means under invariant noise."""
    right, wrong = chances(p, cases, "invariant")
    return Statement(
        "Under invariant noise every panel ends in the canonical ensemble of the orbit.", "own",
        truth(right > FALSE_ALARM > wrong),
        f"Means of E, r1 and r2 after t = {LATE[0]:g}, {p.trajectories} trajectories a panel: as far from the exact "
        f"ones with probability {right:.2g}; read as a bath that is colder by the factor 1.1, the energies alone have "
        f"{shown(wrong)}.")


def balance(p: Parameters, case: Case, noise: str, factor: float = 1.0) -> Array:
    """Return what the energy changes by beyond friction and heating from t = 0 to the end of the figure, (m,)."""
    run = case.noisy[noise]
    rho = from_pauli(run.samples["pauli"][:, :p.points])
    heating = (heating_rate(case.h, rho, p.kappa) if noise == "invariant" else
               field_heating_rate(case.h, rho, p.kappa, fields_of_spins()))
    rates = friction_rate(case.h, rho, p.kappa) + factor * p.kT * heating
    return unexplained(run.times[:p.points], run.samples["energy"][:, :p.points], rates)


def _balanced(p: Parameters, cases: Mapping[str, Case]) -> Statement:
    """Energy on the way, under both noises."""
    told, right = [], True
    for noise in NOISES:
        found = [together([likelihood(balance(p, case, noise, factor)[:, None], np.zeros(1))
                           for case in cases.values()]) for factor in (1.0, 1 / 1.1)]
        right = right and found[0] > FALSE_ALARM > found[1]
        told.append(f"{noise} noise, {found[0]:.2g} ({shown(found[1])} if it were stronger by the factor 1.1)")
    return Statement(
        "On the way the mean energy changes by friction and by heating that is known in closed form, for both noises.",
        "own", truth(right),
        f"E(t) − E(0) − ∫ of both up to t = {p.stop:g} has mean zero over the trajectories of all panels with "
        f"probability: {'; '.join(told)}.")


def _fluctuating(p: Parameters, cases: Mapping[str, Case]) -> Statement:
    """The spinless state of (b)."""
    case = cases["b"]
    mean, expected = exact(p, "b", p.kT), square(p, "b", p.kT)
    found = late(case, "invariant")[:, 7]
    error = found.std(ddof=1) / len(found)**0.5
    quiet = float(np.linalg.norm(case.quiet["none"][0][-1]))
    return Statement(
        "The spinless state of (b) does not survive: its moment fluctuates.", "own",
        truth(abs(found.mean() - expected) < 5 * error and quiet < 1e-3 and expected > 10 * mean[1]**2),
        f"⟨|r1|²⟩^½ = {found.mean()**0.5:.4f} ({expected**0.5:.4f} in the ensemble), where |⟨r1⟩| is "
        f"{np.linalg.norm(mean[1:4]):.4f} and without noise |r1| = {shown(quiet)} at t = {LATE[1]:g}.")


def _elsewhere(p: Parameters, cases: Mapping[str, Case]) -> Statement:
    """Where fields on each spin end."""
    told, apart = [], {}
    for letter, case in cases.items():
        found, canonical_energy = late(case, "local")[:, 0], exact(p, letter, p.kT)[0]
        apart[letter] = (canonical_energy - found.mean()) / (found.std(ddof=1) / len(found)**0.5)
        told.append(f"{shown(found.mean(), '.3f')} against {shown(canonical_energy, '.3f')} in ({letter}), "
                    f"{apart[letter]:.0f} standard errors")
    ground = np.linalg.eigh(cases["b"].h)[1][:, 0]
    singlet = np.outer(ground, ground.conj())
    rates = [float(rate) for rate in (heating_rate(cases["b"].h, singlet, p.kappa), field_heating_rate(
        cases["b"].h, singlet, p.kappa, fields_of_spins()))]
    return Statement(
        "Fields on each spin end elsewhere: colder than the canonical ensemble for FM exchange, though they heat a "
        "singlet just as fast.", "own", truth(min(apart["a"], apart["c"]) > 5 and abs(rates[0] - rates[1]) < 1e-9),
        f"Late energies under local noise, and canonical ones: {'; '.join(told)}. Out of the ground state of (b) both "
        f"noises heat at {rates[1]:.3f} k_BT |J|/ħ.")


def _uncoupled(p: Parameters) -> Statement:
    """Without coupling each spin has Langevin's function under fields of its own."""
    x = 1 / (2 * p.kT)
    each = 1 / np.tanh(x) - 1 / x
    run = langevin(_model(0.0, 0.0), QuantumLLG(p.kappa), states.product("+x", "+x"), [0, *LATE], Bath(p.kT, "local"),
                   p.trajectories, p.seed + 4, 2 * p.local_step, observe={"r0": "bloch0", "r1": "bloch1"})
    found = np.column_stack([run.samples[f"r{i}"][:, 1:, 0].mean(axis=1) for i in range(2)])
    other = on_orbit(_model(0.0, 0.0), [1, 0, 0, 0], p.kT)
    chances = [likelihood(found, np.full(2, value)) for value in (each, -float(other.energy))]
    return Statement(
        "Uncoupled, each spin has Langevin's function under fields of its own, which invariant noise does not give.",
        "own", truth(chances[0] > FALSE_ALARM > chances[1]),
        f"Along the field r1 = {found[:, 0].mean():.4f}, r2 = {found[:, 1].mean():.4f}; coth x − 1/x = {each:.4f} at "
        f"x = B/2k_BT (probability {chances[0]:.2g}), against {-float(other.energy):.4f} in the canonical ensemble of "
        "the pair's orbit.")


def _gilbert(p: Parameters, cases: Mapping[str, Case]) -> Statement:
    """The other friction, with its noise and without."""
    right, _ = chances(p, cases, "gilbert")
    wrong = together([likelihood(late(case, "gilbert")[:, :1], late(case, "local")[:, :1].mean(axis=0))
                      for case in cases.values()])
    still = cases["a"].quiet["still"][1]
    ends = {k: (late(case, "gilbert")[:, 0].mean(), exact(p, k, p.kT)[0]) for k, case in cases.items()}
    told = ", ".join(f"{shown(mean, '.3f')} ({shown(end, '.3f')}) in ({k})" for k, (mean, end) in ends.items())
    return Statement(
        "With friction of each spin by itself it is the fields on each spin that lead to the canonical ensemble, also "
        "out of (a), where that friction alone stands still.", "own",
        truth(right > FALSE_ALARM > wrong and abs(still - STALLED) < 1e-3),
        f"Energies after t = {SLOW[0]:g} (FM) and {LATE[0]:g} (AFM), and canonical ones: {told}; means of E, r1 and "
        f"r2 have probability {right:.2g}, energies {shown(wrong)} for the ends of q-LLG under the same fields. "
        f"Without noise E = {shown(still, '.4f')} at t = {LONG:g} in (a); {shown(STALLED, '.4f')} was found "
        "beforehand.")


def _checks(p: Parameters, cases: Mapping[str, Case]) -> tuple[Check, ...]:
    """Of our own numbers: purity of every trajectory, and the symmetry of the mean."""
    purity, turned = 0.0, []
    for case in cases.values():
        for noise in BATHS:
            components = case.noisy[noise].samples["pauli"]
            purity = max(purity, float(np.abs((components**2).sum(axis=-1) - 3).max()))
            r = components[:, -len(LATE):].mean(axis=1)
            turned.append(likelihood(r[:, SECOND] - r[:, FIRST] * [1, -1, -1], np.zeros(3)))
    return (Check("drift of the purity", purity, 1e-9),
            Check("surprise at r2 ≠ (r1x, −r1y, −r1z), over the limit", float(FALSE_ALARM / together(turned)), 1.0))


# What is drawn and written ----------------------------------------------------------------------------------------


def _columns(p: Parameters, case: Case) -> dict[str, Array]:
    """Time in picoseconds, then energy and r1 with standard errors by noise and friction."""
    columns = {"time_ps": PS * _times(p, ())}
    for name, run in case.noisy.items():
        mean, error = case.r1(name)
        each = {"energy": run.mean["energy"], "energy_error": run.error["energy"],
                **{f"r1{axis}": mean[:, k] for k, axis in enumerate("xyz")},
                **{f"r1{axis}_error": error[:, k] for k, axis in enumerate("xyz")}}
        each["length"], each["length_error"] = case.length(name)
        columns |= {f"{name}_{what}": values[:p.points] for what, values in each.items()}
    for name, (r, _) in case.quiet.items():
        columns |= {f"{name}_r1{axis}": r[:p.points, k] for k, axis in enumerate("xyz")}
        columns[f"{name}_length"] = np.linalg.norm(r[:p.points], axis=1)
    return columns


def _drawing(p: Parameters, cases: Mapping[str, Case]) -> Drawing:
    """What draws the picture when it is called."""
    def panel(letter: str, k: int) -> Painter:
        table = _columns(p, cases[letter])

        def paint(axis: "Axes") -> None:
            axis.axhline(0, color="0.8", linewidth=0.5)
            times, name = table["time_ps"], ("r1x", "length")[k]
            for key, label, color, line in LINES:
                values = table[f"{key}_{name}"]
                if key in BATHS:
                    band = 2 * table[f"{key}_{name}_error"]
                    axis.fill_between(times, values - band, values + band, color=COLORS[color], alpha=0.2, linewidth=0)
                axis.plot(times, values, color=COLORS[color], linestyle=line, linewidth=1.0,
                          label=label if letter == "b" and not k else None)
            axis.set(xlim=(0, PS * p.stop), ylim=(-0.1, 1.08))
            if letter == "a":
                axis.set_ylabel((r"$\langle r_{1x}\rangle$", r"$\langle|\mathbf{r}_1|^2\rangle^{1/2}$")[k])
            if k:
                axis.set_xlabel("Time (ps)")
        return paint

    painters = [panel(letter, k) for k in range(2) for letter in "abcd"]
    names = [f"{'FM' if J < 0 else 'AFM'}, D = {D:g}" for J, D in map(p.couplings, "abcd")]
    return lambda: separate(painters, columns=4, titles=[*names, *names], heading=TITLE, caption=_caption(p),
                            row_height=1.9)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Bloch vector of the first spin of the dimers of Fig. 1 from |↑↓⟩: mean along the field (a–d) and "
            f"root-mean-square length (e–h); k_B T = {p.kT:g}, κ = α = {p.kappa:g}, ħ = γ_g = |J| = B = 1, 1 unit of "
            f"time drawn as {PS:g} ps. Solid: q-LLG, invariant noise; dashed: q-LLG, fields on each spin; dash-dotted: "
            f"local Gilbert friction, fields on each spin ({p.few} trajectories, else {p.trajectories}; bands of ±2 "
            "standard errors). Without noise: q-LLG, dotted; local friction, sparsely dotted.")
