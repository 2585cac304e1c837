"""Compute studies beyond the paper: a picture, tables and checked statements each."""

import sys
from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

from qllg_sym.cli._console import answer, paragraph
from qllg_sym.errors import FileError, InputError, meant

NAME = "study"
HELP = "studies beyond the paper, with checked statements"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", metavar="ID", nargs="*", help="which studies (default: all)")
    parser.add_argument("--list", action="store_true", help="list the studies and do nothing else")
    parser.add_argument("--quick", action="store_true", help="reduced sizes, seconds in place of a minute")
    parser.add_argument("-o", "--output", metavar="DIR", default="studies",
                        help="folder of the pictures and tables, made if missing (default: studies)")


def run(args: Namespace) -> int:
    """Compute, judge, draw, write; an unknown id or a closed folder is refused before the work."""
    known = import_module("qllg_sym.derivations").studies()
    for name in args.id:
        if name not in known:
            raise InputError(f"`ID` must be one of {', '.join(known)}, but is {name!a}{meant(name, known)}; "
                             "choose one of them.")
    if args.list:
        return _listed(args, known)
    folder = _folder(args.output)
    records = []
    chosen = list(dict.fromkeys(args.id or known))
    for k, name in enumerate(chosen, 1):
        if not args.json:
            print(f"qllg: study {name} ({k} of {len(chosen)})", file=sys.stderr, flush=True)
        records.append(_record(known[name], args.quick, folder))
        if not args.json:                   # each when it is done, also into a pipe: all of them take a minute
            answer(args, {}, f"\n{_text(records[-1])}" if len(records) > 1 else _text(records[-1]))
            sys.stdout.flush()
    if args.json:
        answer(args, {"folder": str(folder), "quick": args.quick, "studies": records}, "")
    return 0 if all(record["ok"] for record in records) else 1


def _listed(args: Namespace, known: dict[str, ModuleType]) -> int:
    """Print the ids and titles."""
    titles = {name: module.TITLE for name, module in known.items()}
    width = max(map(len, titles))
    answer(args, {"studies": titles}, "\n".join(f"{name:{width}}  {title}" for name, title in titles.items()))
    return 0


def _folder(name: str) -> Path:
    """Return the folder of the output, made if it is missing, once files can be written there."""
    from qllg_sym.files import check_writable
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"`--output` must be a folder, but {name} cannot be made "
                        f"({error.strerror or error}); choose another place.") from None
    check_writable(folder / "study.png")
    return folder


def _record(module: ModuleType, quick: bool, folder: Path) -> dict[str, Any]:
    """Compute one study, write its files and return what was found."""
    started = perf_counter()
    study = module.compute(module.QUICK if quick else None)
    paths = study.write(folder)
    return {
        "id": study.id, "title": study.title, "caption": study.caption, "ok": study.ok,
        "seconds": perf_counter() - started, "files": [str(path) for path in paths],
        "statements": [{"text": s.text, "source": s.source, "verdict": s.verdict, "detail": s.detail}
                       for s in study.statements],
        "checks": [{"name": c.name, "value": c.value, "limit": c.limit, "ok": c.ok} for c in study.checks],
    }


def _text(record: dict[str, Any]) -> str:
    """What one study found, for people."""
    lines = [f"{record['id']}: {record['title']} ({record['seconds']:.1f} s)", ""]
    for found in record["statements"]:
        lines += [paragraph(f"{found['verdict'].upper()}: {found['text']} ({found['source']})", later="  "),
                  paragraph(found["detail"], first="    ", later="    ")]
    failed = [f"{c['name']} {c['value']:.1e} > {c['limit']:.0e}" for c in record["checks"] if not c["ok"]]
    checks = "; ".join(failed) if failed else f"all {len(record['checks'])} pass"
    return "\n".join([*lines, "", f"checks of the computation: {checks}", f"written: {', '.join(record['files'])}"])
