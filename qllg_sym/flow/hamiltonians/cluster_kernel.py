"""Sums of small sparse matrices on kets of any spins, in C."""

import ctypes
from collections.abc import Sequence
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.flow import native
from qllg_sym.flow.hamiltonians.clusters import Cluster
from qllg_sym.flow.hamiltonians.pauli_kernel import FLAGS
from qllg_sym.flow.threads import Threads

Array = NDArray[Any]
CHUNK = 64              # neighbours worked on at once: those of all rows of a cluster fit the second cache
LEAST = 1 << 12         # entries times neighbours for each thread at least


class ClusterKernel:
    """Applies a sum of clusters to kets.

    Args:
        dims: dimensions of the sites.
        clusters: the small matrices.
        threads: number of threads; results do not depend on it.

    Raises:
        CodegenError: no compiler works.
    """

    def __init__(self, dims: Sequence[int], clusters: Sequence[Cluster], threads: int) -> None:
        self._clusters, self._threads = clusters, Threads(threads)
        self._add = shared_library(native.source("cluster.c"), flags=FLAGS).qllg_cluster_add
        integer, pointer = ctypes.c_int64, ctypes.c_void_p
        self._add.argtypes = [pointer, pointer, pointer, integer, pointer, pointer, integer, integer, pointer, pointer,
                              integer, integer]
        self._add.restype = None
        self._places = [_places(dims, cluster.sites) for cluster in clusters]

    def apply(self, kets: Array, out: Array, amplitudes: Array) -> None:
        """Write the action on kets (d, r) into `out`, both contiguous."""
        out[:] = 0
        for cluster, (places, bases, right) in zip(self._clusters, self._places, strict=True):
            self._cluster(cluster.matrix(amplitudes), places * kets.shape[1], bases * kets.shape[1],
                          right * kets.shape[1], kets, out)

    def _cluster(self, matrix: sparse.csr_array, places: Array, bases: Array, length: int, kets: Array,
                 out: Array) -> None:
        """Add one cluster, its items shared among the threads."""
        start, column = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)

        def work(begin: int, end: int) -> None:
            """Do the items from begin to end."""
            self._add(start.ctypes.data, column.ctypes.data, matrix.data.ctypes.data, len(places), places.ctypes.data,
                      bases.ctypes.data, length, CHUNK, kets.ctypes.data, out.ctypes.data, begin, end)

        chunks = -(-length // CHUNK)
        self._threads.share(work, len(bases) * chunks, 1 + LEAST // (matrix.nnz * min(length, CHUNK) + 1))


def _places(dims: Sequence[int], sites: Sequence[int]) -> tuple[Array, Array, int]:
    """Return the places of a cluster's settings, those of the other sites left of its last one, and d right of it."""
    strides = [*accumulate(reversed(dims[1:]), mul, initial=1)][::-1]
    others = [k for k in range(sites[-1]) if k not in sites]
    return _sums(dims, strides, sites), _sums(dims, strides, others), prod(dims[sites[-1] + 1:])


def _sums(dims: Sequence[int], strides: Sequence[int], sites: Sequence[int]) -> Array:
    """Return Σ setting · stride over all settings of some sites, the first site slowest."""
    sums = np.zeros(1, dtype=np.int64)
    for k in sites:
        sums = (sums[:, None] + strides[k] * np.arange(dims[k])).ravel()
    return sums
