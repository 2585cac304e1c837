"""The frame of the command line: exit codes, one sentence on failure, one JSON document, no traceback."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from qllg_sym import cli, errors
from qllg_sym.cli import doctor

QLLG = [sys.executable, "-m", "qllg_sym"]
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("name", sorted(cli.commands()))
def test_every_command_has_the_shape(name, capsys):
    command = cli.commands()[name]
    assert command.__name__ == f"qllg_sym.cli.{name}"
    assert command.HELP
    assert "\n" not in command.HELP
    assert len(command.HELP) < 60
    assert cli.main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--json" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_the_list_of_commands_is_the_folder():
    files = {path.stem for path in (ROOT / "qllg_sym" / "cli").glob("*.py") if not path.stem.startswith("_")}
    assert set(cli.commands()) == files
    assert {"derive", "generate", "solve", "plot", "doctor"} <= files


@pytest.mark.parametrize(("error", "code"), [
    (errors.InputError("x"), 2), (errors.ModelError("x"), 2), (errors.FileError("x"), 2),
    (errors.InputTypeError("x"), 2), (errors.CodegenError("x"), 2),
    (errors.DerivationError("x"), 2), (OSError(28, "No space left on device"), 2),
    (errors.IntegrationError("x"), 3), (errors.ProofError("x"), 1), (errors.SolveInterrupted("x"), 130),
    (KeyboardInterrupt(), 130), (BrokenPipeError(), 141),
])
@pytest.mark.parametrize("as_json", [False, True])
def test_errors_have_their_exit_code_and_one_sentence(error, code, as_json, monkeypatch, capsys):
    def fail(args):
        raise error
    monkeypatch.setattr(doctor, "run", fail)
    assert cli.main(["doctor", "--json"] if as_json else ["doctor"]) == code
    out, err = capsys.readouterr()
    if code == 141:
        assert (out, err) == ("", "")
    elif as_json:
        assert list(json.loads(out)) == ["error"]
        assert err == ""
    else:
        assert out == ""
        assert err.startswith("qllg: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err


def test_an_error_that_is_no_qllg_error_is_not_hidden(monkeypatch):
    def fail(args):
        raise ZeroDivisionError
    monkeypatch.setattr(doctor, "run", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor"])


@pytest.mark.parametrize("words", [["no-such-command"], ["derive"], ["derive", "dimer", "--form", "none"],
                                   ["derive", "dimer", "--no-such-option"], ["doctor", "extra"]])
def test_bad_usage_is_2(words, capsys):
    assert cli.main(words) == 2
    message = capsys.readouterr().err
    assert message.startswith("qllg: error: ")
    assert "--help`" in message
    assert message.count("\n") == 1
    assert cli.main([*words, "--json"]) == 2
    assert "error" in json.loads(capsys.readouterr().out)


def test_version(capsys):
    from qllg_sym import __version__
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"qllg {__version__}\n"


def test_warnings_are_one_line_on_standard_error(monkeypatch, capsys):
    def warn(args):
        warnings.warn("NumPy stands in.", errors.QllgWarning, stacklevel=1)
        return 0
    monkeypatch.setattr(doctor, "run", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert cli.main(["doctor"]) == 0
    assert capsys.readouterr() == ("", "qllg: warning: NumPy stands in.\n")


def test_doctor_reports_what_is_there(capsys):
    import numpy
    assert cli.main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["packages"]["numpy"] == numpy.__version__
    assert report["python"].endswith(".".join(map(str, sys.version_info[:3])))
    assert cli.main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert ["numpy", numpy.__version__] in map(str.split, text.splitlines())
    assert max(map(len, text.splitlines())) <= 100


def test_doctor_tells_of_a_compiler_that_does_not_work(monkeypatch, capsys):
    monkeypatch.setenv("CC", "/no/such/compiler")
    assert cli.main(["doctor", "--json"]) == 0
    compiler = json.loads(capsys.readouterr().out)["compiler"]
    assert not compiler["works"]
    assert "/no/such/compiler" in compiler["reason"]


def test_json_has_no_nan():
    from qllg_sym.cli._console import json_line
    assert json.loads(json_line({"a": [float("nan"), float("inf"), 1.5], 2: "κ"})) == {"a": [None, None, 1.5], "2": "κ"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_full_disk_is_2_without_a_traceback(option):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*QLLG, "--version", *option], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT,
                              check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes are closed in this way on POSIX alone")
def test_a_reader_that_leaves_gets_no_traceback():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*QLLG, "--version"], stdout=write, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == b""


def test_a_terminal_without_greek_letters_gets_escapes():
    done = subprocess.run([*QLLG, "derive", "no-κ"], capture_output=True, check=False,
                          env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"})
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.isascii()
