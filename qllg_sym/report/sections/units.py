"""Units of the figures: what the paper prints, what its scripts do, and what changes with g = 2."""

from collections.abc import Mapping
from math import isfinite

from qllg_sym.report.html import Markup, folded, join, paragraphs, table, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.units import Units

ORDER, ANCHOR, TITLE = 50, "units", "Units of the figures"
ROWS = (
    ("1 μ_B", "{mu_B:.4g} meV/T"), ("Unit of time 1/(γ_g B0) at B0 = 1 T", "{ps:.4g} ps"),
    ("|J| / (ħ γ_g B0)", "{exchange:.4g}"), ("Fig. 1(a): r1x leads m1x until", "{until}"),
    ("Fig. 1(a): r1x leads the matched m1x until", "{until_matched}"),
    ("Fig. 1(d): |r1| in the limit", "{moment:.4f}"))


def body(reproduction: Reproduction) -> Markup:
    """Describe the paper's units and compare what they change in Fig. 1."""
    scales = [{**scale, "until": _time(scale, "crossing"), "until_matched": _time(scale, "crossing_matched")}
              for scale in reproduction.scales.values()]
    rows = [[prose(label), *(form.format(**scale) for scale in scales)] for label, form in ROWS]
    return join([
        paragraphs(prose("The figures follow the convention of the authors' scripts, ħ = γ_g = |J| = B0 = 1, with a "
                         "time axis of ten times that time as picoseconds.")),
        folded("The constants that the paper prints", tag("pre", Units.paper().describe())),
        table(["", "as printed and drawn", "CODATA, g = 2"], rows,
              prose("The same |J| = 1 μ_B B0, D/|J| and B0 = 1 T in both columns")),
        paragraphs("With CODATA's constants and g = 2 the same magneton gives half the exchange beside the Zeeman "
                   "splitting: not only the axis but the curves change. The statements above are about the figures "
                   "as they were drawn.")])


def _time(scale: Mapping[str, float], name: str) -> str:
    """A time in picoseconds; an infinite one is the end of the figure."""
    time = scale[name] * scale["ps"]
    return f"{time:.3g} ps" if isfinite(time) else "the end"
