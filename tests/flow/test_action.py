"""H·v without a matrix, against dense matrices and against strings applied letter by letter."""

import functools
import math

import numpy as np
import pytest
import scipy.sparse.linalg as sla
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies
from qllg_sym.codegen.compiler import find
from qllg_sym.flow.hamiltonians import action as module
from qllg_sym.flow.hamiltonians import clusters, pauli_kernel
from qllg_sym.flow.hamiltonians import passes as planning
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.cover import cover

J, B = sp.symbols("J B", real=True)
TARGETS = ("c", "numpy")


def kets(d, r, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d, r)) + 1j * rng.normal(size=(d, r))


def close(a, b, scale=1.0):
    return np.abs(a - b).max(initial=0.0) <= 1e-13 * (1 + scale) * (1 + np.abs(b).max(initial=0.0))


def letter_by_letter(letters, ket):
    """A Pauli string on a ket (2^N, r): one axis after another."""
    shape = (*[2] * len(letters), -1)
    result = ket.reshape(shape)
    for site, letter in enumerate(letters):
        if letter != "I":
            matrix = oracle.PAULI[letter.lower()]
            result = np.moveaxis(np.tensordot(matrix, result, (1, site)), 0, site)
    return result.reshape(ket.shape)


def random_strings(sites, count, seed, most=3):
    """Strings with at most `most` letters, the identity, and one that flips every site."""
    rng = np.random.default_rng(seed)
    found = {"I" * sites: 0.3, "".join(rng.choice(list("XY"), sites)): -0.7}
    for _ in range(count):
        letters = ["I"] * sites
        for site in rng.choice(sites, min(most, sites), replace=False):
            letters[site] = rng.choice(list("IXYZ"))
        found["".join(letters)] = float(np.round(rng.normal(), 3))
    return found


def string_model(strings):
    return q.Model(q.Space.half(len(next(iter(strings)))), [q.Pauli(c, s) for s, c in strings.items()])


@pytest.mark.parametrize("target", TARGETS)
@given(model=strategies.models(), values=strategies.values(), r=st.integers(1, 5))
def test_is_the_matrix_of_the_oracle(target, model, values, r):
    """Every term, mixed spins, symbols, time, ħ and γ."""
    h = oracle.hamiltonian(model, values) / oracle.number(model.hbar, values)
    action = Action(model, {s: values[s] for s in model.parameters}, target=target)
    t, v = float(values[q.t]), kets(len(h), r)
    result = action.apply(v, t)
    assert close(result, h @ v, np.linalg.norm(h))
    assert close(action.apply(v[:, 0], t), h @ v[:, 0], np.linalg.norm(h))
    assert close(action.expectation(v, t), np.einsum("ij,ik,kj->j", v.conj(), h, v).real, np.linalg.norm(h))
    low, high = action.bounds(t)
    spectrum = np.linalg.eigvalsh(h)
    assert low <= spectrum[0]
    assert spectrum[-1] <= high
    assert action.constant or model.time_dependent


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sites", range(1, 9))
def test_random_strings_of_every_length_up_to_eight_sites(sites, target):
    strings = random_strings(sites, 4 * sites, seed=sites)
    h = sum(c * oracle.kron(*(oracle.PAULI["0" if s == "I" else s.lower()] for s in letters))
            for letters, c in strings.items())
    action = Action(string_model(strings), {}, target=target)
    for r in range(1, 6):
        v = kets(2**sites, r, seed=r)
        assert close(action.apply(v), h @ v)
    low, high = action.bounds()
    spectrum = np.linalg.eigvalsh(h)
    assert low <= spectrum[0]
    assert spectrum[-1] <= high
    if 2**sites <= clusters.LIMIT:
        assert (low, high) == pytest.approx((spectrum[0], spectrum[-1]), abs=1e-10)


