"""What the tests of pages rest on: the browser sees messages, errors and refused loads, and has no network."""

import pytest

from report.browser import Browser, needs_chromium

pytestmark = [pytest.mark.slow, needs_chromium]
LOUD = ["console.warn('w')", "throw new Error('e')", "new Image().src = 'https://example.org/a.png'"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.mark.parametrize("code", ["1", *LOUD])
def test_what_a_page_says_is_seen(browser, code, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(f"<!DOCTYPE html><link rel=icon href='data:,'><title>p</title><script>{code}</script>")
    browser.messages.clear()
    browser.open(path)
    browser.run("new Promise(done => setTimeout(done, 200))")
    assert bool(browser.messages) == (code in LOUD)


def test_keys_and_preferences_reach_the_page(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><link rel=icon href='data:,'><title>p</title><input type=range value=50>")
    browser.open(path)
    browser.press("Tab")
    browser.press("ArrowRight", 3)
    assert browser.run("document.activeElement.value") == "53"
    browser.prefer(dark=True, still=True)
    browser.resize(390, 800, phone=True)
    assert browser.run("matchMedia('(prefers-color-scheme: dark) and (prefers-reduced-motion: reduce)').matches")
    assert browser.run("innerWidth") == 980         # that of a phone for a page that does not ask for its own
