"""The lowest levels of a chain by TeNPy's two-site DMRG: H as a matrix product operator, levels one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.spin import norm
from qllg_sym.codegen import build
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.flow.hamiltonians.dense import site_matrix
from qllg_sym.flow.mps.door import tenpy, unchecked
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.windows import kept_windows
from qllg_sym.model.model import Model

Array = NDArray[Any]
SWEEPS, MIXED = 60, 10      # at most, and how many of them mix, so that no product state holds the search
STILL = 16                  # so many roundings of all terms may a sweep change an energy that has converged


@dataclass(frozen=True)
class ChainLevel:
    """One level.

    Attributes:
        energy: ⟨H⟩/ħ.
        residual: ‖Hψ − Eψ‖/ħ, the root of the variance; no smaller than its rounding, some 1e-8 of the terms.
        state: ψ.
        products: how many times H acted on two sites in their surroundings.
        sweeps: how many were made.
    """

    energy: float
    residual: float
    state: MatrixProductState
    products: int
    sweeps: int


class ChainLevels:
    """The search for levels of a constant H; each is orthogonal to those before.

    Args:
        model: terms on two sites, or on a few neighbouring ones.
        values: a number for every parameter, by name.
        bond: largest bond dimension.
        cut: the smallest Schmidt value that is kept.
        seed: of the random product states that searches begin with.

    >>> from qllg_sym import Exchange, Space, chain
    >>> levels = ChainLevels(Model(Space.half(4), chain(4, Exchange, 0.25)), {}, 16, 1e-10, 0)
    >>> round(levels.next().energy, 6)
    -1.616025
    """

    def __init__(self, model: Model, values: Mapping[str, float], bond: int, cut: float, seed: int) -> None:
        self._windows = kept_windows(model)
        program, _, _ = numeric_kernel(model)
        amplitudes = build.load(program, "numpy")(
            0.0, np.empty(0), np.array([values[name] for name in program.parameters], dtype=float))
        self._amplitudes, operators = amplitudes, self._windows.at(amplitudes)
        self._sites = _sites(model)
        self._operators, terms = _operators(model, amplitudes, self._sites)
        self._still = STILL * np.finfo(float).eps * terms
        self._random, self._before = np.random.default_rng(seed), list[Any]()
        self._truncation = {"chi_max": bond, "svd_min": cut}
        distant = self._windows.distant
        operators += list(distant.at(amplitudes).values()) if distant is not None else []
        self._rounding = np.finfo(float).eps * sum(float(np.linalg.norm(h, 2))**2 for h in operators)

    def next(self) -> ChainLevel:
        """Return the lowest level that is orthogonal to those found."""
        psi = self._start()
        options = {"mixer": True, "mixer_params": {"disable_after": MIXED}, "max_sweeps": SWEEPS, "min_sweeps": 4,
                   "trunc_params": dict(self._truncation), "max_trunc_err": 1.0, "norm_tol": None,
                   "max_E_err": self._still, "max_S_err": 1e-8,
                   "diag_method": "lanczos", "lanczos_params": {"N_max": 40}}
        # States found before have energy 0 in the engine's eyes, so that others must lie below.
        operator = self._operators[bool(self._before)]
        engine = tenpy("algorithms.dmrg").TwoSiteDMRGEngine(psi, _Bare(operator), options,
                                                            orthogonal_to=list(self._before))
        with unchecked():
            engine.run()
        psi.canonical_form()
        self._before.append(psi)
        state = _plain(psi)
        products = int(sum(engine.update_stats["N_lanczos"]))
        windows, amplitudes = self._windows, self._amplitudes
        energy = windows.mean(state, amplitudes) + windows.offset(amplitudes)
        residual = np.sqrt(max(windows.variance(state, amplitudes), self._rounding))
        return ChainLevel(energy, float(residual), state, products, int(engine.sweeps))

    def _start(self) -> Any:
        """A random product state."""
        kets = [self._random.normal(size=site.dim) + 1j * self._random.normal(size=site.dim) for site in self._sites]
        return tenpy("networks.mps").MPS.from_product_state(
            self._sites, [ket / np.linalg.norm(ket) for ket in kets], dtype=complex, unit_cell_width=len(kets))


class _Bare:
    """What DMRG asks of a model: its operator, and that it ends."""

    def __init__(self, operator: Any) -> None:
        self.H_MPO, self.lat = operator, _Finite()


class _Finite:
    """A lattice that ends."""

    bc_MPS = "finite"


def _sites(model: Model) -> list[Any]:
    """The sites, each with its basis of operators by number."""
    site, legs = tenpy("networks.site").Site, tenpy("linalg.np_conserved").LegCharge
    made: dict[Any, Any] = {}
    for spin, d in zip(model.space.numeric_spins, model.space.dimensions, strict=True):
        if spin not in made:
            operators = {f"member{k}": site_matrix(spin, k).toarray() for k in range(1, d * d)}
            made[spin] = site(legs.from_trivial(d), sort_charge=True, **operators)
    return [made[spin] for spin in model.space.numeric_spins]


def _operators(model: Model, amplitudes: Array, sites: Sequence[Any]) -> tuple[tuple[Any, Any], float]:
    """H/ħ without its multiple of 1 as a matrix product operator, and less what makes it negative; the sum of terms.

    All are in units of its strongest term: the engine compares energies with 1 and mixes by H itself, so it must not
    see what they are measured in.
    """
    terms, strengths, largest, spins = [], [], 0.0, model.space.spins
    for g, group in enumerate(numeric_kernel(model)[1]):
        for string, c in group:
            letters = [(f"member{k}", i) for i, k in enumerate(string) if k]
            if letters and amplitudes[g]:
                terms.append(letters)
                strengths.append(float(c) * float(amplitudes[g]))
                # No level of an operator is above the root of its Tr A².
                largest += abs(strengths[-1]) * prod(float(norm(spins[i], k))**0.5 for i, k in enumerate(string) if k)
    if not terms:
        terms, strengths = [[("Id", 0)]], [0.0]
    strongest = max(map(abs, strengths)) or 1.0
    strengths = [c / strongest for c in strengths]
    shift = -largest / strongest - 1
    made = _operator(sites, terms, strengths), _operator(sites, [*terms, [("Id", 0)]], [*strengths, shift])
    return made, sum(map(abs, strengths))


def _operator(sites: Sequence[Any], terms: list[Any], strengths: list[float]) -> Any:
    """Return a sum of products of operators on sites as a matrix product operator."""
    listed = tenpy("networks.terms").TermList(terms, strengths)
    return tenpy("networks.mpo").MPOGraph.from_term_list(listed, list(sites), "finite",
                                                         unit_cell_width=len(sites)).build_MPO()


def _plain(psi: Any) -> MatrixProductState:
    """A canonical state in plain arrays."""
    tensors = tuple(psi.get_B(i).transpose(["vL", "p", "vR"]).to_ndarray() for i in range(psi.L))
    values = tuple(np.asarray(psi.get_SL(i)) for i in range(psi.L))
    return MatrixProductState(tensors, (*values, np.ones(1)))
