"""Settings shared by all tests."""

import gc
import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import qllg_sym

# `make test EXAMPLES=thorough`, as `.ci/run` has it, takes two and a half times as many random examples.
settings.register_profile("quick", max_examples=10, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=25, deadline=None, derandomize=True)
settings.load_profile("quick")

# Files that look at the whole proof book: where one process runs them all, it is proved once.
BOOK = ("tests/proof/test_theorems.py", "tests/report/test_report.py")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite generated/ from the derivations")


def pytest_collection_modifyitems(items):
    """The longest first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(BOOK))


def pytest_collection_finish():
    """What was imported and collected stays: Python's search for cycles need not go through it at every turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_xdist_make_scheduler(config, log):
    """Whole files to each worker: what a file computes for all its tests is computed once.

    The slow tests are few and long: each worker takes half of them, and whoever is done first takes from the other.
    """
    if config.getoption("dist") != "load" or config.getoption("markexpr") == "slow":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return "book" if nodeid.startswith(BOOK) else nodeid.partition("::")[0]

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture
def drop_text(tmp_path):
    """Return a function that puts a new file into a folder of plugs for the time of a test, and imports it.

    Args of the function: the folder as a package; the name of the file without suffix; its text.
    """
    dropped = []

    def put(folder, stem, text):
        package = importlib.import_module(folder)
        place = tmp_path / f"{folder}-{len(dropped)}"
        place.mkdir()
        (place / f"{stem}.py").write_text(text, encoding="utf-8")
        package.__path__.append(str(place))
        dropped.append((package, stem, str(place)))
        importlib.invalidate_caches()
        qllg_sym.homes.cache_clear()
        return importlib.import_module(f"{folder}.{stem}")

    yield put
    for package, stem, place in dropped:
        package.__path__.remove(place)
        sys.modules.pop(f"{package.__name__}.{stem}", None)
        vars(package).pop(stem, None)
    qllg_sym.homes.cache_clear()


@pytest.fixture
def drop(drop_text):
    """Return a function that does so with a file below `tests/plugs`, and texts in it replaced: (old, new) each."""
    def put(folder, name, *changes):
        source = Path(__file__).parent / "plugs" / name
        text = source.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return drop_text(folder, source.stem, text)

    return put
