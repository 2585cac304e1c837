"""The command line `qllg`: one command a file of this folder, found by listing it.

A command is a module with `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> exit code`. It loads what it needs
inside `run`, so that `qllg --help` loads nothing but Python's own library.

Exit codes: 0 done, 1 a check failed, 2 bad usage or input, 3 numerical failure, 130 interrupted.

Here may live what reads arguments and prints answers. What is computed is called, never worked out here.
"""

import sys
from argparse import SUPPRESS, RawDescriptionHelpFormatter
from collections.abc import Sequence
from types import ModuleType

from qllg_sym import plugs
from qllg_sym.cli._console import Parser, answer, drop_output, plain_streams, report_failure, without_partial
from qllg_sym.errors import IntegrationError, ProofError, QllgError

DONE, CHECK_FAILED, BAD_INPUT, NUMERICAL_FAILURE, INTERRUPTED = 0, 1, 2, 3, 130
CLOSED_PIPE = 141  # what a shell reports of any program whose reader left: 128 + SIGPIPE

FRONT = """\
The quantum Landau-Lifshitz-Gilbert equation: derived, proved, coded and solved.  For example:

  qllg reproduce                     the whole paper: proofs, figures and a page to read
  qllg derive dimer                  the 15 equations of two spins 1/2; of your own model: a TOML file
  qllg prove purity                  one theorem step by step; all of them: qllg prove
  qllg new molecule > molecule.toml  a commented model file to start from
  qllg solve molecule.toml           integrates it, and qllg plot molecule.npz draws it
  qllg generate dimer --target c     the right-hand side in C, or another language
  qllg docs                          where the documentation is

All commands: qllg --help.  One of them: qllg COMMAND --help.
"""
EPILOG = """\
MODEL is `dimer` (J, D, B_x, B_y, B_z, kappa), `spin` (any s), or a TOML file.
Every command takes --json and then prints one JSON document.
Exit codes: 0 done, 1 a check failed, 2 bad usage or input, 3 numerical failure, 130 interrupted.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no QllgError leaves, and none shows a traceback.

    Args:
        argv: the words after `qllg`; those of this process if None.

    >>> main(["--version", "--json"])
    {"version": "0.1.0"}
    0
    """
    words = list(sys.argv[1:] if argv is None else argv)
    with plain_streams():
        try:
            code = _run(words)
            sys.stdout.flush()
        except SystemExit as leaving:  # argparse, after --help
            return int(leaving.code or 0)
        except (KeyboardInterrupt, QllgError, OSError) as error:
            code = _failed(error, "--json" in words)
        try:
            sys.stdout.flush()
        except OSError:  # a full disk or a closed pipe, reported above: Python must not try again on leaving
            drop_output()
    return code


def commands() -> dict[str, ModuleType]:
    """The commands of this folder by name; files that begin with an underscore are none.

    >>> "doctor" in commands()
    True
    """
    return {module.NAME: module for module in plugs.modules(__name__)}


def _run(words: list[str]) -> int:
    """Read the words and run the command that they name."""
    parser = _parser()
    args, unknown = parser.parse_known_args(words)
    if unknown:
        args.parsers.get(args.command, parser).refuse_unknown(unknown)
    if args.version:
        from qllg_sym import __version__
        answer(args, {"version": __version__}, f"qllg {__version__}")
        return DONE
    if args.command is None:
        answer(args, {"commands": {name: command.HELP for name, command in commands().items()}}, FRONT)
        return DONE
    code: int = args.run(args)
    return code


def _parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(prog="qllg", description="The quantum Landau-Lifshitz-Gilbert equation: exact derivations, proofs, "
                    "generated code and fast integration.", epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    chosen = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=Parser)
    parser.set_defaults(parsers=chosen.choices)
    for name, command in commands().items():
        sub = chosen.add_parser(name, help=command.HELP, description=command.__doc__,
                                formatter_class=RawDescriptionHelpFormatter)
        command.add_arguments(sub)
        sub.add_argument("--json", action="store_true", default=SUPPRESS, help="print one JSON document")
        sub.set_defaults(run=command.run)
    return parser


def _failed(error: BaseException, as_json: bool) -> int:
    """Report what went wrong in one sentence and return the exit code that it has."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    if isinstance(error, KeyboardInterrupt):
        report_failure(_sentence(error) or "interrupted; no file is half written.", as_json, "interrupted")
        return INTERRUPTED
    message = _sentence(error)
    if isinstance(error, OSError):
        message = f"The output cannot be read or written ({error.strerror or error}); look at the file and the disk."
    report_failure(message, as_json)
    if isinstance(error, IntegrationError):
        return NUMERICAL_FAILURE
    return CHECK_FAILED if isinstance(error, ProofError) else BAD_INPUT


def _sentence(error: BaseException) -> str:
    """What an error says to someone at a terminal."""
    return f"{without_partial(error)}." if ".partial" in str(error) else str(error)
