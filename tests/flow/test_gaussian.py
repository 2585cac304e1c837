"""Free fermions beside dense matrices (q-LLG written a second time on purpose), closed integrals and kets."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad

import qllg_sym as q
from flow.dense_chains import basis_ket, block_entropy, hamiltonian, means, path, string

SITES = 6
PACES = {"q-llg": (q.QuantumLLG(0.7), 1 / (1 + 0.7j)), "q-ll": (q.QuantumLL(0.7), 1 - 0.7j),
         "von-neumann": (q.VonNeumann(), 1.0)}
UPS = [True, False, False, True, False, True]
TIMES = np.array([0.0, 0.5, 2.0, 7.0])
XX = [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
BONDS = {"xx": lambda a, b, c, d: {"xx": a, "yy": a, "xy": b, "yx": -b}, "xy": lambda a, b, c, d: {"xx": a, "yy": c},
         "ising": lambda a, b, c, d: {"xx": a}, "every": lambda a, b, c, d: {"xx": a, "yy": c, "xy": b, "yx": d}}


def labels(ups):
    return q.states.product(*("up" if up else "down" for up in ups))


def random_terms(kind, seed=0, sites=SITES):
    """(number, {site: letter}) of a chain with couplings and fields that differ from site to site."""
    rng = np.random.default_rng(seed)
    terms = []
    for i in range(sites - 1):
        numbers = BONDS[kind](*rng.normal(size=4).round(3).tolist())
        terms += [(number, {i: pair[0], i + 1: pair[1]}) for pair, number in numbers.items()]
    return terms + [(float(rng.normal()), {i: "z"}) for i in range(sites)]


def model_of(terms, sites=SITES, **constants):
    words = [("".join(letters.get(i, "i") for i in range(sites)).upper(), number) for number, letters in terms]
    return q.Model(q.Space.half(sites), [q.Pauli(number, word) for word, number in words], **constants)


@pytest.mark.parametrize("law", PACES)
@pytest.mark.parametrize("kind", BONDS)
def test_readings_are_those_of_dense_kets(kind, law):
    terms = random_terms(kind)
    own, pace = PACES[law]
    h = hamiltonian(SITES, terms)
    run = q.solve(model_of(terms), own, labels(UPS), TIMES, method="gaussian")
    kets = path(h, basis_ket(UPS), TIMES, pace)
    assert abs(run.energy - means(kets, h)).max() < 1e-12
    for site in range(SITES):
        assert abs(run.bloch(site)[:, 2] - means(kets, string(SITES, {site: "z"}))).max() < 1e-12
        assert not run.bloch(site)[:, :2].any()
    for i, j in ((0, 1), (2, 3), (1, 4), (5, 2)):
        wanted = np.array([[means(kets, string(SITES, {i: k, j: m})) for m in "xyz"] for k in "xyz"])
        assert abs(run.correlation(i, j) - wanted.transpose(2, 0, 1)).max() < 1e-12, (i, j)
        u = np.linalg.svd(wanted.transpose(2, 0, 1), compute_uv=False)
        assert abs(run.nonlocality(i, j)**2 - np.maximum(u[:, 0]**2 + u[:, 1]**2 - 1, 0)).max() < 1e-12
    for block in ([0, 1, 2], [2, 3], [4]):
        assert abs(run.entropy(block) - block_entropy(kets, SITES, block)).max() < 1e-11
    assert abs(run.entropy(3) - run.entropy([0, 1, 2])).max() == 0
    assert run.stats["modes"] == (SITES if kind == "xx" else 2 * SITES)
    assert run.invariants["purity"] < 1e-13


def test_another_model_or_damping_is_seen():
    """The twin of the comparison above: one coupling, or the sign of κ, is off."""
    terms = random_terms("xy")
    h = hamiltonian(SITES, terms)
    kets = path(h, basis_ket(UPS), TIMES, 1 / (1 + 0.7j))
    other = q.solve(model_of([(1.1 * terms[0][0], terms[0][1]), *terms[1:]]), q.QuantumLLG(0.7), labels(UPS), TIMES,
                    method="gaussian")
    assert abs(other.energy - means(kets, h)).max() > 1e-3
    wrong = path(h, basis_ket(UPS), TIMES, 1 / (1 - 0.7j))
    run = q.solve(model_of(terms), q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian")
    assert abs(run.energy - means(wrong, h)).max() > 1e-1


def test_states_of_few_sites_and_strings_between_them():
    terms = random_terms("every")
    run = q.solve(model_of(terms), q.QuantumLLG(0.7), labels(UPS), [0, 1.5], method="gaussian")
    kets = path(hamiltonian(SITES, terms), basis_ket(UPS), [0, 1.5], 1 / (1 + 0.7j))
    for letters in ({0: "x", 3: "y"}, {1: "x", 2: "z", 5: "x"}, {0: "y", 1: "z", 2: "y", 4: "z"}, {0: "x"},
                    {0: "x", 1: "y", 2: "y", 3: "x"}):
        assert abs(run.pauli_mean(letters) - means(kets, string(SITES, letters))).max() < 1e-12, letters
    tensor = kets[1].reshape([2] * SITES).transpose([4, 1, 3, 0, 2, 5]).reshape(8, 8)
    assert abs(run.reduced([4, 1, 3])[1] - tensor @ tensor.conj().T).max() < 1e-12
    assert abs(run.mutual_information(1, 4) - q.solve(model_of(terms), q.QuantumLLG(0.7), labels(UPS), [0, 1.5])
               .mutual_information(1, 4)).max() < 1e-10


def test_three_sites_that_are_quadratic_all_the_same():
    terms = [*random_terms("ising"), (0.7, {0: "x", 1: "z", 2: "x"}), (-0.4, {1: "y", 2: "z", 3: "z", 4: "x"})]
    h = hamiltonian(SITES, terms)
    run = q.solve(model_of(terms), q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian")
    assert abs(run.energy - means(path(h, basis_ket(UPS), TIMES, 1 / (1 + 0.7j)), h)).max() < 1e-12


@pytest.mark.parametrize("kappa", [0.0, 0.5, 2.0])
def test_an_infinite_neel_chain_is_its_integral(kappa):
    """H = J Σ (S_x S_x + S_y S_y): one mode a momentum, ε = J cos k; sites far from the ends do not know of them."""
    coupling, sites, times = 1.3, 100, np.array([0.0, 0.4, 1.5, 4.0])
    model = q.Model(q.Space.half(sites), [q.Bilinear(coupling * np.array(XX), i, i + 1) for i in range(sites - 1)])
    run = q.solve(model, q.QuantumLLG(kappa), labels([True, False] * 50), times, method="gaussian")
    tau = times / (1 + kappa**2)

    def mean(function):
        return np.array([quad(lambda k, s=s: function(coupling * np.cos(k), s), 0, np.pi, epsabs=1e-13)[0]
                         for s in tau]) / (2 * np.pi)

    staggered = mean(lambda e, s: np.cos(2 * e * s) / np.cosh(2 * kappa * e * s))
    assert abs(run.profile("z")[:, 50] / 2 - staggered).max() < 1e-11
    assert abs(run.profile("z")[:, 49] / 2 + staggered).max() < 1e-11
    energy = -mean(lambda e, s: e * np.tanh(2 * kappa * e * s))
    bond = coupling / 4 * (run.correlation(49, 50)[:, 0, 0] + run.correlation(49, 50)[:, 1, 1])
    assert abs(bond - energy).max() < 1e-11


def test_the_one_particle_matrix_obeys_the_law():
    r"""Ċ = i[C, h] + iκ[C, Ċ], by central differences of order 6; with κ in h's term alone it does not."""
    terms, kappa, dt = random_terms("every"), 0.7, 0.005
    run = q.solve(model_of(terms), q.QuantumLLG(kappa), labels(UPS), 1 + dt * np.arange(-3, 4), method="gaussian")
    run = q.solve(model_of(terms), q.QuantumLLG(kappa), run.at(run.times[0]), run.times, method="gaussian")
    c = (np.eye(2 * SITES) + 1j * run.covariance()) / 2
    slope = np.einsum("k,kij->ij", np.array([-1, 9, -45, 0, 45, -9, 1]) / (60 * dt), c)
    a = np.zeros((2 * SITES, 2 * SITES))
    for number, letters in terms:
        (i, k), (j, m) = min(letters.items()), max(letters.items())
        if len(letters) == 1:
            a[2 * i, 2 * i + 1] -= 2 * number
        else:
            a[2 * i + (k == "x"), 2 * j + (m == "y")] += 2 * number * (-1 if k == "x" else 1)
    h = 1j * (a - a.T)

    def bracket(x, y):
        return x @ y - y @ x

    residual = slope - 1j * bracket(c[3], h) - 1j * kappa * bracket(c[3], slope)
    assert abs(residual).max() < 1e-7 < 1e-2 < abs(slope - 1j * (1 + kappa) * bracket(c[3], h)).max()


