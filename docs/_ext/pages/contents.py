"""The first page of the reference."""

TEXT = """\
# Reference

Made from the package itself when this site is built, so that it says what the installed version does.

```{toctree}
:maxdepth: 1
:glob:

*
```
"""


def pages() -> dict[str, str]:
    """Return it."""
    return {"index": TEXT}
