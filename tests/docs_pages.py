"""Pages of the documentation as what can be run: examples, files that they write, commands that they type.

A fence whose first line is `# file: NAME` is a file: below `qllg_sym/` or `derivations/` a new plug of that folder,
else one beside the reader. A fence "console" holds commands; what `qllg` prints is compared where the page shows it.
All else is read as examples of Python. What a page defines is known to the end of it.
"""

import contextlib
import doctest
import io
import re
import shlex
from pathlib import Path

from qllg_sym.cli import main

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs"
MADE = ("_build", "reference")              # when the site is built
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_SPECIAL = re.compile(r"^```(?:(?P<console>console)|\w+)\n(?:# file: (?P<file>\S+)\n)?(?P<body>.*?)^```$", re.M | re.S)


def pages():
    """Every page that is written by hand."""
    return sorted(page for page in FOLDER.rglob("*.md") if page.relative_to(FOLDER).parts[0] not in MADE)


def is_notebook(page):
    return page.read_text(encoding="utf-8").startswith("---\njupytext:")


def parts(text):
    """The parts of a page in order: ("python" | "console" | name of a file, text)."""
    found, end = [], 0
    for fence in _SPECIAL.finditer(text):
        if fence["console"] or fence["file"]:
            found += [("python", text[end:fence.start()]), (fence["file"] or "console", fence["body"])]
            end = fence.end()
    return [*found, ("python", text[end:])]


def run(page, write_plug):
    """Run a page in the current folder; return (examples and commands run, reports of those that failed)."""
    known, count, reports = {}, 0, []
    for kind, text in parts(page.read_text(encoding="utf-8")):
        if kind == "python":
            found, report, known = python(text, known, page)
        elif kind == "console":
            found, report = console(text)
        else:
            found, report = 0, []
            put(kind, text, write_plug)
        count, reports = count + found, reports + report
    return count, reports


def python(text, known, page):
    """Run the examples of a part."""
    said = io.StringIO()
    plain = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)                # fences are no output
    example = doctest.DocTestParser().get_doctest(plain, known, page.stem, str(page), 0)
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.write, clear_globs=False)
    return result.attempted, [said.getvalue()] * bool(result.failed), example.globs


def console(text):
    """Run the commands of a part that are `qllg`; what it prints must be what is shown, if anything is."""
    count, reports = 0, []
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
        if not command.startswith("qllg "):
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = main(shlex.split(command)[1:])
        fits = doctest.OutputChecker().check_output(shown, said.getvalue(), FLAGS) or not shown.strip()
        reports += [f"{command}\nexit code {code}\n{said.getvalue()}"] * (code != 0 or not fits)
        count += 1
    return count, reports


def put(name, text, write_plug):
    """Write a file, or a plug into its folder."""
    folder, _, file = name.rpartition("/")
    if folder.startswith("qllg_sym/"):
        write_plug(folder.replace("/", "."), file.removesuffix(".py"), text)
    elif folder == "derivations":
        write_plug("qllg_sym.derivations", file.removesuffix(".py"), text)
    else:
        Path(name).write_text(text, encoding="utf-8")
