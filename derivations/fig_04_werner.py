r"""Fig. 4: Bell nonlocality B from Werner states of the four Bell states, for FM and AFM exchange; Lindblad beside it.

Start.        ρ_W = (1 − p)/4 + p |ψ⟩⟨ψ|, ψ = Ψ±, Φ±, p = 0.9.
Panels.       (a) FM, (b) AFM under q-LLG; (c) AFM under Lindblad dephasing of every spin along z (ours, for contrast).
Parameters.   B along (1, 1, 1), D/|J| = 0.4 along z, κ = 0.5, dephasing rate 0.1; ħ = γ_g = 1, |J| = B0 = 1; the "ps"
              on the axis are 10 × t, 0–60.
Conventions.  The authors' scripts have |J| = γ_g ħ B0 (printed as 1 μ_B = 6.58e-2 meV/T, not CODATA's 5.788e-2).
Variants.     "paper": B = √max(u1² + u2² − 1, 0), as the text defines it.  "authors": their script left out the root.
Source.       PRL 133, 266704 (2024), Fig. 4.
"""

from dataclasses import dataclass, replace

import numpy as np
import sympy as sp

from qllg_sym import DMI, Dephasing, Exchange, Model, QuantumLLG, Space, Zeeman, solve, states
from qllg_sym.equations.law import Law
from qllg_sym.figures.curves import Array, Span, largest_rise, margin, spans, turning_points
from qllg_sym.figures.evolution import Evolution, own_checks
from qllg_sym.figures.figure import Figure, Statement, check_variant
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.panels import Curve, Panel, draw
from qllg_sym.plot.style import DOUBLE_COLUMN, Drawing

NUMBER, TITLE = 4, "Nonlocality from Werner states"
PS = 10.0  # picoseconds on the axis a unit of time 1/(γ_g B0)
LONG, LONG_POINTS = 20.0, 401  # until when Lindblad is watched
ROOT = {"paper": 0.5, "authors": 1.0}  # power of max(u1² + u2² − 1, 0)
BELL = {"psi+": "Ψ+", "psi-": "Ψ−", "phi+": "Φ+", "phi-": "Φ−"}
J = sp.Symbol("J", real=True)  # one derivation serves both signs
LABELS = {"psi+": r"$\Psi_+$", "psi-": r"$\Psi_-$", "phi+": r"$\Phi_+$", "phi-": r"$\Phi_-$"}


@dataclass(frozen=True)
class Parameters:
    """Every number of the figure, ħ = γ_g = 1."""

    J: float = 1.0  # |J|; FM −J, AFM +J
    D: float = 0.4  # along z
    B: float = 1.0  # along (1, 1, 1)
    p: float = 0.9
    kappa: float = 0.5
    rate: float = 0.1  # of the dephasing
    stop: float = 6.0
    points: int = 601


@dataclass(frozen=True)
class Case:
    """One curve: a run and the power that makes B of the margin u1² + u2² − 1."""

    run: Evolution
    root: float

    @property
    def curve(self) -> Array:
        """B at the times of the figure."""
        return np.asarray(np.maximum(margin(self.run.trajectory.correlation()), 0) ** self.root)

    def local(self) -> list[Span]:
        """The spans of time in which B = 0, by root finding on the solution."""
        run = self.run
        sampled = margin(run.trajectory.correlation())
        return spans(run.times, sampled, lambda t: float(margin(run.at(t).correlation())[-1]))


Cases = dict[tuple[str, str], Case]  # by panel ("FM", "AFM", "Lindblad FM", "Lindblad AFM") and Bell state


