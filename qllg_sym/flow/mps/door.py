"""TeNPy, the extra `mps`, for lowest levels by DMRG: imported here alone, and on first use."""

from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType
from typing import cast

from qllg_sym.errors import InputError


def tenpy(module: str) -> ModuleType:
    """Return a module of TeNPy by its name below `tenpy`.

    Raises:
        InputError: TeNPy is not installed.

    >>> tenpy("linalg.np_conserved").__name__
    'tenpy.linalg.np_conserved'
    """
    try:
        return import_module(f"tenpy.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "tenpy":
            raise
        raise InputError("`method` must be one whose library is installed, but \"mps\" needs TeNPy; run "
                         "pip install \"qllg_sym[mps]\".") from None


def unchecked() -> AbstractContextManager[None]:
    """Return a context in which TeNPy does not check the tensors that it is given, which takes a third of the time.

    >>> with unchecked():
    ...     pass
    """
    return cast("AbstractContextManager[None]", tenpy("tools.optimization").temporary_level("skip_arg_checks"))
