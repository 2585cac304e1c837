r"""q-LLG as an optimiser: what it costs beside what others cost.

Question.     The paper's last sentence hopes for ground states and optimisation. What does the law cost as a method?
Setting.      (a) Ground states of open Heisenberg chains in fields, tolerance 1e-8: products of H and a ket, beside
              block Lanczos. (b) The rate at which the first excited level dies out, over κ. (c), (d) Largest cuts of
              random 3-regular graphs and ±J glasses of all pairs: weight on the lowest strings, which enumeration
              knows, after a time T: from |+…+⟩ by the problem's diagonal H alone under q-LLG and q-LL; by H annealed
              from −Σσx without damping and with κ = 1; and by simulated annealing over sweeps. Medians and quartiles.
Answer.       Strongly damped, by stabilised steps, the law pays one to three times the products of Lanczos' method,
              with κ = 1 five times or more. The rate is κ(E_1 − E_0)/(ħ(1 + κ²)): in time κ = 1 is best. With H
              diagonal the weights are Boltzmann's at β = 2κt/(ħ(1 + κ²)) exactly (theorem boltzmann), a sum over all
              2^N strings. Damping makes an annealed start better at every T, but every step costs 2^N amplitudes, and
              simulated annealing finds the same strings in a few sweeps of N spins: as a classical method the law wins
              nothing on such problems.
Source.       Own; PRL 133, 266704 (2024), last paragraph; S. Kirkpatrick et al., Science 220, 671 (1983).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym import Exchange, Model, QuantumLL, QuantumLLG, Space, Zeeman, lowest, solve, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import COLORS, Drawing

from .ising_instances import annealed_success, annealing_success, boltzmann_success, energies, glass, maxcut

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "optimiser", "q-LLG as an optimiser"
PROBLEMS = {"cut": maxcut, "glass": glass}
KAPPAS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
WAYS = ("q-LLG, diagonal", "q-LL, diagonal", "annealed, undamped", "annealed, damped", "simulated annealing")


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = 1; couplings of cuts are 1, of glasses ±1/√N."""

    chains: tuple[int, ...] = (9, 10, 11, 12)
    spins: int = 14
    instances: int = 50
    times: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
    sweeps: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    starts: int = 200           # of simulated annealing, an instance
    dt: float = 0.1
    kappa: float = 1.0
    seed: int = 0


QUICK = Parameters(chains=(9,), spins=8, instances=8, times=(0.5, 2.0, 8.0), sweeps=(1, 4, 16), starts=50)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    products, rates = _products(p), _rates()
    success = {name: _success(p, name) for name in PROBLEMS}
    statements = (_costs(products), _best(rates), _weights(), _damped(p, success), _sweeps(p, success))
    tables: dict[str, dict[str, Array]] = {
        "products": {"N": np.array(p.chains, dtype=float), **products},
        "rates": {"kappa": np.array(KAPPAS), **rates}}
    for name, found in success.items():
        quartiles = {f"{way}, {part}": column for way, rows in found.items() for part, column in
                     zip(("lower quartile", "median", "upper quartile"), rows.T, strict=True)}
        tables[name] = {"T": np.array(p.times), "sweeps": np.array(p.sweeps, dtype=float), **quartiles}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, products, rates, success), statements,
                 (Check("split steps and the integrated law apart", _apart(p), 2e-3),))


# Numbers ----------------------------------------------------------------------------------------------------------


def _chain(n: int) -> Model:
    """An open Heisenberg chain in fields that differ from site to site."""
    return Model(Space.half(n), [*(Exchange(0.25, i, i + 1) for i in range(n - 1)),
                                 *(Zeeman((0.3, 0.1 * (i % 3), 0.5 * (i % 2)), [i]) for i in range(n))])


def _products(p: Parameters) -> dict[str, Array]:
    """How many products of H and a ket each way takes."""
    ways: dict[str, tuple[str, dict[str, float]]] = {
        "lanczos": ("lanczos", {}), "q-llg": ("q-llg", {}), "q-llg, kappa = 1": ("q-llg", {"kappa": 1.0})}
    return {told: np.array([lowest(_chain(n), k=1, method=way, tol=1e-8, options=own).products for n in p.chains],
                           dtype=float) for told, (way, own) in ways.items()}


def _rates() -> dict[str, Array]:
    """The decay rate of |c_1/c_0| from integrated kets, over κ, and the law of it."""
    model = _chain(4)
    found = lowest(model, k=2)
    gap, start = float(np.diff(found.energies)[0]), states.random(model.space, 1, seed=4)
    measured = []
    for kappa in KAPPAS:
        kets = solve(model, QuantumLLG(kappa), start, [0.0, 1.0], method="frame", rtol=1e-12).kets[:, :, 0]
        weights = abs(kets @ found.kets.conj())
        measured.append(float(-np.log(weights[1, 1] / weights[1, 0] * weights[0, 0] / weights[0, 1])))
    return {"measured": np.array(measured), "law": gap / (np.array(KAPPAS) + 1 / np.array(KAPPAS))}


