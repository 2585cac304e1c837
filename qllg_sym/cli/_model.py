"""The MODEL argument, which several commands share."""

import re
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, cast

from qllg_sym.errors import DerivationError, ModelError

if TYPE_CHECKING:
    from qllg_sym.equations.components import Components
    from qllg_sym.equations.hybrid.equation import HybridEquation
    from qllg_sym.modelfile.model_file import WithLaw

FORMS = ("pauli", "eta", "coefficients", "moments")
PARTS = "clusters and moments"                 # the one form of a hybrid law
MAX_EQUATIONS = 1023  # five spins ½: beyond, deriving takes minutes and nobody reads the result


def add_model(parser: ArgumentParser) -> None:
    """Declare MODEL and --law."""
    parser.add_argument("model", metavar="MODEL", help="`dimer`, `spin`, or a TOML file")
    parser.add_argument("--law", metavar="LAW",
                        help="von-neumann, q-ll, q-llg, local-gilbert, dephasing, ll or llg (default: the file's, "
                             "else q-llg)")


def components(args: Namespace) -> "tuple[WithLaw, Components]":
    """Return the model under its law, and its equations in the coordinates that fit or that were asked for.

    Raises:
        QllgError: no such model or law, coordinates that do not exist for them, or too many equations.
    """
    from qllg_sym.modelfile.read import model_named
    model_file = model_named(args.model).with_law(args.law)
    equation = model_file.law.derive(model_file.model)
    form = args.form or fitting_form(model_file)
    if form == PARTS:
        return model_file, cast("HybridEquation", equation).components()
    if form in ("pauli", "coefficients") and not model_file.model.space.symbolic:
        count = model_file.model.space.dimension ** 2 - 1
        if count > MAX_EQUATIONS:
            raise ModelError(f"`{model_file.name}` must have at most {MAX_EQUATIONS} equations to be written out, "
                             f"but has {count}; take fewer sites, or integrate it with `qllg solve`.")
    try:
        return model_file, getattr(equation, form)()
    except DerivationError as error:            # which speaks of methods: here they are words after --form
        said = str(error).replace("use `components()`", "leave `--form` out")
        raise DerivationError(re.sub(rf"`({'|'.join(FORMS)})\(\)`", r"`--form \1`", said)) from None


def described(model_file: "WithLaw") -> str:
    """The Hamiltonian as the law sees it, and the law."""
    return f"{model_file.model.describe(getattr(model_file.law, 'field', None))}\nlaw: {law_of(model_file)}"


def values_of(model_file: "WithLaw") -> str:
    """The numbers, and how many samples of which times."""
    found = [f"{name} = {value!r}".removesuffix(".0") if not isinstance(value, tuple) else
             f"{name} = {len(value[0])} samples from {value[0][0]:g} to {value[0][-1]:g}"
             for name, value in model_file.values.items()]
    return ", ".join(found) or "none"


def law_of(model_file: "WithLaw") -> str:
    """The law with its source, and the field of a classical one."""
    field = getattr(model_file.law, "field", None)
    return f"{model_file.law.kind} ({model_file.law.source}" + (f', field="{field}")' if field else ")")


def fitting_form(model_file: "WithLaw") -> str:
    """The coordinates in which people know a model: moments, η, Pauli, else an operator basis."""
    if model_file.law.kind == "hybrid":
        return PARTS
    if model_file.law.classical:
        return "moments"
    space = model_file.model.space
    if space.symbolic:
        return "eta"
    return "pauli" if space.is_half else "coefficients"
