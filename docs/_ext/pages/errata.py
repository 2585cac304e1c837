"""Errata and limits: the table of the report, from the same rows."""

from qllg_sym.report.sections import errata

_HEAD = """# Errata and limits

Where a statement of the paper is wrong, or holds only under a condition that the paper does not state, this is what
holds. The file named proves it or says how it was found; the report of `qllg reproduce` shows the same table.

| the paper says | what holds | place | see |
|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Return the page."""
    rows = (" | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in row) for row in errata.rows())
    return {"errata": _HEAD + "".join(f"| {row} |\n" for row in rows)}
