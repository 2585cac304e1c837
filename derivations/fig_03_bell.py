r"""Fig. 3: Bell nonlocality B of an AFM dimer that starts as the Bell state Ψ+, for several DMI strengths.

Start.        Ψ+ = (|↑↓⟩ + |↓↑⟩)/√2.
Curves.       D/|J| = 0, 0.2, 0.4, 0.6, D along z, B along x (D ⊥ B).  The text does not print the values of D: these
              are our choice; the two ends are those of Figs. 1 and 2.
Parameters.   κ = 0.5; ħ = γ_g = 1, |J| = B0 = 1; the "ps" on the axis are 10 × t, 0–60.
Conventions.  The authors' scripts have |J| = γ_g ħ B0 (printed as 1 μ_B = 6.58e-2 meV/T, not CODATA's 5.788e-2).
Variants.     "paper": the pure Ψ+ of the caption, and B = √max(u1² + u2² − 1, 0).  "authors": what the script did, the
              Werner state with p = 0.9, and B without the root.
Source.       PRL 133, 266704 (2024), Fig. 3.
"""

from dataclasses import dataclass

import numpy as np

from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space, Zeeman, states
from qllg_sym.figures.curves import Array, largest_rise, margin, turning_points
from qllg_sym.figures.evolution import Evolution, own_checks
from qllg_sym.figures.figure import Figure, Statement, check_variant
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.panels import Curve, Panel, draw
from qllg_sym.plot.style import SINGLE_COLUMN, Drawing

NUMBER, TITLE = 3, "Nonlocality from a Bell state"
PS = 10.0  # picoseconds on the axis a unit of time 1/(γ_g B0)
SAME, PERCENT = 1e-6, 0.01
LONG = 20.0  # rounding frees the singlet from about t = 24 on, which exact arithmetic never would
ROOT = {"paper": 0.5, "authors": 1.0}  # power of max(u1² + u2² − 1, 0)
P = {"paper": 1.0, "authors": 0.9}  # weight of Ψ+ in the Werner state
SINGLET = np.array([0, 1, -1, 0]) / np.sqrt(2)


@dataclass(frozen=True)
class Parameters:
    """Every number of the figure, ħ = γ_g = 1."""

    J: float = 1.0  # AFM
    D: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6)  # along z; the first is the curve without DMI
    B: float = 1.0  # along x
    kappa: float = 0.5
    stop: float = 6.0
    points: int = 601


@dataclass(frozen=True)
class Case:
    """One curve: a run, and how B is read off it."""

    D: float
    run: Evolution
    root: float
    p: float

    def nonlocality(self, correlation: Array) -> Array:
        """B of correlation matrices (n, 3, 3), with or without the root."""
        return np.asarray(np.maximum(margin(correlation), 0) ** self.root)

    @property
    def curve(self) -> Array:
        """B at the times of the figure."""
        return self.nonlocality(self.run.trajectory.correlation())

    @property
    def limit(self) -> float:
        """B in the limit."""
        return float(self.nonlocality(self.run.limit.correlation())[-1])

    @property
    def ground(self) -> float:
        """B of the passive state: the ground state with the same weight p as Ψ+ at the start."""
        return float(self.nonlocality(self.p * self.run.ground.correlation())[0])


def compute(variant: str = "paper", given: Parameters | None = None) -> Figure:
    """Return Fig. 3.

    Args:
        variant: "paper" (Ψ+, with the root) or "authors" (Werner state p = 0.9, without it).
        given: other numbers than the paper's.

    >>> compute().ok
    True
    """
    check_variant(variant)
    p = given or Parameters()
    cases = [_case(p, D, variant) for D in p.D]
    times = PS * cases[0].run.times
    columns = {"time_ps": times} | {f"B_D_{case.D:g}": case.curve for case in cases}
    statements = (_decays(cases[0]), _triplet(cases[0]), _product(cases[0]), _oscillates(cases), _maximal(cases),
                  _favourable(cases))
    return Figure(NUMBER, TITLE, variant, _caption(p, variant), columns, _drawing(times, cases, p), statements,
                  own_checks([case.run for case in cases], p.kappa))


def _case(p: Parameters, D: float, variant: str) -> Case:
    """H = J σ·σ + D (σxσy − σyσx) − ½ B (σx1 + σx2), from Ψ+ with weight p."""
    model = Model(Space("1/2", "1/2"), [Zeeman((p.B, 0, 0)), Exchange(p.J, 0, 1), DMI((0, 0, D), 0, 1)])
    run = Evolution(model, QuantumLLG(p.kappa), states.werner("psi+", P[variant]), np.linspace(0, p.stop, p.points))
    return Case(D, run, ROOT[variant], P[variant])


# What the text says, one statement a function --------------------------------------------------------------------


def _decays(case: Case) -> Statement:
    """Without DMI: monotone decay to zero."""
    rise, late = largest_rise(case.curve), float(case.nonlocality(case.run.at(LONG).correlation())[-1])
    return Statement(
        f"B decays monotonically to zero when D = {case.D:g}.", "on Fig. 3",
        truth(rise < 1e-9 and late < SAME, nearly=late < SAME),
        f"From {case.curve[0]:.4f} to {case.curve[-1]:.4f} at {PS * case.run.times[-1]:g} ps and {shown(late)} at "
        f"{PS * LONG:g} ps; the largest rise between samples is {shown(rise)}.")


