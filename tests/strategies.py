"""Hypothesis strategies, in one place: exact models and laws, and numeric states of every rank."""

from fractions import Fraction

import numpy as np
import sympy as sp
from hypothesis import settings
from hypothesis import strategies as st

import qllg_sym as q

PARAMETERS = sp.symbols("J D a", real=True)
POSITIVE = sp.Symbol("h", positive=True)
KAPPA = sp.Symbol("kappa", real=True)
SPACES = (("1/2",), ("1",), ("3/2",), ("1/2", "1/2"), ("1/2", "1"), ("1", "1/2"))


def examples(most):
    """Settings with so many examples with the thorough profile, in the quick suite as many fewer as its profile has."""
    share = settings().max_examples / settings.get_profile("thorough").max_examples
    return settings(max_examples=max(3, round(most * share)))


def rationals(bound=3):
    """Small rationals, zero among them."""
    return st.fractions(min_value=-bound, max_value=bound, max_denominator=6)


def nonzero(bound=3):
    return rationals(bound).filter(bool)


@st.composite
def coefficients(draw):
    """A coefficient of every kind: number, float, symbol, product, opaque function of time, √3, 1/h."""
    r = draw(nonzero())
    exact = sp.Rational(r.numerator, r.denominator)
    symbol = draw(st.sampled_from(PARAMETERS))
    return draw(st.sampled_from([r, float(round(r, 2)), exact, exact * symbol, symbol**2 - exact, exact * sp.sin(q.t),
                                 symbol * sp.cos(2 * q.t), sp.sqrt(3) * exact, symbol / POSITIVE]))


@st.composite
def values(draw):
    """Rational values of every parameter symbol and of time."""
    found = {s: draw(rationals()) for s in PARAMETERS}
    positive = st.fractions(min_value=Fraction(1, 3), max_value=3, max_denominator=6)
    return {**found, POSITIVE: draw(positive), KAPPA: draw(rationals()), q.t: draw(rationals())}


def vectors():
    return st.tuples(coefficients(), coefficients(), coefficients())


def matrices3(symmetric):
    def fill(entries):
        a = [[entries[3 * k + n] for n in range(3)] for k in range(3)]
        return [[a[max(k, n)][min(k, n)] for n in range(3)] for k in range(3)] if symmetric else a
    return st.lists(rationals(), min_size=9, max_size=9).map(fill)


def hermitian_rows(dimension):
    """Exact Hermitian matrices with entries a + ib."""
    size = dimension * dimension

    def fill(entries):
        exact = [sp.Rational(e.numerator, e.denominator) for e in entries]
        a = sp.Matrix(dimension, dimension, exact[:size]) + sp.I * sp.Matrix(dimension, dimension, exact[size:])
        return (a + a.H) / 2
    return st.lists(rationals(), min_size=2 * size, max_size=2 * size).map(fill)


def kinds(spins):
    """The kinds of term that a space allows."""
    allowed = ["zeeman", "operator"]
    if all(s == "1/2" for s in spins):
        allowed.append("pauli")
    if any(s != "1/2" for s in spins):
        allowed.append("anisotropy")
    if len(spins) > 1:
        allowed += ["exchange", "dmi", "bilinear", "biquadratic"]
    return allowed


@st.composite
def terms(draw, spins, kind=None):
    """One term of a kind that the space allows."""
    kind = kind or draw(st.sampled_from(kinds(spins)))
    i, j = draw(st.permutations(range(len(spins))))[:2] if len(spins) > 1 else (0, 0)
    if kind == "zeeman":
        return q.Zeeman(draw(vectors()), sites=draw(st.sampled_from([None, [i], i])), g=draw(nonzero()))
    if kind == "operator":
        return q.Operator(draw(hermitian_rows(q.Space(*spins).dimension)))
    if kind == "pauli":
        return q.Pauli(draw(coefficients()), draw(st.text("IXYZ", min_size=len(spins), max_size=len(spins))))
    if kind == "anisotropy":
        high = [k for k, s in enumerate(spins) if s != "1/2"]
        return q.Anisotropy(draw(matrices3(symmetric=True)), draw(st.sampled_from(high)))
    if kind == "dmi":
        return q.DMI(draw(vectors()), i, j)
    if kind == "bilinear":
        scalars = coefficients().filter(lambda c: not isinstance(c, Fraction))      # test_terms.py gives those by hand
        return q.Bilinear(draw(st.one_of(matrices3(symmetric=False), scalars)), i, j)
    return {"exchange": q.Exchange, "biquadratic": q.Biquadratic}[kind](draw(coefficients()), i, j)


