"""Model files whose signals are none: samples, their files, names."""

from qllg_sym import FileError, ModelError
from qllg_sym.modelfile.read import read_file
from qllg_sym.modeltext.from_text import model_from_text
from qllg_sym.modeltext.sample_file import MAX_BYTES
from test_catalogue.entry import Wrong, WrongWords

SPIN = """\
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = ["2*pulse + b", 0, 1]
[values]
b = 0.5
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["up"]
[time]
stop = 3
points = 4
[signals]
pulse = {entry}
"""
CSV = {"file": '{file = "pulse.csv"}'}
OF_LISTS = "{times = [0, 1, 2, 3], samples = [0, 1, 1, 0]}"


def text(entry, old="", new=""):
    """A model file with a signal."""
    assert old in SPIN
    return SPIN.replace(old, new, 1).replace("{entry}", entry)


def wrong(name, says, entry=OF_LISTS, old="", new="", csv=None, kind=ModelError):
    """An entry: a model file with a signal, and the file of its samples."""
    files = {"model.toml": text(entry, old, new)} | ({} if csv is None else {"pulse.csv": csv})
    return Wrong(name, lambda: read_file("model.toml"), kind, f"[signals] {says}", files)


def damaged(name, says, csv=None):
    """An entry: a file of samples that is none."""
    return wrong(name, says, CSV["file"], csv=csv, kind=FileError)


WRONG = [
    damaged("a file of samples that is not there",
            "`pulse` must have a file that is readable, but 'pulse.csv' is not (No such file or directory); give its "
            "path from the folder of the model file."),
    damaged("a file of samples with three columns",
            "`pulse` must have two numbers a line in its file, but line 2 of 'pulse.csv' is '1, 2, 3'; write a time "
            "and a sample.", "0, 1\n1, 2, 3\n"),
    damaged("a word among samples",
            "`pulse` must have two numbers a line in its file, but line 3 of 'pulse.csv' is '1 high'; write a time "
            "and a sample.", "t pulse\n0 1\n1 high\n"),
    damaged("a picture for samples",
            "`pulse` must have a file of text in UTF-8, but 'pulse.csv' is none; write two columns of numbers.",
            b"\x89PNG\xff"),
    damaged("a file of samples that is too large",
            f"`pulse` must have a file of at most {MAX_BYTES} bytes, but 'pulse.csv' has more; give fewer samples.",
            b"#" * (MAX_BYTES + 1)),
    wrong("a sample in a file that is no number",
          "`pulse` must be finite, but number 1 of its samples is not; give finite numbers.", CSV["file"],
          csv="0, 1\n1, nan\n2, 1\n3, 1\n"),
    wrong("a file of three samples",
          "`pulse` must have one sample for each of at least 4 times, but has 3 times and 3 samples; give more, for a "
          "cubic spline.", CSV["file"], csv="0, 1\n1, 2\n2, 1\n"),
    wrong("times in a file that do not ascend",
          "`pulse` must have times that ascend, but has 2 followed by 1; sort them.", CSV["file"],
          csv="0 1\n2 1\n1 2\n3 1\n"),
    wrong("fewer times than samples in a model file",
          "`pulse` must have one sample for each of at least 4 times, but has 2 times and 4 samples; give more, for a "
          "cubic spline.", "{times = [0, 1], samples = [0, 1, 1, 0]}"),
    wrong("a file beside a list",
          "`pulse` must have either `file` or `times` and `samples`, but has `file` and `samples`; leave one of them "
          "out.", '{file = "pulse.csv", samples = [1]}'),
    wrong("times without samples",
          "`pulse` must have the key `samples`, but has `times`; add it.", "{times = [0, 1, 2, 3]}"),
    wrong("a signal that is a path alone",
          "`pulse` must be a table, but is 'pulse.csv'; write pulse = {file = \"pulse.csv\"}.", '"pulse.csv"'),
    wrong("a key that no signal has",
          "`pulse` must have known keys alone, but has 'fiel' (did you mean file?); use file, times, samples, "
          "support, resolution.", '{fiel = "pulse.csv"}'),
    wrong("a signal named as a parameter",
          "must have names of their own, but `pulse` is a parameter, too; choose another name.", OF_LISTS,
          "b = 0.5", "b = 0.5\npulse = 1.0"),
    wrong("a signal that nothing uses",
          "must have what expressions use alone, but `pulses` is in none (did you mean pulse?); write it in a term, "
          "the law or the bath, or leave it out.", OF_LISTS + "\npulses = " + OF_LISTS),
    wrong("a support of a signal that ends before it begins",
          "`pulse`: `support` must be intervals of numbers that ascend, but is [[2.0, 1.0]]; write support=[(0, 2), "
          "(5, 6)].", "{times = [0, 1, 2, 3], samples = [0, 1, 1, 0], support = [[2, 1]]}"),
    Wrong("a signal named as a function", lambda: read_file("model.toml"), ModelError,
          "The name `sin` must not be a word of the grammar, but `sin` has a meaning there; choose another name.",
          {"model.toml": text(OF_LISTS + "\nsin = {}")}),
    Wrong("a file of samples in a text that came with numbers", lambda: model_from_text(
        '[system]\nspins = ["1/2"]\n[signals]\npulse = {file = "/etc/passwd"}'), ModelError,
          "[signals] `pulse` must have `times` and `samples` where no files stand beside the text, but has `file`; "
          "write the numbers."),
    WrongWords("a signal without samples", ["solve", "model.toml"],
               "`model` must give every signal its samples to be integrated, but pulse has none; add them under "
               "[signals], such as pulse = {file = \"pulse.csv\"}.", {"model.toml": text("{}")}),
    WrongWords("samples of other times", ["solve", "model.toml"],
               "`values['pulse']` must reach over all times, but goes from 0 to 2 and is asked for from 0 to 3; give "
               "more samples, or the signal's support.",
               {"model.toml": text("{times = [0, 1, 1.5, 2], samples = [0, 1, 1, 0]}")}),
]
