"""The independent path: dense matrices in the standard basis from the textbook formulas, never the package's algebra.

Site 0 is the leftmost tensor factor, |m = s⟩ the first basis state of a site.
"""

import math
from functools import reduce

import numpy as np
import sympy as sp

FUNCTIONS = {sp.sin: math.sin, sp.cos: math.cos, sp.exp: math.exp, sp.tan: math.tan, sp.tanh: math.tanh}
PAULI = {"0": np.eye(2, dtype=complex), "x": np.array([[0, 1], [1, 0]], dtype=complex),
         "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1]).astype(complex)}


def number(expression, values):
    """Return the float value of an expression: a walk of our own, cheap on residuals of thousands of terms."""
    if isinstance(expression, (int, float)):
        return expression
    if expression.is_Rational:
        return expression.p / expression.q
    if expression.is_Symbol:
        return float(values[expression])
    if expression.is_Add:
        return math.fsum(number(a, values) for a in expression.args)
    if expression.is_Mul:
        return math.prod(number(a, values) for a in expression.args)
    if expression.is_Pow and expression.exp.is_Integer:
        return number(expression.base, values)**int(expression.exp)
    if expression.func in FUNCTIONS:
        return FUNCTIONS[expression.func](number(expression.args[0], values))
    return float(expression.xreplace({s: sp.Float(values[s]) for s in expression.free_symbols}))


def numbers(expressions, values):
    return np.array([number(e, values) for e in expressions])


def spin_matrices(s):
    """(S_x, S_y, S_z)/ħ of one spin: ⟨m+1|S₊|m⟩ = √(s(s+1) − m(m+1))."""
    s = float(s)
    m = s - np.arange(int(2 * s) + 1)
    plus = np.diag(np.sqrt(s * (s + 1) - m[1:] * (m[1:] + 1)), 1).astype(complex)
    return (plus + plus.conj().T) / 2, (plus - plus.conj().T) / 2j, np.diag(m).astype(complex)


def exact_spin_matrices(s):
    """The same with exact entries, for a SymPy rational s."""
    d = int(2 * s) + 1
    plus = sp.zeros(d, d)
    for k in range(1, d):
        m = s - k
        plus[k - 1, k] = sp.sqrt(s * (s + 1) - m * (m + 1))
    return (plus + plus.T) / 2, (plus - plus.T) / (2 * sp.I), sp.diag(*[s - k for k in range(d)])


def dims(spins):
    return [int(2 * s) + 1 for s in spins]


def kron(*factors):
    return reduce(np.kron, factors)


def site_spins(spins):
    """[(S_x, S_y, S_z)/ħ of site 0, …] on the whole space."""
    sizes = dims(spins)
    return [[kron(np.eye(math.prod(sizes[:i])), op, np.eye(math.prod(sizes[i + 1:]))) for op in spin_matrices(s)]
            for i, s in enumerate(spins)]


def coherent(s, m):
    """The density matrix of ⟨S⟩ = s m: the largest level of m·S."""
    _, vectors = np.linalg.eigh(sum(x * op for x, op in zip(m, spin_matrices(s), strict=True)))
    return np.outer(vectors[:, -1], vectors[:, -1].conj())


def mean_field(h, factors, sizes, kept):
    """Tr over all sites but `kept` of H times a product state; {sites: ρ} in `factors`, ascending sites each."""
    n = len(sizes)
    rows, columns = list(range(n)), list(range(n, 2 * n))
    arguments = [h.reshape(*sizes, *sizes), rows + columns]
    for sites, rho in factors.items():
        if sites != kept:
            shape = [sizes[i] for i in sites]
            arguments += [rho.reshape(*shape, *shape), [columns[i] for i in sites] + [rows[i] for i in sites]]
    found = np.einsum(*arguments, [rows[i] for i in kept] + [columns[i] for i in kept], optimize="greedy")
    d = math.prod(sizes[i] for i in kept)
    return found.reshape(d, d)


def pauli_strings(sites):
    """[(label, matrix)] lexicographic in 0, x, y, z, the identity left out."""
    labels = [""]
    for _ in range(sites):
        labels = [a + b for a in labels for b in "0xyz"]
    return [(label, kron(*(PAULI[letter] for letter in label))) for label in labels[1:]]


def dot(a, b):
    return sum(x @ y for x, y in zip(a, b, strict=True))


def cross(a, b):
    return a[1] @ b[2] - a[2] @ b[1], a[2] @ b[0] - a[0] @ b[2], a[0] @ b[1] - a[1] @ b[0]


def commutator(a, b):
    return a @ b - b @ a


def stevens(s):
    """Closed forms of Stevens operators O_k^q of spin s as usually tabulated, X = s(s + 1); {.} symmetrises halves."""
    x, y, z = exact_spin_matrices(s)
    one, X = sp.eye(int(2 * s) + 1), s * (s + 1)
    plus, minus = x + sp.I * y, x - sp.I * y

    def sym(a, b):
        return (a * b + b * a) / 2

    def even(k):
        return (plus**k + minus**k) / 2

    def odd(k):
        return (plus**k - minus**k) / (2 * sp.I)
    third = 5 * z**2 - X * one - one / 2
    inner = {4: {1: 7 * z**3 - (3 * X + 1) * z, 2: 7 * z**2 - (X + 5) * one, 3: z},
             6: {1: 33 * z**5 - (30 * X - 15) * z**3 + (5 * X**2 - 10 * X + 12) * z,
                 2: 33 * z**4 - (18 * X + 123) * z**2 + (X**2 + 10 * X + 102) * one,
                 3: 11 * z**3 - (3 * X + 59) * z, 4: 11 * z**2 - (X + 38) * one, 5: z}}
    return {(1, -1): y, (1, 0): z, (1, 1): x,
            (2, 0): 3 * z**2 - X * one, (2, 1): sym(z, x), (2, -1): sym(z, y),
            (2, 2): x**2 - y**2, (2, -2): x * y + y * x,
            (3, 0): 5 * z**3 - (3 * X - 1) * z, (3, 1): sym(third, x), (3, -1): sym(third, y),
            (3, 2): sym(z, even(2)), (3, -2): sym(z, odd(2)), (3, 3): even(3), (3, -3): odd(3),
            (4, 0): 35 * z**4 - (30 * X - 25) * z**2 + (3 * X**2 - 6 * X) * one, (4, 4): even(4), (4, -4): odd(4),
            (6, 0): 231 * z**6 - (315 * X - 735) * z**4 + (105 * X**2 - 525 * X + 294) * z**2
            - (5 * X**3 - 40 * X**2 + 60 * X) * one, (6, 6): even(6), (6, -6): odd(6),
            **{(k, q): sym(f, even(q)) for k, row in inner.items() for q, f in row.items()},
            **{(k, -q): sym(f, odd(q)) for k, row in inner.items() for q, f in row.items()}}


def term_matrix(term, spins, hbar, gamma, values):
    """H of one term, written out from the table of Hamiltonians: S_i = ħ × (dimensionless matrix)."""
    spin = [[hbar * op for op in ops] for ops in site_spins(spins)]
    if term.kind == "zeeman":
        field, g = numbers(term.B, values), np.eye(3)
        if isinstance(term.g, tuple):
            g = np.array([numbers(row, values) for row in term.g])
        elif term.g is not None:
            g = g * number(term.g, values)
        sites = range(len(spins)) if term.sites is None else term.sites
        return -gamma * sum(b * g[k, n] * spin[i][n] for i in sites for k, b in enumerate(field) for n in range(3))
    if term.kind == "exchange":
        return 4 * number(term.J, values) / hbar**2 * dot(spin[term.i], spin[term.j])
    if term.kind == "dmi":
        normal = cross(spin[term.i], spin[term.j])
        return 4 / hbar**2 * sum(d * n for d, n in zip(numbers(term.D, values), normal, strict=True))
    if term.kind in ("anisotropy", "bilinear"):
        matrix, j = (term.A, term.i) if term.kind == "anisotropy" else (term.M, term.j)
        entries = [numbers(row, values) for row in matrix]
        return sum(entries[k][n] * spin[term.i][k] @ spin[j][n] for k in range(3) for n in range(3)) / hbar**2
    if term.kind == "biquadratic":
        product = dot(spin[term.i], spin[term.j])
        return number(term.K, values) / hbar**4 * product @ product
    if term.kind == "zero-field":
        x, y, z = (op @ op / hbar**2 for op in spin[term.i])
        return number(term.D, values) * (z - (x + y + z) / 3) + number(term.E, values) * (x - y)
    if term.kind == "stevens":
        s = sp.Rational(str(spins[term.i]))
        found = sum((c * stevens(s)[k, q] for k, q, c in term.B), sp.zeros(int(2 * s) + 1))
        inside = [np.eye(int(2 * sp.Rational(str(other))) + 1) for other in spins]
        inside[term.i] = np.array(found.subs(values).evalf().tolist(), dtype=complex)
        return kron(*inside)
    if term.kind == "pauli":
        return number(term.c, values) * kron(*(PAULI["0xyz"["IXYZ".index(letter)]] for letter in term.letters))
    if term.kind == "operator":
        def entry(e):
            re, im = e.as_real_imag()
            return number(re, values) + 1j * number(im, values)
        return np.array([[entry(e) for e in row] for row in term.rows])
    raise AssertionError(f"no dense formula for {term.kind}")


def hamiltonian(model, values):
    """H of a model as a (d, d) array."""
    hbar, gamma = number(model.hbar, values), number(model.gamma, values)
    zero = np.zeros((model.space.dimension,) * 2, dtype=complex)
    return sum((term_matrix(term, model.space.spins, hbar, gamma, values) for term in model.terms), zero)


def residual(law, model, rho, drho, values):
    """R(ρ, ρ̇) of a quantum law, as printed in its source."""
    h, hbar = hamiltonian(model, values), number(model.hbar, values)
    if law.kind == "von-neumann":
        return drho - 1j / hbar * commutator(rho, h)
    if law.kind == "q-llg":
        return drho - 1j / hbar * commutator(rho, h) - 1j * number(law.kappa, values) * commutator(rho, drho)
    if law.kind == "q-ll":
        torque = commutator(rho, h)
        return drho - 1j / hbar * torque + number(law.kappa, values) / hbar * commutator(rho, torque)
    if law.kind == "dephasing":
        total = drho + 1j / hbar * commutator(h, rho)
        for ops in site_spins(model.space.spins):
            z = hbar * ops[2]
            total = total - number(law.rate, values) * (z @ rho @ z - (z @ z @ rho + rho @ z @ z) / 2)
        return total
    if law.kind == "local-gilbert":
        friction = number(law.alpha, values) * hbar * spin_part(model.space.spins, drho)
        return drho - 1j / hbar * commutator(rho, h + friction)
    raise AssertionError(f"no dense formula for {law.kind}")


def spin_part(spins, drho):
    """Σ_i (1/s_i) σ_i·Tr(ρ̇ σ_i), σ_i = S_i/ħ."""
    return sum(np.trace(drho @ op) / float(s) * op for s, ops in zip(spins, site_spins(spins), strict=True)
               for op in ops)


def velocity(law, model, rho, values):
    """Solve R(ρ, ρ̇) = 0 for ρ̇ as a dense linear system of d² unknowns."""
    d = len(rho)
    zero = residual(law, model, rho, np.zeros((d, d)), values)
    columns = []
    for k in range(d * d):
        unit = np.zeros(d * d)
        unit[k] = 1
        columns.append((residual(law, model, rho, unit.reshape(d, d), values) - zero).ravel())
    return np.linalg.solve(np.array(columns).T, -zero.ravel()).reshape(d, d)


def word_matrix(word, letters, values):
    """Value of a word of the free algebra with matrices for letters, "1" the identity."""
    total = 0
    for (k, names), c in word.terms.items():
        product = reduce(np.matmul, (letters[n] for n in names), letters["1"])
        total = total + 1j**k * number(c.as_expr(), values) * product
    return total


def coordinates(operators, matrix):
    """Tr(A M) for every operator A."""
    return np.array([np.trace(a @ matrix).real for a in operators])
