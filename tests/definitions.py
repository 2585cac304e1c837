"""What observables and states say that they are, under "Definition:" in their docstrings, in matrices of our own.

The words are those of the docstrings of `qllg_sym.observables` and `qllg_sym.flow.states.kinds`.
"""

import ast
import inspect
import math
from functools import reduce
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


def defined(function, dims, names):
    """The value that the definition gives, of sites of these dimensions, with some names more."""
    spins = [(d - 1) / 2 for d in dims]
    matrices = oracle.site_spins(spins)
    words = {"N": len(dims), "S": lambda i: matrices[i], "s": lambda i: spins[i], "one": np.eye(math.prod(dims)),
             "sigma": lambda word: oracle.kron(*(oracle.PAULI[letter] for letter in word)), "words": strings,
             "tr": np.trace, "eig": lambda x: np.sort(np.linalg.eigvalsh(x))[::-1], "log": np.log, "np": np,
             "sv": lambda x: np.linalg.svd(x, compute_uv=False), "part": lambda x, kept: part(x, dims, kept),
             "root": lambda x: function_of(lambda level: np.sqrt(np.maximum(level, 0)), x), "top": top,
             "exp": lambda x: function_of(np.exp, x), "prod": lambda matrices: reduce(np.matmul, matrices)}
    assert not words.keys() & names.keys()
    words |= names
    statements, value = definition(function)
    exec(compile(statements, "<definition>", "exec"), words)
    return eval(compile(value, "<definition>", "eval"), words)


def strings(n):
    """Names of all strings of n Pauli matrices, lexicographic in 0, x, y, z."""
    found = [""]
    for _ in range(n):
        found = [a + b for a in found for b in "0xyz"]
    return found


def function_of(f, x):
    """A function of a Hermitian matrix."""
    levels, vectors = np.linalg.eigh(x)
    return (vectors * f(levels)) @ vectors.conj().T


def top(x):
    """The projector on the highest level of a Hermitian matrix."""
    return function_of(lambda levels: (levels > levels.max() - 1e-9).astype(float), x)


def part(rho, dims, kept):
    """The partial trace over all sites but those kept, one or several, in their order."""
    kept, n = np.ravel(kept).tolist(), len(dims)
    order = [*kept, *(site for site in range(n) if site not in kept)]
    size = math.prod(dims[i] for i in kept)
    tensor = rho.reshape(*dims, *dims).transpose(*order, *(n + i for i in order))
    return np.einsum("abcb->ac", tensor.reshape(size, len(rho) // size, size, len(rho) // size))
