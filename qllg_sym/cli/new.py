"""Print a commented model file to start from; every one runs as it is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from qllg_sym.cli._console import answer

NAME = "new"
HELP = "a commented model file to start from"
FOLDER = Path(__file__).parent / "starters"


def starters() -> dict[str, Path]:
    """Return the model files by name: those of the folder.

    >>> "dimer" in starters()
    True
    """
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "\n".join(f"  {name:10}{_title(path)}" for name, path in starters().items()) + \
        "\n\nWrite one to a file and integrate it:  qllg new dimer > dimer.toml && qllg solve dimer.toml"
    parser.add_argument("name", metavar="NAME", choices=tuple(starters()), help=", ".join(starters()))


def run(args: Namespace) -> int:
    """Print one of them."""
    text = starters()[args.name].read_text(encoding="utf-8")
    answer(args, {"name": args.name, "text": text}, text)
    return 0


def _title(path: Path) -> str:
    """The first line, which says what the file is."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
