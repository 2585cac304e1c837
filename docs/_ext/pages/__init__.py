"""Pages that are made from the package when the site is built: one file of this folder each, found by listing it.

A file has `pages() -> {name: text}`: MyST texts of docs/reference/, by name without suffix. That folder is made anew
at every build and is not kept, so that nothing in it can be out of date. With `draw(folder)` it makes pictures, too.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from sphinx.application import Sphinx

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


def write(app: Sphinx | None = None) -> None:
    """Write the pages; a page that says the same as before is left alone, so that it is not read again."""
    wanted = {f"{name}.md": text for name, text in made().items()}
    pictures = FOLDER / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.rglob("*.md"):
        if str(old.relative_to(FOLDER)) not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for module in modules():
        if hasattr(module, "draw"):
            module.draw(pictures)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before any is read."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
