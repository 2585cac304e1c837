"""Ensembles in files: whole again, with what made them, so that they go on; damage is refused; pictures of means."""

import random
import re

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from ensemble.noisy_cases import CASES, ensemble, same
from qllg_sym import files
from qllg_sym.ensemble.thermal import ThermalEnsemble
from qllg_sym.modeltext import as_text
from test_damage import mutated

SUFFIXES = [".npz", ".nc"]
T, J = sp.Symbol("T", positive=True), sp.Symbol("J", real=True)
LASER = {"laser": (np.linspace(0, 3, 7), 1 + np.arange(7.0)**2)}


def driven(times=(0, 0.5)):
    """A model with parameters and units, heated by a signal and an expression."""
    units = q.Units("meV", "ps")
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, 5 * sp.cos(q.t)))], units=units)
    kT = T * (1 + sp.exp(-q.t)) + q.signal("laser") / 100
    return q.langevin(model, q.QuantumLLG(sp.Symbol("kappa", real=True)), q.states.product("up", "+x"), list(times),
                      q.Bath(kT), 12, seed=4, values={J: 0.3, "T": 0.4, "kappa": 0.5, **LASER}, step=0.02)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", CASES)
def test_it_comes_back_whole_and_goes_on_with_the_same_bits(name, suffix, tmp_path):
    ens = ensemble(name, trajectories=20, times=[0, 0.2])
    q.save(ens, tmp_path / f"a{suffix}")
    again = q.load(tmp_path / f"a{suffix}")
    assert type(again) is ThermalEnsemble
    assert same(again, ens)
    assert again.bath == ens.bath
    assert again.law == ens.law
    assert again.stats == ens.stats
    assert again.heading == ens.heading
    observe = ens.origin.observe
    assert same(again.resume([0.5], observe=observe), ensemble(name, trajectories=20))
    again.save(tmp_path / f"b{suffix}")
    assert same(ThermalEnsemble.load(tmp_path / f"b{suffix}"), ens)


def test_symbols_signals_and_units_come_back(tmp_path):
    ens, whole = driven(), driven((0, 0.5, 1))
    ens.save(tmp_path / "a.npz")
    again = q.load(tmp_path / "a.npz")
    assert again.bath.told(again.units) == ens.bath.told(ens.units)
    assert again.units == q.Units("meV", "ps")
    assert abs(again.resume([1]).samples["energy"] - whole.samples["energy"]).max() < 1e-9
    cold = again.resume([1], values={"T": 0.1}).samples["energy"]
    assert abs(cold - whole.samples["energy"]).max() > 1e-3


def test_a_file_opens_in_xarray_alone(tmp_path):
    xarray = pytest.importorskip("xarray", reason="the other reader")
    pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    ens = driven()
    ens.save(tmp_path / "a.nc")
    there = ens.to_xarray()
    assert ensemble(trajectories=2).to_xarray().reading_3.attrs["long_name"] == "header"
    with xarray.open_dataset(tmp_path / "a.nc") as ds:
        assert set(there.variables) == {"time", "trajectory", "site", "axis", "energy", "bloch"}
        assert all(there[name].equals(ds[name]) for name in there.variables)
        assert there.attrs["kT"] == ds.attrs["kT"]
        assert ds.energy.dims == ("trajectory", "time")
        assert ds.bloch.dims == ("trajectory", "time", "site", "axis")
        assert ds.energy.attrs["units"] == "meV"
        assert ds.time.attrs["units"] == "ps"
        assert ds.attrs["law_kind"] == "q-llg"
        assert "exchange" in ds.attrs["model_file"]
        assert ds.attrs["kT"] == "T*(1 + exp(-t)) + laser/100"
        assert np.array_equal(ds.bloch.mean("trajectory").sel(axis="z").values, ens.mean["bloch"][..., 2])


def test_one_that_was_read_by_functions_says_what_is_missing(tmp_path):
    ensemble(trajectories=3).save(tmp_path / "a.npz")
    with pytest.raises(q.InputError, match="`observe` must have the names of before, energy, z, last, header, but has"):
        q.load(tmp_path / "a.npz").resume([1])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damage_is_refused_or_harmless(tmp_path, suffix):
    ens, rng, said = ensemble(trajectories=3), random.Random(2), []
    path = tmp_path / f"a{suffix}"
    ens.save(path)
    whole = path.read_bytes()
    for _ in range(40):
        path.write_bytes(mutated(whole, rng))
        try:
            again = q.load(path)
        except q.FileError as error:
            said.append(str(error))
        else:
            assert same(again, ens)
    assert len(said) > 25
    assert all(re.fullmatch(r"`[^\n]*\.", sentence) for sentence in said)


