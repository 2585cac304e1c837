"""One word, one thing: a file is called by what it holds, and a name means one thing in the whole package.

`REFUSED` are words that say how something is stored or handed on, not what it is. Names that two files share stand in
a list, with the reason why they mean the same. Plugs of one folder share the names that their folder asks for. The
independent checker of proofs has no line of the package and may call a thing as the package does; so may theorems and
peers, each of which is read alone.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from test_layering import ROOT, Source, sources

REFUSED = set("crew team work found block start rows slopes pairs tall columns charts ladder parts operands "
              "ansatz".split())
ALONE = "qllg_sym.proof.checker", "qllg_sym.derivations", "qllg_sym.benchmarks"
PLUGS = ("qllg_sym.cli", "qllg_sym.codegen.tableaux", "qllg_sym.codegen.targets", "qllg_sym.ensemble.steppers",
         "qllg_sym.flow.compact", "qllg_sym.flow.methods", "qllg_sym.flow.states.kinds",
         "qllg_sym.flow.steppers", "qllg_sym.formats",
         "qllg_sym.observables", "qllg_sym.parallel.executors", "qllg_sym.plot.over_time", "qllg_sym.report.sections",
         "qllg_sym.searches.methods")
# A function that two files have, and what it is in both.
SAME = {
    "cancelled": "without common factors: a quotient, and the equations of a system",
    "cross": "the vector product, of polynomials, of matrices and of operators",
    "document": "all of it as one text: certificates as JSON, statements as LaTeX",
    "elementary": "elementary symmetric polynomials, as SymPy writes them and as the prover does",
    "estimate": "how many operations a kernel will have",
    "find": "what there is of that name: a compiler, a target, a method",
    "inverse": "the inverse of a matrix, by Cayley and Hamilton and by elimination",
    "is_zero": "whether a normal form is zero",
    "load": "a kernel as what can be called, of any target and of one",
    "lowest": "the lowest levels: a bound of their sum, and all of them with their kets",
    "mathml": "a formula as MathML",
    "modules": "the plugs of a folder",
    "moments": "components of classical moments, as stored and as seen",
    "multiply": "the product of two matrices, by entries and by coordinates",
    "names": "the names of the plugs of a folder",
    "point": "a number as a set that holds it: an interval, a disk, a disk with a rest",
    "product": "a product: of matrices, of states, of expressions of a theorem",
    "prove": "a proof: of one theorem, and of all as a stage of a reproduction",
    "reduced": "less of the same: a state on some sites, equations of invariant states",
    "refuses": "why a method or a stepper does not take it",
    "render": "the text or the picture of a thing as a file holds it",
    "residual": "what is left of the law, in numbers and as a formal expression",
    "run": "what a command or a method does",
    "save": "writes a file",
    "shown": "a value as text for a reader",
    "scaled": "in other units: a coefficient times a factor, a model divided by an energy",
    "series": "terms one after another: Chebyshev's, and the orders of an expansion",
    "single_spin": "components of one spin of any length, as stored and as seen",
    "source": "the text of a C file of a folder",
    "subs": "parameters replaced: of a model, of an equation and of components",
    "table": "a table, as text and as HTML",
}


def refused_files(root: Path) -> set[str]:
    """Files and folders of the package, in Python and in C, whose name is a refused word."""
    places = {source.module for source in sources(root)}
    places |= {".".join(path.relative_to(root).with_suffix("").parts) for path in (root / "qllg_sym").rglob("*.c")}
    return {place for place in places if place.rpartition(".")[2] in REFUSED}


def classes_of_one_name(root: Path) -> set[str]:
    """Public classes that two files define."""
    return shared(root, ast.ClassDef, set())


def functions_of_one_name(root: Path) -> set[str]:
    """Public functions that two files define, but for what plugs of a folder have in common."""
    return shared(root, ast.FunctionDef, set(SAME))


def shared(root: Path, sort: type[ast.stmt], allowed: set[str]) -> set[str]:
    """Each public name that several files give to a thing of their own, with the files."""
    homes = defaultdict[str, set[str]](set)
    for source in sources(root):
        if not source.module.startswith(ALONE):
            for name in defined(source, sort):
                homes[name].add(home(source, sort))
    return {f"{name}: {', '.join(sorted(found))}" for name, found in homes.items()
            if len(found) > 1 and name not in allowed}


def home(source: Source, sort: type[ast.stmt]) -> str:
    """Where a name is: the folder, for functions of plugs."""
    folder = source.module if source.is_package else source.module.rpartition(".")[0]
    return folder if sort is ast.FunctionDef and folder in PLUGS else source.module


def defined(source: Source, sort: type[ast.stmt]) -> Iterator[str]:
    """The public names of one sort that a file defines itself."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and isinstance(node, sort) and node.name[0] != "_":
            yield node.name


RULES = [refused_files, classes_of_one_name, functions_of_one_name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule):
    assert rule(ROOT) == set()


def test_no_name_is_listed_that_means_one_thing():
    found = {text.partition(":")[0] for text in shared(ROOT, ast.FunctionDef, set())}
    assert set(SAME) == found


BROKEN = [
    (refused_files, {"qllg_sym/equations/rows.py": ""}),
    (refused_files, {"qllg_sym/model/parts/__init__.py": '"""Here may live parts."""'}),
    (refused_files, {"qllg_sym/codegen/native/block.c": ""}),
    (refused_files, {"qllg_sym/flow/steppers/ladder.py": ""}),
    (classes_of_one_name, {"qllg_sym/figures/a.py": "class Study: ...", "qllg_sym/report/b.py": "class Study: ..."}),
    (classes_of_one_name, {"qllg_sym/cli/a.py": "class Study: ...", "qllg_sym/cli/b.py": "class Study: ..."}),
    (functions_of_one_name, {"qllg_sym/plot/a.py": "def twist(): ...", "qllg_sym/flow/b.py": "def twist(): ..."}),
    (functions_of_one_name, {"qllg_sym/cli/a.py": "def twist(): ...", "qllg_sym/plot/b.py": "def twist(): ..."}),
]


@pytest.mark.parametrize(("rule", "files"), BROKEN)
def test_a_broken_tree_is_caught(rule, files, tmp_path):
    write(tmp_path, files)
    assert len(rule(tmp_path)) == 1


def test_a_sound_tree_passes_every_rule(tmp_path):
    write(tmp_path, {
        "qllg_sym/equations/grouping.py": "def _sum(): ...\nclass Sum: ...",
        "qllg_sym/flow/block_lanczos.py": "def _sum(): ...\nclass _Sum: ...\nclass Big(Sum):\n    def add(self): ...",
        "qllg_sym/flow/methods/one.py": "def twist(): ...", "qllg_sym/flow/methods/two.py": "def twist(): ...",
        "qllg_sym/proof/checker/one.py": "class Sum: ...\ndef twist(): ...",
        "derivations/thm_01.py": "def twist(): ...", "benchmarks/peers/one.py": "def twist(): ...",
    })
    assert [rule(tmp_path) for rule in RULES] == [set()] * len(RULES)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
