"""The house keeps its order: imports run one way, and some things stay in the rooms that they belong to.

Every rule reads the syntax tree, so late imports count; every rule has broken twins, made-up trees that it must catch.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The picture of imports. Room -> the rooms right below it; what they stand on may be used too, and nothing else.
BELOW: dict[str, list[str]] = {
    "memo": [], "front": [], "plugs": [], "display": [],
    "errors": ["memo", "display"], "operations": ["plugs"],
    "algebra": ["errors", "operations"],
    "codegen": ["algebra"],
    "units": ["errors"], "matrixform": ["codegen"], "geometry": ["algebra"],
    "model": ["codegen", "units", "geometry"],
    "equations": ["model", "matrixform"],
    "proof": ["equations"], "observables": ["equations"], "formats": ["errors"], "files": ["equations", "formats"],
    "modeltext": ["equations"], "interop": ["observables"], "plot": ["observables", "files"],
    "flow": ["interop", "plot", "modeltext"],
    "parallel": ["flow"], "spectra": ["flow"], "searches": ["flow"], "fitting": ["spectra"],
    "ensemble": ["parallel"],
    "studies": ["ensemble"], "modelfile": ["ensemble", "fitting"],
    "analysis": ["flow", "proof"],
    "figures": ["analysis"],
    "derivations": ["searches", "studies", "modelfile", "figures", "fitting"],
    "benchmarks": ["derivations"], "artefacts": ["derivations"], "stubs": ["derivations"],
    "report": ["artefacts"],
    "cli": ["report", "benchmarks"],
    "__main__": ["cli"],
}
# The floors of a room, lowest first: each of its files and inner rooms uses those on lower floors, and no other.
FLOORS: dict[str, tuple[str, ...]] = {
    "qllg_sym.flow": (
        "splines",
        "waveforms",
        "steps subspace progress numbers layout threads blas",
        "steppers options damping",
        "native",
        "hamiltonians lattices",
        "drives",
        "states weights",
        "problem",
        "pose",
        "exact results",
        "methods gaussian mps",
        "compact",
        "choose chunks pieces sensitivities one_by_one",
        "run compact_many",
        "between",
        "hybrid reopened",
        "solve",
        "qutip",
    ),
    "qllg_sym.equations": (
        "isospectral spin_part",
        "names combination explicit cayley_hamilton products inputs operator_word tex_widths",
        "notation closed_form implicit_equation size composition",
        "evaluation provenance",
        "notations tensors implicit_components",        # up to here what is stored; views of it above
        "grouping explicit_components typesetting unit_constants",
        "printing spectrum",
        "vector_equations",
        "vector_form operator_form lowering",
        "jacobians forms",
        "compiling",
        "components",
        "coordinates restriction",
        "equation letters",
        "law",
        "laws",
        "hybrid",
    ),
}
# What `codegen` and the steppers do not know.
PHYSICS = re.compile(r"ρ|rho\b|[Hh]amiltonian|[Dd]ensity|\bH\b(?! *=)|Pauli|\bspins?\b|V\^H|law of motion")
# The damping of q-LLG in a program: iκ[ρ, …], 1/(1 − iκΔ), κ/(1 + κ²), (κ + i)/(1 + κ²).
COPY = re.compile(r"1j \* \(?[\w.]*kappa|kappa / \(1 \+ |1j\) / \(1 \+ ", re.IGNORECASE)
# Parameters and fields of these names hold one class of the package each; so `Any` is not what they are.
OWN = frozenset("algebra atoms certificate components context ensemble equation evolution kernel law lemma model "
                "model_file problem record source space step term terms theorem trajectory".split())
# Rooms above everything that `import qllg_sym` resolves: they may use the public names.
USERS_OF_THE_PACKAGE = {"derivations", "benchmarks", "artefacts", "stubs", "report", "cli"}


@dataclass(frozen=True)
class Source:
    """A file of the package with the names that it imports and the names that it uses."""

    module: str
    tree: ast.Module
    is_package: bool
    path: Path

    @property
    def room(self) -> str:
        return self.module.split(".")[1]

    def imports(self) -> list[str]:
        """Every imported name, in full: `from a import b` gives a.b; late imports and import_module("…") count."""
        return self._imports

    @cached_property
    def _imports(self) -> list[str]:
        return list(self._walked())

    def _walked(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parts = self.module.split(".")
                parts = parts[: len(parts) - node.level + self.is_package] if node.level else []
                home = ".".join([*parts, *([node.module] if node.module else [])])
                yield from (f"{home}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Call) and names_of(node.func) & {"import_module", "__import__"} and node.args:
                yield from literal_start(node.args[0])

    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.imports()}


def names_of(node: ast.expr) -> set[str]:
    return {node.attr} if isinstance(node, ast.Attribute) else {node.id} if isinstance(node, ast.Name) else set()


def literal_start(node: ast.expr) -> list[str]:
    """The constant beginning of a string or f-string."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return [first.value.rstrip(".")] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def sources(root: Path) -> list[Source]:
    """The files of the package with what it is shipped with; those of this checkout are parsed once for all rules."""
    return parsed_once() if root == ROOT else parsed(root)


