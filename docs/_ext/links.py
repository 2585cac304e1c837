"""After the build: every link inside the site leads to a place in it, and nothing is fetched from outside."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class Page(HTMLParser):
    """A page with its places, its links, and what a browser fetches for it."""

    def __init__(self, text: str) -> None:
        """Read a page.

        >>> Page('<a id="x" href="#y"><img src="z.png">').links
        ['#y', 'z.png']
        """
        super().__init__()
        self.places, self.links, self.fetched = set[str](), list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a place, a link, or both."""
        for name, value in attrs:
            if name == "id" and value:
                self.places.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)
                if (tag, name) in FETCHED:
                    self.fetched.append(value)


def faults(folder: Path) -> list[str]:
    """Return what is wrong with the links of a site, one sentence each."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        found += [f"{path.relative_to(folder)} fetches {link}" for link in page.fetched if urlsplit(link).netloc]
        for link in page.links:
            parts = urlsplit(link)
            if not (parts.scheme or parts.netloc):
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                place = unquote(parts.fragment)
                if not target.exists():
                    found.append(f"{path.relative_to(folder)} links to {link}, which is no file")
                elif place and target in pages and place not in pages[target].places:
                    found.append(f"{path.relative_to(folder)} links to {link}, which is no place there")
    return found


def check(app: Sphinx, error: Exception | None) -> None:
    """Warn of each fault, which `-W` makes an error."""
    if error is None and app.builder.format == "html":
        for fault in faults(Path(app.outdir).resolve()):
            _LOG.warning("%s", fault)


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at the pages when all are written."""
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
