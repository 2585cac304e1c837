r"""Mean field and pairs: how far equations for one and two sites go, on the paper's dimer and on a ring.

Question.     How long do moments under q-LLG follow equations closed by cumulants of order 1 (mean field), 2 (pairs)?
Setting.      Fig. 1's dimer from |↑↓⟩, and rings of spins ½ from the Néel state, H = ±|J| Σ S_i·S_(i+1) − B Σ S_x;
              κ = 0.5, ħ = γ_g = |J| = 1. Damping is seen in clusters of as many sites as the order.
Answer.       On the dimer order 1 is classical LLG with exchange and DMI matched (2J, 2D), order 2 is the whole law.
              On the ring both lose: from a product state the moments of order 1 are wrong by O(t²); those of order 2 by
              O(t⁴) at κ = 0, where correlations of three sites come first, and by O(t²) for κ > 0, where a pair is
              damped as one by its share 1/(N − 1) alone. In the mean over times pairs are closer. Energies fall at
              every order; at order 2, where nothing keeps ρ positive, also below the exact ground state.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3; cumulants: R. Kubo, J. Phys. Soc. Jpn. 17, 1100 (1962).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from qllg_sym import DMI, Bilinear, ClassicalLLG, Exchange, Model, QuantumLLG, Space, Zeeman, ring, solve, states
from qllg_sym.analysis.cumulant_components import CumulantComponents
from qllg_sym.figures.curves import Array, largest_rise
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "cumulants", "Mean field and pairs against the whole law"
ORDERS = (1, 2)
SIGNS = {"FM": -1, "AFM": 1}
EARLY = np.array([0.01, 0.02])      # where powers of t are read off


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = |J| = 1."""

    sites: int = 6
    kappa: float = 0.5
    D: float = 0.6
    field: float = 0.2      # on the ring
    stop: float = 6.0
    points: int = 241


QUICK = Parameters(sites=4, points=61)


@dataclass(frozen=True)
class Run:
    """Moments of every site, (n, N, 3), and energies of one model: exact, and closed at each order."""

    model: Model
    exact: Array
    moments: dict[int, Array]
    energy: dict[int, Array]
    exact_energy: Array

    def distance(self, order: int) -> Array:
        """The largest |m − exact| of a site, (n,)."""
        return np.asarray(np.linalg.norm(self.moments[order] - self.exact, axis=2).max(axis=1))


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    times = np.linspace(0, p.stop, p.points)
    dimers = {name: _run(_dimer(p, sign), p.kappa, times) for name, sign in SIGNS.items()}
    rings = {name: _run(_ring(p, sign), p.kappa, times) for name, sign in SIGNS.items()}
    statements = (_classical(p, dimers, times), _whole(dimers), _closer(p, rings, times), _powers(p), _falling(rings),
                  _below(rings["AFM"]))
    tables = {f"{kind}_{name}": {"t": times, **_columns(run)} for kind, runs in (("dimer", dimers), ("ring", rings))
              for name, run in runs.items()}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, dimers, rings))


def _dimer(p: Parameters, sign: int) -> Model:
    """Fig. 1's."""
    return Model(Space.half(2), [Zeeman((1, 0, 0)), Exchange(sign, 0, 1), DMI((0, 0, p.D), 0, 1)])


def _ring(p: Parameters, sign: int) -> Model:
    """The ring."""
    return Model(Space.half(p.sites), [Zeeman((p.field, 0, 0)), *ring(p.sites, Bilinear, sign)])


