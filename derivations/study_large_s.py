r"""The large-s limit of two coupled spins: classical LLG for κ = 0 only, complex classical trajectories for κ > 0.

Question.     ⟨S_i⟩/s of a pure product of coherent states under q-LLG: does it tend to classical LLG as s → ∞?
Setting.      H = −B·(S1 + S2) + (J/s) S1·S2, B = x̂, (θ, φ) = (0.3, 0.2) and (2.2, −0.7), J = −1, t = 1; ħ = γ_g = 1.
              Distances are those of the 6-vectors (⟨S1⟩/s, ⟨S2⟩/s).
Answer.       For κ = 0 yes, with corrections ∝ 1/s. For κ > 0 no: damping sees the covariance, which is of the order of
              the mean. The limit is the real end of ṅ_i = n_i × B_i(n)/(1 + iκ), B_i = −∂h/∂n_i, from a complex start
              n_i⁰ + c_i(e1 + i e2); corrections are ∝ 1/s again, so Richardson's extrapolation in 1/s meets it.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

from .coherent_dimer import UNIT, Dimer
from .complex_trajectories import classical, two_point

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "large-s", "The limit of large spins"
# Distances from LLG by (κ, 2s), to the digits given.
KNOWN = {(0.0, 4): "0.335", (0.0, 64): "0.0230", (0.5, 4): "0.1827", (0.5, 8): "0.1781", (0.5, 64): "0.1766"}
KNOWN_LIMIT = "0.17657"
SAFE = 1e-10            # bound of the error up to which doubles are used
HARD = (-0.5, 1.0, 2.0)  # J, κ, t of the case that doubles do not master


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = γ_g = B = 1."""

    J: float = -1.0
    kappa: float = 0.5
    t: float = 1.0
    largest: int = 128      # 2s, a power of 2
    points: int = 7         # of the scans over t and κ

    @property
    def sizes(self) -> tuple[int, ...]:
        """The values of 2s: 1, 2, 4 and so on."""
        return tuple(2**k for k in range(self.largest.bit_length()))


QUICK = Parameters(largest=16, points=3)
Runs = dict[float, Array]  # moments (sizes, 2, 3) by κ


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    runs = {kappa: np.array([_moments(Dimer(n, p.J, kappa, p.t)) for n in p.sizes]) for kappa in (0.0, p.kappa)}
    ends = {kappa: (classical(p.J, kappa, p.t), two_point(p.J, kappa, p.t)) for kappa in runs}
    times, kappas = np.geomspace(0.01, 1, p.points), np.geomspace(0.01, 1, p.points)
    scans = {"t": (times, np.array([_gap(p.J, p.kappa, t) for t in times])),
             "kappa": (kappas, np.array([_gap(p.J, k, p.t) for k in kappas]))}
    statements = (_known(p, runs, ends), _undamped(p, runs, ends), _damped(p, runs, ends), _order(scans), _linear(p),
                  _rounding(p))
    tables = {"distance": _distances(p, runs, ends),
              **{f"limit-{name}": {name: x, "distance": y} for name, (x, y) in scans.items()}}
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, runs, ends, scans), statements, _checks(p, ends))


def damped(given: Parameters | None = None) -> Statement:
    """Return what the study says of damped spins, from sizes that take a second.

    Args:
        given: other numbers than these.

    >>> damped().verdict
    'holds'
    """
    p = given or QUICK
    runs = {p.kappa: np.array([_moments(Dimer(n, p.J, p.kappa, p.t)) for n in p.sizes])}
    return _damped(p, runs, {p.kappa: (classical(p.J, p.kappa, p.t), two_point(p.J, p.kappa, p.t))})


def richardson(values: Array, order: int = 3) -> Array:
    """Return the limit of values (n, …) at s = s0, 2 s0, 4 s0, … that are power series in 1/s, from the last ones.

    Args:
        values: along the first axis by size.
        order: powers of 1/s that are taken off.

    >>> x = 1 / 2.0 ** np.arange(5)
    >>> float(abs(richardson(3 + x - 2 * x**2 + x**3) - 3)) < 1e-12
    True
    """
    for k in range(1, order + 1):
        values = (2**k * values[1:] - values[:-1]) / (2**k - 1)
    return np.asarray(values[-1])


def _moments(dimer: Dimer) -> Array:
    """⟨S_i⟩/s, in doubles where their error is bounded."""
    if UNIT * np.exp(dimer.exponent) < SAFE:
        return dimer.doubles()[0]
    return dimer.extended()


