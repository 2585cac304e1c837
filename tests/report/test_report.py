"""The whole reproduction once: its files, its page, its table, and what happens when a check fails."""

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlparse
from xml.etree import ElementTree

import numpy as np
import pytest

from qllg_sym import cli
from qllg_sym.errors import FileError, InputError, InputTypeError
from qllg_sym.figures.figure import Check
from qllg_sym.plot.drawn import drawn
from qllg_sym.proof.language import node
from qllg_sym.report import html, reproduce, svg
from qllg_sym.report.findings import FINDINGS
from qllg_sym.report.page import chapters, page
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Report

ROOT = Path(__file__).parent.parent.parent
VOID = {"meta", "link", "img", "br"}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A reproduction with the steps that it reported."""
    steps = []
    folder = tmp_path_factory.mktemp("reproduction") / "new" / "folder"
    return reproduce(folder, "paper", lambda name, done: steps.append((name, done))), steps


@pytest.fixture(scope="module")
def text(found):
    return found[0].index.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Collects elements, and refuses a document whose tags do not nest."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attributes for element, attributes in self.elements if element == name]


def loads(text):
    """Everything that a browser would fetch from elsewhere."""
    addresses = [value or "" for name, attributes in Reader(text).elements for key, value in attributes.items()
                 if key in ("src", "href", "srcset", "data", "poster", "action") and (name, key) != ("a", "href")]
    outside = [a for a in addresses if not a.startswith(("#", "data:"))]
    return outside + re.findall(r"@import|url\(|<script[^>]+src", text)


def test_the_page_is_well_formed_and_loads_nothing(found, text):
    reader = Reader(text)
    assert text.startswith("<!DOCTYPE html>")
    assert loads(text) == []
    assert reader.all("html")[0]["lang"] == "en"
    assert any(meta.get("http-equiv") == "Content-Security-Policy" for meta in reader.all("meta"))
    names = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = {link["href"] for link in reader.all("a")}
    assert {f"#{name}" for name in names} >= {link for link in links if link[0] == "#"}
    beside = {link for link in links if link[0] != "#" and not urlparse(link).scheme}
    assert all((found[0].index.parent / link).is_file() for link in beside)
    assert {link for link in links if urlparse(link).scheme and not link.startswith("https://")} == set()


@pytest.mark.parametrize("broken", ['<script src="a.js"></script>', '<img src="https://a.b/c.png">',
                                    "<style>@import 'x'</style>", '<link rel="stylesheet" href="//a.b/c.css">',
                                    "<style>a { background: url(x) }</style>"])
def test_the_search_for_loads_sees_them(broken, text):
    head, tail = text.partition("<main")[0], text.rpartition("</main>")[2]
    assert loads(f"{head}<main></main>{tail}") == []
    assert loads(f"{head}<main>{broken}</main>{tail}") != []


def test_a_tag_left_open_is_seen(text):
    with pytest.raises(AssertionError):
        Reader(text.replace("</section>", "", 1))


def test_the_page_shows_every_figure_statement_and_verdict(found, text):
    reader = Reader(text)
    words = words_of(text)
    for figure in found[0].reproduction.figures:
        for statement in figure.statements:
            for part in (statement.text, statement.detail, statement.verdict):
                assert words_of(prose(part)) in words
        assert words_of(prose(figure.caption)) in words
    pictures = [a for a in reader.all("svg") if a.get("role") == "img"]
    assert len(pictures) == sum(len(figure.draw().axes) for figure in found[0].reproduction.figures) == 10
    assert all(picture["aria-label"].startswith("Fig. ") for picture in pictures)
    verdicts = re.findall(r'class="verdict', text.partition('<section id="figures"')[2].partition("</section>")[0])
    assert len(verdicts) == sum(len(f.statements) for f in found[0].reproduction.figures)


def words_of(html_text):
    """Text as a reader has it, with one blank between words."""
    return " ".join("".join(Reader(html_text).words).split())


def test_equations_are_mathml_vectors_before_components(text):
    elements = re.findall(r"<math.*?</math>", text, re.S)
    assert len(elements) >= 2 + 5 + 4 + 2  # law and H; components; vector forms; both classical partners
    for element in elements:
        ElementTree.fromstring(element)
    motion = text.partition('id="motion"')[2].partition("<h3>")[2]
    assert motion.index("ε") < motion.index("<details")


def test_units_and_partner_give_the_numbers(text):
    words = words_of(text)
    for number in ("19.4 ps", "6.92 ps", "5.686 ps", "0.05788 meV/T", "the end", "0.2876", "t = 1.9400", "t = 0.6921"):
        assert number in words


def test_files_of_the_reproduction(found):
    folder = found[0].index.parent
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    figures = {f"figure_{n}.{suffix}" for n in range(1, 5) for suffix in ("csv", "png", "svg")}
    codes = {source.path for source in found[0].reproduction.sources}
    files = {f"derivations/{chapter.name}.py" for chapter in found[0].reproduction.chapters}
    files |= {f"derivations/fig_0{n}_{what}.py" for n, what in enumerate(("bloch", "correlation", "bell", "werner"), 1)}
    assert names == figures | codes | files | {"index.html"}
    for name in files:
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()
    assert {"generated/c/dimer_q_llg.c", "generated/numpy/dimer_von_neumann.py", "generated/c/spin_q_llg.c"} <= codes


def test_generated_code_is_compared_with_the_values_that_the_project_keeps(found):
    """The kept 30-digit values are those of the same kernels, so both comparisons are one."""
    manifest = import_module("qllg_sym.artefacts").render()["MANIFEST.json"]
    kept = {path.rpartition("/")[2]: about["kernel"] for path, about in json.loads(manifest)["files"].items()}
    made = {source.path.rpartition("/")[2]: source.digest for source in found[0].reproduction.sources}
    assert {name: made[name] for name in kept if name in made} == {name: kept[name] for name in kept if name in made}
    assert len(set(made) & set(kept)) == 4 * 5          # models, endings of files
    assert all(source.apart < 1e-14 for source in found[0].reproduction.sources if source.target == "numpy")


def test_a_wrong_kernel_is_far_from_its_values(found):
    from qllg_sym import artefacts
    from qllg_sym.codegen.passes import optimise
    from qllg_sym.report.stages import _apart
    kernel = optimise(found[0].reproduction.derived[3].components.kernel())
    at = artefacts.rational_point(kernel)
    exact = [float(v) for v in kernel.evaluate(at, 30).values()]
    assert _apart(kernel, "numpy", at, exact) < 1e-14
    assert _apart(kernel, "numpy", {**at, "kappa": 1.001}, exact) > 1e-6


def test_progress_rises_from_0_to_1(found):
    names, fractions = zip(*found[1], strict=True)
    assert names == ("proofs", "equations", "code", "Fig. 1", "Fig. 2", "Fig. 3", "Fig. 4", "page", "done")
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert all(np.diff(fractions) > 0)


def test_rows_fit_a_terminal(found):
    from qllg_sym.cli._console import table
    assert max(map(len, table(found[0].rows).splitlines())) <= 80
    assert {row[3] for row in found[0].rows} == {"ok"}


def test_text_from_elsewhere_is_escaped(found):
    hostile = "<script>alert(1)</script>&\"'"
    reproduction = found[0].reproduction
    figure = reproduction.figures[0]
    statement = replace(figure.statements[0], text=hostile, detail=hostile, source=hostile)
    figure = replace(figure, title=hostile, caption=hostile, statements=(statement,),
                     checks=(Check(hostile, 0.0, 1.0),))
    source = replace(reproduction.sources[0], path=hostile, digest=hostile)
    changed = page(replace(reproduction, figures=(figure,), sources=(source,), compiler=hostile))
    assert "<script>alert" not in changed
    assert loads(changed) == []
    assert "alert(1)" in "".join(Reader(changed).words)


def test_a_failed_check_is_shown_and_is_exit_code_1(found, tmp_path, monkeypatch, capsys):
    result, _ = found
    worse = replace(result.reproduction.figures[1], checks=(Check("drift of the spectrum", 1.0, 1e-10),))
    reproduction = replace(result.reproduction, figures=(result.reproduction.figures[0], worse))
    failed = Report(result.rows, result.index, reproduction)
    assert result.ok
    assert not failed.ok
    assert "1 FAIL" in page(reproduction)
    report = import_module("qllg_sym.report")
    for one, code in ((result, 0), (failed, 1)):
        monkeypatch.setattr(report, "reproduce", lambda *_, one=one: one)
        assert cli.main(["reproduce", "--out", str(tmp_path / "x")]) == code
        printed = capsys.readouterr().out
        assert max(map(len, printed.splitlines()[:-1])) <= 80  # the last line is a path
        assert ("FAILED" in printed) == bool(code)
        assert "does not hold" in printed  # a finding about the text, whatever the code
        assert cli.main(["reproduce", "--out", str(tmp_path / "x"), "--json"]) == code
        document = json.loads(capsys.readouterr().out)
        assert document["ok"] is not bool(code)
        assert {"figure", "text", "verdict", "detail"} == set(document["statements"][0])


def spoiled(**changes):
    """A stand-in for a theorem file, the first with some of its records exchanged."""
    module = import_module("qllg_sym.derivations.thm_01_purity")
    return SimpleNamespace(**{**vars(module), **changes})


RIGHT, WRONG = (spoiled().THEOREMS[0], spoiled().BROKEN[0])


def only(module, monkeypatch):
    """One theorem file in the book, no equations and no figures."""
    stages = import_module("qllg_sym.report.stages")
    monkeypatch.setattr(stages.book, "theorem_files", lambda: iter([module]))
    monkeypatch.setattr(stages.book, "book", stages.book.book.__wrapped__)      # past the cache
    for name in ("derive", "figures"):
        monkeypatch.setattr(stages, name, lambda *_: ())
    monkeypatch.setattr("qllg_sym.report.sections.errata.theorem_files", lambda: iter([module]))


@pytest.mark.parametrize(("module", "fault"), [
    (spoiled(), None),
    (spoiled(THEOREMS=[WRONG]), "claim purity: NOT PROVED: `purity` is false"),
    (spoiled(THEOREMS=[replace(RIGHT, steps=[replace(RIGHT.steps[0], by=node(0))])]), "claim purity: NOT PROVED"),
    (spoiled(BROKEN=[RIGHT.twin("nothing")]), "claim purity: false twin NOT REFUTED: nothing"),
    (spoiled(BROKEN=[]), "claim purity: has no false twin")],
    ids=["as it is", "false", "no reason", "true twin", "no twin"])
def test_a_false_theorem_is_shown_in_the_table_and_is_exit_code_1(module, fault, tmp_path, monkeypatch, capsys):
    only(module, monkeypatch)
    code = int(fault is not None)
    assert cli.main(["reproduce", "--out", str(tmp_path)]) == code
    printed = capsys.readouterr().out
    row, = (line for line in printed.splitlines() if line.startswith("prove "))
    assert row.split()[-1] == ("FAILED" if fault else "ok")
    assert max(map(len, printed.splitlines()[:-1])) <= 80
    words = " ".join(printed.split())
    page = unescape((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert ("FAILED claim" in words) == ("<h3>FAILED</h3>" in page) == bool(code)
    assert fault is None or f"FAILED {fault}" in words
    assert fault is None or f"<li>{fault}" in page
    assert ("0 of 1claims proved" in words_of(page)) == (fault is not None and "NOT PROVED" in fault)
    assert cli.main(["reproduce", "--out", str(tmp_path), "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], len(document["failed"])) == (not code, code)


def test_a_theorem_file_that_makes_no_sense_ends_the_job_with_exit_code_2(tmp_path, monkeypatch, capsys):
    only(spoiled(THEOREMS=[replace(RIGHT, derivatives={})]), monkeypatch)
    assert cli.main(["reproduce", "--out", str(tmp_path)]) == 2
    assert "`derivatives` must give D(rho)" in capsys.readouterr().err


def test_the_table_counts_the_whole_book(found):
    row, = (row for row in found[0].rows if row[0] == "prove")
    theorems = import_module("qllg_sym.derivations").theorems()
    twins = sum(len(t.broken()) for t in theorems)
    done = f"{len(theorems)} proved, {twins} of {twins} false twins refuted"
    assert row[1:] == (f"{len(theorems)} claims", done, "ok")


def test_bad_input_is_refused_before_the_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("qllg_sym.report.stages.prove", lambda: pytest.fail("it was proved"))
    monkeypatch.setattr("qllg_sym.report.stages.derive", lambda: pytest.fail("it was derived"))
    with pytest.raises(InputError, match="`variant`"):
        reproduce(tmp_path / "a", "mine")
    with pytest.raises(InputTypeError, match="`progress`"):
        reproduce(tmp_path / "a", progress=3)
    (tmp_path / "b" / "index.html").mkdir(parents=True)
    with pytest.raises(FileError, match=r"index\.html"):
        reproduce(tmp_path / "b")
    (tmp_path / "file").write_text("")
    assert cli.main(["reproduce", "--out", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err


def test_the_command_figure_writes_and_reports(tmp_path, capsys):
    name = tmp_path / "three.svg"
    assert cli.main(["figure", "3", "-o", str(name), "--variant", "authors", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["three.csv", "three.svg"]
    assert {s["verdict"] for s in document["statements"]} == {"holds", "holds approximately", "does not hold"}
    assert cli.main(["figure", "2", "-o", str(tmp_path / "two.png")]) == 0
    printed = capsys.readouterr().out
    assert "DOES NOT HOLD" in printed
    assert max(map(len, printed.splitlines()[:-1])) <= 80
    assert cli.main(["figure", "5", "-o", str(tmp_path / "five.png")]) == 2
    assert cli.main(["figure", "1", "-o", str(tmp_path / "one.gif")]) == 2
    assert len(list(tmp_path.iterdir())) == 4


def test_a_section_is_one_file():
    names = [chapter.__name__.rpartition(".")[2] for chapter in chapters()]
    wanted = ["summary", "equation", "motion", "fewer", "figures", "units", "partner", "proofs", "errata", "provenance"]
    assert set(names) >= set(wanted)
    assert names[0] == "summary"
    orders = [chapter.ORDER for chapter in chapters()]
    assert orders == sorted(set(orders))


def test_pieces_of_html():
    assert html.tag("p", "<", class_="a\"b") == '<p class="a&quot;b">&lt;</p>'
    assert html.table(["h"], [["<b>"]]).count("&lt;b&gt;") == 1
    assert Reader(html.folded("s", html.tag("p", "x"))).elements[0][0] == "details"


RAW = re.compile(r"\\[A-Za-z]|\$|hbar|(?<!-)\b(?:kappa|alpha|rho|gamma|eta|sigma)\b(?!-)|\w_\w|\^[\w{]")
TYPED = ("code", "pre", "style", "script")


def told(text):
    """What a reader reads, without what is set as code."""
    without = re.sub(rf"<({'|'.join(TYPED)})\b[^>]*>.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", without)).split())


def raw(text):
    """Every raw piece of a formula, with its surroundings."""
    words = told(text)
    return [words[max(found.start() - 30, 0):found.end() + 20] for found in RAW.finditer(words)]


def test_no_formula_is_left_as_it_is_typed(text):
    assert raw(text) == []


@pytest.mark.parametrize("broken", [r"\frac12", "hbar", "T_kl", "e^{x}", "kappa > 0"])
def test_a_formula_as_it_is_typed_is_seen(broken):
    assert raw(f"<p>so {broken} is</p>") != []
    assert raw(f"<p><code>{broken}</code></p>") == []


def test_words_are_said_before_they_are_used(text):
    """The first time that a letter stands on the page is in the list that says what it is."""
    before, _, listed = text.partition('<dl class="words">')
    opening = told(before.partition("<main")[2])
    for letter in ("T kl", "Tkl", "B(ρ)", "nonlocality", "Werner", "r1"):
        assert letter not in opening
    listed = told(listed.partition("</dl>")[0])
    assert all(letter in listed for letter in ("κ", "Tkl", "B(ρ)", "nonlocality", "Werner", "r1", "q-LLG", "singlet"))


def test_the_five_results_are_proved_by_theorems_of_the_book(found):
    reproduction = found[0].reproduction
    known = {proof.theorem.id for chapter in reproduction.chapters for proof in chapter.proofs}
    assert len(FINDINGS) == 5
    for finding in FINDINGS:
        assert set(finding.theorems) <= known
        assert set(finding.shown) <= set(finding.theorems)
        assert finding.verdict(reproduction)[0]
        open_ = [replace(chapter, proofs=tuple(p if p.theorem.id != finding.theorems[0] else replace(p, failure="no")
                                               for p in chapter.proofs)) for chapter in reproduction.chapters]
        assert finding.verdict(replace(reproduction, chapters=tuple(open_))) == (
            False, f"not proved: {finding.theorems[0]}")
    other = replace(reproduction, limit=replace(reproduction.limit, verdict="does not hold"))
    assert [finding.verdict(other)[0] for finding in FINDINGS] == [True] * 4 + [False]


def test_curves_are_those_of_the_data(found):
    """The paths of the page, read back to the units of the axes, lie on the columns of the CSV."""
    figure = found[0].reproduction.figures[2]
    shown, = drawn(figure.draw())
    times, *columns = figure.columns.values()
    for trace, column in zip(shown.traces, columns, strict=True):
        path = svg.thinned(svg.placed(shown, trace.points))
        (left, right), (low, high) = shown.limits
        t = left + (path[:, 0] - svg.LEFT) / (svg.RIGHT - svg.LEFT) * (right - left)
        y = low + (svg.BOTTOM - path[:, 1]) / (svg.BOTTOM - svg.TOP) * (high - low)
        assert len(path) < len(times)
        assert np.abs(np.interp(t, times, column) - y).max() < 1e-9                # kept points are points of the data
        assert np.abs(np.interp(times, t, y) - column).max() < 0.02                # and the others lie near the path
        assert np.abs(np.interp(t, times, 0.9 * column) - y).max() > 0.02
