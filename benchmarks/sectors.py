r"""Kets of one total S_z: H·v of an open Heisenberg chain beside QuSpin without a matrix, and beside the whole space.

H = J Σ σ_i·σ_{i+1}, J = 1, S_z = 0, κ = ½, from the Néel state.
"""

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import Exchange, Model, QuantumLLG, Space, chain, solve
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.observables.sector_states import all_numbers

from .chain import SAME, neel
from .results import Row, Section
from .timing import least, timed

Array = NDArray[Any]
STOP = 2.0


def model(n: int, whole: bool = False) -> Model:
    """Return the chain of n spins with S_z = 0, or on the whole space.

    >>> model(4).space.dimension, model(4, whole=True).space.dimension
    (6, 16)
    """
    return Model(Space.half(n) if whole else Space.half(n, magnetisation=0), chain(n, Exchange, 1))


def sectors(n: int) -> list[Section]:
    """Time H·v and a motion of n spins of S_z = 0."""
    return [_products(n), _motions(n)]


def _products(n: int) -> Section:
    """Time H·v on one thread; the whole space's and QuSpin's are compared with the sector's."""
    rng, at = np.random.default_rng(1), all_numbers(n, n // 2)
    ket = rng.normal(size=len(at)) + 1j * rng.normal(size=len(at))
    padded = np.zeros(2**n, dtype=complex)
    padded[at] = ket
    own, setup = timed(partial(Action, model(n), {}, threads=1))
    whole, whole_setup = timed(partial(Action, model(n, whole=True), {}, threads=1))
    out, all_out = np.empty_like(ket), np.empty_like(padded)
    expected, seconds = least(partial(own.apply, ket, 0.0, out))
    image, whole_seconds = least(partial(whole.apply, padded, 0.0, all_out))
    rows = (Row("qllg_sym, S_z = 0", seconds, 0.0, setup=setup, note="one thread; the others are compared with it"),
            _row("qllg_sym, whole space", image[at], expected, whole_seconds, whole_setup, "one thread"),
            _quspin(n, at, ket, expected))
    return Section(f"H·v of a chain of {n} spins ½ with S_z = 0, {len(at):,} states", rows, unit=seconds)


def _quspin(n: int, at: Array, ket: Array, expected: Array) -> Row:
    """Time QuSpin's product without a matrix, on its general basis with so many spins up, the quicker of its bases."""
    name = "QuSpin, quantum_LinearOperator"
    if find_spec("quspin") is None:
        return Row(name, note="not installed: pip install 'qllg-sym[bench]' brings quspin")
    bases: Any = import_module("quspin.basis")
    operators: Any = import_module("quspin.operators")
    basis, setup = timed(lambda: bases.spin_basis_general(n, Nup=n // 2, pauli=1))
    bonds = [[1.0, i, i + 1] for i in range(n - 1)]
    terms = [["xx", bonds], ["yy", bonds], ["zz", bonds]]
    h = operators.quantum_LinearOperator(terms, basis=basis, dtype=np.complex128, check_symm=False, check_herm=False,
                                         check_pcon=False)
    # In its numbers a 1 is a spin up, in ours a spin down.
    order = np.searchsorted(at, (1 << n) - 1 - np.asarray(basis.states, dtype=np.int64))
    given, image = ket[order], np.empty_like(expected)
    found, seconds = least(lambda: h.dot(given))
    image[order] = found
    return _row(name, image, expected, seconds, setup, "one thread; nothing stored but the basis")


def _motions(n: int) -> Section:
    """Time t = 0..2 by Krylov steps, in the sector and on the whole space."""
    found = [timed(partial(solve, model(n, whole), QuantumLLG(0.5), neel(n), [0.0, STOP], method="krylov",
                           keep="final")) for whole in (False, True)]
    rows = [Row(f"qllg_sym, {name}", seconds, abs(run.energy[-1] - found[0][0].energy[-1]), 1e-10, None,
                f"{run.stats['evaluations']} H·v, all cores", abs(run.energy[-1] - found[0][0].energy[-1]) < 1e-8)
            for name, (run, seconds) in zip(("S_z = 0", "whole space"), found, strict=True)]
    return Section(f"A chain of {n} spins ½ from the Néel state, t = 0..{STOP:g}", tuple(rows))


def _row(name: str, found: Array, expected: Array, seconds: float, setup: float, note: str) -> Row:
    """Return a row whose result is right, or says that it is not."""
    error = float(np.abs(found - expected).max() / np.abs(expected).max())
    return Row(name, seconds, error, None, setup, note, error < SAME)
