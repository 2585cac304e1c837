"""TOML within limits: text is untrusted, and `tomllib` alone takes time and memory without bounds."""

import re
import tomllib
from typing import Any

from qllg_sym.errors import FileError

MAX_BYTES = 1_000_000
MAX_PARTS = 16          # of a dotted key: tomllib's time and memory grow with the square
_PART = r"""(?>(?>[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
_DOTTED = re.compile(f"{_PART}{{{MAX_PARTS},}}")


def document(content: bytes, what: str) -> dict[str, Any]:
    """Return the document that bytes hold; `what` names it in messages.

    Raises:
        FileError: too large, no text, or no TOML; damage is named by line and column.

    >>> document(b"[system]", "The model file")
    {'system': {}}
    """
    if len(content) > MAX_BYTES:
        raise FileError(f"{what} must have at most {MAX_BYTES} bytes, but has {len(content)}; give a model file.")
    try:
        text = content.decode("utf-8")
        if found := _DOTTED.search(text):
            raise FileError(f"{what} must have keys of at most {MAX_PARTS} parts, but line "
                            f"{text.count(chr(10), 0, found.start()) + 1} has more; give a flat file.")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise FileError(f"{what} must be TOML in UTF-8, but is no text; give a TOML file.") from None
    except RecursionError:
        raise FileError(f"{what} must be TOML, but is nested too deeply; give a flat file.") from None
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        lines = text.split("\n")
        reason = str(error).replace("at end of document", f"at line {len(lines)}, column {len(lines[-1]) + 1}")
        reason = reason if reason.isprintable() else ascii(reason)
        raise FileError(f"{what} must be TOML, but is damaged: {reason}; mend it there.") from None
