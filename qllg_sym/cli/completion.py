"""Print a script that lets a shell complete the words of `qllg`, made from the commands' own parsers."""

from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qllg_sym.cli._console import answer

NAME = "completion"
HELP = "completion for bash, zsh or fish"
EPILOG = """\
  bash   echo 'eval "$(qllg completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(qllg completion zsh)"' >> ~/.zshrc
  fish   qllg completion fish > ~/.config/fish/completions/qllg.fish
"""


@dataclass(frozen=True)
class Command:
    """What may follow a command: its options, the choices of those that have some, words that are no options, files."""

    help: str
    options: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    files: bool

    @property
    def spoken(self) -> str:
        """Its words and options in a row."""
        return " ".join([*self.words, *self.options])


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("shell", metavar="SHELL", choices=tuple(SHELLS), help=", ".join(SHELLS))


def run(args: Namespace) -> int:
    """Print the script of one shell."""
    script = SHELLS[args.shell](command_table(args.parsers))
    answer(args, {"shell": args.shell, "script": script}, script)
    return 0


def command_table(parsers: Mapping[str, ArgumentParser]) -> dict[str, Command]:
    """Return what may follow each command, read from its parser."""
    return {name: _command(parser) for name, parser in sorted(parsers.items())}


def _command(parser: ArgumentParser) -> Command:
    actions: list[Action] = parser._actions     # noqa: SLF001  argparse shows them nowhere else
    options = {name: "" if action.help in (None, SUPPRESS) else str(action.help).partition("(default")[0].strip()
               for action in actions for name in action.option_strings if name.startswith("--")}
    choices = {name: tuple(map(str, action.choices))
               for action in actions if action.choices for name in action.option_strings}
    models = ("dimer", "spin") if any(action.dest == "model" for action in actions) else ()
    words = tuple(str(choice) for action in actions if not action.option_strings for choice in action.choices or ())
    files = any(not action.choices for action in actions if not action.option_strings)
    return Command((parser.description or "").partition("\n")[0], options, choices, (*words, *models), files)


def _after_options(table: Mapping[str, Command], offer: Callable[[str], str]) -> str:
    """Cases of an option that has choices, which alone are offered after it."""
    return "\n".join(f'    "{name} {option}") {offer(" ".join(words))}; return ;;'
                     for name, command in table.items() for option, words in command.choices.items())


def _bash(table: Mapping[str, Command]) -> str:
    """A function for `complete -F`: choices after an option that has some, else options, words and files."""
    after = _after_options(table, lambda words: f'COMPREPLY=($(compgen -W "{words}" -- "$cur"))')
    each = "\n".join(f'    {name}) words="{command.spoken}" files={"-f" * command.files} ;;'
                     for name, command in table.items())
    return f"""\
_qllg() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command= words= files= k
  for ((k = 1; k < COMP_CWORD; k++)); do
    case ${{COMP_WORDS[k]}} in -*) ;; *) command=${{COMP_WORDS[k]}}; break ;; esac
  done
  case "$command $prev" in
{after}
  esac
  case $command in
    "") COMPREPLY=($(compgen -W "{" ".join([*table, "--help", "--version", "--json"])}" -- "$cur")); return ;;
{each}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ -z $files || $cur == -* ]] || COMPREPLY+=($(compgen -f -- "$cur"))
}}
complete -o filenames -F _qllg qllg
"""


def _zsh(table: Mapping[str, Command]) -> str:
    """The same with `compadd` and `_files`."""
    after = _after_options(table, lambda words: f"compadd -- {words}")
    each = "\n".join(f"    {name}) compadd -- {command.spoken}{'; _files' * command.files} ;;"
                     for name, command in table.items())
    return f"""\
#compdef qllg
_qllg() {{
  local command= k
  for ((k = 2; k < CURRENT; k++)); do
    case ${{words[k]}} in -*) ;; *) command=${{words[k]}}; break ;; esac
  done
  case "$command ${{words[CURRENT-1]}}" in
{after}
  esac
  case $command in
    "") compadd -- {" ".join([*table, "--help", "--version", "--json"])}; return ;;
{each}
  esac
}}
compdef _qllg qllg
"""


def _fish(table: Mapping[str, Command]) -> str:
    """A line a command, an option, and a set of words."""
    lines = [f"complete -c qllg -n __fish_use_subcommand -f -a {name} -d '{_quoted(command.help)}'"
             for name, command in table.items()]
    for name, command in table.items():
        seen = f"complete -c qllg -n '__fish_seen_subcommand_from {name}'"
        lines += [f"{seen} -a '{' '.join(command.words)}'"] * bool(command.words)
        for option, told in command.options.items():
            words = f" -xa '{' '.join(command.choices[option])}'" if option in command.choices else ""
            lines.append(f"{seen} -l {option[2:]}{words} -d '{_quoted(told)}'")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text between single quotes of fish."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("'", "\\'")


SHELLS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
