"""Formulas in docstrings are drawn on the site: each command in them is known to what draws it."""

import ast
import re
from pathlib import Path

import pytest

import qllg_sym
from qllg_sym.report.tex import unknown

PACKAGE = Path(qllg_sym.__file__).parent
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_")
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
DOUBLED = re.compile(r"\\\\[A-Za-z]+")      # a backslash too many, which begins a row and leaves letters
DOCUMENTED = ast.FunctionDef | ast.ClassDef | ast.Module


def strange(text):
    """Commands of the formulas in the docstrings of a module that are not known."""
    docs = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, DOCUMENTED)]
    formulas = [part for doc in docs for both in FORMULA.findall(doc) for part in both if part]
    return [name for part in formulas for name in [*unknown(part), *DOUBLED.findall(part)]]


@pytest.mark.parametrize("room", ROOMS)
def test_every_command_is_known(room):
    found = {str(path): strange(path.read_text("utf-8")) for path in (PACKAGE / room).rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {}


def test_others_are_found():
    assert strange('def f():\n    r"""Return $\\\\langle S$."""\n') == [r"\\langle"]
    assert strange('def f():\n    r"""Return\n\n    $$\\Big\\langle x$$\n    """\n') == ["langle"]
    assert strange('def f():\n    r"""Return $\\langle S\\rangle$."""\n') == []
