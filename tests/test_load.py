"""What `save` writes comes back whole by `load`, and says in xarray alone what made it; older formats load."""

from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

DATA = Path(__file__).parent / "data" / "files"
J, KAPPA = sp.symbols("J kappa", real=True)
TIMES, MIXED = np.linspace(0, 2, 5), np.diag([0.5, 0.3, 0.15, 0.05]).astype(complex)
MODEL = q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1), q.Zeeman((0.5, 0, 1))])
LAW, VALUES = q.QuantumLLG(KAPPA), {"J": 0.7, "kappa": 0.3}
PURE, MOMENTS = q.states.product("up", "+x"), [[0, 0, 1], [1, 0, 0]]


def runs(model=MODEL):
    """One of every kind of result."""
    three = {"J": np.array([0.7, -0.7, 0.1]), "kappa": 0.3}
    return {
        "pure": q.solve(model, LAW, PURE, TIMES, VALUES),
        "density": q.solve(model, q.Dephasing(KAPPA), MIXED, TIMES, VALUES),
        "classical": q.solve(model, q.ClassicalLLG(KAPPA, field="mean"), MOMENTS, TIMES, VALUES),
        "observed": q.solve(model, LAW, MIXED, TIMES, VALUES, observe={
            "S z / total": np.diag([1, 0, 0, -1]), "rho": lambda r: r[0] * (1 + 0j), "time": np.eye(4)}),
        "final": q.solve(model, LAW, MIXED, TIMES, VALUES, keep="final"),
        "batch": q.solve_many(model, LAW, [PURE, MIXED, q.states.product("up", "down")], TIMES, three),
        "moments": q.solve_many(model, q.ClassicalLLG(KAPPA, field="mean"), [MOMENTS] * 2, TIMES,
                                {"J": np.array([0.7, -0.7]), "kappa": 0.3}),
    }


@pytest.fixture(scope="module")
def found():
    return runs()


def numbers(run):
    """All that is stored."""
    stacks = [array for stack in run.record.stacks for array in (stack.rows, stack.counts, stack.samples)]
    return [run.times, run.energy, *stacks, *run.observed.values()]


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
@pytest.mark.parametrize("name", ["pure", "density", "classical", "observed", "final", "batch", "moments"])
def test_results_come_back_with_what_made_them(found, tmp_path, name, suffix):
    run = found[name]
    run.save(tmp_path / f"a{suffix}")
    again = q.load(tmp_path / f"a{suffix}")
    assert type(again) is type(run)
    assert repr(again) == repr(run)
    for a, b in zip(numbers(again), numbers(run), strict=True):
        assert np.array_equal(a, b, equal_nan=True)
    assert list(again.observed) == list(run.observed)
    assert (again.model, again.law, again.units) == (MODEL, run.law, None)
    assert set(again.values) == {"J", "kappa"}
    assert all(np.array_equal(again.values[name], run.values[name]) for name in run.values)
    again.save(tmp_path / f"b{suffix}")                     # a copy says what the first one said
    assert q.load(tmp_path / f"b{suffix}").record.provenance.told == again.record.provenance.told


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_files_of_older_formats_load(found, path):
    """The numbers that a run gives today, within what its integrator is asked for."""
    run = q.load(path)
    name = path.stem[3:]
    if name in ("classical", "moments"):                    # today's samples are of field="paper"
        wanted = q.solve(MODEL, q.ClassicalLLG(KAPPA), MOMENTS, TIMES, VALUES).moments
        assert np.allclose(run.moments if name == "classical" else run.moments[0], wanted, rtol=0, atol=1e-7)
    else:
        assert np.allclose(run.energy, found[name].energy, rtol=0, atol=1e-7)
    with pytest.raises(q.InputError, match="`model` must be known to be asked for, but these numbers came without it"):
        _ = run.model
    assert run.units is None


@pytest.mark.parametrize("name", ["density", "pure", "batch"])
def test_xarray_alone_reads_it(found, tmp_path, name):
    xarray = pytest.importorskip("xarray", reason=".nc is read by xarray")
    pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    found[name].save(tmp_path / "a.nc")
    with xarray.open_dataset(tmp_path / "a.nc") as data:
        assert data["time"].values.tolist() == TIMES.tolist()
        assert data["part"].values.tolist() == ["real", "imag"]
        assert all(variable.dtype.kind in "fiuUO" for variable in data.variables.values())
        assert not {"header", "checksum"} & set(data.variables)
        if name == "density":
            assert data["density"].dims == ("time", "row", "column", "part")
            rho = data["density"].sel(part="real") + 1j * data["density"].sel(part="imag")
            assert np.array_equal(rho.values, found[name].states)
            assert data["row"].values.tolist() == ["+1/2 +1/2", "+1/2 -1/2", "-1/2 +1/2", "-1/2 -1/2"]
        assert (data.attrs["rtol"], data.attrs["law_kind"]) == (1e-10, found[name].law.kind)
        assert "Exchange" in data.attrs["hamiltonian"]
        assert 'kind = "exchange"' in data.attrs["model_file"]
        assert r"\mathbf S_i \cdot \mathbf S_j" in data.attrs["hamiltonian_latex"]
        assert {"versions", "created", "equation", "equation_digest", "values"} <= set(data.attrs)


