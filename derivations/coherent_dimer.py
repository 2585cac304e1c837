r"""A pair of spins s from a product of coherent states, pure, for any s: doubles, extended precision.

H = −B·(S1 + S2) + (J/s) S1·S2, B = x̂, ħ = γ_g = 1: energies grow as s, so that s → ∞ is the classical limit. The exact
ket of q-LLG is exp(−c H t)|ψ⟩ with c = (κ + i)/(1 + κ²), normalised. Damping amplifies rounding in it by up to

    A = exp(−γ t E_min)/‖exp(−c H t) ψ‖ ≤ exp[γ t (⟨E⟩ − E_min)],  γ = κ/(1 + κ²)  (Jensen),

an exponential of s: doubles may lose everything where A reaches 10¹⁶, and do once the ket has been rounded as a whole,
as by a change of basis. (In the product basis of S_z rounding stays where the ket is large, and does far less harm than
A allows; that is luck, and no bound.) `Dimer.extended` works with integers of as many bits as A asks for. It quantises
along B, so that S1z + S2z = M is conserved and S1·S2 is tridiagonal for every M.
"""

from dataclasses import dataclass
from functools import cached_property
from math import comb, isqrt
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

Array = NDArray[Any]
UNIT = 2.0**-53
FIELD = np.array([1.0, 0.0, 0.0])
ANGLES = ((0.3, 0.2), (2.2, -0.7))  # (θ, φ) of the two spins at the start
GUARD = 80  # bits carried beyond those that A takes away


