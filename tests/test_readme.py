"""The README says what is true: its example runs, its commands exist, the files that it names are there."""

import doctest
import re
from pathlib import Path

import pytest

from qllg_sym import theorems
from qllg_sym.cli import main

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_example_prints_what_the_readme_shows():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted >= 8
    assert result.failed == 0


def test_the_number_of_claims_is_that_of_the_book():
    assert re.findall(r"(\d+) claims", TEXT) == [str(len(theorems()))]


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"make ([a-z]+)", TEXT)) - {"a"}
    assert {"reproduce", "test"} <= named <= targets


@pytest.mark.parametrize("path", re.findall(r"\]\(([^):]+)\)", TEXT))
def test_linked_files_exist(path):
    assert (ROOT / path).is_file()


def test_figure_of_the_readme_is_there():
    for path in re.findall(r"!\[[^]]*\]\(([^)]*)\)", TEXT):
        assert (ROOT / path).stat().st_size > 10_000


@pytest.mark.parametrize("command", [["derive", "dimer"], ["doctor"], ["generate", "dimer", "--target", "c"]])
def test_commands_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 0
    assert len(capsys.readouterr().out) > 100
