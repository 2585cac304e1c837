"""Searches of the lowest levels: what has none, how many there are, and options that a way does not have."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

PAIR = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1)])
WRONG = [
    Wrong("levels of a matrix", lambda: q.lowest(np.eye(4)), q.InputTypeError,
          "`model` must be a Model, but is of type ndarray; write Model(space, terms)."),
    Wrong("levels by an unknown way", lambda: q.lowest(PAIR, method="lanzcos"), q.InputError,
          "`method` must be one of lanczos, mps, q-llg, but is 'lanzcos' (did you mean lanczos?); choose one of them."),
    Wrong("levels of a drive", lambda: q.lowest(q.Model(q.Space.half(1), [q.Zeeman((0, 0, q.t))])), q.InputError,
          "`model` must be constant in time to have levels, but depends on t; write model.subs({q.t: 0})."),
    Wrong("more levels than there are", lambda: q.lowest(PAIR, k=5), q.InputError,
          "`k` must be an integer from 1 to 4, but is 5; give 4, say."),
    Wrong("no levels", lambda: q.lowest(PAIR, k=0), q.InputError,
          "`k` must be an integer from 1 to 4, but is 0; give 4, say."),
    Wrong("levels to no digits", lambda: q.lowest(PAIR, tol=2), q.InputError,
          "`tol` must be a number from 1e-14 to 1, but is 2; give 1e-10."),
    Wrong("a seed that is no number", lambda: q.lowest(PAIR, seed="x"), q.InputError,
          "`seed` must be an integer of at least 0, but is 'x'; leave it out."),
    Wrong("an option of another way", lambda: q.lowest(PAIR, options={"kappa": 1}), q.InputError,
          "`options` must be of block for the method 'lanczos', but has 'kappa'; drop it."),
    Wrong("a block wider than the levels", lambda: q.lowest(q.Model(q.Space.half(9)), k=1, options={"block": 2}),
          q.InputError, "`options[\"block\"]` must be an integer from 1 to k = 1, but is 2; leave it out."),
    Wrong("a block for a matrix", lambda: q.lowest(PAIR, options={"block": 0}), q.InputError,
          "`options[\"block\"]` must be an integer from 1 to k = 4, but is 0; leave it out."),
    Wrong("levels of a pair as matrix products", lambda: q.lowest(PAIR, method="mps"), q.InputError,
          "`model` must have more than 2 sites for the method 'mps', but has 2; take method=\"lanczos\"."),
    Wrong("options of a search in a list", lambda: q.lowest(PAIR, options=[1]), q.InputTypeError,
          "`options` must be a mapping of a method's own options, but is [1]; write options={…}."),
    Wrong("a search by the law without damping", lambda: q.lowest(PAIR, method="q-llg", options={"kappa": 0}),
          q.InputError, "`options[\"kappa\"]` must be a positive number, but is 0; leave it out for the best one."),
]
