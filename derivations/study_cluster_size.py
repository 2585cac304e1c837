r"""How large must a cluster be? A ring of twelve spins ½ cut into clusters, beside the exact ring.

Question.     What does a cut into clusters lose, with their size and with time?
Setting.      H = J Σ S_i·S_{i+1}, ring of 12 spins ½ from the Néel state, ħ = J = 1; `Hybrid` with clusters of 1, 2, 4
              and 6 neighbours in each other's mean field, no moments; q-LLG of all 4096 dimensions beside them.
Answer.       Single spins stand still. Every bond that is cut misses the flips of its two spins, so that the mean error
              of ⟨σ_z⟩ begins as (Jt)²/size: it is the surface that counts. A spin k bonds inside feels it from
              (Jt)^{2k + 2} on. Larger clusters are right for longer, not for good. Damped, clusters end in their own
              singlets, above the ring's ground state, and late: the Néel order of the mean field is marginal at every
              even size. Reason: Y = Σ_{i<j} S_i × S_j, a Yangian generator, has [h, Y] = (i/2)(S_n − S_1) with the h of
              an open chain, so that a field m on the ends of its singlet makes an end moment of exactly m.
              The moment dies as t^{−1/2}, of dimers as √(κ/Jt), where the ring's gap makes it exponential. Pure dimers
              are one pseudo-spin each: LLG in (J/2) n_x − (J/4) n_z², from its easy axis.
Source.       Own; the law is PRL 133, 266704 (2024), eq. 3, in mean fields; Yangian: V. G. Drinfeld, Sov. Math. Dokl.
              32, 254 (1985); F. D. M. Haldane et al., PRL 69, 2021 (1992).
"""

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse.linalg import LinearOperator, expm_multiply

from qllg_sym import Bilinear, Hybrid, HybridState, HybridTrajectory, Model, QuantumLLG, Space, ring, solve, states
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.plot.separate import Painter, separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "cluster-size", "Clusters of a ring beside the exact ring"
CLOSE = 0.1         # an error that is small
EARLY = 0.02        # a time at which the first power of t is left
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class Parameters:
    """Every number of the study, ħ = J = 1."""

    n: int = 12
    sizes: tuple[int, ...] = (1, 2, 4, 6)
    kappa: float = 0.5
    stop: float = 6.0
    points: int = 121
    late: float = 400.0


QUICK = Parameters(n=8, sizes=(1, 2, 4), stop=3.0, points=61)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    times = np.linspace(0, p.stop, p.points)
    exact = {kappa: _exact(p, kappa, times) for kappa in (0.0, p.kappa)}
    runs = {(size, kappa): _cut(p, size, kappa, times) for size in p.sizes for kappa in exact}
    errors = {key: np.abs(_staggered(run) - exact[key[1]]).mean(axis=1) for key, run in runs.items()}
    tables = {name: {"t": times, "exact": exact[kappa].mean(axis=1)}
              | {f"size_{size}_{what}": values for size in p.sizes for what, values in (
                  ("moment", _staggered(runs[size, kappa]).mean(axis=1)), ("error", errors[size, kappa]))}
              for name, kappa in (("free", 0.0), ("damped", p.kappa))}
    statements = (_surface(p), _depth(p), _longer(p, times, errors), _marginal(p), _dimers(p))
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p, exact, runs, times))


