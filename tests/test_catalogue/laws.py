"""Laws of motion with dampings that are none, and views that they do not have."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong
from test_catalogue.listed import TARGETS

HALF, PAIR = q.Space("1/2"), q.Space.half(2)
FIELD = q.Model(HALF, [q.Zeeman((0, 0, 1))])

WRONG = [
    Wrong("a damping that is text", lambda: q.QuantumLLG("kappa"), q.InputTypeError,
          "`kappa` must be a number or a SymPy expression, but is 'kappa'; give a number such as 0.5 or a real "
          "Symbol."),
    Wrong("a damping that is no number", lambda: q.QuantumLLG(np.nan), q.ModelError,
          "`kappa` must be a finite number, but is nan; give a finite value."),
    Wrong("a damping that is not real", lambda: q.QuantumLLG(sp.Symbol("kappa")), q.ModelError,
          "`kappa` must have real symbols, but `kappa` is not declared real; write `kappa = sympy.Symbol('kappa', "
          "real=True)`."),
    Wrong("a rate below zero", lambda: q.Lindblad([(-1, HALF.spin(0).minus)]), q.ModelError,
          "`rate` must not be negative, but is -1; give a rate such as 0.1."),
    Wrong("a rate without an operator", lambda: q.Lindblad([0.1]), q.InputTypeError,
          "`dissipators` must be a list of pairs (rate, operator), but one is of type float; write Lindblad([(0.1, "
          "space.spin(0).minus)])."),
    Wrong("a jump that is text", lambda: q.Lindblad([(0.1, "minus")]), q.InputTypeError,
          "`operator` must be a Hamiltonian term, an expression in spins or a matrix, but is of type str; write "
          'Operator(L), Pauli(1, "Z") or space.spin(0).minus.'),
    Wrong("a jump on a space of another size", lambda: q.Lindblad([(0.1, np.eye(3))]).derive(FIELD), q.ModelError,
          "`matrix` must be 2 × 2 for Space('1/2'), but is 3 × 3; give it in the product basis of all sites."),
    Wrong("two dampings at once", lambda: q.QuantumLLG(0.1) + q.QuantumLL(0.1), q.ModelError,
          "`law` must have one law without a dissipator, but has q-llg and q-ll; add Lindblad(…) or Dephasing(…)."),
    Wrong("a classical law beside a quantum one", lambda: q.QuantumLLG(0.1) + q.ClassicalLLG(0.1), q.ModelError,
          "`law` must be quantum to be added, but llg is classical; use it alone."),
    Wrong("a field that is none", lambda: q.ClassicalLLG(0.1, field="strong"), q.ModelError,
          "`field` must be \"paper\" or \"mean\", but is 'strong'; see ClassicalLLG."),
    Wrong("the paper's field of a term that the paper has not",
          lambda: q.ClassicalLLG(0.1).derive(q.Model(PAIR, q.Pauli(1, "XX"))).moments(), q.DerivationError,
          "`field` must be \"mean\" for a model with Pauli, but is \"paper\"; PRL's classical Hamiltonian has only "
          "Zeeman, Exchange and DMI."),
    Wrong("a law of a space", lambda: q.QuantumLLG(0.1).derive(HALF), q.InputTypeError,
          '`model` must be a Model, but is of type Space; write Model(Space("1/2"), [Zeeman((0, 0, 1))]).'),
    Wrong("moments of a quantum law", lambda: q.QuantumLLG(0.1).derive(FIELD).moments(), q.DerivationError,
          "`moments()` must have a classical law, but the law is q-llg; use `pauli()`, `coefficients()` or `eta()`."),
    Wrong("Paulis of a spin 1", lambda: q.QuantumLLG(0.1).derive(q.Model(q.Space("1"))).pauli(), q.DerivationError,
          "`pauli()` must have spins 1/2 only, but the space is Space('1'); use `coefficients()`, or `eta()` for "
          "one spin."),
    Wrong("η of two spins", lambda: q.QuantumLLG(0.1).derive(q.Model(PAIR)).eta(), q.DerivationError,
          "`eta()` must have one site, but the space has 2; use `coefficients()`."),
    Wrong("a target that is none", lambda: q.QuantumLLG(0.1).derive(FIELD).pauli().code("cobol"), q.InputError,
          f"`target` must be one of {TARGETS}, but is 'cobol'; choose one of those."),
    Wrong("a form that is none", lambda: q.QuantumLLG(0.1).derive(FIELD).pauli().kernel(form="short"), q.InputError,
          "`form` must be one of any, two-level, spectrum, but is 'short'; choose one of them."),
    Wrong("an exact solution of a law that has none", lambda: q.exact(FIELD, q.Dephasing(0.1), q.states.product("+x")),
          q.InputError,
          "`law` must keep the spectrum of a density matrix, but dephasing does not; use solve."),
    Wrong("a classical law solved exactly", lambda: q.exact(FIELD, q.ClassicalLLG(0.1), q.states.product("up")),
          q.InputError,
          "`law` must keep the spectrum of a density matrix, but llg does not; use solve."),
]
