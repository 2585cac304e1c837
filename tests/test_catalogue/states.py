"""States that are none."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

HALF = q.Space("1/2")


def spin(state):
    """Solve for one spin ½ in a field, from a state."""
    return lambda: q.solve(q.Model(HALF, [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.5), state, [0, 1])


def moment(state):
    """Solve for one classical moment in a field."""
    return lambda: q.solve(q.Model(HALF, [q.Zeeman((0, 0, 1))]), q.ClassicalLLG(0.5), state, [0, 1])


WRONG = [
    Wrong("trace two", spin(np.eye(2)), q.StateError,
          "`state` must have trace 1 within 1e-10, but has trace 2; divide it by its trace."),
    Wrong("not Hermitian", spin([[0.5, 0.1], [0.2, 0.5]]), q.StateError,
          "`state` must be Hermitian within 1e-10, but ρ − ρ† has an entry of size 0.1; give (ρ + ρ†)/2."),
    Wrong("a negative eigenvalue", spin(np.diag([1.1, -0.1])), q.StateError,
          "`state` must have no negative eigenvalue below −1e-10, but has -0.1; give a positive matrix."),
    Wrong("a ket too long", spin([1.0, 1.0]), q.StateError,
          "`state` must have norm 1 within 1e-10, but the ket has norm 1.41421356237; divide it by its norm."),
    Wrong("a matrix too large", spin(np.eye(3) / 3), q.StateError,
          "`state` must have shape (2, 2) or (2,) for Space('1/2'), but has (3, 3); give it in the product basis of"
          " all sites."),
    Wrong("not a number", spin(np.diag([np.nan, 1])), q.StateError,
          "`state` must be finite, but holds NaN or infinity; give finite numbers."),
    Wrong("a word", spin("up"), q.InputTypeError,
          "`state` must be a density matrix, a ket, a Qobj or one of qllg_sym.states, but is of type str; write "
          'states.product("up", "down").'),
    Wrong("nothing", spin(None), q.InputTypeError,
          "`state` must be a density matrix, a ket, a Qobj or one of qllg_sym.states, but is of type NoneType; "
          'write states.product("up", "down").'),
    Wrong("a Bell state of one spin", spin(q.states.bell("psi+")), q.StateError,
          "`state` must belong to Space('1/2'), but the psi+ state belongs to two spins 1/2; choose another state."),
    Wrong("two labels for one spin", spin(q.states.product("up", "up")), q.StateError,
          "`state` must belong to Space('1/2'), but this product state belongs to 2 sites; choose another state."),
    Wrong("a label that is none", lambda: q.states.product("left"), q.StateError,
          "`spins` must be of up, down, +x, -x, +y, -y, +z, -z, but one is 'left'; write product(\"up\", \"down\")."),
    Wrong("a label misspelt", lambda: q.states.product("dwon"), q.StateError,
          "`spins` must be of up, down, +x, -x, +y, -y, +z, -z, but one is 'dwon' (did you mean down?); write "
          'product("up", "down").'),
    Wrong("labels in a list", lambda: q.states.product(["up", "down"]), q.StateError,
          "`spins` must be of up, down, +x, -x, +y, -y, +z, -z, but one is ['up', 'down']; write product(\"up\", "
          '"down").'),
    Wrong("a Bell state that is none", lambda: q.states.bell("psi"), q.StateError,
          "`name` must be one of psi+, psi-, phi+, phi-, but is 'psi' (did you mean psi- or psi+?); "
          'write bell("psi+").'),
    Wrong("more than all singlet", lambda: q.states.werner("psi-", 1.1), q.StateError,
          "`p` must lie between −1/3 and 1, but is 1.1; a larger weight is not a state."),
    Wrong("a direction without length", lambda: q.states.coherent(HALF, [(0, 0, 0)]), q.StateError,
          "`directions` must be unit vectors within 1e-10, but one has length 0; divide it by its length."),
    Wrong("an η too long", lambda: q.states.eta(q.Space("1"), (0, 0, 1.01)), q.StateError,
          "`eta` must have |η| ≤ 1/(ħs) = 1, but has |η| = 1.01; a longer one makes a probability negative."),
    Wrong("a rank above the dimension", lambda: q.states.random(HALF, rank=3), q.StateError,
          "`rank` must be an integer from 1 to 2, but is 3; 1 is a pure state."),
    Wrong("no temperature", lambda: q.states.thermal(q.Model(HALF), np.nan), q.StateError,
          "`beta` must be finite, but is nan; give a finite number."),
    Wrong("two lowest states", spin(q.states.ground(q.Model(HALF))), q.StateError,
          "`ground` must have a unique ground state, but the lowest level of this model is degenerate; give a ket, "
          "or thermal(model, beta)."),
    Wrong("weights that do not add up", spin(q.LowRank([0.5], [[1], [0]])), q.StateError,
          "`state` must have trace 1 within 1e-10, but has trace 0.5; divide it by its trace."),
    Wrong("weights without kets", lambda: q.LowRank([1.0, 2.0], [[1], [0]]), q.StateError,
          "`weights` must be one a ket, but are 2 for 1 kets; give 1, or as many columns of `kets`."),
    Wrong("two moments for one spin", moment([[1, 0, 0]] * 2), q.StateError,
          "`state` must have shape (1, 3) for a classical law, but has (2, 3); give one row a site."),
    Wrong("a moment too long", moment([[1, 1, 0]]), q.StateError,
          "`state` must hold unit moments within 1e-10, but that of site 0 has length 1.41421356237; divide each "
          "row by its length."),
    Wrong("a ket for a classical law", moment(q.states.product("up")), q.InputTypeError,
          "`state` must be 1 moments, one row of three a site, for a classical law, but is of type Coherent; give "
          "an array of shape (1, 3), such as its `directions`."),
]
