"""Every coefficient that the door lets in works in every view: denominators, roots, functions of time."""

import pytest
import sympy as sp

import oracle
import qllg_sym as q

a, b = sp.symbols("a b", real=True)
p = sp.Symbol("p", positive=True)
VALUES = {a: 0.7, b: -1.3, p: 0.4, q.t: 0.9, q.gap: 0.8}
COEFFICIENTS = [1 / (1 + a**2), (1 + a) / (2 + b**2), 1 / (1 + a**2) / (3 + b), sp.exp(q.t) / (1 + a**2),
                sp.sqrt(p) / (1 + p), a / (b * (1 + b)), sp.sqrt(3) * a, sp.sqrt(2) / 3, p**sp.Rational(3, 2),
                1 / sp.sqrt(p), sp.pi / a, sp.sin(q.t)**2 * sp.cos(a * q.t), sp.exp(-q.t), sp.tanh(a) / 7,
                sp.Abs(a), 1 / (sp.sin(q.t) + 2)]
NAMES = [str(c) for c in COEFFICIENTS]


def close(found, expected, values):
    """Two lists of expressions have the same values."""
    assert oracle.numbers(found, values) == pytest.approx(oracle.numbers(expected, values), rel=1e-12, abs=1e-13)


def states(comp):
    return {s: 0.1 + 0.17 * k - 0.03 * k * k for k, s in enumerate((*comp.states, *comp.velocities))}


@pytest.mark.parametrize("coefficient", COEFFICIENTS, ids=NAMES)
@pytest.mark.parametrize("view", ["pauli", "coefficients", "eta", "two-level", "moments"])
def test_a_coefficient_enters_as_a_symbol_would(view, coefficient):
    """Deriving with a plain symbol and replacing it afterwards is the independent path."""
    symbol = sp.Symbol("x", real=True)

    def views(x):
        spins = {"pauli": ("1/2", "1/2"), "coefficients": ("1",), "moments": ("1/2", "1/2")}.get(view, ("1/2",))
        terms = [q.Zeeman((x, 0, 2), sites=[0])] + ([q.Exchange(x, 0, 1)] if len(spins) > 1 else [])
        if view == "coefficients":
            terms.append(q.Anisotropy([[0, x, 0], [x, 0, 0], [0, 0, 1]], 0))
        law = q.ClassicalLLG(0.5, field="mean") if view == "moments" else q.QuantumLLG(0.5)
        equation = law.derive(q.Model(q.Space(*spins), terms, hbar=2))
        comp = getattr(equation, {"two-level": "pauli"}.get(view, view))()
        return comp, comp.two_level() if view == "two-level" else comp.residual
    (comp, found), (_, plain) = views(coefficient), views(symbol)
    close(found, [e.xreplace({symbol: coefficient}) for e in plain], {**VALUES, **states(comp)})


@pytest.mark.parametrize("damping", COEFFICIENTS, ids=NAMES)
@pytest.mark.parametrize("law", [q.QuantumLL, q.QuantumLLG, q.Dephasing, q.ClassicalLLG, q.ClassicalLL],
                         ids=lambda law: law.kind)
def test_a_damping_enters_as_a_symbol_would(law, damping):
    symbol = sp.Symbol("x", real=True)
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, b, 2))])

    def views(x):
        equation = law(x).derive(model)
        comp = equation.moments() if law.classical else equation.pauli()
        return comp, [*comp.residual, *(comp.two_level() if law in (q.QuantumLL, q.QuantumLLG) else ())]
    (comp, found), (_, plain) = views(damping), views(symbol)
    close(found, [e.xreplace({symbol: damping}) for e in plain], {**VALUES, **states(comp)})


@pytest.mark.parametrize("hbar", [p / 3, 1 / p, 1 / (1 + p), sp.sqrt(p), sp.sqrt(2), 1 + p], ids=str)
@pytest.mark.parametrize("view", ["pauli", "eta"])
def test_hbar_enters_as_a_symbol_would(view, hbar):
    symbol = sp.Symbol("x", positive=True)

    def views(x):
        terms = [q.Zeeman((1, a, 0))] + ([q.Bilinear(b, 0, 1)] if view == "pauli" else [])
        system = q.Model(q.Space(*["1/2"] * (2 if view == "pauli" else 1)), terms, hbar=x, gamma=1 / (1 + a**2))
        comp = getattr(q.Dephasing(1 / (2 + b)).derive(system), view)()
        return comp, comp.residual
    (comp, found), (_, plain) = views(hbar), views(symbol)
    close(found, [e.xreplace({symbol: hbar}) for e in plain], {**VALUES, **states(comp)})