def changed(path, change):
    """A whole file in which something else is said."""
    kind, arrays, metadata = files.load_any(path)
    change(arrays, metadata)
    files.save(path, kind, arrays, metadata)


@pytest.mark.parametrize("change", [
    lambda arrays, about: arrays.pop("time"), lambda arrays, about: arrays.update(time=arrays["time"][::-1].copy()),
    lambda arrays, about: arrays.update(energy=arrays["energy"][:2]), lambda arrays, about: about.pop("bath"),
    lambda arrays, about: arrays.update(last=arrays["last"][:, :2]), lambda arrays, about: about["stats"].pop("steps"),
    lambda arrays, about: arrays.update(start_kets=arrays["start_kets"][:, :1]),
    lambda arrays, about: about["bath"].update(kT="__import__('os')"), lambda arrays, about: about.update(readings=[]),
    lambda arrays, about: about["bath"].update(kT=-1), lambda arrays, about: about.update(seed="x")])
def test_parts_that_do_not_fit_are_refused(tmp_path, change):
    path = tmp_path / "a.npz"
    ensemble(trajectories=3).save(path)
    changed(path, lambda arrays, about: None)
    q.load(path)
    changed(path, change)
    with pytest.raises(q.FileError, match="must hold a whole ensemble, but its parts do not fit; save anew"):
        q.load(path)


def test_a_model_without_words_is_kept_without_them(tmp_path, monkeypatch):
    """A matrix of more rows than text takes."""
    monkeypatch.setattr(as_text, "MOST_ROWS", 1)
    model = q.Model(q.Space("1/2"), [q.Operator(np.diag([0, 1]))])
    ens = q.langevin(model, q.QuantumLLG(0.5), q.states.product("up"), [0, 0.1], q.Bath(0), 1, step=0.1)
    ens.save(tmp_path / "a.npz")
    again = q.load(tmp_path / "a.npz")
    assert again.samples["energy"].tolist() == ens.samples["energy"].tolist()
    assert (again.law, again.units) == (None, None)
    assert "q-LLG" not in again._repr_html_()
    with pytest.raises(q.InputError, match="`resume` must know what the ensemble is made of"):
        again.resume([1])


def test_the_picture_has_means_with_bands_of_two_standard_errors():
    pytest.importorskip("matplotlib", reason="it draws")
    ens = driven()
    figure, axes = ens.plot()
    assert len(axes) == 3
    band = axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx((ens.mean["energy"] + 2 * ens.error["energy"]).max())
    assert band.min() == pytest.approx((ens.mean["energy"] - 2 * ens.error["energy"]).min())
    title = figure.get_suptitle().replace("\n", " ")
    for words in ("q-LLG, κ = 0.5", "Exchange J = 0.3", "energies in meV", "kT = T*(1 + exp(-t))", "12 trajectories"):
        assert words in title
    assert axes[0].get_ylabel() == "energy $E$ (meV)"
    assert axes[-1].get_xlabel() == "time $t$ (ps)"
    cold = ensemble("classical", trajectories=1, bath=q.Bath(0), observe={"m": lambda m: m[0]}).plot("m")[1]
    assert [line.get_label() for line in cold[0].get_lines()] == ["x", "y", "z"]
    assert ensemble(trajectories=2).plot("z", ax=axes[0])[1][0] is axes[0]
    with pytest.raises(q.InputError, match=r"`what` must name readings among energy, bloch, but is 'enrgy' \(did you"):
        ens.plot("enrgy")
    with pytest.raises(q.InputError, match="`what` must choose at most 1 panel, but chooses 2"):
        ens.plot("bloch", ax=axes[0])


def test_what_is_said_of_kT_in_units():
    units = q.Units("meV", "ps")
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 5))], units=units)
    ens = q.langevin(model, q.QuantumLLG(0.5), q.states.product("up"), [0, 1], q.Bath(units.kelvin(5)), 2, step=0.1)
    assert "kT = 0.4309 meV (5 K), invariant noise" in repr(ens)
    assert "kT = 0.4309 meV (5 K)" in ens._repr_html_()
