"""Files that are damaged, hostile, half-written or on a full disk: one sentence or the same numbers, nothing lost."""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import time
import tracemalloc
import zipfile

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import files
from qllg_sym.formats.netcdf import MARK

TIMES = np.linspace(0, 1, 4)
MODEL = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 1)))
SUFFIXES = [pytest.param(".npz"), pytest.param(".nc")]


@pytest.fixture(scope="module")
def run():
    return q.solve(MODEL, q.QuantumLLG(0.5), q.states.product("+x"), TIMES)


@pytest.fixture(params=SUFFIXES)
def saved(request, run, tmp_path):
    if request.param == ".nc":
        pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    run.save(tmp_path / f"run{request.param}")
    return tmp_path / f"run{request.param}"


def mutated(whole, rng):
    """One file of many: bytes changed, cut, put in, blocks exchanged or set to zero."""
    data, at, length = bytearray(whole), rng.randrange(len(whole)), rng.randint(1, 64)
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del data[at:at + (length if rng.random() < 0.5 else len(data))]
    elif kind == 2:
        data[at:at] = rng.randbytes(length)
    elif kind == 3:
        data[at:at + length] = bytes(length)
    else:
        other = rng.randrange(len(data))
        data[at:at + length], data[other:other + length] = data[other:other + length], data[at:at + length]
    return bytes(data)


def refused_or_the_same(path, run):
    """Whether a file is refused in one sentence; else it holds the same numbers."""
    try:
        again = q.load(path)
    except q.FileError as error:
        says = str(error)
    else:
        says = ""
    if says:
        assert "\n" not in says
        assert says.endswith(".")
        return True
    assert np.array_equal(again.times, run.times)
    assert np.array_equal(again.energy, run.energy)
    assert np.array_equal(again.states, run.states)
    return False


def mutate(saved, run, count):
    whole, rng = saved.read_bytes(), random.Random(1)
    part = saved.with_name(f"part{saved.suffix}")
    refused = 0
    for _ in range(count):
        part.write_bytes(mutated(whole, rng))
        refused += refused_or_the_same(part, run)
    return refused


def test_damage_is_refused_or_harmless(saved, run):
    assert mutate(saved, run, 40) > 25


@pytest.mark.slow
def test_much_damage_is_refused_or_harmless(saved, run):
    assert mutate(saved, run, 1500) > 1000


def header(**changes):
    about = {"format": "qllg_sym", "version": files.VERSION, "kind": "trajectory", "arrays": {"time": "f"},
             "metadata": {}} | changes
    return json.dumps(about).encode()