def test_units_are_in_the_file(tmp_path):
    xarray = pytest.importorskip("xarray", reason=".nc is read by xarray")
    model = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34)), units=q.Units("GHz", "ns"))
    run = q.solve(model, LAW, q.states.product("+x"), TIMES, {"kappa": 0.1})
    run.save(tmp_path / "a.nc")
    with xarray.open_dataset(tmp_path / "a.nc") as data:
        assert (data["time"].attrs["units"], data["energy"].attrs["units"]) == ("ns", "GHz")
    again = q.load(tmp_path / "a.nc")
    assert (again.units, again.model) == (model.units, model)
    assert again.to_xarray()["energy"].attrs["units"] == "GHz"


def test_a_term_that_is_read_has_the_constants_of_the_model(tmp_path):
    """An electron along its field of 0.34 T has −g μ_B B/2: 9.5 GHz/2 below zero; g = 2 where none is given."""
    half = -0.34 * 13.99624491711 / 2 * 2                     # μ_B/h in GHz/T (NIST), g = 2, S_z = ½
    model = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34)), units=q.Units("GHz", "ns"))
    run = q.solve(model, q.QuantumLLG(0.1), q.states.product("up"), TIMES, observe=None)
    seen = q.solve(model, q.QuantumLLG(0.1), q.states.product("up"), TIMES, observe={"H": q.Zeeman((0, 0, 0.34))})
    many = q.solve_many(model, q.QuantumLLG(0.1), [q.states.product("up")] * 2, TIMES)
    run.save(tmp_path / "a.npz")
    for values in (run.expectation(q.Zeeman((0, 0, 0.34))), seen.observed["H"], run.energy,
                   many.expectation(q.Zeeman((0, 0, 0.34)))[1],
                   q.load(tmp_path / "a.npz").expectation(q.Zeeman((0, 0, 0.34)))):
        assert values == pytest.approx(half, rel=1e-9)
    scaled = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 3)), hbar=2, gamma=sp.Symbol("g", real=True))
    run = q.solve(scaled, q.QuantumLLG(0.1), q.states.product("up"), TIMES, {"g": 5})
    assert run.expectation(q.Zeeman((0, 0, 3))) == pytest.approx(-15)       # −γ B ħ/2


def test_a_model_without_words_is_said_to_be_missing(tmp_path):
    model = q.Model(q.Space("1/2"), q.Zeeman((0, 0, sp.Symbol("B_{z}", real=True))))
    run = q.solve(model, q.QuantumLLG(0.1), q.states.product("+x"), [0, 1], {"B_{z}": 1})
    run.save(tmp_path / "a.npz")
    again = q.load(tmp_path / "a.npz")
    assert np.array_equal(again.states, run.states)
    for name in ("model", "law"):
        with pytest.raises(q.InputError, match=rf"^`{name}` must be known .* without a model file \(A coefficient"):
            getattr(again, name)


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
def test_studies_come_back(tmp_path, suffix):
    xarray = pytest.importorskip("xarray", reason="studies are xarray's")
    study = q.sweep(MODEL, LAW, PURE, TIMES, over={"J": [0.5, 0.7]}, values={"kappa": 0.3})
    q.save(study, tmp_path / f"a{suffix}")
    xarray.testing.assert_identical(q.load(tmp_path / f"a{suffix}"), study)


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
def test_datasets_come_back(tmp_path, suffix):
    xarray = pytest.importorskip("xarray", reason="datasets are xarray's")
    values = np.arange(12.0).reshape(2, 3, 2) * (1 + 2j)
    data = xarray.Dataset(
        {"S z/2": (("D", "state", "time"), values), "ok": ("D", [True, False]),
         "empty": (("D", "none"), np.ones((2, 0))),
         "failure": (("D", "state"), [["", "", "no"], ["", "ends after t = 1", ""]])},
        {"D": [0.1, 0.2], "state": ["up", "down", "Ψ+"], "time": ("time", [0.0, 1.0], {"units": "ps"})},
        {"law": "q-llg", "rtol": 1e-10})
    q.save(data, tmp_path / f"a{suffix}")
    assert q.load(tmp_path / f"a{suffix}").identical(data)
    if suffix == ".nc":
        with xarray.open_dataset(tmp_path / "a.nc") as plain:
            assert plain["failure"].values.tolist() == data["failure"].values.tolist()
            assert plain["time"].attrs["units"] == "ps"
            assert plain.attrs["law"] == "q-llg"
