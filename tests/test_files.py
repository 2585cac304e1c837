"""Files: what comes back, what is refused, and that nothing half-written is ever seen."""

import csv
import json
import os
import random
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from qllg_sym import files
from qllg_sym.errors import FileError, InputError, InputTypeError, QllgError

ARRAYS = {
    "times": np.linspace(0, 1, 5),
    "kets": np.arange(20).reshape(5, 4) * (1 - 2.5j),
    "counts": np.arange(3),
    "single": np.array([1 + 2j, np.nan], dtype=np.complex64),
    "empty": np.zeros((0, 3)),
    "one": np.array(2.5),
    "odd": np.array([np.nan, np.inf, -0.0, 5e-324]),
}
CONTENT = {name: array.tobytes() for name, array in ARRAYS.items()}
METADATA = {"spins": ["1/2", "1"], "κ": "1/2", "stats": {"steps": 12, "seconds": 0.1}}
NEEDED = {".nc": ("h5netcdf", "h5py"), ".npz": ()}


@pytest.fixture(params=files.SUFFIXES)
def suffix(request):
    for module in NEEDED[request.param]:
        pytest.importorskip(module, reason=f"{request.param} needs {module}")
    return request.param


@pytest.fixture
def saved(tmp_path, suffix):
    path = tmp_path / f"run{suffix}"
    files.save(path, "demo", ARRAYS, METADATA, {"times": ("time",), "kets": ("time", "basis")})
    return path


def assert_one_sentence(error):
    assert isinstance(error, QllgError)
    assert "\n" not in str(error)
    assert str(error).endswith(".")