def direction(theta: float, phi: float) -> Array:
    """Return the unit vector of two angles, (3,).

    >>> direction(0.0, 0.0).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.array([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)])


START = np.array([direction(*angles) for angles in ANGLES])


@dataclass(frozen=True)
class Dimer:
    """Two spins s = n/2 at the time t.

    Attributes:
        n: 2s.
        J: exchange, in units of the field.
        kappa: damping.
        t: time, 1/(γ_g B).
    """

    n: int
    J: float
    kappa: float
    t: float

    @property
    def s(self) -> float:
        """The spin."""
        return self.n / 2

    @property
    def c(self) -> complex:
        """(κ + i)/(1 + κ²): the exact solution a second time on purpose, for more digits than doubles have."""
        return (self.kappa + 1j) / (1 + self.kappa**2)

    @property
    def lowest(self) -> float:
        """E_min, from the levels −S + (J/2s)(S(S + 1) − 2s(s + 1)) of total spin S.

        >>> Dimer(1, 1.0, 0.0, 0.0).lowest      # singlet: J/s × (−3/4)
        -1.5
        """
        S = np.arange(self.n + 1)
        return float((-S + self.J / (2 * self.s) * (S * (S + 1) - 2 * self.s * (self.s + 1))).min())

    @property
    def exponent(self) -> float:
        """Jensen's bound on ln A."""
        mean = -FIELD @ START.sum(axis=0) + self.J * (START[0] @ START[1])
        return float(self.c.real * self.t * (self.s * mean - self.lowest))

    def doubles(self, rounding: float = 0.0) -> tuple[Array, float]:
        """Return ⟨S_i⟩/s from doubles, (2, 3), and the bound UNIT × A of their error.

        Args:
            rounding: length of a random vector that is added to the start, such as UNIT.

        >>> bool(Dimer(2, -1.0, 0.5, 1.0).doubles()[1] < 1e-14)
        True
        """
        ket = self._start
        noise = np.random.default_rng(1).standard_normal(len(ket))
        ket = ket + rounding * noise / np.linalg.norm(noise)
        # the exponential of H − E_min does not grow, so it cannot overflow
        shifted = self._hamiltonian - self.lowest * sparse.eye_array(len(ket))
        ket = expm_multiply(-self.c * self.t * shifted, ket)
        return self._read(ket), UNIT / float(np.linalg.norm(ket))

    def plain_series(self) -> Array:
        """Return ⟨S_i⟩/s from one plain power series in doubles, (2, 3): a broken twin, which cancellation ruins.

        >>> bool(abs(Dimer(2, -1.0, 0.5, 1.0).plain_series() - Dimer(2, -1.0, 0.5, 1.0).doubles()[0]).max() < 1e-13)
        True
        """
        term = total = self._start
        k = 0
        while np.linalg.norm(term) > UNIT * np.linalg.norm(total):
            k += 1
            term = -self.c * self.t / k * (self._hamiltonian @ term)
            total = total + term
        return self._read(total)

    @property
    def _start(self) -> Array:
        """The product of coherent kets, (d,)."""
        return np.kron(*(_coherent(self.n, *angles) for angles in ANGLES))

    @cached_property
    def _hamiltonian(self) -> sparse.csr_array:
        """H, sparse."""
        zeeman = -sum(b * (x + y) for b, x, y in zip(FIELD, *self._operators, strict=True))
        exchange = sum(x @ y for x, y in zip(*self._operators, strict=True))
        return (zeeman + self.J / self.s * exchange).tocsr()

    def _read(self, ket: Array) -> Array:
        """⟨S_i⟩/s of a ket of any length."""
        weight = self.s * np.vdot(ket, ket).real
        return np.array([[np.vdot(ket, x @ ket).real / weight for x in spin] for spin in self._operators])

    @cached_property
    def _operators(self) -> list[list[sparse.csr_array]]:
        """S_x, S_y, S_z of both spins, sparse."""
        m = self.s - np.arange(self.n + 1)
        up = sparse.diags_array(np.sqrt(self.s * (self.s + 1) - m[1:] * (m[1:] + 1)), offsets=1).tocsr()
        single = [(up + up.T) / 2, (up - up.T) / 2j, sparse.diags_array(m).tocsr()]
        one = sparse.eye_array(self.n + 1, format="csr")
        pairs = [[(x, one) for x in single], [(one, x) for x in single]]
        return [[sparse.kron(*pair, format="csr") for pair in spin] for spin in pairs]

    def extended(self) -> Array:
        """Return ⟨S_i⟩/s with integers of GUARD + log2 A bits, (2, 3), to about the digits of a double."""
        ket = self._ket()
        m = self.s - np.arange(self.n + 1)
        ladder = np.sqrt(self.s * (self.s + 1) - m[1:] * (m[1:] + 1))
        moments = []
        for psi in (ket, ket.T):
            up = np.sum(psi[:-1].conj() * ladder[:, None] * psi[1:])
            # the axes of quantisation (x, y, z) are (y, z, x) of the laboratory
            moments.append([np.sum(m[:, None] * np.abs(psi) ** 2), up.real, up.imag])
        return np.array(moments, dtype=float) / self.s

    def _ket(self) -> Array:
        """The ket at the time t, normalised, (n + 1, n + 1): Chebyshev's series of the exchange in integers."""
        bits = GUARD + int(self.exponent / np.log(2))
        with mpmath.workprec(bits):
            amplitudes = [_amplitudes(self.n, *rotated) for rotated in _rotated()]
            start = np.array(amplitudes[0])[:, None] * np.array(amplitudes[1])[None, :]
            re, im = (np.vectorize(lambda z, part=part: int(mpmath.nint(mpmath.ldexp(getattr(z, part), bits))),
                                   otypes=[object])(start) for part in ("real", "imag"))
            weights = self._weights(bits)
        real, imag = self._series(re, weights, bits), self._series(im, weights, bits)
        scale = float(2.0 ** -min(bits, 900))
        psi = (real[0] - imag[1]).astype(float) * scale + 1j * (real[1] + imag[0]).astype(float) * scale
        m = self.s - np.arange(self.n + 1)
        total = m[:, None] + m[None, :]
        psi = psi * np.exp(self.c * self.t * (total - self.n))  # the field commutes with the exchange
        return np.asarray(psi / np.linalg.norm(psi))

    def _weights(self, bits: int) -> list[tuple[int, int]]:
        """Coefficients of exp(−z X) = Σ (2 − δ_k0)(−1)^k I_k(z) T_k(X) over their largest, as pairs of integers."""
        z = mpmath.mpc(self.c) * mpmath.mpf(self.t) * mpmath.mpf(self.J) * (self.s + mpmath.mpf(1) / 2)
        found: list[mpmath.mpc] = []
        k, scale = 0, mpmath.exp(abs(z.real))
        while k < 4 or abs(found[-1]) > mpmath.ldexp(1, -bits) or k < abs(z):
            found.append((2 if k else 1) * (-1) ** k * mpmath.besseli(k, z) / scale)
            k += 1
        return [(int(mpmath.nint(mpmath.ldexp(w.real, bits))), int(mpmath.nint(mpmath.ldexp(w.imag, bits))))
                for w in found]

    def _series(self, start: Array, weights: list[tuple[int, int]], bits: int) -> tuple[Array, Array]:
        """The series applied to a real array, as real and imaginary parts; X is real."""
        before, now = start, self._exchange(start, bits)
        real, imag = weights[0][0] * before + weights[1][0] * now, weights[0][1] * before + weights[1][1] * now
        for re, im in weights[2:]:
            before, now = now, 2 * self._exchange(now, bits) - before
            real, imag = real + re * now, imag + im * now
        return real >> bits, imag >> bits

    def _exchange(self, psi: Array, bits: int) -> Array:
        """X = (S1·S2 + s/2)/(s² + s/2), whose spectrum is within [−1, 1], on a real array of integers."""
        diagonal, ladder = self._bands(bits)
        out = diagonal * psi
        out[1:, :-1] += ladder * psi[:-1, 1:]
        out[:-1, 1:] += ladder * psi[1:, :-1]
        return out >> bits

    def _bands(self, bits: int) -> tuple[Array, Array]:
        """The diagonal of X, and its elements between (m1, m2 − 1) and (m1 − 1, m2), as integers."""
        if bits not in self._known:
            n = self.n
            width = n * (n + 1)  # 4 (s² + s/2)
            diagonal = [[(((n - 2 * j) * (n - 2 * k) + n) << bits) // width for k in range(n + 1)]
                        for j in range(n + 1)]
            ladder = [[(isqrt(j * (n + 1 - j) * k * (n + 1 - k) << 2 * bits) << 1) // width for k in range(1, n + 1)]
                      for j in range(1, n + 1)]
            self._known[bits] = np.array(diagonal, dtype=object), np.array(ladder, dtype=object)
        return self._known[bits]

    @cached_property
    def _known(self) -> dict[int, tuple[Array, Array]]:
        """Bands by number of bits."""
        return {}


def _coherent(n: int, theta: float, phi: float) -> Array:
    """A coherent ket of n = 2s, from m = s down."""
    k = np.arange(n + 1)
    binomials = np.array([float(comb(n, j)) for j in range(n + 1)])
    ket = np.sqrt(binomials) * np.cos(theta / 2) ** (n - k) * np.sin(theta / 2) ** k * np.exp(1j * phi * k)
    return np.asarray(ket)


def _rotated() -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """The angles of the starts about the field's axis, to the working precision: (x, y, z) is (y, z, x)."""
    found = []
    for theta, phi in ANGLES:
        x = mpmath.sin(theta) * mpmath.cos(phi)
        found.append((mpmath.acos(x), mpmath.atan2(mpmath.cos(theta), mpmath.sin(theta) * mpmath.sin(phi))))
    return found


def _amplitudes(n: int, theta: mpmath.mpf, phi: mpmath.mpf) -> list[mpmath.mpc]:
    """A coherent ket to the working precision."""
    cosine, sine = mpmath.cos(theta / 2), mpmath.sin(theta / 2)
    return [mpmath.sqrt(comb(n, k)) * cosine ** (n - k) * sine**k * mpmath.expj(phi * k) for k in range(n + 1)]
