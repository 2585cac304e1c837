"""Problem C in time: a step of one ket, and t = 0..10 beside SciPy and by the toolkit's own methods."""

from functools import partial

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp

from qllg_sym import QuantumLLG, solve
from qllg_sym.flow.methods import low_rank
from qllg_sym.flow.pose import pose
from qllg_sym.flow.steps.runge_kutta import Slope

from .chain import Array, matrix, model, neel
from .problems import TARGET
from .results import Row, Section
from .timing import least, timed

KAPPA, STOP = 0.5, 10.0
TOLERANCES = 1e-10, 1e-11, 1e-12, 1e-13     # of SciPy, until one reaches the target
PUBLISHED = "published low-rank solver (LREI)"


def one_step(n: int) -> Section:
    """Time a step of the classical Runge–Kutta method of order four on the Néel ket of n spins."""
    problem = pose(model(n), QuantumLLG(KAPPA), neel(n), [0.0, 1.0])
    state = problem.start.thin()
    (weights,), (ket,) = state.weights, state.kets
    flow, slopes = low_rank.flow(problem, weights), [np.empty_like(ket) for _ in range(4)]
    _, seconds = least(lambda: runge_kutta(flow, ket, slopes, 0.01))
    return Section(f"Problem C: one step of order four, {n} spins ½, rank 1", (
        Row("qllg_sym, low-rank", seconds, note="classical Runge–Kutta, four H·v"),
        Row(PUBLISHED, None, note="\"a few seconds\" for 20 spins on a laptop (arXiv 2508.21200); not run here")))


def runge_kutta(flow: Slope, ket: Array, slopes: list[Array], h: float) -> Array:
    """Return y after a classical Runge–Kutta step of y' = f(t, y).

    Args:
        flow: (t, y, out) ↦ None, writes f into out.
        ket: y.
        slopes: four arrays like y, overwritten.
        h: step.

    >>> slopes = [np.empty(1) for _ in range(4)]
    >>> runge_kutta(lambda t, y, out: np.copyto(out, y), np.ones(1), slopes, 0.1).round(6).tolist()
    [1.105171]
    """
    first, second, third, fourth = slopes
    flow(0.0, ket, first)
    flow(h / 2, ket + h / 2 * first, second)
    flow(h / 2, ket + h / 2 * second, third)
    flow(h, ket + h * third, fourth)
    return np.asarray(ket + h / 6 * (first + 2 * (second + third) + fourth))


def relaxation(n: int, largest: int) -> list[Section]:
    """Time t = 0..10 for the Néel ket: n spins beside SciPy, and the largest chain with its own error bound."""
    csr = matrix(n)
    start = np.zeros(2**n, dtype=complex)
    start[int("".join("01"[k % 2] for k in range(n)), 2)] = 1
    expected = exact(csr.toarray(), start)
    rows = _solved(n, "krylov", expected), _solved(n, "low-rank", expected), _dop853(csr, start, expected)
    return [Section(f"Problem C: {count} spins ½, pure state, t = 0..{STOP:g}", found, TARGET)
            for count, found in ((n, rows), (largest, (_solved(largest, "krylov"),)))]


def exact(h: Array, start: Array) -> Array:
    """Return the ket at the last time, ∝ exp(−(κ + i)Ht/(1 + κ²)) |start⟩, by all eigenvectors of H.

    >>> abs(exact(np.diag([0.0, 9.0]), np.array([0.6, 0.8]))).round(9).tolist()
    [1.0, 0.0]
    """
    energies, vectors = np.linalg.eigh(h)
    ket = vectors @ (np.exp(rate() * (energies - energies[0]) * STOP) * (vectors.conj().T @ start))
    return np.asarray(ket / np.linalg.norm(ket))


def rate() -> complex:
    """−(κ + i)/(1 + κ²): ψ̇ = rate · (H − ⟨H⟩)ψ for a pure state."""
    # The exponent of pure states a second time on purpose: SciPy shares nothing with `solve`.
    return -(KAPPA + 1j) / (1 + KAPPA**2)


def _solved(n: int, method: str, expected: Array | None = None) -> Row:
    """Return the row of one method; without an exact ket its error is the bound that it gives itself."""
    posed = model(n), QuantumLLG(KAPPA), neel(n), [0.0, STOP]
    found, seconds = timed(lambda: solve(*posed, method=method, keep="final"))
    own = expected is None
    error = float(found.stats["error_bound"]) if expected is None else apart(found.last.kets[-1, :, 0], expected)
    note = f"{found.stats['evaluations']} H·v" + ("; the error is the method's own bound" if own else "")
    return Row(f"qllg_sym, {method}", seconds, error, 1e-10, None, note, error <= TARGET)


def _dop853(csr: sparse.csr_array, start: Array, expected: Array) -> Row:
    """Return the row of SciPy's DOP853 on the ket with a CSR matrix, at the loosest tolerance that will do."""
    def flow(_: float, ket: Array) -> Array:
        """Return ψ̇."""
        image = csr @ ket
        return np.asarray(rate() * (image - (np.vdot(ket, image) / np.vdot(ket, ket)).real * ket))

    for tolerance in TOLERANCES:
        found, seconds = timed(partial(solve_ivp, flow, (0.0, STOP), start, "DOP853", rtol=tolerance, atol=tolerance))
        error = apart(found.y[:, -1] / np.linalg.norm(found.y[:, -1]), expected)
        row = Row("SciPy DOP853, CSR", seconds, error, tolerance, None, f"{found.nfev} H·v", error <= TARGET)
        if row.ok:
            break
    return row


def apart(a: Array, b: Array) -> float:
    """Return the operator norm of |a⟩⟨a| − |b⟩⟨b| for unit kets, without cancellation.

    >>> apart(np.array([1.0, 0.0]), np.array([0.6, 0.8]))
    0.8
    """
    return float(np.linalg.norm(a - np.vdot(b, a) * b))