def _instances(p: Parameters, name: str) -> tuple[Array, Array]:
    """Couplings (m, N, N) and energies (m, 2^N) of random problems."""
    rng = np.random.default_rng([p.seed, list(PROBLEMS).index(name)])
    couplings = np.array([PROBLEMS[name](rng, p.spins) for _ in range(p.instances)])
    return couplings, np.array([energies(one) for one in couplings])


def _weight(p: Parameters) -> complex:
    """W(−1) of q-LLG, a second time on purpose: `_apart` holds it against the law."""
    return 1 / (1 + 1j * p.kappa)


def _success(p: Parameters, name: str) -> dict[str, Array]:
    """Quartiles (points, 3) of the success of every way."""
    couplings, levels = _instances(p, name)
    rng, weight = np.random.default_rng(p.seed), _weight(p)

    def quartiles(rows: Sequence[Array]) -> Array:
        return np.percentile(np.array(rows), [25, 50, 75], axis=1).T

    return dict(zip(WAYS, (
        quartiles([boltzmann_success(levels, 2 * t / (p.kappa + 1 / p.kappa)) for t in p.times]),
        quartiles([boltzmann_success(levels, 2 * p.kappa * t) for t in p.times]),
        quartiles([annealed_success(levels, t, 1.0, p.dt) for t in p.times]),
        quartiles([annealed_success(levels, t, weight, p.dt) for t in p.times]),
        quartiles([annealing_success(rng, couplings, sweeps, p.starts) for sweeps in p.sweeps])), strict=True))


def _apart(p: Parameters) -> float:
    """How far split steps are from the integrated law: a cut of six spins, annealed with damping."""
    from sympy import Rational

    from qllg_sym import Pauli, t
    couplings, total = maxcut(np.random.default_rng(p.seed), 6), 4
    levels = energies(couplings)[None]
    s = t / total
    words = [("".join("Z" if k in (i, j) else "I" for k in range(6)), couplings[i, j])
             for i, j in zip(*np.nonzero(couplings), strict=True)]
    model = Model(Space.half(6), [*(Pauli(s * Rational(float(c)), word) for word, c in words),
                                  Zeeman((2 * (1 - s), 0, 0))])
    run = solve(model, QuantumLLG(p.kappa), states.product(*["+x"] * 6), [0, total])
    weights = abs(run.kets[-1, :, 0])**2
    exact = float(weights[levels[0] == levels.min()].sum())
    return abs(float(annealed_success(levels, total, _weight(p), p.dt)[0]) - exact)


# What the study says ----------------------------------------------------------------------------------------------


def _costs(products: dict[str, Array]) -> Statement:
    """Products beside Lanczos'."""
    strong, one = (products[way] / products["lanczos"] for way in ("q-llg", "q-llg, kappa = 1"))
    return Statement(
        "For a ground state to 1e-8 the law takes one to three times the products of Lanczos' method, with κ = 1 five "
        "times or more.", "own", truth(bool(1 < strong.min() and strong.max() < 3 and one.min() > 5)),
        f"{products['lanczos'][-1]:.0f} products by Lanczos' method, {products['q-llg'][-1]:.0f} by strongly damped "
        f"q-LLG and {products['q-llg, kappa = 1'][-1]:.0f} with κ = 1 at the largest size; ratios from "
        f"{strong.min():.1f} to {strong.max():.1f}, and from {one.min():.1f} to {one.max():.1f}.")


def _best(rates: dict[str, Array]) -> Statement:
    """The law of the rate, and where it is best."""
    off = float(abs(rates["measured"] / rates["law"] - 1).max())
    best = KAPPAS[int(np.argmax(rates["measured"]))]
    return Statement(
        "|c_1/c_0| decays at κ(E_1 − E_0)/(ħ(1 + κ²)), fastest at κ = 1.", "own; theorem relaxation-pure",
        judged(off if best == 1 else np.inf, 1e-6, 1e-2),
        f"Measured rates are within {shown(off)} of the law, relative; the largest is at κ = {best:g}.")


def _weights() -> Statement:
    """The integrated law against Boltzmann's weights."""
    levels, kappa, t = energies(glass(np.random.default_rng(1), 6)), 0.7, 1.3
    model, start = Model(Space.half(6), np.diag(levels)), states.product(*["+x"] * 6)
    worst = 0.0
    for law, beta in ((QuantumLLG(kappa), 2 * t / (kappa + 1 / kappa)), (QuantumLL(kappa), 2 * kappa * t)):
        found = abs(solve(model, law, start, [0, t]).kets[-1, :, 0])**2
        wanted = np.exp(-beta * (levels - levels.min()))
        worst = max(worst, float(abs(found - wanted / wanted.sum()).max()))
    return Statement(
        "With H diagonal the weights from |+…+⟩ are exp(−βE)/Z, β = 2κt/(ħ(1 + κ²)), of q-LL 2κt/ħ.",
        "own; theorem boltzmann", judged(worst, 1e-12, 1e-6),
        f"A glass of six spins, integrated under both laws: within {shown(worst)} of it.")