# 5 and 6 sites: one chunk or two. 15 and 16: one tile or two. 9 kets: two shares of columns.
@pytest.mark.parametrize(("sites", "r"), [(5, 1), (6, 1), (10, 1), (11, 1), (15, 1), (16, 1), (4, 2), (5, 2),
                                          (12, 3), (15, 2), (13, 4), (11, 7), (8, 8), (12, 8), (10, 9), (7, 17)])
def test_chunk_and_tile_boundaries(sites, r):
    strings = random_strings(sites, 3 * sites, seed=sites)
    v = kets(2**sites, r)
    expected = sum(c * letter_by_letter(letters, v) for letters, c in strings.items())
    assert close(Action(string_model(strings), {}, target="c").apply(v), expected)


@pytest.mark.parametrize(("tile", "low"), [(6, 1), (7, 0), (7, 1), (8, 1), (9, 2), (11, 5)])
@pytest.mark.parametrize("r", [1, 2, 3, 8])
def test_small_tiles(monkeypatch, tile, low, r):
    """Every kind of pass on few sites: flips within lanes, chunks, tiles, and beyond a tile."""
    monkeypatch.setattr(planning, "TILE", tile)
    monkeypatch.setattr(planning, "LOW", low)
    strings = random_strings(8, 40, seed=tile, most=8)
    v = kets(2**8, r)
    expected = sum(c * letter_by_letter(letters, v) for letters, c in strings.items())
    assert close(Action(string_model(strings), {}, target="c").apply(v), expected)


def test_lattice_with_every_kind_of_bond():
    terms = [*q.square(4, 3, q.Exchange, J), *q.square(4, 3, q.DMI, (0.1, 0.2, sp.sin(q.t))),
             *q.from_edges([(0, 11), (3, 7)], q.Bilinear, [[1, 2, 3], [4, 5, 6], [7, 8, B]]),
             q.Zeeman((0.1, 0.2, sp.cos(q.t)))]
    model = q.Model(q.Space.half(12), terms)
    compiled, plain = (Action(model, {J: 0.7, "B": 0.2}, target=target) for target in TARGETS)
    v = kets(2**12, 2)
    for t in (0.0, 1.3):
        assert close(compiled.apply(v, t), plain.apply(v, t), 10)
    assert not np.allclose(compiled.apply(v, 0.0), compiled.apply(v, 1.3))
    bond = q.Model(q.Space.half(12), [*terms[:-1], q.Zeeman((0.1, 0.2 + 1e-9, sp.cos(q.t)))])       # a broken twin
    assert not close(Action(bond, {J: 0.7, "B": 0.2}).apply(v), plain.apply(v), 10)


@pytest.mark.parametrize("spins", [("1/2", "1", "3/2", "1/2"), ("5/2", "1/2", "2"), ("50",), ("1", "9/2", "1")])
@pytest.mark.parametrize("r", [1, 3])
def test_mixed_spins(spins, r):
    space = q.Space(*spins)
    n = space.sites
    terms = [*(q.chain(n, q.Exchange, 0.3) + q.chain(n, q.Biquadratic, -0.2) if n > 1 else ()),
             *([q.DMI((0.1, 0.2, 0.3), n - 1, 0)] if n > 1 else ()), q.Zeeman((0.4, 0.5, sp.sin(q.t))),
             *(q.Anisotropy([[0, 0.1, 0], [0.1, 0, 0], [0, 0, -1]], i) for i in range(n) if space.spins[i] > 0.5)]
    model = q.Model(space, terms)
    h = oracle.hamiltonian(model, {q.t: 0.3})
    v = kets(space.dimension, r)
    for target in TARGETS:
        assert close(Action(model, {}, target=target).apply(v, 0.3), h @ v, np.linalg.norm(h))


@pytest.mark.parametrize("space", [q.Space.half(17), q.Space("5/2", "5/2", "5/2", "5/2", "5/2")])
def test_threads_change_no_bit(space):
    model = q.Model(space, [*q.ring(space.sites, q.DMI, (0.3, 0.1, 0.2)), q.Zeeman((0.1, 0.2, 0.3))])
    v = kets(space.dimension, 1)
    one, two, three = (Action(model, {}, threads=n).apply(v) for n in (1, 2, 3))
    assert np.array_equal(one, two)
    assert np.array_equal(one, three)


