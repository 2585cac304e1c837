"""Spaces: which spins exist."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

HALF = Fraction(1, 2)


@pytest.mark.parametrize("spins", [("1/2", "1"), (0.5, 1), (sp.Rational(1, 2), sp.Integer(1)), (HALF, Fraction(1)),
                                   (np.float64(0.5), np.int64(1)), ("0.5", "1.0")], ids=repr)
def test_every_way_to_write_a_spin(spins):
    space = q.Space(*spins)
    assert space.spins == (HALF, Fraction(1))
    assert (space.sites, space.dimensions, space.dimension) == (2, (2, 3), 6)
    assert space == q.Space("1/2", "1")
    assert hash(space) == hash(q.Space("1/2", "1"))
    assert space != q.Space("1", "1/2")


def test_many_spins_half():
    assert q.Space.half(20).dimension == 2**20
    assert q.Space.half(3) == q.Space("1/2", "1/2", "1/2")
    assert q.Space.half(np.int32(3)) == q.Space.half(3)
    assert q.Space.half(2).is_half
    assert not q.Space("1/2", "1").is_half


@pytest.mark.parametrize("bad", ["0.3", 0, -1, "-1/2", "1/3", 0.25, sp.Rational(1, 4)], ids=repr)
def test_spins_that_do_not_exist(bad):
    with pytest.raises(q.ModelError, match="positive multiples of 1/2"):
        q.Space("1/2", bad)


@pytest.mark.parametrize("bad", ["x", "", None, "1/0", float("nan"), float("inf"), True, [1], 1j, b"1"], ids=repr)
def test_what_is_no_spin(bad):
    with pytest.raises(q.InputTypeError, match="`spins` must be numbers or strings"):
        q.Space("1/2", bad)


@pytest.mark.parametrize("bad", [0, -3, 2.0, "2", True, None], ids=repr)
def test_bad_number_of_sites(bad):
    with pytest.raises(q.QllgError, match="`sites` must be a positive integer"):
        q.Space.half(bad)


def test_no_site_is_refused():
    with pytest.raises(q.ModelError, match="at least one spin"):
        q.Space()


def test_symbolic_spin():
    s = sp.Symbol("s", positive=True)
    assert q.Space(s).symbolic
    assert q.Space(s).sites == 1
    assert not q.Space("1").symbolic
    with pytest.raises(q.ModelError, match="only `eta\\(\\)` works"):
        _ = q.Space(s).dimension
    for bad in ((sp.Symbol("s"),), (sp.Symbol("s", real=True),), (s, "1/2"), (s, s), ("1/2", s)):
        with pytest.raises(q.ModelError, match="positive"):
            q.Space(*bad)


def test_frozen():
    with pytest.raises(AttributeError):
        q.Space("1").spins = ()


@pytest.mark.parametrize("space", [q.Space("1/2", "3/2"), q.Space.half(20), q.Space("1")], ids=repr)
def test_repr_is_what_one_writes(space):
    name, arguments = repr(space).rstrip(")").split("(")
    values = [a.strip("' ") for a in arguments.split(",")]
    twin = q.Space.half(int(values[0])) if name == "Space.half" else q.Space(*values)
    assert twin == space
