"""H(t)/ħ applied to kets without a matrix."""

import math
from collections.abc import Mapping
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import ArrayLike, NDArray

from qllg_sym.algebra.sites import string_norm
from qllg_sym.codegen import build, compiler
from qllg_sym.codegen.values import checked_values
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.errors import CodegenError, InputError, warn
from qllg_sym.flow.hamiltonians.cluster_kernel import ClusterKernel
from qllg_sym.flow.hamiltonians.clusters import Cluster, Term, Whole, clusters
from qllg_sym.flow.hamiltonians.dense import numeric_part
from qllg_sym.flow.hamiltonians.pauli_kernel import PauliKernel
from qllg_sym.flow.hamiltonians.ring_kernel import RingKernel
from qllg_sym.flow.hamiltonians.ring_strings import RingStrings, strings_in
from qllg_sym.flow.hamiltonians.sector_kernel import SectorKernel
from qllg_sym.flow.hamiltonians.sector_strings import SectorStrings
from qllg_sym.flow.threads import available_cores
from qllg_sym.memo import kept
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
Kernel = PauliKernel | ClusterKernel | SectorKernel | RingKernel
LARGE = 1 << 24         # entries of an array that the machine is asked about before it is made


class Action:
    r"""The action of $H(t)/\hbar$ on kets: no (d, d) array is ever made.

    Args:
        model: the Hamiltonian.
        values: a finite number for each of the model's parameters, by name or Symbol.
        threads: number of threads, every core by default; results do not depend on it.
        target: "c", "numpy", or "auto": C, and NumPy with a warning where no compiler works.

    Attributes:
        dimension: d.
        constant: whether H does not depend on time.
        target: what it runs in, "c" or "numpy".

    Raises:
        InputError: a parameter without a finite number, fewer than one thread, or an unknown target.
        CodegenError: "c" without a working compiler.

    >>> from qllg_sym import Exchange, Space
    >>> Action(Model(Space.half(2), [Exchange(1, 0, 1)]), {}).apply(np.array([0, 1, 0, 0])).real.tolist()
    [0.0, -1.0, 2.0, 0.0]
    """

    def __init__(self, model: Model, values: Mapping[Any, Any], threads: int | None = None,
                 target: str = "auto") -> None:
        if threads is not None and (isinstance(threads, bool) or not isinstance(threads, Integral) or threads < 1):
            raise InputError(f"`threads` must be a positive integer, but is {threads!r}; leave it out for every core.")
        self.dimension = model.space.dimension
        program, _, self.constant = numeric_kernel(model)
        self._amplitudes = build.load(program, "numpy")
        moving = {str(name): value for name, value in values.items() if callable(value)}
        given = checked_values([s.name for s in model.parameters], {**values, **dict.fromkeys(moving, 0.0)}) | moving
        self._given = [given[name] for name in program.parameters]
        self._spins, self._whole = model.space.numeric_spins, model.space.whole.dimension
        self._terms, self._model, self._matrix = _terms(model), model, numeric_part(model)
        self._sector = _sector_strings(model)
        self._sizes: Array | None = None
        self._kernel = self._loaded(model, int(threads or available_cores()), target)
        self.target = "numpy" if self._kernel is None else "c"

    def _loaded(self, model: Model, threads: int, target: str) -> Kernel | None:
        """Return the compiled kernel, or None for NumPy."""
        if target not in ("c", "numpy", "auto"):
            raise InputError(f"`target` must be one of c, numpy, auto, but is {target!r}; choose one of them.")
        if target == "numpy":
            return None
        try:
            return _kernel(model, threads, compiler.find())
        except CodegenError as error:
            if target == "c":
                raise
            warn(f"NumPy is used in place of compiled C, which is slower: {error}")
            return None

    @cached_property
    def _clusters(self) -> list[Cluster]:
        """H as a sum of matrices on few sites."""
        return _clusters(self._model)

    def amplitudes(self, t: float) -> Array:
        """Return the numbers f_g(t) of H(t)/ħ = Σ f_g(t) · strings."""
        return self._fixed_amplitudes if self.constant else self._amplitudes(t, np.empty(0), self._parameters(t))

    def _parameters(self, t: float) -> Array:
        """Return the parameters, those of signals at a time."""
        return np.array([value(t) if callable(value) else value for value in self._given], dtype=float)

    @cached_property
    def _fixed_amplitudes(self) -> Array:
        """The amplitudes of a constant H; what is made of the very array is kept, so that it cannot be written."""
        found = self._amplitudes(0.0, np.empty(0), self._parameters(0.0))
        found.flags.writeable = False
        return found

    def apply(self, kets: ArrayLike, t: float = 0.0, out: Array | None = None) -> Array:
        """Return H(t)/ħ · kets.

        Args:
            kets: (d,) or (d, r), any strides.
            t: time.
            out: where to write the result: complex, C-contiguous, of the shape of `kets`, sharing no memory with it.

        Returns:
            `out`, or a fresh array of the shape of `kets`.

        Raises:
            InputError: a wrong shape or type, or a result that does not fit into memory.

        An entry of `kets` or a field that is not finite makes entries that are not.
        """
        given = self._checked(kets)
        if out is None:
            if given.size > LARGE:
                require_memory("kets", given.shape, "take fewer kets or fewer spins")
            out = np.empty_like(given, order="C")
        elif out.shape != given.shape or out.dtype != complex or not out.flags.c_contiguous \
                or np.may_share_memory(out, given):
            raise InputError(f"`out` must be a complex C-contiguous array of shape {given.shape} apart from `kets`, "
                             f"but is {out.dtype} of shape {out.shape}; leave it out.")
        shape = (self.dimension, -1)
        with np.errstate(invalid="ignore", over="ignore"):      # an infinite field is told by what uses it
            self._apply(given.reshape(shape), out.reshape(shape), self.amplitudes(t))
        return out

    def _apply(self, kets: Array, out: Array, amplitudes: Array) -> None:
        """Write the action into `out`; both (d, r) and contiguous."""
        if self._kernel is not None:
            self._kernel.apply(kets, out, amplitudes)
            return
        if self._sector is not None:
            out[:] = self._sector.matrix(amplitudes) @ kets
            return
        out[:] = 0
        for cluster in self._clusters:
            cluster.add(amplitudes, kets, out)

    def series(self, line: tuple[float, float], coefficients: Array, ring: Array, total: Array) -> bool:
        """Write Σ_k c_k T_k(x) · kets of a constant H in one call of C, where that is quicker, as `PauliKernel.series`.

        Returns:
            Whether it is done.
        """
        return isinstance(self._kernel, PauliKernel) and \
            self._kernel.series(self.amplitudes(0.0), line, coefficients, ring, total)

    def line(self, line: tuple[float, float], kets: Array, out: Array, before: Array | None) -> bool:
        """Write factor · (H/ħ − middle) · kets of a constant H, or twice that − before, in one pass where there is one.

        Args:
            line: (middle, factor).
            kets: (d, r), contiguous.
            out: where to, apart from the others.
            before: what is taken off, if anything.

        Returns:
            Whether it is done.
        """
        if not isinstance(self._kernel, SectorKernel | RingKernel) or not self.constant:
            return False
        self._kernel.apply(kets, out, self.amplitudes(0.0), line, before)
        return True

    def expectation(self, kets: ArrayLike, t: float = 0.0) -> Array:
        """Return ⟨k|H(t)|k⟩/ħ for each column of kets, (r,); a number for one ket (d,)."""
        given = self._checked(kets)
        found: Array = np.vecdot(given.T, self.apply(given, t).T).real
        return found

    @property
    def entries(self) -> int:
        """A bound of the number of nonzero entries of H as a sparse matrix."""
        if self._sector is not None:
            return self.dimension * (1 + len({string.x for string in self._sector.strings if string.x}))
        return self.dimension * sum(cluster.widest_row for cluster in self._clusters)

    def matrix(self, t: float = 0.0) -> sparse.csr_array:
        """Return H(t)/ħ as a sparse matrix (d, d).

        >>> from qllg_sym import Exchange, Space
        >>> Action(Model(Space.half(2), [Exchange(1, 0, 1)]), {}).matrix().toarray().real[1].tolist()
        [0.0, -1.0, 2.0, 0.0]
        """
        amplitudes, shape = self.amplitudes(t), (self.dimension, self.dimension)
        if self._sector is not None:
            return self._sector.matrix(amplitudes)
        return sum((cluster.embedded(amplitudes) for cluster in self._clusters), sparse.csr_array(shape))

    def trace(self, t: float = 0.0) -> float:
        """Return Tr H(t)/ħ: every basis string but the identity is traceless, on the whole space.

        >>> from qllg_sym import Biquadratic, Space
        >>> Action(Model(Space.half(2), [Biquadratic(1, 0, 1)]), {}).trace()
        0.75
        """
        amplitudes = self.amplitudes(t)
        if self._matrix is not None:
            return float(self.matrix(t).trace().real)
        if self._sector is not None:
            return self._sector.trace(amplitudes)
        return self.dimension * math.fsum(c * float(amplitudes[g]) for string, g, c in self._terms if not any(string))

    def spread(self, t: float = 0.0) -> float:
        """Return the standard deviation of all eigenvalues of H(t)/ħ: its strings are orthogonal.

        >>> from qllg_sym import Space, Zeeman
        >>> Action(Model(Space("1/2"), [Zeeman((0, 0, 2))]), {}).spread()
        1.0
        """
        amplitudes = self.amplitudes(t)
        if self._matrix is not None:
            entries, mean = self.matrix(t).toarray(), self.trace(t) / self.dimension
            return float(np.linalg.norm(entries - mean * np.eye(self.dimension))) / math.sqrt(self.dimension)
        if self._sector is not None:
            return self._sector.spread(amplitudes)
        squares = [(c * float(amplitudes[g]))**2 * float(string_norm(self._spins, string) / self.dimension)
                   for string, g, c in self._terms if any(string)]
        return math.sqrt(math.fsum(squares))

    def size(self, t: float = 0.0) -> float:
        """Return Σ |amplitude| ‖string‖₂/√d over the traceless strings of H(t)/ħ: its size within a factor, at once.

        In a sector it is that of the whole space.

        >>> from qllg_sym import Space, Zeeman
        >>> Action(Model(Space("1/2"), [Zeeman((0, 3, 4))]), {}).size()
        3.5
        """
        if self._sizes is None:
            groups = [[c * math.sqrt(float(string_norm(self._spins, string) / self._whole))
                       for string, group, c in self._terms if group == g and any(string)]
                      for g in range(len(self.amplitudes(t)))]
            self._sizes = np.array([math.fsum(map(abs, group)) for group in groups])
            if self._matrix is not None:
                rest = self._matrix - np.trace(self._matrix) / self.dimension * np.eye(self.dimension)
                self._sizes[-1] = np.linalg.norm(rest) / math.sqrt(self.dimension)
        return float(abs(self.amplitudes(t)) @ self._sizes)

    def bounds(self, t: float = 0.0) -> tuple[float, float]:
        """Return an interval that holds every eigenvalue of H(t)/ħ: the sum of those of few-site parts.

        It is tight to rounding when the space has at most 128 dimensions, and about a tenth too wide for a chain.

        Raises:
            InputError: H(t) is not finite.

        >>> from qllg_sym import Space, Zeeman
        >>> [round(b, 9) for b in Action(Model(Space("1"), [Zeeman((0, 0, 2))]), {}).bounds()]
        [-2.0, 2.0]
        """
        return self._fixed_bounds if self.constant else self._bounds(t)

    @cached_property
    def _fixed_bounds(self) -> tuple[float, float]:
        """The bounds of a constant H."""
        return self._bounds(0.0)

    def _bounds(self, t: float) -> tuple[float, float]:
        """Return the sums of the clusters' bounds."""
        amplitudes = self.amplitudes(t)
        if not np.isfinite(amplitudes).all():
            raise InputError(f"`t` must be a time at which H is finite, but is {t:g}; give another time.")
        parts = [cluster.bounds(amplitudes) for cluster in self._clusters]
        return math.fsum(low for low, _ in parts), math.fsum(high for _, high in parts)

    def _checked(self, kets: ArrayLike) -> Array:
        """Return kets as a contiguous complex array of the right length."""
        array = np.asarray(kets)
        if array.ndim not in (1, 2) or len(array) != self.dimension or array.dtype.kind not in "biufc":
            raise InputError(f"`kets` must be numbers of shape ({self.dimension},) or ({self.dimension}, r), but is "
                             f"{array.dtype} of shape {array.shape}; give one column a ket.")
        return np.ascontiguousarray(array, dtype=complex)


