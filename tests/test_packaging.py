"""What is installed is what lies in the checkout, and nothing heavy is loaded before it is needed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qllg_sym

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Prints the top-level names of loaded modules that are neither Python's own nor ours.
FOREIGN = """
import sys
before = set(sys.modules)
{code}
loaded = {{name.split(".")[0] for name in set(sys.modules) - before}}
print(*sorted(loaded - sys.stdlib_module_names - {{"qllg_sym"}}))
"""


def foreign_modules(code: str) -> str:
    """The third-party packages that a fresh interpreter loads for `code`; what the code prints comes first."""
    done = subprocess.run([sys.executable, "-c", FOREIGN.format(code=code)], capture_output=True, text=True, check=True,
                          cwd=ROOT)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("code", [
    "import qllg_sym",
    "import qllg_sym; qllg_sym.__version__; dir(qllg_sym)",
    "from qllg_sym.cli import main; main(['--help'])",
    "from qllg_sym.cli import main; main(['--version'])",
    "from qllg_sym.cli import main; main(['solve', '--help'])",
    "from qllg_sym.cli import main; main(['no-such-command'])",
])
def test_nothing_foreign_is_loaded(code):
    assert foreign_modules(code) == ""


@pytest.mark.parametrize("code", ["import sympy", "import qllg_sym; qllg_sym.Space", "def f():\n import numpy\nf()"])
def test_the_look_at_loaded_modules_sees_what_is_loaded(code):
    assert foreign_modules(code) != ""


def test_versions_agree():
    assert PROJECT["project"]["version"] == qllg_sym.__version__


def test_constraints_pin_every_dependency():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    optional = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *(item for extra in optional.values() for item in extra)]
    names = {item.split("[")[0].split(">")[0].split("=")[0].strip().lower() for item in wanted}
    assert names - pinned <= {"qllg-sym", "ziglang"}  # zig stands in for a compiler and makes no text of ours


def test_every_folder_with_code_is_a_package():
    """A folder without `__init__.py` would be missing from the wheel."""
    folders = {path.parent for path in (ROOT / "qllg_sym").rglob("*.py")}
    assert {str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_command_is_the_function():
    assert PROJECT["project"]["scripts"]["qllg"] == "qllg_sym.cli:main"


def test_the_licence_and_the_authors_are_said_alike():
    """In the metadata, in the text of the licence and in the citation; the version in the citation, too."""
    project, cited = PROJECT["project"], (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (author,) = project["authors"]
    assert project["license-files"] == ["LICENSE"]
    assert author["name"] in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert {f"version: {project['version']}", f"license: {project['license']}",
            f'  - name: "{author["name"]}"'} <= set(cited.splitlines())
    assert f"## {project['version']} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
