r"""A quantum dimer on a film of 10⁴ moments, while the wall of a skyrmion sweeps over it.

Question.     What does a pair of entangled spins see of a skyrmion, and what does the skyrmion see of the pair?
Setting.      A film of 100 × 100 moments, S = 1, closed, exchange 1, interfacial DMI 0.7, easy axis 0.05, in a field
              along z that falls from 0.2 to 0.06, so that its skyrmion grows; two spins ½, H = J S_0·S_1
              − K (S_0·m_a + S_1·m_b), J = 1, K = 0.5, above neighbouring sites a and b seven sites from the core;
              ħ = 1, κ = α = 0.5. `Hybrid`, the dimer one cluster.
Answer.       In a uniform film the dimer is a singlet whatever the direction of m: it sees differences alone. With
              δ = K|m_a − m_b| singlet and triplet mix, and the concurrence is
                  C = 1 − ½ δ²J²/(J² − K²)² + O(δ⁴),
              so that entanglement dips while the wall is below, and comes back: a gradiometer. Slow walls are followed
              in the ground state. Its energy falls by ¼ δ²J/(J² − K²) + O(δ⁴) only: the wall is held weakly. A
              classical dimer has a staggered moment that the difference turns, and would hold the wall some times more
              strongly. The topological charge stays −1.
Source.       Own; the law is PRL 133, 266704 (2024), eqs. 1 and 3, in mean fields; charge on a lattice: B. Berg,
              M. Lüscher, Nucl. Phys. B 190, 412 (1981).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from scipy.optimize import minimize

from qllg_sym import (
    DMI,
    Anisotropy,
    Bilinear,
    Hybrid,
    HybridState,
    HybridTrajectory,
    Model,
    Space,
    Zeeman,
    from_sites,
    solve,
    square,
    states,
    t,
)
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "skyrmion", "A quantum dimer under the wall of a skyrmion"
SETTLED = 15.0          # when the dimer is in its ground state
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = 1."""

    side: int = 100
    dmi: float = 0.7
    easy: float = 0.05
    fields: tuple[float, float] = (0.2, 0.06)
    K: float = 0.5
    damping: float = 0.5        # κ and α
    away: int = 7               # of the dimer from the core
    stop: float = 160.0
    points: int = 81


