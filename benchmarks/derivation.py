"""Deriving all equations of a chain of spins ½ exactly, beside plain SymPy: matrices of symbols, multiplied out.

What plain SymPy is given is the law written a second time on purpose.
"""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from itertools import count
from itertools import product as all_of

import numpy as np
import sympy as sp

from qllg_sym import DMI, Exchange, Model, QuantumLL, QuantumLLG, Space, VonNeumann, Zeeman, chain

from .results import Row, Section
from .timing import least, timed

LAWS = {"von Neumann": VonNeumann, "q-LL": QuantumLL, "q-LLG": QuantumLLG}
PLAIN = {1: tuple(LAWS), 2: ("von Neumann", "q-LLG")}    # what plain SymPy does in seconds, by spins
LARGEST = 4                 # spins in a whole run
FEW = 3                     # spins up to which a run is repeated
_fresh = count()            # names of couplings, new for each run: what was derived once is remembered


def derivation(sizes: Sequence[int], tell: Callable[[str], object] = lambda _: None) -> Section:
    """Time the residuals of every law and number of spins; plain SymPy's rows are in units of the toolkit's.

    Args:
        sizes: numbers of spins.
        tell: called with a text after each.
    """
    rows = []
    for name in LAWS:
        points = []
        for n in sizes:
            row, terms = _ours(n, name)
            points.append((4**n - 1, terms, row.seconds or 0.0))
            rows += [row, *([_plain(n, name, row.seconds)] if name in PLAIN.get(n, ()) else [])]
            tell(f"derivation: {name}, {n} spins")
        rows.append(Row(f"slope of {name}", note=_slopes(points)))
    return Section("Exact residual of a chain with exchange, DMI and a field, whole call; × at equal size", tuple(rows))


def _slopes(points: Sequence[tuple[int, int, float]]) -> str:
    """The last two points as powers of the number of equations.

    >>> _slopes([(15, 100, 0.1), (63, 1000, 1.0), (255, 4000, 4.0)])
    'terms ∝ n^0.99, time ∝ n^0.99 from n = 63 to 255 equations'
    """
    if len(points) < 2:
        return "one size alone has none"
    (n, *first), (m, *last) = points[-2:]
    terms, seconds = np.log(np.array(last) / np.array(first)) / np.log(m / n)
    return f"terms ∝ n^{terms:.2f}, time ∝ n^{seconds:.2f} from n = {n} to {m} equations"


def _couplings() -> tuple[sp.Symbol, ...]:
    """J, D, B and κ under new names."""
    run = next(_fresh)
    return tuple(sp.Symbol(f"{name}_{run}", real=True) for name in ("J", "D", "B", "kappa"))


def _law(name: str, kappa: sp.Symbol) -> VonNeumann | QuantumLL | QuantumLLG:
    return VonNeumann() if name == "von Neumann" else QuantumLL(kappa) if name == "q-LL" else QuantumLLG(kappa)


def _derived(n: int, name: str, couplings: Sequence[sp.Symbol]) -> tuple[sp.Expr, ...]:
    """The toolkit's equations."""
    J, D, B, kappa = couplings
    bonds = [*chain(n, Exchange, J), *chain(n, DMI, (0, 0, D))] if n > 1 else []
    return _law(name, kappa).derive(Model(Space.half(n), [*bonds, Zeeman((B, 0, 0))])).pauli().residual


def _ours(n: int, name: str) -> tuple[Row, int]:
    """The toolkit's row, and the number of terms."""
    take = least if n <= FEW else timed
    found, seconds = take(lambda: _derived(n, name, _couplings()))
    terms = sum(len(sp.Add.make_args(e)) for e in found)
    return Row(f"qllg_sym, {name}, {n} spin{'s' * (n > 1)}", seconds, note=f"{terms:,} terms", unit=seconds), terms


def _plain(n: int, name: str, unit: float | None) -> Row:
    """Plain SymPy's row, which counts where all its equations are those of the toolkit."""
    couplings = _couplings()
    found, seconds = timed(partial(plain, n, name, couplings))
    same = found == _derived(n, name, couplings)
    return Row(f"plain SymPy, {name}, {n} spin{'s' * (n > 1)}", seconds, ok=same, unit=unit,
               note="the same equations" if same else "OTHER EQUATIONS")


def plain(n: int, name: str, couplings: Sequence[sp.Symbol]) -> tuple[sp.Expr, ...]:
    """Return the equations as one writes them in SymPy: Kronecker products, matrix products, traces, expand.

    >>> J, D, B, kappa = sp.symbols("J D B kappa", real=True)
    >>> plain(1, "q-LLG", (J, D, B, kappa)) == _derived(1, "q-LLG", (J, D, B, kappa))
    True
    """
    J, D, B, kappa = couplings
    one = sp.Matrix([[1, 0], [0, 1]])
    pauli = {"0": one, "x": sp.Matrix([[0, 1], [1, 0]]), "y": sp.Matrix([[0, -sp.I], [sp.I, 0]]),
             "z": sp.Matrix([[1, 0], [0, -1]])}
    strings = {"".join(letters): reduce(sp.kronecker_product, (pauli[k] for k in letters))
               for letters in all_of("0xyz", repeat=n)}

    def at(**letters: str) -> sp.Matrix:
        """A product of Pauli matrices at sites s0, s1 and so on."""
        return strings["".join(letters.get(f"s{i}", "0") for i in range(n))]

    H = sp.zeros(2**n)
    for i in range(n):
        H -= B / 2 * at(**{f"s{i}": "x"})
    for i in range(n - 1):
        a, b = f"s{i}", f"s{i + 1}"
        H += J * (at(**{a: "x", b: "x"}) + at(**{a: "y", b: "y"}) + at(**{a: "z", b: "z"}))
        H += D * (at(**{a: "x", b: "y"}) - at(**{a: "y", b: "x"}))
    rho, drho = sp.eye(2**n) / 2**n, sp.zeros(2**n)
    for label, matrix in list(strings.items())[1:]:
        rho += sp.Symbol(f"T_{label}", real=True) * matrix / 2**n
        drho += sp.Symbol(f"dT_{label}", real=True) * matrix / 2**n
    torque = rho * H - H * rho
    residual = drho - sp.I * torque
    if name == "q-LLG":
        residual -= sp.I * kappa * (rho * drho - drho * rho)
    elif name == "q-LL":
        residual += kappa * (rho * torque - torque * rho)
    return tuple(sp.expand((matrix * residual).trace()) for matrix in list(strings.values())[1:])
