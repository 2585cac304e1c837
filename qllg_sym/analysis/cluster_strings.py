"""Products of one operator a site on few sites: which there are, their joint cumulants as states, their commutators.

A string is written as its sites alone, ((site, member), …) in ascending order, so that a row of a hundred sites costs
what its occupied sites cost. On every site the vector part is S/(sħ) (σ for a spin ½), the rest are Stevens operators.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from itertools import product as all_of
from math import comb, factorial, prod

from qllg_sym.algebra import spin

SiteString = tuple[tuple[int, int], ...]
Spins = tuple[Fraction, ...]
VECTOR = {3: "x", 1: "y", 2: "z"}       # members of a Stevens basis that are S_x, S_y, S_z


@lru_cache(maxsize=64)
def site_members(s: Fraction) -> tuple[int, ...]:
    """Return the members of a site's basis but the identity: x, y, z, then the others.

    >>> site_members(Fraction(1, 2)), site_members(Fraction(1))
    ((1, 2, 3), (3, 1, 2, 4, 5, 6, 7, 8))
    """
    return (1, 2, 3) if s == spin.HALF else (3, 1, 2, *range(4, int(2 * s + 1) ** 2))


def scale(spins: Spins, string: SiteString) -> Fraction:
    """Return the factor of a string: 1/s for every member of a vector S above spin ½, so that |m| ≤ 1.

    >>> scale((Fraction(3, 2),), ((0, 3),))
    Fraction(2, 3)
    """
    return prod((1 / spins[i] for i, a in string if spins[i] != spin.HALF and a in VECTOR), start=Fraction(1))


def member_label(s: Fraction, member: int) -> str:
    """Return x, y, z for the vector on a site, else the label of the Stevens operator.

    >>> member_label(Fraction(1, 2), 1), member_label(Fraction(1), 3), member_label(Fraction(1), 6)
    ('x', 'x', '20')
    """
    return VECTOR[member] if s != spin.HALF and member in VECTOR else spin.label(s, member)


def state_name(spins: Spins, string: SiteString, letter: str = "c") -> str:
    """Return the name of a state: m0_x of one site, c0x_1y of two, m0_20 for a Stevens operator.

    Args:
        spins: of all sites.
        string: what the state belongs to.
        letter: "c" for a joint cumulant of several sites, "m" for a mean.

    >>> state_name((Fraction(1, 2),) * 2, ((0, 1), (1, 2))), state_name((Fraction(1),) * 2, ((0, 3), (1, 6)))
    ('c0x_1y', 'c0x_1_20')
    """
    labels = [(i, member_label(spins[i], a)) for i, a in string]
    if len(string) == 1:
        return f"m{labels[0][0]}_{labels[0][1]}"
    return letter + "_".join(f"{i}{label}" if label in "xyz" else f"{i}_{label}" for i, label in labels)


def string_count(spins: Spins, order: int) -> int:
    """Return the number of strings on at most `order` sites.

    >>> string_count((Fraction(1, 2),) * 6, 2)
    153
    """
    sums = [1] + [0] * order
    for s in spins:
        size = int(2 * s + 1) ** 2 - 1
        sums = [sums[0], *(sums[k] + size * sums[k - 1] for k in range(1, order + 1))]
    return sum(sums[1:])


def all_strings(spins: Spins, order: int) -> tuple[SiteString, ...]:
    """Return the strings on at most `order` sites: of one site, then of two, …; sites, then members in their order.

    >>> len(all_strings((Fraction(1, 2),) * 3, 2))
    36
    """
    return tuple(string for k in range(1, order + 1) for sites in combinations(range(len(spins)), k)
                 for string in on_sites(spins, sites))


def on_sites(spins: Spins, sites: Sequence[int]) -> Iterator[SiteString]:
    """Yield the strings on exactly these sites."""
    for chosen in all_of(*(site_members(spins[i]) for i in sites)):
        yield tuple(zip(sites, chosen, strict=True))


@lru_cache(maxsize=1 << 18)
def string_commutator(spins: Spins, a: SiteString, b: SiteString) -> tuple[tuple[SiteString, Fraction], ...]:
    """Return [A, B] = i Σ r C of two strings as ((C, r), …).

    >>> string_commutator((Fraction(1, 2),), ((0, 1),), ((0, 2),))        # [σx, σy] = 2i σz
    ((((0, 3),), Fraction(2, 1)),)
    """
    left, right = dict(a), dict(b)
    common = sorted(left.keys() & right.keys())
    terms: list[tuple[int, dict[int, int], Fraction]] = [
        (0, {i: m for i, m in {**left, **right}.items() if i not in common}, Fraction(1))]
    for i in common:
        terms = [(k + n, {**rest, **({i: c} if c else {})}, r * x) for k, rest, r in terms
                 for n, c, x in spin.product(spins[i], left[i], right[i])]
    # Strings are Hermitian: BA is the adjoint of AB, so that what is real in AB drops out and the rest doubles.
    return tuple((tuple(sorted(rest.items())), 2 * r * (1 if k % 4 == 1 else -1)) for k, rest, r in terms if k % 2)


@lru_cache(maxsize=256)
def set_partitions(size: int, largest: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the partitions of 0 … size − 1 into sets of at most `largest`.

    >>> set_partitions(3, 2)
    (((0,), (1,), (2,)), ((0,), (1, 2)), ((0, 1), (2,)), ((0, 2), (1,)))
    """
    if size == 0:
        return ((),)
    found = []
    for k in range(min(size, largest)):
        for others in combinations(range(1, size), k):
            rest = [i for i in range(1, size) if i not in others]
            found += [((0, *others), *(tuple(rest[i] for i in part) for part in partition))
                      for partition in set_partitions(len(rest), largest)]
    return tuple(found)


