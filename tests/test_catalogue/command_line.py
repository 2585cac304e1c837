"""Words after `qllg`."""

from test_catalogue.entry import WrongWords
from test_catalogue.listed import COMMANDS, LAWS, STARTERS, STUDIES, TARGETS

MODEL = """\
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = [0, 0, 1]
"""

REST = """\
[law]
kind = "q-llg"
kappa = 1
[state]
kind = "product"
spins = ["up"]
[time]
stop = 1
points = 2
"""

WRONG = [
    WrongWords("a misspelt command", ["slove"],
          f"`COMMAND` must be one of {COMMANDS}, but is 'slove' (did you mean solve?); see `qllg "
          "--help`."),
    WrongWords("a command that is none", ["frobnicate"],
          f"`COMMAND` must be one of {COMMANDS}, but is 'frobnicate'; see `qllg --help`."),
    WrongWords("no model", ["derive"],
          "`MODEL` must be given, but is missing; see `qllg derive --help`."),
    WrongWords("a misspelt model", ["derive", "dimr"],
          "`MODEL` must be dimer, spin or a TOML file, but 'dimr' does not exist (did you mean dimer?); give the "
          "path of a model file."),
    WrongWords("a file that is not there", ["solve", "model.toml"],
          "`MODEL` must be dimer, spin or a TOML file, but 'model.toml' does not exist; give the path of a model "
          "file."),
    WrongWords("a misspelt option", ["derive", "dimer", "--fomr", "pauli"],
          "`--fomr` must be an argument of `qllg derive`, but is none (did you mean --form?); see `qllg"
          " derive --help`."),
    WrongWords("an option without its value", ["derive", "dimer", "--form"],
          "`--form` must have a value, but has none; see `qllg derive --help`."),
    WrongWords("a word too many", ["doctor", "now"],
          "`now` must be an argument of `qllg doctor`, but is none; see `qllg doctor --help`."),
    WrongWords("a misspelt form", ["derive", "dimer", "--form", "paul"],
          "`--form` must be one of pauli, eta, coefficients, moments, vector, but is 'paul' (did you mean pauli?); "
          "see `qllg derive --help`."),
    WrongWords("a form that does not fit", ["derive", "dimer", "--form", "eta"],
          "`--form eta` must have one site, but the space has 2; use `--form coefficients`."),
    WrongWords("a misspelt format", ["derive", "dimer", "--format", "late"],
          "`--format` must be one of latex, text, json, but is 'late' (did you mean latex?); see `qllg derive "
          "--help`."),
    WrongWords("a misspelt law", ["derive", "dimer", "--law", "q-lg"],
          f"`law` must be one of {LAWS}, but is 'q-lg' (did you mean q-llg?); choose one of them."),
    WrongWords("no target", ["generate", "dimer"],
          "`--target` must be given, but is missing; see `qllg generate --help`."),
    WrongWords("a misspelt target", ["generate", "dimer", "--target", "numpi"],
          f"`target` must be one of {TARGETS}, but is 'numpi' (did you mean numpy?); choose one of those."),
    WrongWords("a misspelt theorem", ["prove", "purty"],
          "`ID` must be the id of a theorem, but 'purty' is none (did you mean purity?); see `qllg prove --list`."),
    WrongWords("a theorem that is none", ["prove", "xyzzy"],
          "`ID` must be the id of a theorem, but 'xyzzy' is none; see `qllg prove --list`."),
    WrongWords("a misspelt study", ["study", "ground-tim"],
          f"`ID` must be one of {STUDIES}, but is 'ground-tim' (did you mean ground-time?); choose one of "
          "them."),
    WrongWords("a figure that is none", ["figure", "9"],
          "`N` must be one of 1, 2, 3, 4, but is 9; choose one of them."),
    WrongWords("a figure that is no number", ["figure", "one"],
          "`N` must be an integer, but is 'one'; see `qllg figure --help`."),
    WrongWords("a variant that is none", ["reproduce", "--variant", "authers"],
          "`--variant` must be one of paper, authors, but is 'authers' (did you mean authors?); see `qllg reproduce"
          " --help`."),
    WrongWords("a starter that is none", ["new", "molecul"],
          f"`NAME` must be one of {STARTERS}, but is 'molecul' (did you mean molecule?); see `qllg new "
          "--help`."),
    WrongWords("no starter", ["new"],
          "`NAME` must be given, but is missing; see `qllg new --help`."),
    WrongWords("a shell that is none", ["completion", "tcsh"],
          "`SHELL` must be one of bash, zsh, fish, but is 'tcsh'; see `qllg completion --help`."),
    WrongWords("more spins than there are", ["bench", "--spins", "99"],
          "`--spins` must be a number from 2 to 24, but is '99'; see `qllg bench --help`."),
    WrongWords("a trajectory that is not there", ["plot", "run.npz"],
          "`run.npz` cannot be read, because there is no such file; check the name."),
    WrongWords("a picture of a kind that is none", ["plot", "run.npz", "-o", "run.doc"],
          "`path` must end in .png or .pdf or .svg, but is run.doc; choose one of these endings."),
    WrongWords("a model without what solving needs", ["solve", "model.toml"],
          "`model` must have [law] to be integrated, but has none; add it in a model file.", {"model.toml": MODEL}),
    WrongWords("an output of a kind that is none", ["solve", "model.toml", "-o", "run.csv"],
          "`path` must end in .npz or .nc, but is run.csv; choose one of these endings.", {"model.toml": MODEL}),
    WrongWords("a symbol without a value", ["solve", "model.toml"],
          "`model` must give every symbol a value to be integrated, but B has none; add it under [values], such as "
          "B = 1.0.",
               {"model.toml": MODEL.replace("1]", '"B"]').replace("[[term]]", 'symbols = ["B"]\n[[term]]') +
                REST}),
    WrongWords("certificates that are not there", ["check", "proofs.json"],
          "`proofs.json` must be a certificate file, but cannot be read (No such file or directory); write one by "
          "`qllg prove --certificates FILE`."),
    WrongWords("certificates that are none", ["check", "proofs.json"],
          "`proofs.json` must be of qllg-certificates 2, but is no certificate file of it (wrong keys); write it "
          "again.", {"proofs.json": "{}"}),
]
