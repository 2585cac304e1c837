"""`generated/` is what the generator writes today: byte for byte, and to 30 digits by another path than its own.

`pytest tests/test_generated.py --update` rewrites the files; then read the diff.
"""

import json
from pathlib import Path

import mpmath
import pytest
import sympy as sp

import qllg_sym
from qllg_sym import artefacts

FOLDER = Path(__file__).parent.parent / "generated"


@pytest.fixture(scope="module")
def rendered():
    return artefacts.render()


def test_files_are_current(rendered, request):
    if request.config.getoption("--update"):
        print("rewritten:", artefacts.write(FOLDER))
    for name, text in rendered.items():
        assert (FOLDER / name).exists(), f"`{name}` is missing: pytest tests/test_generated.py --update"
        kept = (FOLDER / name).read_text(encoding="utf-8")
        assert kept == text, f"`{name}` is stale: pytest … --update, then read the diff."


def test_nothing_else_lies_there(rendered):
    kept = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*.*") if "__pycache__" not in p.parts}
    assert kept - {"__init__.py"} == set(rendered)


def test_a_changed_byte_is_seen(rendered, tmp_path):
    artefacts.write(tmp_path)
    victim = tmp_path / "c" / "dimer_q_llg.c"
    victim.write_text(victim.read_text().replace("+", "-", 1))
    assert artefacts.write(tmp_path) == ["c/dimer_q_llg.c"]


@pytest.mark.parametrize("name", ["dimer_q_llg", "dimer_q_ll", "dimer_llg", "spin_q_llg"])
def test_values_solve_the_residual(name):
    """The kept velocities make the implicit residual vanish to 27 digits; a wrong sign does not."""
    derive = {n: f for _, n, f in artefacts.sources()}[name]
    components = derive()
    record = json.loads((FOLDER / "values" / f"{name}.json").read_text())
    names = (*components.states, *components.parameters)
    residual = sp.lambdify([*names, *components.velocities], list(components.residual), "mpmath")

    def largest(sign):
        known = [mpmath.mpf(sp.Rational(record["at"][s.name]).p) / sp.Rational(record["at"][s.name]).q for s in names]
        moving = [sign * mpmath.mpf(record["velocities"][s.name]) for s in components.states]
        return max(map(abs, residual(*known, *moving)))

    with mpmath.workdps(40):
        assert largest(1) < mpmath.mpf(10) ** -27
        assert largest(-1) > 0.1


def test_manifest_names_every_file_and_its_derivation():
    manifest = json.loads((FOLDER / "MANIFEST.json").read_text())
    root = Path(qllg_sym.__file__).parent.parent
    assert manifest["sympy"] == sp.__version__
    for path, about in manifest["files"].items():
        assert (FOLDER / path).exists()
        assert (root / about["derivation"]).exists()
        assert about["operations"] > 0
        if path.startswith("c/"):
            assert about["kernel"] in (FOLDER / path).read_text()
