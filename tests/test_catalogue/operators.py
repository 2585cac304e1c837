"""Hamiltonians that are none: sums that are not Hermitian, operators and bit strings that nobody knows."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

PAIR = q.Space.half(2)
J, PLAIN = sp.Symbol("J", real=True), sp.Symbol("J")
S0, S1 = PAIR.spin(0), PAIR.spin(1)


def model(terms, space=PAIR, **options):
    """Make a model."""
    return lambda: q.Model(space, terms, **options)


WRONG = [
    Wrong("a ladder operator alone", model(J * S0.plus), q.ModelError,
          "`expression` must be Hermitian, but is J S_0x + Ji S_0y; add its adjoint, as in X + X.adjoint()."),
    Wrong("half of a flip-flop", model(J * S0.plus * S1.minus), q.ModelError,
          "`expression` must be Hermitian, but is J S_0x S_1x − Ji S_0x S_1y + Ji S_0y S_1x + J S_0y S_1y; add its "
          "adjoint, as in X + X.adjoint()."),
    Wrong("an imaginary coupling", model(sp.I * J * S0.x), q.ModelError,
          "`expression` must be Hermitian, but is Ji S_0x; add its adjoint, as in X + X.adjoint()."),
    Wrong("a product of one site that is not Hermitian", model(S0.x * S0.y), q.ModelError,
          "`expression` must be Hermitian, but is S_0x S_0y; add its adjoint, as in X + X.adjoint()."),
    Wrong("a spin of another space", model(q.Space.half(3).spin(2).x), q.ModelError,
          "`spin(i)` must be a site from 0 to 1, but is 2; sites are numbered from 0."),
    Wrong("a site that is not there", lambda: PAIR.spin(2), q.ModelError,
          "`i` must be a site from 0 to 1, but is 2; sites are numbered from 0."),
    Wrong("a site that is no number", lambda: PAIR.spin("a"), q.InputTypeError,
          "`i` must be a site number, but is 'a'; give an integer from 0 to 1."),
    Wrong("a spin that is no half integer", lambda: q.Space("1/3"), q.ModelError,
          '`spins` must be positive multiples of 1/2, but one is 1/3; write "1/2", "1", "3/2", ….'),
    Wrong("a negative spin", lambda: q.Space("-1/2"), q.ModelError,
          '`spins` must be positive multiples of 1/2, but one is -1/2; write "1/2", "1", "3/2", ….'),
    Wrong("no site at all", lambda: q.Space(), q.ModelError,
          '`Space` must have at least one spin, but has none; write Space("1/2").'),
    Wrong("a symbol that is not real", lambda: q.Exchange(PLAIN, 0, 1), q.ModelError,
          "`J` must have real symbols, but `J` is not declared real; write `J = sympy.Symbol('J', real=True)`."),
    Wrong("a coupling that is text", lambda: q.Exchange("J", 0, 1), q.InputTypeError,
          "`J` must be a number or a SymPy expression, but is 'J'; give a number such as 0.5 or a real Symbol."),
    Wrong("a coupling that is no number", lambda: q.Exchange(np.nan, 0, 1), q.ModelError,
          "`J` must be a finite number, but is nan; give a finite value."),
    Wrong("a complex coupling", lambda: q.Exchange(1j, 0, 1), q.ModelError,
          "`J` must be real, but is 1j; give a real number."),
    Wrong("a symbol named like time", lambda: q.Exchange(sp.Symbol("t", real=True), 0, 1), q.ModelError,
          "Symbol `t` must not be named like time, a state, a velocity or a spectral invariant, but `t` is "
          "reserved; use `qllg_sym.t` for time."),
    Wrong("a site twice", model(q.Exchange(1, 0, 0)), q.ModelError,
          "`i` and `j` must be different sites, but both are 0; name the two ends of the bond."),
    Wrong("a letter that is none", model({"XQ": 1}), q.ModelError,
          "`letters` must be made of I, X, Y, Z, but is 'XQ'; write \"XZ\"."),
    Wrong("too few letters", model({"X": 1}), q.ModelError,
          "`letters` must name one Pauli matrix for each of the spins of Space('1/2', '1/2'), all 1/2, but is 'X'; "
          "give one letter a site, I where it does not act."),
    Wrong("small letters", lambda: q.Pauli(1, "xx"), q.ModelError,
          "`letters` must be made of I, X, Y, Z, but is 'xx'; write \"XZ\"."),
    Wrong("Paulis on a spin 1", model({"X": 1}, q.Space("1")), q.ModelError,
          "`letters` must name one Pauli matrix for each of the spins of Space('1'), all 1/2, but is 'X'; give one "
          "letter a site, I where it does not act."),
    Wrong("an imaginary weight of a Pauli string", model({"XY": 1j}), q.ModelError,
          "`c` must be real, but is 1j; give a real number."),
    Wrong("a Pauli string that is a number", model({3: 1}), q.InputTypeError,
          '`letters` must be a string of I, X, Y, Z, but is 3; write "XZ".'),
    Wrong("a matrix that is not Hermitian", model(np.triu(np.ones((4, 4)))), q.ModelError,
          "`matrix` must be Hermitian, but entry (1, 0) is 0 and entry (0, 1) is 1; give (M + M†)/2."),
    Wrong("a matrix of another size", model(np.eye(3)), q.ModelError,
          "`matrix` must be 4 × 4 for Space('1/2', '1/2'), but is 3 × 3; give it in the product basis of all sites."),
    Wrong("a matrix that is not square", model(np.ones((4, 2))), q.ModelError,
          "`matrix` must be square, but its rows differ in length; give a d × d matrix."),
    Wrong("a matrix with NaN", model(np.full((4, 4), np.nan)), q.ModelError,
          "`matrix[i, j]` must be a finite number, but is nan; give a finite value."),
    Wrong("a matrix on too few sites", lambda: q.Model(PAIR, q.Operator(np.eye(4), sites=[0])), q.ModelError,
          "`matrix` must be 2 × 2 for sites [0], but is 4 × 4; give it in the product basis of these sites."),
    Wrong("a matrix on a site twice", lambda: q.Operator(np.eye(4), sites=[0, 0]), q.ModelError,
          "`sites` must be different sites, but is [0, 0]; name each site once."),
    Wrong("a class in place of a term", model([q.Exchange]), q.InputTypeError,
          "`terms` must be Hamiltonian terms, but is or has the class Exchange; write [Zeeman((0, 0, 1)), "
          'Exchange(1, 0, 1)], a sum of terms, {"XX": J}, or a matrix.'),
    Wrong("text in place of terms", model("XX"), q.InputTypeError,
          "`terms` must be Hamiltonian terms, but is or has 'XX'; write [Zeeman((0, 0, 1)), Exchange(1, 0, 1)], a "
          'sum of terms, {"XX": J}, or a matrix.'),
    Wrong("a function in place of terms", model([lambda t: t]), q.InputTypeError,
          "`terms` must be Hamiltonian terms, but is or has the function <lambda>; write [Zeeman((0, 0, 1)), "
          'Exchange(1, 0, 1)], a sum of terms, {"XX": J}, or a matrix.'),
    Wrong("a spin in place of a space", model([], "1/2"), q.InputTypeError,
          '`space` must be a Space, but is of type str; write Space("1/2", "1/2").'),
    Wrong("hbar of zero", model([], hbar=0), q.ModelError,
          "`hbar` must be positive, but is 0; give a positive number or Symbol."),
]
