r"""What the paper's own curves tell about κ: fits to the Bloch vectors of Fig. 1.

Question.     The curves of Fig. 1d (AFM, D/|J| = 0.6, κ = 0.5) are read off the page with an error of 0.01. How well do
              they fix κ, alone and together with J, D and B? Which law do they show?
Setting.      r1(t) of the dimer from |↑↓⟩ at 81 times up to t = 8 (80 ps); ħ = γ_g = 1, |J| = B = 1.
Answer.       A pure state moves by exp[−(κ + i)Ht/(ħ(1 + κ²))]. All of r1 fixes κ: damping and precession show their
              ratio. r1x of Fig. 1b alone, sinh(2qBt)/(cosh(2qBt) + e^{8qJt}), q = κ/(1 + κ²), fixes qB and qJ, and
              knows κ from 1/κ not even where B and J are known; at κ = 1 its error is infinite. q-LL draws the
              same curves with energies divided by 1 + κ²: only who knows the energies can tell the laws apart.
              LLG fits none.
Source.       PRL 133, 266704 (2024), eqs. 1–3, 10, and Fig. 1; else own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from qllg_sym import (
    DMI,
    ClassicalLLG,
    Exchange,
    Fit,
    Model,
    QuantumLL,
    QuantumLLG,
    Space,
    Zeeman,
    fit,
    solve,
    states,
)
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "fitted-damping", "What a fit to Fig. 1 tells about κ"
J, D, B, KAPPA = sp.symbols("J D B kappa", real=True)
UP_DOWN = states.product("up", "down")


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = |J| = 1."""

    D: float = 0.6
    B: float = 1.0
    kappa: float = 0.5
    sigma: float = 0.01     # of a number that is read off
    stop: float = 8.0
    points: int = 81
    profile: int = 13
    kappas: int = 16
    seed: int = 11

    @property
    def true(self) -> dict[str, float]:
        """The numbers of Fig. 1d."""
        return {"J": 1.0, "D": self.D, "B": self.B, "kappa": self.kappa}

    @property
    def times(self) -> Array:
        """Where curves are read, (points,)."""
        return np.linspace(0, self.stop, self.points)


QUICK = Parameters(points=33, profile=9, kappas=6)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    read = curve(p.true, p.times) + np.random.default_rng(p.seed).normal(scale=p.sigma, size=(p.points, 3))
    alone = _fitted(p, read, {"kappa": 0.3}, {**p.true})
    together = _fitted(p, read, {"J": 0.9, "D": 0.5, "B": 1.1, "kappa": 0.4}, {})
    classical = _classical(p, read)
    profiles = {name: found.profile("kappa", p.kappa + np.linspace(-0.03, 0.03, p.profile))
                for name, found in (("alone", alone), ("together", together))}
    kappas = np.geomspace(0.1, 10, p.kappas)
    known = np.array([_error_of_x(p, k) for k in kappas])
    risen = {name: one.chi2 - found.chi2 for (name, one), found in
             zip(profiles.items(), (alone, together), strict=True)}
    tables = {"curves": {"t": p.times, **{f"read_{a}": read[:, k] for k, a in enumerate("xyz")},
                         **{f"q-llg_{a}": together.trajectory.bloch(0)[:, k] for k, a in enumerate("xyz")},
                         **{f"llg_{a}": classical.trajectory.moments[:, 0, k] for k, a in enumerate("xyz")}},
              "profile": {"kappa": profiles["alone"].numbers, **risen},
              "error": {"kappa": kappas, "of_r1x": known}}
    statements = (_fixes(p, alone, together), _only_q(p), _inverse(p), _error(p), _laws(p, read), _llg(p, classical))
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, together))


# Numbers ----------------------------------------------------------------------------------------------------------


def curve(values: dict[str, float], times: Array) -> Array:
    """Return r1(t), (n, 3), from exp[−(κ + i)Ht/(1 + κ²)] in plain matrices, a second time on purpose.

    >>> curve({"J": 1.0, "D": 0.0, "B": 1.0, "kappa": 0.5}, np.zeros(1)).round(12).tolist()
    [[0.0, 0.0, 1.0]]
    """
    s = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    pair = [[np.kron(a, np.eye(2)) for a in s], [np.kron(np.eye(2), a) for a in s]]
    x, y = pair
    h = values["J"] * sum(a @ b for a, b in zip(x, y, strict=True)) - values["B"] / 2 * (x[0] + y[0])
    h = h + values["D"] * (x[0] @ y[1] - x[1] @ y[0])
    energies, vectors = np.linalg.eigh(h)
    rate = 1 / (values["kappa"] - 1j)
    kets = (np.exp(-rate * (energies - energies[0]) * times[:, None]) * vectors[1].conj()) @ vectors.T
    norms = (abs(kets)**2).sum(axis=1)
    return np.stack([np.einsum("nj,jk,nk->n", kets.conj(), a, kets).real / norms for a in x], axis=1)