def _gap(J: float, kappa: float, t: float) -> float:
    """The distance of the limit from LLG."""
    return float(np.linalg.norm(two_point(J, kappa, t, steps=1 if t < 0.5 else 4) - classical(J, kappa, t)))


def _norms(runs: Array, end: Array) -> Array:
    """Distances of 6-vectors, by size."""
    return np.asarray(np.linalg.norm((runs - end).reshape(len(runs), -1), axis=1))


# What the study says ----------------------------------------------------------------------------------------------


def _known(p: Parameters, runs: Runs, ends: dict[float, tuple[Array, Array]]) -> Statement:
    """Numbers found beforehand by dense exponentials."""
    said, agree = [], True
    for (kappa, n), digits in KNOWN.items():
        if n <= p.largest:
            found = float(_norms(runs[kappa], ends[kappa][0])[p.sizes.index(n)])
            agree &= abs(found - float(digits)) <= 10.0 ** -len(digits.split(".")[1])
            said.append(f"{found:.5f} ({digits}) at κ = {kappa:g}, s = {n / 2:g}")
    limit = float(np.linalg.norm(np.subtract(*ends[p.kappa])))
    agree &= abs(limit - float(KNOWN_LIMIT)) <= 1e-5
    return Statement(
        "Distances from LLG at finite s, and that of the limit, are those found before.", "own", truth(agree),
        "Distances, with those known in brackets: " + ", ".join(said) + f"; limit {limit:.6f} ({KNOWN_LIMIT}).")


def _undamped(p: Parameters, runs: Runs, ends: dict[float, tuple[Array, Array]]) -> Statement:
    """κ = 0: the classical limit."""
    distances = _norms(runs[0.0], ends[0.0][0])
    ratio, left = distances[-2] / distances[-1], float(np.linalg.norm(richardson(runs[0.0]) - ends[0.0][0]))
    return Statement(
        "Without damping the moments tend to classical ones, with corrections ∝ 1/s.", "own",
        truth(abs(ratio - 2) < 0.2 and left < 0.1 * distances[-1]),
        f"Doubling s to {p.largest / 2:g} divides the distance by {ratio:.3f}; extrapolated in 1/s it is "
        f"{shown(left, '.1e')}.")


def _damped(p: Parameters, runs: Runs, ends: dict[float, tuple[Array, Array]]) -> Statement:
    """κ > 0: the complex-trajectory limit."""
    llg, limit = ends[p.kappa]
    far, near = _norms(runs[p.kappa], llg), _norms(runs[p.kappa], limit)
    ratio, left = near[-2] / near[-1], float(np.linalg.norm(richardson(runs[p.kappa]) - limit))
    gap = float(np.linalg.norm(limit - llg))
    return Statement(
        "With damping they tend not to LLG but to the real end of the complex trajectories.", "own",
        truth(abs(ratio - 2) < 0.2 and left < 0.1 * near[-1] and gap > 0.05),
        f"At s = {p.largest / 2:g}, κ = {p.kappa:g} the distance is {far[-1]:.5f} from LLG and {near[-1]:.5f} from the "
        f"two-point solution, divided by {ratio:.3f} with the last doubling of s; extrapolated in 1/s it is "
        f"{shown(left, '.1e')} from the two-point solution, which is {gap:.5f} from LLG.")


def _order(scans: dict[str, tuple[Array, Array]]) -> Statement:
    """Exponents in t and κ."""
    powers = {name: float(np.log(y[1] / y[0]) / np.log(x[1] / x[0])) for name, (x, y) in scans.items()}
    return Statement(
        "The limit leaves LLG as t² at short times, and linearly in small κ.", "own",
        truth(abs(powers["t"] - 2) < 0.1 and abs(powers["kappa"] - 1) < 0.1),
        f"Exponents of the two smallest values: {powers['t']:.3f} in t, {powers['kappa']:.3f} in κ.")


def _linear(p: Parameters) -> Statement:
    """Without exchange H is linear in the spins."""
    dimer = Dimer(p.largest, 0.0, 1.0, p.t)
    apart = float(np.abs(dimer.extended() - classical(0.0, 1.0, p.t)).max())
    return Statement(
        "Without exchange coherent states follow LLG exactly, at every s and κ.", "PRL 133, 266704 (2024), eq. 8; own",
        judged(apart, 1e-10, 1e-6), f"Largest distance at s = {p.largest / 2:g}, κ = 1: {shown(apart)}.")


