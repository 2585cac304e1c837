"""A lattice of classical moments: steps of Heun's scheme on a ferromagnet, beside spirit and NumPy, and in threads."""

import numpy as np

from qllg_sym import Bilinear, ClassicalLLG, Model, Space, Zeeman, from_sites, square
from qllg_sym.errors import CodegenError
from qllg_sym.flow.lattices.moments import moment_rates
from qllg_sym.flow.lattices.rates import LatticeRates
from qllg_sym.flow.native.lattice import Coupled, LatticeKernel
from qllg_sym.model.terms.anisotropy import Anisotropy

from .lattice_peers import CHIRAL, chiral_heun
from .noise_peers import spirit_seconds
from .problems import Array
from .results import Row, Section
from .timing import least

SIDE, QUICK_SIDE = 128, 16      # of the torus
STEP, ALPHA = 0.01, 0.1
J, D, K, B = 1.0, 0.3, 0.1, 0.2     # exchange, DMI, easy axis and field: energies of unit moments, spins 1


def ferromagnet(side: int) -> Model:
    """Return E = −J Σ m_i·m_j − D Σ (ẑ × d)·(m_i × m_j) − K Σ m_z² − B Σ m_z on a torus."""
    terms = square(side, side, Bilinear, lambda d: _bond(float(d[0]), float(d[1])), periodic=True)
    return Model(Space(*["1"] * side**2), terms + from_sites(side**2, Anisotropy, np.diag([0, 0, -K]))
                 + [Zeeman((0, 0, B))])


def _bond(x: float, y: float) -> list[list[float]]:
    """The matrix of a bond along (x, y): exchange, and v·(m_i × m_j) with v = −D ẑ × d = D (y, −x, 0)."""
    return [[-J, 0.0, D * x], [0.0, -J, D * y], [-D * x, -D * y, -J]]


def lattices(quick: bool) -> Section:
    """Time a step of a moment: the toolkit on one core and on two, spirit, and NumPy.

    Args:
        quick: a small lattice, for tests.
    """
    side = QUICK_SIDE if quick else SIDE
    equation = ClassicalLLG(ALPHA, "mean").derive(ferromagnet(side))
    rates = moment_rates(equation)
    p = np.zeros(0)
    coupled, turns = rates.coupled(0.0, p), rates.turns(0.0, p)
    rows = list[Row]()
    for threads in (1, 2):
        try:
            seconds = _seconds(LatticeKernel(threads), coupled, turns, side, 20 if quick else 400)
            scaled = f", {rows[0].seconds / seconds:.2f} × one" if rows and rows[0].seconds else ""
            note = f"{1e-6 / seconds:,.0f} million a second{scaled}; {bytes_a_moment(coupled):.0f} bytes a moment"
        except CodegenError as error:
            seconds, note = None, f"no compiler: {error}"
        rows.append(Row(f"qllg_sym, Heun, {threads} thread{'s' if threads > 1 else ''}", seconds, note=note))
    moments = start(side)
    _, plain = least(lambda: chiral_heun(moments, (J, D, K, B), ALPHA, STEP))
    spirit = spirit_seconds(side**2, 20 if quick else 200, CHIRAL.format(side=side, J=J, D=D, K=K, B=B, alpha=ALPHA,
                                                                         steps=20 if quick else 200))
    told = "one thread" if spirit else "not installed, or it does not run: pip install spirit"
    return Section(f"A step of a moment of a ferromagnet with exchange, DMI and anisotropy, {side} × {side}, Heun", (
        *rows, Row("spirit, Heun", spirit, note=told),
        Row("NumPy, Heun", plain / side**2, note="rolled arrays, one thread")), unit=rows[0].seconds)


def start(side: int) -> Array:
    """Return moments that point anywhere, (side, side, 3)."""
    m = np.random.default_rng(0).standard_normal((side, side, 3))
    return np.asarray(m / np.linalg.norm(m, axis=2, keepdims=True))


def bytes_a_moment(coupled: Coupled) -> float:
    """Return what lists of neighbours and the three arrays of Heun's scheme hold for each moment."""
    lists = coupled.neighbour, coupled.kind, coupled.distance, coupled.shared, coupled.own, coupled.own_shared
    return sum(array.nbytes for array in lists) / coupled.count + 3 * 3 * 8


def _seconds(kernel: LatticeKernel, coupled: Coupled, turns: tuple[float, float], side: int, steps: int) -> float:
    """The least seconds of a step of a moment."""
    m = np.ascontiguousarray(start(side).reshape(-1, 3).T)
    ahead, slopes = np.empty_like(m), np.empty_like(m)
    _, seconds = least(lambda: kernel.heun(coupled, turns, steps, STEP, m, ahead, slopes), 1.0)
    return seconds / (steps * side**2)


def loops(side: int) -> LatticeRates:
    """Return the toolkit's loops over the lattice that peers are given."""
    return moment_rates(ClassicalLLG(ALPHA, "mean").derive(ferromagnet(side)))
