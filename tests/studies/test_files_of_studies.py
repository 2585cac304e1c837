"""Studies as files: the same bits back, readable in xarray alone; what is damaged or foreign is refused."""

import numpy as np
import pytest
import xarray

import qllg_sym as q
from studies.cases import SPACE, same, study


@pytest.fixture(scope="module")
def ds():
    return study(observe={"s": SPACE.spin(0).plus, "r": "profile", "E": "energy"})


@pytest.mark.parametrize("suffix", [".nc", ".npz"])
def test_what_is_written_comes_back(ds, suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    q.save(ds, path)
    found = q.load(path)
    assert found.attrs == ds.attrs
    assert {str(name) for name in found.variables} == {str(name) for name in ds.variables}
    for name in ds.variables:
        assert found[name].dims == ds[name].dims
        assert found[name].attrs == ds[name].attrs
        assert found[name].values.tolist() == ds[name].values.tolist(), name
    assert same(found[["s", "r", "E"]].drop_vars("axis"), ds[["s", "r", "E"]].drop_vars("axis"))


def test_xarray_reads_it_without_this_package(ds, tmp_path):
    q.save(ds, tmp_path / "a.nc")
    with xarray.open_dataset(tmp_path / "a.nc") as found:
        assert np.array_equal(found.E.sel(kappa=0.5).values, ds.E.sel(kappa=0.5).values)
        assert np.array_equal(found.s.sel(part="imag").values, ds.s.values.imag)
        assert found.attrs["law"] == "q-llg"
        assert found.time.attrs["units"] == "ħ/energy"


@pytest.mark.parametrize("suffix", [".nc", ".npz"])
def test_damage_is_told(ds, suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    q.save(ds, path)
    data = path.read_bytes()
    at = data.index(ds.E.values.tobytes()[:64])
    for wrong in (data[:len(data) // 2], b"", data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]):
        path.write_bytes(wrong)
        with pytest.raises(q.FileError, match=r"damaged|differ|foreign|incomplete"):
            q.load(path)
