"""What observables say that they are, under "Definition:" in their docstrings, computed for one density matrix.

The words are those of the docstring of `qllg_sym.observables`, with matrices of the tests' own.
"""

import ast
import inspect
import math
from textwrap import dedent

import numpy as np

import oracle


def definition(function):
    """The statements under "Definition:" of a docstring, and the value, its last line."""
    _, mark, rest = inspect.cleandoc(function.__doc__ or "").partition("Definition:\n")
    assert mark, f"the docstring of {function.__name__} must say what it is under \"Definition:\""
    *statements, last = ast.parse(dedent(rest.split("\n\n")[0])).body
    assert isinstance(last, ast.Expr), "the last line of a definition must be its value"
    return ast.Module(statements, []), ast.Expression(last.value)


def defined(function, rho, dims, arguments):
    """The value that the definition gives."""
    spins = [(d - 1) / 2 for d in dims]
    matrices = oracle.site_spins(spins)
    names = {"rho": rho, "N": len(dims), "S": lambda i: matrices[i], "s": lambda i: spins[i],
             "sigma": lambda word: oracle.kron(*(oracle.PAULI[letter] for letter in word)), "words": words,
             "tr": np.trace, "eig": lambda x: np.sort(np.linalg.eigvalsh(x))[::-1], "root": root, "log": np.log,
             "sv": lambda x: np.linalg.svd(x, compute_uv=False), "part": lambda x, kept: part(x, dims, kept), "np": np}
    assert not names.keys() & arguments.keys()
    names |= arguments
    statements, value = definition(function)
    exec(compile(statements, "<definition>", "exec"), names)
    return eval(compile(value, "<definition>", "eval"), names)


def words(n):
    """Names of all strings of n Pauli matrices, lexicographic in 0, x, y, z."""
    found = [""]
    for _ in range(n):
        found = [a + b for a in found for b in "0xyz"]
    return found


def root(x):
    """The square root of a positive matrix."""
    levels, vectors = np.linalg.eigh(x)
    return (vectors * np.sqrt(np.maximum(levels, 0))) @ vectors.conj().T


def part(rho, dims, kept):
    """The partial trace over all sites but those kept, one or several, in their order."""
    kept, n = np.ravel(kept).tolist(), len(dims)
    order = [*kept, *(site for site in range(n) if site not in kept)]
    size = math.prod(dims[i] for i in kept)
    tensor = rho.reshape(*dims, *dims).transpose(*order, *(n + i for i in order))
    return np.einsum("abcb->ac", tensor.reshape(size, len(rho) // size, size, len(rho) // size))
