"""Print the source of a right-hand side, or write it to a folder."""

from argparse import ArgumentParser, Namespace

from qllg_sym.cli._console import answer, output_folder
from qllg_sym.cli._model import FORMS, add_model, components

NAME = "generate"
HELP = "source of the right-hand side"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    parser.add_argument("--target", required=True, metavar="TARGET", help="c, numpy or another language")
    parser.add_argument("--form", choices=FORMS, help="coordinates (default: those that fit the model)")
    parser.add_argument("--spectrum", choices=("any", "two-level", "spectrum"), default="any",
                        help="shorter forms: `two-level` for two eigenvalues that are `gap` apart, `spectrum` with the "
                             "eigenvalues' symmetric functions e2, e3, … as parameters (default: any)")
    parser.add_argument("--out", metavar="DIR", help="folder to write to (default: print)")


def run(args: Namespace) -> int:
    """Derive, lower and emit."""
    from qllg_sym.codegen.targets import find
    from qllg_sym.files import atomic_write
    language = find(args.target)
    folder = output_folder(args.out) if args.out else None
    model_file, found = components(args)
    kernel = found.kernel(form=args.spectrum)
    source, beside = language.emit(kernel), language.beside(kernel)
    document = {"model": model_file.name, "law": model_file.law.kind, "form": found.kind, "target": args.target,
                "states": list(kernel.states), "parameters": list(kernel.parameters),
                "operations": kernel.operations, "digest": kernel.digest}
    if folder is None:
        answer(args, {**document, "source": source, "beside": beside}, source)
        return 0
    path = folder / f"{model_file.name}_{model_file.law.kind.replace('-', '_')}_{found.kind}{language.suffix}"
    atomic_write(path, source)
    others = [path.with_suffix(ending) for ending in beside]
    for other, text in zip(others, beside.values(), strict=True):
        atomic_write(other, text)
    answer(args, {**document, "file": str(path), "beside": list(map(str, others))},
         f"{', '.join(map(str, [path, *others]))}: {kernel.operations} operations, kernel {kernel.digest}")
    return 0
