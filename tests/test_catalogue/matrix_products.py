"""Chains that matrix product states cannot take."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

LAW = q.QuantumLLG(0.5)
FOUR = q.Model(q.Space.half(4), q.chain(4, q.Exchange, 1))
NEEL = q.states.product("up", "down", "up", "down")


def solved(model=FOUR, law=LAW, state=NEEL, **words):
    """Ask for matrix product states."""
    return lambda: q.solve(model, law, state, [0, 1], method="mps", **words)


def chirality(n):
    """A term on both ends and a site between them."""
    space = q.Space.half(n)
    first, middle, last = (space.spin(k) for k in (0, n // 2, n - 1))
    return q.Model(space, [*q.ring(n, q.Exchange, 1), first.dot(middle.cross(last))])


WRONG = [
    Wrong("an unknown option", solved(options={"bonds": 3}), q.InputError,
          "`options` must be of bond, cut, step, tolerance for the method 'mps', but has 'bonds' (did you mean bond?); "
          "drop it."),
    Wrong("half a bond dimension", solved(options={"bond": 2.5}), q.InputError,
          "`options[\"bond\"]` must be a positive integer, but is 2.5; give 128, say."),
    Wrong("a negative cut", solved(options={"cut": -1}), q.InputError,
          "`options['cut']` must be a number from 1e-30 to 0.1, but is -1; leave it out to have it chosen by the "
          "tolerance."),
    Wrong("a step of zero", solved(options={"step": 0}), q.InputError,
          "`options['step']` must be a positive number, but is 0; leave it out to have it chosen by the tolerance."),
    Wrong("three distant sites", solved(chirality(12), state=q.states.product(*["up", "down"] * 6)), q.InputError,
          "`model` must have terms on two sites, or on more that are near, in windows of at most 64 dimensions, for "
          "method=\"mps\", but one on 3 sites reaches from site 0 to 11, 4096 dimensions; number the sites so that "
          "these are near, or take method=\"auto\" for a small space."),
    Wrong("a mixed state on a chain", solved(state=np.diag([0.5, 0.5, *[0] * 14])), q.StateError,
          "`state` must be pure, or a background and one ket, for method=\"mps\", but is mixed; use "
          "method=\"low-rank\" or \"frame\"."),
    Wrong("a law that mixes", solved(law=q.Dephasing(0.1)), q.InputError,
          "`method` must fit the law, but 'mps' does not: dephasing does not keep the spectrum; use method=\"auto\"."),
    Wrong("moments on a chain of matrices", solved(law=q.ClassicalLLG(0.1)), q.InputError,
          "`law` must be quantum on all sites for method=\"mps\", but is classical; use method=\"auto\"."),
    Wrong("a chain of one site", solved(q.Model(q.Space("1/2")), state=q.states.product("up")), q.InputError,
          "`model` must have at least two sites for method=\"mps\", but has one; use method=\"auto\"."),
    Wrong("a matrix of numbers as a chain", solved(q.Model(q.Space.half(2), np.diag([1.0, 0, 0, 2])),
                                                   state=q.states.product("up", "up")), q.InputError,
          "`model` must be a sum of terms on few sites for method=\"mps\", but holds a matrix on all "
          "sites; write it in spins."),
    Wrong("a random state of a hundred spins", solved(q.Model(q.Space.half(100), q.chain(100, q.Exchange, 1)),
                                                      state=q.states.ground(FOUR)), q.StateError,
          "`state` must be a product of spins, or a MatrixProductState, where there are 100 sites, but is of type "
          "Thermal; write states.product(\"up\", \"down\", …)."),
    Wrong("a product of fewer sites", solved(state=q.states.product("up", "down")), q.StateError,
          "`state` must belong to Space('1/2', '1/2', '1/2', '1/2'), but this product state belongs to 2 sites; choose "
          "another state."),
    Wrong("an end by a condition on a chain", solved(stop=lambda t, state: True), q.InputError,
          "`stop` must be left out for method=\"mps\", but is given; look at the readings afterwards."),
    Wrong("a reading that a chain does not have", solved(observe={"x": "purity"}), q.InputError,
          "`observe` must name energy, profile, the bloch of a site or the entanglement of so many left sites for "
          "method=\"mps\", but 'purity' is none of them; give a function of the state."),
    Wrong("one of many chains too short",
          lambda: q.solve_many(FOUR, LAW, [NEEL, q.states.product("up", "down")], [0, 1], method="mps"), q.StateError,
          "`states[1]` must belong to Space('1/2', '1/2', '1/2', '1/2'), but this product state belongs to 2 sites; "
          "choose another state."),
]
