"""Say which lines a weak field sees at a stationary state, and draw what is absorbed."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer, table
from qllg_sym.cli._model import law_of, values_of

if TYPE_CHECKING:
    from qllg_sym.modelfile.epr_table import EprOptions
    from qllg_sym.modelfile.model_file import Solvable

NAME = "spectrum"
HELP = "the lines of a stationary state, and what it absorbs"
EPILOG = """\
MODEL is a model file as of `qllg solve`; [time] may be left out, and without [state] it is the
ground state:

  [state]
  kind = "thermal"
  beta = 2.0
  [response]                         # may be left out
  operators = ["Sx", "Sz"]           # of the total spin
  start = 0                          # angular frequencies of the picture
  stop = 4
  points = 1001

With [epr] in place of [response] it is an EPR spectrum of Gibbs' state: a field that is swept at
a fixed frequency, or `field` and a frequency that is swept, of a crystal or a powder:

  [epr]
  frequency = 9.5                    # GHz, where [system] has units; then tesla and kelvin
  start = 0
  stop = 0.6
  temperature = 5
  powder = "zcw"
  width = 0.01
"""
SHOWN = 24          # lines that are printed
NOTHING = 1e-14     # a weight, which has no unit, of rounding


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("model", metavar="MODEL", help="a TOML file with [law]")
    parser.add_argument("-o", "--output", metavar="PNG",
                        help=".png, .pdf or .svg (default: MODEL.spectrum.png in this folder)")


def run(args: Namespace) -> int:
    """Read, compute, draw; a wrong output file is refused before the work."""
    from qllg_sym.files import check_writable
    from qllg_sym.modelfile.read import model_named
    from qllg_sym.modelfile.response_and_fit import ResponseOptions
    from qllg_sym.plot.save import SUFFIXES, save
    from qllg_sym.spectra.response import response
    name = args.output or f"{Path(args.model).stem}.spectrum.png"
    check_writable(name, SUFFIXES)
    model_file = model_named(args.model).still()
    if model_file.epr is not None:
        return _resonance(args, model_file, model_file.epr, name)
    found = response(model_file.model, model_file.law, model_file.state, model_file.values)
    asked = model_file.response or ResponseOptions()
    figure, _ = found.plot(list(asked.operators), asked.omega)
    save(figure, name)
    lines = [{"frequency": float(line["frequency"]), "half_width": float(line["half_width"]),
              "weight": line["weight"].tolist()} for line in found.poles]
    answer(args, {"file": name, "model": model_file.name, "law": model_file.law.kind, "residual": found.residual,
                  "lines": lines}, table([
        ("values", values_of(model_file)), ("law", law_of(model_file)),
        *_told(lines), ("written", name)]))
    return 0


def _resonance(args: Namespace, model_file: "Solvable", asked: "EprOptions", name: str) -> int:
    """An EPR spectrum."""
    from qllg_sym.plot.save import save
    from qllg_sym.spectra.epr import epr
    found = epr(model_file.model, model_file.law, values=model_file.values, **asked.arguments)
    figure, _ = found.plot(asked.harmonic)
    save(figure, name)
    kept = () if found.error.any() else found.transitions       # of a crystal
    lines = [{key: float(line[key]) for key in ("place", "half_width", "strength", "difference")}
             | {key: int(line[key]) for key in ("lower", "upper")} for line in kept]
    strongest = float(found.x[found.absorption.argmax()])
    told = [("line" if k == 0 else "", f"{line['place']:.8g} ± {line['half_width']:.3g}, levels {line['lower']} to "
             f"{line['upper']}, strength {line['strength']:.3g}") for k, line in enumerate(lines[:SHOWN])]
    answer(args, {"file": name, "model": model_file.name, "law": model_file.law.kind, "swept": found.sweep,
                  "lines": lines, "strongest": strongest}, table([
        ("values", values_of(model_file)), ("law", law_of(model_file)), ("swept", found.sweep), *told,
        ("strongest at", f"{strongest:.6g}"), ("written", name)]))
    return 0


def _told(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The lines as rows, the first ones where there are many."""
    rows = []
    for k, line in enumerate(lines[:SHOWN]):
        weights = ", ".join(f"{w if abs(w) > NOTHING else 0:.3g}" for w in line["weight"])
        place = f"{line['frequency']:.8g} ± {line['half_width']:.3g}"
        rows.append(("line" if k == 0 else "", f"{place}, weights of Sx, Sy, Sz {weights}"))
    more = [("", f"and {len(lines) - SHOWN} more; --json has all")] if len(lines) > SHOWN else []
    return [*rows, *more] or [("line", "none: no transition changes a population")]
