"""Where the living figure starts: named states and products of two directions, as kets in the basis of Bell states.

In that basis the exchange is diagonal, and what a symmetry of the dimer forbids is an exact zero, which stays one:
rounding does not feed a state that damping would make grow.
"""

from functools import cache

import sympy as sp

from qllg_sym.flow import states
from qllg_sym.flow.exact.states import exact_levels
from qllg_sym.flow.states.state import State
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

BASIS = ("psi-", "phi-", "phi+", "psi+")
PARTS = ("re", "im")
theta, phi = (sp.symbols(f"{name}1 {name}2", real=True) for name in ("theta", "phi"))       # degrees, of both spins

# Key in a link → (what is shown, the state; None for the product of the two directions).
STARTS: dict[str, tuple[str, State | None]] = {
    "updown": ("|↑↓⟩", states.product("up", "down")),
    "upup": ("|↑↑⟩", states.product("up", "up")),
    "xx": ("|→←⟩ along x", states.product("+x", "-x")),
    "psiplus": ("Ψ+ = (|↑↓⟩ + |↓↑⟩)/√2", states.bell("psi+")),
    "psiminus": ("Ψ− = (|↑↓⟩ − |↓↑⟩)/√2", states.bell("psi-")),
    "phiplus": ("Φ+ = (|↑↑⟩ + |↓↓⟩)/√2", states.bell("phi+")),
    "phiminus": ("Φ− = (|↑↑⟩ − |↓↓⟩)/√2", states.bell("phi-")),
    "angles": ("product of two directions", None)}


@cache
def bell_basis() -> sp.ImmutableMatrix:
    """Return the Bell states as columns, (4, 4)."""
    return sp.ImmutableMatrix.hstack(*(_ket(states.bell(name)) for name in BASIS))


def amplitudes(ket: sp.MatrixBase) -> list[sp.Expr]:
    """Return a ket (4, 1) in the basis of Bell states, as real and imaginary parts in turn.

    >>> amplitudes(sp.Matrix([0, 1, 1, 0]) / sp.sqrt(2))
    [0, 0, 0, 0, 0, 0, 1, 0]
    """
    return [part for x in bell_basis().H * ket for part in sp.expand(x).as_real_imag()]


def named_kets() -> dict[str, list[float]]:
    """Return the kets of the named states.

    >>> named_kets()["psiplus"]
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    """
    return {key: [float(x) for x in amplitudes(_ket(state))] for key, (_, state) in STARTS.items() if state is not None}


def directions() -> list[sp.Expr]:
    r"""Return the ket ⊗ (cos ½θ, e^{iφ} sin ½θ) of two directions in degrees, as `amplitudes`.

    cos ½θ is written as the sine of the rest to 180°, which is an exact zero in doubles for θ = 180°.
    """
    ket = sp.eye(1)
    for polar, azimuth in zip(theta, phi, strict=True):
        up, down = sp.sin(sp.pi * (180 - polar) / 360), sp.sin(sp.pi * polar / 360)
        turn = sp.cos(sp.pi * azimuth / 180) + sp.I * sp.sin(sp.pi * azimuth / 180)
        ket = sp.kronecker_product(ket, sp.Matrix([up, down * turn]))
    return amplitudes(ket)


def _ket(state: State) -> sp.ImmutableMatrix:
    """The one ket of a pure state, (4, 1), exact."""
    column = exact_levels(state, Model(Space.half(2)), {})[2]
    return sp.ImmutableMatrix(column / sp.sqrt((column.H * column)[0, 0]))
