"""Classes and functions from their docstrings, one page a room of the house."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, isclass, isfunction, signature
from typing import Any

from docstrings import markdown

import qllg_sym
from qllg_sym import plugs
from qllg_sym.flow import states

# Room -> (title, classes that public functions return and that are no public names themselves).
ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "model": ("Models and terms", ("model.spin_expression.SpinVector", "model.spin_expression.SpinExpression")),
    "equations": ("Laws and equations of motion", ("equations.components.Components", "codegen.kernel.Kernel")),
    "flow": ("Solving and trajectories", ()),
    "derivations": ("Theorems and certificates", ("proof.theorem.Theorem", "proof.certificate.Certificate")),
    "units": ("Units", ()), "errors": ("Errors", ()), "algebra": ("Symbols", ()),
}

INDEX = """# Classes and functions

Everything here is `qllg_sym.<name>`; `import qllg_sym as q` loads nothing until a name is used.

```{toctree}
:maxdepth: 2
:glob:

api/*
```
"""


def pages() -> dict[str, str]:
    """Return a page a room, and one of the kinds of state."""
    rooms: dict[str, list[str]] = defaultdict(list)
    for name, home in qllg_sym.homes().items():
        if name != "states":
            rooms[home.split(".")[1]].append(name)
    found = {f"api/{room}": _page(room, names) for room, names in rooms.items()}
    kinds = (_entry(f"states.{name}", getattr(states, name)) for name in plugs.names(states.KINDS))
    return {"api": INDEX, **found, "api/states": "\n\n".join(["# States", "Each is `qllg_sym.states.<name>`.", *kinds])}


def _page(room: str, names: list[str]) -> str:
    """The page of one room."""
    title, more = ROOMS.get(room, (room.replace("_", " ").capitalize(), ()))
    public = (_entry(name, getattr(qllg_sym, name)) for name in names)
    others = (_entry(name.rpartition(".")[2], _found(name)) for name in more)
    return "\n\n".join([f"# {title}", *public, *others]) + "\n"


def _found(name: str) -> Any:
    """A class by its home."""
    home, _, own = name.rpartition(".")
    return getattr(import_module(f"qllg_sym.{home}"), own)


def _entry(name: str, thing: Any) -> str:
    """A public name: a class with its members, a function, or a symbol."""
    if isclass(thing):
        kind, head, body = "class", _signature(thing), "\n\n".join([markdown(thing.__doc__ or ""), *_members(thing)])
    elif isfunction(thing):
        kind, head, body = "function", _signature(thing), markdown(thing.__doc__ or "")
    else:
        kind, head, body = "data", "", f"The symbol `{thing}`."
    return f"## {name}\n\n``````{{py:{kind}}} qllg_sym.{name}{head}\n\n{body}\n``````"


def _members(cls: type[Any]) -> Iterator[str]:
    """Yield the documented methods and properties of a class, those too that are files attached to it."""
    of_python = {name for base in cls.__mro__ if base.__module__ == "builtins" for name in dir(base)}
    for name in sorted(set(dir(cls)) - of_python):
        member = getattr(cls, name)
        doc = markdown(getattr(member, "__doc__", None) or "")
        if name.startswith("_") or not doc or not (callable(member) or hasattr(type(member), "__get__")):
            continue
        if callable(member):
            static = isinstance(vars(cls).get(name), staticmethod | classmethod)
            yield f"`````{{py:method}} {name}{_signature(member, own=static)}\n\n{doc}\n`````"
        else:
            yield f"`````{{py:property}} {name}\n\n{doc}\n`````"


def _signature(thing: Any, own: bool = True) -> str:
    """The arguments with their defaults; what they are is in the docstring."""
    try:
        given = list(signature(thing).parameters.values())
    except (TypeError, ValueError):
        return ""
    given = given if isclass(thing) or own else given[1:]
    return str(signature(thing).replace(parameters=[_argument(x) for x in given], return_annotation=Parameter.empty))


class _Written:
    """A default as it is shown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _argument(argument: Parameter) -> Parameter:
    """An argument without its type; a default that is no short literal is shown as an ellipsis."""
    shown = repr(argument.default)
    plain = argument.replace(annotation=Parameter.empty)
    if argument.default is Parameter.empty or (len(shown) < 30 and shown.isprintable() and shown[0] not in "<mD"):
        return plain
    return plain.replace(default=_Written("..."))
