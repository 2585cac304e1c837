"""The text of a model and its law, read back."""

from typing import Any

from qllg_sym.equations.law import Law
from qllg_sym.model.model import Model
from qllg_sym.modeltext.dissipators import read_law
from qllg_sym.modeltext.document import document
from qllg_sym.modeltext.system import MAX_SITES, SECTOR, read_system
from qllg_sym.modeltext.tables import Table


def model_from_text(text: str) -> tuple[Model, Law | None, dict[str, Any]]:
    r"""Return the model, the law where there is one, and the numbers and samples of a text that `model_as_text` made.

    Raises:
        FileError: no TOML.
        ModelError: an unknown, missing or wrong key, or what the model itself refuses.

    >>> model_from_text('[system]\nspins = ["1/2"]\n[law]\nkind = "q-llg"\nkappa = 1')[1].kappa
    1
    """
    content = document(text.encode(), "The model file")
    Table("The model file", content).only(("system", "term", "values", "signals", "law", "hybrid"))
    model, values, names = read_system(content)
    parts = Table("[hybrid]", content["hybrid"], names) if "hybrid" in content else None
    law = read_law(Table("[law]", content["law"], names), model, parts) if "law" in content else None
    return model, law, values


def system_as_written(text: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    r"""Return the spins of such a text, and its S_z, wave number and reflection, each None where there is none.

    No model is made of it.

    Raises:
        FileError: no TOML.
        ValueError, KeyError, TypeError: no spins.

    >>> system_as_written('[system]\nspins = "1/2"\nsites = 3\nmagnetisation = "1/2"')
    (('1/2', '1/2', '1/2'), ('1/2', None, None))
    """
    system = document(text.encode(), "The model file")["system"]
    spins = system["spins"]
    if "sites" in system:
        spins = [spins] * min(int(system["sites"]), MAX_SITES)
    return tuple(map(str, spins)), tuple(system.get(name) for name in SECTOR)
