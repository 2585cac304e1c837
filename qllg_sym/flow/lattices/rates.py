r"""What a large lattice says of the motion: H_c of every cluster, $\dot{\mathbf m}$ of every moment, and E.

It has the form of the kernel of `equations.hybrid.kernels`, which writes one polynomial for each of these, and gives
the same numbers to rounding.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.hybrid.families import Families, families_of
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.equations.implicit_equation import LawOfMotion
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.equations.lowering import kernel
from qllg_sym.errors import CodegenError, warn
from qllg_sym.flow.lattices.dipole_field import convolution_of
from qllg_sym.flow.lattices.neighbours import in_blocks
from qllg_sym.flow.lattices.tables import Tables, summed
from qllg_sym.flow.native.lattice import Coupled, LatticeKernel, PlainLattice
from qllg_sym.memo import kept
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.zeeman import Zeeman

Array = NDArray[Any]


class LatticeRates:
    """Rates of clusters and moments from families of terms.

    Args:
        model: the Hamiltonian.
        sites: its clusters and moments.
        law: of the moments.
        parameters: the symbols of the equation, in the order in which their numbers are given.
        threads: how many; every core when None.

    Attributes:
        strings: the (cluster, string) whose means it takes, in order.
        target: "c" or "numpy".
        parameters: their names.
    """

    def __init__(self, model: Model, sites: Partition, law: LawOfMotion, parameters: Sequence[Any],
                 threads: int | None = None) -> None:
        families = _families(model, sites)
        self.strings, self.parameters = families.means, tuple(symbol_names(parameters))
        self.tables = _tables(model, sites)
        self._program = build.load(_program(families, parameters), "numpy")
        self._turn = build.load(kernel(_unit_field(law).moments(), "any"), "numpy")
        self._turn_places = [self.parameters.index(name) for name in self._turn.kernel.parameters]
        self._spins = np.array([float(sites.space.numeric_spins[i]) for i in sites.classical])
        self._dipoles = [(convolution_of(term, sites.classical), number) for term, number in families.dipoles]
        self._known: dict[bytes, tuple[Coupled, Array, float, Array]] = {}
        self.loops: LatticeKernel | PlainLattice
        try:
            self.loops, self.target = LatticeKernel(threads), "c"
        except CodegenError as error:
            warn(f"NumPy is used in place of compiled C, which is slower: {error}")
            self.loops, self.target = PlainLattice(), "numpy"

    @property
    def count(self) -> int:
        """How many moments there are."""
        return self.tables.count

    @property
    def bilinear(self) -> bool:
        """Whether fields are those of neighbours alone: no cluster, no dipoles, no product of more than two moments."""
        return not (len(self.tables.monomials.which) or len(self.tables.neighbours.rest) or self._dipoles)

    def turns(self, t: float, p: Array) -> tuple[float, float]:
        r"""Return (a, b) of ṁ = a m × B − b m × (m × B), B standing for γ_g B.

        They are read off the law's own velocity of a moment along x in the field γ_g B = ẑ.
        """
        velocity = self._turn(t, np.array([1.0, 0.0, 0.0]), p[self._turn_places])
        return -float(velocity[1]), float(velocity[2])

    def coupled(self, t: float, p: Array) -> Coupled:
        """Return the couplings at a time."""
        return self._at(t, p)[0]

    def rows(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Return the rates of several states, a row each."""
        return np.array([self(t, row, np.asarray(P)) for row in np.asarray(Y)])

    def __call__(self, t: float, y: Array, p: Array) -> Array:
        """Return the coefficients of the strings in H_c/ħ, the velocities of the moments, and E/ħ.

        Args:
            t: time.
            y: means, then moments, x, y, z of one after another.
            p: parameters, (k,).
        """
        coupled, numbers, constant, strengths = self._at(t, p)
        width, n = len(self.strings), self.count
        padded, fields, velocities = (np.zeros((3, in_blocks(n))) for _ in range(3))
        moments = y[width:].reshape(n, 3)
        padded[:, :n] = moments.T
        self.loops.fields(coupled, padded, fields)
        linear = coupled.onsite[coupled.own[:n], 0]
        self._add_rest(coupled, padded, fields)
        for (dipoles, _), strength in zip(self._dipoles, strengths, strict=True):
            fields[:, :n] += strength * dipoles.of(moments.T * self._spins)
        own = fields[:, :n].T
        energy = constant - float(np.einsum("i,ik,ik->", self._spins, moments, (own + linear) / 2))
        gradient, more = self._monomials(numbers, y)
        if len(numbers):
            fields[:, :n] -= (gradient[width:-1].reshape(n, 3) / self._spins[:, None]).T
        self.loops.velocities(self.turns(t, p), padded, fields, velocities)
        found = np.empty(width + 3 * n + 1)
        found[:width], found[-1] = gradient[:width], energy + more
        found[width:-1].reshape(n, 3)[:] = velocities[:, :n].T
        return found

    def _add_rest(self, coupled: Coupled, moments: Array, fields: Array) -> None:
        """Add what stands beyond the lists of neighbours."""
        site, other, kind = self.tables.neighbours.rest.T
        if len(site):
            for row in range(3):
                added = np.einsum("nj,jn->n", coupled.matrices[kind, row], moments[:, other])
                fields[row] += np.bincount(site, added, minlength=fields.shape[1])

    def _monomials(self, numbers: Array, y: Array) -> tuple[Array, float]:
        """The gradient by means, moments and 1 of all that is no product of two moments, and what it adds to E/ħ."""
        found, size = np.zeros(len(y) + 1), len(y) + 1
        if not len(numbers):
            return found, 0.0
        variables = self.tables.monomials.variables
        x = np.append(y, 1.0)[variables]
        for k in range(variables.shape[1]):
            others = np.prod(np.delete(x, k, axis=1), axis=1)
            found += np.bincount(variables[:, k], numbers * others, minlength=size)
        return found, float(numbers @ np.prod(x, axis=1))

    def _at(self, t: float, p: Array) -> tuple[Coupled, Array, float, Array]:
        """The arrays at a time, made once for the numbers that they come from."""
        values = self._program(t, np.empty(0), p)
        key = values.tobytes()
        if key not in self._known:
            self._known = {key: self._made(values)}
        return self._known[key]

    def _made(self, values: Array) -> tuple[Coupled, Array, float, Array]:
        """The arrays for the values of all coefficients."""
        tables, near = self.tables, self.tables.neighbours
        matrices = np.concatenate([np.zeros((1, 3, 3)), summed(tables.pairs.at(values), near.sums)])
        onsite = summed(tables.onsite.at(values), tables.own_sums)
        coupled = Coupled(self.count, near.neighbour, near.kind, near.distance, near.shared,
                          np.ascontiguousarray(matrices), tables.own, tables.own_shared,
                          np.ascontiguousarray(onsite))
        constant = float(tables.constants.at(values) @ tables.constant_copies) if tables.constants.size else 0.0
        return (coupled, tables.numbers.at(values)[tables.monomials.which], constant,
                values[[number for _, number in self._dipoles]])


@kept
def _families(model: Model, sites: Partition) -> Families:
    """The families of a model, found once."""
    return families_of(model, sites)


@kept
def _tables(model: Model, sites: Partition) -> Tables:
    """The lists of neighbours of a model, made once."""
    return Tables(_families(model, sites), sites)


def _program(families: Families, parameters: Sequence[Any]) -> Kernel:
    """The values of all coefficients as one kernel of parameters and time."""
    builder = Builder("coefficients", [], symbol_names(parameters))
    operands = inputs_of(builder, (), parameters)
    return builder.kernel({str(k): lower(builder, e, operands) for k, e in enumerate(families.expressions)})


def _unit_field(law: LawOfMotion) -> Any:
    """A law's equation of one moment in a unit field along z."""
    return law.derive(Model(Space("1/2"), [Zeeman((0, 0, 1))]))