def test_arrays_and_metadata_come_back_bit_by_bit(saved):
    arrays, metadata = files.load_arrays(saved, "demo")
    assert metadata == METADATA
    assert set(arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        assert arrays[name].tobytes() == array.tobytes()


def test_only_the_file_is_left_in_the_folder(saved):
    assert os.listdir(saved.parent) == [saved.name]


def test_npz_is_plain_numpy_without_pickle_and_the_same_bytes_each_time(tmp_path):
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    for path in (first, second):
        files.save(path, "demo", ARRAYS, METADATA)
    assert first.read_bytes() == second.read_bytes()
    with np.load(first, allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["times"], ARRAYS["times"])
        assert json.loads(archive["header"].tobytes())["version"] == files.VERSION


def test_netcdf_is_valid_netcdf(tmp_path):
    h5py = pytest.importorskip("h5py", reason=".nc needs h5py")
    pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    xarray = pytest.importorskip("xarray", reason=".nc needs xarray")
    files.save(tmp_path / "a.nc", "demo", ARRAYS, METADATA)
    with h5py.File(tmp_path / "a.nc") as stored:
        assert stored["kets"].shape == (5, 4, 2)  # real and imaginary parts: netCDF knows no complex numbers
        assert all(stored[name].dtype.kind in "fiu" for name in ARRAYS)
    with xarray.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as data:
        assert data["kets"][..., 1].values.tolist() == ARRAYS["kets"].imag.tolist()


def test_long_metadata_fits(tmp_path, suffix):
    labels = {"labels": [f"T_{k}" for k in range(20000)]}  # HDF5 would refuse an attribute of this length
    files.save(tmp_path / f"a{suffix}", "demo", {}, labels)
    assert files.load_arrays(tmp_path / f"a{suffix}", "demo") == ({}, labels)


def test_every_truncation_is_refused(saved, tmp_path):
    whole = saved.read_bytes()
    for size in sorted({0, 1, 7, len(whole) // 3, len(whole) // 2, len(whole) - 1}):
        part = tmp_path / f"part{saved.suffix}"
        part.write_bytes(whole[:size])
        with pytest.raises(FileError) as caught:
            files.load_arrays(part, "demo")
        assert_one_sentence(caught.value)


def test_damaged_bytes_never_raise_anything_else(saved, tmp_path):
    whole, rng = saved.read_bytes(), random.Random(0)
    part = tmp_path / f"damaged{saved.suffix}"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        part.write_bytes(data)
        try:
            arrays, metadata = files.load_arrays(part, "demo")
        except FileError as error:
            assert_one_sentence(error)
        else:                               # the damage struck what holds nothing
            assert metadata == METADATA
            assert {name: array.tobytes() for name, array in arrays.items()} == CONTENT


def test_a_changed_number_is_refused_wherever_it_stands(saved, tmp_path):
    """Each array's own bytes, one bit changed: no number comes back that was not saved."""
    whole = saved.read_bytes()
    part = tmp_path / f"changed{saved.suffix}"
    for content in (*CONTENT.values(), b'"steps": 12'):
        if content:
            start = whole.index(content)
            part.write_bytes(whole[:start] + bytes([whole[start] ^ 1]) + whole[start + 1:])
            with pytest.raises(FileError, match="damaged or foreign"):
                files.load_arrays(part, "demo")


LIMITED = """
import gc, resource, signal, sys
import numpy as np
from qllg_sym import errors, files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    files.save(sys.argv[1], "demo", {"t": np.arange(1e5)}, {})
except errors.FileError as error:
    print(error)
gc.collect()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("room", [100, 3000, 700_000])
def test_a_disk_that_fills_up_leaves_the_process_alive(tmp_path, suffix, room):
    """A limit on file size is what a full disk is to a writer; HDF5 crashes after one where it writes itself."""
    path = tmp_path / f"a{suffix}"
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path), str(room)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert "cannot be written, because" in done.stdout
    assert os.listdir(tmp_path) == []


def test_foreign_files_are_refused(tmp_path, suffix):
    path = tmp_path / f"foreign{suffix}"
    path.write_bytes(b"\x89PNG not ours at all")
    with pytest.raises(FileError, match="damaged or foreign"):
        files.load_arrays(path, "demo")


def test_foreign_archives_are_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.ones(3))
    np.savez(tmp_path / "pickled.npz", header=np.array([{"a": 1}], dtype=object))
    np.savez(tmp_path / "text.npz", header=np.frombuffer(b"[1, 2]", np.uint8))
    with zipfile.ZipFile(tmp_path / "plain.npz", "w") as archive:
        archive.writestr("header", "hello")
    for name in ("other", "pickled", "text", "plain"):
        with pytest.raises(FileError, match="damaged or foreign"):
            files.load_arrays(tmp_path / f"{name}.npz", "demo")


class Trap:
    """Unpickling this makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_nothing_in_a_file_is_executed(tmp_path):
    _with_header(tmp_path / "good.npz")
    trap = np.array([Trap(str(tmp_path / "caught"))], dtype=object)
    np.savez(tmp_path / "bad.npz", **np.load(tmp_path / "good.npz"), x=trap)
    with pytest.raises(FileError, match="damaged or foreign"):
        files.load_arrays(tmp_path / "bad.npz", "demo")
    assert not (tmp_path / "caught").exists()


def _with_header(path, **changes):
    header = {"format": files.FORMAT, "version": files.VERSION, "kind": "demo", "metadata": {}} | changes
    np.savez(path, header=np.frombuffer(json.dumps(header).encode(), np.uint8))
    return path


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": files.VERSION + 1}, "update qllg_sym"),
        ({"version": "1"}, "foreign"),
        ({"format": "other"}, "foreign"),
        ({"kind": "sweep"}, "must hold a demo, but holds a sweep"),
        ({"metadata": 3}, "foreign"), ({"kind": 3}, "foreign"), ({"version": True}, "foreign"),
    ],
)
def test_other_versions_and_kinds_are_refused(tmp_path, changes, words):
    assert files.load_arrays(_with_header(tmp_path / "good.npz"), "demo") == ({}, {})
    with pytest.raises(FileError, match=words) as caught:
        files.load_arrays(_with_header(tmp_path / "bad.npz", **changes), "demo")
    assert_one_sentence(caught.value)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        files.load_arrays(tmp_path / "none.npz", "demo")
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(FileError):
        files.load_arrays(tmp_path / "folder.npz", "demo")
    with pytest.raises(FileError, match=r"end in \.npz or \.nc"):
        files.load_arrays(tmp_path / "run.h5", "demo")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none/run.npz", "folder that exists"),
        ("run.txt", "must end in .npz or .nc, but is"),
        ("run", "must end in"),
        ("", "must end in"),
        ("folder.npz", "ordinary file"),
    ],
)
def test_places_are_refused_before_writing(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(FileError, match=words) as caught:
        files.save(name, "demo", ARRAYS, METADATA)
    assert_one_sentence(caught.value)
    assert os.listdir(tmp_path) == ["folder.npz"]


def test_strange_paths_are_refused():
    for path in (None, 3.5, "a\0b.npz"):
        with pytest.raises(FileError, match="name of a file"):
            files.check_writable(path)


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="this system has no /dev/null")
def test_devices_are_not_replaced():
    with pytest.raises(FileError, match="device"):
        files.atomic_write("/dev/null", "x")


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions are those of POSIX")
def test_read_only_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(FileError, match="writable folder"):
        files.atomic_write(tmp_path / "a.txt", "x")
    assert os.listdir(tmp_path) == []


