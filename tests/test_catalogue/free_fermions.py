"""Free fermions: terms that are not quadratic and why, states that are not Gaussian, laws that leave them."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

FOUR = q.Space.half(4)
CHAIN = [q.Pauli(1, "XXII"), q.Pauli(1, "IYYI")]
XX = [q.Bilinear([[1, 0, 0], [0, 1, 0], [0, 0, 0]], i, i + 1) for i in range(3)]
UP = q.states.product("up", "down", "up", "down")
LAW = q.QuantumLLG(0.5)


def solved(terms=CHAIN, state=UP, law=LAW, space=FOUR, **options):
    return q.solve(q.Model(space, terms), law, state, [0, 1], **({"method": "gaussian"} | options))


def quadratic(shown, why):
    return ("`model` must be an open chain of couplings xx, yy, xy, yx of neighbours and fields along z to be free "
            f"fermions, but has {shown}: {why}; take another method.")


FAR = ("its sites are not neighbours (a ring closes with such a term, too): the sites in between make it a product of "
       "many fermions")
WRONG = [
    Wrong("a field across z on free fermions", lambda: solved([*CHAIN, q.Zeeman((1, 0, 0), [2])]), q.ModelError,
          quadratic("σx on the site 2", "a field across z changes the number of fermions by one")),
    Wrong("fermions that interact", lambda: solved([q.Exchange(1, 0, 1)]), q.ModelError,
          quadratic("σzz on the sites 0, 1", "fermions interact by it")),
    Wrong("next-nearest neighbours as free fermions", lambda: solved([q.Pauli(1, "XIXI")]), q.ModelError,
          quadratic("σxx on the sites 0, 2", FAR)),
    Wrong("a ring of free fermions", lambda: solved([*CHAIN, q.Pauli(1, "YIIY")]), q.ModelError,
          quadratic("σyy on the sites 0, 3", FAR)),
    Wrong("one x beside one z as free fermions", lambda: solved([q.Pauli(1, "XZII")]), q.ModelError,
          quadratic("σxz on the sites 0, 1", "it changes the number of fermions by an odd number")),
    Wrong("four x as free fermions", lambda: solved([q.Pauli(1, "XXXX")]), q.ModelError,
          quadratic("σxxxx on the sites 0, 1, 2, 3", "it is not quadratic in fermions")),
    Wrong("a spin 1 as a free fermion", lambda: solved([], space=q.Space("1/2", "1")), q.ModelError,
          "`model` must have spins ½ to be free fermions, but site 1 has spin 1; take another method."),
    Wrong("a matrix of numbers as free fermions", lambda: solved(np.eye(16)), q.ModelError,
          "`model` must be written in terms to be free fermions, but has a matrix of numbers; write it as terms, such "
          "as "
          "Pauli(J, \"XX\")."),
    Wrong("a tilted spin as a Gaussian state", lambda: solved(state=q.states.product("up", "+x", "up", "up")),
          q.StateError, "`state` must have every spin along +z or −z for the method 'gaussian', but that of site 1 "
          "points "
          "along (1, 0, 0); a tilted spin is not Gaussian; take another method."),
    Wrong("a mixed state as a pure Gaussian one", lambda: solved(state=np.eye(16) / 16), q.StateError,
          "`state` must be pure for the method 'gaussian', because mixed Gaussian states do not stay Gaussian, but is "
          "mixed; take another method."),
    Wrong("a ket that is not Gaussian", lambda: solved(state=np.eye(16)[0] / 2**0.5 + np.eye(16)[15] / 2**0.5),
          q.StateError, "`state` must be Gaussian for the method 'gaussian', such as a product of spins along ±z, but "
          "C² "
          "misses C by 0.25; take another method."),
    Wrong("a product of other sites as a Gaussian state", lambda: solved(state=q.states.product("up")), q.StateError,
          "`state` must belong to 4 spins ½, but this product has 1 sites; choose another state."),
    Wrong("a density matrix of many sites as a Gaussian state",
          lambda: solved([], space=q.Space.half(40), state=np.eye(2)), q.StateError,
          "`state` must be a product of spins up and down, a ground state of free fermions or a GaussianState for the "
          "method 'gaussian' and more than 12 sites, but is of type ndarray; write states.product(\"up\", \"down\", "
          "…)."),
    Wrong("a degenerate ground state of free fermions",
          lambda: solved([], space=q.Space.half(40), state=q.states.ground(q.Model(q.Space.half(40)))), q.StateError,
          "`state` must be a ground state that is not degenerate, but a mode has no energy; choose a product state, "
          "or a "
          "small field."),
    Wrong("a Gaussian state of other sites", lambda: solved(state=q.GaussianState(np.eye(3, 1), 3)), q.StateError,
          "`state` must have 4 sites, but has 3; choose another state."),
    Wrong("a Gaussian state for kets", lambda: solved(state=q.GaussianState(np.eye(4, 1), 4), method="auto"),
          q.StateError, "`state` must be a state with kets for this method, but is a GaussianState; write "
          "method=\"gaussian\"."),
    Wrong("a frame of another shape", lambda: q.GaussianState(np.eye(5, 1), 4), q.StateError,
          "`frame` must have shape (4, r) or (8, 4) for 4 sites, but has (5, 1); give one column a mode."),
    Wrong("a frame that is not orthonormal", lambda: q.GaussianState(2 * np.eye(4, 1), 4), q.StateError,
          "`frame` must have orthonormal columns within 1e-10, but they miss it by 3; take the Q of their QR "
          "decomposition."),
    Wrong("dephasing of free fermions", lambda: solved(law=q.Dephasing(1)), q.InputError,
          "`law` must keep pure states pure for the method 'gaussian', but dephasing does not keep the spectrum; take "
          "another."),
    Wrong("classical moments as free fermions", lambda: solved(law=q.ClassicalLLG(0.1)), q.InputError,
          "`law` must be quantum for the method 'gaussian', but is llg; leave `method` out."),
    Wrong("an option that free fermions do not have", lambda: solved(options={"bond": 4}), q.InputError,
          "`options` must be empty for the method 'gaussian', but has 'bond'; drop it."),
    Wrong("a row of free fermions that is tilted",
          lambda: q.solve_many(q.Model(FOUR, CHAIN), LAW, [UP, q.states.product("up", "+x", "up", "up")], [0, 1],
                               method="gaussian"), q.StateError,
          "`states[1]` must have every spin along +z or −z for the method 'gaussian', but that of site 1 points along "
          "(1, 0, 0); a tilted spin is not Gaussian; take another method."),
    Wrong("an observable that free fermions do not have", lambda: solved(observe={"B": "purity"}), q.InputError,
          "`observe` must name energy, profile or the bloch of a site for the method 'gaussian', but 'purity' is none "
          "of them; give a function of the GaussianState."),
    Wrong("a matrix as an observable of free fermions", lambda: solved(observe={"B": np.eye(16)}), q.InputTypeError,
          "`observe['B']` must be a function of the GaussianState, \"energy\", \"profile\" or \"bloch0\" for the "
          "method "
          "'gaussian', but is of type ndarray; write a function."),
    Wrong("a block with a hole", lambda: solved().entropy([0, 2]), q.InputError,
          "`sites` must be neighbouring sites for the entropy of free fermions, but are not; take the eigenvalues of "
          "`reduced` for a few others."),
    Wrong("a cut outside the chain", lambda: solved().entropy(5), q.InputError,
          "`sites` must be a cut after 1 to 4 sites, but is 5; give half of them."),
    Wrong("an entropy of order 0 of free fermions", lambda: solved().entropy(2, 0), q.InputError,
          "`order` must be above 0 for a block of free fermions, but is 0; give 1 for von Neumann's entropy."),
    Wrong("a letter that is no Pauli matrix", lambda: solved().pauli_mean({0: "w"}), q.InputError,
          "`letters` must be x, y or z, but one is 'w'; write {0: \"x\", 1: \"x\"}."),
    Wrong("a panel that free fermions do not have", lambda: solved().plot("purity"), q.InputError,
          "`what` must be of bloch, profile, energy, nonlocality, observed here, but is 'purity'; choose of these."),
    Wrong("a time whose Gaussian state is not kept", lambda: solved().at(0.5), q.InputError,
          "`t` must be a time whose state is kept, but is 0.5, and 2 are kept; solve for it."),
    Wrong("a product outside the sector of free fermions",
          lambda: solved(space=q.Space.half(4, magnetisation=0), terms=XX, state=q.states.product(*["up"] * 4)),
          q.StateError, "`state` must have the total S_z of Space.half(4, magnetisation=0), but has 2; choose another "
          "state, or Space.half(4)."),
]