@kept
def _terms(model: Model) -> list[Term]:
    """Return (string, number of its amplitude, coefficient) of all terms of H."""
    return [(string, g, float(c)) for g, group in enumerate(numeric_kernel(model)[1]) for string, c in group]


@kept
def _sector_strings(model: Model) -> SectorStrings | RingStrings | None:
    """Return the terms on kets of a sector; None on the whole space."""
    return None if model.space.sector is None else strings_in(model.space.sector, _terms(model))


@kept
def _clusters(model: Model) -> list[Cluster]:
    """Return H as a sum of matrices on few sites, whatever the numbers of its parameters."""
    spins, matrix = model.space.numeric_spins, numeric_part(model)
    found = clusters(spins, _terms(model)) if _terms(model) or matrix is None else []
    if matrix is None:
        return found
    return [*found, Whole(spins, matrix, len(numeric_kernel(model)[1]))]        # its amplitude, 1/ħ, is the last one


@kept
def _kernel(model: Model, threads: int, _: compiler.Compiler) -> Kernel:
    """Return the compiled action, whatever the numbers of its parameters."""
    strings = _sector_strings(model)
    if isinstance(strings, RingStrings):
        return RingKernel(strings, threads)
    if isinstance(strings, SectorStrings):
        return SectorKernel(strings.sector, _terms(model), threads)
    if model.space.is_half and model.without_numbers is None:
        return PauliKernel(model.space.sites, _terms(model), threads)
    return ClusterKernel(model.space.dimensions, _clusters(model), threads)
