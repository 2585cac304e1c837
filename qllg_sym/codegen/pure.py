"""Right-hand sides as pure functions of a library that traces them, such as JAX: for jit, derivatives and maps."""

from collections.abc import Callable, Mapping
from typing import Any

from qllg_sym.codegen import targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.codegen.values import checked_values
from qllg_sym.errors import CodegenError, InputError, InputTypeError

PureFunction = Callable[[Any, Any], Any]


class Pure:
    """A right-hand side whose parameters still have no numbers; `bind` gives them.

    Attributes:
        states, parameters: names, in the order of arrays.
        target: the language.
        source: its text.
        function: f(t, y, p), pure.
    """

    def __init__(self, kernel: Kernel, target: str) -> None:
        """Print and load a kernel.

        Raises:
            CodegenError: the library is not installed, or the target has no such functions.
        """
        found, program = targets.find(target), optimise(kernel)
        if found.traced is None:
            raise CodegenError(f"`target` must be one whose functions are pure, jax, but is {target!r}; choose that.")
        self.target, self.states, self.parameters = target, program.states, program.parameters
        self.kernel, self.source, self.function = program, found.emit(program), found.traced(program)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the program, which is loaded anew."""
        return Pure, (self.kernel, self.target)

    def bind(self, values: Mapping[Any, Any] | None = None, /, **names: Any) -> PureFunction:
        """Return rhs(t, y), pure, with a value for every parameter; a value may itself be traced.

        Args:
            values: numbers keyed by name or Symbol.
            **names: more of them.

        Raises:
            InputError: an unknown, missing or repeated name, a value that is not finite or has axes; of the function,
                a state that is not one row (n,): map over rows with what the library has for that.
            InputTypeError: values that are no mapping, or one that is no number.
        """
        if not isinstance(values, Mapping | None):
            raise InputTypeError(f"`values` must map names or Symbols to numbers, but is of type "
                                 f"{type(values).__name__}; write values={{\"J\": 1.0}}.")
        given = [(str(key), value) for source in (values or {}, names) for key, value in source.items()]
        found = dict(given)
        if wrong := sorted({name for name, _ in given} - {*self.parameters}):
            raise InputError(f"`values` must name parameters, but has {wrong[0]!r}; the parameters are "
                             f"{', '.join(self.parameters) or 'none'}.")
        if len(found) < len(given):
            raise InputError("`values` must give each parameter once, but gives one twice; drop one.")
        if missing := [name for name in self.parameters if name not in found]:
            raise InputError(f"`values` must give every parameter a number, but {missing[0]!r} is unbound; "
                             f"add values={{{missing[0]!r}: 1.0}}.")
        p = [_number(name, found[name]) for name in self.parameters]
        return lambda t, y: self.function(t, y, p)

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Pure: {len(self.states)} states, parameters {', '.join(self.parameters) or 'none'}, {self.target}>"


def _number(name: str, value: Any) -> Any:
    """A value as it is where the library traces it, else a finite double."""
    if not hasattr(value, "aval"):
        value = checked_values([name], {name: value})[name]
    if getattr(value, "shape", ()) != ():
        raise InputError(f"`values[{name!r}]` must be one number, but has shape {value.shape}; map over it, as "
                         "jax.vmap does.")
    return value
