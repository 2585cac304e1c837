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
    assert "did you mean purity" in captured.err
    assert captured.err.count("\n") == 1


def test_an_id_that_is_near_none_is_no_guess(capsys):
    assert cli.main(["prove", "bogus"]) == 2
    assert capsys.readouterr().err == (
        "qllg: error: `ID` must be the id of a theorem, but 'bogus' is none; see `qllg prove --list`.\n")


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


def test_check_says_what_the_book_has_and_the_file_has_not(tmp_path, capsys):
    """Missing and extra claims are told; another claim under an id of the book is a failure."""
    file = tmp_path / "c.json"
    cli.main(["prove", "trace", "purity", "--certificates", str(file)])
    capsys.readouterr()
    data = json.loads(file.read_text(encoding="utf-8"))
    first, second = data["theorems"]
    outcomes = []
    for theorems in ([first, second], [{**first, "id": "mine"}], [{**first, "id": second["id"]}]):
        file.write_text(json.dumps({**data, "theorems": theorems}), encoding="utf-8")
        code = cli.main(["check", str(file)])
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == f"{len(theorems)} of {len(theorems)} claims accepted."
        outcomes.append((code, [text for text in lines if "book" in text]))
    (plain, told), (extra, mine), (other, differs) = outcomes
    assert (plain, extra, other) == (0, 0, 1)
    assert told[0].startswith("claims of the book that the file lacks: moments, hermiticity")
    assert len(told) == 1
    assert mine[1:] == ["claims that the book lacks: mine"]
    assert differs[1:] == [f"claims of the book that are other claims here: {second['id']}"]
    assert cli.main(["check", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["book"]["different"] == [second["id"]]


def test_a_note_cannot_pass_for_the_count(tmp_path, capsys):
    file = tmp_path / "c.json"
    cli.main(["prove", "trace", "--certificates", str(file)])
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**data, "note": "110 of 110 claims accepted."}), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["check", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [text for text in lines if text.startswith("110")] == []
    assert lines[-1] == "1 of 1 claims accepted."


def test_check_loads_no_third_party_package(tmp_path):
    file = tmp_path / "c.json"
    cli.main(["prove", "trace", "--certificates", str(file)])
    code = ("import sys; from qllg_sym import cli; code = cli.main(['check', sys.argv[1]]);"
            "print(sorted({'numpy', 'sympy', 'scipy', 'mpmath', 'matplotlib'} & set(sys.modules)), code)")
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"
