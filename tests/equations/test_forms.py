"""How good each form is in doubles, what is said where it is not good, and which one a state gets."""

import numpy as np
import pytest
from mpmath import mp

import qllg_sym as q
from equations.explicit_systems import KAPPA, dimer, exact_invariants, state_of
from qllg_sym.equations import spectrum
from qllg_sym.equations.forms import choose_form, elementary, spectrum_error, two_level_gap
from qllg_sym.errors import InputError, QllgWarning

SPECTRA = {"even": [0.4, 0.3, 0.2, 0.1], "pure": [1, 0, 0, 0], "werner": [0.7, 0.1, 0.1, 0.1],
           "rank two": [0.8, 0.2, 0, 0], "near": [0.4, 0.4 - 1e-7, 0.1 + 1e-7, 0.1],
           "almost mixed": [0.2503, 0.2501, 0.2499, 0.2497]}


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.filterwarnings("ignore:`form` .spectrum. must have an error")
def test_every_form_keeps_its_bound(name):
    """Against 50 digits, κ from 0 to 100: 1e-13 for "any" up to 10 and for "two-level", the bound for "spectrum"."""
    components, p = dimer(), SPECTRA[name]
    fast = {form: components.compile(form=form) for form in ("any", "spectrum", "two-level")}
    sharp, difference = components.kernel(), two_level_gap(p)
    with mp.workdps(60):
        y = state_of(components, p, seed=7)
        at = {"a": 1, **dict(zip((s.name for s in components.states), y, strict=True))}
        known = {n: float(v) for n, v in exact_invariants(components, y).items()}
    for kappa in (0.0, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0):
        exact = np.array(list(sharp.evaluate({**at, "kappa": kappa}, digits=50).values()), dtype=float)

        def error(form, kappa=kappa, exact=exact, **extra):
            found = fast[form].bind(a=1.0, kappa=kappa, **extra)(0.0, y)
            return np.abs(found - exact).max() / (1 + np.abs(exact).max())

        assert kappa > 10 or error("any") < 1e-13
        assert error("spectrum", **known) < spectrum_error(p, kappa)
        assert difference is None or error("two-level", gap=difference) < 1e-13


def test_where_the_spectrum_form_is_not_good_it_says_so():
    """Its error at κ = 100 is real; `bind` warns, "any" does not need to, and mpmath is exact enough."""
    components = dimer()
    p = SPECTRA["pure"]
    y, compiled = state_of(components, p), components.compile("numpy", form="spectrum")
    words = r'^`form` "spectrum" must have an error below 1e-13, but [^\n]* use form="any"\.$'
    with pytest.warns(QllgWarning, match=words):
        loose = compiled.bind(a=1.0, kappa=100.0, **elementary(p))
    assert np.abs(loose(0.0, y) - components.compile("numpy").bind(a=1.0, kappa=100.0)(0.0, y)).max() > 1e-12
    with pytest.warns(QllgWarning):
        compiled.bind(a=1.0, kappa=np.array([0.1, 100.0]), **elementary(p))
    sharp = components.compile("mpmath", form="spectrum", digits=40).bind(a=1, kappa=100, **elementary(p))
    assert abs(sharp(0, y)[0]) < 1e3


def test_ordinary_values_are_silent(recwarn):
    compiled = dimer().compile("numpy", form="spectrum")
    for kappa in (0.0, 0.5, 1.0):
        compiled.bind(a=1.0, kappa=kappa, **elementary(SPECTRA["even"]))
    assert not recwarn.list


@pytest.mark.parametrize(("p", "kappa", "form"), [
    ([1, 0, 0, 0], 100.0, "two-level"), ([0.1, 0.7, 0.1, 0.1], 0.5, "two-level"), ([0.25] * 4, 0.5, "two-level"),
    ([0.5, 0.5, 0, 0], np.inf, "two-level"), ([0.4, 0.3, 0.2, 0.1], 0.5, "spectrum"),
    ([0.7, 0.3, 0, 0], 0.5, "spectrum"), ([0.4, 0.3, 0.2, 0.1], 30.0, "any"), ([0.4, 0.3, 0.2, 0.1], np.inf, "any"),
    ([0.7, 0.1 + 1e-12, 0.1, 0.1 - 1e-12], 0.5, "spectrum")])
def test_the_state_chooses_the_form(p, kappa, form):
    """The choice is good to 1e-13 against "any", and the next form would not be."""
    components = dimer()
    chosen, extra = choose_form(components, p, kappa)
    assert chosen == form
    if np.isfinite(kappa):
        y = state_of(components, p, seed=2)
        values = {"a": 1.0, "kappa": kappa}
        general = components.compile("numpy").bind(values)(0.0, y)
        found = components.compile("numpy", form=chosen).bind({**values, **extra})(0.0, y)
        assert np.abs(found - general).max() < 2e-13 * (1 + np.abs(general).max())