def _model() -> Model:
    """The dimer of the paper."""
    return Model(Space("1/2", "1/2"), [Zeeman((B, 0, 0)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])


def _fitted(p: Parameters, read: Any, free: dict[str, float], known: dict[str, float],
            law: type[QuantumLLG] | type[QuantumLL] = QuantumLLG, observe: Any = "bloch0") -> Fit:
    """Fit the dimer."""
    fixed = {name: value for name, value in known.items() if name not in free}
    return fit(_model(), law(KAPPA), UP_DOWN, p.times, read, free, observe, p.sigma, fixed)


def _classical(p: Parameters, read: Array) -> Fit:
    """Fit the classical partner with everything free."""
    return fit(_model(), ClassicalLLG(KAPPA), [[0, 0, 1], [0, 0, -1]], p.times, read,
               {"J": 0.5, "D": 0.3, "B": 1.0, "kappa": 0.5}, sigma=p.sigma)


def _x() -> list[list[float]]:
    """½σ_x of the first spin: half of r1x."""
    return (np.kron([[0, 1], [1, 0]], np.eye(2)) / 2).tolist()


def _error_of_x(p: Parameters, kappa: float) -> float:
    """Return one standard deviation of κ from r1x of Fig. 1b alone, J and B known, from a run and its sensitivity."""
    run = solve(_model(), QuantumLLG(KAPPA), UP_DOWN, p.times, values={"J": 1.0, "D": 0.0, "B": p.B, "kappa": kappa})
    slope = np.einsum("njk,kj->n", run.sensitivity("kappa"), 2 * np.array(_x())).real
    return float(p.sigma / np.linalg.norm(slope))


def closed_x(p: Parameters, kappa: float) -> Array:
    """Return r1x of Fig. 1b in closed form.

    >>> float(closed_x(Parameters(), 0.5)[0])
    0.0
    """
    q = kappa / (1 + kappa**2)
    return np.asarray(np.sinh(2 * q * p.B * p.times) / (np.cosh(2 * q * p.B * p.times) + np.exp(8 * q * p.times)))


# What the study says ----------------------------------------------------------------------------------------------


def _fixes(p: Parameters, alone: Fit, together: Fit) -> Statement:
    """How well κ is known."""
    h, names = 1e-5, list(together.values)
    columns = []
    for name in names:
        ends = [curve({**together.values, name: together.values[name] + e}, p.times) for e in (h, -h)]
        columns.append((ends[0] - ends[1]).ravel() / (2 * h * p.sigma))
    expected = np.sqrt(np.diag(np.linalg.inv(np.array(columns) @ np.array(columns).T)))
    off = float(abs(np.array(list(together.errors.values())) / expected - 1).max())
    apart = (together.values["kappa"] - p.kappa) / together.errors["kappa"]
    return Statement(
        "The Bloch vector of Fig. 1d fixes κ, also where J, D and B are free.", "own",
        truth(off < 1e-3 and abs(apart) < 3 and not together.unfixed),
        f"{p.points} times, {p.sigma:g} each: κ = {together.values['kappa']:.4f} ± {together.errors['kappa']:.4f} with "
        f"J, D, B free, {alone.values['kappa']:.4f} ± {alone.errors['kappa']:.4f} with these known; errors from "
        f"differences of exponentials agree within {shown(off)}.")


def _only_q(p: Parameters) -> Statement:
    """r1x of Fig. 1b alone."""
    found = _fitted(p, closed_x(p, p.kappa) / 2, {"J": 0.9, "B": 1.1, "kappa": 0.6}, {"D": 0.0}, observe=_operator())
    q = found.values["kappa"] / (1 + found.values["kappa"]**2)
    right = p.kappa / (1 + p.kappa**2)
    off = max(abs(q * found.values["J"] / right - 1), abs(q * found.values["B"] / (right * p.B) - 1))
    return Statement(
        "r1x of Fig. 1b alone fixes qJ and qB, q = κ/(1 + κ²), and not κ.", "own",
        truth(len(found.unfixed) == 1 and np.isinf(found.errors["kappa"]) and off < 1e-6),
        f"The fit ends at κ = {found.values['kappa']:.3f}, J = {found.values['J']:.3f}, B = {found.values['B']:.3f}; "
        f"qJ and qB are right within {shown(off)}. The fit says: {found.describe().splitlines()[-1]}.")


def _operator() -> Any:
    """½σ_x of the first spin as a matrix."""
    return np.array(_x())


def _inverse(p: Parameters) -> Statement:
    """κ and 1/κ."""
    half = closed_x(p, p.kappa) / 2
    ends = [_fitted(p, half, {"kappa": start}, {"J": 1.0, "D": 0.0, "B": p.B}, observe=_operator())
            for start in (0.4, 3.0)]
    found = [one.values["kappa"] for one in ends]
    off = max(abs(found[0] - p.kappa), abs(found[1] - 1 / p.kappa))
    worst = max(one.chi2 for one in ends)
    return Statement(
        "With J and B known r1x of Fig. 1b has two answers, κ and 1/κ.", "own",
        truth(off < 1e-6 and worst < 1e-8), f"κ = {found[0]:.6f} from 0.4 and {found[1]:.6f} from 3, χ² at most "
        f"{shown(worst)}.")


def _error(p: Parameters) -> Statement:
    """Where r1x says nothing."""
    h = 1e-6
    expected = p.sigma / float(np.linalg.norm((closed_x(p, 0.3 + h) - closed_x(p, 0.3 - h)) / (2 * h)))
    off = float(abs(_error_of_x(p, 0.3) / expected - 1))
    ratio = _error_of_x(p, 1 + 1e-4) / _error_of_x(p, 0.3)
    return Statement(
        "The error of κ from r1x is infinite at κ = 1, where q is largest.", "own",
        truth(off < 1e-6 and ratio > 1e3),
        f"At κ = 0.3 it is {expected:.5f} (closed form, {shown(off)} apart), {ratio:.0f} times that at 1 + 10⁻⁴.")


def _laws(p: Parameters, read: Array) -> Statement:
    """q-LL."""
    clean = curve(p.true, p.times)
    free = _fitted(p, clean, {"J": 0.9, "D": 0.5, "B": 0.9, "kappa": 0.4}, {}, QuantumLL)
    scale = 1 + p.kappa**2
    off = max(abs(free.values[name] * scale / p.true[name] - 1) for name in ("J", "D", "B"))
    off = max(off, abs(free.values["kappa"] - p.kappa))
    tied = _fitted(p, read, {"kappa": 0.4}, p.true, QuantumLL)
    return Statement(
        "q-LL draws the same curves with energies divided by 1 + κ²; with the energies known it does not fit.", "own",
        truth(off < 1e-6 and free.chi2 < 1e-8 and tied.chi2 > 10 * tied.freedom),
        f"All free: the same κ, energies right within {shown(off)}, χ² = {shown(free.chi2)}. J, D, B known: χ² = "
        f"{tied.chi2:.0f} for {tied.freedom} degrees of freedom.")


def _llg(p: Parameters, classical: Fit) -> Statement:
    """The classical law."""
    rms = float(np.sqrt(classical.chi2 / (classical.freedom + 4))) * p.sigma
    return Statement(
        "LLG with J, D, B and α free does not fit Fig. 1d: a moment does not shorten.", "own",
        truth(classical.chi2 > 100 * classical.freedom),
        f"The best one found misses by {rms:.2f} on average, χ² = {classical.chi2:.3g} for {classical.freedom} degrees "
        f"of freedom, α = {shown(classical.values['kappa'], '.2f')}.")


def _checks(p: Parameters, together: Fit) -> tuple[Check, ...]:
    """Of our own numbers: the exponential and the solver, and χ²."""
    run = solve(_model(), QuantumLLG(KAPPA), UP_DOWN, p.times, values=p.true)
    spread = abs(together.chi2 / together.freedom - 1) / np.sqrt(2 / together.freedom)
    return (Check("exponential and solver apart", float(abs(run.bloch(0) - curve(p.true, p.times)).max()), 1e-10),
            Check("χ² from its mean, in standard deviations", float(spread), 4))


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def curves(axis: "Axes") -> None:
        table = tables["curves"]
        for k, name in enumerate("xyz"):
            axis.plot(table["t"], table[f"read_{name}"], ".", color=COLORS[k], markersize=2.5)
            axis.plot(table["t"], table[f"q-llg_{name}"], color=COLORS[k], linewidth=0.9, label=f"$r_{{1{name}}}$")
            axis.plot(table["t"], table[f"llg_{name}"], color=COLORS[k], linewidth=0.7, linestyle=CLASSICAL)
        axis.set(xlabel="$t$", ylabel="Bloch vector", xlim=(0, p.stop), ylim=(-1.08, 1.4))

    def profile(axis: "Axes") -> None:
        table = tables["profile"]
        for k, (name, label) in enumerate((("alone", "$J$, $D$, $B$ known"), ("together", "all free"))):
            axis.plot(table["kappa"], table[name], color=COLORS[k], linestyle=("-", (0, (4.0, 1.5)))[k], label=label)
        axis.axhline(3.84, color="0.6", linewidth=0.6)
        axis.set(xlabel=r"$\kappa$", ylabel=r"$\chi^2 - \chi^2_{\min}$", ylim=(0, 12),
                 xlim=(p.kappa - 0.03, p.kappa + 0.07))

    def error(axis: "Axes") -> None:
        table = tables["error"]
        axis.loglog(table["kappa"], table["of_r1x"], "o-", color=COLORS[0], markersize=3)
        axis.axvline(1, color="0.6", linewidth=0.6, linestyle=":", label="infinite")
        axis.set(xlabel=r"$\kappa$", ylabel=r"Error of $\kappa$")

    titles = "Fig. 1d, read and fitted", r"Profiles of $\kappa$", "From $r_{1x}$ of Fig. 1b"
    return lambda: separate([curves, profile, error], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"AFM dimer from |↑↓⟩, D/|J| = {p.D:g}, κ = {p.kappa:g}, ħ = γ_g = |J| = B = 1. (a) {p.points} readings "
            f"with an error of {p.sigma:g} (points), the best q-LLG (lines), the best LLG (dashed), J, D, B free. (b) "
            "Least χ² over all else; line: 95 %. (c) D = 0: error of κ from r1x alone, J and B known.")