def _rounding(p: Parameters) -> Statement:
    """The case in which a ket that has been rounded as a whole is not enough."""
    dimer = Dimer(p.largest, *HARD)
    exact, (local, bound) = dimer.extended(), dimer.doubles()
    rounded = float(np.linalg.norm(dimer.doubles(UNIT)[0] - exact))
    near, ruined = (float(np.linalg.norm(m - exact)) for m in (local, dimer.plain_series()))
    return Statement(
        "Damping amplifies rounding by up to A = exp(−γtE_min)/‖exp(−cHt)ψ‖, an exponential of s.", "own",
        truth(near <= max(bound, 1e-14) and rounded <= max(bound, 1e-14) and near < 1e-9
              and (bound < 1e-3 or min(rounded, ruined) > 1e-4)),
        f"s = {p.largest / 2:g}, J = {shown(HARD[0], 'g')}, κ = {HARD[1]:g}, t = {HARD[2]:g}: 2⁻⁵³A = "
        f"{shown(bound, '.1e')}. A start that is off by 2⁻⁵³ as a whole ends {shown(rounded, '.1e')} off; rounding "
        f"in the product basis of S_z, which spares the small amplitudes, {shown(near, '.1e')}; one plain power series "
        f"{shown(ruined, '.1e')}. All against integers of as many bits as A asks for.")


def _checks(p: Parameters, ends: dict[float, tuple[Array, Array]]) -> tuple[Check, ...]:
    """Of our own numbers: two arithmetics, and the undamped limit."""
    dimer = Dimer(8, p.J, p.kappa, p.t)
    apart = float(np.abs(dimer.doubles()[0] - dimer.extended()).max())
    return (Check("doubles and integers apart at s = 4", apart, 1e-12),
            Check("two-point solution and LLG apart at κ = 0", float(np.abs(np.subtract(*ends[0.0])).max()), 1e-9))


# What is drawn and written ----------------------------------------------------------------------------------------


def _distances(p: Parameters, runs: Runs, ends: dict[float, tuple[Array, Array]]) -> dict[str, Array]:
    """Distances from LLG and from the limit by s and κ."""
    columns = {"s": np.array(p.sizes) / 2}
    for kappa, moments in runs.items():
        for name, end in zip(("llg", "limit"), ends[kappa], strict=True):
            columns[f"from_{name}_kappa_{kappa:g}"] = _norms(moments, end)
    return columns


def _drawing(p: Parameters, runs: Runs, ends: dict[float, tuple[Array, Array]],
             scans: dict[str, tuple[Array, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    table = _distances(p, runs, ends)
    s = table["s"]

    def distance(axis: "Axes") -> None:
        axis.loglog(s, table["from_llg_kappa_0"], "o-", color=COLORS[0], markersize=3, label="from LLG, $κ = 0$")
        axis.loglog(s, table[f"from_llg_kappa_{p.kappa:g}"], "s-", color=COLORS[1], markersize=3,
                    label=f"from LLG, $κ = {p.kappa:g}$")
        axis.loglog(s, table[f"from_limit_kappa_{p.kappa:g}"], "^-", color=COLORS[2], markersize=3,
                    label=f"from the limit, $κ = {p.kappa:g}$")
        axis.loglog(s, 0.8 / s, color=COLORS[6], linestyle=CLASSICAL, linewidth=0.7, label="$∝ 1/s$")
        axis.set(xlabel="$s$", ylabel=r"Distance of $\langle\mathbf{S}\rangle/s$")

    def power(name: str, label: str, exponent: int, color: int) -> Painter:
        def paint(axis: "Axes") -> None:
            x, y = scans[name]
            axis.loglog(x, y, "o-", color=COLORS[color], markersize=3, label="limit from LLG")
            axis.loglog(x, y[0] * (x / x[0]) ** exponent, color=COLORS[6], linestyle=CLASSICAL, linewidth=0.7,
                        label=f"$∝ {label}{'^2' if exponent == 2 else ''}$")
            axis.set(xlabel=f"${label}$", ylabel="Distance")
        return paint

    titles = "Distance over spin length", "Growth in time", "Growth with damping"
    return lambda: separate([distance, power("t", "t", 2, 3), power("kappa", "κ", 1, 4)], titles=titles, heading=TITLE,
                            caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Two spins s from coherent states, H = −B·ΣS + (J/s) S1·S2, J = {shown(p.J, 'g')}, B along x, ħ = γ_g = "
            f"B = 1. (a) Distance of ⟨S⟩/s at t = {p.t:g} from LLG and from the limit of complex trajectories against "
            "s. "
            f"(b), (c) Distance of that limit from LLG at short times (κ = {p.kappa:g}) and at small κ (t = {p.t:g}).")
