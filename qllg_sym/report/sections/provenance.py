"""What made the page."""

import platform
from importlib.metadata import version

from qllg_sym import __version__
from qllg_sym.report.html import Markup, join, table, tag
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 90, "provenance", "Versions"
PACKAGES = ("numpy", "scipy", "sympy", "mpmath", "matplotlib")


def body(reproduction: Reproduction) -> Markup:
    """List versions, the compiler and the digests of what was integrated."""
    rows = [[tag("code", "qllg_sym"), __version__],
            ["Python", f"{platform.python_implementation()} {platform.python_version()}"],
            *([name, version(name)] for name in PACKAGES), ["C compiler", reproduction.compiler],
            ["Variant", reproduction.variant]]
    again = tag("p", "Run ", tag("code", "qllg reproduce"), " to make this page anew; ", tag("code", "qllg figure 1"),
                " draws one figure and prints its statements; ", tag("code", "qllg prove purity"), " prints a proof. "
                "Links to files lead to the folder that this page was written to; moved alone, the page still shows "
                "everything but those.")
    return join([table(["Part", "Version"], rows), again])
