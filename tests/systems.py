"""Reference problems with an exact answer, shared by the tests of derivations and of solvers.

Their solutions are closed forms from physics: the laws a second time on purpose.

Each has `model`, `law`, `state` (array at t = 0) and `exact(t)`: the density matrix (d, d), or the moments (N, 3) of a
classical law. `test_systems.py` checks that every `exact` solves its law.
"""

from dataclasses import dataclass
from functools import cached_property
from math import cos, cosh, exp, sin, sinh, tanh

import numpy as np

import oracle
import qllg_sym as q

# A model file of a spin ½ and a moment, whose last table goes on with the number of times.
HYBRID_FILE = """[system]
spins = ["1/2", "1"]
[[term]]
kind = "exchange"
J = "J0"
sites = [0, 1]
[values]
J0 = 0.5
[law]
kind = "hybrid"
kappa = 0.5
alpha = 0.1
[hybrid]
clusters = [[0]]
classical = [1]
moments = [[1, 0, 0]]
[[hybrid.states]]
kind = "product"
spins = ["up"]
[time]
stop = 2
"""
X, Y, Z = (oracle.PAULI[k] for k in "xyz")


class System:
    """`state` is `exact(0)`."""

    @property
    def state(self):
        return self.exact(0.0)


def qubit(r):
    return (np.eye(2) + r[0] * X + r[1] * Y + r[2] * Z) / 2


def spiral(phase, u):
    """Unit vector that starts along x and turns clockwise about z by `phase` while it climbs to z: n_z = tanh u."""
    return np.array([cos(phase) / cosh(u), -sin(phase) / cosh(u), tanh(u)])


@dataclass(frozen=True)
class Larmor(System):
    """A free spin ½ along x in a field B along z turns clockwise seen from +z: dη_y/dt < 0 for γ_g > 0."""

    B: float = 1.5
    law = q.VonNeumann()

    @cached_property
    def model(self):
        return q.Model(q.Space("1/2"), [q.Zeeman((0, 0, self.B))])

    def bloch(self, t):
        return np.array([cos(self.B * t), -sin(self.B * t), 0.0])

    def exact(self, t):
        return qubit(self.bloch(t))


@dataclass(frozen=True)
class DampedSpin(System):
    """One spin ½ from r x̂ in the field ẑ, |B| = 1, under q-LLG: the Gilbert damping is κ|r|."""

    r: float = 0.8
    kappa: float = 0.5

    @cached_property
    def model(self):
        return q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])

    @cached_property
    def law(self):
        return q.QuantumLLG(self.kappa)

    def slowing(self):
        return 1 + (self.kappa * self.r)**2

    def bloch(self, t):
        return self.r * spiral(t / self.slowing(), self.kappa * self.r * t / self.slowing())

    def exact(self, t):
        return qubit(self.bloch(t))


@dataclass(frozen=True)
class DampedSpinLL(DampedSpin):
    """The q-LL twin: the same path, faster by the factor 1 + κ²r²."""

    @cached_property
    def law(self):
        return q.QuantumLL(self.kappa)

    def slowing(self):
        return 1.0


@dataclass(frozen=True)
class IsotropicDimer(System):
    """|↑↓⟩ with exchange J and no DMI, B along x: ψ(t) ∝ exp(−(κ + i)Ht/(1 + κ²)) ψ(0) on three energy levels.

    H = J σ·σ − (B/2)(σ1x + σ2x): the singlet has −3J, the triplet states |±±⟩ along x have J ∓ B.
    """

    J: float = 1.0
    B: float = 1.0
    kappa: float = 0.5

    @cached_property
    def model(self):
        return q.Model(q.Space("1/2", "1/2"), [q.Zeeman((self.B, 0, 0)), q.Exchange(self.J, 0, 1)])

    @cached_property
    def law(self):
        return q.QuantumLLG(self.kappa)

    def ket(self, t):
        singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
        plus, minus = np.ones(4) / 2, np.array([1, -1, -1, 1]) / 2
        levels = ((-3 * self.J, singlet, np.sqrt(0.5)), (self.J - self.B, plus, 0.5), (self.J + self.B, minus, -0.5))
        lowest = min(e for e, _, _ in levels)
        psi = sum(c * np.exp(-(self.kappa + 1j) * (e - lowest) * t / (1 + self.kappa**2)) * v for e, v, c in levels)
        return psi / np.linalg.norm(psi)

    def exact(self, t):
        psi = self.ket(t)
        return np.outer(psi, psi.conj())

    def r1x(self, t):
        """The closed form: sinh(2qBt)/(cosh(2qBt) + e^{8qJt}), q = κ/(1 + κ²)."""
        rate = self.kappa / (1 + self.kappa**2)
        return sinh(2 * rate * self.B * t) / (cosh(2 * rate * self.B * t) + exp(8 * rate * self.J * t))


@dataclass(frozen=True)
class SpinCoherence(System):
    """Spin s in PRL 4, ρ = (1 + η·S)/(2s + 1), in the field Bẑ from η along x: α = κħ|η|/(2s + 1) (PRL 8)."""

    s: str = "3/2"
    length: float = 0.5
    B: float = 1.25
    kappa: float = 2.0
    hbar: float = 0.5
    gamma: float = 2.0

    @cached_property
    def model(self):
        return q.Model(q.Space(self.s), [q.Zeeman((0, 0, self.B))], hbar=self.hbar, gamma=self.gamma)

    @cached_property
    def law(self):
        return q.QuantumLLG(self.kappa)

    def eta(self, t):
        alpha = self.kappa * self.hbar * self.length / self.model.space.dimension
        turn = self.gamma * self.B * t / (1 + alpha**2)
        return self.length * spiral(turn, alpha * turn)

    def exact(self, t):
        d = self.model.space.dimension
        spin = oracle.spin_matrices(self.model.space.spins[0])
        return (np.eye(d) + self.hbar * sum(n * op for n, op in zip(self.eta(t), spin, strict=True))) / d


@dataclass(frozen=True)
class DampedMoment(System):
    """One classical unit moment from x̂ in the field Bẑ under LLG."""

    alpha: float = 0.5
    B: float = 1.5

    @cached_property
    def model(self):
        return q.Model(q.Space("1/2"), [q.Zeeman((0, 0, self.B))])

    @cached_property
    def law(self):
        return q.ClassicalLLG(self.alpha)

    def exact(self, t):
        turn = self.B * t / (1 + self.alpha**2)
        return spiral(turn, self.alpha * turn)[None, :]


QUANTUM = (Larmor(), DampedSpin(), DampedSpin(r=1.0), DampedSpinLL(), IsotropicDimer(), IsotropicDimer(J=-1.0),
           SpinCoherence())
CLASSICAL = (DampedMoment(),)

