"""Clusters and moments whose sites are not those of the model, and views of one law on all sites."""

import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

THREE = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(1, 0, 1), q.Bilinear(0.7, 0, 2)])
LAW = q.Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2])


def derived(clusters, classical=(), model=THREE):
    return q.Hybrid(0.5, 0.1, clusters=clusters, classical=classical).derive(model)


WRONG = [
    Wrong("a site in a cluster and classical", lambda: derived([(0, 1)], [1, 2]), q.ModelError,
          "`clusters` and `classical` must name each site once, but site 1 is named 2 times; leave it in one place."),
    Wrong("a site in two clusters", lambda: derived([(0, 1), (0, 2)]), q.ModelError,
          "`clusters` and `classical` must name each site once, but site 0 is named 2 times; leave it in one place."),
    Wrong("a site twice in a cluster", lambda: derived([(0, 0)], [1, 2]), q.ModelError,
          "`clusters` must be different sites, but is [0, 0]; name each site once."),
    Wrong("a site that is not named", lambda: derived([(0, 1)]), q.ModelError,
          "`clusters` and `classical` must name every site of Space('1/2', '1/2', '1'), but site 2 is not named; add "
          "it to one of them."),
    Wrong("a classical site that is none", lambda: derived([(0, 1)], [2, 3]), q.ModelError,
          "`classical` must be a site from 0 to 2, but is 3; sites are numbered from 0."),
    Wrong("a cluster out of order", lambda: derived([(1, 0)], [2]), q.ModelError,
          "`clusters` must name the sites of each cluster in ascending order, but one is (1, 0); write clusters=[(0, "
          "1)], classical=[2, 3]."),
    Wrong("clusters that are a number", lambda: derived(2), q.InputTypeError,
          "`clusters` must be a list of tuples of site numbers, but is of type int; write clusters=[(0, 1)], "
          "classical=[2, 3]."),
    Wrong("a cluster that is text", lambda: derived(["ab"], [2]), q.InputTypeError,
          "`clusters` must be site numbers, but is 'ab'; write clusters=[0, 1]."),
    Wrong("classical sites that are text", lambda: derived([(0, 1)], "2"), q.InputTypeError,
          "`classical` must be site numbers, but is '2'; write classical=[0, 1]."),
    Wrong("a damping of moments that is not real", lambda: q.Hybrid(0.5, 1j, clusters=[0]), q.ModelError,
          "`alpha` must be real, but is 1j; give a real number."),
    Wrong("clusters of a symbolic spin",
          lambda: derived([0], model=q.Model(q.Space(sp.Symbol("s", positive=True)))), q.ModelError,
          "`model` must have numeric spins for a hybrid law, but has the spin s; give a number."),
    Wrong("a hybrid law with a dissipator", lambda: LAW + q.Dephasing(0.1), q.ModelError,
          "`law` must be quantum on all sites to be added, but hybrid is not; use it alone."),
    Wrong("Paulis of clusters and moments", lambda: LAW.derive(THREE).pauli(), q.DerivationError,
          "`pauli()` must have one law on all sites, but the law is hybrid; use `components()`."),
    Wrong("moments of clusters and moments", lambda: LAW.derive(THREE).moments(), q.DerivationError,
          "`moments()` must have one law on all sites, but the law is hybrid; use `components()`."),
    Wrong("two levels of several density matrices", lambda: LAW.derive(THREE).components().two_level(),
          q.DerivationError,
          "`two_level()` must have all of ρ, but these are hybrid components; use `compile()`, or `coefficients()`."),
    Wrong("a cluster of too many components",
          lambda: derived([range(9)], model=q.Model(q.Space.half(9))).components(), q.DerivationError,
          "`coefficients()` must have at most 65536 components, but Space.half(9) has 262143; take fewer or smaller "
          "spins, or `solve`, which needs none."),
]