def test_a_failure_keeps_the_old_file_and_leaves_nothing(tmp_path):
    path = tmp_path / "a.txt"
    files.atomic_write(path, "old")
    for failure in (ValueError, KeyboardInterrupt):

        def write_half(failure=failure):
            with files.replacing(path) as temporary:
                temporary.write_text("ne")
                raise failure

        with pytest.raises(failure):
            write_half()
        assert path.read_text() == "old"
        assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_one_sentence(tmp_path):
    def write_to_full_disk():
        with files.replacing(tmp_path / "a.txt"):
            raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match="because no space left on device") as caught:
        write_to_full_disk()
    assert_one_sentence(caught.value)


def test_links_are_followed_and_long_names_work(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    files.atomic_write(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"
    files.atomic_write(tmp_path / ("x" * 250 + ".txt"), b"new")
    with pytest.raises(FileError, match="file name too long") as caught:
        files.atomic_write(tmp_path / ("x" * 300 + ".txt"), b"new")
    assert_one_sentence(caught.value)


def test_new_files_have_the_permissions_of_the_user(tmp_path):
    (tmp_path / "plain.txt").write_text("x")
    files.atomic_write(tmp_path / "ours.txt", "x")
    assert (tmp_path / "ours.txt").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


@pytest.mark.parametrize("bad", [np.array([object()]), np.array(["text"]), np.array([True])])
def test_arrays_that_are_no_numbers_are_refused(tmp_path, bad):
    with pytest.raises(InputTypeError, match="`x` must hold numbers"):
        files.save(tmp_path / "a.npz", "demo", {"x": bad}, {})
    assert os.listdir(tmp_path) == []


def test_metadata_that_is_not_plain_is_refused(tmp_path):
    with pytest.raises(InputTypeError, match="`metadata`"):
        files.save(tmp_path / "a.npz", "demo", {}, {"f": print})
    assert os.listdir(tmp_path) == []


def test_missing_h5netcdf_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5netcdf", None)
    with pytest.raises(FileError, match=r"pip install qllg_sym\[io\]") as caught:
        files.save(tmp_path / "a.nc", "demo", ARRAYS, METADATA)
    assert_one_sentence(caught.value)
    assert os.listdir(tmp_path) == []


def test_csv_reads_back_exactly(tmp_path):
    rng = np.random.default_rng(1)
    columns = [rng.normal(size=50) * 10.0 ** rng.integers(-300, 300, 50), np.arange(50), ["a,b", 'c"d'] * 25]
    files.write_csv(tmp_path / "a.csv", ["t (ps)", "n", 'name, "x"'], columns)
    with open(tmp_path / "a.csv", newline="", encoding="utf-8") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["t (ps)", "n", 'name, "x"']
    assert [float(row[0]) for row in rows] == columns[0].tolist()
    assert [row[2] for row in rows] == columns[2]


@pytest.mark.parametrize(
    ("header", "columns"), [(["a"], [[1], [2]]), (["a", "b"], [[1], [2, 3]]), (["a"], [[1j]]), (["a"], [[[1]]])]
)
def test_csv_refuses_what_does_not_fit(tmp_path, header, columns):
    with pytest.raises(InputError) as caught:
        files.write_csv(tmp_path / "a.csv", header, columns)
    assert_one_sentence(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", [None, 3, ["a.npz"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(FileError, match=r"^`path` must be the name of a file[^\n]*\.$"):
        files.load_arrays(path, "demo")
