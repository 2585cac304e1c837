r"""Fig. 2: the correlation matrix T_kl of an AFM dimer under q-LLG, without and with DMI.

Start.        |↑↓⟩.
Panels.       (a) D = 0; (b) D/|J| = 0.6; J > 0 in both.
Parameters.   B along x, κ = 0.5; ħ = γ_g = 1, |J| = B0 = 1; the "ps" on the axis are 10 × t, 0–60.
Conventions.  The authors' scripts have |J| = γ_g ħ B0 (printed as 1 μ_B = 6.58e-2 meV/T, not CODATA's 5.788e-2).
              T_kl = ⟨σ_k ⊗ σ_l⟩, the means not taken off (PRL 9).
Variants.     The text and the scripts agree here: both variants are the same.
Source.       PRL 133, 266704 (2024), Fig. 2.
"""

from dataclasses import dataclass

import numpy as np

from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space, Zeeman, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.evolution import Evolution, own_checks
from qllg_sym.figures.figure import Figure, Statement, check_variant
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.panels import Curve, Panel, draw
from qllg_sym.plot.style import DOUBLE_COLUMN, Drawing

NUMBER, TITLE = 2, "Correlation matrix of an antiferromagnetic dimer"
PS = 10.0  # picoseconds on the axis a unit of time 1/(γ_g B0)
SAME, CLOSE = 1e-6, 0.05  # distances of entries of T, of at most 2
SINGLET = np.array([0, 1, -1, 0]) / np.sqrt(2)


@dataclass(frozen=True)
class Parameters:
    """Every number of the figure, ħ = γ_g = 1."""

    J: float = 1.0  # AFM
    D: float = 0.6  # of (b)
    B: float = 1.0  # along x
    kappa: float = 0.5
    stop: float = 6.0
    points: int = 601


def compute(variant: str = "paper", given: Parameters | None = None) -> Figure:
    """Return Fig. 2.

    Args:
        variant: "paper" or "authors", the same here.
        given: other numbers than the paper's.

    >>> compute().ok
    True
    """
    check_variant(variant)
    p = given or Parameters()
    runs = {"a": _run(p, 0.0, p.B), "b": _run(p, p.D, p.B)}
    times = PS * runs["a"].times
    statements = (_singlet(runs["a"]), _information(runs["a"]), _symmetric(runs), _splits(runs),
                  _explains(runs["b"], _run(p, p.D, 0.0)))
    return Figure(NUMBER, TITLE, variant, _caption(p), _columns(times, runs), _drawing(times, runs, p), statements,
                  own_checks(list(runs.values()), p.kappa))


def _run(p: Parameters, D: float, B: float) -> Evolution:
    """H = J σ·σ + D (σxσy − σyσx) − ½ B (σx1 + σx2), from |↑↓⟩."""
    model = Model(Space("1/2", "1/2"), [Zeeman((B, 0, 0)), Exchange(p.J, 0, 1), DMI((0, 0, D), 0, 1)])
    return Evolution(model, QuantumLLG(p.kappa), states.product("up", "down"), np.linspace(0, p.stop, p.points))


# What the text says, one statement a function --------------------------------------------------------------------


def _singlet(run: Evolution) -> Statement:
    """Fig. 2(a): T → −1, the singlet."""
    now, limit = (float(np.abs(one.correlation()[-1] + np.eye(3)).max()) for one in (run.trajectory, run.limit))
    weight = float((SINGLET @ run.limit.final_state @ SINGLET).real)
    return Statement(
        "T_kl tends to diag(−1, −1, −1), the singlet Bell state Ψ−.", "on Fig. 2(a)",
        judged(max(limit, 1 - weight), SAME, CLOSE),
        f"Largest distance of an entry {shown(now, '.1e')} at {PS * run.times[-1]:g} ps and {shown(limit)} in the "
        f"limit, where 1 − ⟨Ψ−|ρ|Ψ−⟩ = {shown(abs(1 - weight))}.")


def _information(run: Evolution) -> Statement:
    """Fig. 2(a): information moves into correlations while the entropy stays."""
    total = float(np.abs(run.trajectory.entropy() - run.trajectory.entropy()[0]).max())
    local = np.linalg.eigvalsh(run.limit.reduced(0)[-1])
    entropy = float(-sum(x * np.log(x) for x in local if x > 0))
    return Statement(
        "Information goes to the nonlocal correlation of the spins, so as to conserve the entropy.", "on Fig. 2(a)",
        truth(total < 1e-9 and abs(entropy - np.log(2)) < SAME, nearly=total < 1e-9 and entropy > CLOSE),
        f"The entropy of the dimer changes by {shown(total)}; that of one spin goes from 0 to {entropy:.6f} (ln 2 = "
        f"{np.log(2):.6f}).")


