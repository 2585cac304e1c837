r"""Spin 1 in a crystal field: q-LL is not q-LLG in another time, and what the best rescaling of time leaves over.

Question.     Classically LL and LLG differ by a factor in time. Of q-LL and q-LLG, what remains after the best factor?
Setting.      H = D S_z² + E(S_x² − S_y²) − B·S, B = ẑ; ħ = γ_g = 1; states with three eigenvalues p.
Measure.      Ours (arXiv 2604.09900 names such misfits; its numbers are not used): the misfit
                  m = min_λ { (1/T) ∫₀ᵀ ‖ρ_LLG(t) − ρ_LL(t/λ)‖² dt }^½ / ‖ρ − 1/3‖,  λ* the best λ,
              in the Frobenius norm; the denominator is a constant of motion. m = 0 iff a factor maps one on the other.
Answer.       Matrix elements of the two velocities differ by 1 + κ²Δ_jk². One factor serves where all |Δ_jk| that move
              are equal: pure states (λ = 1 + κ²), two-valued spectra, PRL 4 with D = E = 0. Otherwise, for κ → 0,
                  λ* = 1 + κ²μ,  m = κ² (T/√3) [Σ_jk Δ_jk² |H_jk|² (Δ_jk² − μ)²]^½ / ‖ρ − 1/3‖,
                  μ = Σ Δ_jk⁴ |H_jk|² / Σ Δ_jk² |H_jk|², with H in the eigenbasis of ρ(0).
Source.       Own; the laws are PRL 133, 266704 (2024), eq. 3, and PRL 110, 147201 (2013).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize_scalar

from qllg_sym import Anisotropy, Model, QuantumLL, QuantumLLG, Space, Zeeman, solve
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.model.term import Term
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "crystal-field", "q-LL and q-LLG of a spin 1 in a crystal field"
SPECTRA = {"pure": (1.0, 0.0, 0.0), "two-valued": (0.6, 0.2, 0.2), "three-valued": (0.7, 0.25, 0.05)}
ETA = (0.6, 1 / 3, 1 / 15)      # of PRL 4: equal steps
NONE = 1e-7                     # misfit of two laws that agree, within the interpolation in time
SMALL = 0.002                   # κ at which the closed forms are compared


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = B = 1."""

    D: float = 0.8
    E: float = 0.2
    kappa: float = 1.0
    stop: float = 10.0
    points: int = 2001      # of the interpolated q-LL curve
    scan: int = 15          # values of κ and of D


QUICK = Parameters(points=1001, scan=4)


@dataclass(frozen=True)
class Fit:
    """The best factor, the misfit it leaves, and the misfit without any factor."""

    factor: float
    misfit: float
    plain: float


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    kappas, fields = np.geomspace(0.01, 4, p.scan), np.linspace(0, 2, p.scan)
    by_kappa = {name: [fit(p, _state(s), k, p.D, p.E) for k in kappas] for name, s in SPECTRA.items()}
    by_field = [fit(p, _state(ETA), p.kappa, D, 0.0) for D in fields]
    statements = (_exact(p), _eta(p, by_field), _small(p), _left(p), _uneven(p))
    tables = {"kappa": {"kappa": kappas} | _columns(by_kappa),
              "field": {"D": fields} | _columns({"eta": by_field}), "curve": _curves(p)}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p))


def fit(p: Parameters, rho: Array, kappa: float, D: float, E: float) -> Fit:
    """Return the best factor of time between q-LL and q-LLG from one state, and the misfits.

    Args:
        p: times and points.
        rho: state, (3, 3).
        kappa: of both laws.
        D: axial crystal field.
        E: rhombic crystal field.
    """
    model = _model(D, E)
    times = np.linspace(0, p.stop, p.points)
    damped = solve(model, QuantumLLG(kappa), rho, times).states
    path = CubicSpline(times, solve(model, QuantumLL(kappa), rho, times).states)
    size = np.linalg.norm(rho - np.eye(3) / 3)

    def misfit(factor: float) -> float:
        square = np.sum(np.abs(damped - path(times / factor)) ** 2, axis=(1, 2))
        return float(np.sqrt(np.trapezoid(square, times) / p.stop) / size)

    # |Δ| ≤ 1, so that the factor lies between 1 and 1 + κ²; a scan first, for the misfit may have several valleys
    trial = 1 + kappa**2 * np.linspace(0, 1, 41)
    k = int(np.argmin([misfit(factor) for factor in trial]))
    found = minimize_scalar(misfit, bounds=(trial[max(k - 1, 0)], trial[min(k + 1, 40)]), method="bounded",
                            options={"xatol": 1e-9 * kappa**2})
    # the end of the interval is the best factor of pure states, and no minimum inside it
    best = min((misfit(found.x), float(found.x)), (misfit(trial[k]), float(trial[k])))
    return Fit(best[1], best[0], misfit(1.0))


