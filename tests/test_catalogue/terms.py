"""Terms with arguments that they do not take."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

ONE, HALF, PAIR = q.Space("1"), q.Space("1/2"), q.Space.half(2)
J = sp.Symbol("J", real=True)

WRONG = [
    Wrong("a field of two components", lambda: q.Zeeman((0, 1)), q.ModelError,
          "`B` must have three components, but has 2; write B=(Bx, By, Bz)."),
    Wrong("a field that is a number", lambda: q.Zeeman(1), q.ModelError,
          "`B` must have three components, but has 1; write B=(Bx, By, Bz)."),
    Wrong("a g tensor of two rows", lambda: q.Zeeman((0, 0, 1), g=[[1, 0], [0, 1]]), q.InputTypeError,
          "`g` must be a 3×3 real matrix, but is [[1, 0], [0, 1]]; give three rows of three."),
    Wrong("a field on a site that is not there", lambda: q.Model(PAIR, q.Zeeman((0, 0, 1), sites=[2])), q.ModelError,
          "`sites` must be a site from 0 to 1, but is 2; sites are numbered from 0."),
    Wrong("a DM vector that is a number", lambda: q.DMI(1, 0, 1), q.ModelError,
          "`D` must have three components, but has 1; write D=(Dx, Dy, Dz)."),
    Wrong("an anisotropy that is a number", lambda: q.Anisotropy(1, 0), q.ModelError,
          "`A` must be a 3×3 matrix, but is a number, which makes S·A·S the constant A s(s + 1); write A = [[0, 0, "
          "0], [0, 0, 0], [0, 0, D]] for D S_z²."),
    Wrong("an anisotropy that is not symmetric",
          lambda: q.Anisotropy([[0, 1, 0], [0, 0, 0], [0, 0, 0]], 0), q.ModelError,
          "`A` must be symmetric, but A[0][1] = 1 and A[1][0] = 0; give (A + Aᵀ)/2."),
    Wrong("an anisotropy of a spin ½", lambda: q.Model(HALF, q.Anisotropy(np.diag([0, 0, 1]), 0)), q.ModelError,
          "`Anisotropy` must act on a spin of at least 1, but site 0 has spin 1/2, where S·A·S/ħ² is the constant "
          "Tr A/4; drop the term, or use Bilinear between two sites."),
    Wrong("a zero-field splitting of a spin ½", lambda: q.Model(HALF, q.ZeroField(1, 0)), q.ModelError,
          "`ZeroField` must act on a spin of at least 1, but site 0 has spin 1/2, where it is zero; drop the term."),
    Wrong("a Stevens operator of odd rank", lambda: q.Stevens({(3, 0): 1}, 0), q.ModelError,
          "`B` must have k = 2, 4 or 6 and q from −k to k, but has (3, 0); see Stevens."),
    Wrong("a Stevens operator beyond the spin", lambda: q.Model(ONE, q.Stevens({(4, 0): 1}, 0)), q.ModelError,
          "`B` must have k of at most 2s, but O_4^0 is zero on site 0, of spin 1; leave it out."),
    Wrong("a Stevens component beyond its rank", lambda: q.Stevens({(2, 3): 1}, 0), q.ModelError,
          "`B` must have k = 2, 4 or 6 and q from −k to k, but has (2, 3); see Stevens."),
    Wrong("a bilinear of two rows", lambda: q.Bilinear([[1, 0], [0, 1]], 0, 1), q.InputTypeError,
          "`M` must be a 3×3 real matrix, but is [[1, 0], [0, 1]]; give three rows of three."),
    Wrong("an exchange with a site that is not there", lambda: q.Model(PAIR, q.Exchange(1, 0, 5)), q.ModelError,
          "`j` must be a site from 0 to 1, but is 5; sites are numbered from 0."),
    Wrong("a term times text", lambda: q.Exchange(1, 0, 1) * "2", q.InputTypeError,
          "`factor` must be a number or a SymPy expression, but is '2'; give a number such as 0.5 or a real Symbol."),
    Wrong("a term times an imaginary number", lambda: q.Exchange(1, 0, 1) * 1j, q.ModelError,
          "`factor` must be real, but is 1j; give a real number."),
    Wrong("a term times a symbol that is not real", lambda: sp.Symbol("x") * q.Exchange(1, 0, 1), q.ModelError,
          "`factor` must have real symbols, but `x` is not declared real; write `x = sympy.Symbol('x', real=True)`."),
    Wrong("a chain of one site", lambda: q.chain(1, q.Exchange, 1), q.ModelError,
          "`n` must be at least 2, but is 1; give more sites."),
    Wrong("a ring of two sites", lambda: q.ring(2, q.Exchange, 1), q.ModelError,
          "`n` must be at least 3, but is 2; give more sites."),
    Wrong("a square without an edge", lambda: q.square(0, 3, q.Exchange, 1), q.ModelError,
          "`nx` must be at least 1, but is 0; give more sites."),
    Wrong("an edge that ends where it begins", lambda: q.from_edges([(0, 0)], q.Exchange, 1), q.ModelError,
          "`edges` must join different sites, but one is (0, 0); leave it out."),
    Wrong("an edge of three sites", lambda: q.from_edges([(0, 1, 2)], q.Exchange, 1), q.InputTypeError,
          "`edges` must be pairs of sites, but one is (0, 1, 2); write [(0, 1), (1, 2)]."),
    Wrong("a chain of a term of one site", lambda: q.chain(3, q.Zeeman, (0, 0, 1)), q.InputTypeError,
          "`term` must be a class of terms on two sites, but is <class 'qllg_sym.model.terms.zeeman.Zeeman'>; write"
          " q.Exchange."),
    Wrong("a replacement that does not occur", lambda: q.Model(PAIR, q.Exchange(J, 0, 1)).subs({"K": 1}), q.InputError,
          "`replacements` must be of symbols that occur (J), but has K; choose among these."),
]
