r"""Fig. 1: Bloch vector (q-LLG, solid) and classical moment (LLG, dashed) of the first spin of a dimer.

Start.        |↑↓⟩, m1 = −m2 = ẑ.
Panels.       (a) FM, D = 0; (b) AFM, D = 0; (c) FM, D/|J| = 0.6; (d) AFM, D/|J| = 0.6.
Parameters.   B along x, κ = α = 0.5; ħ = γ_g = 1, |J| = B0 = 1; the "ps" on the axis are 10 × t, 0–80.
Conventions.  The authors' scripts have |J| = γ_g ħ B0, which is what the paper's printed 1 μ_B = 6.58e-2 meV/T says
              (CODATA: 5.788e-2).  Their classical field is −∂H/∂m with |m| = 1, in which exchange and DMI are half as
              strong, beside the Zeeman term, as in the quantum mean field B − 2J r2.  Drawn is the scripts' partner
              (field="paper"); every comparison is also made with the matched one (field="mean").
Variants.     The text and the scripts agree here: both variants are the same.
Source.       PRL 133, 266704 (2024), Fig. 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sympy as sp

from qllg_sym import DMI, ClassicalLLG, Exchange, Model, QuantumLLG, Space, Zeeman, states
from qllg_sym.figures.curves import Array, crossings
from qllg_sym.figures.evolution import Evolution, own_checks
from qllg_sym.figures.figure import Check, Figure, Statement, check_variant
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.panels import Curve, Panel, draw
from qllg_sym.plot.style import CLASSICAL, DOUBLE_COLUMN, Dashes, Drawing

NUMBER, TITLE = 1, "Bloch vector and classical moment of a dimer"
PS = 10.0  # picoseconds on the axis a unit of time 1/(γ_g B0)
SAME = 1e-6  # two limits that differ by less are the same
CLOSE = 0.05  # a distance between curves, of at most 2, that the eye calls small
SMALL = 0.25  # a moment, of at most 1, that is called small
PAPER, MATCHED = "paper", "mean"  # field conventions of the classical partner
J, D = sp.symbols("J D", real=True)  # one derivation serves the four panels


@dataclass(frozen=True)
class Parameters:
    """Every number of the figure, ħ = γ_g = 1."""

    J: float = 1.0  # |J|; FM −J, AFM +J
    D: float = 0.6  # of (c) and (d)
    B: float = 1.0  # along x
    kappa: float = 0.5
    alpha: float = 0.5
    stop: float = 8.0
    points: int = 801


@dataclass(frozen=True)
class Pair:
    """The quantum run of a panel, and its classical partners by field convention."""

    heading: str
    quantum: Evolution
    classical: dict[str, Evolution]

    def r(self) -> Array:
        """Bloch vector of the first spin, (n, 3)."""
        return self.quantum.trajectory.bloch(0)

    def m(self, field: str) -> Array:
        """Classical moment of the first spin, (n, 3)."""
        return self.classical[field].trajectory.bloch(0)

    def apart(self, field: str) -> float:
        """Largest |r1 − m1| on the way."""
        return float(np.linalg.norm(self.r() - self.m(field), axis=1).max())

    def limits(self, field: str) -> tuple[Array, Array]:
        """What r1 and m1 tend to."""
        return self.quantum.limit.bloch(0)[-1], self.classical[field].limit.bloch(0)[-1]

    def leads(self, field: str) -> bool:
        """Whether r1x is ahead of m1x at the first step."""
        return bool(self.r()[1, 0] > self.m(field)[1, 0])

    def crossings(self, field: str) -> list[float]:
        """Times at which r1x − m1x changes sign, by root finding on the solutions."""
        def lead(t: float) -> float:
            return float(self.quantum.at(t).bloch(0)[-1, 0] - self.classical[field].at(t).bloch(0)[-1, 0])
        return crossings(self.quantum.times, self.r()[:, 0] - self.m(field)[:, 0], lead)


def compute(variant: str = "paper", given: Parameters | None = None) -> Figure:
    """Return Fig. 1.

    Args:
        variant: "paper" or "authors", the same here.
        given: other numbers than the paper's.

    >>> compute().ok
    True
    """
    check_variant(variant)
    p = given or Parameters()
    pairs = {letter: _pair(p, letter) for letter in "abcd"}
    times = PS * pairs["a"].quantum.times
    return Figure(NUMBER, TITLE, variant, _caption(p), _columns(times, pairs), _drawing(times, pairs),
                  tuple(judge(pairs) for judge in STATEMENTS), _checks(p, pairs))


def numbers(given: Parameters | None = None) -> dict[str, float]:
    """Return when r1x ceases to lead m1x in (a), for both partners, and the |r1| that (d) tends to.

    Args:
        given: other numbers than the paper's.

    Returns:
        `crossing`, `crossing_matched`: units of time, infinite for a lead that lasts, 0 for none; `moment`.

    >>> {name: round(value, 2) for name, value in numbers().items()}
    {'crossing': 1.94, 'crossing_matched': 0.69, 'moment': 0.13}
    """
    p = given or Parameters()
    a, d = _pair(p, "a"), _pair(p, "d")
    first = [(a.crossings(field) or [np.inf])[0] if a.leads(field) else 0.0 for field in (PAPER, MATCHED)]
    moment = float(np.linalg.norm(d.quantum.limit.bloch(0)[-1]))
    return {"crossing": first[0], "crossing_matched": first[1], "moment": moment}


def _pair(p: Parameters, letter: str) -> Pair:
    """One panel: H = J σ·σ + D (σxσy − σyσx) − ½ B (σx1 + σx2), and the same start for both descriptions."""
    values = {"J": -p.J if letter in "ac" else p.J, "D": 0.0 if letter in "ab" else p.D}
    heading = ("FM, " if letter in "ac" else "AFM, ") + ("$D = 0$" if letter in "ab" else f"$D/|J| = {p.D / p.J:g}$")
    model = Model(Space("1/2", "1/2"), [Zeeman((p.B, 0, 0)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    times = np.linspace(0, p.stop, p.points)
    quantum = Evolution(model, QuantumLLG(p.kappa), states.product("up", "down"), times, values)
    opposite = np.array([[0, 0, 1], [0, 0, -1]])
    classical = {field: Evolution(model, ClassicalLLG(p.alpha, field=field), opposite, times, values)
                 for field in (PAPER, MATCHED)}
    return Pair(heading, quantum, classical)


# What the text says, one statement a function --------------------------------------------------------------------


def _purity_kept_length_not(pairs: dict[str, Pair]) -> Statement:
    """All panels: what is constant, and what is not."""
    drift = max(pair.quantum.trajectory.invariants["purity"] for pair in pairs.values())
    least = {letter: float(np.linalg.norm(pair.r(), axis=1).min()) for letter, pair in pairs.items()}
    return Statement(
        "While the purity is conserved, the length of the Bloch vector is not generally preserved.", "on Fig. 1",
        truth(drift < 1e-9 and min(least.values()) < 1 - CLOSE),
        f"Purity drifts by {shown(drift)}; the least |r1| is "
        + ", ".join(f"{v:.4f} in ({k})" for k, v in least.items()) + ".")


def _second_spin(pairs: dict[str, Pair]) -> Statement:
    """All panels: the symmetry that gives the second spin."""
    apart = max(float(np.abs(pair.quantum.trajectory.bloch(1) * [1, -1, -1] - pair.r()).max())
                for pair in pairs.values())
    return Statement(
        "Because of symmetry, only r1 and m1 are shown.", "caption", judged(apart, 1e-9, CLOSE),
        f"r2 = (r1x, −r1y, −r1z), r1 turned by π about the field, within {shown(apart)} in all panels.")


def _similar(letter: str, text: str) -> Callable[[dict[str, Pair]], Statement]:
    """The judge of a likeness between the curves of a panel; both partners are reported."""
    def judge(pairs: dict[str, Pair]) -> Statement:
        pair, found = pairs[letter], []
        for field, name in ((PAPER, "the drawn partner"), (MATCHED, "that with matched exchange and DMI")):
            r, m = pair.limits(field)
            found.append((float(np.linalg.norm(r - m)), pair.apart(field), name))
        said = [f"{way:.2f} on the way and {shown(end, '.2g')} in the limit from {name}" for end, way, name in found]
        end, way, _ = found[0]
        return Statement(text, f"on Fig. 1({letter})", truth(way < CLOSE, nearly=end < CLOSE),
                         f"Largest distance |r1 − m1|, of at most 2: {'; '.join(said)}.")
    return judge


def _saturated(pairs: dict[str, Pair]) -> Statement:
    """(a): both limits."""
    pair = pairs["a"]
    r, m = pair.limits(PAPER)
    return Statement(
        "For FM exchange both approach a fully saturated moment along x.", "on Fig. 1(a)",
        judged(max(1 - float(r[0]), 1 - float(m[0])), SAME, CLOSE),
        f"At {PS * pair.quantum.times[-1]:g} ps 1 − r1x = {shown(1 - pair.r()[-1, 0], '.1e')} and 1 − m1x = "
        f"{shown(1 - pair.m(PAPER)[-1, 0], '.1e')}; in the limit r1x = {r[0]:.6f}, m1x = {m[0]:.6f}.")


def _faster(pairs: dict[str, Pair]) -> Statement:
    """(a): who leads, and until when."""
    pair = pairs["a"]
    said, always = [], True
    for field, name in ((PAPER, "the drawn partner"), (MATCHED, "matched exchange, 2J")):
        times, ahead = pair.crossings(field), pair.leads(field)
        always = always and ahead and not times
        turn = "then trails" if ahead else "then leads"
        said.append(f"against {name} r1x {'leads' if ahead else 'trails'} " + (
            f"until t = {times[0]:.4f} ({PS * times[0]:.1f} ps), {turn}" if times else "all the time"))
    return Statement("The q-LLG dynamics is faster than that of LLG.", "on Fig. 1(a)", truth(always),
                     (text := "; ".join(said))[0].upper() + text[1:] + ".")


def _quenched(pairs: dict[str, Pair]) -> Statement:
    """(b): the length that is left."""
    pair = pairs["b"]
    length = float(np.linalg.norm(pair.limits(PAPER)[0]))
    return Statement(
        "For AFM exchange the Bloch vector is completely quenched: a spinless state.", "on Fig. 1(b)",
        judged(length, SAME, CLOSE),
        f"|r1| = {shown(float(np.linalg.norm(pair.r()[-1])), '.1e')} at {PS * pair.quantum.times[-1]:g} ps and "
        f"{shown(length)} in the limit.")


def _impossible(pairs: dict[str, Pair]) -> Statement:
    """(b): the classical length."""
    runs = [run for pair in pairs.values() for run in pair.classical.values()]
    drift = max(run.trajectory.invariants["|m|"] for run in runs)
    m = pairs["b"].limits(PAPER)[1]
    return Statement(
        "A spinless state is impossible in the classical description.", "on Fig. 1(b)", judged(drift, 1e-8, CLOSE),
        f"|m1| = 1 within {shown(drift)} in all panels; m1 tends to ({m[0]:.3f}, {m[1]:.3f}, {m[2]:.3f}) in (b).")


def _finite_moment(pairs: dict[str, Pair]) -> Statement:
    """(d): the length that is left, and that of the ground state."""
    pair = pairs["d"]
    length, ground = (float(np.linalg.norm(v)) for v in (pair.limits(PAPER)[0], pair.quantum.ground.bloch(0)[0]))
    return Statement(
        "With DMI the AFM Bloch vector is no longer fully quenched; its magnitude is small but finite.",
        "on Fig. 1(d)", truth(SAME < length < SMALL),
        f"|r1| = {np.linalg.norm(pair.r()[-1]):.6f} at {PS * pair.quantum.times[-1]:g} ps, {length:.6f} in the limit; "
        f"the ground state has {ground:.6f}.")


def _singlet_triplet(pairs: dict[str, Pair]) -> Statement:
    """(b) and (d): what H makes of the singlet."""
    singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
    mixing = {}
    for letter in "bd":
        image = pairs[letter].quantum.energy_matrix @ singlet
        mixing[letter] = float(np.linalg.norm(image - singlet * (singlet @ image)))
    ground = pairs["d"].quantum.ground
    weight = float((singlet @ ground.states[0] @ singlet).real)
    return Statement(
        "The moment is an effect of the singlet-triplet coupling induced by the DMI.", "on Fig. 1(d)",
        truth(mixing["b"] < 1e-12 < mixing["d"]),
        f"H takes the singlet out of itself by {shown(mixing['b'])} in (b) and by {mixing['d']:.4g} ħγ_gB0 in (d), "
        f"whose ground state has singlet weight {weight:.4f}.")


STATEMENTS: tuple[Callable[[dict[str, Pair]], Statement], ...] = (
    _purity_kept_length_not, _second_spin,
    _similar("a", "For FM exchange the quantum description is very similar to the classical simulation."),
    _saturated, _faster, _quenched, _impossible,
    _similar("c", "With DMI the qualitative similarity between q-LLG and LLG remains for FM exchange."),
    _finite_moment, _singlet_triplet)


# What is checked, drawn and written ------------------------------------------------------------------------------


def _checks(p: Parameters, pairs: dict[str, Pair]) -> tuple[Check, ...]:
    """Our own checks, among them r1x = sinh(2qBt)/(cosh(2qBt) + exp(8qJt)), q = κ/(1 + κ²), at D = 0.

    The closed form stands here a second time on purpose: it checks the curves.
    """
    rate, t = p.kappa / (1 + p.kappa**2), pairs["a"].quantum.times
    apart = 0.0
    for letter, exchange in (("a", -p.J), ("b", p.J)):
        exact = np.sinh(2 * rate * p.B * t) / (np.cosh(2 * rate * p.B * t) + np.exp(8 * rate * exchange * t))
        apart = max(apart, float(np.abs(pairs[letter].r()[:, 0] - exact).max()))
    closed_form = Check("closed form of r1x apart", apart, 1e-8)
    return (*own_checks([pair.quantum for pair in pairs.values()], p.kappa), closed_form)


def _columns(times: Array, pairs: dict[str, Pair]) -> dict[str, Array]:
    """The data file: time in picoseconds, then one column a curve."""
    columns = {"time_ps": times}
    for letter, pair in pairs.items():
        for name, values in (("r1", pair.r()), ("m1", pair.m(PAPER)), ("m1_matched", pair.m(MATCHED))):
            columns |= {f"{letter}_{name}_{axis}": values[:, k] for k, axis in enumerate("xyz")}
    return columns


def _drawing(times: Array, pairs: dict[str, Pair]) -> Drawing:
    """What draws the figure when it is called."""
    def panel(pair: Pair) -> Panel:
        curves: list[tuple[str, Array, int, Dashes]]
        curves = [(f"$r_{{1{axis}}}$", pair.r(), k, "-") for k, axis in enumerate("xyz")]
        curves += [(f"$m_{{1{axis}}}$", pair.m(PAPER), k, CLASSICAL) for k, axis in enumerate("xyz")]
        return Panel(pair.heading, tuple(Curve(label, v[:, k], k, line) for label, v, k, line in curves))
    return lambda: draw(times, [panel(pair) for pair in pairs.values()], 2, ("Time (ps)", r"$\mathbf{r}_1,\ "
                                                                                           r"\mathbf{m}_1$"),
                        (-1.08, 1.08), DOUBLE_COLUMN, legend_columns=6)


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"q-LLG (Bloch vector r1, solid) and LLG (moment m1, dashed) of a dimer that starts as |↑↓⟩. B along x, "
            f"|J| = {p.J:g}, D = {p.D:g} in (c) and (d), κ = {p.kappa:g}, α = {p.alpha:g}, in units ħ = γ_g = B0 = 1; "
            f"1 unit of time is drawn as {PS:g} ps. The second spin has (r1x, −r1y, −r1z).")
