"""Fewer equations: what closed sets and symmetries leave of them, from the starts of the figures."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp

from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space, Zeeman, chain, states
from qllg_sym.report.html import Markup, join, paragraphs, table
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 45, "fewer", "Fewer equations"
B, D, J, KAPPA = sp.symbols("B D J kappa", real=True)
FIELD, TWIST = [Exchange(J, 0, 1), Zeeman((B, 0, 0))], DMI((0, 0, D), 0, 1)
DIMERS: dict[str, list[Any]] = {"dimer, B ∥ x, D = 0": FIELD, "dimer, B ∥ x, D ∥ z": [*FIELD, TWIST]}
STARTS: dict[str, Callable[[], Any]] = {
    "↑↓ (Fig. 1)": lambda: states.product("up", "down"), "Bell Ψ+ (Fig. 3)": lambda: states.bell("psi+"),
    "Werner Ψ+, p = 0.9": lambda: states.werner("psi+", 0.9), "triplet ↑↑": lambda: states.product("up", "up"),
    "singlet Ψ−": lambda: states.bell("psi-")}


def _unbroken(text: str) -> str:
    """A relation stays on one line."""
    return text.replace(" ∥ ", "\u00a0∥\u00a0").replace(" = ", "\u00a0=\u00a0")


@cache
def rows() -> tuple[tuple[str, str, int, int, int, int, str], ...]:
    """Return (model, start, equations, of the closed set, of invariant states, of both, the symmetries), all computed.

    Once a process: no model of the page enters.

    >>> rows()[0][2:6]
    (15, 15, 9, 9)
    """
    cases = [(name, Model(Space.half(2), terms), start, STARTS[start]()) for name, terms in DIMERS.items()
             for start in STARTS]
    trimer = Model(Space.half(3), [*chain(3, Exchange, J), Zeeman((0, 0, B))])
    cases.append(("chain of three, B ∥ z", trimer, "↑↓↑", states.product("up", "down", "up")))
    return tuple(_row(*case) for case in cases)


def _row(name: str, model: Model, start: str, state: Any) -> tuple[str, str, int, int, int, int, str]:
    """One model from one start under q-LLG."""
    full = QuantumLLG(KAPPA).derive(model).pauli()
    found = [g for g in model.symmetries(state) if not g.reverses_time]
    invariant = full.reduced(*found) if found else full
    counts = [len(part.states) for part in (full, full.closed(state), invariant, invariant.closed(state))]
    said = "; ".join(_from_one(g.what) for g in found) or "none"
    return name, start, counts[0], counts[1], counts[2], counts[3], said


def _from_one(what: str) -> str:
    """A symmetry with the sites of the paper, which begin at 1.

    >>> _from_one("rotation by π about x and permutation (0 1)")
    'rotation by π about x and permutation (1 2)'
    """
    return re.sub(r"\((\d+(?: \d+)*)\)", lambda m: f"({' '.join(str(int(k) + 1) for k in m[1].split())})", what)


def body(reproduction: Reproduction) -> Markup:
    """Count the equations that are left."""
    del reproduction
    text = paragraphs(prose(
        "A start may need fewer equations than there are. A closed set leaves out states that are zero and stay so: "
        "every term of their equations holds one of them, or the velocity of a constant. A symmetry of H that leaves "
        "the start alone ties states to each other, or makes them vanish; that the reduced equations are all of the "
        "full ones on such states is checked as an identity of polynomials. The counts hold for the quantum LLG "
        "equation and every J, B, D and κ; time reversal is no symmetry of it and is not used."))
    head = ["Model", "Start", "Equations", "Closed set", "Invariant states", "Both", "Symmetries of H and start"]
    return join([text, table(head, [[prose(_unbroken(str(x))) for x in row] for row in rows()])])
