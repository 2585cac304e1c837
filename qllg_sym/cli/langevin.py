"""Integrate a model file with the noise of a heat bath, for many trajectories, and write them."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer, table
from qllg_sym.cli._executors import add_executors, check_executors, executor_of, progress_of
from qllg_sym.cli._model import law_of, values_of
from qllg_sym.errors import InputError

if TYPE_CHECKING:
    from qllg_sym.ensemble.thermal import ThermalEnsemble
    from qllg_sym.modelfile.model_file import Solvable
    from qllg_sym.modelfile.noise import NoiseOptions

NAME = "langevin"
HELP = "noisy trajectories of a model file with [bath]"
EPILOG = """\
MODEL is a model file as of `qllg solve` with one table more:

  [bath]
  kT = "0.2 + 2*exp(-(t - 1)**2)"    # in the unit of H: a number, or one in t, names and signals
                                     # kelvin = 5 in its place, where [system] has units
  noise = "invariant"                # or "local" to each spin
  trajectories = 1000                # these may be left out
  seed = 0
  step = 0.05                        # the longest; left out: the advised one, its error estimated
  method = "auto"                    # strang, euler, midpoint, implicit

Trajectory n of a seed has the same numbers however many there are and whoever integrates them. With
--checkpoint an ensemble that was interrupted or killed goes on from what it had done; with --resume
one that is done goes on to later times, with the numbers of one run.

  qllg new heat > heat.toml && qllg langevin heat.toml && qllg plot heat.langevin.npz
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("model", metavar="MODEL", help="a TOML file with [law], [state], [time] and [bath]")
    parser.add_argument("--observe", metavar="NAME", action="append",
                        help="what is read: purity, bloch0, nonlocality, … beside the energy (default: Bloch vectors)")
    parser.add_argument("--trajectories", metavar="N", type=int, help="how many (default: the file's, else 1000)")
    parser.add_argument("--seed", metavar="N", type=int, help="of the random numbers (default: the file's, else 0)")
    parser.add_argument("--resume", metavar="FILE", help="an ensemble of MODEL that goes on to those of its times that "
                        "are later")
    add_executors(parser, "an ensemble")
    parser.add_argument("-o", "--output", metavar="FILE",
                        help=".npz or .nc (default: MODEL.langevin.npz in this folder)")


def run(args: Namespace) -> int:
    """Read, integrate, write, and say what was found; a wrong output file is refused before the work."""
    from qllg_sym.files import SUFFIXES, check_writable
    from qllg_sym.modelfile.read import model_named
    check_executors(args)
    name = args.output or f"{Path(args.model).stem}.langevin.npz"
    check_writable(name, SUFFIXES)
    model_file, noise = model_named(args.model).noisy()
    asked = {key: value for key in ("trajectories", "seed") if (value := getattr(args, key)) is not None}
    noise = replace(noise, **asked)
    before = _before(args, model_file, noise) if args.resume else None
    with executor_of(args) as executor:
        ensemble = _integrated(args, model_file, noise, executor) if before is None else before.resume(
            _later(args, model_file, before), None, None, None, progress_of(args), executor, args.checkpoint)
    noise = noise if ensemble.origin is None else replace(noise, seed=ensemble.origin.seed)
    ensemble.save(name)
    mean, error = (float(part["energy"][-1]) for part in (ensemble.mean, ensemble.error))
    answer(args, {
        "file": name, "model": model_file.name, "law": model_file.law.kind, "kT": str(noise.bath.kT),
        "noise": noise.bath.noise, "trajectories": ensemble.trajectories, "seed": noise.seed,
        "points": len(ensemble.times), "times": [float(ensemble.times[0]), float(ensemble.times[-1])],
        "readings": list(ensemble.samples), "energy": mean, "energy_error": error,
        "stats": {key: value for key, value in ensemble.stats.items() if isinstance(value, str | int | float)},
    }, _text(model_file, noise, ensemble, name))
    return 0


def _integrated(args: Namespace, model_file: "Solvable", noise: "NoiseOptions", executor: Any) -> "ThermalEnsemble":
    """Return the ensemble."""
    from qllg_sym.ensemble.langevin import langevin
    observe = {name: name for name in args.observe} if args.observe else None
    return langevin(model_file.model, model_file.law, model_file.state, model_file.times, noise.bath,
                    noise.trajectories, noise.seed, noise.step, model_file.values, observe, progress_of(args),
                    noise.method, executor, args.checkpoint)


def _before(args: Namespace, model_file: "Solvable", noise: "NoiseOptions") -> "ThermalEnsemble":
    """Return the ensemble that goes on, once it is known to be one of the model file."""
    from qllg_sym.ensemble.continuation import known_origin
    from qllg_sym.ensemble.thermal import ThermalEnsemble
    if given := [word for word in ("observe", "trajectories", "seed") if getattr(args, word) is not None]:
        raise InputError(f"`--resume` must stand without `--{given[0]}`, which is that of before, but both are given; "
                         "drop one.")
    found = ThermalEnsemble.load(args.resume)
    origin = known_origin(found.origin, found.last)
    parts = {"system": origin.model == model_file.model, "law": origin.law == model_file.law,
             "bath": origin.bath == noise.bath,
             "values": origin.numbers == {name: value for name, value in model_file.values.items()
                                          if not isinstance(value, tuple)}}
    if other := [f"[{name}]" for name, same in parts.items() if not same]:
        raise InputError(f"`--resume` must be an ensemble of `{args.model}`, but `{args.resume}` is one with another "
                         f"{' and another '.join(other)}; integrate it anew.")
    return found


def _later(args: Namespace, model_file: "Solvable", before: "ThermalEnsemble") -> Any:
    """Return the times of the model file that are later than those of an ensemble."""
    last = float(before.times[-1])
    later = model_file.times[model_file.times > last]
    if not len(later):
        raise InputError(f"`--resume` must have later times to go on to, but `{args.resume}` ends at {last:g} and "
                         f"[time] at {model_file.times[-1]:g}; give a later stop.")
    return later


def _text(model_file: "Solvable", noise: "NoiseOptions", ensemble: "ThermalEnsemble", name: str) -> str:
    """What was integrated, and how well."""
    stats = ensemble.stats
    off = [f"means of the energy are off by about {stats['weak_error']:.1e} ± {stats['weak_error_uncertainty']:.1e}"
           ] if "weak_error" in stats else []
    steps = f"{stats['steps']} steps of {stats['step']:.3g} at most ({stats['advised_step']:.3g} is advised)"
    return f"{model_file.model.describe(getattr(model_file.law, 'field', None))}\n" + table([
        ("values", values_of(model_file)),
        ("law", law_of(model_file)),
        ("bath", f"{noise.bath.told(ensemble.units)}, {noise.bath.noise} noise"),
        ("times", f"{len(ensemble.times)} from {ensemble.times[0]:g} to {ensemble.times[-1]:g}"),
        ("ensemble", f"{ensemble.trajectories} trajectories of the seed {noise.seed}"),
        ("method", ", ".join([stats["method"], steps, *off, f"{stats['seconds']:.2g} s"])),
        ("energy", f"{ensemble.mean['energy'][-1]:.6g} ± {ensemble.error['energy'][-1]:.2g} at the end"),
        ("written", f"{name} (draw it with `qllg plot {name}`)"),
    ])