def entry(shape, descr="'<f8'", data=b"", order="False"):
    """The bytes of a .npy entry that may lie about itself."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + data


def archive(path, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as opened:
        for name, data in entries:
            opened.writestr(name, data)


def plain(content):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.frombuffer(content, np.uint8))
    return stream.getvalue()


GOOD = ("header.npy", plain(header()))
HOSTILE = {
    "a bomb": ([GOOD, ("time.npy", entry("(25000000,)", data=bytes(200_000_000)))], zipfile.ZIP_DEFLATED),
    "a huge shape": ([GOOD, ("time.npy", entry("(1000000000000,)"))], zipfile.ZIP_STORED),
    "a shape beyond all numbers": ([GOOD, ("time.npy", entry("(10**30, 10**30)".replace("10**30", "1" + "0" * 30)))],
                                   zipfile.ZIP_STORED),
    "a negative shape": ([GOOD, ("time.npy", entry("(-1, -8)", data=bytes(64)))], zipfile.ZIP_STORED),
    "objects": ([GOOD, ("time.npy", entry("(1,)", "'|O'", b"cos\nsystem\n(S'true'\ntR."))], zipfile.ZIP_STORED),
    "records": ([GOOD, ("time.npy", entry("(1,)", "[('a', '<f8')]", bytes(8)))], zipfile.ZIP_STORED),
    "a name that climbs": ([GOOD, ("../../time.npy", entry("(1,)", data=bytes(8)))], zipfile.ZIP_STORED),
    "deep JSON": ([("header.npy", plain(b"[" * 100_000))], zipfile.ZIP_STORED),
    "a long number": ([("header.npy", plain(header().replace(b"{}", b"9" * 100_000)))], zipfile.ZIP_STORED),
    "no number of a version": ([("header.npy", plain(header(version="3")))], zipfile.ZIP_STORED),
    "another kind": ([("header.npy", plain(header(kind="../secret")))], zipfile.ZIP_STORED),
    "no arrays": ([GOOD], zipfile.ZIP_STORED),
    "no header": ([("time.npy", entry("(1,)", data=bytes(8)))], zipfile.ZIP_STORED),
}


def refused_quickly(path):
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(q.FileError, match=r"^`[^\n]*\.$"):
        q.load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - begun < 2
    assert peak < 50_000_000


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_quickly(tmp_path, name):
    archive(tmp_path / "a.npz", *HOSTILE[name])
    refused_quickly(tmp_path / "a.npz")
    assert os.listdir(tmp_path) == ["a.npz"]


def test_a_newer_file_says_so(tmp_path):
    archive(tmp_path / "a.npz", [("header.npy", plain(header(version=files.VERSION + 1)))])
    with pytest.raises(q.FileError, match="update qllg_sym"):
        q.load(tmp_path / "a.npz")


def external(h5py, stored):
    del stored["time"]
    stored["time"] = h5py.ExternalLink("other.h5", "/secret")


def circle(h5py, stored):
    del stored["time"]
    stored["time"] = h5py.SoftLink("/energy/../time")


def raw(h5py, stored):
    del stored["time"]
    stored.create_dataset("time", (4,), "f8", external=[("/etc/hostname", 0, h5py.h5f.UNLIMITED)])


def virtual(h5py, stored):
    del stored["time"]
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "secret", (4,))
    stored.create_virtual_dataset("time", layout)


def huge(h5py, stored):
    del stored["time"]
    stored.create_dataset("time", (10**13,), "f8", chunks=(10**6,))


def packed(h5py, stored):
    del stored["time"]
    stored.create_dataset("time", data=np.zeros(10**7), compression="gzip")


def text(h5py, stored):
    del stored["time"]
    stored.create_dataset("time", data=["a", "b", "c", "d"], dtype=h5py.string_dtype())


def group(h5py, stored):
    del stored["time"]
    stored.create_group("time")["loop"] = stored


def deep(h5py, stored):
    del stored["qllg_sym"]["header"]
    stored["qllg_sym"].create_dataset("header", data=np.frombuffer(b"[" * 100_000, np.uint8))


TRICKS = (external, circle, raw, virtual, huge, packed, text, group, deep)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_hostile_netcdf_with_a_right_checksum_is_refused_quickly(run, tmp_path, trick):
    h5py = pytest.importorskip("h5py", reason=".nc needs h5py")
    pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    path = tmp_path / "a.nc"
    run.save(path)
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["secret"] = TIMES
    body = path.read_bytes()[:-len(MARK) - 32]
    path.write_bytes(body)
    with h5py.File(path, "r+") as stored:
        trick(h5py, stored)
    body = path.read_bytes()
    path.write_bytes(body + MARK + hashlib.sha256(body).digest())
    refused_quickly(path)


def test_the_checksum_is_what_refuses(run, tmp_path):
    """The broken twin: the same file sealed again, with one number changed, loads."""
    pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    path = tmp_path / "a.nc"
    run.save(path)
    whole = path.read_bytes()
    at = whole.index(run.energy.tobytes())
    body = whole[:at] + np.float64(7).tobytes() + whole[at + 8:-len(MARK) - 32]
    path.write_bytes(body + whole[-len(MARK) - 32:])
    with pytest.raises(q.FileError, match="damaged or foreign"):
        q.load(path)
    path.write_bytes(body + MARK + hashlib.sha256(body).digest())
    assert q.load(path).energy[0] == 7


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_foreign_files_are_refused(tmp_path, suffix):
    xarray = pytest.importorskip("xarray", reason="a file of another program")
    path = tmp_path / f"a{suffix}"
    if suffix == ".nc":
        xarray.Dataset({"time": ("t", TIMES)}).to_netcdf(path, engine="h5netcdf")
    else:
        np.savez(path, time=TIMES)
    with pytest.raises(q.FileError, match="damaged or foreign"):
        q.load(path)


KILLED = """
import os, random, signal, sys, time
import numpy as np
from qllg_sym import files
path, count = sys.argv[1], int(sys.argv[2])
first, second = np.zeros(60_000), np.ones(60_000)
files.save(path, "demo", {"t": first}, {})
seen = set()
for k in range(count):
    child = os.fork()
    if not child:
        while True:
            files.save(path, "demo", {"t": second}, {})
            files.save(path, "demo", {"t": first}, {})
    time.sleep(random.Random(k).uniform(0, 0.04))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    found = files.load_arrays(path, "demo")[0]["t"]
    assert len(found) == 60_000 and len(set(found.tolist())) == 1
    seen.add(len(os.listdir(os.path.dirname(path))))
files.save(path, "demo", {"t": first}, {})
print(max(seen), os.listdir(os.path.dirname(path)))
"""


def killed(path, count):
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), str(count)], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    most, _, left = done.stdout.partition(" ")
    assert left.strip() == f"['{path.name}']"               # the next save removes what the killed ones left
    return int(most)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_killed_process_leaves_a_whole_file(tmp_path, suffix):
    if suffix == ".nc":
        pytest.importorskip("h5netcdf", reason=".nc needs h5netcdf")
    killed(tmp_path / f"a{suffix}", 5)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_many_killed_processes_leave_a_whole_file(tmp_path, suffix):
    assert killed(tmp_path / f"a{suffix}", 150) > 1         # some were killed while they wrote


FULL = """
import gc, sys
import numpy as np
from qllg_sym import errors, files
path = sys.argv[1]
files.save(path, "demo", {"t": np.arange(1000.0)}, {})
for size in (10**6, 3 * 10**5, 10**6):
    try:
        files.save(path, "demo", {"t": np.zeros(size)}, {})
    except errors.FileError as error:
        print(error)
    gc.collect()
    assert files.load_arrays(path, "demo")[0]["t"].tolist() == list(range(1000))
files.save(path, "demo", {"t": np.arange(2000.0)}, {})
"""


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_keeps_the_old_file(tmp_path, suffix):
    """A file system of a megabyte; where none may be mounted, `test_files` limits the size of files."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True,
                      check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path / f"a{suffix}")], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("cannot be written, because no space left on device; choose another place.\n") == 3
        assert os.listdir(tmp_path) == [f"a{suffix}"]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