def expected(p: Parameters, rho: Array, kappa: float) -> Fit:
    """Return the closed form of the fit for κ → 0.

    Elements between equal eigenvalues do not count.
    """
    levels, vectors = np.linalg.eigh(rho)
    gap2 = (levels[:, None] - levels[None, :]) ** 2
    weight = gap2 * np.abs(vectors.conj().T @ matrix_of(_model(p.D, p.E), {}) @ vectors) ** 2
    mean = float((weight * gap2).sum() / weight.sum())
    scale = kappa**2 * p.stop / np.sqrt(3) / np.linalg.norm(rho - np.eye(3) / 3)
    spread, plain = (float(scale * np.sqrt((weight * (gap2 - m) ** 2).sum())) for m in (mean, 0.0))
    return Fit(1 + kappa**2 * mean, spread, plain)


def _model(D: float, E: float) -> Model:
    """Crystal field and Zeeman term; B = ẑ."""
    terms: list[Term] = [Zeeman((0, 0, 1))]
    if D or E:
        terms.append(Anisotropy([[E, 0, 0], [0, -E, 0], [0, 0, D]], 0))
    return Model(Space("1"), terms)


def _state(levels: tuple[float, ...]) -> Array:
    """A state with given eigenvalues whose eigenvectors are those of S·n, n between x and z, as in PRL 4."""
    x, z = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / np.sqrt(2), np.diag([1.0, 0, -1])
    vectors = np.linalg.eigh((x + z) / np.sqrt(2))[1][:, ::-1]
    return np.asarray((vectors * np.array(levels)) @ vectors.T)


# What the study says ----------------------------------------------------------------------------------------------


def _exact(p: Parameters) -> Statement:
    """Spectra with two values."""
    fits = {name: fit(p, _state(SPECTRA[name]), p.kappa, p.D, p.E) for name in ("pure", "two-valued")}
    gaps = {name: SPECTRA[name][0] - SPECTRA[name][1] for name in fits}
    off = max(abs(f.factor - 1 - (p.kappa * gaps[name]) ** 2) for name, f in fits.items())
    return Statement(
        "For two-valued spectra q-LL is q-LLG in the time t/(1 + κ²Δ²), whatever the crystal field.", "own",
        truth(max(f.misfit for f in fits.values()) < NONE and off < 1e-6),
        "; ".join(f"{name}: best factor {f.factor:.8f} for 1 + κ²Δ² = {1 + (p.kappa * gaps[name]) ** 2:.8f}, misfit "
                  f"{shown(f.misfit)}" for name, f in fits.items()) + ".")


def _eta(p: Parameters, fits: list[Fit]) -> Statement:
    """PRL 4 states with and without crystal field."""
    factor = 1 + (p.kappa * (ETA[0] - ETA[1])) ** 2
    return Statement(
        "States of PRL 4 need D = 0 for the same; a crystal field breaks the equivalence.", "arXiv 2604.09900; own",
        truth(fits[0].misfit < NONE and abs(fits[0].factor - factor) < 1e-6 and min(f.misfit for f in fits[1:]) > 1e-4),
        f"κ = {p.kappa:g}: misfit {shown(fits[0].misfit)} with the factor {fits[0].factor:.6f} (1 + κ²ħ²|η|²/9 = "
        f"{factor:.6f}) at D = 0, at most {max(f.misfit for f in fits):.4f} for D up to 2.")


def _small(p: Parameters) -> Statement:
    """The closed forms at small κ."""
    rho, kappa = _state(SPECTRA["three-valued"]), SMALL
    found, closed = fit(p, rho, kappa, p.D, p.E), expected(p, rho, kappa)
    off = max(abs((found.factor - 1) / (closed.factor - 1) - 1), abs(found.misfit / closed.misfit - 1),
              abs(found.plain / closed.plain - 1))
    return Statement(
        "For κ → 0 the best factor is 1 + κ²μ, and the misfit that it leaves is κ² times a closed form.", "own",
        judged(off, 0.05, 0.3),
        f"κ = {kappa:g}: (λ* − 1)/κ² = {(found.factor - 1) / kappa**2:.4f} for μ = "
        f"{(closed.factor - 1) / kappa**2:.4f}; misfit/κ² {found.misfit / kappa**2:.4f} for "
        f"{closed.misfit / kappa**2:.4f}, without a factor {found.plain / kappa**2:.4f} for "
        f"{closed.plain / kappa**2:.4f}.")


def _left(p: Parameters) -> Statement:
    """Three-valued spectra at the study's κ."""
    found = fit(p, _state(SPECTRA["three-valued"]), p.kappa, p.D, p.E)
    return Statement(
        "For a three-valued spectrum no factor makes the two laws agree.", "arXiv 2604.09900; own",
        truth(1e-3 < found.misfit < found.plain),
        f"κ = {p.kappa:g}: the best factor {found.factor:.4f} brings the misfit from {found.plain:.4f} down to "
        f"{found.misfit:.4f}.")


