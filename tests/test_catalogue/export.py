"""Models that an engine on many machines cannot be handed."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

PAIR = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1)])

WRONG = [
    Wrong("an unknown engine", lambda: PAIR.export("xdaig"), q.InputError,
          "`target` must be one of xdiag, dynamite, but is 'xdaig' (did you mean xdiag?); choose one of them."),
    Wrong("spins that are not one half", lambda: q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))]).export("dynamite"),
          q.InputError, "`model` must have spins ½ for dynamite, but has Space('1'); use method=\"mps\"."),
    Wrong("a field in time to be exported", lambda: q.Model(q.Space("1/2"), [q.Zeeman((0, 0, q.t))]).export("xdiag"),
          q.InputError, "`model` must be constant in time for xdiag, but is not; export it for each piece."),
    Wrong("a matrix of numbers to be exported",
          lambda: q.Model(q.Space.half(2), np.diag([1.0, 0, 0, 2])).export("xdiag"), q.InputError,
          "`model` must be written in spins for xdiag, but holds a matrix on all sites; write it in "
          "terms."),
    Wrong("a bond that XDiag's distributed blocks lack",
          lambda: q.Model(q.Space.half(2), [q.DMI((1, 0, 0), 0, 1)]).export("xdiag"), q.InputError,
          "`model` must have bonds that keep total S_z for XDiag's distributed blocks, but that of sites 0 and 1 does "
          "not; export it for \"dynamite\"."),
    Wrong("three sites for XDiag", lambda: q.Model(q.Space.half(3), {"XYZ": 1}).export("xdiag"), q.InputError,
          "`model` must have terms on at most two sites for XDiag's distributed blocks, but one is X0 Y1 Z2; export it "
          "for \"dynamite\"."),
    Wrong("a law without a rate", lambda: PAIR.export("xdiag", law=q.Dephasing(0.1)), q.InputError,
          "`law` must keep the spectrum by a frame weight, but does not: dephasing does not keep the spectrum; leave "
          "it out."),
    Wrong("a damping in time", lambda: PAIR.export("xdiag", law=q.QuantumLLG(q.t)), q.InputError,
          "`law` must have a constant damping, but it depends on time; export it for each step."),
    Wrong("a tilted product to be exported", lambda: PAIR.export("xdiag", state=q.states.product("up", "+x")),
          q.StateError, "`state` must be a product of up and down to be exported, but is not; write "
          "states.product(\"up\", \"down\")."),
    Wrong("a product of other sites to be exported", lambda: PAIR.export("xdiag", state=q.states.product("up")),
          q.StateError, "`state` must have 2 sites, but has 1; give one label a site."),
]
