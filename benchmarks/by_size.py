"""Problem C by size: the Néel ket in time by `solve` as it chooses, beside SciPy's DOP853 on the ket with CSR."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp

from qllg_sym import QuantumLLG, solve
from qllg_sym.observables.storage import available_memory

from .chain import Array, matrix, model, neel
from .chain_flow import KAPPA, STOP, TOLERANCES, apart, exact, rate
from .problems import TARGET
from .results import Row, Section
from .timing import least, timed

SIZES = range(2, 21)
DENSE = 10              # spins up to which all eigenvectors of H are the reference
SLICED, SLICE = 14, 1.0         # spins above which both go to an earlier time, since SciPy takes minutes, and which
ENTRY = 20              # bytes of an entry of CSR: a complex number and a column; building it takes twice that


def by_size(sizes: Sequence[int], tell: Callable[[str], object] = lambda _: None) -> Section:
    """Time both for every number of spins; SciPy's rows are in units of the toolkit's at the same size.

    Args:
        sizes: numbers of spins.
        tell: called with a text after each.
    """
    rows: list[Row] = []
    for n in sizes:
        rows += pair(n)
        tell(f"C: {n} spins")
    title = f"Problem C by size: pure state, t = 0..{STOP:g}, and 0..{SLICE:g} above {SLICED} spins; × at equal size"
    return Section(title, tuple(rows), TARGET)


def pair(n: int) -> tuple[Row, Row]:
    """Return the toolkit's row and SciPy's for n spins, both within the target error.

    >>> ours, scipy = pair(2)
    >>> ours.ok and scipy.ok, scipy.unit == ours.seconds
    (True, True)
    """
    stop = STOP if n <= SLICED else SLICE
    found, seconds = least(lambda: solve(model(n), QuantumLLG(KAPPA), neel(n), [0.0, stop], keep="final"))
    start = np.zeros(2**n, dtype=complex)
    start[int("".join("01"[k % 2] for k in range(n)), 2)] = 1
    ket = found.last.kets[-1, :, 0]
    csr = _matrix(n)
    if n <= DENSE:
        expected = exact(matrix(n).toarray(), start)
        error, note = apart(ket, expected), "whole call of solve"
    else:
        expected = ket
        error, note = float(found.stats["error_bound"]), "whole call of solve; the error is its own bound"
    ours = Row(f"qllg_sym, {n} spins, {found.method}", seconds, error, 1e-10, None, note, error <= TARGET, seconds)
    if csr is None:
        return ours, Row(f"SciPy DOP853, CSR, {n} spins", note="its matrix does not fit into the memory", unit=seconds)
    return ours, _scipy(n, csr, start, expected, stop, seconds)


def _matrix(n: int) -> sparse.csr_array | None:
    """Return H as CSR, or None where half of the memory does not hold it."""
    available = available_memory()
    return None if available is not None and 3 * ENTRY * 1.5 * n * 2**n > available / 2 else matrix(n)


def _scipy(n: int, csr: sparse.csr_array, start: Array, expected: Array, stop: float, unit: float) -> Row:
    """Return SciPy's row at the loosest tolerance that reaches the target."""
    factor = rate()

    def flow(_: float, ket: Array) -> Array:
        """Return ψ̇."""
        image = csr @ ket
        return np.asarray(factor * (image - (np.vdot(ket, image) / np.vdot(ket, ket)).real * ket))

    for tolerance in TOLERANCES:
        run = partial(solve_ivp, flow, (0.0, stop), start, "DOP853", rtol=tolerance, atol=tolerance)
        found, seconds = least(run) if n <= DENSE else timed(run)
        error = apart(found.y[:, -1] / np.linalg.norm(found.y[:, -1]), expected)
        row = Row(f"SciPy DOP853, CSR, {n} spins", seconds, error, tolerance, None, f"{found.nfev} H·v",
                  error <= TARGET, unit)
        if row.ok:
            break
    return row