def _triplet(case: Case) -> Statement:
    """Without DMI: the singlet stays as it is."""
    weight = np.einsum("i,nij,j->n", SINGLET, case.run.trajectory.states, SINGLET).real
    change, background = float(np.abs(weight - weight[0]).max()), (1 - case.p) / 4
    return Statement(
        "Without DMI the state remains in the triplet subspace.", "on Fig. 3", judged(change, 1e-9, PERCENT),
        f"The singlet weight is {background:.3g}, that of the white noise, within {shown(change)}. In exact "
        "arithmetic it never moves.")


def _product(case: Case) -> Statement:
    """Without DMI: towards |→→⟩, the lowest state of the triplet sector."""
    product = np.full(4, 0.5)
    H = case.run.energy_matrix
    own = float(np.linalg.norm(H @ product - product * (product @ H @ product).real))
    energies = np.linalg.eigvalsh(H + 1e3 * np.outer(SINGLET, SINGLET))  # the singlet moved out of the way
    above = float((product @ H @ product).real - energies[0])
    weight = float((product @ case.run.at(LONG).final_state @ product).real)
    most = (1 + 3 * case.p) / 4
    return Statement(
        "It approaches ½(|↑⟩ + |↓⟩)⊗², the lowest energy eigenstate in the triplet subspace.", "on Fig. 3",
        truth(own < 1e-9 and above < 1e-9 and most - weight < SAME, nearly=most - weight < PERCENT),
        f"|→→⟩ is an eigenstate within {shown(own)} and lies {shown(abs(above))} above the lowest triplet; its weight "
        f"at {PS * LONG:g} ps is {weight:.6f} of at most {most:.6g}.")


def _oscillates(cases: list[Case]) -> Statement:
    """With DMI: an oscillatory phase."""
    counts = {case.D: turning_points(case.curve) for case in cases[1:]}
    return Statement(
        "For D ≠ 0 there is an intermediate oscillatory phase.", "on Fig. 3", truth(min(counts.values()) >= 2),
        f"Within {PS * cases[0].run.times[-1]:g} ps B turns "
        + ", ".join(f"{n} times at D/|J| = {D:g}" for D, n in counts.items()) + ".")


def _maximal(cases: list[Case]) -> Statement:
    """With DMI: maximally nonlocal?"""
    worst = max(1 - case.limit for case in cases[1:])
    found = ", ".join(f"{case.limit:.6f} (ground state {case.ground:.6f}) at D/|J| = {case.D:g}" for case in cases[1:])
    allowed = float(cases[0].nonlocality(-cases[0].p * np.eye(3)[None])[0])
    mixed = f", and {allowed:.4f} for the weight p = {cases[0].p:g}" if allowed < 1 else ""
    return Statement(
        "For D ≠ 0 the system evolves asymptotically to a maximally nonlocal steady state.", "on Fig. 3",
        judged(worst, SAME, PERCENT), f"B tends to {found}; the bound is 1{mixed}.")


def _favourable(cases: list[Case]) -> Statement:
    """With DMI: a route to the singlet."""
    weights = {case.D: float((SINGLET @ case.run.limit.final_state @ SINGLET).real) for case in cases[1:]}
    most = (1 + 3 * cases[0].p) / 4
    energies = [case.run.energy_matrix for case in cases[1:]]
    gaps = [float((SINGLET @ H @ SINGLET).real - np.linalg.eigvalsh(H)[0]) for H in energies]
    return Statement(
        "A nonzero D opens a route toward the energetically favorable Ψ−.", "on Fig. 3",
        judged(most - min(weights.values()), SAME, 0.1),
        f"The weight of Ψ− tends, of at most {most:.4g}, to "
        + ", ".join(f"{w:.4f} at D/|J| = {D:g}" for D, w in weights.items())
        + "; the ground state lies below Ψ− by " + ", ".join(f"{gap:.4f}" for gap in gaps) + " ħγ_gB0.")


# What is drawn and written ---------------------------------------------------------------------------------------


def _drawing(times: Array, cases: list[Case], p: Parameters) -> Drawing:
    """What draws the figure when it is called."""
    label = "Nonlocality $B$" if cases[0].root == 0.5 else "$B^2$ (no root)"
    curves = tuple(Curve(f"$D/|J| = {case.D / abs(p.J):g}$", case.curve, k) for k, case in enumerate(cases))
    return lambda: draw(times, [Panel("", curves)], 1, ("Time (ps)", label), (-0.04, 1.06), SINGLE_COLUMN,
                        row_height=2.3, legend_columns=2)


def _caption(p: Parameters, variant: str) -> str:
    """What is drawn, with parameters and units."""
    start = "Ψ+" if variant == "paper" else f"the Werner state of Ψ+ with p = {P[variant]:g} (B without the root)"
    return (f"Bell nonlocality of an AFM dimer that starts as {start}, under q-LLG, for several DMI strengths (the "
            f"paper does not print its values). D along z, B along x, J = {p.J:g}, κ = {p.kappa:g}, in units ħ = γ_g "
            f"= B0 = 1; 1 unit of time is drawn as {PS:g} ps.")
