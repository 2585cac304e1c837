r"""Problem C: an open Heisenberg chain of N spins ½ in a field, one ket.

H = J Σ σ_i·σ_{i+1} − ½ B Σ σ_i^x, J = B = 1, antiferromagnetic, from the Néel state, κ = ½.
"""

import tracemalloc
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qllg_sym import Exchange, Model, Space, Zeeman, chain, states
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.states.state import State

from .results import Row, Section
from .timing import least, timed

Array = NDArray[Any]
SAME = 1e-13            # products that differ by less, relative to the largest entry, are the same


def model(n: int) -> Model:
    """Return the chain of n spins.

    >>> model(4).space.dimension
    16
    """
    return Model(Space.half(n), [*chain(n, Exchange, 1), Zeeman((1, 0, 0))])


def matrix(n: int) -> sparse.csr_array:
    """Return H as SciPy's CSR, with bits alone: its own path to the same operator.

    >>> matrix(2).toarray().real.tolist()[0]
    [1.0, -0.5, -0.5, 0.0]
    """
    index = np.arange(2**n, dtype=np.int32)
    columns, values = [index], [np.zeros(2**n)]
    for site in range(n):
        columns.append(index ^ (1 << site))
        values.append(np.full(2**n, -0.5))
    for site in range(n - 1):
        pair = 3 << site
        differ = (index >> site ^ index >> (site + 1)) & 1 == 1
        values[0] += np.where(differ, -1.0, 1.0)
        columns.append(index ^ pair)
        values.append(np.where(differ, 2.0, 0.0))
    column, value = np.stack(columns, axis=1), np.stack(values, axis=1)
    kept = value != 0
    starts = np.concatenate([[0], np.cumsum(np.count_nonzero(kept, axis=1))])
    return sparse.csr_array((value[kept].astype(complex), column[kept], starts), shape=(2**n, 2**n))


def neel(n: int) -> State:
    """Return |↑↓↑↓…⟩."""
    return states.product(*("up" if k % 2 == 0 else "down" for k in range(n)))


def products(n: int) -> Section:
    """Time one H·v in every way there is; each result is compared with SciPy's before its time counts."""
    rng = np.random.default_rng(1)
    ket = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    out = np.empty_like(ket)
    expected, peers = _stored(n, ket)
    rows = []
    for threads, name in ((1, "one thread"), (None, "all cores")):
        action, setup = timed(partial(Action, model(n), {}, threads=threads))
        found, seconds = least(partial(action.apply, ket, 0.0, out))
        rows.append(_compared(f"qllg_sym, {name}", found, expected, seconds, setup, "nothing stored"))
    _, copied = least(lambda: np.copyto(out, ket))
    return Section(f"Problem C: H·v of a chain of {n} spins ½",
                   (*rows, *peers, Row("copying the ket", copied, note="the floor")))


def _stored(n: int, ket: Array) -> tuple[Array, list[Row]]:
    """Time SciPy's and QuTiP's products with a stored matrix; return SciPy's and the rows."""
    csr, built = timed(lambda: matrix(n))
    expected, seconds = least(lambda: csr @ ket)
    size = (csr.data.nbytes + csr.indices.nbytes + csr.indptr.nbytes) / 2**20
    row = Row("SciPy CSR", seconds, 0.0, setup=built, note=f"{size:.3g} MiB stored; the others are compared with it")
    return expected, [row, _qutip(csr, ket, expected)]


def _qutip(csr: sparse.csr_array, ket: Array, expected: Array) -> Row:
    """Time QuTiP's product with the same matrix."""
    if find_spec("qutip") is None:
        return Row("QuTiP CSR", note="not installed: pip install 'qllg-sym[bench]' brings qutip")
    qutip: Any = import_module("qutip")
    (operator, column), setup = timed(lambda: (qutip.Qobj(sparse.csr_matrix(csr)), qutip.Qobj(ket)))
    found, seconds = least(lambda: operator @ column)
    return _compared("QuTiP CSR", found.full()[:, 0], expected, seconds, setup, "built from SciPy's")


def _compared(name: str, found: Array, expected: Array, seconds: float, setup: float, note: str) -> Row:
    """Return a row whose result is right, or says that it is not."""
    error = float(np.abs(found - expected).max() / np.abs(expected).max())
    return Row(name, seconds, error, None, setup, note, error < SAME)


def growth(sizes: range, tell: Callable[[], object]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Time and weigh one H·v for several sizes; return the columns, and the log–log slopes over the upper half.

    Args:
        sizes: numbers of spins.
        tell: called after each size.
    """
    columns: dict[str, list[float]] = {"N": [], "time in ms": [], "memory in MiB": []}
    for n in sizes:
        ket = np.full(2**n, 2**(-n / 2), dtype=complex)
        action = Action(model(n), {}, threads=1)
        out = action.apply(ket)                 # compiles, once
        tracemalloc.start()
        action.apply(ket)
        peak = tracemalloc.get_traced_memory()[1] + ket.nbytes
        tracemalloc.stop()
        _, seconds = least(partial(action.apply, ket, 0.0, out))
        for name, value in zip(columns, (n, 1e3 * seconds, peak / 2**20), strict=True):
            columns[name].append(float(value))
        tell()
    spins, time, memory = (np.array(columns[name])[len(sizes) // 2:] for name in columns)
    size = 2**spins
    return columns, {f"time against N·2^N, N ≥ {spins[0]:g}": _slope(spins * size, time),
                     f"memory against 2^N, N ≥ {spins[0]:g}": _slope(size, memory)}


def _slope(x: Array, y: Array) -> float:
    """Return the log–log slope of y against x."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])