def _uneven(p: Parameters) -> Statement:
    """A field along the eigenbasis of the state, which moves one pair of levels only."""
    levels = SPECTRA["three-valued"]
    rho = np.diag(levels).astype(complex)
    # with B along z only E couples, and only m = 1 to m = −1: one gap moves
    found = fit(p, rho, p.kappa, p.D, p.E)
    factor = 1 + (p.kappa * (levels[0] - levels[2])) ** 2
    return Statement(
        "Where H couples two levels of ρ only, one factor serves, whatever the spectrum.", "own",
        truth(found.misfit < NONE and abs(found.factor - factor) < 1e-5 and found.plain > 1e-3),
        f"ρ diagonal in S_z, where E couples m = ±1 alone: best factor {found.factor:.7f} for 1 + κ²(p₊ − p₋)² = "
        f"{factor:.7f}, misfit {shown(found.misfit)}; without a factor {found.plain:.4f}.")


def _checks(p: Parameters) -> tuple[Check, ...]:
    """Of our own numbers: the interpolation, and the spectrum."""
    rho = _state(SPECTRA["three-valued"])
    run = solve(_model(p.D, p.E), QuantumLL(p.kappa), rho, np.linspace(0, p.stop, p.points))
    between = (run.times[:-1] + run.times[1:])[::50] / 2
    exact = solve(_model(p.D, p.E), QuantumLL(p.kappa), rho, np.r_[0.0, between]).states[1:]
    error = float(np.abs(CubicSpline(run.times, run.states)(between) - exact).max())
    return (Check("interpolation in time", error, 1e-7),
            Check("drift of the spectrum", run.invariants["spectrum"], 1e-10))


# What is drawn and written ----------------------------------------------------------------------------------------


def _columns(fits: dict[str, list[Fit]]) -> dict[str, Array]:
    """Columns of factors and misfits."""
    return {f"{name}_{part}": np.array([getattr(f, part) for f in row]) for name, row in fits.items()
            for part in ("factor", "misfit", "plain")}


def _curves(p: Parameters) -> dict[str, Array]:
    """⟨S_z⟩ and ⟨S_x⟩ of the two laws from the three-valued state, and of q-LL in its best time."""
    rho, times = _state(SPECTRA["three-valued"]), np.linspace(0, p.stop, 401)
    factor = fit(p, rho, p.kappa, p.D, p.E).factor
    model, columns = _model(p.D, p.E), {"t": times}
    for name, law, scale in (("llg", QuantumLLG, 1.0), ("ll", QuantumLL, 1.0), ("rescaled", QuantumLL, factor)):
        moments = solve(model, law(p.kappa), rho, times / scale).bloch(0)
        columns |= {f"{name}_x": moments[:, 0], f"{name}_z": moments[:, 2]}
    return columns


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def curve(axis: "Axes") -> None:
        table = tables["curve"]
        for k, (name, label, line) in enumerate((("llg", "q-LLG", "-"), ("ll", "q-LL", ":"),
                                                 ("rescaled", "q-LL, best time", CLASSICAL))):
            axis.plot(table["t"], table[f"{name}_z"], color=COLORS[k], linestyle=line, label=label)
            axis.plot(table["t"], table[f"{name}_x"], color=COLORS[k], linestyle=line, linewidth=0.7)
        axis.set(xlabel="$t$", ylabel=r"$\langle S_z\rangle$ (thick), $\langle S_x\rangle$ (thin)", xlim=(0, p.stop))

    def kappa(axis: "Axes") -> None:
        table = tables["kappa"]
        x, y = table["kappa"], table["three-valued_misfit"]
        axis.loglog(x, table["three-valued_plain"], "s-", color=COLORS[1], markersize=2.5, label="same time")
        axis.loglog(x, y, "o-", color=COLORS[0], markersize=2.5, label="best time")
        rho = _state(SPECTRA["three-valued"])
        axis.loglog(x[x < 1], [expected(p, rho, k).misfit for k in x[x < 1]], color=COLORS[6], linestyle=CLASSICAL,
                    linewidth=0.8, label="closed form, $κ → 0$")
        axis.set(xlabel="$κ$", ylabel="Misfit, three-valued spectrum")

    def field(axis: "Axes") -> None:
        table = tables["field"]
        axis.plot(table["D"], table["eta_plain"], "s-", color=COLORS[1], markersize=2.5, label="same time")
        axis.plot(table["D"], table["eta_misfit"], "o-", color=COLORS[0], markersize=2.5, label="best time")
        axis.set(xlabel="$D$", ylabel="Misfit, state of PRL 4", xlim=(0, None), ylim=(0, None))

    titles = "q-LLG and q-LL", "Three-valued spectrum", "Crystal field added"
    return lambda: separate([curve, kappa, field], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Spin 1, H = D S_z² + E(S_x² − S_y²) − B S_z, D = {p.D:g}, E = {p.E:g}, ħ = γ_g = B = 1, states tilted "
            f"by 45°. (a) Probabilities {SPECTRA['three-valued']}, κ = {p.kappa:g}: q-LLG, q-LL, and q-LL in the best "
            f"single time. (b) Misfit up to t = {p.stop:g} against κ. (c) Misfit of a state of PRL 4 at E = 0 against "
            "D.")
