"""Exported texts rebuild H: TOML by XDiag's definitions of its ops, the script with a dense stand-in for dynamite."""

import sys
import tomllib
from functools import reduce
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from scipy.linalg import expm

import qllg_sym as q

X, Y, Z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0])
UP, DOWN = np.array([1.0, 0]), np.array([0, 1.0])


def embedded(matrix: np.ndarray, site: int, sites: int) -> np.ndarray:
    """Site 0 is the leftmost factor."""
    return reduce(np.kron, [matrix if k == site else np.eye(2) for k in range(sites)])


def model_of_everything(hbar: float = 1.0) -> q.Model:
    """Fields of every direction, exchange, Ising and DMI along z, over all distances."""
    terms = [q.Exchange(0.3, 0, 1), q.Exchange(-0.2, 0, 3), q.Bilinear([[0, 0, 0], [0, 0, 0], [0, 0, 1.1]], 1, 2),
             q.DMI((0, 0, 0.7), 2, 3), q.Zeeman((0.2, -0.4, 0.9), 1), q.Zeeman((0, 0, -0.3), 3)]
    return q.Model(q.Space.half(4), terms, hbar=hbar)


def dense(model: q.Model) -> np.ndarray:
    """H/ħ in Pauli matrices, written out: Exchange J σ·σ, DMI D·(σ × σ), fields −B·σ/2 ħγ."""
    hbar = float(model.hbar)

    def two(a: np.ndarray, i: int, b: np.ndarray, j: int) -> np.ndarray:
        return embedded(a, i, 4) @ embedded(b, j, 4)

    total = sum(J * two(p, i, p, j) for J, i, j in ((0.3, 0, 1), (-0.2, 0, 3)) for p in (X, Y, Z))
    total = total + 1.1 / 4 * two(Z, 1, Z, 2) + 0.7 * (two(X, 2, Y, 3) - two(Y, 2, X, 3))
    fields = -hbar / 2 * (0.2 * embedded(X, 1, 4) - 0.4 * embedded(Y, 1, 4) + 0.9 * embedded(Z, 1, 4))
    return np.asarray(total + fields + 0.3 * hbar / 2 * embedded(Z, 3, 4)) / hbar


def xdiag_matrix(text: str) -> np.ndarray:
    """H by XDiag's definitions: S± of spins ½, Exchange (J S+S- + J* S-S+)/2, complex numbers [re, im]."""
    found = tomllib.loads(text)
    n = found["Sites"]
    raising, lowering = (X + 1j * Y) / 2, (X - 1j * Y) / 2
    total = found["Offset"] * np.eye(2**n, dtype=complex)
    for number, op, *sites in found["Interactions"]:
        J = complex(*number) if isinstance(number, list) else complex(number)
        def at(matrix: np.ndarray, k: int) -> np.ndarray:
            return embedded(matrix, sites[k], n)           # noqa: B023
        if op == "Exchange":
            total += (J * at(raising, 0) @ at(lowering, 1) + np.conj(J) * at(lowering, 0) @ at(raising, 1)) / 2
        elif op == "SzSz":
            total += J * at(Z / 2, 0) @ at(Z / 2, 1)
        else:
            total += J * at({"Sz": Z / 2, "S+": raising, "S-": lowering}[op], 0)
    return total


def dynamite_module(sites: int) -> dict[str, ModuleType]:
    """A dense stand-in; spin 0 is the least significant bit there, so that matrices have the other order of sites."""
    class Operator(np.ndarray):
        def __mul__(self, other):
            return (np.matmul(self, other) if np.ndim(other) == 2 else np.multiply(self, other)).view(Operator)

        def __rmul__(self, other):
            return np.multiply(self, other).view(Operator)

    def sigma(matrix):
        return lambda i=0: embedded(matrix, sites - 1 - i, sites).astype(complex).view(Operator)

    class State:
        def __init__(self, state=None, vector=None):
            kets = [{"U": UP, "D": DOWN}[letter] for letter in reversed(state)] if state else []
            self.vector = reduce(np.kron, kets) if vector is None else vector

        def normalize(self):
            self.vector = self.vector / np.linalg.norm(self.vector)

    parts = {"operators": {"identity": lambda: np.eye(2**sites, dtype=complex).view(Operator),
                           "op_product": lambda ops: reduce(lambda a, b: a * b, ops),
                           "op_sum": lambda ops: sum(ops[1:], ops[0]),
                           **{f"sigma{a}": sigma(m) for a, m in (("x", X), ("y", Y), ("z", Z))}},
             "states": {"State": State},
             "computations": {"evolve": lambda H, psi, t: State(vector=expm(-1j * t * np.asarray(H)) @ psi.vector)},
             "": {"config": SimpleNamespace(L=None)}}
    found = {}
    for name, members in parts.items():
        module = ModuleType(f"dynamite.{name}".rstrip("."))
        vars(module).update(members)
        found[module.__name__] = module
    return found