@lru_cache(maxsize=1 << 18)
def in_cumulants(string: SiteString, order: int) -> tuple[tuple[int, tuple[SiteString, ...]], ...]:
    """Return the mean of a string as a sum of (1, product of joint cumulants), those of more sites than `order` zero.

    >>> len(in_cumulants(((0, 1), (1, 2), (2, 3)), 2)), len(in_cumulants(((0, 1), (1, 2), (2, 3)), 3))
    (4, 5)
    """
    return tuple((1, tuple(tuple(string[i] for i in part) for part in partition))
                 for partition in set_partitions(len(string), order))


@lru_cache(maxsize=1 << 18)
def in_means(string: SiteString, order: int) -> tuple[tuple[int, tuple[SiteString, ...]], ...]:
    """Return the mean of a string as a sum of (number, product of means on at most `order` sites), cumulants as above.

    >>> a, b, c = (0, 3), (1, 3), (2, 3)
    >>> in_means((a, b), 2), dict((p, n) for n, p in in_means((a, b, c), 2))[((a,), (b,), (c,))]
    (((1, (((0, 3), (1, 3)),)),), -2)
    """
    if len(string) <= order:
        return ((1, (string,)),)
    total: dict[tuple[SiteString, ...], int] = {}
    for partition in set_partitions(len(string), order):
        sums: dict[tuple[SiteString, ...], int] = {(): 1}
        for part in partition:
            sums = {tuple(sorted((*known, *more))): sums.get(tuple(sorted((*known, *more))), 0) + n * m
                    for known, n in sums.items() for more, m in _cumulant(tuple(string[i] for i in part))}
        for product, n in sums.items():
            total[product] = total.get(product, 0) + n
    return tuple((n, product) for product, n in total.items() if n)


def _cumulant(string: SiteString) -> list[tuple[tuple[SiteString, ...], int]]:
    """The joint cumulant of a string as a sum of products of means: Σ (−1)^(n−1) (n − 1)! over partitions in n."""
    return [(tuple(tuple(string[i] for i in part) for part in partition),
             (-1) ** (len(partition) - 1) * factorial(len(partition) - 1))
            for partition in set_partitions(len(string), len(string))]


@lru_cache(maxsize=1 << 16)
def cluster_weight(spins: Spins, string: SiteString, order: int) -> Fraction:
    """Return w_B with Σ_C ρ_C/binomial(N − 1, order − 1) = const + Σ_B w_B ⟨B⟩ B over all clusters C of `order` sites.

    >>> cluster_weight((Fraction(1, 2),) * 3, ((0, 1),), 2)     # two clusters of weight ½ hold the site, each 1/4 σ
    Fraction(1, 4)
    """
    occupied = {i for i, _ in string}
    sums = [Fraction(1)] + [Fraction(0)] * (order - len(string))
    for i, s in enumerate(spins):
        if i not in occupied:           # elementary symmetric polynomials of 1/d: traces over the rest of a cluster
            sums = [sums[0], *(sums[k] + sums[k - 1] / (2 * s + 1) for k in range(1, len(sums)))]
    norm = prod((spin.norm(spins[i], a) for i, a in string), start=Fraction(1))
    return sums[-1] / norm / comb(len(spins) - 1, order - 1)