def _run(model: Model, kappa: float, times: Array) -> Run:
    """From the Néel state."""
    sites = model.space.sites
    state = states.product(*["up", "down"] * (sites // 2))
    exact = solve(model, QuantumLLG(kappa), state, times, rtol=1e-11, atol=1e-13)
    moments, energy = {}, {}
    for order in ORDERS:
        closed = QuantumLLG(kappa).derive(model).cumulants(order)
        found = solve_ivp(closed.compile("numpy").bind(), (0, times[-1]), closed.of_state(state), t_eval=times,
                          method="DOP853", rtol=1e-10, atol=1e-12).y.T
        moments[order] = found[:, :3 * sites].reshape(-1, sites, 3)
        energy[order] = _energy(model, closed, found)
    profile = np.stack([exact.bloch(i) for i in range(sites)], axis=1)
    return Run(model, profile, moments, energy, exact.energy)


def _energy(model: Model, closed: CumulantComponents, values: Array) -> Array:
    """⟨H⟩ of cumulants: fields on m, couplings on m m + c, read off the Pauli strings of H."""
    places = {string: k for k, string in enumerate(closed.operators)}
    total = np.zeros(len(values))
    for (_, indices), c in model.hamiltonian.terms.items():
        string = tuple((i, a) for i, a in enumerate(indices) if a)
        mean = np.prod([values[:, places[(each,)]] for each in string], axis=0)
        if string in places and len(string) > 1:
            mean = mean + values[:, places[string]]
        total += float(c.coeff(1)) * mean
    return total


# What the study says ----------------------------------------------------------------------------------------------


def _classical(p: Parameters, dimers: dict[str, Run], times: Array) -> Statement:
    """Order 1 of the dimer."""
    apart = 0.0
    for run in dimers.values():
        llg = solve(run.model, ClassicalLLG(p.kappa, field="mean"), [[0, 0, 1], [0, 0, -1]], times, rtol=1e-11)
        apart = max(apart, float(np.abs(llg.moments - run.moments[1]).max()))
    return Statement("On the dimer the mean field is classical LLG with exchange and DMI matched and α = κ.", "own",
                     judged(apart, 1e-7, 1e-2), f"Moments within {shown(apart)}.")


def _whole(dimers: dict[str, Run]) -> Statement:
    """Order 2 of the dimer."""
    apart = max(float(run.distance(2).max()) for run in dimers.values())
    first = min(float(run.distance(1).max()) for run in dimers.values())
    return Statement("On the dimer pairs are the whole law.", "own", judged(apart, 1e-7, 1e-2),
                     f"Moments within {shown(apart)} of the exact ones; those of the mean field differ by up to "
                     f"{shown(first, '.2f')} at least.")


def _closer(p: Parameters, rings: dict[str, Run], times: Array) -> Statement:
    """Pairs against the mean field on the ring."""
    errors = {name: [float(np.sqrt((run.distance(order) ** 2).mean())) for order in ORDERS]
              for name, run in rings.items()}
    detail = "; ".join(f"{name}: {shown(one, '.2f')} and {shown(two, '.2f')}" for name, (one, two) in errors.items())
    return Statement(f"On the ring of {p.sites} pairs are closer to the exact moments than the mean field.", "own",
                     truth(all(two < one for one, two in errors.values())),
                     f"Root mean squares over 0 ≤ t ≤ {p.stop:g} of the largest error of a moment, order 1 and 2: "
                     f"{detail}.")


def _powers(p: Parameters) -> Statement:
    """Errors at early times."""
    found = {kappa: _run(_ring(p, 1), kappa, np.array([0.0, *EARLY])) for kappa in (0.0, p.kappa)}
    powers = [float(np.log2(run.distance(order)[2] / run.distance(order)[1])) for run in found.values()
              for order in ORDERS]
    return Statement("Errors from a product state grow as t² at order 1; at order 2 as t⁴ without damping, and as t² "
                     "with it.", "own", truth(bool(np.abs(np.array(powers) - [2, 4, 2, 2]).max() < 0.1)),
                     "Powers at κ = 0, orders 1 and 2, then with damping: "
                     f"{', '.join(shown(x, '.2f') for x in powers)}.")


def _falling(rings: dict[str, Run]) -> Statement:
    """Energies."""
    rise = max(largest_rise(run.energy[order]) for run in rings.values() for order in ORDERS)
    ends = "; ".join(f"{name} {', '.join(shown(run.energy[order][-1], '.3f') for order in ORDERS)} and exactly "
                     f"{shown(run.exact_energy[-1], '.3f')}" for name, run in rings.items())
    return Statement("The energy falls at every order.", "own", truth(rise < 1e-8),
                     f"It rises by {shown(rise)} at most; in the end, orders 1 and 2: {ends}.")


def _below(run: Run) -> Statement:
    """What order 2 loses."""
    lowest = float(solve(run.model, QuantumLLG(0), states.ground(run.model), [0.0]).energy[0])
    return Statement("Pairs are no state: their energy may fall below the ground state's.", "own",
                     truth(run.energy[2][-1] < lowest < run.exact_energy[-1]),
                     f"AFM: {shown(run.energy[2][-1], '.3f')} at order 2, ground state {shown(lowest, '.3f')}.")


def _checks(p: Parameters, dimers: dict[str, Run], rings: dict[str, Run]) -> tuple[Check, ...]:
    """Of our own numbers."""
    runs = [*dimers.values(), *rings.values()]
    length = max(float(np.abs(np.linalg.norm(run.moments[1], axis=2) - 1).max()) for run in runs)
    energy = max(float(np.abs(run.energy[2] - run.exact_energy).max()) for run in dimers.values())
    return (Check("drift of |m| in the mean field", length, 1e-7),
            Check("energy of the dimer's cumulants apart from Tr ρH", energy, 1e-7))


# What is drawn ----------------------------------------------------------------------------------------------------


def _columns(run: Run) -> dict[str, Array]:
    """Staggered moments, errors and energies."""
    sign = (-1.0) ** np.arange(run.model.space.sites)
    found = {"staggered_exact": run.exact[:, :, 2] @ sign / len(sign), "energy_exact": run.exact_energy}
    for order in ORDERS:
        found |= {f"staggered_{order}": run.moments[order][:, :, 2] @ sign / len(sign),
                  f"energy_{order}": run.energy[order], f"error_{order}": run.distance(order)}
    return found


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def staggered(axis: "Axes", name: str) -> None:
        table = tables[name]
        axis.plot(table["t"], table["staggered_exact"], color=COLORS[0], label="exact")
        axis.plot(table["t"], table["staggered_1"], color=COLORS[1], linestyle=CLASSICAL, label="order 1")
        axis.plot(table["t"], table["staggered_2"], color=COLORS[2], linestyle=":", label="order 2")
        axis.set(xlabel="$t$", ylabel="Staggered moment", xlim=(0, p.stop))

    def errors(axis: "Axes") -> None:
        for k, name in enumerate(SIGNS):
            for order in ORDERS:
                table = tables[f"ring_{name}"]
                axis.plot(table["t"][1:], table[f"error_{order}"][1:], color=COLORS[order],
                          linestyle=("-", "--")[k], label=f"{name}, order {order}")
        axis.set(xlabel="$t$", ylabel="Largest error of a moment", xscale="log", yscale="log")

    panels = [lambda axis: staggered(axis, "dimer_FM"), lambda axis: staggered(axis, "ring_FM"), errors]
    titles = "Dimer, FM", f"Ring of {p.sites}, FM", f"Errors, rings of {p.sites}"
    return lambda: separate(panels, titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"q-LLG closed by cumulants, κ = {p.kappa:g}, ħ = γ_g = |J| = 1, from the Néel state. (a) Staggered moment "
            f"of Fig. 1's dimer, J < 0, D = {p.D:g}, B = x̂: order 2 lies on the exact curve. (b) Of a ring of "
            f"{p.sites} spins ½, H = −|J| Σ S_i·S_(i+1) − {p.field:g} Σ S_x. (c) Largest error of a moment on rings, J "
            "of both signs.")
