"""The documentation says what is true: examples print what is shown, links inside lead somewhere."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))
PLAIN = [page for page in PAGES if ">>>" not in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in PLAIN], ids=lambda page: page.stem)
def test_the_examples_of_a_page_print_what_it_shows(page):
    text = re.sub(r"^```.*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)     # fences are no output
    example = doctest.DocTestParser().get_doctest(text, {}, page.stem, str(page), 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted >= 3
    assert result.failed == 0


def test_pages_without_examples_are_lists_of_others():
    assert [page.stem for page in PLAIN] == ["index"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
