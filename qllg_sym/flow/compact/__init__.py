"""States that are no kets, one form a file: what `method=` asks for by name, found by listing the folder.

A file has NAME; result, a function without arguments that returns the class of its result, with KIND, `of_arrays` and
`load`; run(model, law, state, times, values, options) -> such a result; and check, with the same arguments, which
refuses what run refuses before its work. Nothing is loaded that is not asked for.

Here may live the doors of forms for one problem each, with results of their own; each form has a room below.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from qllg_sym import plugs

if TYPE_CHECKING:
    from qllg_sym.equations.law import Law
    from qllg_sym.flow.options import Options
    from qllg_sym.flow.results.chain import ChainTrajectory
    from qllg_sym.model.model import Model


class Form(Protocol):
    """What a file of this folder has; see above."""

    @property
    def NAME(self) -> str:
        """What it is asked for by."""

    def result(self) -> "type[ChainTrajectory]":
        """Return the class of its result."""

    def run(self, model: "Model", law: "Law", state: Any, times: Any, values: Any,
              options: "Options", /) -> "ChainTrajectory":
        """Integrate a law of motion."""

    def check(self, model: "Model", law: "Law", state: Any, times: Any, values: Any,
              options: "Options", /) -> None:
        """Refuse what `run` refuses before its work."""


@cache
def forms() -> dict[str, Form]:
    """Return every form by its name.

    >>> "gaussian" in forms()
    True
    """
    return {module.NAME: module for module in (cast(Form, found) for found in plugs.modules(__name__))}
