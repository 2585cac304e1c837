r"""The kernels of the living figure: one step of the exact solution, what is read off it, and two right-hand sides.

ρ = a + b|ψ⟩⟨ψ| with |ψ(t + δ)⟩ ∝ exp(−i c H δ)|ψ(t)⟩; a, b, c and H are those of `q.exact`, nothing is typed here.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, reduce
from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.codegen.lower import lower
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.flow import states as initial
from qllg_sym.flow.exact.solution import ExactSolution, exact
from qllg_sym.flow.exact.symbolic.definitions import by_definition
from qllg_sym.model.expansion import standard_string
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.pauli import pauli
from qllg_sym.observables.purity import purity
from qllg_sym.report.living.states import PARTS, bell_basis, directions, phi, theta

ORDER = 14          # of the power series: for |H| ≤ 11 and steps of 0.05 what is left out is below 1e-16
p, delta = sp.symbols("p step", real=True)
KET = [sp.Symbol(f"{part}{k}", real=True) for k in range(4) for part in PARTS]
Complex = tuple[Operand, Operand]


@cache
def solution() -> ExactSolution:
    """Return the exact solution of the paper's dimer under q-LLG, for a pure state of weight p in white noise.

    >>> solution().c
    -I*kappa*p/(kappa**2*p**2 + 1) + 1/(kappa**2*p**2 + 1)
    """
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    return exact(dimer.model(), QuantumLLG(dimer.kappa), initial.werner("psi+", p))


def exact_step() -> Kernel:
    r"""Return the step |ψ⟩ → Σ_n (−i c H δ)ⁿ/n! |ψ⟩, normalised, in the basis of Bell states.

    >>> exact_step().states[:2], exact_step().parameters
    (('re0', 'im0'), ('B_x', 'B_y', 'B_z', 'D', 'J', 'kappa', 'p', 'step'))
    """
    builder, known = _begun("exact_step", KET, [*solution().parameters, delta])

    def entry(x: sp.Expr) -> Complex:
        re, im = (lower(builder, part, known) for part in _parts(x))
        return re, im

    hamiltonian = [[entry(x) for x in row] for row in (bell_basis().H * solution().frequency * bell_basis()).tolist()]
    exponent = entry(-sp.I * solution().c * delta)
    ket = term = [(known[KET[2 * k]], known[KET[2 * k + 1]]) for k in range(4)]
    for n in range(1, ORDER + 1):
        moved = [_sum(builder, (_times(builder, h, x) for h, x in zip(row, term, strict=True))) for row in hamiltonian]
        re, im = (builder.div(x, builder.constant(n)) for x in exponent)
        term = [_times(builder, (re, im), x) for x in moved]
        ket = [_sum(builder, pair) for pair in zip(ket, term, strict=True)]
    flat = [x for pair in ket for x in pair]
    norm = builder.call("sqrt", builder.sum(builder.mul(x, x) for x in flat))
    return optimise(builder.kernel({str(name): builder.div(x, norm) for name, x in zip(KET, flat, strict=True)}))


def ket_readings() -> Kernel:
    r"""Return what is read off a ket: T_αβ of PRL 9, energy, purity, the two levels of ρ, and B(ρ).

    The definitions are those of the observables. For a + b|ψ⟩⟨ψ| the singular values of T are b, bC and bC with the
    concurrence C = |ψᵗ σ_y⊗σ_y ψ|, so that u_1² + u_2² − 1 = b²C² − (1 − b)(1 + b): what is small is not a difference.
    """
    a, b = solution().a, solution().b
    ket = bell_basis() * sp.Matrix([KET[2 * k] + sp.I * KET[2 * k + 1] for k in range(4)])
    found = dict(zip(pauli_words()[1:], _read(pauli, ket), strict=True))
    found |= {"energy": _read(expectation, ket, op=_array(solution().frequency)), "purity": _read(purity, ket),
              "level": a + b, "other levels": a}
    builder, known = _begun("ket_readings", KET, [x for x in solution().parameters if str(x) != "kappa"])
    outputs = {name: lower(builder, _parts(x)[0], known) for name, x in found.items()}
    concurrence = [lower(builder, x, known) for x in _parts((ket.T * _string("yy") * ket)[0, 0])]
    outputs["nonlocality"] = _nonlocality(builder, concurrence, lower(builder, b, known))
    return optimise(builder.kernel(outputs))


def product_ket() -> Kernel:
    """Return the ket of two directions, in degrees.

    >>> product_ket().parameters
    ('theta1', 'phi1', 'theta2', 'phi2')
    """
    angles = [x for pair in zip(theta, phi, strict=True) for x in pair]
    builder, known = _begun("product_ket", (), angles)
    outputs = {str(name): lower(builder, x, known) for name, x in zip(KET, directions(), strict=True)}
    return optimise(builder.kernel(outputs))


def quantum_rhs() -> Kernel:
    """Return the right-hand side of q-LLG for a spectrum of two values, which the exact solution is held against."""
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    kernel = QuantumLLG(dimer.kappa).derive(dimer.model()).pauli().kernel(form="two-level")
    return replace(optimise(kernel), name="quantum_rhs")


def classical_rhs() -> Kernel:
    """Return the right-hand side of the classical partner, LLG in the convention of the authors' scripts."""
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    return replace(optimise(ClassicalLLG(dimer.alpha).derive(dimer.model()).moments().kernel()), name="classical_rhs")