def test_takes_any_strides_and_types_and_writes_where_told():
    model = q.Model(q.Space.half(6), q.chain(6, q.Exchange, 1))
    action, wide = Action(model, {}), kets(128, 6)
    v = wide[::2, ::-2]
    expected = action.apply(v.copy())
    assert np.array_equal(action.apply(v), expected)
    assert np.array_equal(action.apply(np.asfortranarray(v)), expected)
    assert np.array_equal(action.apply(v.real), action.apply(v.real.astype(complex)))
    out = np.full((64, 3), np.nan, dtype=complex)
    assert action.apply(v, out=out) is out
    assert np.array_equal(out, expected)
    assert action.apply(np.zeros((64, 0))).shape == (64, 0)


def test_damage_in_a_ket_is_never_hidden():
    action = Action(q.Model(q.Space.half(5), [*q.chain(5, q.Exchange, 1), q.Zeeman((1, 1, 1))]), {})
    v = kets(32, 1)
    v[7] = np.nan
    assert np.isnan(action.apply(v)[7])


@pytest.mark.parametrize("target", TARGETS)
def test_times_without_a_finite_hamiltonian(target):
    action = Action(q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1 / q.t))]), {}, target=target)
    assert not np.isfinite(action.apply(np.ones(4), 0.0)).all()
    with pytest.raises(q.InputError, match="`t` must be a time at which H is finite, but is 0"):
        action.bounds(0.0)
    assert action.bounds(0.5) == pytest.approx((-2, 2))


def test_no_hamiltonian_gives_zero():
    for target in TARGETS:
        action = Action(q.Model(q.Space.half(3)), {}, target=target)
        assert not action.apply(np.ones(8)).any()
        assert action.bounds() == (0.0, 0.0)


@pytest.mark.parametrize("sites", [10, 12])
def test_bounds_of_chains_hold_and_are_not_idle(sites):
    """The antiferromagnetic chain: Lanczos for the lowest level, the ferromagnetic state for the highest."""
    action = Action(q.Model(q.Space.half(sites), q.chain(sites, q.Exchange, 1)), {})
    operator = sla.LinearOperator((2**sites, 2**sites), matvec=action.apply, dtype=complex)
    lowest = sla.eigsh(operator, 1, which="SA", return_eigenvectors=False, v0=kets(2**sites, 1)[:, 0])[0]
    low, high = action.bounds()
    assert 1.15 * lowest < low <= lowest
    assert sites - 1 <= high < 1.001 * (sites - 1)


def test_lowest_level_of_the_ring_of_ten():
    """E/N of the Heisenberg ring of ten in units of J S·S: −0.4515446 (Bonner and Fisher, Phys. Rev. 135, A640)."""
    action = Action(q.Model(q.Space.half(10), q.ring(10, q.Bilinear, 1)), {})
    operator = sla.LinearOperator((1024, 1024), matvec=action.apply, dtype=complex)
    lowest = sla.eigsh(operator, 1, which="SA", return_eigenvectors=False, v0=kets(1024, 1)[:, 0])[0]
    assert lowest / 10 == pytest.approx(-0.4515446, abs=1e-7)


def test_gershgorin_bounds_of_large_clusters():
    """Two spins 20, d = 1681: J S·S lies between −s(s + 1) and s²."""
    low, high = Action(q.Model(q.Space(20, 20), [q.Bilinear(1, 0, 1)]), {}).bounds()
    assert -1.1 * 20 * 21 < low <= -20 * 21
    assert 400 <= high < 1.1 * 21 * 20


