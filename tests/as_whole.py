"""States of a sector beside the same states on the whole space."""

import numpy as np

from qllg_sym.observables import observables
from qllg_sym.observables.ensemble import Ensemble

DESCRIBED = "variance", "expectation", "fidelity", "population"      # they take operators and kets of the space


def two_kets(d, background, seed):
    """Two kets, or one, at three times, (3, d, r), their weights beside a background, and their ρ (3, d, d)."""
    rng, r = np.random.default_rng(seed), min(2, d)
    kets = np.linalg.qr(rng.normal(size=(3, d, r)) + 1j * rng.normal(size=(3, d, r)))[0]
    weights = np.array([0.6, 0.4][:r]) / sum([0.6, 0.4][:r]) * (1 - background * d)
    return kets, weights, np.einsum("nir,r,njr->nij", kets, weights, kets.conj()) + background * np.eye(d)


def check_as_whole(own, whole, parts, without=()):
    """Check every observable of a state of a sector, as kets and as ρ, and reduced states, with those of the whole."""
    assert np.abs(own.whole().density() - whole.density()).max() < 1e-15
    seen = 0
    for form in (own, Ensemble(own.dims, density=own.density())):
        for name, one in observables().items():
            if name in (*DESCRIBED, *without):
                continue
            expected, found = one.read(whole, *one.example), one.read(form, *one.example)
            if name == "spectrum":
                expected, found = np.sort(expected)[:, -form.dimension:], np.sort(found)
            assert np.abs(np.asarray(expected) - found).max() < 1e-12, name
            seen += 1
        for part in parts:
            assert np.abs(form.reduced(part) - whole.reduced(part)).max() < 1e-14
    assert seen >= 20
