r"""heyoka: Taylor series compiled by LLVM, on the frame form in the eigenbasis of H, in real and imaginary parts.

V̇ = −iV(W ∘ V†EV); one state after another, since the weights are constants of the compiled code.
"""

from collections.abc import Iterable
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np

from ..problems import Array, DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "heyoka, Taylor on the frame form", "heyoka", ("A", "B")
PATIENCE = True
TOLERANCES = (1e-6, 1e-8, 1e-9, 1e-10, 1e-12)       # each is compiled anew, for seconds
Pair = tuple[Any, Any]                  # real and imaginary part


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Compile, then integrate the frame."""
    p, v = np.linalg.eigh(problem.rho)
    energies, basis = np.linalg.eigh(problem.h)
    weight = 1 / (1 - 1j * float(problem.kappa) * (p[:, None] - p))
    frame = basis.conj().T @ v
    start = np.concatenate([frame.real.ravel(), frame.imag.ravel()])
    heyoka = import_module("heyoka")

    def prepare() -> Any:
        """Return the compiled integrator."""
        return heyoka.taylor_adaptive(_equations(heyoka, energies - energies.mean(), weight), start, tol=tolerance)

    integrator, setup = timed(prepare)

    def work() -> Array:
        """Run from the start again."""
        integrator.time = problem.times[0]
        integrator.state[:] = start
        return np.asarray(integrator.propagate_grid(problem.times)[5])

    found, seconds = least(work)
    frames = basis @ (found[:, :16] + 1j * found[:, 16:]).reshape(-1, 4, 4)
    return Outcome((frames * p) @ frames.conj().swapaxes(1, 2), seconds, setup)


def _equations(heyoka: Any, energies: Array, weight: Array) -> list[Pair]:
    """Return (variable, derivative) of all real and imaginary parts."""
    re, im = (np.array(heyoka.make_vars(*(f"{part}{i}{j}" for i, j in product(range(4), repeat=2)))).reshape(4, 4)
              for part in ("re", "im"))
    k = {(i, j): _weighted(heyoka, energies, weight[i, j], re, im, i, j) for i, j in product(range(4), repeat=2)}
    right = {(i, j): _total(heyoka, ((re[i, l], im[i, l], *k[l, j]) for l in range(4)))
             for i, j in product(range(4), repeat=2)}
    return [(re[i, j], y) for (i, j), (_, y) in right.items()] + [(im[i, j], -x) for (i, j), (x, _) in right.items()]


def _weighted(heyoka: Any, energies: Array, weight: complex, re: Array, im: Array, i: int, j: int) -> Pair:
    """Return (W ∘ V†EV)_ij; the diagonal is real, and W_ii = 1."""
    first, second = min(i, j), max(i, j)        # the lower half is the conjugate of the upper one
    x = heyoka.sum([e * (re[l, first] * re[l, second] + im[l, first] * im[l, second]) for l, e in enumerate(energies)])
    if i == j:
        return x, None
    y = heyoka.sum([e * (re[l, first] * im[l, second] - im[l, first] * re[l, second]) for l, e in enumerate(energies)])
    y = y if i < j else -y
    return weight.real * x - weight.imag * y, weight.real * y + weight.imag * x


def _total(heyoka: Any, products: Iterable[tuple[Any, Any, Any, Any]]) -> Pair:
    """Return Σ (a + ib)(x + iy); y is None for a real factor."""
    terms = list(products)
    real = [a * x for a, _, x, _ in terms] + [-(b * y) for _, b, _, y in terms if y is not None]
    imaginary = [b * x for _, b, x, _ in terms] + [a * y for a, _, _, y in terms if y is not None]
    return heyoka.sum(real), heyoka.sum(imaginary)