def _neel(count: int) -> list[str]:
    """The first spins of the Néel state."""
    return ["up", "down"] * (count // 2) + ["up"] * (count % 2)


def _model(p: Parameters) -> Model:
    """The ring."""
    return Model(Space.half(p.n), ring(p.n, Bilinear, 1))


def _cut(p: Parameters, size: int, kappa: float, times: Array, rtol: float = 1e-10) -> HybridTrajectory:
    """The ring in clusters of neighbours."""
    clusters = [tuple(range(k, k + size)) for k in range(0, p.n, size)]
    start = HybridState([states.product(*_neel(p.n)[c[0]:c[-1] + 1]) for c in clusters])
    return solve(_model(p), Hybrid(kappa, 0, clusters=clusters), start, times, rtol=rtol)


def _exact(p: Parameters, kappa: float, times: Array) -> Array:
    """(−1)^i ⟨σ_z⟩ of all spins of the whole ring, (n, N)."""
    run = solve(_model(p), QuantumLLG(kappa), states.product(*_neel(p.n)), times, rtol=1e-12)
    return np.asarray(run.profile("z") * (-1.0) ** np.arange(p.n))


def _staggered(run: HybridTrajectory) -> Array:
    """The same of clusters."""
    return np.stack([(-1)**i * run.bloch(i)[:, 2] for i in range(len(run.spins))], axis=1)


def ends(n: int) -> tuple[Array, Array, Array]:
    """Return h and Y_z of an open chain of n spins ½, J = 1, and S_nz − S_1z, by NumPy alone.

    >>> h, Y, V = ends(4)
    >>> bool(abs(h @ Y - Y @ h - 0.5j * V).max() < 1e-14)
    True
    """
    spin = [[reduce(np.kron, [a / 2 if k == i else np.eye(2) for k in range(n)]) for a in PAULI] for i in range(n)]
    h = sum(a @ b for i in range(n - 1) for a, b in zip(spin[i], spin[i + 1], strict=True))
    Y = sum(spin[i][0] @ spin[j][1] - spin[i][1] @ spin[j][0] for j in range(n) for i in range(j))
    return np.asarray(h), np.asarray(Y), spin[-1][2] - spin[0][2]


def pseudo_spin(p: Parameters, times: Array) -> Array:
    """Return n_z of the pseudo-spin of a dimer: LLG in E = (J/2) n_x − (J/4) n_z², ħs = ½, (n,)."""
    def slope(_: float, n: Array) -> Array:
        field = np.array([-1.0, 0.0, n[2]])
        free = np.cross(n, field)
        return np.asarray((free - p.kappa * np.cross(n, free)) / (1 + p.kappa**2))

    found = solve_ivp(slope, (times[0], times[-1]), [0, 0, 1.0], "DOP853", times, rtol=1e-11, atol=1e-13)
    return np.asarray(found.y[2])


# What the study says ----------------------------------------------------------------------------------------------


def _surface(p: Parameters) -> Statement:
    """The first power of t."""
    exact, times = _exact(p, 0.0, np.array([0, EARLY])), np.array([0, EARLY])
    found = {s: float(np.abs(_staggered(_cut(p, s, 0.0, times, 1e-12)) - exact)[-1].mean()) * s / EARLY**2
             for s in p.sizes}
    return Statement(
        "The mean error of ⟨σ_z⟩ begins as (Jt)²/size: what is lost is the surface of the clusters.", "own",
        judged(max(abs(x - 1) for x in found.values()), EARLY**2, 0.05),
        f"At t = {EARLY:g}, error × size/(Jt)²: {', '.join(f'{s}: {x:.5f}' for s, x in found.items())}.")


def _depth(p: Parameters) -> Statement:
    """Spins inside."""
    size, times = p.sizes[-1], np.array([0, 0.1, 0.2])
    exact, run = _exact(p, 0.0, times), _cut(p, size, 0.0, times, 3e-14)
    error = np.abs(_staggered(run) - exact)[1:, :size // 2]
    powers = np.log2(error[1] / error[0])
    expected = 2 * np.arange(size // 2) + 2
    return Statement(
        "A spin k bonds inside its cluster feels the cut from (Jt)^(2k + 2) on.", "own",
        judged(float(np.abs(powers - expected).max()), 0.05, 0.5),
        f"Powers in a cluster of {size} between t = 0.1 and 0.2: {', '.join(f'{x:.2f}' for x in powers)}.")


def _longer(p: Parameters, times: Array, errors: dict[tuple[int, float], Array]) -> Statement:
    """How long clusters are right."""
    left = {key: float(np.interp(CLOSE, e[:(k := int(np.argmax(e > CLOSE))) + 1], times[:k + 1]))
            for key, e in errors.items()}
    grow = all(left[a, kappa] < left[b, kappa] for kappa in (0.0, p.kappa)
               for a, b in zip(p.sizes, p.sizes[1:], strict=False))
    over = [float(errors[size, 0.0].max()) for size in p.sizes]
    return Statement(
        f"Larger clusters are within {CLOSE:g} for longer; undamped, every size is wrong later.", "own",
        truth(grow and min(over) > CLOSE),
        "Until t = " + ", ".join(f"{left[s, 0.0]:.2f} ({s})" for s in p.sizes) + " without damping, "
        + ", ".join(f"{left[s, p.kappa]:.2f} ({s})" for s in p.sizes) + f" with κ = {p.kappa:g}; the largest mean "
        f"error without damping is {min(over):.2f} or more.")


def _marginal(p: Parameters) -> Statement:
    """Why Néel order of the mean field dies slowly."""
    apart, answers = 0.0, []
    for size in p.sizes[1:]:
        h, Y, V = ends(size)
        apart = max(apart, float(np.abs(h @ Y - Y @ h - 0.5j * V).max()))
        levels, vectors = np.linalg.eigh(h)
        a, b = (np.abs(vectors.conj().T @ (V @ vectors[:, 0]))[1:]**2, levels[1:] - levels[0])
        answers.append(float((a / b).sum()))        # −⟨S_1z⟩/m = ½ ⟨V (h − E_0)⁻¹ V⟩ · 2, by symmetry
    late = [_cut(p, size, p.kappa, np.array([0, 40.0, 160.0]), 1e-8) for size in p.sizes[1:]]
    ratios = [float(np.divide(*np.abs(_staggered(run)).mean(axis=1)[1:])) for run in late]
    return Statement(
        "[h, Σ_{i<j} (S_i × S_j)_z] = (i/2)(S_nz − S_1z), so that the ends of an open chain in its singlet answer to a "
        "field m with a moment m: Néel order of the mean field is exactly marginal, and dies as t^(−1/2).", "own",
        truth(apart < 1e-12 and max(abs(x - 1) for x in answers) < 1e-10 and all(1.8 < r < 2.25 for r in ratios)),
        f"Commutators within {shown(apart)}; answers {', '.join(f'{x:.12f}' for x in answers)} for sizes "
        f"{', '.join(map(str, p.sizes[1:]))}; from t = 40 to 160 moments fall {', '.join(f'{r:.3f}' for r in ratios)} "
        "times.")


def _dimers(p: Parameters) -> Statement:
    """Dimers as pseudo-spins."""
    times = np.array([0, 1, 4, 20, p.late])
    run, closed = _cut(p, 2, p.kappa, times, 1e-11), pseudo_spin(p, times)
    apart, scaled = float(np.abs(_staggered(run) - closed[:, None]).max()), abs(closed[-1]) * (p.late / p.kappa)**0.5
    return Statement(
        "Dimers are pseudo-spins under LLG in (J/2) n_x − (J/4) n_z², and their moment tends to √(κ/Jt).", "own",
        truth(apart < 1e-7 and abs(scaled - 1) < 0.03),
        f"Within {shown(apart)} of one pseudo-spin; at t = {p.late:g} the moment is {scaled:.3f} √(κ/Jt), and the "
        f"energy a spin {shown(run.energy[-1] / p.n, '.6f')} J, of singlets −3/8 J.")


def _checks(p: Parameters, exact: dict[float, Array], runs: dict[tuple[int, float], HybridTrajectory],
            times: Array) -> tuple[Check, ...]:
    """Of our own numbers: SciPy's exponential of −iHt on the ring, single spins, spectra, energies that only fall."""
    damped = [runs[size, p.kappa] for size in p.sizes]
    return (Check("exact ring apart from SciPy's", float(np.abs(_scipy(p, times[-1]) - exact[0.0][-1]).max()), 1e-8),
            Check("single spins moved", float(np.abs(_staggered(runs[1, p.kappa]) - 1).max()), 1e-12),
            Check("drift of a spectrum", max(run.invariants["spectrum"] for run in runs.values()), 1e-12),
            Check("largest rise of the energy", float(max(np.diff(run.energy).max() for run in damped)), 1e-8))


def _scipy(p: Parameters, t: float) -> Array:
    """(−1)^i ⟨σ_z⟩ at a time without damping, bonds as swaps: S_i·S_j = swap/2 − ¼."""
    d, places = 2**p.n, np.arange(2**p.n)
    bits = [places >> (p.n - 1 - i) & 1 for i in range(p.n)]
    swapped = [np.where(bits[i] != bits[j], places ^ (1 << (p.n - 1 - i)) ^ (1 << (p.n - 1 - j)), places)
               for i, j in ((i, (i + 1) % p.n) for i in range(p.n))]

    def apply(ket: Array) -> Array:
        return np.asarray(-1j * t * (sum(ket[s] for s in swapped) / 2 - p.n / 4 * ket))

    def back(ket: Array) -> Array:
        return -apply(ket)

    start = np.zeros(d, dtype=complex)
    start[int("01" * (p.n // 2), 2)] = 1
    ket = expm_multiply(LinearOperator((d, d), matvec=apply, rmatvec=back, dtype=complex), start, traceA=0)
    return np.array([(-1)**i * float(np.abs(ket)**2 @ (1 - 2 * bits[i])) for i in range(p.n)])


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    def moment(name: str) -> Painter:
        def paint(axis: "Axes") -> None:
            table = tables[name]
            axis.axhline(0, color="0.8", linewidth=0.5)
            axis.plot(table["t"], table["exact"], color="black", linewidth=1.6, label="ring")
            for k, size in enumerate(p.sizes[1:]):
                axis.plot(table["t"], table[f"size_{size}_moment"], color=COLORS[k],
                          linestyle=CLASSICAL if k % 2 else "-", label=f"clusters of {size}")
            axis.set(xlabel="$t$", ylabel="Staggered moment", xlim=(0, p.stop))
        return paint

    def error(axis: "Axes") -> None:
        table = tables["free"]
        for k, size in enumerate(p.sizes):
            axis.loglog(table["t"][1:], table[f"size_{size}_error"][1:], color=COLORS[(k - 1) % len(COLORS)],
                        label=f"size {size}")
            axis.loglog(table["t"][1:12], table["t"][1:12]**2 / size, color="0.4", linestyle=":", linewidth=0.8)
        axis.set(xlabel="$t$", ylabel="Mean error", ylim=(1e-4, 3))

    painters = [moment("free"), error, moment("damped")]
    titles = "κ = 0", "κ = 0, $(Jt)^2$/size dotted", f"κ = {p.kappa:g}"
    return lambda: separate(painters, titles=titles, heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Ring of {p.n} spins ½, H = J Σ S_i·S_(i+1), ħ = J = 1, from the Néel state; exact, and in clusters of "
            f"neighbours in each other's mean field. (a) Staggered moment without damping. (b) Mean error of ⟨σ_z⟩, "
            f"with its first power of t. (c) Staggered moment with κ = {p.kappa:g}: that of clusters dies as 1/√t.")