KERNELS: tuple[Callable[[], Kernel], ...] = (exact_step, ket_readings, product_ket, quantum_rhs, classical_rhs)


def pauli_words() -> list[str]:
    """Return the names of the Pauli strings of two spins, lexicographic in 0, x, y, z."""
    return [a + b for a in "0xyz" for b in "0xyz"]


def _begun(name: str, given: Iterable[sp.Symbol], parameters: Iterable[sp.Symbol]
           ) -> tuple[Builder, dict[sp.Expr, Operand]]:
    """A builder, and the operands of its symbols."""
    ys, ps = list(given), list(parameters)
    builder = Builder(name, map(str, ys), map(str, ps))
    return builder, {**{x: builder.state(k) for k, x in enumerate(ys)},
                     **{x: builder.parameter(k) for k, x in enumerate(ps)}}


def _times(builder: Builder, x: Complex, y: Complex) -> Complex:
    (a, b), (c, d) = x, y
    return builder.sub(builder.mul(a, c), builder.mul(b, d)), builder.add(builder.mul(a, d), builder.mul(b, c))


def _sum(builder: Builder, numbers: Iterable[Complex]) -> Complex:
    return reduce(lambda x, y: (builder.add(x[0], y[0]), builder.add(x[1], y[1])), numbers)


def _read(observable: Callable[..., Any], ket: sp.MatrixBase, **more: Any) -> Any:
    """An observable of ρ = a + b|ψ⟩⟨ψ|, by the definition in its docstring."""
    rho = _array(solution().a * sp.eye(4) + solution().b * ket * ket.H)
    known = {"rho": rho, "N": 2, "tr": np.trace, "sigma": lambda word: _array(_string(word)),
             "words": lambda n: pauli_words()}
    return by_definition(observable.__name__, observable, {**known, **more}, lambda x, n: x**n)


def _string(word: str) -> sp.MatrixBase:
    half = sp.Rational(1, 2)
    return standard_string((half, half), tuple("0xyz".index(letter) for letter in word))


def _array(matrix: sp.MatrixBase) -> NDArray[Any]:
    return np.array(matrix.tolist(), dtype=object)


def _parts(x: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Real and imaginary part."""
    re, im = sp.expand(x).as_real_imag()
    return re, im


def _nonlocality(builder: Builder, concurrence: Iterable[Operand], b: Operand) -> Operand:
    """B of the complex number whose modulus is C."""
    square, one = builder.sum(builder.power(x, 2) for x in concurrence), builder.constant(1)
    lost = builder.mul(builder.sub(one, b), builder.add(one, b))
    margin = builder.sub(builder.mul(builder.power(b, 2), square), lost)
    twice = builder.add(margin, builder.call("sqrt", builder.power(margin, 2)))         # x + |x| = 2 max(x, 0)
    return builder.call("sqrt", builder.div(twice, builder.constant(2)))