def test_two_values_that_are_not_quite_two_are_refused_to_the_two_level_form():
    components, p = dimer(), [0.7, 0.1 + 1e-3, 0.1, 0.1 - 1e-3]
    assert two_level_gap(p) is None
    y, values = state_of(components, p), {"a": 1.0, "kappa": 0.5}
    general = components.compile("numpy").bind(values)(0.0, y)
    special = components.compile("numpy", form="two-level").bind({**values, "gap": 0.6})(0.0, y)
    assert np.abs(special - general).max() > 1e-6


def test_a_trace_that_misses_one_is_that_of_the_components():
    """States are taken within 1e-10; the components' own matrix has trace one and every eigenvalue shifted alike."""
    p = [0.4, 0.3, 0.2, 0.1]
    assert choose_form(dimer(), [x + 1e-10 for x in p], 0.5)[1] == pytest.approx(elementary(p), abs=1e-15)
    assert elementary([x + 1e-10 for x in p])["e2"] != pytest.approx(elementary(p)["e2"], abs=1e-12)


@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLL(KAPPA), q.Dephasing(KAPPA)], ids=lambda law: law.kind)
def test_explicit_laws_stay_as_they_are(law):
    for p in ([0.4, 0.3, 0.2, 0.1], [1, 0, 0, 0]):
        assert choose_form(dimer(law), p, 0.5) == ("any", {})


def test_a_spectrum_of_another_length_is_refused():
    with pytest.raises(InputError, match=r"^`eigenvalues` must be as many as the dimension, 4, but are 2;"):
        choose_form(dimer(), [0.5, 0.5], 1.0)


def test_the_bound_grows_with_kappa_and_sees_cancellation():
    bounds = [spectrum_error([0.7, 0.2, 0.1, 0.0], k) for k in (0, 1, 3, 10, 100)]
    assert bounds == sorted(bounds)
    assert bounds[1] < 1e-13 < bounds[-1]
    assert bounds[0] > 1e-15                    # what the products of matrices round, at κ = 0 too
    assert spectrum_error([0.7, 0.3], float("nan")) == np.inf
    assert spectrum.error_kernel(5).parameters == ("c", "e2", "e3", "e4", "e5")


NEARLY_PURE = [[1 - e, e, 0, 0] for e in (5.07e-12, 3.21e-14, 5.26e-13, 9.22e-12, 5.56e-14)]
STRONG = [384952.99758346676, 116967.42175962952, 174324.02933276395, 79810.72773773177, 392828.6568677678]


def test_the_bound_is_no_smaller_where_all_cancels():
    """Π(1 + κ²Δ²) is then what is left of terms 10²⁰ times as large: the bound was negative there, and passed."""
    for p, kappa in zip(NEARLY_PURE, STRONG, strict=True):
        exact = float(spectrum.error_kernel(4).evaluate({"c": kappa**2, **elementary(p)}, digits=120)["error"])
        assert spectrum_error(p, kappa) >= min(exact / 2, 1e-6) > 1e-7
        assert choose_form(dimer(), p, kappa) == ("any", {})


def test_the_bound_in_doubles_is_no_smaller_either():
    """Two calls that warned of nothing: wrong by 2e-4 and by 1e4."""
    compiled = dimer().compile("numpy", form="spectrum")
    for kappa, e2 in ((1e4, 1e-16), (1e5, 5e-17), *zip(STRONG, (p[0] * p[1] for p in NEARLY_PURE), strict=True)):
        with pytest.warns(QllgWarning, match="must have an error below"):
            compiled.bind(a=1.0, kappa=kappa, e2=e2, e3=0.0, e4=0.0)


def test_random_strong_damping_never_gets_the_spectrum_form_wrongly():
    rng, components, chosen = np.random.default_rng(5), dimer(), []
    for _ in range(150):
        p, rank = np.zeros(4), rng.integers(1, 5)
        p[:rank] = rng.dirichlet(np.ones(rank))
        if rng.uniform() < 0.5:
            p = np.array([1 - (small := 10**rng.uniform(-17, -8)), small, 0, 0])
        kappa = 10**rng.uniform(-1, 6)
        if choose_form(components, p, kappa)[0] == "spectrum":
            chosen.append((kappa, spectrum_error(p, kappa)))
    assert chosen
    assert all(0 < error < 1e-13 for _, error in chosen)
    assert max(kappa for kappa, _ in chosen) < 10
