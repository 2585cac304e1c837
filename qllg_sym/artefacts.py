"""What the generator writes into `generated/`: C, NumPy and LaTeX of the paper's equations, and 30-digit values.

Everything here is derived anew from `derivations/eq_*.py`; the tests compare it byte for byte with the files.
"""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import sympy as sp

from qllg_sym import plugs
from qllg_sym.codegen import targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations.components import Components

DIGITS = 30
CODE = ("c", "fortran", "javascript", "jax", "numpy", "wolfram")


def sources() -> Iterator[tuple[str, str, Callable[[], Components]]]:
    """Yield (derivation file, artefact name, components) of every `derivations/eq_*.py`.

    >>> sorted(name for _, name, _ in sources())
    ['dimer_llg', 'dimer_q_ll', 'dimer_q_llg', 'spin_q_llg']
    """
    for module in plugs.modules("qllg_sym.derivations", "eq_"):
        for name, components in module.GENERATED.items():
            yield module.__name__.rpartition(".")[2], name, components


def render() -> dict[str, str]:
    """Return {path below generated/: text} of every artefact and the manifest.

    >>> "MANIFEST.json" in render()
    True
    """
    files: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    for source, name, derive in sources():
        components = derive()
        kernel = optimise(components.kernel())
        texts: dict[str, str] = {}
        for target in map(targets.find, CODE):
            by_ending = {target.suffix: target.emit(kernel), **target.beside(kernel)}
            texts |= {f"{target.name}/{name}{ending}": text for ending, text in by_ending.items()}
        texts[f"latex/{name}.tex"] = components.latex() + "\n"
        texts[f"values/{name}.json"] = values(components.kernel())
        about = {"derivation": f"derivations/{source}.py", "kernel": kernel.digest, "operations": kernel.operations}
        manifest |= {path: about for path in texts}
        files |= texts
    text = {"sympy": sp.__version__, "files": dict(sorted(manifest.items()))}
    return {**files, "MANIFEST.json": json.dumps(text, indent=1) + "\n"}


def rational_point(kernel: Kernel) -> dict[str, Fraction]:
    """Return the rational point at which values are kept: state k is ±1/(k + 4), parameter k is 1 + 1/(k + 3).

    >>> from qllg_sym.codegen.kernel import Kernel
    >>> rational_point(Kernel("k", ("a",), ("b",), (), ()))
    {'a': Fraction(1, 4), 'b': Fraction(4, 3)}
    """
    states = {name: Fraction((-1)**k, k + 4) for k, name in enumerate(kernel.states)}
    return states | {name: 1 + Fraction(1, k + 3) for k, name in enumerate(kernel.parameters)}


def values(kernel: Kernel) -> str:
    """Return the 30-digit values of a kernel at its rational point, as JSON text."""
    at = rational_point(kernel)
    outputs = kernel.evaluate(at, DIGITS)
    record = {"at": {name: str(x) for name, x in at.items()}, "digits": DIGITS,
              "velocities": {name: mpmath.nstr(v, DIGITS) for name, v in outputs.items()}}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def write(folder: Path) -> list[str]:
    """Write every artefact below `folder`; returns the paths whose text changed.

    Args:
        folder: created if it does not exist.
    """
    changed = []
    for name, text in render().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