def driven(amplitude):
    sites, t = 5, q.t
    bonds = [q.Bilinear([[1, 0, 0], [0, 0.3, 0], [0, 0, 0]], i, i + 1) for i in range(sites - 1)]
    return q.Model(q.Space.half(sites), [*bonds, q.Zeeman((0, 0, amplitude))]), sp.exp(-(t - 2)**2)


@pytest.mark.parametrize("amplitude", [sp.sin(3 * q.t), 2 * sp.Heaviside(q.t - 1) - sp.Heaviside(q.t - 3),
                                       sp.exp(-(q.t - 2)**2)])
def test_fields_that_depend_on_time(amplitude):
    model, _ = driven(amplitude)
    start, times = labels([True, True, False, True, False]), [0, 1.5, 4]
    run = q.solve(model, q.QuantumLLG(0.5), start, times, method="gaussian", rtol=1e-12)
    kets = q.solve(model, q.QuantumLLG(0.5), start, times, rtol=1e-12)
    assert abs(run.profile() - kets.profile()).max() < 1e-10
    assert abs(run.energy - kets.energy).max() < 1e-10
    assert ("pieces" in run.stats) == amplitude.has(sp.Heaviside)


def test_a_drive_is_read_within_its_steps_however_often_columns_are_made_orthonormal():
    """Many times within each step, and damping that parts the columns again and again; kets go another way."""
    model, _ = driven(4 * sp.sin(2 * q.t))
    start, times = labels([True, False, False, True, False]), np.linspace(0, 6, 61)
    kets = q.solve(model, q.QuantumLLG(1), start, times, rtol=1e-13, atol=1e-14, method="low-rank")
    for rtol, near in ((1e-12, 5e-11), (1e-8, 1e-6)):
        run = q.solve(model, q.QuantumLLG(1), start, times, method="gaussian", rtol=rtol)
        assert abs(run.profile() - kets.profile()).max() < near
        assert abs(run.energy - kets.energy).max() < near


