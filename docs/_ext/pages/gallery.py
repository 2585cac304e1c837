"""The gallery: the paper's figures and the studies beyond it, drawn when the site is built."""

import re
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from qllg_sym.derivations import figures, studies

_HEAD = """# Gallery

Drawn when this site was built. `qllg figure N` draws a figure of the paper and judges what the paper says about it;
`qllg study ID` does a study, which is drawn here at reduced size.
[Pictures of a run](../howto/pictures.md) of your own are curves, strips, paths on the Bloch sphere, and films.

"""
_LABEL = re.compile(r"^(\w+)\. +", re.MULTILINE)


def pages() -> dict[str, str]:
    """Return the page, without drawing anything."""
    parts = [entry(f"Fig. {n}: {module.TITLE}", f"figure_{n}.svg", module) for n, module in figures().items()]
    parts += [entry(module.TITLE, f"study_{id}.svg", module) for id, module in studies().items()]
    return {"gallery": _HEAD + "\n".join(parts)}


def entry(title: str, picture: str, module: ModuleType) -> str:
    """One picture with what its file says of it."""
    text = (module.__doc__ or "").partition("\n")[2].strip()
    told = re.sub(r"\s+", " ", _LABEL.sub(r"\n\n**\1.** ", text).replace("\n\n**", "\x00**"))
    lines = [line.strip().replace("|", "\\|").replace("<", "&lt;") for line in told.split("\x00") if line.strip()]
    name = f"derivations/{module.__name__.rpartition('.')[2]}.py"
    return "\n\n".join([f"## {title}", f"![{title}](pictures/{picture})", *lines, f"`{name}`", ""])


def draw(folder: Path) -> None:
    """Draw what is not drawn yet, or whose file has changed since."""
    for n, module in figures().items():
        if changed(folder, f"figure_{n}", module):
            module.compute("paper").write(folder)
    for id, module in studies().items():
        if changed(folder, f"study_{id}", module):
            module.compute(module.QUICK).write(folder)


def changed(folder: Path, name: str, module: ModuleType) -> bool:
    """Whether a picture is missing or older than what draws it, of which a digest is kept beside it."""
    digest = sha256(Path(str(module.__file__)).read_bytes()).hexdigest()
    note = folder / f"{name}.sha256"
    same = note.exists() and note.read_text(encoding="utf-8") == digest and (folder / f"{name}.svg").exists()
    note.write_text(digest, encoding="utf-8")
    return not same