def reversed_sites(array: np.ndarray, sites: int) -> np.ndarray:
    """The same with sites in the other order."""
    order = list(reversed(range(sites)))
    axes = order if array.ndim == 1 else [*order, *(sites + k for k in order)]
    return array.reshape([2] * sites * array.ndim).transpose(axes).reshape(array.shape)


def run_script(text: str, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    for name, module in dynamite_module(4).items():
        monkeypatch.setitem(sys.modules, name, module)
    space: dict[str, object] = {}
    exec(compile(text, "exported", "exec"), space)         # the text is a program
    return SimpleNamespace(**space)


@pytest.mark.parametrize("hbar", [1.0, 0.25])
def test_xdiag_rebuilds_h(hbar: float) -> None:
    model = model_of_everything(hbar)
    assert abs(xdiag_matrix(model.export("xdiag")) - dense(model)).max() < 1e-13


def test_a_changed_entry_is_another_h() -> None:
    model = model_of_everything()
    text = model.export("xdiag")
    assert "-0.8" in text
    assert abs(xdiag_matrix(text.replace("-0.8", "0.8")) - dense(model)).max() > 0.1


def test_dynamite_rebuilds_h_and_moves_as_the_law_does(monkeypatch: pytest.MonkeyPatch) -> None:
    model, law, start = model_of_everything(0.5), q.QuantumLLG(0.7), q.states.product("up", "down", "down", "up")
    script = run_script(model.export("dynamite", law=law, state=start), monkeypatch)
    H = np.asarray(script.hamiltonian())
    assert abs(reversed_sites(H, 4) - dense(model)).max() < 1e-13
    psi = script.start()
    for _ in range(5):
        psi = script.step(H, psi, 0.3)
    ket = reversed_sites(psi.vector, 4)
    run = q.solve(model, law, start, [0, 1.5])
    assert abs(np.outer(ket, ket.conj()) - run.final_state).max() < 1e-11


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.QuantumLL(0.5), q.VonNeumann()])
def test_the_rate_in_toml_moves_as_the_law_does(law: q.QuantumLLG) -> None:
    model, start = model_of_everything(), q.states.product("up", "down", "up", "up")
    text = model.export("xdiag", law=law, state=start)
    found = tomllib.loads(text)
    rate = complex(*found["Rate"]) if isinstance(found["Rate"], list) else complex(found["Rate"])
    ket = reduce(np.kron, [{"Up": UP, "Dn": DOWN}[s] for s in found["State"]])
    ket = expm(rate * 1.2 * xdiag_matrix(text)) @ ket
    ket /= np.linalg.norm(ket)
    assert abs(np.outer(ket, ket.conj()) - q.solve(model, law, start, [0, 1.2]).final_state).max() < 1e-11


def test_values_and_strings_of_three_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    import sympy as sp

    J = sp.Symbol("J", real=True)
    model = q.Model(q.Space.half(4), {"XYZI": J, "IIII": 0.5, "IXXI": 2 * J})
    script = run_script(model.export("dynamite", {"J": 0.3}), monkeypatch)
    expected = 0.5 * np.eye(16) + 0.3 * reduce(np.kron, [X, Y, Z, np.eye(2)]) \
        + 0.6 * reduce(np.kron, [np.eye(2), X, X, np.eye(2)])
    assert abs(reversed_sites(np.asarray(script.hamiltonian()), 4) - expected).max() < 1e-14