@st.composite
def models(draw, spaces=SPACES, kind=None, units=True):
    """A random model: one to three terms, ħ and γ_g numeric or symbolic."""
    spins = draw(st.sampled_from([s for s in spaces if kind is None or kind in kinds(s)]))
    found = [draw(terms(spins, kind))] + draw(st.lists(terms(spins), max_size=1))
    hbar = draw(st.sampled_from([1, Fraction(2, 3), POSITIVE])) if units else 1
    gamma = draw(st.sampled_from([1, Fraction(-7, 4), PARAMETERS[2]])) if units else 1
    return q.Model(q.Space(*spins), found, hbar=hbar, gamma=gamma)


def quantum_laws():
    """Every quantum law with a damping that is a number, a symbol, or an expression."""
    damping = st.one_of(rationals(), st.sampled_from([KAPPA, KAPPA / 2, 1 / POSITIVE, sp.sqrt(3)]))
    return st.one_of(st.just(q.VonNeumann()), damping.map(q.QuantumLL), damping.map(q.QuantumLLG),
                     damping.map(q.LocalGilbert),
                     st.one_of(rationals().map(abs), st.just(KAPPA)).map(q.Dephasing))


# Numbers: `seeds` draws a seed; the plain functions below turn a generator into arrays.
seeds = st.integers(0, 2**32 - 1)
DIMENSIONS = ((2,), (3,), (4,), (2, 2), (2, 3), (3, 2), (2, 2, 2))


def random_kets(rng, d, r, times=1):
    """Normalised kets, (times, d, r)."""
    kets = rng.normal(size=(times, d, r)) + 1j * rng.normal(size=(times, d, r))
    return kets / np.linalg.norm(kets, axis=1, keepdims=True)


def random_density(rng, d, rank, times=1):
    """Density matrices of a given rank, (times, d, d)."""
    kets = random_kets(rng, d, rank, times)
    weights = rng.dirichlet(np.ones(rank))
    rho = (kets * weights) @ kets.conj().swapaxes(1, 2)
    return (rho + rho.conj().swapaxes(1, 2)) / 2


def random_hermitian(rng, d):
    """A Hermitian matrix, (d, d)."""
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return (a + a.conj().T) / 2


@st.composite
def densities(draw, dims=DIMENSIONS):
    """(dims, two density matrices (2, d, d)), of every rank."""
    chosen = draw(st.sampled_from(dims))
    d = int(np.prod(chosen))
    rank = draw(st.integers(1, d))
    return chosen, random_density(np.random.default_rng(draw(seeds)), d, rank, times=2)


@st.composite
def low_rank_parts(draw, dims=DIMENSIONS, orthonormal=False):
    """(dims, kets (2, d, r), weights (r,), background) of ρ = background·1 + Σ w_j |j⟩⟨j|, trace one."""
    chosen = draw(st.sampled_from(dims))
    d = int(np.prod(chosen))
    r = draw(st.integers(1, d))
    background = draw(st.sampled_from([0.0, 0.3 / d, 0.9 / d]))
    rng = np.random.default_rng(draw(seeds))
    kets = random_kets(rng, d, r, times=2)
    if orthonormal:
        kets = np.linalg.qr(kets)[0]
    return chosen, kets, rng.dirichlet(np.ones(r)) * (1 - background * d), background


@st.composite
def density(draw, d):
    """One density matrix (d, d), of every rank."""
    return random_density(np.random.default_rng(draw(seeds)), d, draw(st.integers(1, d)))[0]


@st.composite
def velocities(draw, d):
    """A Hermitian traceless matrix (d, d): the velocity of a density matrix."""
    h = random_hermitian(np.random.default_rng(draw(seeds)), d)
    return h - np.eye(d) * np.trace(h) / d


@st.composite
def two_level(draw, d):
    """a·1 + b·P (d, d) with a projector P of every rank, and its gap b: pure states, Werner states and their kin."""
    rank = draw(st.integers(1, d - 1))
    gap = draw(st.sampled_from([1.0, 0.9, 0.3])) / rank        # 0 < b ≤ 1/rank keeps ρ positive
    rng = np.random.default_rng(draw(seeds))
    frame = np.linalg.qr(random_kets(rng, d, rank)[0])[0]
    return (1 - gap * rank) / d * np.eye(d) + gap * frame @ frame.conj().T, gap


@st.composite
def unit_moments(draw, sites):
    """Classical moments of length one, (sites, 3)."""
    m = np.random.default_rng(draw(seeds)).normal(size=(sites, 3))
    return m / np.linalg.norm(m, axis=1, keepdims=True)
