r"""q-LLG as an optimiser: what it costs beside what others cost.

Question.     The paper's last sentence hopes for ground states and optimisation. What does the law cost as a method?
Setting.      (a) Ground states of open Heisenberg chains in fields, tolerance 1e-8: products of H and a ket, beside
              block Lanczos. (b) The rate at which the first excited level dies out, over κ. (c), (d) Largest cuts of
              random 3-regular graphs and ±J glasses of all pairs: weight on the lowest strings, which enumeration
              knows, after a time T: from |+…+⟩ by the problem's diagonal H alone under q-LLG and q-LL; by H annealed
              from −Σσx without damping and with κ = 1; and by simulated annealing over sweeps. Medians and quartiles
              over fifty problems of 14, 16, 18 and 20 spins. (e), (f) The same over N, at the longest runs, and what it
              costs to have a lowest string with 99 %, each way at its best T or number of sweeps.
Answer.       Strongly damped, by stabilised steps, the law pays one to three times the products of Lanczos' method,
              with κ = 1 five times or more. The rate is κ(E_1 − E_0)/(ħ(1 + κ²)): in time κ = 1 is best. With H
              diagonal the weights are Boltzmann's at β = 2κt/(ħ(1 + κ²)) exactly (theorem boltzmann), a sum over all
              2^N strings. Damping makes an annealed start better at every T and N, but every step costs 2^N amplitudes,
              and simulated annealing finds the same strings in a few sweeps of N spins: as a classical method the law
              wins nothing on such problems.
Source.       Own; PRL 133, 266704 (2024), last paragraph; S. Kirkpatrick et al., Science 220, 671 (1983).
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym import Exchange, Model, QuantumLL, QuantumLLG, Space, Zeeman, lowest, solve, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.progress import Progress, quiet
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import COLORS, Drawing

from .ising_anneal import annealed_success
from .ising_instances import Spectra, annealing_success, boltzmann_success, energies, glass, maxcut

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "optimiser", "q-LLG as an optimiser"
PROBLEMS = {"cut": maxcut, "glass": glass}
KAPPAS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
Success = dict[int, dict[str, Array]]      # N: way: quartiles (points, 3)
WAYS = ("q-LLG, diagonal", "q-LL, diagonal", "annealed, undamped", "annealed, damped", "simulated annealing")


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = 1; couplings of cuts are 1, of glasses ±1/√N."""

    chains: tuple[int, ...] = (9, 10, 11, 12)
    sizes: tuple[int, ...] = (14, 16, 18, 20)
    instances: int = 50
    times: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
    sweeps: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    starts: int = 200           # of simulated annealing, an instance
    dt: float = 0.2             # successes are within 2e-3 of those of 0.0125
    kappa: float = 1.0
    seed: int = 0


QUICK = Parameters(chains=(9, 10), sizes=(8, 10), instances=8, times=(0.5, 2.0, 8.0), sweeps=(1, 4, 16), starts=50)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    products, rates = _products(p), _rates()
    success = _all_success(p)
    statements = (_costs(products), _best(rates), _weights(), _damped(p, success), _sweeps(p, success))
    tables: dict[str, dict[str, Array]] = {
        "products": {"N": np.array(p.chains, dtype=float), **products},
        "rates": {"kappa": np.array(KAPPAS), **rates}}
    for name, sizes in success.items():
        for n, found in sizes.items():
            columns = {f"{way}, {part}": column for way, rows in found.items() for part, column in
                       zip(("lower quartile", "median", "upper quartile"), rows.T, strict=True)}
            tables[f"{name}-n{n}"] = {"T": np.array(p.times), "sweeps": np.array(p.sweeps, dtype=float), **columns}
        tables[f"{name}-sizes"] = _by_size(sizes)
    tables["cost"] = {"N": np.array(p.sizes, dtype=float), **{
        f"{name}, {way}": column for name, sizes in success.items() for way, column in _to_be_sure(p, sizes).items()}}
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


def _weight(p: Parameters) -> complex:
    """W(−1) of q-LLG, a second time on purpose: `_apart` holds it against the law."""
    return 1 / (1 + 1j * p.kappa)


