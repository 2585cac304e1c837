"""The page as a reader has it, in Chromium without a network: on a phone and on a desk, in light and in dark."""

from itertools import pairwise

import pytest

from qllg_sym.report import reproduce
from report.browser import Browser, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]
OPEN = "document.querySelectorAll('details').forEach(x => x.open = true)"
WIDE = """[...document.querySelectorAll('main *')].filter(x => {
  const style = getComputedStyle(x);
  return x.scrollWidth > x.clientWidth + 1 && x.clientWidth && /auto|scroll/.test(style.overflowX) }).map(x =>
  [x.className || x.parentElement.className, x.tabIndex, x.getAttribute('aria-label'), !!x.querySelector('math')])"""
RATIO = """(() => { const p = [...document.querySelectorAll('main p')].filter(x => x.textContent.length > 300 &&
  x.children.length == 0); return p.map(x => { const range = document.createRange(); range.selectNodeContents(x);
  const tops = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
  return x.textContent.length / tops.size }) })()"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return reproduce(tmp_path_factory.mktemp("page")).index


@pytest.fixture(scope="module")
def browser(path, tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        browser.open(path)
        yield browser


def test_nothing_is_asked_for_and_nothing_complained_about(browser):
    assert browser.messages == []


def test_on_a_phone_equations_alone_are_broader_than_the_screen_and_are_marked(browser):
    browser.resize(390, 844, phone=True)
    browser.run(OPEN)
    assert browser.run("document.scrollingElement.scrollWidth") <= 390
    wide = browser.run(WIDE)
    assert wide
    assert [x for x in wide if x[1] != 0 or x[2] != "equation, may scroll" or not x[3]] == []
    browser.run("document.querySelector('main').append(Object.assign(document.createElement('pre'), "
                "{textContent: 'x'.repeat(99), style: 'white-space: pre; overflow: visible'}))")
    assert browser.run("document.scrollingElement.scrollWidth") > 390           # what is too broad is seen
    browser.run("document.querySelector('main').lastChild.remove()")


def test_lines_of_text_hold_65_to_75_characters_on_a_desk(browser):
    browser.resize(1280, 900)
    found = sorted(browser.run(RATIO))
    assert 60 <= found[len(found) // 2] <= 78


def test_figures_follow_the_mode_of_the_reader(browser):
    colours = []
    for dark in (False, True):
        browser.prefer(dark)
        colours.append([browser.run(f"getComputedStyle(document.querySelector('{x}')).{y}") for x, y in (
            ("body", "backgroundColor"), ("#figures .curve", "stroke"), ("#figures .axis", "fill"))])
    assert all(a != b for a, b in zip(*colours, strict=True))


def test_headings_go_down_one_level_at_a_time_and_figures_have_names(browser):
    levels = [int(x[1]) for x in browser.run("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(x => x.tagName)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert browser.run("[...document.querySelectorAll('svg[role=img]')].every(x => x.getAttribute('aria-label'))")


def test_the_keyboard_reaches_the_text_first(path, tmp_path):
    with Browser(tmp_path) as browser:
        browser.open(path)
        browser.press("Tab")
        assert browser.run("document.activeElement.getAttribute('href')") == "#text"
        browser.press("Tab")
        assert browser.run("document.activeElement.closest('nav') !== null")


def test_it_is_painted_soon_and_small(browser, path):
    assert path.stat().st_size < 6e6
    assert browser.run("document.querySelectorAll('*').length") < 120_000
    first = browser.run("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert first < 3000