def _damped(p: Parameters, success: dict[str, dict[str, Array]]) -> Statement:
    """Annealing with damping and without, at the longest time."""
    told, better = [], True
    for name, found in success.items():
        plain, damped = (found[way][:, 1] for way in ("annealed, undamped", "annealed, damped"))
        better &= bool(np.all(damped >= plain))
        told.append(f"{plain[-1]:.2f} and {damped[-1]:.2f} ({name})")
    return Statement(
        "At equal times annealing with κ = 1 has a higher median success than without damping.", "own", truth(better),
        f"Medians at T = {p.times[-1]:g}, without and with: {', '.join(told)}.")


def _sweeps(p: Parameters, success: dict[str, dict[str, Array]]) -> Statement:
    """Operations of simulated annealing and of damped annealing."""
    quantum = p.times[-1] / p.dt * 2.0**p.spins * p.spins
    classical = p.sweeps[-1] * p.spins
    medians = {name: (found["annealed, damped"][-1, 1], found["simulated annealing"][-1, 1])
               for name, found in success.items()}
    # Restarted until one succeeds with a chance of 99 %, the cost is that of one run times ln 0.01/ln(1 − success).
    repeats = {name: np.log(0.01) / np.log(1 - min(float(one[1]), 0.99)) for name, one in medians.items()}
    cheaper = all(max(r, 1.0) * classical < quantum for r in repeats.values())
    told = ", ".join(f"{b:.2f} ({name}; {a:.2f} by damped annealing)" for name, (a, b) in medians.items())
    return Statement(
        "Simulated annealing, restarted to 99 %, is cheaper than one damped anneal on a classical machine.", "own",
        truth(cheaper),
        f"One run of {p.sweeps[-1]} sweeps tries {classical:.0f} flips, one damped anneal to T = {p.times[-1]:g} turns "
        f"{quantum:.0e} amplitudes; median success {told}.")


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, products: dict[str, Array], rates: dict[str, Array],
             success: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def cost(axis: "Axes") -> None:
        for k, (way, label) in enumerate(zip(products, ("Lanczos", "q-LLG", r"q-LLG, $\kappa = 1$"), strict=True)):
            axis.semilogy(p.chains, products[way], "os^"[k] + "-", color=COLORS[k], markersize=3.5, label=label)
        axis.set(xlabel="$N$", ylabel="Products $H v$ to 1e-8", xticks=p.chains, ylim=(10, 1e4))

    def rate(axis: "Axes") -> None:
        kappa = np.geomspace(KAPPAS[0], KAPPAS[-1], 200)
        gap = 2 * rates["law"][KAPPAS.index(1.0)]
        axis.semilogx(kappa, gap / (kappa + 1 / kappa), color=COLORS[6], linewidth=0.8, label="law")
        axis.semilogx(KAPPAS, rates["measured"], "o", color=COLORS[0], markersize=3.5, label="integrated")
        axis.set(xlabel=r"$\kappa$", ylabel="Decay rate of $|c_1/c_0|$", ylim=(0, None))

    def curves(name: str) -> "list[tuple[str, Array, Array]]":
        return [(way, np.array(p.sweeps if way == WAYS[-1] else p.times, dtype=float), rows)
                for way, rows in success[name].items()]

    def panel(name: str) -> "Callable[[Axes], None]":
        def draw(axis: "Axes") -> None:
            for k, (way, x, rows) in enumerate(curves(name)):
                told = way if way.startswith("annealed") == (name == "glass") else None     # one legend for both
                axis.semilogx(x, rows[:, 1], "osv^D"[k] + "-", color=COLORS[k], markersize=3, linewidth=1, label=told)
                axis.fill_between(x, rows[:, 0], rows[:, 2], color=COLORS[k], alpha=0.15, linewidth=0)
            axis.set(xlabel="$T$, or sweeps", ylabel="Weight on the lowest strings", ylim=(-0.02, 1.02))
        return draw

    titles = "Cost of a ground state", "Rate over κ", "Largest cuts", "±J glasses (one legend for both)"
    return lambda: separate([cost, rate, panel("cut"), panel("glass")], titles=titles, heading=TITLE,
                            caption=_caption(p), columns=2)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"ħ = 1. (a) Heisenberg chains in fields. (b) Four spins. (c) Largest cuts of {p.instances} random "
            f"3-regular graphs and (d) {p.instances} glasses, couplings ±1/√N of all pairs, N = {p.spins}: diagonal H "
            f"from |+…+⟩ and annealed H(t) = −(1 − t/T) Σσx + (t/T) E, κ = {p.kappa:g} where damped; simulated "
            "annealing over sweeps. Medians, bands of quartiles.")