def _all_success(p: Parameters) -> dict[str, Success]:
    """The success of every way by problem and size; a terminal is shown the share of amplitudes that were begun."""
    found: dict[str, Success] = {name: {} for name in PROBLEMS}
    whole, done = 2 * len(PROBLEMS) * sum(p.times) * sum(2.0**n for n in p.sizes), 0.0
    with Progress(sys.stderr.isatty() or None, ID) as show:
        def tell(amplitudes: float) -> None:
            nonlocal done
            done += amplitudes / whole
            show(done)

        for n in p.sizes:
            for name in PROBLEMS:
                found[name][n] = _success(p, name, n, tell)
    return found


def _success(p: Parameters, name: str, n: int, tell: Callable[[float], None] = quiet) -> dict[str, Array]:
    """Quartiles (points, 3) of the success of every way on random problems of one size."""
    rng = np.random.default_rng([p.seed, list(PROBLEMS).index(name), n])
    couplings = [PROBLEMS[name](rng, n) for _ in range(p.instances)]
    spectra = Spectra.of(couplings)

    def annealed(t: float, weight: complex) -> Array:
        tell(2.0**n * t)
        return annealed_success(spectra, t, weight, p.dt)

    def quartiles(rows: Sequence[Array]) -> Array:
        return np.percentile(np.array(rows), [25, 50, 75], axis=1).T

    return dict(zip(WAYS, (
        quartiles([boltzmann_success(spectra, 2 * t / (p.kappa + 1 / p.kappa)) for t in p.times]),
        quartiles([boltzmann_success(spectra, 2 * p.kappa * t) for t in p.times]),
        quartiles([annealed(t, 1.0) for t in p.times]),
        quartiles([annealed(t, _weight(p)) for t in p.times]),
        quartiles([annealing_success(rng, np.array(couplings), spectra.lowest, sweeps, p.starts)
                   for sweeps in p.sweeps])), strict=True))


def _by_size(sizes: Success) -> dict[str, Array]:
    """Quartiles at the longest runs: a row for every size and quartile."""
    rows = {way: np.array([found[way][-1] for found in sizes.values()]).round(4).ravel() for way in WAYS}
    return {"N": np.repeat(np.array(list(sizes), dtype=float), 3), "percentile": np.tile([25.0, 50, 75], len(sizes)),
            **rows}


def _to_be_sure(p: Parameters, sizes: Success) -> dict[str, Array]:
    """Operations until a lowest string is there with 99 %, by size: turned amplitudes, or flips that are tried.

    Restarted until one run succeeds, the cost is that of a run times ln 0.01/ln(1 − success), and once at least. A ket
    has 2^(N−1) amplitudes, for a flip of all spins keeps it.
    """
    runs, sweeps = np.ceil(np.array(p.times) / p.dt), np.array(p.sweeps)

    def least(rows: Array, cost: Array) -> float:
        return float((cost * np.maximum(np.log(0.01) / np.log1p(-rows[:, 1].clip(1e-12, 0.99)), 1)).min())

    return {way: np.array([least(found[way], n * (sweeps if way == WAYS[4] else 2.0**(n - 1) * runs))
                           for n, found in sizes.items()]).round() for way in WAYS[2:]}


def _apart(p: Parameters) -> float:
    """How far split steps are from the integrated law: a cut of six spins, annealed with damping."""
    from sympy import Rational

    from qllg_sym import Pauli, t
    couplings, total = maxcut(np.random.default_rng(p.seed), 6), 4
    levels = energies(couplings)
    s = t / total
    words = [("".join("Z" if k in (i, j) else "I" for k in range(6)), couplings[i, j])
             for i, j in zip(*np.nonzero(couplings), strict=True)]
    model = Model(Space.half(6), [*(Pauli(s * Rational(float(c)), word) for word, c in words),
                                  Zeeman((2 * (1 - s), 0, 0))])
    run = solve(model, QuantumLLG(p.kappa), states.product(*["+x"] * 6), [0, total], method="low-rank")
    weights = abs(run.kets[-1, :, 0])**2
    exact = float(weights[levels == levels.min()].sum())
    return abs(float(annealed_success(Spectra.of([couplings]), total, _weight(p), p.dt)[0]) - exact)


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


def _damped(p: Parameters, success: dict[str, Success]) -> Statement:
    """Annealing with damping and without, at every time and size."""
    told, better = [], True
    for name, sizes in success.items():
        plain, damped = (np.array([found[way][:, 1] for found in sizes.values()]) for way in WAYS[2:4])
        better &= bool(np.all(damped >= plain))
        told.append(", ".join(f"{a:.2f} and {b:.2f} (N = {n})" for n, a, b in
                              zip(sizes, plain[:, -1], damped[:, -1], strict=True)) + f" for the {name}")
    return Statement(
        "At equal times annealing with κ = 1 has a higher median success than without damping, at every N.", "own",
        truth(better), f"Medians at T = {p.times[-1]:g}, without and with: {'; '.join(told)}.")


