"""The one-particle matrix of H(t)/ħ with numbers: sparse, (N, N) where S_z is conserved, else (2N, 2N)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.flow.gaussian.quadratic import Quadratic, quadratic
from qllg_sym.model.model import Model

Array = NDArray[Any]


class OneParticle:
    """h(t) of a chain, and the energy that goes with it.

    Args:
        model: the chain.
        values: a number, or a signal, for every parameter of the model, by name.
        conserving: whether (N, N) is wanted, in modes with a fermion where a spin is up; S_z must be conserved.

    Attributes:
        constant: whether H does not depend on time.
        size: N or 2N.

    >>> from qllg_sym import Space, Zeeman
    >>> OneParticle(Model(Space("1/2"), [Zeeman((0, 0, 3))]), {}, True).at(0.0).toarray().tolist()
    [[(-3+0j)]]
    """

    def __init__(self, model: Model, values: Mapping[str, Any], conserving: bool) -> None:
        self.form: Quadratic = quadratic(model)
        self.conserving, self.size = conserving, self.form.sites * (1 if conserving else 2)
        program, _, self.constant = numeric_kernel(model)
        self._amplitudes, self._values = build.load(program, "numpy"), [values[name] for name in program.parameters]
        self._kept: tuple[float, sparse.csr_array] | None = None

    def amplitudes(self, t: float) -> Array:
        """Return the numbers that factors of the form go with."""
        given = np.array([value(t) if callable(value) else value for value in self._values], dtype=float)
        with np.errstate(all="ignore"):         # what is not finite is told by what uses it
            return self._amplitudes(t, np.empty(0), given)

    def at(self, t: float) -> sparse.csr_array:
        """Return h(t)."""
        when = 0.0 if self.constant else t
        if self._kept is None or self._kept[0] != when:
            self._kept = when, self._made(self.amplitudes(when))
        return self._kept[1]

    def _made(self, amplitudes: Array) -> sparse.csr_array:
        """H for given amplitudes."""
        form, n = self.form, self.form.sites
        numbers = amplitudes[form.groups] * form.factors
        upper = sparse.coo_array((numbers, (form.rows, form.columns)), shape=(2 * n, 2 * n))
        whole = 1j * (upper - upper.T)
        if not self.conserving:
            return sparse.csr_array(whole)
        up = np.array([[1], [1j]])          # of a_2j, a_2j+1, but for 1/√2: the mode that a spin up fills
        modes = sparse.kron(sparse.eye_array(n), up, format="csr")
        return sparse.csr_array(modes.conj().T @ (whole / 2) @ modes)

    def energy(self, t: float, frame: Array) -> float:
        r"""Return ⟨H⟩/ħ of a frame: const + ½ Tr(C h), C = frame · frame†."""
        h, amplitudes = self.at(t), self.amplitudes(t)
        trace = float(np.einsum("ij,ij->", frame.conj(), h @ frame).real)
        rest = sum(float(amplitudes[group]) * factor for group, factor in self.form.constant)
        if self.conserving:         # the modes of spins down have the rest
            return rest + trace - float(h.trace().real) / 2
        return rest + trace / 2