def test_the_energy_at_a_jump_is_that_of_kets():
    """Θ(0) = ½, as SymPy has it."""
    model = q.Model(q.Space.half(2), [q.Bilinear(XX, 0, 1), q.Zeeman((0, 0, 3 * sp.Heaviside(q.t - 1)))])
    runs = [q.solve(model, q.QuantumLLG(0.5), labels([True, True]), [0, 1, 2], method=method)
            for method in ("gaussian", "low-rank")]
    assert runs[0].energy.tolist() == pytest.approx([0, -1.5, -3], abs=1e-14)
    assert runs[1].energy.tolist() == pytest.approx([0, -1.5, -3], abs=1e-12)


def test_damping_that_depends_on_time_and_signals():
    f = q.signal("pulse")
    model, _ = driven(f)
    values = {"pulse": (np.linspace(0, 4, 30), np.cos(np.linspace(0, 4, 30)))}
    start, times, law = labels([True, True, False, True, False]), [0, 1.5, 4], q.QuantumLLG(sp.sin(q.t)**2)
    run = q.solve(model, law, start, times, values, method="gaussian", rtol=1e-11)
    kets = q.solve(model, law, start, times, values, rtol=1e-11)
    assert abs(run.profile() - kets.profile()).max() < 1e-9


def test_symbols_hbar_and_gamma():
    J, B, kappa = sp.symbols("J B kappa", real=True)
    model = q.Model(q.Space.half(4), [*(q.Bilinear(J * sp.Matrix(XX), i, i + 1) for i in range(3)),
                                      q.Zeeman((0, 0, B), [1])], hbar=sp.Rational(1, 3), gamma=2)
    values, times = {"J": 1.2, "B": 0.7, "kappa": 0.4}, [0, 1, 2]
    start = q.states.product("up", "down", "down", "up")
    run = q.solve(model, q.QuantumLLG(kappa), start, times, values, method="gaussian")
    kets = q.solve(model, q.QuantumLLG(kappa), start, times, values)
    assert abs(run.energy - kets.energy).max() < 1e-12
    assert abs(run.profile() - kets.profile()).max() < 1e-12