def test_twenty_four_spins_are_posed_without_arrays_of_their_size():
    model = q.Model(q.Space.half(24), [*q.chain(24, q.Exchange, J), q.Zeeman((B, 0, 1))])
    action = Action(model, {J: 1, B: 0.5})
    assert action.dimension == 2**24
    low, high = action.bounds()
    assert low < -40 < 23 < high < 50


def test_the_cover_takes_every_mask_once():
    masks = [1 << i | 1 << j for i in range(12) for j in range(i)] + [1 << i for i in range(12)] + [(1 << 12) - 1]
    patches = cover(masks, [2] * 12, 1 << 6)
    members = [m for patch in patches for m in patch.members]
    assert sorted(members) == sorted(masks)
    assert all(m & ~patch.mask == 0 for patch in patches for m in patch.members)
    assert all(patch.mask.bit_count() <= 6 for patch in patches if (1 << 12) - 1 not in patch.members)


def test_what_does_not_fit_is_refused_before_work(monkeypatch):
    monkeypatch.setattr(module, "LARGE", 1)
    monkeypatch.setattr("qllg_sym.observables.storage.available_memory", lambda: 1000)
    action = Action(q.Model(q.Space.half(17), q.chain(17, q.Exchange, 1)), {})
    with pytest.raises(q.InputError, match=r"`kets` must fit into memory, but needs .* GiB"):
        action.apply(np.ones((2**17, 1)))


@pytest.mark.parametrize(("arguments", "says"), [
    ({"threads": 0}, "`threads` must be a positive integer, but is 0"),
    ({"threads": True}, "`threads` must be a positive integer, but is True"),
    ({"target": "fortran"}, "`target` must be one of c, numpy, auto, but is 'fortran'"),
])
def test_refuses_arguments(arguments, says):
    with pytest.raises(q.InputError, match=says):
        Action(q.Model(q.Space("1/2")), {}, **arguments)


def test_refuses_values_and_arrays():
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1)])
    with pytest.raises(q.InputError, match="J"):
        Action(model, {})
    with pytest.raises(q.InputError, match="values"):
        Action(model, {J: math.nan})
    action = Action(model, {J: 1})
    for wrong in (np.ones(3), np.ones((2, 4)), np.ones((4, 1, 1)), np.array(["a"] * 4), None):
        with pytest.raises(q.InputError, match=r"`kets` must be numbers of shape \(4,\) or \(4, r\)"):
            action.apply(wrong)
    v = np.ones(4, dtype=complex)
    for out in (v, np.ones(4), np.ones((4, 1), dtype=complex), np.ones(8, dtype=complex)[::2]):
        with pytest.raises(q.InputError, match="`out` must be a complex C-contiguous array"):
            action.apply(v, out=out)


def test_without_a_compiler(monkeypatch):
    model = q.Model(q.Space.half(3), q.chain(3, q.Exchange, 1))
    v = kets(8, 2)
    expected = Action(model, {}, target="c").apply(v)
    monkeypatch.setenv("CC", "/nonexistent/cc")
    with pytest.warns(q.QllgWarning, match="NumPy is used in place of compiled C"):
        action = Action(model, {})
    assert action.target == "numpy"
    assert close(action.apply(v), expected)
    with pytest.raises(q.CodegenError):
        Action(model, {}, target="c")


# The C of chunks has three texts, for the widths of vectors that processors have: those of this one, each by its flag,
# with what breaks it and no other.
MACROS = find().identity
PATHS = {"-DPLAIN": [("q ^ list->flip", "q"), ("q ^ set->operation[3 * o]", "q"),
                     ("case 4: crossed(y, x, f, flip, 4)", "case 4: crossed(y, x, f, flip, 6)")]}
if "__AVX2__" in MACROS:
    PATHS["-DAVX2"] = [("(v, v, 2, 3, 0, 1)\n", "(v, v, 0, 1, 2, 3)\n"),
                       ("(CHUNK - PART + LANES - 1)", "(LANES - 1)"), ("v[(r) ^ (R)]", "v[r]"),
                       (" ^ (source & -LANES)", ""), ("SOURCE(operation) == source", "1")]
