r"""Matrix product states from the Néel state to t = 4, κ = ½: a hundred spins, beside free fermions where H is theirs.

H = Σ (S_x S_x + S_y S_y) and H = Σ S_i·S_{i+1}; the error is that of ⟨σ_z⟩, true for the first and estimated for both.
"""

from functools import partial

from qllg_sym import Bilinear, MatrixProductTrajectory, Model, QuantumLLG, Space, chain, solve

from .chain import neel
from .results import Row, Section
from .timing import timed

LAW = QuantumLLG(0.5)
FULL, SMALL = (100, 4.0, 1e-6), (6, 0.4, 1e-2)      # spins, last time, tolerance
XX = [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def matrix_products(quick: bool) -> Section:
    """Time both chains."""
    n, stop, tolerance = SMALL if quick else FULL
    title = f"Chains of {n} spins ½ as matrix product states, Néel state, t = 0..{stop:g}"
    rows = []
    for name, coupling in (("XX", XX), ("Heisenberg", 1)):
        model = Model(Space.half(n), chain(n, Bilinear, [coupling] * (n - 1)))
        run, seconds = timed(partial(moved, model, n, stop, tolerance))
        told, error = run.stats["error"]["bloch"], None
        if name == "XX":
            exact = solve(model, LAW, neel(n), [0.0, stop], method="gaussian")
            error = float(abs(run.profile("z") - exact.profile("z")).max())
        rows.append(Row(f"qllg_sym, {name} chain", seconds, told if error is None else error, tolerance, None,
                        f"estimated error {told:.1g}, bond dimension {run.stats['bond']}, {run.stats['runs']} runs",
                        told <= tolerance and (error is None or error <= told)))
    return Section(title, tuple(rows), tolerance)


def moved(model: Model, n: int, stop: float, tolerance: float) -> MatrixProductTrajectory:
    """Move the Néel state."""
    return solve(model, LAW, neel(n), [0.0, stop], method="mps", options={"tolerance": tolerance})
