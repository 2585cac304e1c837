"""`qllg prove` and `qllg check`, as a user runs them."""

import json
import subprocess
import sys

import pytest

from qllg_sym import cli


def test_prove_then_check(tmp_path, capsys):
    file = tmp_path / "certificates.json"
    assert cli.main(["prove", "purity", "moments", "--certificates", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["purity", "moments"]
    assert "every dimension" in lines[0]
    assert lines[-1].startswith("2 of 2 claims proved")
    assert cli.main(["check", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 2 claims accepted."
    assert cli.main(["check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 2


def test_one_id_prints_the_derivation(capsys):
    assert cli.main(["prove", "moments"]) == 0
    text = capsys.readouterr().out
    assert "hypothesis R (at one instant): X - i*[rho, H] - i*kappa*[rho, X] = 0" in text
    assert "since lhs - rhs = n*tr(rho^(n - 1)*R)" in text
    assert "false twin" in text


def test_json_and_list(capsys):
    assert cli.main(["prove", "trace", "--json"]) == 0
    row, = json.loads(capsys.readouterr().out)["theorems"]
    assert (row["id"], row["replayable"]) == ("trace", True)
    assert cli.main(["prove", "--list"]) == 0
    assert "existence" in capsys.readouterr().out


def test_an_unknown_id_is_2_and_names_the_nearest(capsys):
    assert cli.main(["prove", "purty"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "purity" in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing/c.json", "."])
def test_a_certificate_file_that_cannot_be_written_is_seen_before_any_work(name, tmp_path, capsys):
    assert cli.main(["prove", "--certificates", str(tmp_path / name)]) == 2
    assert capsys.readouterr().out == ""


def test_check_says_what_is_wrong_with_a_file(tmp_path, capsys):
    file = tmp_path / "c.json"
    cli.main(["prove", "trace", "--certificates", str(file)])
    text = file.read_text(encoding="utf-8")
    capsys.readouterr()
    for damaged in (text[:-30], text.replace('"version": 2', '"version": 1'), "{}"):
        file.write_text(damaged, encoding="utf-8")
        assert cli.main(["check", str(file)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    sign = '["*", -1, "i", "kappa"'
    file.write_text(text.replace(sign, sign.replace("-1", "1")), encoding="utf-8")
    assert cli.main(["check", str(file)]) == 1
    assert "REFUSED" in capsys.readouterr().out


def test_check_loads_no_third_party_package(tmp_path):
    file = tmp_path / "c.json"
    cli.main(["prove", "trace", "--certificates", str(file)])
    code = ("import sys; from qllg_sym import cli; code = cli.main(['check', sys.argv[1]]);"
            "print(sorted({'numpy', 'sympy', 'scipy', 'mpmath', 'matplotlib'} & set(sys.modules)), code)")
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"
