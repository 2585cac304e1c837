"""Sectors of total S_z: what leads out of them, states of others, and what is known of the whole space alone."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

SPACE = q.Space.half(4, magnetisation=0)
CHAIN = q.Model(SPACE, q.chain(4, q.Exchange, 1))
LAW = q.QuantumLLG(0.5)
RING = q.Space.half(4, magnetisation=0, momentum=2)
CLOSED = q.Model(RING, [q.Exchange(1, i, (i + 1) % 4) for i in range(4)])
NEEL = q.states.product("up", "down", "up", "down")


def half(*args, **options):
    return lambda: q.Space.half(*args, **options)


def model(*terms):
    return lambda: q.Model(SPACE, terms)


def solve(state, law=LAW, **options):
    return lambda: q.solve(CHAIN, law, state, [0, 1], **options)


WRONG = [
    Wrong("no such magnetisation", half(3, magnetisation=0), q.ModelError,
          "`magnetisation` must be one of -3/2, -1/2, …, 3/2 for 3 spins 1/2, but is 0; it is (up − down)/2."),
    Wrong("a magnetisation beyond N/2", half(2, magnetisation=2), q.ModelError,
          "`magnetisation` must be one of -1, 0, …, 1 for 2 spins 1/2, but is 2; it is (up − down)/2."),
    Wrong("a magnetisation that is no number", half(2, magnetisation="up"), q.InputTypeError,
          "`magnetisation` must be a number or text such as \"1/2\", but is 'up'; write Space.half(2, "
          "magnetisation=0)."),
    Wrong("a magnetisation that is a truth value", half(3, magnetisation=True), q.InputTypeError,
          '`magnetisation` must be a number or text such as "1/2", but is True; write Space.half(3, '
          'magnetisation=1/2).'),
    Wrong("too many spins for a number", half(63, magnetisation="1/2"), q.ModelError,
          "`sites` must be at most 62 with `magnetisation`, but is 63; a state is one number of 64 bits."),
    Wrong("a field along x", model(q.Zeeman((1, 0, 0))), q.ModelError,
          "`terms` must keep the total S_z for Space.half(4, magnetisation=0), but `Zeeman −γ B·g·ΣS_i on every"
          " site, B = (1, 0, 0), g = 1; spins turn towards B` does not; take Space.half(4), or leave out what "
          "turns spins about another axis than z."),
    Wrong("half of an exchange", model(q.Exchange(1, 0, 1), q.Pauli(1, "XXII")), q.ModelError,
          "`terms` must keep the total S_z for Space.half(4, magnetisation=0), but `Pauli +c σ(XXII), c = 1 "
          "[energy]` does not; take Space.half(4), or leave out what turns spins about another axis than z."),
    Wrong("DMI along x", model(q.DMI((1, 0, 0), 0, 1)), q.ModelError,
          "`terms` must keep the total S_z for Space.half(4, magnetisation=0), but `DMI +(4/ħ²) D·(S_0×S_1), D "
          "= (1, 0, 0) [energy]; bond counted once, odd in i ↔ j` does not; take Space.half(4), or leave out "
          "what turns spins about another axis than z."),
    Wrong("a matrix on the whole space", model(q.Operator(np.eye(16))), q.ModelError,
          "`terms` must name the sites of each matrix for Space.half(4, magnetisation=0), but one is a matrix "
          "on the whole space; write Operator(matrix, sites)."),
    Wrong("a product state of another sector", solve(q.states.product("up", "up", "up", "down")), q.StateError,
          "`state` must belong to Space.half(4, magnetisation=0), but this product state belongs to "
          "Space.half(4, magnetisation=1); choose another state."),
    Wrong("a tilted product state", solve(q.states.product("+x", "up", "down", "down")), q.StateError,
          '`state` must point up or down at every site for Space.half(4, magnetisation=0), but one direction is'
          ' (1.0, 0.0, 0.0); write states.product("up", "down").'),
    Wrong("a ket of the whole space", solve(np.eye(16)[0]), q.StateError,
          "`state` must have shape (6, 6) or (6,) for Space.half(4, magnetisation=0), but has (16,); give it in"
          " the product basis of the sector alone."),
    Wrong("a Bell state that leaves the sector", lambda: q.solve(
        q.Model(q.Space.half(2, magnetisation=0), q.Exchange(1, 0, 1)), LAW, q.states.bell("phi+"), [0]),
        q.StateError,
          "`state` must belong to Space.half(2, magnetisation=0), but the phi+ state belongs to Space('1/2', "
          "'1/2'); choose another state."),
    Wrong("a Werner state, whose background is of the whole space", lambda: q.solve(
        q.Model(q.Space.half(2, magnetisation=0), q.Exchange(1, 0, 1)), LAW, q.states.werner("psi-", 0.9), [0]),
        q.StateError,
          "`state` must belong to Space.half(2, magnetisation=0), but the psi- state of p = 0.9 belongs to "
          "Space('1/2', '1/2'); choose another state."),
    Wrong("a random state of the whole space", solve(q.states.random(q.Space.half(4), 1)), q.StateError,
          "`state` must belong to Space.half(4, magnetisation=0), but this random state belongs to another "
          "space; choose another state."),
    Wrong("a ground state of the whole space", solve(q.states.ground(
        q.Model(q.Space.half(4), q.chain(4, q.Exchange, 1)))), q.StateError,
          "`state` must belong to Space.half(4, magnetisation=0), but this thermal or ground state belongs to "
          "Space('1/2', '1/2', '1/2', '1/2'); choose another state."),
    Wrong("components", solve(NEEL, method="pauli"), q.InputError,
          "`method` must fit the problem, but 'pauli' does not: kets of one total S_z have no such components; "
          "use method=\"auto\"."),
    Wrong("components of an equation", lambda: LAW.derive(CHAIN).pauli(), q.ModelError,
          "`space` must be a whole space for components, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("cumulants of an equation", lambda: LAW.derive(CHAIN).cumulants(), q.ModelError,
          "`space` must be a whole space for cumulants, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("symmetries", lambda: CHAIN.symmetries(), q.ModelError,
          "`space` must be a whole space for symmetries, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("fifty digits", lambda: q.exact(CHAIN, LAW, NEEL), q.ModelError,
          "`space` must be a whole space for an exact solution in symbols or digits, but is Space.half(4, "
          "magnetisation=0); take Space.half(4)."),
    Wrong("classical moments", lambda: q.solve(CHAIN, q.ClassicalLLG(0.5), np.eye(3)[[2, 2, 2, 2]], [0, 1]),
          q.ModelError,
          "`space` must be a whole space for a classical law, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("local friction", solve(NEEL, q.LocalGilbert(0.1), method="local"), q.InputError,
          "`method` must fit the problem, but 'local' does not: spins about x and y lead out of a sector of "
          "total S_z; use method=\"auto\"."),
    Wrong("a hybrid law", lambda: q.Hybrid(0, 0, clusters=[(0, 1)], classical=[2, 3]).derive(CHAIN), q.ModelError,
          "`space` must be a whole space for a hybrid law, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("noise", lambda: q.langevin(CHAIN, LAW, NEEL, [0, 1], q.Bath(1)), q.ModelError,
          "`space` must be a whole space for noise, but is Space.half(4, magnetisation=0); take Space.half(4)."),
    Wrong("an exact ensemble", lambda: q.canonical(CHAIN, [1, 0, 0, 0, 0, 0], 1), q.ModelError,
          "`space` must be a whole space for a canonical ensemble, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("a response", lambda: q.response(CHAIN, LAW, "ground"), q.ModelError,
          "`space` must be a whole space for a response, but is Space.half(4, magnetisation=0); take "
          "Space.half(4)."),
    Wrong("a reading that leaves the sector", lambda: q.solve(CHAIN, LAW, NEEL, [0, 1]).expectation(
        SPACE.spin(0).x), q.ModelError,
          "`terms` must keep the total S_z for Space.half(4, magnetisation=0), but `Spins +(S_0x), S in units "
          "of ħ [energy]` does not; take Space.half(4), or leave out what turns spins about another axis than "
          "z."),
    Wrong("an observable that leaves the sector", solve(NEEL, observe={"x": q.Pauli(1, "XIII")}), q.ModelError,
          "`terms` must keep the total S_z for Space.half(4, magnetisation=0), but `Pauli +c σ(XIII), c = 1 "
          "[energy]` does not; take Space.half(4), or leave out what turns spins about another axis than z."),
    Wrong("QuTiP's shape", lambda: q.qllgsolve(CHAIN, np.eye(6)[0], [0, 1], kappa=0.5), q.ModelError,
          "`space` must be a whole space for kets of QuTiP's shape, but is Space.half(4, magnetisation=0); take"
          " Space.half(4)."),
    Wrong("a wave number of spins of any S_z", half(4, momentum=0), q.ModelError,
          "`magnetisation` must be given with `momentum`, but is not; write Space.half(4, magnetisation=0, "
          "momentum=0)."),
    Wrong("no such wave number", half(4, magnetisation=0, momentum=4), q.ModelError,
          "`momentum` must be an integer from 0 to 3 for a ring of 4 spins, but is 4; the wave number is 2π/4 times "
          "it."),
    Wrong("a wave number that is no integer", half(4, magnetisation=0, momentum=0.5), q.ModelError,
          "`momentum` must be an integer from 0 to 3 for a ring of 4 spins, but is 0.5; the wave number is 2π/4 times "
          "it."),
    Wrong("a reflection alone", half(4, magnetisation=0, reflection=1), q.ModelError,
          "`momentum` must be an integer from 0 to 3 for a ring of 4 spins, but is None; the wave number is 2π/4 times "
          "it."),
    Wrong("no such reflection", half(4, magnetisation=0, momentum=0, reflection=2), q.ModelError,
          "`reflection` must be 1, −1 or None, but is 2; leave it out."),
    Wrong("a reflection of a running wave", half(4, magnetisation=0, momentum=1, reflection=1), q.ModelError,
          "`reflection` must be left out unless `momentum` is 0 or half of the sites, but it is 1 of 4; a reflection "
          "turns 1 into 3."),
    Wrong("no state of a wave number", half(4, magnetisation=2, momentum=1), q.ModelError,
          "`momentum` must be that of a state with 0 of 4 spins down, but there is none with momentum 1; choose "
          "another."),
    Wrong("no state of a reflection", half(4, magnetisation=1, momentum=0, reflection=-1), q.ModelError,
          "`momentum` must be that of a state with 1 of 4 spins down, but there is none with momentum 0 and reflection "
          "-1; choose another."),
    Wrong("a wave number on an open chain", lambda: q.Model(RING, q.chain(4, q.Exchange, 1)), q.ModelError,
          "`terms` must stay the same in a step around the ring from each site to the next for Space.half(4, "
          "magnetisation=0, momentum=2), but `Exchange +(4J/ħ²) S_0·S_1, J = 1 [energy]; J > 0 antiferromagnetic, bond "
          "counted once` does not; take Space.half(4, magnetisation=0), or add what it is carried to."),
    Wrong("a reflection where spins turn", lambda: q.Model(
        q.Space.half(4, magnetisation=0, momentum=2, reflection=1),
        [q.DMI((0, 0, 1), i, (i + 1) % 4) for i in range(4)]), q.ModelError,
          "`terms` must stay the same when the ring is reflected for Space.half(4, magnetisation=0, momentum=2, "
          "reflection=1), but `DMI +(4/ħ²) D·(S_0×S_1), D = (0, 0, 1) [energy]; bond counted once, odd in i ↔ j` does "
          "not; take Space.half(4, magnetisation=0, momentum=2), or add what it is carried to."),
    Wrong("a product state on a ring of one wave number", lambda: q.solve(CLOSED, LAW, NEEL, [0, 1]), q.StateError,
          "`state` must have one wave number for Space.half(4, magnetisation=0, momentum=2), but a product state has "
          "several; take Space.half(4, magnetisation=0), or a ket in the basis of the sector."),
    Wrong("a ket of all wave numbers", lambda: q.solve(CLOSED, LAW, np.eye(6)[0], [0, 1]), q.StateError,
          "`state` must have the one wave number of Space.half(4, magnetisation=0, momentum=2), but a part 0.87 of "
          "its length has others; take Space.half(4, magnetisation=0)."),
    Wrong("a ket of no sector", lambda: q.solve(CLOSED, LAW, np.eye(5)[0], [0, 1]), q.StateError,
          "`state` must have shape (2, 2) or (2,) for Space.half(4, magnetisation=0, momentum=2), but has (5,); give "
          "it in the product basis of one product state for each orbit."),
    Wrong("a reading of one bond on a ring of one wave number", lambda: q.solve(
        CLOSED, LAW, q.states.ground(CLOSED), [0]).expectation(q.Pauli(1, "ZZII")), q.ModelError,
          "`terms` must stay the same in a step around the ring from each site to the next for Space.half(4, "
          "magnetisation=0, momentum=2), but `Pauli +c σ(ZZII), c = 1 [energy]` does not; take Space.half(4, "
          "magnetisation=0), or add what it is carried to."),
]
