"""The command line, from the parsers themselves."""

import argparse
from collections.abc import Iterator
from textwrap import wrap

from qllg_sym import cli
from qllg_sym.cli._console import Parser

_HEAD = """# Commands

{about} Every command takes `--json` and then prints one JSON document; progress is drawn on a terminal.

{exits}

| command | does |
|---|---|
{rows}

"""


def pages() -> dict[str, str]:
    """Return the page."""
    modules = cli.commands()
    rows = "\n".join(f"| [`qllg {name}`](#qllg-{name}) | {cell(module.HELP)} |" for name, module in modules.items())
    exits = next(line for line in cli.EPILOG.splitlines() if line.startswith("Exit codes"))
    about = cli.EPILOG.splitlines()[0]
    parts = (section(name, parser) for name, parser in parsers().items())
    return {"commands": _HEAD.format(about=about, exits=exits, rows=rows) + "\n".join(parts)}


def parsers() -> dict[str, Parser]:
    """Return the parser of each command, filled by the command itself."""
    found = {}
    for name, module in cli.commands().items():
        found[name] = Parser(prog=f"qllg {name}", description=module.__doc__, add_help=False)
        module.add_arguments(found[name])
    return found


def section(name: str, parser: Parser) -> str:
    """One command: its line, its arguments, what its help ends with."""
    words = " ".join(parser.format_usage().split()).removeprefix("usage: ")
    usage = "\n".join(wrap(words, 90, subsequent_indent="    ", break_on_hyphens=False))
    rows = [f"| `{cell(title)}` | {cell(text)} |" for title, text in arguments(parser)]
    table = ["| argument | is |", "|---|---|", *rows, ""] if rows else []
    epilog = ["```text", (parser.epilog or "").strip("\n"), "```", ""] if parser.epilog else []
    return "\n".join([f"(qllg-{name})=", f"## qllg {name}", "", (parser.description or "").strip(), "",
                      "```console", f"$ {usage}", "```", "", *table, *epilog])


def arguments(parser: Parser) -> Iterator[tuple[str, str]]:
    """Yield (how it is written, what it is) of each argument."""
    for action in parser._actions:       # noqa: SLF001  (argparse has no public list of them)
        metavar = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
        value = "" if action.nargs == 0 else f" {metavar}"
        written = f"{', '.join(action.option_strings)}{value}" if action.option_strings else str(metavar)
        text = (action.help or "") % vars(action) if "%(" in (action.help or "") else action.help or ""
        yield written, text if text != argparse.SUPPRESS else ""


def cell(text: str) -> str:
    """Text in a cell of a table."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