def _sweeps(p: Parameters, success: dict[str, Success]) -> Statement:
    """Operations of simulated annealing and of damped annealing, each at its best."""
    ratios = {name: cost[WAYS[3]] / cost[WAYS[4]] for name, cost in
              ((name, _to_be_sure(p, sizes)) for name, sizes in success.items())}
    told = "; ".join(", ".join(f"{ratio:.1g} (N = {n})" for n, ratio in zip(p.sizes, row, strict=True))
                     + f" for the {name}" for name, row in ratios.items())
    return Statement(
        "Simulated annealing, restarted to 99 %, is cheaper than damped anneals on a classical machine, at every N.",
        "own", truth(all(bool(np.all(row > 1)) for row in ratios.values())),
        f"Amplitudes that are turned over flips that are tried, at the best T and number of sweeps: {told}.")


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, products: dict[str, Array], rates: dict[str, Array],
             success: dict[str, Success]) -> Drawing:
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

    def panel(name: str) -> "Callable[[Axes], None]":
        def draw(axis: "Axes") -> None:
            for k, (way, rows) in enumerate(success[name][p.sizes[-1]].items()):
                x = p.sweeps if way == WAYS[4] else p.times
                told = way if way.startswith("annealed") == (name == "glass") else None     # one legend for both
                axis.semilogx(x, rows[:, 1], "osv^D"[k] + "-", color=COLORS[k], markersize=3, linewidth=1, label=told)
                axis.fill_between(x, rows[:, 0], rows[:, 2], color=COLORS[k], alpha=0.15, linewidth=0)
            axis.set(xlabel="$T$, or sweeps", ylabel="Weight on the lowest strings", ylim=(-0.02, 1.02))
        return draw

    def sizes(axis: "Axes") -> None:
        for k, way in enumerate(WAYS):
            for found, line in zip(success.values(), ("-", "--"), strict=True):
                rows = np.array([found[n][way][-1] for n in p.sizes])
                axis.errorbar(p.sizes, rows[:, 1], abs(rows[:, ::2].T - rows[:, 1]), fmt="osv^D"[k] + line, capsize=1.5,
                              color=COLORS[k], markersize=3, linewidth=1, elinewidth=0.5)
        axis.set(xlabel="$N$", ylabel="Weight on the lowest strings", xticks=p.sizes, ylim=(-0.02, 1.02))

    def sure(axis: "Axes") -> None:
        for (name, found), line in zip(success.items(), ("-", "--"), strict=True):
            axis.plot([], [], line, color=COLORS[6], linewidth=1, label=name)
            for k, column in enumerate(_to_be_sure(p, found).values(), 2):
                axis.semilogy(p.sizes, column, "osv^D"[k] + line, color=COLORS[k], markersize=3, linewidth=1)
        axis.set(xlabel="$N$", ylabel="Operations to 99 %", xticks=p.sizes)

    titles = ("Cost of a ground state", "Rate over κ", f"Largest cuts, N = {p.sizes[-1]}",
              f"±J glasses, N = {p.sizes[-1]}", "Longest runs", "Cost of being sure")
    return lambda: separate([cost, rate, panel("cut"), panel("glass"), sizes, sure], titles=titles, heading=TITLE,
                            caption=_caption(p), columns=2)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"ħ = 1. (a) Heisenberg chains in fields. (b) Four spins. (c) Largest cuts of {p.instances} random "
            f"3-regular graphs and (d) {p.instances} glasses, couplings ±1/√N of all pairs, N = {p.sizes[-1]}: "
            "diagonal H from |+…+⟩ and annealed H(t) = −(1 − t/T) Σσx + (t/T) E, damped ones with "
            f"κ = {p.kappa:g}; simulated annealing over sweeps; one legend for both. Medians, bands of quartiles. (e) "
            f"The same at T = {p.times[-1]:g} and {p.sweeps[-1]} sweeps over N. (f) Amplitudes that are turned, or "
            "flips that are tried, until a lowest string is there with 99 %, at the best T or number of sweeps. In (e) "
            "and (f) cuts are full lines, glasses broken ones.")
