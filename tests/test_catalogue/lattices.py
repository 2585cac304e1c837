"""Lattices: sizes, directions and positions that are none."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

CLASS = "`term` must be a class of terms on"

TWO = q.Model(q.Space(1, 1), q.chain(2, q.Bilinear, -1))
HEUN = "`method` must fit the problem, but 'heun' does not: "


def heun(law, **own):
    """Heun's scheme on two moments."""
    return q.solve(TWO, law, [[0, 0, 1], [1, 0, 0]], [0, 1], method="heun", options=own)


WRONG = [
    Wrong("no length of a step", lambda: heun(q.ClassicalLLG(0.1, "mean")), q.InputError, HEUN + "it needs the length "
          "of its steps, above 0, but has None; write options={\"step\": 0.01}; use method=\"auto\"."),
    Wrong("steps backwards", lambda: heun(q.ClassicalLLG(0.1, "mean"), step=-1), q.InputError, HEUN + "it needs the "
          "length of its steps, above 0, but has -1; write options={\"step\": 0.01}; use method=\"auto\"."),
    Wrong("one length of steps for the field of the paper", lambda: heun(q.ClassicalLLG(0.1), step=0.1), q.InputError,
          HEUN + "its law has the field \"paper\"; write ClassicalLLG(alpha, \"mean\"); use method=\"auto\"."),
    Wrong("two sites around a closed direction", lambda: q.cubic(3, 3, 2, q.Exchange, 1, periodic=True), q.ModelError,
          "`nz` must be 1 or at least 3 on a periodic lattice, but is 2, which would repeat its edges; leave out "
          "`periodic`."),
    Wrong("directions of a plane for a cube", lambda: q.cubic(3, 3, 3, q.Exchange, 1, periodic=(True, False)),
          q.InputTypeError, "`periodic` must be True or False, but is (True, False); give one of them, or a triple for "
          "x, y and z, such as (True, False, False) for a cylinder."),
    Wrong("no cells", lambda: q.triangular(3, 0, q.Exchange, 1), q.ModelError,
          "`ny` must be at least 1, but is 0; give more sites."),
    Wrong("half a cell", lambda: q.triangular(3, 1.5, q.Exchange, 1), q.InputTypeError,
          "`ny` must be a number of sites, but is 1.5; give an integer from 1 on."),
    Wrong("a site's term on bonds", lambda: q.triangular(3, 3, q.ZeroField, 1), q.InputTypeError,
          f"{CLASS} two sites, but is {q.ZeroField!r}; write q.Exchange."),
    Wrong("a bond's term on sites", lambda: q.from_sites(3, q.Exchange, 1), q.InputTypeError,
          f"{CLASS} one site, but is {q.Exchange!r}; write q.ZeroField."),
    Wrong("a list of other length than the sites", lambda: q.from_sites(3, q.ZeroField, [1, 2]), q.ModelError,
          "`D` must be one value for all sites or a list of 3, one a site, but is a list of 2; give 3."),
    Wrong("sites that are a text", lambda: q.from_sites("ab", q.ZeroField, 1), q.InputTypeError,
          "`sites` must be how many sites or which, but is 'ab'; write 3, or [0, 2]."),
    Wrong("a site that is a pair", lambda: q.from_sites([(0, 1)], q.ZeroField, 1), q.InputTypeError,
          "`sites` must be site numbers, but one is (0, 1); write [0, 2]."),
    Wrong("a site below the first", lambda: q.from_sites([0, -1], q.ZeroField, 1), q.ModelError,
          "`sites` must be numbered from 0, but one is -1; leave it out."),
    Wrong("a site twice", lambda: q.from_sites([2, 2], q.ZeroField, 1), q.ModelError,
          "`sites` must not repeat, but 2 comes twice; name each site once."),
    Wrong("positions in a plane", lambda: q.from_edges([(0, 1)], q.Exchange, 1, positions=np.zeros((2, 2))),
          q.ModelError, "`positions` must be three finite numbers for each of 2 sites, but has the shape (2, 2); give "
          "an array of shape (2, 3)."),
    Wrong("positions without a number", lambda: q.Model(q.Space(1), [], positions=[(0, 0, np.nan)]), q.ModelError,
          "`positions` must be three finite numbers for each of 1 sites, but is not finite everywhere; give an array "
          "of shape (1, 3)."),
    Wrong("positions in words", lambda: q.Model(q.Space(1), [], positions="origin"), q.InputTypeError,
          "`positions` must be three real numbers a site, but is of type str; give an array of shape (1, 3)."),
    Wrong("vectors in a plane", lambda: q.from_edges([(0, 1)], q.Exchange, 1, positions=np.eye(3)[:2],
                                                     vectors=[(1, 0)]), q.ModelError,
          "`vectors` must be up to three rows of three finite numbers, but is [(1, 0)]; write [(10, 0, 0)]."),
    Wrong("vectors in words", lambda: q.dipolar(1, [(0, 0, 0)], vectors="abc"), q.ModelError,
          "`vectors` must be up to three rows of three finite numbers, but is 'abc'; write [(10, 0, 0)]."),
    Wrong("vectors in one line", lambda: q.dipolar(1, [(0, 0, 0)], vectors=[(1, 0, 0), (2, 0, 0)]), q.ModelError,
          "`vectors` must point in different directions, but is [[1.0, 0.0, 0.0], [2.0, 0.0, 0.0]]; leave out those "
          "that others make."),
    Wrong("a vector of no length", lambda: q.dipolar(1, [(0, 0, 0)], vectors=[(0, 0, 0)]), q.ModelError,
          "`vectors` must point in different directions, but is [[0.0, 0.0, 0.0]]; leave out those that others make."),
    Wrong("dipoles beyond doubles", lambda: q.dipolar(1, [(0, 0, 0), (1e200, 0, 0)]), q.ModelError,
          "`sites` must be at distances whose cubes are doubles, but the whole is of size 1e+200; take another unit of "
          "length."),
    Wrong("dipoles at one place", lambda: q.dipolar(1, [(0, 0, 0), (1, 0, 0), (0, 0, 0)]), q.ModelError,
          "`sites` must be at different places, but 0 and 2 are at one; move one of them."),
    Wrong("many dipoles anywhere", lambda: q.dipolar(1, np.random.default_rng(0).normal(size=(91, 3))), q.ModelError,
          "`sites` must be a regular lattice or at most 90 positions, but are 91 positions; make them with q.square, "
          "q.triangular or q.cubic."),
    Wrong("dipoles in words", lambda: q.dipolar(1, "square"), q.InputTypeError, "`sites` must be a lattice or "
          "positions, but is of type str; write q.dipolar(1, q.square(4, 4, q.Exchange, -1))."),
    Wrong("dipoles of another lattice", lambda: q.Model(q.Space.half(99), q.dipolar(1, q.square(
        10, 10, q.Exchange, -1))), q.ModelError, "`sites` must be those of the space, which has 99, but are 100; make "
          "both of one size."),
]