@cache
def parsed_once() -> list[Source]:
    return parsed(ROOT)


def parsed(root: Path) -> list[Source]:
    """The files of a tree; the package's own `__init__` is exempt from the order."""
    found = []
    shipped = [(root / name, f"qllg_sym.{name}") for name in ("benchmarks", "derivations")]
    for folder, prefix in ((root / "qllg_sym", "qllg_sym"), *shipped):
        for path in sorted(folder.rglob("*.py")):
            parts = [prefix, *path.relative_to(folder).with_suffix("").parts]
            is_package = parts[-1] == "__init__"
            module = ".".join(parts[:-1] if is_package else parts)
            if module != "qllg_sym":
                found.append(Source(module, ast.parse(path.read_text(encoding="utf-8")), is_package, path))
    return found


def reachable(room: str) -> set[str]:
    """The rooms that `room` stands on."""
    return {lower for below in BELOW[room] for lower in {below, *reachable(below)}}


def unknown_rooms(root: Path) -> set[str]:
    return {f"{s.module}: `{s.room}` is no room; add it to BELOW" for s in sources(root) if s.room not in BELOW}


def wrong_way_imports(root: Path) -> set[str]:
    """Imports that run upwards, or into a room at the side."""
    found = set()
    for source in sources(root):
        if source.room not in BELOW:
            continue
        allowed = reachable(source.room) | {source.room}
        for name in source.imports():
            parts = name.split(".")
            if parts[0] != "qllg_sym":
                continue
            if len(parts) == 1 or parts[1] not in BELOW:
                if source.room not in USERS_OF_THE_PACKAGE and name != "qllg_sym.__version__":
                    found.add(f"{source.module} imports {name}")
            elif parts[1] not in allowed:
                found.add(f"{source.module} imports {name}")
    return found


def arrows_up_inside(root: Path) -> set[str]:
    """Inside a room of several floors, too, imports run downwards alone; what has no floor is told."""
    found = set()
    for room, floors in FLOORS.items():
        floor = {part: k for k, parts in enumerate(floors) for part in parts.split()}
        for own, used in inner_picture(root, room).items():
            if own not in floor:
                found.add(f"{room}.{own} has no floor in FLOORS")
            found |= {f"{room}.{own} imports {part}" for part in used if floor.get(part, 0) >= floor.get(own, 0)}
    return found


def circles_of_rooms(root: Path) -> set[str]:
    """Rooms that reach themselves, at any depth: files of a room count for the room, and files beside it are parts."""
    found = set()
    for room in rooms(root):
        found |= {f"{room}.{part}" for part in in_circles(inner_picture(root, room))}
    return found


def rooms(root: Path) -> set[str]:
    """The package and every folder in it."""
    return {"qllg_sym"} | {".".join(parts[:k]) for source in sources(root) for parts in [source.module.split(".")]
                           for k in range(1, len(parts) + source.is_package)}


