"""Symmetries as records: permutations of sites with a half turn or time reversal."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce

import sympy as sp

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.sites import String
from qllg_sym.algebra.spin import HALF, rank
from qllg_sym.model.space import Space

AXES = ("x", "y", "z")


@dataclass(frozen=True, repr=False)
class Symmetry(ByFields):
    r"""ρ → U ρ U†, or U ρ* U† where time is reversed: sites permuted, after a half turn of all spins.

    Attributes:
        space: the spins.
        permutation: where each site goes; equal spins only.
        half_turn: "x", "y", "z": exp(−iπS_x) of every site, …; "" for none.
        reverses_time: S → −S besides, antiunitary: U K, K complex conjugation in the standard basis. It maps solutions
            of von Neumann's equation to solutions that run backwards, and is none of a damped law: κ changes its sign.

    Source: Messiah, Quantum Mechanics II (1962), ch. XV, §§15–22, for time reversal.

    >>> swap = Symmetry(Space.half(2), (1, 0), "x")
    >>> swap, swap.action((0, 3))
    (<Symmetry: rotation by π about x and permutation (0 1)>, ((3, 0), -1))
    """

    space: Space
    permutation: tuple[int, ...]
    half_turn: str = ""
    reverses_time: bool = False

    @property
    def kind(self) -> str:
        """"permutation", "rotation", "time reversal", or several of them with "and"."""
        found = [("time reversal", self.reverses_time), ("rotation", bool(self.half_turn)),
                 ("permutation", self.cycles != "()")]
        return " and ".join(name for name, is_so in found if is_so) or "identity"

    @property
    def what(self) -> str:
        """What it does, in words."""
        return self.kind.replace("rotation", f"rotation by π about {self.half_turn}").replace(
            "permutation", f"permutation {self.cycles}")

    @property
    def cycles(self) -> str:
        """The permutation as cycles: (0 1)(2 3)."""
        left, found = set(range(len(self.permutation))), []
        while left:
            cycle = [min(left)]
            while (following := self.permutation[cycle[-1]]) != cycle[0]:
                cycle.append(following)
            left -= {*cycle}
            found += [f"({' '.join(map(str, cycle))})"] if len(cycle) > 1 else []
        return "".join(found) or "()"

    def action(self, string: String) -> tuple[String, int]:
        """Return (string, ±1): what a basis string becomes, for every spin a basis string but for its sign."""
        spins, moved, sign = self.space.numeric_spins, [0] * len(string), 1
        for site, index in enumerate(string):
            moved[self.permutation[site]] = index
            sign *= site_sign(spins[site], index, self.half_turn, self.reverses_time)
        return tuple(moved), sign

    def __mul__(self, other: "Symmetry") -> "Symmetry":
        """Return this one after the other."""
        if not isinstance(other, Symmetry) or other.space != self.space:
            return NotImplemented
        turns = {self.half_turn, other.half_turn} - {""}
        both = "" if self.half_turn == other.half_turn else \
            turns.pop() if len(turns) == 1 else ({*AXES} - turns).pop()
        return Symmetry(self.space, tuple(self.permutation[i] for i in other.permutation), both,
                        self.reverses_time != other.reverses_time)

    @cached_property
    def matrix(self) -> sp.ImmutableMatrix:
        """The unitary U in the standard basis, (d, d); with time reversal the antiunitary operator is U K."""
        turns = [self.half_turn] * bool(self.half_turn) + ["y"] * self.reverses_time
        sites = [reduce(sp.Matrix.__mul__, (_half_turn(s, a) for a in turns), sp.eye(int(2 * s + 1)))
                 for s in self.space.numeric_spins]
        return sp.ImmutableMatrix(self._permuted * sp.kronecker_product(*sites))

    @property
    def _permuted(self) -> sp.Matrix:
        """The permutation of tensor factors."""
        dims = self.space.dimensions
        d = self.space.dimension
        found = {}
        for column in range(d):
            digits, rest = list[int](), column
            for size in reversed(dims):
                rest, digit = divmod(rest, size)
                digits.insert(0, digit)
            moved = [0] * len(dims)
            for site, digit in enumerate(digits):
                moved[self.permutation[site]] = digit
            found[reduce(lambda n, pair: n * pair[1] + pair[0], zip(moved, dims, strict=True), 0), column] = 1
        return sp.Matrix(sp.SparseMatrix(d, d, found))

    def latex(self) -> str:
        r"""Return its symbol: Θ for time reversal, R_x(π) for a half turn, P with cycles for a permutation."""
        parts = [r"\Theta" * self.reverses_time, rf"R_{{{self.half_turn}}}(\pi)" * bool(self.half_turn),
                 rf"P_{{{self.cycles.replace(' ', chr(92) + ',')}}}" * (self.cycles != "()")]
        return r"\,".join(filter(None, parts)) or "1"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Symmetry: {self.what}>"


def site_sign(s: Fraction, index: int, half_turn: str, reverses_time: bool) -> int:
    """Return ±1: what a site-basis member is multiplied by.

    O_k^q goes to (−1)^q O_k^q in a half turn about z, to ∓(−1)^k O_k^q in one about y with − for q < 0; S → −S gives
    (−1)^k.

    >>> [site_sign(HALF, index, "x", False) for index in range(4)]
    [1, 1, -1, -1]
    """
    k, q = ((0, 0), (1, 1), (1, -1), (1, 0))[index] if s == HALF else rank(index)
    odd = {"": 0, "z": q, "y": k + (q < 0), "x": k + q + (q < 0)}[half_turn] + (k if reverses_time else 0)
    return -1 if odd % 2 else 1


def _half_turn(s: Fraction, axis: str) -> sp.Matrix:
    """exp(−iπ S_axis) of one site: |m⟩ to (−1)^{s−m} |−m⟩ about y; about x, but for a phase, that about y and z."""
    d = int(2 * s + 1)
    about_y = sp.Matrix(d, d, lambda i, j: (-1)**j if i + j == d - 1 else 0)
    about_z = sp.diag(*(sp.exp(-sp.I * sp.pi * (sp.Rational(str(s)) - k)) for k in range(d)))
    return sp.Matrix({"x": about_y * about_z, "y": about_y, "z": about_z}[axis])
