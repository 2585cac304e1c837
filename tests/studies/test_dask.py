"""A real scheduler and two workers on this machine: the same bits, also where one of them is killed in mid-study."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.parallel.executors.dask import connected
from studies.cases import OBSERVE, same, slow_z, study

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:::distributed", "ignore::ResourceWarning",
                                                           "ignore::DeprecationWarning")]
GRID = {"D": np.linspace(0, 1, 20), "kappa": np.linspace(0.1, 1, 30)}      # 600 points, ten chunks
SLOW = {**OBSERVE, "z": slow_z}
TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def alone():
    return study(over=GRID, observe=SLOW)


@pytest.fixture
def cluster():
    """The scheduler, two workers, and a client."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        def start(tool, *words):
            """Start a tool of Dask, to be ended with the test."""
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
            process = subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{tool}", *words, "--no-dashboard"],
                                       env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", str(port))
        workers = [start("worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1") for _ in range(2)]
        client = patient(address)
        stack.callback(client.close, timeout=2)
        client.wait_for_workers(2, timeout=60)
        yield scheduler, workers, client


def patient(address):
    """A client, once the scheduler has started."""
    for _ in range(20):
        try:
            return connected(address)
        except q.InputError:
            time.sleep(1)
    raise AssertionError("no scheduler")


def test_a_cluster_gives_the_same_bits(cluster, alone):
    assert same(study(over=GRID, observe=SLOW, executor=cluster[2]), alone)


def test_a_worker_killed_in_mid_study_changes_no_bit(cluster, alone):
    _, workers, client = cluster
    seen = []

    def kill(done):
        seen.append(done)
        if 0.15 < done < 0.6 and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)

    ds = study(over=GRID, observe=SLOW, executor=client, progress=kill)
    assert workers[0].poll() == -signal.SIGKILL
    assert len(client.scheduler_info()["workers"]) == 1
    assert same(ds, alone)
    assert seen[-1] == 1


def test_a_scheduler_killed_in_mid_study_is_told_and_the_study_goes_on_elsewhere(cluster, alone, tmp_path):
    scheduler, _, client = cluster

    def kill(done):
        if done > 0.15 and scheduler.poll() is None:
            scheduler.send_signal(signal.SIGKILL)

    with pytest.raises(q.QllgError, match="`executor` must"):
        study(over=GRID, observe=SLOW, executor=client, progress=kill, checkpoint=tmp_path / "a")
    assert list((tmp_path / "a").glob("chunk-*.npz"))
    assert same(study(over=GRID, observe=SLOW, checkpoint=tmp_path / "a"), alone)


def test_a_scheduler_that_is_not_there_is_told_within_seconds():
    started = time.monotonic()
    with pytest.raises(q.InputError, match=r"A scheduler must answer at tcp://127\.0\.0\.1:9, but none does"):
        connected("tcp://127.0.0.1:9")
    assert time.monotonic() - started < 20
    with pytest.raises(q.InputError, match="A scheduler must answer at nonsense"):
        connected("nonsense://?")
