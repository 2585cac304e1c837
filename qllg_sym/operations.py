"""Operations on models, equations and components: each a file of `qllg_sym.analysis`, a method by being there.

The rooms of the classes lie far below `analysis`, which needs states, proofs and numbers. So a method is only named
here, by the names of files, and its file is imported when it is first used. What type checkers see of this,
`operations.pyi`, is generated from the same files.
"""

from importlib import import_module
from types import MethodType
from typing import Any

from qllg_sym import plugs

HOME = "qllg_sym.analysis"


class FileMethod:
    """A method of a class: the function of a file, with the instance as its first argument."""

    def __init__(self, file: str) -> None:
        """Remember where it is found, `file` the module in full."""
        self.file = file

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Return the function itself, or bound to an instance."""
        function = getattr(import_module(self.file), self.file.rpartition(".")[2])
        return function if instance is None else MethodType(function, instance)


class ModelOperations:
    """Operations on a `Model`: the files of `qllg_sym/analysis/of_model/`."""


class EquationOperations:
    """Operations on an `Equation`: the files of `qllg_sym/analysis/of_equation/`."""


class ComponentsOperations:
    """Operations on `Components`: the files of `qllg_sym/analysis/of_components/`."""


FOLDERS: dict[type, str] = {ModelOperations: f"{HOME}.of_model", EquationOperations: f"{HOME}.of_equation",
                            ComponentsOperations: f"{HOME}.of_components"}

for _cls, _folder in FOLDERS.items():
    for _name in plugs.functions_written(_folder):
        setattr(_cls, _name, FileMethod(f"{_folder}.{_name}"))
