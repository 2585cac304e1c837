"""Cumulants in explicit matrices, with nothing of the package's algebra: the ansatz, clusters, projections."""

import math
from itertools import combinations, product

import numpy as np
import sympy as sp
from sympy.utilities.iterables import multiset_partitions

import oracle


def site_basis(s):
    """{label: matrix} of one site: the vector S/s, then Stevens operators, from products of S (spins ½ and 1)."""
    x, y, z = oracle.spin_matrices(s)
    found = {label: a / float(s) for label, a in zip("xyz", (x, y, z), strict=True)}
    if s == sp.Rational(1, 2):
        return found
    assert s == 1
    two = 2 * np.eye(3)
    return found | {"2m2": x @ y + y @ x, "2m1": (y @ z + z @ y) / 2, "20": 3 * z @ z - two, "2p1": (z @ x + x @ z) / 2,
                    "22": x @ x - y @ y, "2p2": x @ x - y @ y}


def operator(spins, places):
    """The product of one-site operators {site: label} on the whole space."""
    return oracle.kron(*(site_basis(s)[places[i]] if i in places else np.eye(int(2 * s) + 1)
                         for i, s in enumerate(spins)))


def read(name):
    """{site: label} of a state's name."""
    if name[0] == "m" and name.count("_") == 1 and name[1:].partition("_")[0].isdigit():
        site, _, label = name[1:].partition("_")
        return {int(site): label}
    found, tokens = {}, name[1:].split("_")
    while tokens:
        token = tokens.pop(0)
        if token[-1] in "xyz":
            found[int(token[:-1])] = token[-1]
        else:
            found[int(token)] = tokens.pop(0)
    return found


def mean(cumulants, places, order):
    """⟨product⟩ from {frozenset of (site, label): value}; numbers of any kind."""
    items = sorted(places.items())
    total = 0
    for partition in multiset_partitions(items) if items else [[]]:
        if all(len(part) <= order for part in partition):
            total = total + math.prod(cumulants[frozenset(part)] for part in partition)
    return total


def density(spins, cumulants, order):
    """ρ = Σ ⟨A⟩ A/Tr A², with complex means where a complex step is taken: (ρ, ρ̇ · step)."""
    d = math.prod(oracle.dims(spins))
    parts = [np.eye(d, dtype=complex) / d, np.zeros((d, d), dtype=complex)]
    for size in range(1, len(spins) + 1):
        for sites in combinations(range(len(spins)), size):
            for labels in product(*(members(spins[i]) for i in sites)):
                places = dict(zip(sites, labels, strict=True))
                a, value = operator(spins, places), mean(cumulants, places, order)
                for k, number in enumerate((np.real(value), np.imag(value))):
                    parts[k] += number * a / np.trace(a @ a).real
    return parts


def members(s):
    return [label for label in site_basis(s) if label != "22" or s != 1]


def in_clusters(spins, matrix, size):
    """Σ over clusters of `size` sites of the partial trace, times the identity, over binomial(N − 1, size − 1)."""
    dims, n = oracle.dims(spins), len(spins)
    total = 0
    for sites in combinations(range(n), size):
        total = total + embedded(dims, traced(dims, matrix, sites), sites)
    return total / math.comb(n - 1, size - 1)


def traced(dims, matrix, sites):
    """The partial trace over all but some sites."""
    n, t = len(dims), matrix.reshape(dims + dims)
    rows = list(range(n))
    columns = [n + i if i in sites else i for i in range(n)]
    d = math.prod(dims[i] for i in sites)
    return np.einsum(t, rows + columns, [*sites, *(n + i for i in sites)]).reshape(d, d)


def embedded(dims, matrix, sites):
    """An operator on some sites, times the identity on the rest."""
    n, rest = len(dims), [i for i in range(len(dims)) if i not in sites]
    whole = np.kron(matrix, np.eye(math.prod(dims[i] for i in rest)))
    order = [*sites, *rest]
    t = whole.reshape([dims[i] for i in order] * 2)
    back = [order.index(i) for i in range(n)]
    d = math.prod(dims)
    return t.transpose(back + [n + k for k in back]).reshape(d, d)
