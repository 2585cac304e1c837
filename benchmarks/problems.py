r"""What is timed: problems A, B and D; C, the chain, is in `chain`.

Peers get plain arrays, made here with NumPy alone; the toolkit gets the same problem as a model with symbols D and κ.
H = J Σ σ_a⊗σ_a + D (σ_x⊗σ_y − σ_y⊗σ_x) − ½ B·(σ⊗1 + 1⊗σ), ħ = γ_g = 1 (PRL 133, 266704 (2024), eq. 10).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space, Zeeman

Array = NDArray[Any]
SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
TARGET = 1e-10      # the error in every entry of ρ at which peers are compared
ROWS = 10_000       # dimers of problem D
SEED = 2024


@dataclass(frozen=True)
class DimerProblem:
    """A dimer under q-LLG, or many of them that differ in D and κ.

    Attributes:
        name: "A", "B" or "D".
        title: a few words.
        J: exchange.
        B: field, (3,).
        D: strength of the DMI along z: a number, or (m,) for m dimers.
        kappa: likewise.
        rho: state at times[0], (4, 4).
        times: at which the error is measured, (n,).
    """

    name: str
    title: str
    J: float
    B: Sequence[float | sp.Rational]
    D: Any
    kappa: Any
    rho: Array
    times: Array

    @property
    def batch(self) -> bool:
        """Whether there are many dimers."""
        return np.ndim(self.D) == 1

    @cached_property
    def h(self) -> Array:
        """H/ħ, (4, 4) or (m, 4, 4)."""
        one = np.eye(2)
        exchange = sum(np.kron(s, s) for s in SIGMA)
        dmi = np.kron(SIGMA[0], SIGMA[1]) - np.kron(SIGMA[1], SIGMA[0])
        zeeman = sum(float(b) / 2 * (np.kron(s, one) + np.kron(one, s)) for b, s in zip(self.B, SIGMA, strict=True))
        return np.asarray(self.J * exchange + np.multiply.outer(np.asarray(self.D), dmi) - zeeman)

    @property
    def model(self) -> Model:
        """The same as a model with the symbol D."""
        terms = [Zeeman(self.B), Exchange(self.J, 0, 1), DMI((0, 0, sp.Symbol("D", real=True)), 0, 1)]
        return Model(Space("1/2", "1/2"), terms)

    @property
    def law(self) -> QuantumLLG:
        """q-LLG with the symbol κ."""
        return QuantumLLG(sp.Symbol("kappa", real=True))

    @property
    def values(self) -> dict[str, Any]:
        """Numbers for the symbols."""
        return {"D": self.D, "kappa": self.kappa}

    def row(self, k: int) -> "DimerProblem":
        """Return one of many dimers; one dimer is its own row."""
        if not self.batch:
            return self
        return DimerProblem(self.name, self.title, self.J, self.B, float(self.D[k]), float(self.kappa[k]), self.rho,
                            self.times)


def dimers(rows: int = ROWS) -> dict[str, DimerProblem]:
    """Return problems A, B and D.

    Args:
        rows: dimers of problem D.

    >>> problems = dimers(3)
    >>> problems["A"].h.shape, problems["D"].h.shape
    ((4, 4), (3, 4, 4))
    """
    rng = np.random.default_rng(SEED)
    g = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    mixed = g @ g.conj().T / np.linalg.norm(g)**2
    up_down = np.diag([0.0, 1, 0, 0]).astype(complex)
    diagonal = [1 / sp.sqrt(3)] * 3
    late, early = np.array([0.0, 0.5, 1, 2, 5, 10, 20]), np.array([0.0, 0.5, 1, 2, 4, 6, 8])
    D, kappa = rng.uniform(-1, 1, rows), rng.uniform(0.1, 1, rows)
    return {problem.name: problem for problem in (
        DimerProblem("A", "mixed dimer, random state of full rank, t = 0..20", 1, diagonal, 0.4, 0.5, mixed, late),
        DimerProblem("B", "Fig. 1(d): pure dimer, t = 0..8", 1, [1, 0, 0], 0.6, 0.5, up_down, early),
        DimerProblem("D", f"sweep: {rows} mixed dimers, D and κ varied, t = 0..20", 1, diagonal, D, kappa, mixed,
                     late))}