@pytest.mark.parametrize("scale", [1e-150, 1e150])
def test_nothing_hangs_on_units(scale):
    def solved(j, t):
        model = q.Model(q.Space.half(4), [q.Bilinear(j * np.array(XX), i, i + 1) for i in range(3)])
        return q.solve(model, q.QuantumLLG(0.5), labels([True, False, False, True]), t, method="gaussian").profile("z")

    assert abs(solved(1.0, [0, 1, 3]) - solved(scale, np.array([0, 1, 3]) / scale)).max() < 1e-13


def test_long_damping_ends_in_the_ground_state():
    sites, field = 60, 1.5
    terms = [(-1.0, {i: "x", i + 1: "x"}) for i in range(sites - 1)] + [(-field, {i: "z"}) for i in range(sites)]
    run = q.solve(model_of(terms, sites), q.QuantumLLG(1), labels([True, False] * 30), [0, 6, 60], method="gaussian")
    m = np.diag(np.full(sites, field)) + np.diag(np.full(sites - 1, 1.0), 1)     # E = −Σ of its singular values
    assert abs(run.energy[-1] + np.linalg.svd(m, compute_uv=False).sum()) < 1e-10
    assert run.energy[1] < run.energy[0]
    ground = q.solve(model_of(terms, sites), q.QuantumLLG(1), q.states.ground(model_of(terms, sites)), [0],
                     method="gaussian")
    assert abs(run.profile()[-1] - ground.profile()[0]).max() < 1e-9


def test_digits_near_an_unstable_state_are_those_that_a_small_error_loses():
    """A wall between up and down: what an error of 1e-12 of the start grows by, rounding grows by as well."""
    sites = 40
    xx = q.Model(q.Space.half(sites), [q.Bilinear(XX, i, i + 1) for i in range(sites - 1)])
    wall, times = labels([True] * 20 + [False] * 20), [0, 5, 16, 30]
    with pytest.warns(q.QllgWarning, match=r"no more than \d digits of the trajectory are left"):
        q.solve(xx, q.QuantumLLG(0.5), wall, [*times, 60], method="gaussian")
    run = q.solve(xx, q.QuantumLLG(0.5), wall, times, method="gaussian")
    noise = np.random.default_rng(3).normal(size=(sites, 20))
    off = q.GaussianState(np.linalg.qr(np.eye(sites, 20) + 1e-12 * noise)[0], sites)
    moved = q.solve(xx, q.QuantumLLG(0.5), off, times, method="gaussian")
    for count, t in enumerate(times[2:], 3):
        lost = np.log10(abs(moved.profile() - run.profile())[count - 1].max() / 1e-12)
        digits = q.solve(xx, q.QuantumLLG(0.5), wall, times[:count], method="gaussian").stats["digits"]
        assert lost > 2, (t, lost)
        assert abs(15.7 - digits - lost) < 1.5, (t, lost, digits)
    neel = q.solve(xx, q.QuantumLLG(0.5), labels([True, False] * 20), [0, 60], method="gaussian")
    assert neel.stats["digits"] > 15
    moving = q.Model(q.Space.half(2), [q.Bilinear(XX, 0, 1), q.Zeeman((0, 0, q.t), sites=[0])])
    run = q.solve(moving, q.QuantumLLG(0.5), labels([True, False]), [0, 1], method="gaussian")
    assert "digits" not in run.stats            # which are not known where H moves


def test_kets_that_are_gaussian_are_starts():
    terms = random_terms("ising")
    model = model_of(terms)
    ket = np.linalg.eigh(hamiltonian(SITES, random_terms("every", 3)))[1][:, 0]
    run = q.solve(model, q.QuantumLLG(0.7), ket, TIMES, method="gaussian")
    h = hamiltonian(SITES, terms)
    assert abs(run.energy - means(path(h, ket, TIMES, 1 / (1 + 0.7j)), h)).max() < 1e-12


def test_a_run_goes_on_from_where_it_ended():
    model = model_of(random_terms("xx"))
    whole = q.solve(model, q.QuantumLLG(0.7), labels(UPS), [0, 1, 2], method="gaussian")
    first = q.solve(model, q.QuantumLLG(0.7), labels(UPS), [0, 1], method="gaussian", keep="final")
    second = q.solve(model, q.QuantumLLG(0.7), first.final_state, [1, 2], method="gaussian")
    assert abs(second.energy[1] - whole.energy[2]) < 1e-13
    with pytest.raises(q.InputError, match="needs the states at every time"):
        first.entropy(3)
    fields = model_of(random_terms("ising"))
    wider = q.solve(fields, q.QuantumLLG(0.7), first.final_state, [1, 2], method="gaussian")
    assert wider.stats["modes"] == 2 * SITES
    assert abs(wider.profile()[0] - first.profile()[1]).max() < 1e-13