def _symmetric(runs: dict[str, Evolution]) -> Statement:
    """Fig. 2(b): T_xy + T_yx = 0."""
    apart = {letter: _sum(run) for letter, run in runs.items()}
    return Statement(
        "The splitting of T_xy and T_yx is symmetric.", "on Fig. 2(b)", judged(max(apart.values()), 1e-9, CLOSE),
        "T_xy = −T_yx at all times and for every D, a symmetry: largest |T_xy + T_yx| "
        + ", ".join(f"{shown(v)} in ({k})" for k, v in apart.items()) + ".")


def _splits(runs: dict[str, Evolution]) -> Statement:
    """Fig. 2(b): is it the DMI that splits them?"""
    largest = float(np.abs(runs["a"].trajectory.correlation()[:, 0, 1]).max())
    limits = [float(run.limit.correlation()[-1, 0, 1]) for run in runs.values()]
    ground = float(runs["b"].ground.correlation()[0, 0, 1])
    only_limit = abs(limits[0]) < SAME < abs(limits[1])
    return Statement(
        "The effect of a nonzero DMI shows up as a splitting of T_xy and T_yx.", "on Fig. 2(b)",
        truth(only_limit and largest < SAME),
        f"They are split at D = 0, too: |T_xy| reaches {largest:.4f} on the way. Only the limit differs, "
        f"{shown(abs(limits[0]))} against T_xy = {shown(limits[1], '.4f')} (ground state: {shown(ground, '.4f')}).")


def _explains(run: Evolution, without_field: Evolution) -> Statement:
    """Fig. 2(b): the splitting without a field leaves no moment, so it cannot be the whole explanation."""
    (moment, split), (none, still) = (
        (float(np.linalg.norm(one.ground.bloch(0)[0])), float(one.ground.correlation()[0, 0, 1]))
        for one in (run, without_field))
    return Statement(
        "The splitting explains why r1 no longer tends to a vanishing Bloch vector.", "on Fig. 2(b)",
        truth(moment > SAME and (none > SAME or abs(still) < SAME)),
        f"The ground state has |r1| = {moment:.4f} and T_xy = {shown(split, '.4f')}; without the field it is split as "
        f"well, T_xy = {shown(still, '.4f')}, but |r1| = {shown(none)}: the moment needs DMI and field.")


def _sum(run: Evolution) -> float:
    """Largest |T_xy + T_yx|."""
    T = run.trajectory.correlation()
    return float(np.abs(T[:, 0, 1] + T[:, 1, 0]).max())


# What is drawn and written ---------------------------------------------------------------------------------------


def _columns(times: Array, runs: dict[str, Evolution]) -> dict[str, Array]:
    """The data file: time in picoseconds, then one column a curve."""
    entries = [(k, l) for k in range(3) for l in range(3)]
    return {"time_ps": times} | {
        f"{letter}_T_{'xyz'[k]}{'xyz'[l]}": run.trajectory.correlation()[:, k, l]
        for letter, run in runs.items() for k, l in entries}


def _drawing(times: Array, runs: dict[str, Evolution], p: Parameters) -> Drawing:
    """T_kl and T_lk share a colour; T_lk is dash-dotted."""
    lines = [(0, 0, 0, "-"), (1, 1, 1, "-"), (2, 2, 2, "-"), (0, 1, 3, "-"), (1, 0, 3, "-."), (0, 2, 4, "-"),
             (2, 0, 4, "-."), (1, 2, 5, "-"), (2, 1, 5, "-.")]

    def panel(letter: str, D: float) -> Panel:
        T = runs[letter].trajectory.correlation()
        return Panel(f"AFM, $D/|J| = {D / abs(p.J):g}$", tuple(
            Curve(f"$T_{{{'xyz'[k]}{'xyz'[l]}}}$", T[:, k, l], color, line) for k, l, color, line in lines))
    return lambda: draw(times, [panel("a", 0.0), panel("b", p.D)], 2, ("Time (ps)", "$T_{kl}$"), (-1.08, 1.08),
                        DOUBLE_COLUMN, row_height=2.4, legend_columns=9)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Correlation matrix T_kl of an AFM dimer that starts as |↑↓⟩, under q-LLG. B along x, J = {p.J:g}, D = "
            f"{p.D:g} in (b), κ = {p.kappa:g}, in units ħ = γ_g = B0 = 1; 1 unit of time is drawn as {PS:g} ps. T_yz "
            "and T_zy are the same curve.")