QUICK = Parameters(side=40, points=41)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    run = swept(p)
    film = run.moments.reshape(len(run), p.side, p.side, 3)
    below = film[:, p.side // 2, p.side // 2 + p.away:p.side // 2 + p.away + 2]
    seen = np.array([ground(p.K * a, p.K * b) for a, b in below])
    moments = np.array([classical(p.K * a, p.K * b) for a, b in below])
    delta = p.K * np.linalg.norm(below[:, 0] - below[:, 1], axis=1)
    table = {"t": run.times, "concurrence": run.clusters[0].concurrence(), "ground": seen[:, 1],
             "m_z": below[:, :, 2].mean(axis=1), "delta": delta, "energy": seen[:, 0], "classical": moments,
             "charge": np.array([charge(m) for m in film]), "down": (film[..., 2] < 0).sum(axis=(1, 2)).astype(float)}
    statements = (_charge(table), _followed(table), _closed(p, table), _wall(table), _held(p, table))
    place = int(np.argmin(table["concurrence"]))
    return Study(ID, TITLE, _caption(p), {"time": table}, _drawing(p, table, film[place]), statements, _checks(run))


def terms(p: Parameters) -> list[object]:
    """The film but for its field."""
    def across(d: sp.Matrix) -> tuple[sp.Expr, sp.Expr, int]:
        """DMI of an interface: D d × z, for a term with 4 D·(S_i × S_j)."""
        strength = sp.Rational(str(p.dmi)) / 4
        return strength * d[1], -strength * d[0], 0

    easy = [[0, 0, 0], [0, 0, 0], [0, 0, -p.easy]]
    return [square(p.side, p.side, Bilinear, -1, periodic=True), square(p.side, p.side, DMI, across, periodic=True),
            from_sites(p.side**2, Anisotropy, easy)]


def swept(p: Parameters) -> HybridTrajectory:
    """The skyrmion at rest in the first field, then with the dimer in the falling one."""
    n, middle = p.side**2, p.side // 2
    space, law = Space(*["1"] * n), Hybrid(0, 1, classical=range(n))
    film = solve(Model(space, [*terms(p), Zeeman((0, 0, p.fields[0]))]), law, HybridState([], guess(p)), [0, 60],
                 rtol=1e-6, atol=1e-8, keep="final").final_state.moments
    first, last = (sp.Rational(str(field)) for field in p.fields)
    falling = Zeeman((0, 0, first + (last - first) * t / sp.Rational(str(p.stop))), sites=list(range(n)))
    at = [middle + p.away + k + p.side * middle for k in (0, 1)]
    dimer = [Bilinear(1, n, n + 1), *(Bilinear(-p.K, n + k, at[k]) for k in (0, 1))]
    return solve(Model(Space(*["1"] * n, "1/2", "1/2"), [*terms(p), falling, *dimer]),
                 Hybrid(p.damping, p.damping, clusters=[(n, n + 1)], classical=range(n)),
                 HybridState([states.bell("psi-")], film), np.linspace(0, p.stop, p.points), rtol=1e-6, atol=1e-8)


def guess(p: Parameters) -> Array:
    """A skyrmion of about the right size and sense, (n, 3)."""
    y, x = np.indices((p.side, p.side)).reshape(2, -1) - p.side // 2
    polar = 2 * np.arctan2(np.sinh(5 / 3), np.sinh(np.maximum(np.hypot(x, y), 1e-9) / 3))
    radial = np.stack([x, y], axis=1) / np.maximum(np.hypot(x, y), 1e-9)[:, None]
    return np.concatenate([-np.sin(polar)[:, None] * radial, np.cos(polar)[:, None]], axis=1)


def ground(b0: Array, b1: Array) -> tuple[float, float]:
    """Return energy and concurrence of the ground state of S_0·S_1 − b_0·S_0 − b_1·S_1, by NumPy alone.

    >>> ground(np.zeros(3), np.zeros(3))[0].round(12).item()
    -0.75
    """
    h = sum(np.kron(a, a) / 4 - x / 2 * np.kron(a, np.eye(2)) - y / 2 * np.kron(np.eye(2), a)
            for a, x, y in zip(PAULI, b0, b1, strict=True))
    levels, vectors = np.linalg.eigh(h)
    a, b, c, d = vectors[:, 0]
    return levels[0], float(2 * abs(a * d - b * c))


def classical(b0: Array, b1: Array) -> float:
    """Return the least energy of two classical moments, m_0·m_1/4 − (b_0·m_0 + b_1·m_1)/2, by SciPy's minimiser."""
    def energy(x: Array) -> float:
        m0, m1 = (v / np.linalg.norm(v) for v in x.reshape(2, 3))
        return float(m0 @ m1 / 4 - (b0 @ m0 + b1 @ m1) / 2)

    apart = b0 - b1 + 1e-3 * np.array([1.0, 2.0, 3.0])
    return float(minimize(energy, np.concatenate([apart, -apart]) / np.linalg.norm(apart), method="BFGS").fun)


def charge(m: Array) -> float:
    """Return the topological charge of a closed film, (n, n, 3), from the solid angles of its triangles."""
    right, up = np.roll(m, -1, axis=1), np.roll(m, -1, axis=0)
    both = np.roll(up, -1, axis=1)

    def angle(a: Array, b: Array, c: Array) -> Array:
        triple = np.einsum("xyk,xyk->xy", a, np.cross(b, c))
        return np.asarray(2 * np.arctan2(triple, 1 + (a * b).sum(-1) + (b * c).sum(-1) + (c * a).sum(-1)))

    return float((angle(m, right, both) + angle(m, both, up)).sum() / (4 * np.pi))


# What the study says ----------------------------------------------------------------------------------------------


def _charge(table: dict[str, Array]) -> Statement:
    """Topology."""
    apart, down = float(np.abs(table["charge"] + 1).max()), table["down"]
    return Statement(
        "The skyrmion grows in the falling field, and its charge stays −1.", "own",
        truth(apart < 1e-9 and down[-1] > 1.5 * down[0]),
        f"Charge −1 within {shown(apart)}; from {down[0]:.0f} to {down[-1]:.0f} moments point down.")


def _followed(table: dict[str, Array]) -> Statement:
    """The dimer and its ground state."""
    late = table["t"] > SETTLED
    apart = float(np.abs(table["concurrence"] - table["ground"])[late].max())
    return Statement(
        "The dimer follows the ground state of its 4 × 4 matrix in the fields of the moments below.", "own",
        judged(apart, 0.01, 0.05), f"Concurrence within {shown(apart)} of it after t = {SETTLED:g}.")


def _closed(p: Parameters, table: dict[str, Array]) -> Statement:
    """The closed forms to order δ²."""
    squares = table["delta"]**2
    loss, gain = squares / 2 / (1 - p.K**2)**2, squares / 4 / (1 - p.K**2)
    apart = float(np.abs(1 - table["ground"] - loss).max() / loss.max()**2)
    lower = float(np.abs(-0.75 - table["energy"] - gain).max() / gain.max()**2)
    return Statement(
        "Entanglement is lost as ½ δ²J²/(J² − K²)², energy gained as ¼ δ²J/(J² − K²), to second order in δ.",
        "own", truth(apart < 4 and lower < 8 and loss.max() < 0.1),
        f"Largest terms {loss.max():.4f} and {gain.max():.4f} J; what is left over is {apart:.1f} and {lower:.1f} "
        "times their squares at most.")


def _wall(table: dict[str, Array]) -> Statement:
    """Where the dip is."""
    place = int(np.argmin(table["concurrence"]))
    least, m_z = float(table["concurrence"][place]), float(table["m_z"][place])
    back = float(table["concurrence"][place:].max())
    return Statement(
        "Entanglement is least while the wall is below, and comes back behind it.", "own",
        truth(abs(m_z) < 0.6 and least < 0.98 and back > 0.5 * (1 + least)),
        f"C falls to {least:.4f} at t = {table['t'][place]:.0f}, where m_z is {shown(m_z, '.2f')}, and rises to "
        f"{back:.4f} inside.")


def _held(p: Parameters, table: dict[str, Array]) -> Statement:
    """What the skyrmion feels."""
    depths = [float(table[name].max() - table[name].min()) for name in ("energy", "classical")]
    return Statement(
        "A classical dimer would hold the wall several times more strongly than the quantum one.", "own",
        truth(depths[1] > 3 * depths[0]),
        f"On the same path of moments the ground state's energy varies by {depths[0]:.4f} J, the least classical one "
        f"by {depths[1]:.4f} J.")


def _checks(run: HybridTrajectory) -> tuple[Check, ...]:
    """Of our own numbers: spectra and lengths."""
    return (Check("drift of a spectrum or a length", max(run.invariants.values()), 1e-12),)


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, table: dict[str, Array], film: Array) -> Drawing:
    """What draws the picture when it is called."""
    middle, seen = p.side // 2, min(p.side // 2, 16)

    def picture(axis: "Axes") -> None:
        image = axis.imshow(film[..., 2], origin="lower", cmap="coolwarm", vmin=-1, vmax=1, rasterized=True)
        y, x = np.mgrid[middle - seen:middle + seen:2, middle - seen:middle + seen:2]
        axis.quiver(x, y, film[y, x, 0], film[y, x, 1], pivot="mid", scale=0.5, angles="xy", scale_units="xy",
                    width=0.012)
        axis.plot([middle + p.away, middle + p.away + 1], [middle] * 2, "o-", color=COLORS[2], markersize=4)
        axis.set(xlim=(middle - seen, middle + seen), ylim=(middle - seen, middle + seen), xlabel="$x$", ylabel="$y$")
        axis.figure.colorbar(image, ax=axis, shrink=0.8, label="$m_z$", ticks=[-1, 0, 1])

    def entanglement(axis: "Axes") -> None:
        axis.plot(table["t"], table["concurrence"], color=COLORS[0], label="dimer")
        axis.plot(table["t"], table["ground"], color=COLORS[6], linestyle=":", label="ground state")
        axis.set(xlabel="$t$", ylabel="Concurrence", xlim=(0, p.stop))

    def energy(axis: "Axes") -> None:
        for name, color, line, label in (("energy", COLORS[0], "-", "quantum"),
                                         ("classical", COLORS[1], CLASSICAL, "classical")):
            axis.plot(table["t"], table[name] - table[name].max(), color=color, linestyle=line, label=label)
        axis.plot(table["t"], 0.1 * table["m_z"], color="0.6", linewidth=0.8, label="$m_z/10$ below")
        axis.set(xlabel="$t$", ylabel="Energy of the dimer $/J$", xlim=(0, p.stop))

    titles = "Least entangled", "Entanglement", "Energy"
    return lambda: separate([picture, entanglement, energy], titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"{p.side} × {p.side} moments S = 1, exchange 1, DMI {p.dmi:g}, easy axis {p.easy:g}, field from "
            f"{p.fields[0]:g} to {p.fields[1]:g}; two spins ½, J = 1, K = {p.K:g}, κ = α = {p.damping:g}, ħ = 1. "
            "(a) The film when the dimer (green) is least entangled, colour m_z. (b) Its concurrence, and that of the "
            "ground state in the same fields. (c) Energy of the dimer in these fields, quantum and classical, from "
            "their highest.")