def test_what_is_observed_and_where_it_stops():
    model = model_of(random_terms("xy"))
    whole = q.solve(model, q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian")
    run = q.solve(model, q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian",
                  observe={"E": "energy", "r": "bloch2", "all": "profile", "g": lambda state: state.covariance([0, 3])})
    assert (run.observed["E"] == run.energy).all()
    assert abs(run.energy - whole.energy).max() < 1e-13
    assert (run.observed["r"] == run.bloch(2)).all()
    assert (run.observed["all"] == run.profile()).all()
    assert abs(run.observed["g"][:, 0, 1] - whole.covariance([0, 1])[:, 0, 3]).max() < 1e-13
    stopped = q.solve(model, q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian", stop=lambda t, state: t > 1)
    assert stopped.times.tolist() == TIMES[:3].tolist()


@pytest.mark.parametrize("suffix", ["npz", "nc"])
def test_files_copies_and_datasets(tmp_path, suffix):
    model = model_of(random_terms("xy"))
    run = q.solve(model, q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian", observe=None)
    run.save(tmp_path / f"run.{suffix}")
    for again in (q.load(tmp_path / f"run.{suffix}"), pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        assert isinstance(again, q.GaussianTrajectory)
        assert (again.energy == run.energy).all()
        assert (again.entropy(3) == run.entropy(3)).all()
        assert again.model == model
        assert again.law == run.law
    ds = run.to_xarray()
    assert ds.bloch.dims == ("time", "site", "axis")
    assert (ds.bloch.values == run.profile()).all()
    with pytest.raises(q.FileError, match="must hold a trajectory, but holds a gaussian trajectory; write Gaussian"):
        q.Trajectory.load(tmp_path / f"run.{suffix}")
    assert repr(run) == "<GaussianTrajectory: 4 times from 0 to 7, spins 6 × 1/2, 10 steps>"


def test_pictures():
    run = q.solve(model_of(random_terms("xy")), q.QuantumLLG(0.7), labels(UPS), TIMES, method="gaussian")
    figure, axes = run.plot(["profile", "energy", "nonlocality"])
    assert len(axes) == 3
    assert figure.get_suptitle().startswith("q-LLG, κ = 0.7")


@pytest.mark.slow
def test_hundreds_of_spins_take_seconds():
    """XX of 600 sites: the energy is that of one momentum at a time, sin² of open ends, to rounding."""
    sites, kappa, t = 600, 0.5, 10.0
    model = q.Model(q.Space.half(sites), [q.Bilinear(XX, i, i + 1) for i in range(sites - 1)])
    run = q.solve(model, q.QuantumLLG(kappa), labels([True, False] * (sites // 2)), [0, t], method="gaussian")
    e = np.cos(np.pi * np.arange(1, sites // 2 + 1) / (sites + 1))      # pairs ±e; the start fills half of each pair
    tau = t / (1 + kappa**2)
    assert abs(run.energy[1] + (e * np.tanh(2 * kappa * e * tau)).sum()) < 1e-9
    assert run.stats["seconds"] < 60


def test_a_ground_state_of_a_thousand_spins_without_the_method_is_refused_at_once():
    chain = q.Model(q.Space.half(1000), [q.Bilinear(XX, i, i + 1) for i in range(999)])
    with pytest.raises(q.InputError, match=r"`kets` must fit into memory, .*, or method=\"gaussian\""):
        q.solve(chain, q.QuantumLLG(0.5), q.states.ground(chain), [0, 1])


def test_what_would_not_end_says_so_at_once():
    far = q.Model(q.Space.half(2), q.chain(2, q.Bilinear, np.multiply(1e300, XX).tolist()))
    with pytest.raises(q.IntegrationError, match=r"after t = 0: it needs .*e\+299 factors .* end `times` before"):
        q.solve(far, q.QuantumLLG(0.5), labels([True, False]), [0, 1], method="gaussian")
    slow = q.Model(q.Space.half(2), q.chain(2, q.Bilinear, np.multiply(100, XX).tolist()))
    assert q.solve(slow, q.QuantumLLG(0.5), labels([True, False]), [0, 100], method="gaussian").energy[-1] \
        == pytest.approx(-50, rel=1e-12)
