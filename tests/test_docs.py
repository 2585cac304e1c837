"""The documentation says what is true: examples print what is shown, links inside lead somewhere."""

import doctest
import importlib
import re
import sys

import pytest

import docs_pages
import qllg_sym
from docs_pages import FOLDER, ROOT, is_notebook, pages
from qllg_sym import derivations, plugs
from qllg_sym.cli import commands
from qllg_sym.flow import states
from test_layering import BELOW, reachable, sources

PAGES = [page for page in pages() if not is_notebook(page)]
SLOW = "<!-- slow -->"
TITLES = [page for page in PAGES if not re.search(r"^(>>>|\$ qllg )", page.read_text(encoding="utf-8"), re.M)]
# Pages without examples: lists of others, and what is told in words.
WORDS: set[str] = {"derivation/index", "howto/add-something", "limits", "speed",
                   "project/changelog", "project/contributing", "project/how-it-is-tested"}

WRONG = """
```python
>>> 1 + 1
3
```

```console
$ qllg --version
qllg 99
$ qllg solve none.toml
```

```toml
# file: a.toml
[x]
```

```python
>>> from pathlib import Path; Path("a.toml").read_text()
'[x]\\n'

```
"""


def name(page):
    return str(page.relative_to(FOLDER).with_suffix(""))


def examples():
    """The pages with examples; those that take longer than a second or two say so in a comment."""
    for page in PAGES:
        if page not in TITLES:
            slow = SLOW in page.read_text(encoding="utf-8")
            yield pytest.param(page, id=name(page), marks=[pytest.mark.slow] * slow)


@pytest.mark.parametrize("page", list(examples()))
def test_the_examples_of_a_page_print_what_it_shows(page, tmp_path, monkeypatch, drop_text):
    monkeypatch.chdir(tmp_path)
    count, failed = docs_pages.run(page, drop_text)
    assert not failed, "\n".join(failed)
    assert count >= 2


def test_a_wrong_page_fails(tmp_path, monkeypatch, drop_text):
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "wrong.md"
    page.write_text(WRONG, encoding="utf-8")
    count, failed = docs_pages.run(page, drop_text)
    assert count == 4
    assert len(failed) == 3


def test_pages_without_examples_are_known():
    assert {name(page) for page in TITLES} == WORDS


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page, made):
    """To a file; or to a page that is made from the package when the site is built."""
    text = re.sub(r"^```(?!\{).*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            place = (page.parent / target).resolve()
            inside = str(place.relative_to(FOLDER.resolve())) if place.is_relative_to(FOLDER.resolve()) else ""
            assert inside.removeprefix("reference/").removesuffix(".md") in made or place.exists(), target


@pytest.fixture(scope="module")
def builder():
    """Where what the site is built with is imported from."""
    sys.path.insert(0, str(FOLDER / "_ext"))
    yield FOLDER / "_ext"
    sys.path.remove(str(FOLDER / "_ext"))


@pytest.fixture(scope="module")
def made(builder):
    """The pages of the reference by name, and its other files."""
    reference = importlib.import_module("pages")
    return {**reference.made(), **reference.files()}


def test_the_reference_says_every_name(made):
    api = "".join(text for name, text in made.items() if name.startswith("api/"))
    missing = [name for name in dir(qllg_sym) if name != "states" and f" qllg_sym.{name}" not in api]
    attached = ["fixed_points(values", "symmetries(", "cumulants(order", "nonlocality(", "conserved("]
    assert missing + [name for name in attached if f"{{py:method}} {name}" not in api] == []
    assert all(f"## states.{name}\n" in made["api/states"] for name in plugs.names(states.KINDS))


def test_the_reference_says_every_key_command_and_theorem(made):
    listed = ["[system]", "[[term]]", "[law]", "[state]", "[time]", "[solver]", "### zeeman", "### q-llg", "### werner"]
    assert [part for part in listed if part not in made["model-file"]] == []
    assert [name for name in commands() if f"## qllg {name}\n" not in made["commands"]] == []
    assert [x.id for x in qllg_sym.theorems() if f"### {x.id}\n" not in made["theorems"]] == []


def test_the_drawing_of_the_house_is_allowed_by_the_layering(builder):
    drawn = re.findall(r'data-arrow="(\w+) (\w+)"', importlib.import_module("house").drawing())
    assert len(drawn) > len(BELOW)
    assert [(upper, lower) for upper, lower in drawn if lower not in reachable(upper)] == []


@pytest.mark.slow
def test_every_room_has_its_line():
    text = (FOLDER / "house.md").read_text(encoding="utf-8")
    assert [room for room in BELOW if f"`{room}`" not in text] == []


@pytest.mark.slow
def test_the_drawing_of_the_house_is_that_of_the_imports(builder):
    """It reads lines; the layering reads trees."""
    drawn = re.findall(r'data-arrow="(\w+) (\w+)"', importlib.import_module("house").drawing())
    used = {(source.room, name.split(".")[1]) for source in sources(ROOT) for name in source.imports()
            if name.startswith("qllg_sym.") and name.split(".")[1] in BELOW and name.split(".")[1] != source.room}
    assert set(drawn) <= used
    assert closure(drawn) == closure(used)
    assert closure(drawn[1:]) != closure(used)


def test_links_of_a_built_site_are_followed(builder, tmp_path):
    links = importlib.import_module("links")
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1><a href="https://example.org">out</a>')
    (tmp_path / "a.html").write_text('<a href="b.html#there">b</a><a href="#here">a</a><p id="here"></p>')
    assert links.faults(tmp_path) == []
    (tmp_path / "a.html").write_text('<a href="b.html#gone"></a><a href="c.html"></a><a href="#nowhere"></a>'
                                     '<script src="https://example.org/x.js"></script>')
    assert [fault.split()[1] for fault in links.faults(tmp_path)] == ["fetches", "links", "links", "links"]


@pytest.mark.slow
def test_the_gallery_draws_what_is_missing_and_no_more(builder, tmp_path, monkeypatch):
    gallery = importlib.import_module("pages.gallery")
    monkeypatch.setattr(gallery, "figures", lambda: {3: derivations.figures()[3]})
    monkeypatch.setattr(gallery, "studies", dict)
    gallery.draw(tmp_path)
    written = (tmp_path / "figure_3.svg").stat().st_mtime_ns
    gallery.draw(tmp_path)
    assert (tmp_path / "figure_3.svg").stat().st_mtime_ns == written
    (tmp_path / "figure_3.sha256").write_text("another file")
    gallery.draw(tmp_path)
    assert (tmp_path / "figure_3.svg").stat().st_mtime_ns > written


def closure(arrows):
    """All pairs that are joined by arrows, however many."""
    below = {}
    for upper, lower in arrows:
        below.setdefault(upper, set()).add(lower)
    found = {(upper, lower) for upper, lower in arrows}
    while more := {(a, c) for a, b in found for c in below.get(b, ())} - found:
        found |= more
    return found


@pytest.mark.parametrize("module", ["formulas", "indices", "docstrings", "pages", "pages.theorems", "house", "links"])
def test_examples_of_the_builder(module, builder):
    found = doctest.testmod(importlib.import_module(module))
    assert found.failed == 0
    assert found.attempted >= 1
