"""`qllgsolve`, `qllsolve` and `llgsolve`: messages name their own arguments."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong
from test_catalogue.listed import METHODS

Z, UP = np.diag([1.0, -1.0]), [1.0, 0.0]


def call(**change):
    """Call `qllgsolve` with one argument changed."""
    given = {"H": Z, "rho0": UP, "tlist": [0, 1], "kappa": 0.5} | change
    return lambda: q.qllgsolve(**given)


def classical(**change):
    """Call `llgsolve` with one argument changed."""
    given = {"H": Z, "m0": [[1, 0, 0]], "tlist": [0, 1], "alpha": 0.5} | change
    return lambda: q.llgsolve(**given)


WRONG = [
    Wrong("H that is not Hermitian", call(H=[[0, 1], [0, 0]]), q.ModelError,
          "`H` must be Hermitian, but entry (1, 0) is 0 and entry (0, 1) is 1; give (M + M†)/2."),
    Wrong("H that is a vector", call(H=[1, 2]), q.InputTypeError,
          "`H` must be a Qobj, a square matrix or a Model, but has shape (2,); for time dependence give a Model."),
    Wrong("no H", call(H=None), q.InputTypeError,
          "`H` must be a Qobj, a square matrix or a Model, but is of type NoneType; for time dependence give a "
          "Model."),
    Wrong("a state of another size", call(rho0=[1.0, 0, 0]), q.StateError,
          "`rho0` must have shape (2, 2) or (2,) for Space('1/2'), but has (3,); give it in the product basis of "
          "all sites."),
    Wrong("a state that is not normed", call(rho0=[1.0, 1.0]), q.StateError,
          "`rho0` must have norm 1 within 1e-10, but the ket has norm 1.41421356237; divide it by its norm."),
    Wrong("times that go back", call(tlist=[1, 0]), q.InputError,
          "`tlist` must be a strictly increasing list of at least one finite time, but is 1 followed by 0; write "
          "numpy.linspace(0, 10, 101)."),
    Wrong("a damping in text", call(kappa="0.5"), q.InputTypeError,
          "`kappa` must be a number or a SymPy expression, but is '0.5'; give a number such as 0.5 or a real "
          "Symbol."),
    Wrong("an e_op of another size", call(e_ops=[np.eye(3)]), q.InputTypeError,
          "`e_ops[0]` must be an operator of shape (2, 2) or a function of (t, state), but is of type ndarray and "
          "shape (3, 3); act on the whole space."),
    Wrong("an e_op that is text", call(e_ops={"z": "sz"}), q.InputTypeError,
          "`e_ops['z']` must be an operator of shape (2, 2) or a function of (t, state), but is of type str and "
          "shape none; act on the whole space."),
    Wrong("e_ops whose names print alike", call(e_ops={1: Z, "1": Z}), q.InputError,
          "`e_ops` must have names that print differently, but are named [1, '1']; rename one."),
    Wrong("a collapse operator of another size", call(c_ops=[np.eye(3)]), q.InputError,
          "`c_ops[0]` must be an operator of shape (2, 2), but has (3, 3); act on the whole space."),
    Wrong("a collapse operator that is text", call(c_ops="minus"), q.InputTypeError,
          "`c_ops[0]` must be an operator of shape (2, 2), but is of type str; give a Qobj, an array, a term or an "
          "expression in spins."),
    Wrong("a rate in time", call(c_ops=[[Z, "exp(-t)"]]), q.InputTypeError,
          "`c_ops[0]` must be one constant operator, but is a list; for a rate in time take `q.solve` and "
          "Lindblad([(rate, L)])."),
    Wrong("args that are a list", call(args=[1]), q.InputTypeError,
          "`args` must be a mapping, but is [1]; write args={…}."),
    Wrong("args that nothing asks for", call(args={"w": 1}), q.InputError,
          "`args` must name parameters, but has 'w'; drop it, since there are no parameters."),
    Wrong("options that are a list", call(options=[1]), q.InputTypeError,
          "`options` must be a mapping, but is [1]; write options={…}."),
    Wrong("a misspelt option", call(options={"store_state": True}), q.InputError,
          "`options` must be of method, rtol, atol, max_step, breakpoints, progress_bar, progress_kwargs, "
          "store_states, store_final_state, normalize_output, but has 'store_state' (did you mean store_states?); "
          "drop it."),
    Wrong("a limit of steps", call(options={"nsteps": 10**4}), q.InputError,
          "`options` must be without 'nsteps', since the number of steps has no limit here; drop it."),
    Wrong("the order of an integrator", call(options={"order": 5}), q.InputError,
          "`options` must be without 'order', since steps are chosen here by the tolerances alone; drop it."),
    Wrong("renormalisation", call(options={"normalize_output": True}), q.InputError,
          "`options['normalize_output']` must be False, since states are never renormalised here; drop it."),
    Wrong("an integrator of QuTiP", call(options={"method": "adams"}), q.InputError,
          f"`options['method']` must be auto or one of {METHODS}, but 'adams' is an integrator of QuTiP; drop "
          "it."),
    Wrong("a method that is none", call(options={"method": "rk4"}), q.InputError,
          f"`options['method']` must be one of auto, {METHODS}, but is 'rk4'; choose one of them."),
    Wrong("a tolerance above one", call(options={"rtol": 2}), q.InputError,
          "`options['rtol']` must be at least 3e-14 and below 1, but is 2; write rtol=1e-10."),
    Wrong("a bar that is none", call(options={"progress_bar": "fancy"}), q.InputError,
          "`options['progress_bar']` must be of \"\", tqdm, text, enhanced, html, a bool or a function of the "
          "fraction done, but is 'fancy'; write \"text\"."),
    Wrong("a chunk that is none", call(options={"progress_kwargs": {"chunk_size": 0}}), q.InputError,
          "`options['progress_kwargs']` must hold a chunk_size above 0 and up to 100 alone, but is {'chunk_size': "
          '0}; write {"chunk_size": 10}.'),
    Wrong("a word for what to store", call(options={"store_states": "yes"}), q.InputTypeError,
          "`options['store_states']` must be True, False or None, but is 'yes'; choose one of them."),
    Wrong("a moment too long", classical(m0=[[1, 1, 0]]), q.StateError,
          "`m0` must hold unit moments within 1e-10, but that of site 0 has length 1.41421356237; divide each row "
          "by its length."),
    Wrong("a ket for moments", classical(m0=UP), q.StateError,
          "`m0` must have shape (1, 3) for a classical law, but has (2,); give one row a site."),
    Wrong("an operator of moments", classical(e_ops=[Z]), q.InputTypeError,
          "`e_ops[0]` must be a function of (t, moments), but is of type ndarray; write lambda t, m: m[0, 2]."),
    Wrong("a field that is none", classical(field="strong"), q.ModelError,
          "`field` must be \"paper\" or \"mean\", but is 'strong'; see ClassicalLLG."),
    Wrong("a quantum method", classical(options={"method": "exact"}), q.InputError,
          "`options['method']` must fit the problem, but 'exact' does not: the law is classical; drop it."),
]
