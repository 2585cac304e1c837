# ruff: noqa: E501, I001
"""The observables as members. Generated: pytest tests/test_public.py --update."""

from abc import ABCMeta
from collections.abc import Mapping
from collections.abc import Sequence
from numpy.typing import NDArray
from qllg_sym.observables.arguments import Hamiltonian
from qllg_sym.observables.arguments import Operator
from qllg_sym.observables.arguments import State
from typing import Any
import numpy as np
from qllg_sym.flow.results.reading import Readable

class Readings(Readable, metaclass=ABCMeta):
    def bloch(self, i: int) -> NDArray[np.float64]:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$; for spin ½ the $\mathbf r$ of PRL 133, 266704 (2024), eq. 9."""
    def concurrence(self, i: int=0, j: int=1) -> NDArray[np.float64]:
        r"""Return Wootters' concurrence $C = \max(0, \lambda_1 - \lambda_2 - \lambda_3 - \lambda_4)$ of two spins ½."""
    def correlation(self, i: int=0, j: int=1, connected: bool=False) -> NDArray[np.float64]:
        r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j \hbar^2)$; for spins ½ $T_{kl}$ of PRL 133, 266704 (2024), eq. 9."""
    def correlations(self, connected: bool=False) -> NDArray[np.float64]:
        r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j\hbar^2)$ of every pair; `correlation` is one of them."""
    def entanglement(self, sites: int | Sequence[int], order: float=1) -> NDArray[np.float64]:
        r"""Return the entropy $S_\alpha(\mathrm{Tr}_{\text{rest}}\,\rho)$ of some sites; order 1 is von Neumann's."""
    def entropy(self) -> NDArray[np.float64]:
        r"""Return $-\mathrm{Tr}\,\rho\ln\rho$, a constant of motion of PRL 133, 266704 (2024), eq. 3."""
    def expectation(self, op: Operator, values: Mapping[Any, Any] | None=None) -> NDArray[Any]:
        r"""Return $\mathrm{Tr}\,\rho(t)\,O$."""
    def fidelity(self, state: State, values: Mapping[Any, Any] | None=None) -> NDArray[np.float64]:
        r"""Return Uhlmann's $F = \bigl(\mathrm{Tr}\sqrt{\sqrt\sigma\,\rho\,\sqrt\sigma}\bigr)^2$ of ρ(t) and a state σ."""
    def mutual_information(self, a: int | Sequence[int], b: int | Sequence[int]) -> NDArray[np.float64]:
        r"""Return $I = S(\rho_A) + S(\rho_B) - S(\rho_{AB})$ with von Neumann's entropies: 0 iff $\rho_{AB}$ is a product."""
    def nonlocality(self, i: int=0, j: int=1) -> NDArray[np.float64]:
        r"""Return $B = \sqrt{\max(u_1^2 + u_2^2 - 1, 0)}$, $u_1 \ge u_2$ the largest singular values of $T_{kl}$."""
    @property
    def pauli(self) -> NDArray[np.float64]:
        r"""Return the 4^N − 1 Pauli correlations, lexicographic in 0, x, y, z: T_0x, T_0y, T_0z, T_x0, T_xx, … T_zz."""
    def population(self, kets: Any) -> NDArray[np.float64]:
        r"""Return $\mathrm{Tr}\,\rho(t) P$, P the projector on the span of some kets: how much of ρ lies in it."""
    def profile(self, axis: str | None=None) -> NDArray[np.float64]:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site; `bloch` is one of them."""
    @property
    def purity(self) -> NDArray[np.float64]:
        r"""Return $\mathrm{Tr}\,\rho^2$, a constant of motion of PRL 133, 266704 (2024), eq. 3 (below it)."""
    def reduced(self, sites: int | Sequence[int]) -> NDArray[np.complex128]:
        r"""Return $\mathrm{Tr}_{\text{rest}}\,\rho(t)$, never building a d × d matrix when the ensemble holds kets."""
    def renyi(self, order: float) -> NDArray[np.float64]:
        r"""Return $S_\alpha = \ln(\mathrm{Tr}\,\rho^\alpha)/(1-\alpha)$, all of them constants of motion of PRL eq. 3."""
    @property
    def spectrum(self) -> NDArray[np.float64]:
        r"""Return the eigenvalues of ρ(t), descending: constants of motion of PRL 133, 266704 (2024), eq. 3."""
    @property
    def T(self) -> NDArray[np.float64]:
        r"""Return $T_{ab\ldots} = \mathrm{Tr}\,\rho\,\sigma_a\otimes\sigma_b\otimes\cdots$, a, b, … in 0, x, y, z."""
    def variance(self, op: Hamiltonian=None, values: Mapping[Any, Any] | None=None) -> NDArray[np.float64]:
        r"""Return $\langle (O - \langle O\rangle)^2\rangle = \mathrm{Tr}\,\rho O^2 - (\mathrm{Tr}\,\rho O)^2$."""
