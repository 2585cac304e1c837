r"""Annealing H(t) = −(1 − t/T) Σσx + (t/T) E of Ising problems, damped or not, in C or NumPy.

A step is $e^{-iw E s\,dt/2} \prod_i e^{iw(1 - s)\sigma^x_i dt} e^{-iw E s\,dt/2}$ with w = W(−1) of the law, of order
dt² over all. The length of the ket does not matter but in the end.
"""

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.errors import CodegenError, warn
from qllg_sym.figures.curves import Array

from .ising_instances import Numbers, Spectra

LANES = 4           # problems side by side
_WORD, _PLACE = ctypes.c_int64, ctypes.c_void_p


def annealed_success(spectra: Spectra, total: float, weight: complex, dt: float) -> Array:
    """Return the weight of the lowest strings after a time T from |+…+⟩, (m,).

    Args:
        spectra: energies of m problems.
        total: T.
        weight: W(−1) of the law: 1 without damping, 1/(1 + iκ) of q-LLG.
        dt: the longest step.

    >>> from .ising_instances import glass
    >>> problems = Spectra.of([glass(np.random.default_rng(k), 6) for k in range(2)])
    >>> annealed_success(problems, 1e-9, 1.0, 0.1).round(6).tolist()            # nothing has moved
    [0.03125, 0.03125]
    """
    steps = max(1, int(np.ceil(total / dt)))
    step, bits = total / steps, spectra.spins - 1
    s = (np.arange(steps) + 0.5) / steps
    share = np.concatenate([[s[0] / 2], (s[1:] + s[:-1]) / 2, [s[-1] / 2]])
    # What is common to all strings is left out: the ket then neither vanishes nor overflows.
    phase = np.exp(-1j * weight * step * np.outer(share, spectra.energies - spectra.energies[0]))
    ones = np.arange(bits + 1)
    flips = bits - 2 * ones + (-1.0)**ones - spectra.spins
    factor = np.exp(1j * weight * step * np.outer(1 - s, flips)) / 2.0**bits
    found = [_four(spectra, slice(k, k + LANES), phase, factor) for k in range(0, len(spectra), LANES)]
    return np.concatenate(found)


def _four(spectra: Spectra, part: slice, phase: Array, factor: Array) -> Array:
    """The success of at most four problems."""
    numbers = spectra.numbers[part]
    energy = np.zeros((numbers.shape[1], LANES), dtype=np.int16)
    energy[:, :len(numbers)] = numbers.T
    try:
        weights = _compiled(energy, phase, factor)
    except CodegenError as error:
        warn(f"NumPy is used in place of compiled C, which is slower: {error}")
        weights = in_numpy(energy, phase, factor)
    lowest = np.where(energy == energy.min(axis=0), weights, 0.0)
    return np.asarray(lowest.sum(axis=0) / weights.sum(axis=0))[:len(numbers)]


def _compiled(energy: Numbers, phase: Array, factor: Array) -> Array:
    """The same as `in_numpy`."""
    bits = len(energy).bit_length() - 1
    low, high = bits // 2, bits - bits // 2
    ket, tile = np.zeros((len(energy), 2 * LANES)), np.empty((1 << high, 8 * LANES))
    ket[:, :LANES] = 1.0
    _library().qllg_ising_anneal(_at(ket), _at(tile), low, high, _at(energy), len(factor), phase.shape[1],
                                 _at(np.ascontiguousarray(phase)), _at(np.ascontiguousarray(factor)))
    return np.asarray(ket[:, :LANES]**2 + ket[:, LANES:]**2)


def in_numpy(energy: Numbers, phase: Array, factor: Array) -> Array:
    """Return the weights of all strings in the end, not normalised, (2^(N−1), LANES).

    Args:
        energy: number of the energy of each string, (2^(N−1), LANES).
        phase: (steps + 1, levels), of every energy.
        factor: (steps, N), of the flips, by the number of ones in Hadamard's basis.
    """
    ket, ones = np.ones(energy.shape, dtype=complex), [index.bit_count() for index in range(len(energy))]
    for phases, flips in zip(phase[:-1], factor, strict=True):
        ket = _hadamard(flips[ones, None] * _hadamard(phases[energy] * ket))
    return np.asarray(abs(phase[-1][energy] * ket)**2)


def _hadamard(ket: Array) -> Array:
    """Hadamard's transform over the first axis."""
    half = 1
    while half < len(ket):
        parts = ket.reshape(-1, 2, half, ket.shape[1])
        ket = np.stack([parts[:, 0] + parts[:, 1], parts[:, 0] - parts[:, 1]], axis=1).reshape(ket.shape)
        half *= 2
    return ket


def _at(array: NDArray[Any]) -> Any:
    """Where an array is."""
    return array.ctypes.data


@cache
def _library() -> ctypes.CDLL:
    """The compiled C."""
    library = shared_library(Path(__file__).with_suffix(".c").read_text(encoding="utf-8"))
    library.qllg_ising_anneal.argtypes = [_PLACE, _PLACE, _WORD, _WORD, _PLACE, _WORD, _WORD, _PLACE, _PLACE]
    library.qllg_ising_anneal.restype = None
    return library
