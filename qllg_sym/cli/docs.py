"""Say where the documentation lies on this machine, and open it with --open."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import qllg_sym
from qllg_sym.cli._console import answer
from qllg_sym.errors import FileError

NAME = "docs"
HELP = "where the documentation is on this machine"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--open", action="store_true", help="open it in the browser")


def run(args: Namespace) -> int:
    """Print the path of the first page; a site that is not built is told in a sentence."""
    page = first_page()
    if not page.is_file():
        raise FileError(f"The documentation must be built to be read, but `{page}` is missing; run `make docs` in a "
                        "checkout.")
    if args.open:
        import webbrowser
        webbrowser.open(page.as_uri())
    answer(args, {"page": str(page)}, str(page))
    return 0


def first_page() -> Path:
    """Return where `make docs` puts the first page.

    >>> first_page().name
    'index.html'
    """
    return Path(qllg_sym.__file__).parents[1] / "docs" / "_build" / "html" / "index.html"
