"""Chains of spins ½ with every coupling random, as models and as textbook matrices."""

import numpy as np
import sympy as sp

import oracle
import qllg_sym as q


def chain(sites, seed, driven=False):
    """Exchange and DMI on every bond, a field that differs from site to site and, if asked, moves."""
    rng = np.random.default_rng(seed)
    terms = []
    for i in range(sites - 1):
        terms += [q.Exchange(rng.normal() / 2, i, i + 1), q.DMI(tuple(rng.normal(size=3) / 4), i, i + 1)]
    swing = sp.cos(2 * q.t) if driven else 1
    terms += [q.Zeeman((rng.normal(), rng.normal() * swing, rng.normal()), sites=[i]) for i in range(sites)]
    return q.Model(q.Space.half(sites), terms)


def field_of_time(model):
    """H(t) of a driven chain as a fast function: the textbook matrix at two times and cos 2t between them."""
    still, moving = (oracle.hamiltonian(model, {q.t: t}) for t in (np.pi / 4, 0.0))
    return lambda t: still + np.cos(2 * t) * (moving - still)


def state(sites, rank, background, seed):
    """Random kets, not orthogonal, with random weights of trace 1 together with the background."""
    rng, d = np.random.default_rng(seed), 2**sites
    kets = rng.normal(size=(d, rank)) + 1j * rng.normal(size=(d, rank))
    kets /= np.linalg.norm(kets, axis=0)
    weights = rng.random(rank) + 0.1
    return q.LowRank(weights * (1 - background * d) / weights.sum(), kets, background)


def density(low_rank):
    """ρ as a matrix."""
    kets = low_rank.kets
    return low_rank.background * np.eye(len(kets)) + (kets * low_rank.weights) @ kets.conj().T