def compute(variant: str = "paper", given: Parameters | None = None) -> Figure:
    """Return Fig. 4.

    Args:
        variant: "paper" (B with the root) or "authors" (without it).
        given: other numbers than the paper's.

    >>> compute().ok
    True
    """
    check_variant(variant)
    p = given or Parameters()
    cases = {(panel, name): Case(_run(p, panel, name), ROOT[variant])
             for panel in ("FM", "AFM", "Lindblad FM", "Lindblad AFM") for name in BELL}
    times = PS * cases["FM", "psi+"].run.times
    columns = {"time_ps": times} | {
        f"B_{panel.replace(' ', '_')}_{name}": case.curve for (panel, name), case in cases.items()}
    statements = (_start(p, cases), _revives(cases), _irreversible(cases), _balance(cases), _profound(cases),
                  _entangled(cases), _iff(p, cases))
    return Figure(NUMBER, TITLE, variant, _caption(p, variant), columns, _drawing(times, cases, p), statements,
                  own_checks([case.run for (panel, _), case in cases.items() if "Lindblad" not in panel], p.kappa))


def _run(p: Parameters, panel: str, name: str) -> Evolution:
    """H = ±J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2), from a Werner state."""
    exchange = p.J if panel.endswith("AFM") else -p.J
    model = Model(Space("1/2", "1/2"), [Zeeman((p.B / 3**0.5,) * 3), Exchange(J, 0, 1), DMI((0, 0, p.D), 0, 1)])
    law: Law = Dephasing(p.rate) if "Lindblad" in panel else QuantumLLG(p.kappa)
    return Evolution(model, law, states.werner(name, p.p), np.linspace(0, p.stop, p.points), {"J": exchange})


# What the text says, one statement a function --------------------------------------------------------------------


def _start(p: Parameters, cases: Cases) -> Statement:
    """The input states."""
    first = [float(case.curve[0]) for case in cases.values()]
    least = 1 / np.sqrt(2)
    return Statement(
        f"p = {p.p:g} is sufficiently large for the input state to be nonlocal.", "on Fig. 4 and Ref. [25]",
        truth(min(first) > 0 and p.p > least),
        f"All inputs have B = {min(first):.4f}; p must exceed 1/√2 = {least:.4f}.")


def _revives(cases: Cases) -> Statement:
    """(a) and (b): the spans of time without nonlocality."""
    found, count, grows, total = [], 0, 0, 0
    for panel in ("FM", "AFM"):
        for name in BELL:
            case = cases[panel, name]
            gaps, stop = case.local(), float(case.run.times[-1])
            count, total = count + any(b < stop for _, b in gaps), total + 1
            grows += turning_points(case.curve) > 0 and largest_rise(case.curve) > 0
            found.append(f"{panel} {BELL[name]}: " + ("never 0" if not gaps else ", ".join(
                f"0 in {PS * a:.1f}–{PS * b:.1f} ps" if b < stop else f"0 from {PS * a:.1f} ps on" for a, b in gaps)))
    return Statement(
        "The simulations confirm a revival-type behavior of nonlocal correlation.", "on Fig. 4",
        truth(count == total, nearly=count > 0),
        f"B vanishes and comes back for {count} of {total} inputs, and rises again after a fall for {grows}. "
        + "; ".join(found) + ".")


def _irreversible(cases: Cases) -> Statement:
    """(c) and its FM twin: the same question to Lindblad."""
    runs = [replace(case.run, times=np.linspace(0, LONG, LONG_POINTS))
            for (panel, _), case in cases.items() if "Lindblad" in panel]
    gone = [Case(run, 1.0).local() for run in runs]
    back = sum(b < LONG for gaps in gone for _, b in gaps) + sum(not gaps for gaps in gone)
    lost = [gaps[0][0] for gaps in gone if gaps]
    when = f"between {PS * min(lost):.1f} and {PS * max(lost):.1f} ps" if lost else "never"
    purity = max(float(run.trajectory.purity[-1]) for run in runs)
    rate = float(runs[0].law.coefficients()[0])
    return Statement(
        "In Lindblad type dynamics nonlocality is irreversibly lost after a finite duration.", "on Fig. 4",
        truth(back == 0 and purity < 0.5),
        f"Under dephasing at the rate {rate:g} the four inputs, for both signs of J, lose it {when}; "
        f"it {'never comes back' if back == 0 else f'stays or comes back {back} times'} up to {PS * LONG:g} ps, where "
        f"the purity, which only falls, is {purity:.3f} at most (B ≠ 0 needs more than ½).")