if "__AVX512F__" in MACROS:
    PATHS["-DAVX512"] = [("4, 5, 6, 7, 0, 1, 2, 3", "0, 1, 2, 3, 4, 5, 6, 7"), ("q ^ e->flip", "q"),
                         ("(operation)[0] * CHUNK ^ ", ""), ("* v[(r) ^ (R)]", "* v[r]")]
ONE_PATH = [mutant for mutants in PATHS.values() for mutant in mutants]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("sites", "columns", "tile"), [(9, 1, 8), (9, 3, 8), (4, 5, 16), (12, 1, 9), (12, 8, 16)])
def test_every_width_of_vectors_gives_the_product(monkeypatch, path, sites, columns, tile):
    monkeypatch.setattr(pauli_kernel, "FLAGS", (*pauli_kernel.FLAGS, path))
    monkeypatch.setattr(planning, "TILE", tile)
    strings = random_strings(sites, 24, seed=3, most=4)
    real = {letters: c for letters, c in strings.items() if letters.count("Y") % 2 == 0}
    v = kets(2**sites, columns)
    for chosen in (strings, real):
        expected = sum(c * letter_by_letter(letters, v) for letters, c in chosen.items())
        assert close(Action(string_model(chosen), {}, target="c").apply(v), expected)


def test_passes_that_write_what_they_should_add_are_caught(monkeypatch):
    text = broken("sums(to + offset(p, q, columns), !p->fresh, x", "sums(to + offset(p, q, columns), 0, x")
    monkeypatch.setattr(module.PauliKernel, "source", staticmethod(lambda: text))
    monkeypatch.setattr(planning, "TILE", 8)
    strings = {letters: 1.0 for letters in ("XXIIIIIII", "IIIXXIIII", "IIIIIIIXX")}
    v = kets(2**9, 1)
    expected = sum(letter_by_letter(letters, v) for letters in strings)
    assert not close(Action(string_model(strings), {}, target="c").apply(v), expected)
    monkeypatch.undo()
    assert close(Action(string_model(strings), {}, target="c").apply(v), expected)


@functools.cache
def broken(old, new):
    """The library with one line of its source changed."""
    source = module.PauliKernel.source()
    assert source.count(old) == 1
    return source.replace(old, new)


@pytest.mark.parametrize(("old", "new"), [
    ("? -p->coefficient[s] : p->coefficient[s]", "? p->coefficient[s] : p->coefficient[s]"),
    ("high[k] = low[k] - high[k];", "high[k] = low[k] + high[k];"),
    ("prepare(p, k, (uint64_t)t, s)", "prepare(p, k, 0, s)"),
    ("t == first || p->set[6 * k + 4]", "t == first"),
    ("q >> set->first", "q"),
    ("place(p, t ^ p->shift)", "place(p, t)"),
    ("y[k] = -y[k + 1];", "y[k] = y[k + 1];"),
    ("if (real > sets)", "if (0)"),
    ("to[k] = y[k] + (p->fresh ? 0.0 : to[k]);", "to[k] = y[k];"),
    *ONE_PATH,
])
def test_the_checks_catch_broken_kernels(monkeypatch, old, new):
    text, path = broken(old, new), next((p for p, mutants in PATHS.items() if (old, new) in mutants), list(PATHS)[-1])
    monkeypatch.setattr(pauli_kernel, "FLAGS", (*pauli_kernel.FLAGS, "-O1", path))      # it is wrong at any speed
    monkeypatch.setattr(planning, "LOW", 1)
    monkeypatch.setattr(module.PauliKernel, "source", staticmethod(lambda: text))
    monkeypatch.setattr(planning, "TILE", 8)
    strings = random_strings(9, 80, seed=1, most=4)
    v = kets(2**9, 1)
    expected = sum(c * letter_by_letter(letters, v) for letters, c in strings.items())
    assert not close(Action(string_model(strings), {}, target="c").apply(v), expected)