def inner_picture(root: Path, room: str) -> dict[str, set[str]]:
    """What each file and folder of a room imports of the others."""
    depth, picture = room.count(".") + 1, dict[str, set[str]]()
    for source in sources(root):
        if source.module.startswith(f"{room}."):
            own = source.module.split(".")[depth]
            used = {name.split(".")[depth] for name in source.imports() if name.startswith(f"{room}.")}
            picture.setdefault(own, set()).update(used - {own})
    return {own: used & set(picture) for own, used in picture.items()}


def in_circles(graph: dict[str, set[str]]) -> set[str]:
    """The nodes that reach themselves."""
    def reaches(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for name in graph[todo.pop()] - seen:
                seen.add(name)
                todo.append(name)
        return seen
    return {node for node in graph if node in reaches(node)}


def silent_rooms(root: Path) -> set[str]:
    """Folders of Python whose `__init__` does not say what may live there."""
    folders = {path.parent for source in sources(root) for path in [source.path]}
    saying = {source.path.parent for source in sources(root)
              if source.is_package and "may live" in (ast.get_docstring(source.tree) or "")}
    return {str(folder.relative_to(root)) for folder in folders - saying - {root / "qllg_sym"}}


def import_cycles(root: Path) -> set[str]:
    """Modules that reach themselves through imports."""
    files = {source.module: source for source in sources(root)}
    graph = {}
    for module, source in files.items():
        wanted = {name if name in files else name.rpartition(".")[0] for name in source.imports()}
        graph[module] = {name for name in wanted if name in files and name != module}
    return in_circles(graph)


def numpy_below_numbers(root: Path) -> set[str]:
    """No NumPy where things are true: algebra, model, equations, proof, and codegen but for what loads kernels."""
    doors = tuple(f"qllg_sym.codegen.{name}" for name in ("targets", "build", "values", "samples", "rhs",
                                                          "derivatives"))
    exact = {"errors", "algebra", "codegen", "model", "equations", "proof"}
    return {s.module for s in sources(root) if s.room in exact and not s.module.startswith(doors)
            and s.packages() & {"numpy", "scipy"}}


def sympy_above_numbers(root: Path) -> set[str]:
    """No SymPy where arrays are worked on, nor in the trusted checker, which has nothing of the package either."""
    rooms = "flow.steppers", "flow.steps", "flow.subspace", "observables", "proof.checker"
    places = tuple(f"qllg_sym.{room}" for room in rooms)
    checker = "qllg_sym.proof.checker"
    return {s.module for s in sources(root) if (s.module.startswith(places) and "sympy" in s.packages())
            or (s.module.startswith(checker) and any(
                name.startswith("qllg_sym") and not name.startswith(checker) for name in s.imports()))}


def matplotlib_elsewhere(root: Path) -> set[str]:
    return {s.module for s in sources(root) if s.room != "plot" and "matplotlib" in s.packages()}


def forbidden_names(root: Path) -> set[str]:
    """Zero is decided by a normal form, and no text is run: `exec` is for the code that a target itself emitted."""
    banned = {"simplify", "nsimplify", "sympify", "parse_expr", "eval", "exec", "pickle"}
    found = set()
    for source in sources(root):
        for node in ast.walk(source.tree):
            used: set[str] = set()
            if isinstance(node, ast.Import | ast.ImportFrom):
                used = {alias.name.split(".")[-1] for alias in node.names}
            elif isinstance(node, ast.Call):
                # Methods named `eval` belong to SymPy's classes; only the built-in runs text.
                used = names_of(node.func) - ({"eval", "exec"} if isinstance(node.func, ast.Attribute) else set())
            if source.module.startswith(("qllg_sym.codegen.targets", "qllg_sym.codegen.build")):
                used -= {"exec"}
            found |= {f"{source.module} uses {name}" for name in used & banned}
    return found


def physics_below_it(root: Path) -> set[str]:
    """No ρ and no H where programs are written and steps are taken, in Python as in C; but for examples."""
    found = set()
    for place in ("qllg_sym/codegen", *(f"qllg_sym/flow/{room}" for room in ("steppers", "steps", "subspace"))):
        for path in sorted((root / place).rglob("*.*")):
            if path.suffix in (".py", ".c"):
                lines = path.read_text(encoding="utf-8").splitlines()
                found |= {f"{path.relative_to(root)}: {word}" for line in lines if ">>>" not in line
                          for word in PHYSICS.findall(line)}
    return found


def unexplained_copies(root: Path) -> set[str]:
    """A damped law or its rates typed beside the law's own file, where it is not said that this is on purpose."""
    found = set()
    for place in ("qllg_sym", "derivations", "benchmarks", "tests"):
        for path in sorted((root / place).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if path.name != "test_layering.py" and COPY.search(text) and "second time on purpose" not in text:
                found.add(str(path.relative_to(root)))
    return found


def plugs_found_elsewhere(root: Path) -> set[str]:
    """Folders of plugs are listed in `plugs` alone."""
    return {s.module for s in sources(root) if s.module != "qllg_sym.plugs" and "pkgutil" in s.packages()}


def own_classes_untyped(root: Path) -> set[str]:
    """What holds a class of the package says which, but at a door: a function that looks at what it was given."""
    found = set()
    for source in sources(root):
        for node in ast.walk(source.tree):
            declared: list[tuple[str, ast.expr | None]] = []
            if isinstance(node, ast.FunctionDef):
                every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                declared = [(each.arg, each.annotation) for each in every if each.arg not in looked_at(node)]
            elif isinstance(node, ast.ClassDef):
                fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
                declared = [(name, part.annotation) for part in fields for name in names_of(part.target)]
            found |= {f"{source.module}: `{name}` of {node.name} is Any" for name, annotation in declared
                      if name in OWN and says_nothing(annotation)}
    return found


def looked_at(function: ast.FunctionDef) -> set[str]:
    """The names that a function gives to `isinstance`."""
    return {name for node in ast.walk(function) if isinstance(node, ast.Call) and "isinstance" in names_of(node.func)
            for name in names_of(node.args[0])}


def says_nothing(annotation: ast.expr | None) -> bool:
    """Whether an annotation is `Any`, or Any or something else; within brackets it may be that."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return says_nothing(ast.parse(annotation.value, mode="eval").body)
    if isinstance(annotation, ast.BinOp):
        return says_nothing(annotation.left) or says_nothing(annotation.right)
    return annotation is not None and "Any" in names_of(annotation)


def broken_at_hyphens(root: Path) -> set[str]:
    """Text that is broken into lines keeps `q-llg` whole: who searches a page or a help text for a name finds it."""
    return {f"{source.module}, line {node.lineno}" for source in sources(root) if "textwrap" in source.packages()
            for node in ast.walk(source.tree) if isinstance(node, ast.Call)
            and names_of(node.func) & {"wrap", "fill", "shorten", "TextWrapper"}
            and all(keyword.arg != "break_on_hyphens" for keyword in node.keywords)}


RULES = [unknown_rooms, wrong_way_imports, arrows_up_inside, circles_of_rooms, import_cycles, silent_rooms,
         numpy_below_numbers, sympy_above_numbers, matplotlib_elsewhere, forbidden_names, physics_below_it,
         unexplained_copies, plugs_found_elsewhere, own_classes_untyped, broken_at_hyphens]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule):
    assert rule(ROOT) == set()


def test_the_walk_sees_the_package():
    modules = {source.module for source in sources(ROOT)}
    assert {"qllg_sym.errors", "qllg_sym.cli", "qllg_sym.model.model"} <= modules


BROKEN = [
    (broken_at_hyphens, {"qllg_sym/cli/a.py": "from textwrap import fill\nx = fill('the law q-llg', 10)"}),
    (broken_at_hyphens, {"qllg_sym/cli/a.py": "import textwrap\nx = textwrap.wrap('q-llg', 3, subsequent_indent=' ')"}),
    (own_classes_untyped, {"qllg_sym/flow/a.py": "def f(law: Any): ..."}),
    (own_classes_untyped, {"qllg_sym/flow/a.py": "def f(*, model: 'Any | None' = None): ..."}),
    (own_classes_untyped, {"derivations/a.py": "class A:\n    equation: typing.Any"}),
    (own_classes_untyped, {"qllg_sym/model/a.py": "def f(term: Any, terms: Any):\n    return isinstance(term, Term)"}),
    (plugs_found_elsewhere, {"qllg_sym/model/a.py": "def f():\n    from pkgutil import iter_modules"}),
    (physics_below_it, {"qllg_sym/codegen/native/a.c": "/* y = H v */"}),
    (physics_below_it, {"qllg_sym/codegen/a.py": "LETTERS = ('rho', 'drho')"}),
    (physics_below_it, {"qllg_sym/flow/steppers/a.py": 'def f(hamiltonian):\n    """Return H."""'}),
    (unexplained_copies, {"qllg_sym/flow/a.py": "weight = 1 / (1 - 1j * kappa * gaps)"}),
    (unexplained_copies, {"tests/flow/test_a.py": "RATE = KAPPA / (1 + KAPPA**2)"}),
    (unexplained_copies, {"derivations/a.py": "c = (self.kappa + 1j) / (1 + self.kappa**2)"}),
    (unknown_rooms, {"qllg_sym/misc/a.py": ""}),
    (wrong_way_imports, {"qllg_sym/algebra/a.py": "from qllg_sym.model.space import Space"}),
    (wrong_way_imports, {"qllg_sym/algebra/a.py": "def f():\n    from qllg_sym.flow import solve"}),
    (wrong_way_imports, {"qllg_sym/algebra/a.py": "from ..model import space"}),
    (wrong_way_imports, {"qllg_sym/model/a.py": "import importlib\nx = importlib.import_module('qllg_sym.cli')"}),
    (wrong_way_imports, {"qllg_sym/model/a.py": "x = __import__(f'qllg_sym.cli.{0}')"}),
    (wrong_way_imports, {"qllg_sym/flow/a.py": "import qllg_sym as q"}),
    (arrows_up_inside, {"qllg_sym/flow/steppers/a.py": "from qllg_sym.flow.problem import Problem",
                        "qllg_sym/flow/problem.py": ""}),
    (arrows_up_inside, {"qllg_sym/flow/results/a.py": "def f():\n    from qllg_sym.flow import solve",
                        "qllg_sym/flow/solve.py": ""}),
    (arrows_up_inside, {"qllg_sym/flow/results/a.py": "from ..exact.b import x", "qllg_sym/flow/exact/b.py": ""}),
    (arrows_up_inside, {"qllg_sym/flow/a.py": ""}),
    (arrows_up_inside, {"qllg_sym/equations/grouping.py": "def f():\n    from qllg_sym.equations.components import C",
                        "qllg_sym/equations/components.py": ""}),
    (circles_of_rooms, {"qllg_sym/plot/a.py": "import qllg_sym.figures.b", "qllg_sym/figures/b.py": "",
                        "qllg_sym/figures/c.py": "def f():\n    import qllg_sym.plot.d", "qllg_sym/plot/d.py": ""}),
    (circles_of_rooms, {"qllg_sym/model/one/a.py": "from ..two.b import x", "qllg_sym/model/two/b.py": "",
                        "qllg_sym/model/two/c.py": "def f():\n    from qllg_sym.model.one import d",
                        "qllg_sym/model/one/d.py": ""}),
    (circles_of_rooms, {"qllg_sym/model/one/a.py": "from qllg_sym.model.space import x",
                        "qllg_sym/model/space.py": "from qllg_sym.model.one.b import y",
                        "qllg_sym/model/one/b.py": ""}),
    (circles_of_rooms, {"derivations/one/a.py": "from ..two import b", "derivations/two/b.py": "",
                        "derivations/two/c.py": "from ..one import d", "derivations/one/d.py": ""}),
    (silent_rooms, {"qllg_sym/model/__init__.py": '"""What is studied."""', "qllg_sym/model/a.py": ""}),
    (silent_rooms, {"qllg_sym/model/__init__.py": '"""Here may live all."""', "qllg_sym/model/terms/a.py": ""}),
    (wrong_way_imports, {"qllg_sym/flow/a.py": "from qllg_sym import Space"}),
    (wrong_way_imports, {"qllg_sym/proof/a.py": "import qllg_sym.observables.purity"}),
    (wrong_way_imports, {"qllg_sym/plot/a.py": "import qllg_sym.flow.results.trajectory"}),
    (wrong_way_imports, {"derivations/a.py": "from qllg_sym.report import write"}),
    (import_cycles, {"qllg_sym/flow/a.py": "from qllg_sym.flow.b import x",
                     "qllg_sym/flow/b.py": "def f():\n    from qllg_sym.flow import a"}),
    (import_cycles, {"qllg_sym/plot/a.py": "import qllg_sym.files",
                     "qllg_sym/files.py": "from qllg_sym.plot.a import b"}),
    (numpy_below_numbers, {"qllg_sym/equations/a.py": "def f():\n    import numpy as np"}),
    (numpy_below_numbers, {"qllg_sym/codegen/kernel.py": "from numpy.linalg import inv"}),
    (sympy_above_numbers, {"qllg_sym/observables/a.py": "import sympy"}),
    (sympy_above_numbers, {"qllg_sym/flow/steppers/a.py": "def f():\n    from sympy import S"}),
    (sympy_above_numbers, {"qllg_sym/proof/checker/claim.py": "from qllg_sym.errors import QllgError"}),
    (sympy_above_numbers, {"qllg_sym/proof/checker/claim.py": "from ..algebra import Algebra"}),
    (matplotlib_elsewhere, {"qllg_sym/flow/a.py": "def f():\n    from matplotlib.figure import Figure"}),
    (matplotlib_elsewhere, {"derivations/fig_01.py": "import matplotlib"}),
    (forbidden_names, {"qllg_sym/algebra/a.py": "import sympy as sp\nx = sp.simplify(1)"}),
    (forbidden_names, {"qllg_sym/algebra/a.py": "from sympy import simplify"}),
    (forbidden_names, {"qllg_sym/model/a.py": "x = eval('1')"}),
    (forbidden_names, {"qllg_sym/flow/a.py": "exec('1')"}),
    (forbidden_names, {"qllg_sym/codegen/kernel.py": "exec('1')"}),
    (forbidden_names, {"qllg_sym/files.py": "import pickle"}),
]


@pytest.mark.parametrize(("rule", "files"), BROKEN)
def test_a_broken_tree_is_caught(rule, files, tmp_path):
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert rule(tmp_path)


def test_a_sound_tree_passes_every_rule(tmp_path):
    for name, text in {
        "qllg_sym/__init__.py": "from qllg_sym.cli import main",
        "qllg_sym/errors.py": "",
        "qllg_sym/model/space.py": "import sympy\nfrom qllg_sym.errors import QllgError",
        "qllg_sym/model/door.py": "def f(term: Any, law: Law):\n    return isinstance(term, Term)",
        "qllg_sym/codegen/targets/c.py": "import numpy\nexec(compile('1', '', 'exec'))",
        "qllg_sym/flow/solve.py": "import qllg_sym.files\nfrom ..model.space import x",
        "qllg_sym/files.py": "",
        "qllg_sym/cli/a.py": "import qllg_sym",
        "derivations/a.py": "from qllg_sym import Space",
        **{f"{room}/__init__.py": '"""Here may live one file."""' for room in (
            "qllg_sym/model", "qllg_sym/codegen", "qllg_sym/codegen/targets", "qllg_sym/flow", "qllg_sym/cli",
            "derivations")},
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert [rule(tmp_path) for rule in RULES] == [set()] * len(RULES)