def _balance(cases: Cases) -> Statement:
    """What keeps its purity."""
    kept = [case.run.trajectory for (panel, _), case in cases.items() if "Lindblad" not in panel]
    drift = max(trajectory.invariants["purity"] for trajectory in kept)
    first, last = (float(cases["Lindblad AFM", "psi+"].run.trajectory.purity[k]) for k in (0, -1))
    return Statement(
        "Its origin is the perfect balance between entropy production and loss in q-LLG.", "on Fig. 4",
        judged(drift, 1e-9, 0.01),
        f"The purity is {first:.4f} and drifts by {shown(drift)} under q-LLG; dephasing takes it to {last:.4f}.")


def _profound(cases: Cases) -> Statement:
    """(a) against (b): averages over time."""
    mean = {key: float(np.trapezoid(case.curve, case.run.times) / case.run.times[-1]) for key, case in cases.items()}
    return Statement(
        "The nonlocal correlation is generally more profound for the AFM coupled dimer.", "on Fig. 4",
        truth(all(mean["AFM", name] > mean["FM", name] for name in BELL)),
        "Averages of B over the time shown, AFM against FM: "
        + ", ".join(f"{label} {mean['AFM', name]:.3f} against {mean['FM', name]:.3f}"
                    for name, label in BELL.items()) + ".")


def _entangled(cases: Cases) -> Statement:
    """(a) against (b): the ground states."""
    afm, fm = (float(cases[panel, "psi+"].run.ground.concurrence()[0]) for panel in ("AFM", "FM"))
    return Statement(
        "The lowest energy state has higher entanglement for AFM than for FM coupling.", "on Fig. 4", truth(afm > fm),
        f"Concurrence of the ground state: {afm:.4f} (AFM), {fm:.4f} (FM).")


def _iff(p: Parameters, cases: Cases) -> Statement:
    """The definition of B: a state can be entangled at B = 0."""
    weight = 0.6
    run = cases["AFM", "psi+"].run
    state = solve(run.model, run.law, states.werner("psi+", weight), [0.0], run.values)
    B, C = float(np.maximum(margin(state.correlation()), 0)[0]), float(state.concurrence()[0])
    return Statement(
        "A given state contains nonclassical correlations if and only if B ≠ 0.", "below PRL 9",
        truth(B > 0 or C < 1e-12),
        f"The Werner state with p = {weight:g} has B = {B:g} and concurrence {C:.4f}: entangled, but B = 0.")


# What is drawn and written ---------------------------------------------------------------------------------------


def _drawing(times: Array, cases: Cases, p: Parameters) -> Drawing:
    """What draws the figure when it is called."""
    label = "Nonlocality $B$" if cases["FM", "psi+"].root == 0.5 else "$B^2$ (no root)"
    headings = {"FM": "FM, q-LLG", "AFM": "AFM, q-LLG", "Lindblad AFM": f"AFM, dephasing, rate {p.rate:g}"}
    panels = [Panel(heading, tuple(Curve(LABELS[name], cases[panel, name].curve, k) for k, name in enumerate(BELL)))
              for panel, heading in headings.items()]
    return lambda: draw(times, panels, 3, ("Time (ps)", label), (-0.04, 1.0), DOUBLE_COLUMN, row_height=2.1)


def _caption(p: Parameters, variant: str) -> str:
    """What is drawn, with parameters and units."""
    root = "" if variant == "paper" else " (B without the root)"
    return (f"Bell nonlocality of a dimer from Werner states with p = {p.p:g}{root}: q-LLG for FM (a) and AFM (b) "
            f"exchange, and Lindblad dephasing along z (c), which the paper does not draw. |J| = {p.J:g}, D = {p.D:g} "
            f"along z, B along (1, 1, 1), κ = {p.kappa:g}, in units ħ = γ_g = B0 = 1; 1 unit of time is drawn as "
            f"{PS:g} ps.")
