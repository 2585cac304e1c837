"""Clusters and moments: sites that are not the model's, states that are not theirs, views of one law on all sites."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

THREE = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(1, 0, 1), q.Bilinear(0.7, 0, 2)])
UP = q.states.product("up", "up")
LAW = q.Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2])


def derived(clusters, classical=(), model=THREE):
    return q.Hybrid(0.5, 0.1, clusters=clusters, classical=classical).derive(model)


def solved(clusters=(UP,), moments=((0, 0, 1),), law=LAW, model=THREE, **options):
    return q.solve(model, law, q.HybridState(list(clusters), moments), [0, 1], **options)


def large(sites):
    """One cluster of many spins ½."""
    law = q.Hybrid(0.5, 0.1, clusters=[range(sites)])
    return q.solve(q.Model(q.Space.half(sites)), law, q.HybridState([q.states.product(*["up"] * sites)]), [0, 1])


WRONG = [
    Wrong("a density matrix for clusters and moments", lambda: q.solve(THREE, LAW, np.eye(12) / 12, [0, 1]),
          q.InputTypeError,
          "`state` must be a HybridState for a hybrid law, but is of type ndarray; write HybridState([rho], moments)."),
    Wrong("clusters and moments for one density matrix",
          lambda: q.solve(THREE, q.QuantumLLG(0.1), q.HybridState([UP], [[0, 0, 1]]), [0, 1]), q.StateError,
          "`state` must be one density matrix of Space('1/2', '1/2', '1'), but is a HybridState; solve a Hybrid law "
          "with it, or give a state of all sites."),
    Wrong("clusters and moments for moments alone",
          lambda: q.solve(THREE, q.ClassicalLLG(0.1, "mean"), q.HybridState([UP], [[0, 0, 1]]), [0, 1]),
          q.InputTypeError,
          "`state` must be 3 moments, one row of three a site, for a classical law, but is of type HybridState; give "
          "an array of shape (3, 3)."),
    Wrong("a state that is no list of clusters", lambda: q.HybridState(np.eye(4) / 4), q.InputTypeError,
          "`clusters` must be a list of states, one a cluster, but is of type ndarray; write HybridState([rho], "
          "moments)."),
    Wrong("two states for one cluster", lambda: solved([UP, UP]), q.StateError,
          "`state` must hold one state for each of 1 clusters, but holds 2; give them in the order of the law."),
    Wrong("a cluster's state of another size", lambda: solved([np.eye(3) / 3]), q.StateError,
          "`clusters[0]` must have shape (4, 4) or (4,) for Space('1/2', '1/2'), but has (3, 3); give it in the "
          "product basis of all sites."),
    Wrong("a cluster's state of trace two", lambda: solved([np.eye(4) / 2]), q.StateError,
          "`clusters[0]` must have trace 1 within 1e-10, but has trace 2; divide it by its trace."),
    Wrong("moments that are left out", lambda: solved(moments=()), q.StateError,
          "`moments` must have shape (1, 3) for the classical sites, but has (0,); give one row a site."),
    Wrong("moments where there are none",
          lambda: solved([q.states.product("up", "up", "up")], law=q.Hybrid(0, 0, [(0, 1, 2)])), q.StateError,
          "`moments` must have shape (0, 3) for a classical law, but has (1, 3); give one row a site."),
    Wrong("complex moments", lambda: solved(moments=[[0, 0, 1j]]), q.InputTypeError,
          "`moments` must be 1 moments, one row of three a site, for the classical sites, but is of type list; give an "
          "array of shape (1, 3)."),
    Wrong("moments of another length", lambda: solved(moments=[[0, 0, 2]]), q.StateError,
          "`moments` must hold unit moments within 1e-10, but that of site 2 has length 2; divide each row by its "
          "length."),
    Wrong("a cluster too large for matrices", lambda: large(13), q.InputError,
          "`clusters` must have at most 4096 dimensions each, but that of 13 sites has 8192; take smaller clusters."),
    Wrong("a batch of density matrices for clusters and moments",
          lambda: q.solve_many(THREE, LAW, [q.HybridState([UP], [[0, 0, 1]]), np.eye(12) / 12], [0, 1]),
          q.InputTypeError,
          "`states[1]` must be a HybridState for a hybrid law, but is of type ndarray; write HybridState([rho], "
          "moments)."),
    Wrong("moments of another length in a row of a batch",
          lambda: q.solve_many(THREE, LAW, [q.HybridState([UP], [[0, 0, z]]) for z in (1, 2)], [0, 1]), q.StateError,
          "`states[1].moments` must hold unit moments within 1e-10, but that of site 2 has length 2; divide each row "
          "by its length."),
    Wrong("a cluster of trace two in a row of a batch",
          lambda: q.solve_many(THREE, LAW, [q.HybridState([np.eye(4) / w], [[0, 0, 1]]) for w in (4, 2)], [0, 1]),
          q.StateError,
          "`states[1].clusters[0]` must have trace 1 within 1e-10, but has trace 2; divide it by its trace."),
    Wrong("a sweep of states of another law", lambda: q.sweep(THREE, LAW, None, [0, 1], over={"state": {"a": UP}}),
          q.InputTypeError, "`over[\"state\"]['a']` must be a HybridState for a hybrid law, but is of type Coherent; "
          "write HybridState([rho], moments)."),
    Wrong("an observed cluster that is none", lambda: solved(observe={"P": "clusters[1].purity"}), q.InputError,
          "`observe` must name one of 1 clusters, but names clusters[1]; they count from 0."),
    Wrong("an observed site that a cluster has not", lambda: solved(observe={"b": "clusters[0].bloch2"}), q.InputError,
          "`i` must be a site from 0 to 1, but is 2; sites count from 0."),
    Wrong("local noise on clusters and moments",
          lambda: q.langevin(THREE, LAW, q.HybridState([UP], [[0, 0, 1]]), [0, 1], q.Bath(1, "local")), q.InputError,
          "`noise` must be \"invariant\" for hybrid, whose moments have Brown's besides, but is 'local'; write "
          "Bath(1)."),
    Wrong("an exact solution of clusters and moments", lambda: q.exact(THREE, LAW, q.HybridState([UP], [[0, 0, 1]])),
          q.InputError, "`law` must keep the spectrum of a density matrix, but hybrid does not; use solve."),
    Wrong("a method of one law for clusters and moments", lambda: solved(method="krylov"), q.InputError,
          "`method` must be auto or hybrid for a hybrid law, but is 'krylov'; leave it out."),
    Wrong("an observable that clusters and moments have not", lambda: solved(observe={"P": "purity"}), q.InputError,
          "`observe` must name energy, profile, the bloch of a site or a reading of a cluster for a hybrid law, but "
          "'purity' is none; write \"clusters[0].purity\", or give a function of the HybridState."),
    Wrong("an operator that clusters and moments have not", lambda: solved(observe={"Z": np.eye(4)}), q.InputTypeError,
          "`observe['Z']` must be a function of the HybridState, \"energy\" or \"bloch0\" for a hybrid law, but is of "
          "type ndarray; write a function."),
    Wrong("an observed site of clusters and moments that is none",
          lambda: solved(observe={"b": "bloch3"}), q.InputError,
          "`observe` must be a site from 0 to 2, but is 3; sites count from 0."),
    Wrong("clusters and moments kept in an unknown way", lambda: solved(keep="some"), q.InputError,
          "`keep` must be \"all\" or \"final\", but is 'some'; choose one of them."),
    Wrong("cumulants of clusters and moments", lambda: LAW.derive(THREE).cumulants(), q.DerivationError,
          "`cumulants()` must have one law on all sites, but the law is hybrid; use `components()`."),
    Wrong("components of a state of other parts", lambda: LAW.derive(THREE).components().of_state([1, 0, 0, 0]),
          q.InputTypeError,
          "`state` must be a HybridState for a hybrid law, but is of type list; write HybridState([rho], moments)."),
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
    Wrong("a cluster without sites", lambda: derived([(1, 0), None], [2]), q.ModelError,
          "`clusters` must name the sites of each cluster, but one has none; write clusters=[(0, 1)], classical=[2, "
          "3]."),
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
