"""Pages that are made from the package when the site is built: one file of this folder each, found by listing it.

A file has `pages() -> {name: text}`: MyST texts of docs/reference/, by name without suffix. That folder is made anew
at every build and is not kept, so that nothing in it can be out of date. It may have
`files()`, other texts by name, and `draw(folder)`, which makes pictures that take a while.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from sphinx.application import Sphinx

_IMAGE = re.compile(r"^!\[.*\)$", re.MULTILINE)
FOLDER = Path(__file__).parent.parent.parent / "reference"


def modules() -> Iterator[ModuleType]:
    """Yield the files of this folder."""
    for entry in iter_modules(__path__):
        yield import_module(f"{__name__}.{entry.name}")


def made() -> dict[str, str]:
    """Return every page of the reference by its name.

    >>> {"index", "model-file", "commands", "theorems"} <= set(made())
    True
    """
    return {name: text for module in modules() for name, text in module.pages().items()}


def files() -> dict[str, str]:
    """Return the other texts of the reference, such as drawings, by the names of their files."""
    return {name: text for module in modules() if hasattr(module, "files") for name, text in module.files().items()}


def write(app: Sphinx | None = None) -> None:
    """Write the pages; a page that says the same as before is left alone, so that it is not read again."""
    pictures = FOLDER / "pictures"
    drawn = app is None or app.config.pictures or any(pictures.glob("*.svg"))
    wanted = {f"{name}.md": text if drawn else _IMAGE.sub("", text) for name, text in made().items()}
    pictures.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.rglob("*.md"):
        if str(old.relative_to(FOLDER)) not in wanted:
            old.unlink()
    for name, text in {**wanted, **files()}.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for module in modules():
        if hasattr(module, "draw") and (app is None or app.config.pictures):
            module.draw(pictures)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before any is read; `-D pictures=0` draws none, and takes what was drawn before."""
    app.add_config_value("pictures", True, "env")
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
