"""New plugs of every kind at once, one file each, in a copy of the package: nothing else is touched, all checks hold.

What each new file gives is tested beside the contract of its kind; here the tests of the whole house must not mind it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEW = {"laws": "equations/laws", "terms": "model/terms", "targets": "codegen/targets", "observables": "observables",
       "states": "flow/states/kinds"}
# The package installed for development is found before the copy, unless that is said otherwise.
RUN = """
import sys
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in str(finder).lower()]
sys.path.insert(0, {folder!r})
import pytest
import qllg_sym
assert qllg_sym.__file__.startswith({folder!r})
sys.exit(pytest.main(sys.argv[1:]))
"""
TESTS = ["tests/test_public.py", "tests/test_layering.py", "tests/cli/test_commands.py", "tests/modelfile",
         "tests/model/test_terms.py", "tests/equations/test_laws.py", "tests/codegen/test_targets.py",
         "tests/observables/test_contract.py", "tests/flow/test_states.py", "tests/flow/test_trajectories.py"]
# The contracts, and all that lists kinds; not the tests that put the same files there themselves.
CHOSEN = "(contract or documented or listed or dir or help or name or reading or refuse or sites or room or every_kind)"
CHOSEN += " and not catches and not new"


@pytest.fixture
def copy(tmp_path):
    """A copy of the package and its tests that holds one new file of every kind."""
    ignored = shutil.ignore_patterns("__pycache__")
    mapped = ("derivations", "benchmarks", "generated")
    for name in ("qllg_sym", "tests", *mapped):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in mapped:                     # as a wheel lays them out
        (tmp_path / "qllg_sym" / name).symlink_to(tmp_path / name)
    for name in ("pyproject.toml", "README.md", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    for kind, folder in NEW.items():
        for path in (ROOT / "tests" / "plugs" / kind).glob("*.py"):
            shutil.copy(path, tmp_path / "qllg_sym" / folder)
    return tmp_path


def run(copy, *words):
    return subprocess.run([sys.executable, "-c", RUN.format(folder=str(copy)), "-q", "-p", "no:cacheprovider", *words],
                          capture_output=True, text=True, check=False, cwd=copy, env=os.environ)


@pytest.mark.slow
def test_one_new_file_of_every_kind_needs_no_other_change(copy):
    """But the stubs, which one command rewrites."""
    stale = run(copy, "tests/test_public.py", "-k", "stub_is_current")
    assert stale.returncode != 0, "the new files are not found"
    updated = run(copy, "tests/test_public.py", "-k", "stub_is_current", "--update")
    assert updated.returncode == 0, updated.stdout[-3000:]
    done = run(copy, "-m", "not slow", "-k", CHOSEN, *TESTS)
    assert done.returncode == 0, done.stdout[-3000:]
    new = ("divided", "chirality", "covariance", "ghz", "julia")
    found = run(copy, "--collect-only", *TESTS, "-k", " or ".join(new))
    assert [word for word in new if word not in found.stdout] == [], "no contract test takes these"
