"""The catalogue of bad input: one file of this folder a subject, one entry a mistake, each with the sentence it gets.

A subject is a module with a list `WRONG` of `Wrong` and `WrongWords`; a new file is found by listing the folder.
"""

import importlib
from pathlib import Path

import pytest

import qllg_sym as q
from test_catalogue import entry
from test_catalogue.entry import Wrong, WrongWords, check

FOLDER = Path(__file__).parent
SHARED = ("entry", "listed", "test_catalogue")
SUBJECTS = {path.stem: importlib.import_module(f"test_catalogue.{path.stem}").WRONG
            for path in sorted(FOLDER.glob("*.py")) if path.stem not in SHARED}
ENTRIES = {f"{subject}: {wrong.id}": wrong for subject, entries in SUBJECTS.items() for wrong in entries}


@pytest.mark.parametrize("name", ENTRIES)
def test_it_is_refused_in_this_sentence_at_once(name, tmp_path):
    check(ENTRIES[name], tmp_path)


def test_every_subject_has_entries_of_different_names():
    assert all(SUBJECTS.values())
    assert len(ENTRIES) == sum(map(len, SUBJECTS.values()))
    assert set(SUBJECTS) >= {"operators", "terms", "laws", "states", "numbers", "options", "studies", "result_files",
                             "model_files", "qutip_shape", "command_line"}
    assert len(ENTRIES) >= 240


def refuse(sentence="`x` must be 1, but is 2; write x=1.", kind=q.InputError):
    raise kind(sentence)


def chained():
    try:
        raise KeyError("x")
    except KeyError:
        refuse()


def slow():
    sum(range(2_000_000))
    refuse()


def writing(path="new.txt"):
    Path(path).write_text("x", encoding="utf-8")
    Path(path).unlink()
    refuse()


SAYS = "`x` must be 1, but is 2; write x=1."
BROKEN = {
    "nothing raised": Wrong("", lambda: 3, q.InputError, SAYS),
    "another sentence": Wrong("", refuse, q.InputError, SAYS.replace("1.", "2.")),
    "another class": Wrong("", refuse, q.QllgError, SAYS),
    "no class of ours": Wrong("", lambda: refuse(SAYS, ValueError), ValueError, SAYS),
    "two sentences": Wrong("", lambda: refuse("`x` is wrong. Write 1."), q.InputError, "`x` is wrong. Write 1."),
    "no stop": Wrong("", lambda: refuse("`x` is wrong"), q.InputError, "`x` is wrong"),
    "no argument": Wrong("", lambda: refuse("It is wrong."), q.InputError, "It is wrong."),
    "a chain": Wrong("", chained, q.InputError, SAYS),
    "work": Wrong("", slow, q.InputError, SAYS),
    "a file": Wrong("", writing, q.InputError, SAYS),
    "words that are right": WrongWords("", ["--version"], SAYS),
    "words that are wrong in another way": WrongWords("", ["no-such-command"], SAYS),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_rules_of_the_catalogue_is_caught(name, tmp_path, monkeypatch):
    monkeypatch.setattr(entry, "SECONDS", 0.005)
    with pytest.raises(AssertionError):
        check(BROKEN[name], tmp_path)


def test_an_entry_that_keeps_them_passes(tmp_path, monkeypatch):
    monkeypatch.setattr(entry, "SECONDS", 0.005)
    check(Wrong("", refuse, q.InputError, SAYS), tmp_path)
